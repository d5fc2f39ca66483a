"""What a workflow names and the repository has not: folders, files, scripts, artifacts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions.rules import place
from devops_orchestrator.formats import workflow
from devops_orchestrator.formats.workflow import Job, Step, Workflow
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import called
from devops_orchestrator.text import Text

# Inputs of setup actions that name a file of the repository.
_FILES = (
    "go-version-file",
    "node-version-file",
    "python-version-file",
    "java-version-file",
    "global-json-file",
    "cache-dependency-path",
)


@rule(
    "github-actions/missing-path", Severity.ERROR, on="github-workflow",
    title=Text("A path that the repository does not have", "Un chemin que le dépôt n'a pas"),
    advice=Text(
        "The step fails, or, for a path filter, the workflow never starts.",
        "L'étape échoue ou, pour un filtre de chemins, le workflow ne démarre jamais.",
    ),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsworking-directory",
)  # fmt: skip
def missing_path(source: Source, project: Project) -> Iterator[Hit]:
    """working-directory, files named by setup actions, called workflows and local actions, path filters."""
    found = source.parsed(workflow.parse)
    if _is_elsewhere(found):
        return
    yield from _filters(found, project)
    shared = found.root.get("defaults", "run", "working-directory")
    if shared is not None and found.jobs and not any(place.is_made(job, shared.scalar) for job in found.jobs):
        yield from _folder(shared, project)
    for job in found.jobs:
        yield from _called(job, project)
        for node in (
            job.get("defaults", "run", "working-directory"),
            *(step.get("working-directory") for step in job.steps),
        ):
            if node is not None and not place.is_made(job, node.scalar):
                yield from _folder(node, project)
        for step in job.steps:
            yield from _inputs(job, step, project)
            yield from _build(job, step, project)


def _written(job: Job, name: str) -> bool:
    """Whether another command of the job speaks of a file: it may write it."""
    base = posixpath.basename(name)
    said = sum(step.script.plain.count(base) for step in job.steps if step.script) if "." in base else 1
    return said > 1


def _is_elsewhere(found: Workflow) -> bool:
    """Whether it is only called, perhaps from another repository: its paths are then the caller's."""
    return set(found.triggers) <= {"workflow_call"}


def _plain(text: str) -> bool:
    return bool(text) and not re.search(r"\$|[*?\[\]{}!~]|^/|\.\.", text)


def _hit(node: Node, path: str) -> Hit:
    return Hit(node.start, node.end, Text(f"{path} is not in the repository.", f"{path} n'est pas dans le dépôt."))


def _folder(node: Node, project: Project) -> Iterator[Hit]:
    if node.kind == "scalar" and _plain(node.scalar) and not place.has_folder(project, posixpath.normpath(node.scalar)):
        yield _hit(node, node.scalar)


def _build(job: Job, step: Step, project: Project) -> Iterator[Hit]:
    """The Dockerfile and the context of docker/build-push-action, those of a matrix too."""
    if step.uses is None or step.uses.repository != "docker/build-push-action":
        return
    for name in ("file", "context"):
        given = step.inputs.get(name)
        for node in literals(job, given) if given is not None else ():
            path = posixpath.normpath(node.scalar)
            if not _plain(node.scalar) or "://" in node.scalar or place.is_made(job, path):
                continue
            if not project.repository.has(path) and not (name == "context" and place.has_folder(project, path)):
                yield _hit(node, node.scalar)


def literals(job: Job, node: Node) -> list[Node]:
    """What an input stands for: itself, or the values of the one matrix key that it names and nothing else."""
    names = [name for e in workflow.expressions_in(node.scalar) for name in e.references]
    if not names:
        return [node]
    if (
        len(names) != 1
        or not re.fullmatch(r"\$\{\{\s*matrix\.[\w.-]+\s*\}\}", node.scalar)
        or not names[0].startswith("matrix.")
    ):
        return []
    keys = names[0].split(".")[1:]
    matrix = job.get("strategy", "matrix")
    entries = [matrix] if matrix is not None and matrix.kind == "map" else []
    include = matrix.get("include") if entries and matrix is not None else None
    entries += list(include.children()) if include is not None and include.kind == "list" else []
    found: list[Node] = []
    for entry in entries:
        for value in _direct(entry, keys[0]):
            below = value.get(*keys[1:]) if len(keys) > 1 else value
            found += [below] if below is not None and below.kind == "scalar" else []
    return found


def _direct(entry: Node, key: str) -> list[Node]:
    value = next((value for name, value in entry.items() if name.scalar.lower() == key), None)
    return [] if value is None else list(value.children()) if value.kind == "list" else [value]


def _inputs(job: Job, step: Step, project: Project) -> Iterator[Hit]:
    if step.uses is None or not step.uses.name.startswith("actions/setup-"):
        return
    for name in _FILES:
        node = step.inputs.get(name)
        if node is None or "\n" in node.scalar or not _plain(node.scalar) or place.is_made(job, node.scalar):
            continue
        path = posixpath.normpath(node.scalar)
        if not project.repository.has(path):
            yield _hit(node, node.scalar)


