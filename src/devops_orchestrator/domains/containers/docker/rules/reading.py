"""What the rules need to know of a Dockerfile and of what is around it: commands, component, build context, real port."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Source
from devops_orchestrator.domains.containers.docker.context import build_context, said_contexts
from devops_orchestrator.formats import dockerfile, dockerignore, shell
from devops_orchestrator.formats.dockerfile import Dockerfile, Instruction, Stage

INSTALLERS = frozenset(
    [
        "npm",
        "pnpm",
        "yarn",
        "bun",
        "pip",
        "pip3",
        "uv",
        "poetry",
        "pdm",
        "pipenv",
        "composer",
        "bundle",
        "go",
        "cargo",
        "mvn",
        "mvnw",
        "gradle",
        "gradlew",
        "dotnet",
    ]
)


@dataclass(frozen=True, eq=False)
class View:
    """One Dockerfile as the rules see it."""

    source: Source
    project: Project

    @cached_property
    def file(self) -> Dockerfile:
        return self.source.parsed(dockerfile.parse)

    @property
    def final(self) -> Stage:
        return self.file.final

    @cached_property
    def lineage(self) -> tuple[Instruction, ...]:
        """The instructions whose result is in the final image: the last stage and the stages that it is built on."""
        return tuple(item for stage in self.file.lineage(self.final) for item in stage.instructions)

    @cached_property
    def base(self) -> str | None:
        """The final image's external base."""
        return self.file.base(self.final)

    @cached_property
    def folder(self) -> str:
        return posixpath.dirname(self.source.path) or "."

    @cached_property
    def component(self) -> Component | None:
        """The component that this Dockerfile builds, where one can be told; None where several could be meant."""
        context = self.context.path
        for folder in (self.folder, context):
            here = [c for c in self.project.components if c.path == folder]
            if here:
                return next((c for c in here if c.kind == "service"), here[0])
        inside = [c for c in self.project.components if context == "." or c.path.startswith(context + "/")]
        return inside[0] if len(inside) == 1 else None

    @cached_property
    def context(self) -> Context:
        return context_of(self)

    def last(self, *names: str) -> Instruction | None:
        """The last instruction of these names that holds for the final image."""
        found = [item for item in self.lineage if item.name in names]
        return found[-1] if found else None

    @cached_property
    def environment(self) -> dict[str, str]:
        """ENV of the final image."""
        return {pair.key: pair.value or "" for item in self.lineage if item.name == "ENV" for pair in item.pairs}

    @cached_property
    def process(self) -> tuple[str, ...]:
        """The words that the container starts: ENTRYPOINT and CMD, in shell form the words of the line."""
        words: list[str] = []
        for name in ("ENTRYPOINT", "CMD"):
            item = self.last(name)
            if item is not None:
                words += [word.value for word in item.operands]
        return tuple(words)


@dataclass(frozen=True)
class Context:
    """The folder that `docker build` is given. `certain` says that a file of the repository names it."""

    path: str
    certain: bool
    files: tuple[str, ...]
    ignore: dockerignore.Dockerignore | None
    ignore_path: str

    def matches(self, glob: str) -> list[str]:
        """The files of the context that a COPY source means, those that are ignored too."""
        clean = posixpath.normpath(glob).lstrip("/")
        if clean in (".", ""):
            return list(self.files)
        if not re.search(r"[*?\[]", clean):
            return [path for path in self.files if path == clean or path.startswith(clean + "/")]
        depth = clean.count("/") + 1
        return [path for path in self.files if dockerignore.match(clean, "/".join(path.split("/")[:depth]))]

    def ignored(self, path: str) -> dockerignore.Pattern | None:
        return self.ignore.excludes(path) if self.ignore else None


def commands(item: Instruction) -> tuple[shell.Command, ...]:
    """The shell commands of a RUN (or of a shell-form CMD), with positions in the file."""
    found: list[shell.Command] = []
    for offset, script in item.scripts:
        found += shell.commands(script, offset)
    return tuple(found)


def runs(stage_items: tuple[Instruction, ...]) -> Iterator[tuple[Instruction, shell.Command]]:
    """Each command of each RUN."""
    for item in stage_items:
        if item.name == "RUN":
            for command in commands(item):
                yield item, command


def mounts(item: Instruction, kind: str) -> list[dict[str, str]]:
    """The options of a RUN's mounts of one type."""
    found = []
    for flag in item.flags:
        if flag.name == "mount":
            options = dict(part.partition("=")[::2] for part in flag.value.split(","))
            if options.get("type", "bind") == kind:
                found.append(options)
    return found


def copies(item: Instruction) -> tuple[list[dockerfile.Word], dockerfile.Word] | None:
    """(sources, destination) of a COPY or ADD from the build context; None where it copies from elsewhere."""
    if item.name not in ("COPY", "ADD") or item.flag("from") or len(item.operands) < 2:
        return None
    *sources, target = item.operands
    return [s for s in sources if not s.value.startswith("<<") and not is_remote(s.value)], target


