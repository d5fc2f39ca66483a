"""GitLab pipelines that GitLab refuses, that run twice, or that move."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

REFERENCE = "https://docs.gitlab.com/ci/yaml/"
GLOBAL = frozenset(
    {
        "default", "include", "stages", "variables", "workflow", "image", "services", "cache", "before_script",
        "after_script", "pages", "spec", "types",
    }
)  # fmt: skip
STAGES = (".pre", "build", "test", "deploy", ".post")


def _jobs(document: Node) -> Iterator[tuple[str, Node]]:
    """Jobs that run: not hidden, not global keywords."""
    for key, value in document.items():
        name = str(key.value)
        if name not in GLOBAL - {"pages"} and not name.startswith(".") and value.kind == "map":
            yield name, value


def _pipeline(source: Source) -> Node | None:
    documents = source.parsed(yaml.parse)
    # With `spec:` (inputs) the pipeline is the second document.
    return documents[-1] if documents and documents[-1].kind == "map" else None


@rule(
    "gitlab-ci/unknown-stage", Severity.ERROR, on="gitlab-ci", url=REFERENCE + "#stage",
    title=Text("A stage that is not declared", "Un stage non déclaré"),
    advice=Text("GitLab refuses the whole pipeline.", "GitLab refuse le pipeline entier."),
)  # fmt: skip
def unknown_stage(source: Source, project: Project) -> Iterator[Hit]:
    """A job's `stage` that `stages` (or GitLab's default list) has not; not verified where files are included."""
    document = _pipeline(source)
    if document is None or document.get("include") is not None:
        return
    declared = document.at("stages")
    known = [".pre", *map(str, declared), ".post"] if isinstance(declared, list) else list(STAGES)
    for name, job in _jobs(document):
        node = job.get("stage")
        if node is not None and node.kind == "scalar" and node.value not in known and "$" not in str(node.value):
            told = ", ".join(known[1:-1])
            yield Hit(
                node.start, node.end,
                Text(f"{name}: stage {node.value} is none of {told}.", f"{name} : le stage {node.value} n'est pas parmi {told}."),
            )  # fmt: skip


@rule(
    "gitlab-ci/unknown-need", Severity.ERROR, on="gitlab-ci", url=REFERENCE + "#needs",
    title=Text("A need that no job meets", "Un `needs` vers un job absent"),
    advice=Text("GitLab refuses the whole pipeline.", "GitLab refuse le pipeline entier."),
)  # fmt: skip
def unknown_need(source: Source, project: Project) -> Iterator[Hit]:
    """`needs` or `dependencies` that name no job of the file; not verified where files are included."""
    document = _pipeline(source)
    if document is None or document.get("include") is not None:
        return
    known = {str(key.value) for key, _ in document.items()}
    for name, job in _jobs(document):
        for field in ("needs", "dependencies"):
            node = job.get(field)
            for entry in node.children() if node else ():
                place = entry if entry.kind == "scalar" else entry.get("job")
                if place is None or (
                    entry.kind == "map"
                    and (entry.get("project") or entry.get("pipeline") or entry.at("optional") is True)
                ):
                    continue
                if str(place.value) not in known and "$" not in str(place.value):
                    yield Hit(
                        place.start, place.end,
                        Text(f"{name} needs {place.value}, which is no job.", f"{name} dépend de {place.value}, qui n'est pas un job."),
                    )  # fmt: skip


@rule(
    "gitlab-ci/moving-image", Severity.WARNING, on="gitlab-ci", url=REFERENCE + "#image",
    title=Text("A job image that moves", "Une image de job qui bouge"),
    advice=Text(
        "The same commit passes today and fails tomorrow. Name at least the version of the language.",
        "Le même commit passe aujourd'hui et échoue demain. Nommez au moins la version du langage.",
    ),
)  # fmt: skip
def moving_image(source: Source, project: Project) -> Iterator[Hit]:
    """`image` without a tag or with `latest`, in a job, in `default` or at the top."""
    document = _pipeline(source)
    if document is None:
        return
    places = [document.get("image"), document.get("default", "image")]
    places += [value.get("image") for _, value in document.items() if value.kind == "map"]
    for place in places:
        node = place.get("name") if place is not None and place.kind == "map" else place
        if node is None or node.kind != "scalar" or "$" in str(node.value) or "@" in str(node.value):
            continue
        if str(node.value).rpartition("/")[2].partition(":")[2] in ("", "latest"):
            yield Hit(
                node.start, node.end,
                Text(f"{node.value} has no version.", f"{node.value} n'a pas de version."),
            )  # fmt: skip


@rule(
    "gitlab-ci/archived-kaniko", Severity.WARNING, on="gitlab-ci", url="https://docs.gitlab.com/ci/docker/using_buildkit/",
    title=Text("Kaniko is archived", "Kaniko est archivé"),
    advice=Text(
        "Its repository takes no more fixes, security ones included. BuildKit (rootless) or Buildah build without a daemon too.",
        "Son dépôt ne reçoit plus de correctifs, même de sécurité. BuildKit (rootless) ou Buildah construisent aussi sans démon.",
    ),
)  # fmt: skip
def archived_kaniko(source: Source, project: Project) -> Iterator[Hit]:
    """A job on `gcr.io/kaniko-project/executor`."""
    document = _pipeline(source)
    for _, job in _jobs(document) if document else ():
        place = job.get("image")
        node = place.get("name") if place is not None and place.kind == "map" else place
        if node is not None and "kaniko-project/executor" in str(node.value):
            yield Hit(
                node.start, node.end,
                Text("This image is no longer maintained.", "Cette image n'est plus maintenue."),
            )  # fmt: skip


RULES: tuple[Rule, ...] = (unknown_stage, unknown_need, moving_image, archived_kaniko)
