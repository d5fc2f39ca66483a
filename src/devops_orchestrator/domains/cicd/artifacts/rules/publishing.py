"""Publishing with credentials that outlive the job, and artifacts that nobody kept on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text


def _steps(source: Source) -> Iterator[tuple[Node, Node]]:
    """(job, step) of each step of a workflow."""
    for document in source.parsed(yaml.parse)[:1]:
        jobs = document.get("jobs")
        for _, job in jobs.items() if jobs else ():
            steps = job.get("steps")
            for step in steps.children() if steps else ():
                yield job, step


def _action(step: Node) -> str:
    return str(step.at("uses", default="")).partition("@")[0]


@rule(
    "artifacts/long-lived-token", Severity.WARNING, on="github-workflow", url="https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-pypi",
    title=Text("Published with a token that outlives the job", "Publié avec un jeton qui survit au job"),
    advice=Text(
        "Whoever reads the secret once can publish in your name until it is revoked. Trusted publishing gives a token of a few minutes to this "
        "very workflow.",
        "Qui lit ce secret une fois peut publier en votre nom jusqu'à sa révocation. La publication de confiance (trusted publishing) donne un "
        "jeton de quelques minutes à ce seul workflow.",
    ),
)  # fmt: skip
def long_lived_token(source: Source, project: Project) -> Iterator[Hit]:
    """A password for PyPI's action, or NODE_AUTH_TOKEN from a secret beside `npm publish`."""
    for _, step in _steps(source):
        password = step.get("with", "password")
        if _action(step) == "pypa/gh-action-pypi-publish" and password is not None:
            yield Hit(
                password.start, password.end,
                Text("PyPI takes this workflow's own identity instead.", "PyPI accepte à la place l'identité de ce workflow."),
            )  # fmt: skip
        token = step.get("env", "NODE_AUTH_TOKEN")
        words = str(step.at("run", default="")).split()
        publishes = any(pair == ("npm", "publish") for pair in pairwise(words))
        if (
            token is not None
            and publishes
            and "secrets." in str(token.value)
            and "GITHUB_TOKEN" not in str(token.value)
        ):
            yield Hit(
                token.start, token.end,
                Text("npm takes this workflow's own identity instead.", "npm accepte à la place l'identité de ce workflow."),
            )  # fmt: skip


@rule(
    "artifacts/kept-by-default", Severity.INFO, on="github-workflow",
    url="https://github.com/actions/upload-artifact#retention-period",
    title=Text("An artifact without a term", "Un artefact sans échéance"),
    advice=Text(
        "It is kept for the repository's default, 90 days as a rule, and counts as storage. What the next job uses needs one day.",
        "Il est gardé selon le réglage du dépôt, 90 jours en général, et compte comme stockage. Ce que le job suivant utilise n'a besoin que d'un jour.",
    ),
)  # fmt: skip
def kept_by_default(source: Source, project: Project) -> Iterator[Hit]:
    """actions/upload-artifact without `retention-days`."""
    for _, step in _steps(source):
        uses, options = step.get("uses"), step.get("with")
        if uses is None or _action(step) != "actions/upload-artifact" or step.get("with", "retention-days"):
            continue
        fix = None
        if options is not None and not options.flow and list(options.items()):
            fix = Fix(
                (source.edit(*yaml.insert_after_key(options, "path", "retention-days: 7")),), safe=False,
                title=Text("keep it for 7 days", "le garder 7 jours"),
                needs=Text("nobody fetches it later", "personne ne le récupère plus tard"),
            )  # fmt: skip
        yield Hit(uses.start, uses.end, Text("No retention-days.", "Pas de retention-days."), fix=fix)


@rule(
    "artifacts/shallow-release", Severity.ERROR, on="github-workflow",
    url="https://semantic-release.gitbook.io/semantic-release/recipes/ci-configurations/github-actions",
    title=Text("A version computed from one commit", "Une version calculée sur un seul commit"),
    advice=Text(
        "checkout fetches one commit without tags: the tool sees no earlier release and starts again, or releases nothing.",
        "checkout récupère un seul commit, sans les tags : l'outil ne voit aucune release précédente et repart de zéro, ou ne publie rien.",
    ),
)  # fmt: skip
def shallow_release(source: Source, project: Project) -> Iterator[Hit]:
    """semantic-release, git-cliff or commitizen in a job whose checkout has not `fetch-depth: 0`."""
    for job, step in _steps(source):
        words = str(step.at("run", default="")).split()
        tool = next((word for word in words if word in ("semantic-release", "git-cliff", "cz")), None)
        if tool is None or (tool == "cz" and "bump" not in words):
            continue
        steps = job.get("steps")
        for other in steps.children() if steps else ():
            uses = other.get("uses")
            if (
                uses is not None
                and _action(other) == "actions/checkout"
                and str(other.at("with", "fetch-depth", default="1")) != "0"
            ):
                options = other.get("with")
                edit = None
                if (
                    options is not None
                    and not options.flow
                    and list(options.items())
                    and options.get("fetch-depth") is None
                ):
                    edit = yaml.insert_after_key(options, None, "fetch-depth: 0")
                elif options is None:
                    edit = yaml.insert_after_key(other, "uses", "with:\n  fetch-depth: 0")
                fix = (
                    Fix(
                        (source.edit(*edit),),
                        safe=True,
                        title=Text("fetch the whole history", "récupérer tout l'historique"),
                    )
                    if edit
                    else None
                )
                yield Hit(
                    uses.start, uses.end,
                    Text(f"{tool} sees one commit only.", f"{tool} ne voit qu'un seul commit."), fix=fix,
                )  # fmt: skip
