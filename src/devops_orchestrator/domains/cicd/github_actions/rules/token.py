"""What the workflow's token may do, and where it is left."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions import reach
from devops_orchestrator.domains.cicd.github_actions.existing import read
from devops_orchestrator.domains.cicd.github_actions.rules.edits import edit, section, set_input
from devops_orchestrator.formats import workflow, yaml
from devops_orchestrator.formats.workflow import Workflow
from devops_orchestrator.text import Text


@rule(
    "github-actions/missing-permissions", Severity.WARNING, on="github-workflow",
    title=Text("No permissions for the token", "Permissions du jeton non déclarées"),
    advice=Text(
        "Without `permissions` the token gets the repository's default, which may be to write everything: a compromised action can then push code.",
        "Sans `permissions`, le jeton reçoit le réglage par défaut du dépôt, parfois l'écriture partout : une action compromise peut alors pousser du code.",
    ),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#permissions",
)  # fmt: skip
def missing_permissions(source: Source, project: Project) -> Iterator[Hit]:
    """A workflow without `permissions` that has a job without them. One that is only called has its caller's."""
    found = source.parsed(workflow.parse)
    open_jobs = [job for job in found.jobs if job.get("permissions") is None]
    if found.root.get("permissions") is not None or not open_jobs or found.on is None:
        return
    if set(found.triggers) <= {"workflow_call"}:
        return
    unclear = list(dict.fromkeys(reason for job in open_jobs for reason in reach.reasons(found, job)))
    edits = section(source, found.root, found.on[0].scalar, "permissions:\n  contents: read")
    needs = None
    if unclear:
        shown = ", ".join(unclear[:4])
        needs = Text(
            f"Give the jobs that use {shown} the permissions that they need.",
            f"Donnez aux jobs qui utilisent {shown} les permissions dont ils ont besoin.",
        )
    names = ", ".join(job.id for job in open_jobs)
    yield Hit(
        found.on[0].start, found.on[0].end,
        Text(f"Nothing limits the token of: {names}.", f"Rien ne limite le jeton de : {names}."),
        Fix(edits, not unclear, Text("read the repository, and no more", "lire le dépôt, et rien de plus"), needs) if edits else None,
    )  # fmt: skip


@rule(
    "github-actions/persisted-credentials", Severity.WARNING, on="github-workflow",
    title=Text("The checkout leaves the token in .git/config", "Le checkout laisse le jeton dans .git/config"),
    advice=Text(
        "Every later step can read it there, and an artifact that holds the folder publishes it.",
        "Toutes les étapes suivantes peuvent l'y lire, et un artefact qui contient le dossier le publie.",
    ),
    url="https://docs.zizmor.sh/audits/#artipacked",
)  # fmt: skip
def persisted_credentials(source: Source, project: Project) -> Iterator[Hit]:
    """A checkout that does not say `persist-credentials`."""
    found = source.parsed(workflow.parse)
    for job, step in found.steps:
        uses = step.uses
        if uses is None or uses.name != "actions/checkout" or "persist-credentials" in step.inputs or uses.major == 1:
            continue
        unclear = list(reach.reasons(found, job))
        git = reach.uses_git_credentials(job)
        edits = set_input(source, step, "persist-credentials", "false")
        needs = None
        if git or unclear:
            shown = "git" if git else ", ".join(unclear[:3])
            needs = Text(
                f"Check that nothing after it needs the token from git's configuration ({shown}).",
                f"Vérifiez que rien, ensuite, n'a besoin du jeton de la configuration de git ({shown}).",
            )
        yield Hit(
            uses.node.start, uses.node.end,
            Text(f"The job {job.id} keeps the token in .git/config after the checkout.", f"Le job {job.id} garde le jeton dans .git/config après le checkout."),
            Fix(edits, needs is None, Text("do not keep the token", "ne pas garder le jeton"), needs) if edits else None,
        )  # fmt: skip