def _called(job: Job, project: Project) -> Iterator[Hit]:
    for uses in (job.uses, *(step.uses for step in job.steps)):
        if uses is None or uses.kind != "local" or not uses.text.startswith("./") or place.is_made(job, uses.text[2:]):
            continue
        path = posixpath.normpath(uses.text.partition("@")[0])
        wanted = (
            (path,)
            if path.endswith((".yml", ".yaml"))
            else (f"{path}/action.yml", f"{path}/action.yaml", f"{path}/Dockerfile")
        )
        if not any(project.repository.has(name) for name in wanted):
            yield _hit(uses.node, uses.text)


def _filters(found: Workflow, project: Project) -> Iterator[Hit]:
    for event in ("push", "pull_request", "pull_request_target"):
        settings = found.triggers.get(event)
        paths = settings.get("paths") if settings is not None else None
        for node in paths.children() if paths is not None else ():
            pattern = node.scalar
            # A pattern such as **/*.py is for all that may come; one that begins with a name means something that is there.
            if node.alias or pattern.startswith(("!", "*", ".*")) or not pattern or set("[]{}+?") & set(pattern):
                continue
            if not project.repository.glob(pattern):
                yield Hit(
                    node.start, node.end,
                    Text(f"No file of the repository matches {pattern}.", f"Aucun fichier du dépôt ne correspond à {pattern}."),
                    severity=Severity.WARNING,
                )  # fmt: skip


@rule(
    "github-actions/missing-script", Severity.ERROR, on="github-workflow",
    title=Text("A script that the repository does not have", "Un script que le dépôt n'a pas"),
    advice=Text("The step fails with `Missing script` or `No such file`.", "L'étape échoue avec `Missing script` ou `No such file`."),
    url="https://docs.npmjs.com/cli/commands/npm-run-script",
)  # fmt: skip
def missing_script(source: Source, project: Project) -> Iterator[Hit]:
    """`npm run x` that package.json lacks, `make x` that the Makefile lacks, scripts and requirement files that are not there."""
    found = source.parsed(workflow.parse)
    if _is_elsewhere(found):
        return
    for job, step in found.steps:
        folder = place.folder(found, job, step)
        script = step.script
        if script is None or folder is None or not place.has_folder(project, folder):
            continue
        calls = place.commands(step)
        if any(command.name in ("cd", "pushd") for command in calls) or (folder != "." and place.is_made(job, folder)):
            continue
        made = place.is_made(job, folder)
        for command in calls:
            look = called.missing_name if made else called.missing
            missing = look(command.values, folder, project)
            if missing and not _written(job, missing[0]):
                yield Hit(
                    script.place(command.start), script.place(command.end - 1) + 1,
                    Text(f"{missing[0]} is not in {missing[1]}.", f"{missing[0]} n'est pas dans {missing[1]}."),
                )  # fmt: skip


@rule(
    "github-actions/unknown-artifact", Severity.ERROR, on="github-workflow",
    title=Text("An artifact that no job uploads", "Un artefact qu'aucun job ne publie"),
    advice=Text("The download fails: artifacts are found by their exact name, within one run.", "Le téléchargement échoue : un artefact se retrouve par son nom exact, au sein d'une même exécution."),
    url="https://docs.github.com/en/actions/tutorials/store-and-share-data",
)  # fmt: skip
def unknown_artifact(source: Source, project: Project) -> Iterator[Hit]:
    """download-artifact with a name that no upload-artifact of the workflow has."""
    found = source.parsed(workflow.parse)
    if "workflow_call" in found.triggers:
        return  # a called workflow sees the artifacts of its caller's run
    if any(job.uses for job in found.jobs) or any(step.uses and step.uses.kind == "local" for _, step in found.steps):
        return
    names = set()
    for _, step in found.steps:
        if step.uses and step.uses.name == "actions/upload-artifact":
            names.add(step.input("name") or "artifact")
    if any("${{" in name for name in names):
        return
    for job, step in found.steps:
        node = step.inputs.get("name")
        if step.uses is None or step.uses.name != "actions/download-artifact" or node is None or "${{" in node.scalar:
            continue
        if (
            any(
                step.inputs.get(key) is not None
                for key in ("run-id", "repository", "github-token", "pattern", "artifact-ids")
            )
            or node.scalar in names
        ):
            continue
        known = ", ".join(sorted(names)) or "-"
        yield Hit(
            node.start, node.end,
            Text(
                f"The job {job.id} downloads {node.scalar}; the workflow uploads: {known}.",
                f"Le job {job.id} télécharge {node.scalar} ; le workflow publie : {known}.",
            ),
        )  # fmt: skip
