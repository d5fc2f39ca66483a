"""How images are pushed and pulled: credentials, tags, pull policies."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import objects
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text


def _steps(source: Source) -> Iterator[Node]:
    for document in source.parsed(yaml.parse)[:1]:
        jobs = document.get("jobs")
        for _, job in jobs.items() if jobs else ():
            steps = job.get("steps")
            yield from steps.children() if steps else ()


def _action(step: Node) -> str:
    return str(step.at("uses", default="")).partition("@")[0]


@rule(
    "registries/password-in-workflow", Severity.ERROR, on="github-workflow",
    url="https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets",
    title=Text("A registry password in the workflow", "Un mot de passe de registre dans le workflow"),
    advice=Text(
        "Everybody who can read the repository can push images in your name. Change it, then keep it as a secret, or use GITHUB_TOKEN or OIDC.",
        "Quiconque lit le dépôt peut pousser des images en votre nom. Changez-le, puis conservez-le comme secret, ou utilisez GITHUB_TOKEN ou OIDC.",
    ),
)  # fmt: skip
def password_in_workflow(source: Source, project: Project) -> Iterator[Hit]:
    """`docker/login-action` with a literal password; it is never shown."""
    for step in _steps(source):
        node = step.get("with", "password") if _action(step) == "docker/login-action" else None
        if node is not None and "${{" not in str(node.value):
            yield Hit(
                node.start, node.end,
                Text("The password is written in the file.", "Le mot de passe est écrit dans le fichier."),
            )  # fmt: skip


@rule(
    "registries/only-latest", Severity.WARNING, on="github-workflow",
    url="https://docs.docker.com/build/ci/github-actions/manage-tags-labels/",
    title=Text("Only `latest` is pushed", "Seul `latest` est poussé"),
    advice=Text(
        "Nobody can say what runs, and there is no earlier image to go back to. Push the commit's hash or the version beside it.",
        "Personne ne peut dire ce qui tourne, et il n'y a pas d'image précédente où revenir. Poussez aussi l'empreinte du commit ou la version.",
    ),
)  # fmt: skip
def only_latest(source: Source, project: Project) -> Iterator[Hit]:
    """`docker/build-push-action` that pushes tags which all are `latest`."""
    for step in _steps(source):
        if _action(step) != "docker/build-push-action" or step.at("with", "push") in (None, False):
            continue
        node = step.get("with", "tags")
        tags = (
            [tag.strip() for line in str(node.value).splitlines() for tag in line.split(",") if tag.strip()]
            if node
            else []
        )
        if (
            node
            and tags
            and all(tag.endswith(":latest") or ":" not in tag.rpartition("/")[2] for tag in tags)
            and "${{" not in str(node.value).split(":")[-1]
        ):
            yield Hit(
                node.start, node.end,
                Text("Every pushed tag is `latest`.", "Tous les tags poussés sont `latest`."),
            )  # fmt: skip


@rule(
    "registries/latest-never-pulled", Severity.WARNING, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy",
    title=Text("A moving tag that is not pulled again", "Un tag mouvant qui n'est pas récupéré à nouveau"),
    advice=Text(
        "A node that has an older `latest` keeps it: pods of one Deployment then run different code.",
        "Un nœud qui possède un `latest` plus ancien le garde : les pods d'un même Deployment exécutent alors des codes différents.",
    ),
)  # fmt: skip
def latest_never_pulled(source: Source, project: Project) -> Iterator[Hit]:
    """A container whose image is `latest` with `imagePullPolicy` other than Always."""
    for thing in objects(source.text):
        for container in thing.pod.all_containers if thing.pod else ():
            image = str(container.image or "")
            policy = container.node.get("imagePullPolicy")
            if policy is None or policy.value == "Always" or "@" in image:
                continue
            if image.rpartition("/")[2].partition(":")[2] == "latest":
                yield Hit(
                    policy.start, policy.end,
                    Text(
                        f"{container.name}: {image} with {policy.value}.", f"{container.name} : {image} avec {policy.value}."
                    ),
                    fix=Fix(
                        (source.edit(policy.start, policy.end, "Always"),), safe=False,
                        title=Text("pull it at each start", "le récupérer à chaque démarrage"),
                        needs=Text("nodes that reach the registry", "des nœuds qui atteignent le registre"),
                    ),
                )  # fmt: skip


RULES: tuple[Rule, ...] = (password_in_workflow, only_latest, latest_never_pulled)
