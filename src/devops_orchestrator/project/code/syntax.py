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


class Source:
    """One parsed file."""

    def __init__(self, path: str, text: str, language: str) -> None:
        from ast_grep_py import SgRoot

        self.path = path
        self.text = text
        self.language = language
        self._parsed = SgRoot(text, language)  # nodes are views of it: it must live as long as they do
        self.root: Node = self._parsed.root()
        self._kinds: dict[tuple[str, ...], list[Node]] = {}

    def at(self, node: Node) -> str:
        """The evidence of a node."""
        return f"{self.path}:{node.range().start.line + 1}"

    def all(self, *kinds: str) -> list[Node]:
        """Every node of these kinds, in the order of the text."""
        if kinds not in self._kinds:
            found = (
                self.root.find_all(any=[{"kind": kind} for kind in kinds])
                if len(kinds) > 1
                else self.root.find_all(kind=kinds[0])
            )
            self._kinds[kinds] = sorted(found, key=lambda node: node.range().start.index)
        return self._kinds[kinds]


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
