"""go.mod and go.work: names, versions, requirements, and which modules of one repository are built from which others."""

from __future__ import annotations

from dataclasses import dataclass, field
from posixpath import normpath

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.tree import Tree, ancestors, join, parent

_VERSION = lazy(r"/v\d+$")


@dataclass(frozen=True)
class Line:
    """A word of a go.mod or go.work and its line."""

    text: str
    number: int


@dataclass
class Module:
    """One go.mod (or go.work). `requires` are the direct requirements; `indirect` those that only others need."""

    path: str
    name: str = ""
    name_line: int = 1
    go: Line | None = None
    toolchain: Line | None = None
    requires: dict[str, Line] = field(default_factory=dict)
    indirect: set[str] = field(default_factory=set)
    replaces: dict[str, str] = field(default_factory=dict)  # module → folder as written (`../common`)
    tools: dict[str, Line] = field(default_factory=dict)  # `tool` directives: what `go tool` runs
    uses: list[str] = field(default_factory=list)  # go.work: folders as written

    @property
    def folder(self) -> str:
        """Where the file is."""
        return parent(self.path)


def read(path: str, text: str) -> Module:
    """A go.mod or go.work. Its grammar is line by line: a verb and words, or a verb, `(`, lines of words, `)`."""
    found = Module(path)
    block = ""
    for number, line in enumerate(text.splitlines(), 1):
        code, _, comment = line.partition("//")
        words = code.split()
        if not words:
            continue
        if words[0] == ")":
            block = ""
        elif len(words) > 1 and words[1] == "(":
            block = words[0]
        elif block:
            _directive(found, block, words, comment, number)
        else:
            _directive(found, words[0], words[1:], comment, number)
    return found


def _directive(found: Module, verb: str, words: list[str], comment: str, number: int) -> None:
    words = [word.strip('"`') for word in words]
    if not words:
        return
    if verb == "module":
        found.name, found.name_line = words[0], number
    elif verb == "go":
        found.go = Line(words[0], number)
    elif verb == "toolchain" and words[0].startswith("go"):
        found.toolchain = Line(words[0].removeprefix("go").partition("-")[0], number)
    elif verb == "require" and len(words) > 1:
        if "indirect" in comment:
            found.indirect.add(words[0])
        else:
            found.requires[words[0]] = Line(words[1], number)
    elif verb == "replace" and "=>" in words:
        target = words[words.index("=>") + 1 :]
        if target and target[0].startswith("."):
            found.replaces[words[0]] = target[0]
    elif verb == "tool":
        found.tools[words[0]] = Line(words[0], number)
    elif verb == "use":
        found.uses.append(words[0])


def of(tree: Tree, folder: str) -> Module | None:
    """The go.mod of a folder, or None."""
    return tree.parsed(tree.first(folder, "go.mod"), read)


def workspace(tree: Tree, folder: str) -> Module | None:
    """The nearest go.work above a module that uses it, or None."""
    for above in ancestors(folder):
        found = tree.parsed(tree.first(above, "go.work"), read)
        if found is not None and folder in used(found):
            return found
    return None


def used(work: Module) -> list[str]:
    """The folders that a go.work uses, from the repository's root."""
    return [_at(work.folder, one) for one in work.uses]


def linked(tree: Tree, folder: str) -> dict[str, str]:
    """Module name → folder of the repository's own modules that this one can import, itself first, transitively.

    A module is taken from the repository where a `replace` or a go.work says so; one that is only required by its
    name is a published version of the same code, and read from the repository too.
    """
    found: dict[str, str] = {}
    folders = set(tree.holding("go.mod"))
    by_name = {module.name: at for at in sorted(folders) if (module := of(tree, at)) is not None and module.name}
    stack = [folder]
    while stack:
        at = stack.pop()
        module = of(tree, at)
        if module is None or at in found.values():
            continue
        found[module.name] = at
        work = workspace(tree, at)
        beside = set(used(work)) if work else set()
        for name, other in by_name.items():
            if name in module.requires or name in module.replaces or other in beside:
                stack.append(other)
        stack += [_at(at, target) for target in module.replaces.values() if _at(at, target) in folders]
    return found


def _at(folder: str, relative: str) -> str:
    return normpath(join(folder, relative)) if folder != "." else normpath(relative)


def base(package: str) -> str:
    """A module's name without its major version: `github.com/labstack/echo` of `github.com/labstack/echo/v4`."""
    return _VERSION.sub("", package)
