"""Go code: the packages of one module and of the repository's other modules that it imports; its programs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import go_modules, portion
from devops_orchestrator.project.code.facts import MAX_READ
from devops_orchestrator.project.code.syntax import Source, Sources
from devops_orchestrator.project.tree import Tree, join, parent

Node = Any
# Every file of a package counts for what calls what; more than this of one module are not parsed.
MAX_PARSED = 2_000
_GENERATED = (".pb.go", ".pb.gw.go", ".pb.validate.go", "_templ.go", "bindata.go")
_SYSTEMS = lazy(
    r"_(windows|darwin|freebsd|netbsd|openbsd|solaris|plan9|js|wasip1|android|ios|aix|dragonfly|illumos|arm|arm64|386|wasm|s390x|ppc64le)\.go$"
)
_TRUE = lazy(r"linux|unix|amd64|cgo|gc|go1\.\d+")
# What tests, examples, generators and developers' tools are kept in.
_ASIDE = lazy(
    r"(^|/)(tools?|tooling|internal|hack|scripts?|examples?|samples?|tests?|testdata|testutils?|test[-_]\w+|[-\w]*e2e|integration[-_]?tests?|gen|codegen|"
    r"generators?|contrib|docs?|dev|benchmarks?|bench|ci|mocks?|fixtures|third[_-]party|misc|vendor|_[^/]*|\.[^/]*)(/|$)"
)


def is_test(path: str) -> bool:
    """Whether a file is a test, or one that only tests use."""
    return path.endswith("_test.go") or bool(re.search(r"(^|/)(tests?|testdata|testutils?|testing|mocks?)/", path))


def is_aside(folder: str, module: str) -> bool:
    """Whether a program is a developer's tool, an example or a generator, from where it is in its module."""
    inside = "" if folder == module else folder if module == "." else folder.removeprefix(module).lstrip("/")
    return bool(_ASIDE.search(inside))


