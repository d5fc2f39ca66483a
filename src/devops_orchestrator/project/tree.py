"""The repository as folders of names: what the ecosystems look for manifests and code in."""

from __future__ import annotations

import fnmatch
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from devops_orchestrator.core.project import Problem
from devops_orchestrator.core.repository import MAX_BYTES, Repository
from devops_orchestrator.errors import ParseError
from devops_orchestrator.patterns import lazy
from devops_orchestrator.text import Text

if TYPE_CHECKING:
    from devops_orchestrator.formats.dockerfile import Dockerfile
    from devops_orchestrator.formats.hcl import Document as Hcl
    from devops_orchestrator.formats.yaml import Node
    from devops_orchestrator.project.documents import Document
    from devops_orchestrator.project.xml import Element

T = TypeVar("T")

# What cookiecutter, copier, Jinja or ERB fill in: `{{ name }}` (but not `${{ … }}` of a workflow), `{% if %}`, `<% %>`.
_GENERATED = lazy(r"(?<!\$)\{\{|\{%|<%")


def join(folder: str, name: str) -> str:
    """A path below a folder; `"."` is the root."""
    return name if folder in (".", "") else f"{folder}/{name}"


def parent(path: str) -> str:
    """The folder of a path; `"."` for what is at the root."""
    return path.rpartition("/")[0] or "."


def ancestors(folder: str) -> list[str]:
    """A folder and those above it, up to the root."""
    found = [folder]
    while folder != ".":
        folder = parent(folder)
        found.append(folder)
    return found