def is_remote(source: str) -> bool:
    return bool(re.match(r"(https?|ftp|git|ssh)://|git@", source)) or source.endswith(".git")


def copies_everything(item: Instruction) -> bool:
    """Whether an instruction takes the whole build context."""
    found = copies(item)
    return bool(found) and any(posixpath.normpath(s.value) in (".", "/") for s in found[0])  # type: ignore[index]


def installs(command: shell.Command) -> str | None:
    """The package manager whose project dependencies a command installs: `npm ci`, `pip install -r …`; None for others."""
    name, words = command.name, command.values[1:]
    if name.startswith("python") and words[:2] == ("-m", "pip"):
        name, words = "pip", words[2:]
    operands = _operands(words)
    first = operands[0] if operands else ""
    named = len(operands) > 1 or "-g" in words or "--global" in words  # `npm install -g pm2` is not the project's own
    if name == "npm":
        return "npm" if first in ("ci", "install", "i", "clean-install") and not named else None
    if name in ("pnpm", "bun"):
        return name if first in ("install", "i", "ci") and not named else None
    if name == "yarn":
        return "yarn" if first in ("", "install") and "--version" not in words else None
    if name in ("pip", "pip3"):
        return (
            "pip"
            if first == "install" and any(w in ("-r", "--requirement") or w.startswith("--requirement=") for w in words)
            else None
        )
    if name == "uv":
        if operands[:2] == ["pip", "install"]:
            return "pip" if any(w in ("-r", "--requirement") for w in words) else None
        return "uv" if first == "sync" else None
    simple = {"poetry": ("install",), "pdm": ("install", "sync"), "pipenv": ("install", "sync"), "composer": ("install",),
              "bundle": ("install",), "dotnet": ("restore",)}  # fmt: skip
    if name in simple:
        return name if first in simple[name] else None
    if name == "go":
        return "go" if operands[:2] == ["mod", "download"] else None
    if name in ("mvn", "mvnw"):
        return "maven" if any("dependency:" in w for w in operands) else None
    return None


_TAKES_VALUE = frozenset(
    [
        "--prefix",
        "-C",
        "--cwd",
        "--dir",
        "--registry",
        "--cache",
        "--loglevel",
        "--filter",
        "-F",
        "--workspace",
        "-w",
        "--directory",
        "--project",
    ]
)


def _operands(words: tuple[str, ...]) -> list[str]:
    """The words that are no options and no values of options."""
    found, skip = [], False
    for word in words:
        if skip:
            skip = False
        elif word in _TAKES_VALUE:
            skip = True
        elif not word.startswith("-"):
            found.append(word)
    return found


def context_of(view: View) -> Context:
    """The build context: what compose or a workflow says, else the candidate in which most COPY sources exist."""
    said = said_contexts(view.project, view.source.path)
    root = "." if view.folder in (".", "") else view.folder
    built = [build_context(c) for c in view.project.components if c.path == view.folder]
    candidates = list(dict.fromkeys(said or [*built[:1], root, *_parents(root)]))
    best = max(candidates, key=lambda folder: (_resolved(view, folder), -candidates.index(folder)))
    files = tuple(_below(view.project, best))
    own = f"{view.source.path}.dockerignore"
    path = own if view.project.repository.has(own) else posixpath.normpath(posixpath.join(best, ".dockerignore"))
    text = view.project.repository.read(path)
    return Context(best, bool(said), files, dockerignore.parse(text) if text is not None else None, path)


def _parents(folder: str) -> list[str]:
    found = []
    while folder not in (".", ""):
        folder = posixpath.dirname(folder) or "."
        found.append(folder)
    return found


def _below(project: Project, folder: str) -> list[str]:
    prefix = "" if folder in (".", "") else folder + "/"
    return [path[len(prefix) :] for path in project.repository.files if path.startswith(prefix)]


def _resolved(view: View, folder: str) -> int:
    """How many COPY sources exist in a folder; `.` says nothing."""
    files = _below(view.project, folder)
    known = set(files)
    count = 0
    for item in view.file.instructions:
        for source in (copies(item) or ([], None))[0]:
            clean = posixpath.normpath(source.value).lstrip("/")
            if clean in (".", "") or re.search(r"[*?\[$]", clean):
                continue
            count += clean in known or any(path.startswith(clean + "/") for path in files)
    return count


def read_json(text: str | None) -> dict[str, Any]:
    """A JSON object of the project; an empty one where it is absent or does not parse (that is told elsewhere)."""
    try:
        data = json.loads(text or "{}")
    except json.JSONDecodeError:
        return {}
    return data if isinstance(data, dict) else {}