class Go(Sources):
    """The packages of one module and of those of the repository that it is linked with."""

    def __init__(self, tree: Tree, folder: str) -> None:
        self.folder = folder
        self.modules: Mapping[str, str] = go_modules.linked(tree, folder)
        files = [path for at in dict.fromkeys((folder, *self.modules.values())) for path in _own(tree, at)]
        files = list(portion.of(files, len(tree.holding("go.mod")), len(tree.files)))
        super().__init__(
            tree, files, {".go": "go"}, re.compile(""), is_test, lambda p: 0 if p.endswith("main.go") else 1
        )
        self.paths = [p for p in self.paths if not p.endswith(_GENERATED) and not _SYSTEMS.search(p)][:MAX_READ]
        self._parsed = 0
        self._sources = _SOURCES.setdefault(tree, {})  # modules of one repository share files

    @cached_property
    def packages(self) -> dict[str, list[str]]:
        """Folder → its files, tests left out."""
        found: dict[str, list[str]] = {}
        for path in self.paths:
            found.setdefault(parent(path), []).append(path)
        return found

    def source(self, path: str, *, always: bool = False) -> Source | None:
        """The parsed file; None where it is absent, too large, left out by its build constraint, or one too many."""
        if path in self._sources:
            return self._sources[path]
        if self._parsed >= MAX_PARSED and not always:
            return None
        text = self.tree.text(path)
        if text is None or len(text) > 500_000 or not _built(text):
            self._sources[path] = None
            return None
        self._parsed += 1
        source = self._sources[path] = Source(path, text, "go")
        return source

    def package(self, folder: str) -> list[Source]:
        """The parsed files of a package, `main.go` first."""
        paths = sorted(self.packages.get(folder, ()), key=lambda path: (self.first(path), path))
        return [source for path in paths if (source := self.source(path)) is not None]

    @cached_property
    def mains(self) -> dict[str, str]:
        """Folders of the module itself that are programs → where `func main` is."""
        found: dict[str, str] = {}
        own = set(_own(self.tree, self.folder))
        for folder, paths in sorted(self.packages.items()):
            for path in paths if paths[0] in own else ():
                text = self.tree.text(path)
                if text is None or "package main" not in text or "func main(" not in text:
                    continue
                source = self.source(path, always=True)
                line = _main(source) if source else None
                if line is not None:
                    found.setdefault(folder, line)
        return found

    def imported(self, source: Source) -> frozenset[str]:
        """The import paths of a file, those without a name (`_`) too."""
        if source.path not in self._paths:
            self._paths[source.path] = frozenset(
                node.field("path").text().strip('"`') for node in source.all("import_spec")
            )
        return self._paths[source.path]

    def imports(self, source: Source) -> dict[str, str]:
        """The name that a file calls a package by → its import path."""
        known = self._imports.get(source.path)
        if known is None:
            known = {}
            for node in source.all("import_spec"):
                path = node.field("path").text().strip('"`')
                name = node.field("name")
                last = go_modules.base(path).rpartition("/")[2]
                known[name.text() if name is not None else re.sub(r"^go-|[.-]go$|\.v\d+$", "", last)] = path
            self._imports[source.path] = known
        return known

    @cached_property
    def _paths(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _imports(self) -> dict[str, dict[str, str]]:
        return {}

    def place(self, package: str) -> str | None:
        """The folder of an import path of the linked modules; None for a package from elsewhere."""
        best = max((n for n in self.modules if package == n or package.startswith(n + "/")), key=len, default=None)
        if best is None:
            return None
        inside = package.removeprefix(best).strip("/")
        folder = join(self.modules[best], inside) if inside else self.modules[best]
        return folder if folder in self.packages else None

    def module_of(self, folder: str) -> str:
        """The folder of the module that a package belongs to."""
        above = [at for at in self.modules.values() if at == "." or folder == at or folder.startswith(at + "/")]
        return max(above, key=len, default=self.folder)


def _own(tree: Tree, folder: str) -> list[str]:
    """The Go files of a module: those of modules further down left out."""
    inner = tuple(
        at + "/" for at in tree.holding("go.mod") if at != folder and (folder == "." or at.startswith(folder + "/"))
    )
    return [path for path in tree.below(folder) if path.endswith(".go") and not path.startswith(inner)]


def _main(source: Source) -> str | None:
    package = next(iter(source.all("package_clause")), None)
    if package is None or package.text().split()[-1] != "main":
        return None
    for function in source.all("function_declaration"):
        name = function.field("name")
        if name is not None and name.text() == "main":
            return source.at(function)
    return None


def _built(text: str) -> bool:
    """Whether `go build` on Linux takes the file in: its `//go:build` line, if it has one."""
    for line in text[:4000].splitlines():
        if line.startswith("package "):
            return True
        if line.startswith("// +build "):  # before Go 1.17: a space is "or", a comma "and"
            tags = line.removeprefix("// +build ").split()
            if not any(
                all(_holds(["!", tag[1:]] if tag[0] == "!" else [tag]) for tag in one.split(",") if tag) for one in tags
            ):
                return False
        if line.startswith("//go:build "):
            words = re.findall(r"[\w.]+|&&|\|\||[!()]", line.removeprefix("//go:build "))
            return _holds(words)
    return True


def _holds(words: list[str]) -> bool:
    """A constraint's value: tags that nobody asked for are false."""

    def either() -> bool:
        found = both()
        while words and words[0] == "||":
            words.pop(0)
            other = both()
            found = found or other
        return found

    def both() -> bool:
        found = one()
        while words and words[0] == "&&":
            words.pop(0)
            other = one()
            found = found and other
        return found

    def one() -> bool:
        word = words.pop(0) if words else ""
        if word == "!":
            return not one()
        if word == "(":
            found = either()
            if words:
                words.pop(0)
            return found
        return bool(_TRUE.fullmatch(word))

    return either()


_SOURCES: WeakKeyDictionary[Tree, dict[str, Source | None]] = WeakKeyDictionary()
_KNOWN: WeakKeyDictionary[Tree, dict[str, Go]] = WeakKeyDictionary()


def code_of(tree: Tree, folder: str) -> Go:
    """The code of the module in a folder, read once a repository."""
    known = _KNOWN.setdefault(tree, {})
    if folder not in known:
        known[folder] = Go(tree, folder)
    return known[folder]
