"""Syntax trees of every language but Python, through ast-grep. A comment is no node that anybody asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

from devops_orchestrator.project.code.facts import MAX_READ, MAX_SOURCES
from devops_orchestrator.project.tree import Tree

if TYPE_CHECKING:
    Node = Any


MAX_LINE = 50_000  # characters; a longer line was written by a program, and finding a place in it takes its length
# Language → the kinds of nodes that were asked for of its files: a walk through a file looks for all of them at once.
_ASKED: dict[str, dict[str, None]] = {}


class Source:
    """One source file, parsed when its nodes are asked for."""

    def __init__(self, path: str, text: str, language: str) -> None:
        self.path = path
        self.text = text
        self.language = language
        self._found: dict[str, list[tuple[int, Node]]] = {}  # kind → its nodes, each with its turn in one walk
        self._walks: dict[str, int] = {}  # kind → which walk that was
        self._kinds: dict[tuple[str, ...], list[Node]] = {}

    @cached_property
    def root(self) -> Node:
        """The file's outermost node."""
        return self._parsed.root()

    @cached_property
    def _parsed(self) -> Any:  # nodes are views of it: it must live as long as they do
        from ast_grep_py import SgRoot

        return SgRoot("" if _generated(self.text) else self.text, self.language)

    def at(self, node: Node) -> str:
        """The evidence of a node."""
        return f"{self.path}:{node.range().start.line + 1}"

    def all(self, *kinds: str) -> list[Node]:
        """Every node of these kinds, in the order of the text."""
        if kinds not in self._kinds:
            if any(kind not in self._found for kind in kinds):
                self._walk(kinds)
            if len({self._walks[kind] for kind in kinds}) > 1:  # their turns say nothing of each other
                self._kinds[kinds] = list(self.root.find_all(any=[{"kind": kind} for kind in kinds]))
            else:
                turns = [entry for kind in kinds for entry in self._found[kind]]
                turns.sort(key=lambda entry: entry[0])
                self._kinds[kinds] = [node for _, node in turns]
        return self._kinds[kinds]

    def _walk(self, kinds: tuple[str, ...]) -> None:
        asked = _ASKED.setdefault(self.language, {})
        asked.update(dict.fromkeys(kinds))
        wanted = [kind for kind in asked if kind not in self._found]
        walk = len(self._walks)
        for kind in wanted:
            self._found[kind], self._walks[kind] = [], walk
        # In the order of the text already; `range` is slow on long lines.
        for turn, node in enumerate(self.root.find_all(any=[{"kind": kind} for kind in wanted])):
            self._found[node.kind()].append((turn, node))


def _generated(text: str) -> bool:
    """Whether a program wrote the text: bundles and data are not read."""
    return len(text) > MAX_LINE and any(len(line) > MAX_LINE for line in text.split("\n"))


class Sources:
    """The source files of one component that may say something, parsed when asked for."""

    def __init__(
        self, tree: Tree, files: Iterable[str], languages: dict[str, str], words: re.Pattern[str],
        tests: Callable[[str], bool], first: Callable[[str], int],
    ) -> None:  # fmt: skip
        self.tree = tree
        self.languages = languages
        self.words = words
        mine = [
            path for path in files if path[path.rfind(".") :] in languages and not path.endswith((".d.ts", ".min.js"))
        ]
        self.paths = [path for path in mine if not tests(path)]
        self.tests = [path for path in mine if tests(path)]
        self.first = first
        self._sources: dict[str, Source | None] = {}

    @cached_property
    def sources(self) -> list[Source]:
        """The sources that hold a word that is asked for, entry points first, at most MAX_SOURCES of them."""
        found: list[Source] = []
        for path in sorted(self.paths, key=lambda p: (self.first(p), p.count("/"), p))[:MAX_READ]:
            if len(found) >= MAX_SOURCES:
                break
            source = self.source(path)
            if source:
                found.append(source)
        return found

    def source(self, path: str, *, always: bool = False) -> Source | None:
        """The parsed file; None where it is absent or (without `always`) holds no word that is asked for."""
        if path in self._sources:
            return self._sources[path]
        text = self.tree.text(path)
        if text is None or (not always and not self.words.search(text)) or len(text) > 500_000:
            return None
        source = Source(path, text, self.languages[path[path.rfind(".") :]])
        self._sources[path] = source
        return source


def children(node: Node | None) -> Iterator[Node]:
    """The named children of a node, comments left out."""
    if node is not None:
        for child in node.children():
            if child.is_named() and child.kind() not in ("comment", "line_comment", "block_comment"):
                yield child


def child_of(node: Node | None, kind: str) -> Node | None:
    """The first child of a kind, or None."""
    return next((child for child in node.children() if child.kind() == kind), None) if node is not None else None


def unquote(text: str) -> str | None:
    """The text of a plain string literal; None where it holds escapes or interpolation, or is no literal."""
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'`":
        inner = text[1:-1]
        return inner if "\\" not in inner and "${" not in inner else None
    return None
