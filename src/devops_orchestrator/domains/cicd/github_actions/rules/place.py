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
_NODE = ("npm", "pnpm", "yarn")
_INSTALL = frozenset({"install", "ci", "i", "add", "clean-install"})


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
            words = set(command.values)
            if name in _NODE and (
                words & {"-g", "--global", "global"}
                or not (words & _INSTALL or (name == "yarn" and len(command.words) == 1))
            ):
                continue
            if name in _MANAGERS:
                found.add(_MANAGERS[name])
    return found


def has_folder(project: Project, path: str) -> bool:
    """Whether a folder is in the repository."""
    return path in (".", "") or any(file.startswith(path.rstrip("/") + "/") for file in project.repository.files)


def _touches(command: Command, path: str) -> bool:
    """Whether a command that makes files names something of the path's first folder, or what cannot be told."""
    first = posixpath.normpath(path).split("/")[0]
    named = [posixpath.normpath(word).split("/")[0] for word in command.operands]
    return (
        first == "."
        or first in named
        or any("$" in word or "*" in word or word in (".", "./") for word in command.operands)
    )


def is_made(job: Job, path: str) -> bool:
    """Whether a path may come into being in the job: another checkout, a download, a build, a generated folder."""
    if VENDORED.intersection(path.split("/")) or any(
        part in ("build", "dist", "target", "out", "bin", "coverage", "deps") for part in path.split("/")
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
                "git",
                "tar",
                "unzip",
                "curl",
                "wget",
                "npx",
                "cookiecutter",
                "copier",
                "docker",
                "rsync",
            ):
                return True
            if command.name in ("mkdir", "cp", "mv", "ln") and _touches(command, path):
                return True
    return False


def components(found: Workflow, job: Job, project: Project) -> Iterator[Component]:
    """The components that a job is about: those of its folders, else all."""
    folders = {folder(found, job, step) for step in job.steps if step.script}
    own = [c for c in project.components if c.path in folders and c.path != "."]
    yield from own or project.components
