"""What a Go program can come to: the packages it imports and the functions that its `main` leads to.

Two programs of one module share packages (a client and a server in `http/`); what one listens on is none of the
other's. Calls are followed by names: a method counts as called where any method of its name is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.golang import Go
from devops_orchestrator.project.code.syntax import Source
from devops_orchestrator.project.tree import parent

Node = Any
_PLAIN = lazy(r'`[^`]*`|"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/|\'(?:[^\'\\\n]|\\.)+\'', re.S)
_NAMES = lazy(r"(?:(?<![\w)\]}])([A-Za-z_]\w*)\s*)?\.\s*([A-Za-z_]\w*)|([A-Za-z_]\w*)")
# Methods that libraries call on what they are given: handlers, commands, jobs.
_CALLED = frozenset({"ServeHTTP", "Execute", "Run", "Start", "Serve", "Handle", "Init", "Action", "Main", "Provision"})


@dataclass
class Function:
    """A function or method: where it is and the names that it mentions."""

    path: str
    start: int
    end: int
    name: str
    receiver: str  # the type's name; "" for a function
    plain: frozenset[str] = frozenset()
    members: frozenset[tuple[str, str]] = frozenset()  # (what stands before the dot, name)


@dataclass
class Reach:
    """The part of the code that one program can come to."""

    folders: set[str] = field(default_factory=set)
    functions: dict[str, list[tuple[int, int, bool]]] = field(default_factory=dict)  # path → spans, reached or not

    def holds(self, evidence: str) -> bool:
        """Whether a place (`path:line`) belongs to the program."""
        path, _, line = evidence.rpartition(":")
        if parent(path) not in self.folders:
            return False
        spans = self.functions.get(path, [])
        number = int(line)
        index = bisect_right(spans, (number, 1 << 30, True)) - 1
        return index < 0 or spans[index][1] < number or spans[index][2]


def of(code: Go, folder: str) -> Reach:
    """What the program in a folder can come to."""
    found = Reach()
    files = _files(code, folder, found)
    functions, loose = _functions(files)
    reached = _follow(code, files, functions, loose, folder)
    for function in functions:
        found.functions.setdefault(function.path, []).append((function.start, function.end, id(function) in reached))
    for spans in found.functions.values():
        spans.sort()
    return found


def everything(code: Go) -> Reach:
    """All packages of the module: what a library is read with."""
    found = Reach()
    found.folders = {folder for folder in code.packages if code.module_of(folder) == code.folder}
    return found


def _files(code: Go, folder: str, found: Reach) -> list[Source]:
    files: list[Source] = []
    stack = [folder]
    while stack:
        at = stack.pop()
        if at in found.folders:
            continue
        found.folders.add(at)
        for source in code.package(at):
            files.append(source)
            stack += [place for path in code.imported(source) if (place := code.place(path)) is not None]
    return files


def mentioned(text: str) -> tuple[frozenset[str], frozenset[tuple[str, str]]]:
    """The names in a piece of code, and the pairs (what stands before the dot, name); comments and strings left out."""
    plain: set[str] = set()
    members: set[tuple[str, str]] = set()
    for owner, member, word in _NAMES.findall(_PLAIN.sub(" ", text)):
        if member:
            members.add((owner, member))
        else:
            plain.add(word)
    return frozenset(plain), frozenset(members)


def _functions(files: list[Source]) -> tuple[list[Function], dict[str, Function]]:
    """The functions of the files, and for each file what stands outside of them."""
    found: list[Function] = []
    loose: dict[str, Function] = {}
    for source in files:
        end = 0
        outside: list[str] = []
        for node in source.all("function_declaration", "method_declaration"):
            place = node.range()
            name, receiver = node.field("name"), node.field("receiver")
            kind = re.search(r"([A-Za-z_]\w*)(?:\[[^\]]*\])?\s*\)$", receiver.text()) if receiver is not None else None
            text = node.text()
            outside.append(source.text[end : place.start.index])
            end = place.end.index
            function = Function(
                source.path,
                place.start.line + 1,
                place.end.line + 1,
                name.text() if name is not None else "",
                kind[1] if kind else "",
            )
            function.plain, function.members = mentioned(text)
            found.append(function)
        rest = Function(source.path, 0, 0, "", "")
        rest.plain, rest.members = mentioned("\n".join([*outside, source.text[end:]]))
        loose[source.path] = rest
    return found, loose


def _follow(
    code: Go, files: list[Source], functions: list[Function], loose: dict[str, Function], folder: str
) -> set[int]:
    by_name: dict[tuple[str, str], list[Function]] = {}
    methods: dict[str, list[Function]] = {}
    called: dict[str, list[Function]] = {}
    for function in functions:
        if function.receiver:
            methods.setdefault(function.name, []).append(function)
            if function.name in _CALLED:
                called.setdefault(function.receiver, []).append(function)
        else:
            by_name.setdefault((parent(function.path), function.name), []).append(function)
    imports = {source.path: code.imports(source) for source in files}
    reached: set[int] = set()
    stack = [*loose.values(), *by_name.get((folder, "main"), [])]
    stack += [function for function in functions if function.name == "init" and not function.receiver]
    while stack:
        at = stack.pop()
        if id(at) in reached:
            continue
        reached.add(id(at))
        here = parent(at.path)
        for word in at.plain:
            stack += by_name.get((here, word), ())
            stack += called.get(word, ())
        for owner, name in at.members:
            package = imports[at.path].get(owner)
            place = code.place(package) if package else None
            if place is not None:
                stack += by_name.get((place, name), ())
            if package is None:
                stack += methods.get(name, ())
            stack += called.get(name, ())
    return reached