@rule(
    "github-actions/untrusted-checkout", Severity.ERROR, on="github-workflow",
    title=Text("Code of a pull request with the repository's rights", "Code d'une pull request avec les droits du dépôt"),
    advice=Text(
        "`pull_request_target` and `workflow_run` run with the secrets and a writing token: whoever opens a pull request then runs their code with both.",
        "`pull_request_target` et `workflow_run` s'exécutent avec les secrets et un jeton d'écriture : quiconque ouvre une pull request y exécute alors son code.",
    ),
    url="https://docs.github.com/en/actions/reference/security/secure-use#mitigating-the-risks-of-untrusted-code-checkout",
)  # fmt: skip
def untrusted_checkout(source: Source, project: Project) -> Iterator[Hit]:
    """A checkout of the pull request's head in a workflow that runs with the base's rights."""
    found = source.parsed(workflow.parse)
    trusted = [name for name in ("pull_request_target", "workflow_run") if name in found.triggers]
    if not trusted:
        return
    for job, step in found.steps:
        ref = step.inputs.get("ref") or step.inputs.get("repository")
        if step.uses is None or step.uses.name != "actions/checkout" or ref is None:
            continue
        named = [name for e in found.expressions(ref) for name in e.references]
        if any(
            name.startswith(("github.event.pull_request.head", "github.head_ref", "github.event.workflow_run.head"))
            for name in named
        ):
            yield Hit(
                ref.start, ref.end,
                Text(
                    f"The job {job.id} runs on {trusted[0]}, with secrets, and checks out the code of the pull request.",
                    f"Le job {job.id} se déclenche sur {trusted[0]}, avec les secrets, et récupère le code de la pull request.",
                ),
            )  # fmt: skip


@rule(
    "github-actions/inherited-secrets", Severity.WARNING, on="github-workflow",
    title=Text("All secrets handed to a called workflow", "Tous les secrets transmis au workflow appelé"),
    advice=Text(
        "`secrets: inherit` gives the called workflow every secret of the repository and the organisation, also those that it never reads.",
        "`secrets: inherit` donne au workflow appelé tous les secrets du dépôt et de l'organisation, même ceux qu'il ne lit jamais.",
    ),
    url="https://docs.zizmor.sh/audits/#secrets-inherit",
)  # fmt: skip
def inherited_secrets(source: Source, project: Project) -> Iterator[Hit]:
    """`secrets: inherit` towards a workflow of this repository that says which secrets it takes."""
    for job in source.parsed(workflow.parse).jobs:
        given = job.get("secrets")
        if job.uses is None or job.uses.kind != "local" or given is None or given.scalar != "inherit":
            continue
        called = read(project, job.uses.text.removeprefix("./"))
        names = _declared(called) if called else []
        if not names:
            continue
        lines = "".join(f"\n{' ' * (job.node.column + 2)}{name}: ${{{{ secrets.{name} }}}}" for name in names)
        if "\r\n" in source.text:
            lines = lines.replace("\n", "\r\n")
        start, end, text = yaml.replace(given, lines)
        while source.text[start - 1] == " ":
            start -= 1
        yield Hit(
            given.start, given.end,
            Text(
                f"{job.uses.text} declares {', '.join(names)} and gets every secret.",
                f"{job.uses.text} déclare {', '.join(names)} et reçoit tous les secrets.",
            ),
            Fix(
                (edit(source, (start, end, text)),), False, Text("pass the declared secrets alone", "ne passer que les secrets déclarés"),
                Text("The called workflow must declare every secret that it reads.", "Le workflow appelé doit déclarer chaque secret qu'il lit."),
            ),
        )  # fmt: skip


def _declared(called: Workflow) -> list[str]:
    call = called.triggers.get("workflow_call")
    secrets = call.get("secrets") if call is not None else None
    return [key.scalar for key, _ in secrets.items()] if secrets is not None else []


@rule(
    "github-actions/printed-secret", Severity.ERROR, on="github-workflow",
    title=Text("A secret is printed", "Un secret est affiché"),
    advice=Text(
        "Masking is a text search: an encoded, split or structured secret passes it, and logs are kept and copied.",
        "Le masquage n'est qu'une recherche de texte : un secret encodé, coupé ou structuré y échappe, et les journaux sont conservés et copiés.",
    ),
    url="https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information",
)  # fmt: skip
def printed_secret(source: Source, project: Project) -> Iterator[Hit]:
    """An `echo` or `printf` of `${{ secrets.X }}` that goes to the log."""
    from devops_orchestrator.formats import shell

    for _, step in source.parsed(workflow.parse).steps:
        script = step.script
        if script is None or not any(r.startswith("secrets.") for e in script.expressions for r in e.references):
            continue
        for command in shell.commands(script.plain):
            line_end = script.text.find("\n", command.end)
            rest = script.text[command.end : line_end if line_end >= 0 else len(script.text)]
            if command.name not in ("echo", "printf") or command.pipe or rest.lstrip().startswith((">", "1>", "|")):
                continue
            for expression in script.expressions:
                if command.start <= expression.start < command.end and any(
                    r.startswith("secrets.") for r in expression.references
                ):
                    yield Hit(
                        script.place(expression.start), script.place(expression.end - 1) + 1,
                        Text(f"{expression.body} goes to the log.", f"{expression.body} est écrit dans le journal."),
                    )  # fmt: skip
