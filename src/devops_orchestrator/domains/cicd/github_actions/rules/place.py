"""Where a step runs, and what its script does there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import VENDORED
from devops_orchestrator.formats import shell
from devops_orchestrator.formats.shell import Command
from devops_orchestrator.formats.workflow import Job, Step, Workflow

_MANAGERS = {
    "npm": "npm", "pnpm": "pnpm", "yarn": "yarn", "pip": "pip", "pip3": "pip", "pipenv": "pipenv", "poetry": "poetry",
    "mvn": "maven", "mvnw": "maven", "gradle": "gradle", "gradlew": "gradle",
}  # fmt: skip


def folder(found: Workflow, job: Job, step: Step) -> str | None:
    """The folder in which a step's script runs, from the root; None where an expression decides."""
    said = step.node.at("working-directory") or job.folder or found.folder or "."
    text = str(said)
    if "${{" in text or text.startswith(("/", "~", "..", "$")):
        return None
    return posixpath.normpath(text)


def commands(step: Step) -> tuple[Command, ...]:
    """The simple commands of a step's script, with offsets in it."""
    return shell.commands(step.script.plain) if step.script else ()


def installs(job: Job) -> set[str]:
    """The package managers that the job's scripts call."""
    found = set()
    for step in job.steps:
        for command in commands(step):
            name = command.name
            if name in ("python", "python3") and "pip" in command.values:
                name = "pip"
            if name in _MANAGERS:
                found.add(_MANAGERS[name])
    return found


def has_folder(project: Project, path: str) -> bool:
    """Whether a folder is in the repository."""
    return path in (".", "") or any(file.startswith(path.rstrip("/") + "/") for file in project.repository.files)


def is_made(job: Job, path: str) -> bool:
    """Whether a path may come into being in the job: another checkout, a download, a build, a generated folder."""
    if VENDORED.intersection(path.split("/")) or any(
        part in ("build", "dist", "target", "out", "bin", "coverage") for part in path.split("/")
    ):
        return True
    for step in job.steps:
        if (
            step.uses
            and step.uses.name == "actions/checkout"
            and (step.inputs.get("path") or step.inputs.get("repository"))
        ):
            return True
        if (
            step.uses
            and step.uses.name.startswith("actions/")
            and step.uses.name.endswith(("download-artifact", "cache", "cache/restore"))
        ):
            return True
        for command in commands(step):
            if command.name in (
                "mkdir",
                "git",
                "tar",
                "unzip",
                "curl",
                "wget",
                "cp",
                "mv",
                "npx",
                "cookiecutter",
                "copier",
                "ln",
                "docker",
                "rsync",
            ):
                return True
    return False


def components(found: Workflow, job: Job, project: Project) -> Iterator[Component]:
    """The components that a job is about: those of its folders, else all."""
    folders = {folder(found, job, step) for step in job.steps if step.script}
    own = [c for c in project.components if c.path in folders and c.path != "."]
    yield from own or project.components
