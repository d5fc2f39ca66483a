"""Names in a pipeline: stages, jobs, templates and files that are not there."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.cicd.gitlab_ci.pipeline import REFERENCE, STAGES, jobs, pipeline, whole
from devops_orchestrator.text import Text


@rule(
    "gitlab-ci/unknown-stage", Severity.ERROR, on="gitlab-ci", url=REFERENCE + "#stage",
    title=Text("A stage that is not declared", "Un stage non déclaré"),
    advice=Text("GitLab refuses the whole pipeline.", "GitLab refuse le pipeline entier."),
)  # fmt: skip
def unknown_stage(source: Source, project: Project) -> Iterator[Hit]:
    """A job's `stage` that `stages` (or GitLab's default list) has not; not verified where something of another repository is included."""
    document, found = pipeline(source), whole(source, project)
    if document is None or found is None or not found.seen:
        return
    known = [".pre", *found.stages, ".post"] if found.stages is not None else list(STAGES)
    for name, job in jobs(document):
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
    """`needs` or `dependencies` that name no job of the file; not verified where something of another repository is included."""
    document, found = pipeline(source), whole(source, project)
    if document is None or found is None or not found.seen:
        return
    known = found.names
    for name, job in jobs(document):
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
    "gitlab-ci/unknown-template", Severity.ERROR, on="gitlab-ci", url=REFERENCE + "#extends",
    title=Text("An `extends` of nothing", "Un `extends` vers rien"),
    advice=Text("GitLab refuses the whole pipeline.", "GitLab refuse le pipeline entier."),
)  # fmt: skip
def unknown_template(source: Source, project: Project) -> Iterator[Hit]:
    """`extends` that names no job or template of the pipeline and of the local files that it includes."""
    document, found = pipeline(source), whole(source, project)
    if document is None or found is None or not found.seen:
        return
    for key, job in document.items():
        node = job.get("extends") if job.kind == "map" else None
        for place in (
            (node,) if node is not None and node.kind == "scalar" else node.children() if node is not None else ()
        ):
            if place.scalar and place.scalar not in found.names and "$" not in place.scalar:
                yield Hit(
                    place.start, place.end,
                    Text(f"{key.scalar} extends {place.scalar}, which is nowhere.", f"{key.scalar} étend {place.scalar}, qui n'existe nulle part."),
                )  # fmt: skip


@rule(
    "gitlab-ci/missing-include", Severity.ERROR, on="gitlab-ci", url=REFERENCE + "#includelocal",
    title=Text("A local include that is not there", "Un include local absent"),
    advice=Text("GitLab refuses the whole pipeline.", "GitLab refuse le pipeline entier."),
)  # fmt: skip
def missing_include(source: Source, project: Project) -> Iterator[Hit]:
    """`include: local` (or a bare path) of a file that the repository has not."""
    document = pipeline(source)
    include = document.get("include") if document is not None else None
    entries = () if include is None else include.children() if include.kind == "list" else (include,)
    for entry in entries:
        node = entry if entry.kind == "scalar" else entry.get("local")
        if (
            node is None
            or not node.scalar
            or "://" in node.scalar
            or "$" in node.scalar
            or (entry.kind == "map" and entry.get("project") is not None)
        ):
            continue
        path = node.scalar.lstrip("/")
        if not (project.repository.glob(path) if "*" in path else project.repository.has(path)):
            yield Hit(
                node.start, node.end,
                Text(f"{node.scalar} is not in the repository.", f"{node.scalar} n'est pas dans le dépôt."),
            )  # fmt: skip


@rule(
    "gitlab-ci/later-need", Severity.ERROR, on="gitlab-ci", url=REFERENCE + "#needs",
    title=Text("A need of a job that comes later", "Un `needs` vers un job plus tardif"),
    advice=Text("GitLab refuses the whole pipeline.", "GitLab refuse le pipeline entier."),
)  # fmt: skip
def later_need(source: Source, project: Project) -> Iterator[Hit]:
    """`needs` of a job of a later stage."""
    document, found = pipeline(source), whole(source, project)
    if document is None or found is None or not found.seen:
        return
    order = [".pre", *(found.stages if found.stages is not None else STAGES[1:-1]), ".post"]
    for name, job in jobs(document):
        own = job.at("stage", default="test") if job.get("extends") is None else job.at("stage")
        needs = job.get("needs")
        for entry in needs.children() if needs is not None else ():
            place = entry if entry.kind == "scalar" else entry.get("job")
            other = found.job(place.scalar) if place is not None else None
            if place is None or other is None or (other.get("stage") is None and other.get("extends") is not None):
                continue
            theirs = other.at("stage", default="test")
            if own in order and theirs in order and order.index(theirs) > order.index(own):
                yield Hit(
                    place.start, place.end,
                    Text(f"{name} (stage {own}) needs {place.scalar}, of the later stage {theirs}.", f"{name} (stage {own}) dépend de {place.scalar}, du stage plus tardif {theirs}."),
                    related=(Related(source.path, source.lines.place(other.start)[0], Text("that job", "ce job")),) if any(path == source.path and document.get(place.scalar) is not None for path, document in found.documents) else (),
                )  # fmt: skip