class Tree:
    """Reads each manifest once and remembers which ones are broken."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.files = repository.files
        self.problems: dict[str, Problem] = {}
        self._read: dict[tuple[str, object], object] = {}
        self._texts: dict[str, str | None] = {}

    @cached_property
    def folders(self) -> dict[str, set[str]]:
        """Folder → the names of the files in it."""
        found: dict[str, set[str]] = {}
        for path in self.files:
            folder, _, name = path.rpartition("/")
            found.setdefault(folder or ".", set()).add(name)
        return found

    @cached_property
    def _holders(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for folder, names in self.folders.items():
            for name in names:
                found.setdefault(name, []).append(folder)
        return found

    def holding(self, name: str) -> list[str]:
        """The folders that hold a file of this name, sorted."""
        return sorted(self._holders.get(name, ()))

    def names(self, folder: str) -> set[str]:
        """The names of the files in a folder."""
        return self.folders.get(folder, set())

    def has(self, folder: str, name: str) -> bool:
        """Whether a file is there; `name` may be a path below the folder."""
        path = join(folder, name)
        at, _, last = path.rpartition("/")
        return last in self.names(at or ".")

    def first(self, folder: str, *names: str) -> str | None:
        """The path of the first of these files that is in a folder, or None."""
        return next((join(folder, name) for name in names if self.has(folder, name)), None)

    def nearest(self, folder: str, *names: str) -> str | None:
        """The first of these files in a folder or the ones above it, nearest folder first."""
        return next((path for at in ancestors(folder) if (path := self.first(at, *names))), None)

    def below(self, folder: str) -> tuple[str, ...]:
        """The files below a folder."""
        if folder in (".", ""):
            return self.files
        # Sorted paths with one prefix stand together; "0" comes right after "/".
        start, end = bisect_left(self.files, folder + "/"), bisect_left(self.files, folder + "0")
        return self.files[start:end]

    def matching(self, folder: str, *patterns: str) -> list[str]:
        """The files in one folder whose names match, sorted."""
        names = sorted(self.names(folder))
        return [join(folder, name) for name in names if any(fnmatch.fnmatchcase(name, p) for p in patterns)]

    def text(self, path: str) -> str | None:
        """The text of a file without its byte order mark, its lines ended by `\\n` alone, or None."""
        if path not in self._texts:
            found = self.repository.read(path)
            if found is not None:
                found = found.removeprefix("\ufeff")
                if "\r" in found:  # Windows, and Macs of old: the numbers of the lines stay
                    found = found.replace("\r\n", "\n").replace("\r", "\n")
            self._texts[path] = found
        return self._texts[path]

    def parsed(self, path: str | None, parse: Callable[[str, str], T]) -> T | None:
        """`parse(path, text)`, once; None where the file is absent or broken (then it is among the problems)."""
        if path is None:
            return None
        key = (path, parse)
        if key not in self._read:
            text = self.text(path)
            try:
                self._read[key] = None if text is None else parse(path, text)
            except ParseError as error:
                self._read[key] = None
                if not (_GENERATED.search(path) or _GENERATED.search(text or "")):  # a template is no broken file
                    self.report(path, error.line, error.text)
            if text is None and self.has(".", path):
                self._unread(path)
        return self._read[key]  # type: ignore[return-value]

    def knows(self, path: str) -> bool:
        """Whether a YAML file or a Dockerfile is parsed already."""
        return (path, _yaml) in self._read or (path, _dockerfile) in self._read

    def documents(self, path: str, text: str) -> list[Node]:
        """The documents of a YAML text of a file, kept for `yaml`. Raises ParseError, and reports nothing."""
        key = (path, _yaml)
        if key not in self._read:
            self._read[key] = _yaml(path, text)
        return self._read[key]  # type: ignore[return-value]

    def remembered(self, make: Callable[[Tree], T]) -> T:
        """`make(self)`, computed once: an index of the repository that every component of a language needs."""
        key = ("", make)
        if key not in self._read:
            self._read[key] = make(self)
        return self._read[key]  # type: ignore[return-value]

    def _unread(self, path: str) -> None:
        """Note a file that is there and has no text; one that is too large (a lockfile) says nothing, and is no fault."""
        data = self.repository.read_bytes(path, MAX_BYTES + 1)
        if data is None:
            self.report(path, 1, Text("This file cannot be read.", "Ce fichier ne peut pas être lu."))
        elif len(data) <= MAX_BYTES:
            self.report(path, 1, Text("This is no text file.", "Ce n'est pas un fichier texte."))

    def report(self, path: str, line: int, text: Text) -> None:
        """Note a file that could not be read."""
        self.problems.setdefault(path, Problem(path, line, text.en, text.fr))

    def json(self, path: str | None) -> Document | None:
        from devops_orchestrator.project.documents import read_json

        return self.parsed(path, read_json)

    def jsonc(self, path: str | None) -> Document | None:
        return self.parsed(path, _jsonc)

    def toml(self, path: str | None) -> Document | None:
        from devops_orchestrator.project.documents import read_toml

        return self.parsed(path, read_toml)

    def xml(self, path: str | None) -> Element | None:
        from devops_orchestrator.project.xml import read_xml

        return self.parsed(path, read_xml)

    def yaml(self, path: str | None) -> list[Node]:
        """The documents of a YAML file; empty where it is absent or broken."""
        return self.parsed(path, _yaml) or []

    def hcl(self, path: str | None) -> Hcl | None:
        return self.parsed(path, _hcl)

    def dockerfile(self, path: str | None) -> Dockerfile | None:
        return self.parsed(path, _dockerfile)

    def properties(self, path: str | None) -> dict[str, tuple[str, int]]:
        """A properties or dotenv file: key → (value, line); empty where it is absent."""
        return self.parsed(path, _properties) or {}

    def lines(self, path: str | None) -> Iterable[tuple[int, str]]:
        """(number from 1, text) of the lines of a file."""
        text = self.text(path) if path else None
        # Not `splitlines`: a form feed or a separator of Unicode ends no line for an editor.
        return enumerate(text.removesuffix("\n").split("\n") if text else (), 1)


def _jsonc(path: str, text: str) -> Document:
    from devops_orchestrator.project.documents import read_json

    return read_json(path, text, comments=True)


def _yaml(path: str, text: str) -> list[Node]:
    from devops_orchestrator.formats.yaml import parse

    return parse(text)


def _dockerfile(path: str, text: str) -> Dockerfile:
    from devops_orchestrator.formats.dockerfile import parse

    return parse(text)


def _hcl(path: str, text: str) -> Hcl:
    from devops_orchestrator.formats.hcl import parse

    return parse(text)


def _properties(path: str, text: str) -> dict[str, tuple[str, int]]:
    from devops_orchestrator.project.documents import read_properties

    return read_properties(text)
