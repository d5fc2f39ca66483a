"""Rust code: the sources of one package and what is declared and called in them; tests and other programs left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.syntax import Source, Sources, children
from devops_orchestrator.project.tree import Tree

Node = Any
_WORDS = lazy(
    r"bind|route|env|serve|run\(|launch|from\(|#\[(get|post)|Addr|clap|arg\(|port|Port|PORT|default|scope|service|nest|mount|path|metrics|Config|Settings|Files|fs::|spawn|loop"
)
_READS = lazy(r"\benv\b|envy|clap|Environment")  # what a library is asked for


def is_test(path: str) -> bool:
    """Whether a file is a test, a benchmark or an example of its package, or its build script."""
    return bool(re.search(r"(^|/)(tests?|benches|examples|fuzz)/|(^|/)(tests?|build|test_\w+|\w+_tests?)\.rs$", path))


def name_of(call: Node) -> str:
    """The last name of what a call calls: `bind` of `TcpListener::bind(…)` and of `server.bind(…)`."""
    return path_of(call).rpartition("::")[2].rpartition(".")[2]


def path_of(call: Node) -> str:
    """What a call calls, without type arguments; of a method only `.name`."""
    function = call.field("function")
    if function is not None and function.kind() == "generic_function":
        function = function.field("function")
    if function is None:
        return ""
    if function.kind() == "field_expression":
        field = function.field("field")
        return "." + (field.text() if field is not None else "")
    return re.sub(r"::<[^>]*>|\s+", "", function.text())


def receiver(call: Node) -> Node | None:
    """What a method is called on, or None."""
    function = call.field("function")
    if function is not None and function.kind() == "generic_function":
        function = function.field("function")
    return function.field("value") if function is not None and function.kind() == "field_expression" else None


def place(source: Source, call: Node) -> str:
    """The evidence of a call: of a method in a chain the line of its own name."""
    function = call.field("function")
    field = function.field("field") if function is not None and function.kind() == "field_expression" else None
    return source.at(field if field is not None else call)


def literal(node: Node | None) -> str | None:
    """The text of a string literal, or None."""
    if node is None or node.kind() not in ("string_literal", "raw_string_literal"):
        return None
    text: str = node.text()
    return text[text.index('"') + 1 : text.rindex('"')]


def around(node: Node, *kinds: str) -> Node | None:
    """The nearest node of these kinds around a node, or None."""
    return next((above for above in node.ancestors() if above.kind() in kinds), None)


_SOURCES: WeakKeyDictionary[Tree, dict[str, Source | None]] = WeakKeyDictionary()


class Crate(Sources):
    """The sources of one package; `aside` are the files of its other programs."""

    def __init__(self, tree: Tree, files: Iterable[str], aside: Iterable[str] = (), *, serves: bool = True) -> None:
        left = set(aside)
        super().__init__(
            tree, (path for path in files if path not in left), {".rs": "rust"}, _WORDS if serves else _READS, is_test,
            lambda p: 0 if p.endswith(("main.rs", "/bin/server.rs")) else 1 if p.endswith("lib.rs") else 2,
        )  # fmt: skip
        self._shared = _SOURCES.setdefault(tree, {})  # packages of one workspace share files

    def source(self, path: str, *, always: bool = False) -> Source | None:
        """The parsed file; None where it is absent or (without `always`) holds no word that is asked for."""
        known = self._shared.get(path)
        if known is None:
            text = self.tree.text(path)
            if text is None or len(text) > 500_000 or (not always and not self.words.search(text)):
                return None
            # What `tokio::join!(…)` holds is plain code: without the `!` it is parsed as such, every place as it was.
            known = self._shared[path] = Source(path, re.sub(r"\b(join|try_join)!\(", r"\1 (", text), "rust")
        return known if always or self.words.search(known.text) else None

    @cached_property
    def _spans(self) -> dict[str, list[tuple[int, int]]]:
        """File → the lines of its `#[cfg(test)]` modules and test functions."""
        found: dict[str, list[tuple[int, int]]] = {}
        for source in self.sources:
            for node in source.all("attribute_item"):
                if not re.match(r"#\[\s*(cfg\(\s*(any\(|all\()?\s*test\b|(\w+::)*test\b)", node.text()):
                    continue
                item = node.next()
                while item is not None and item.kind() in ("attribute_item", "line_comment", "block_comment"):
                    item = item.next()
                if item is not None:
                    found.setdefault(source.path, []).append((item.range().start.index, item.range().end.index))
        return found

    def nodes(self, *kinds: str) -> Iterator[tuple[Source, Node]]:
        """The nodes of these kinds outside of tests."""
        for source in self.sources:
            spans = self._spans.get(source.path, [])
            for node in source.all(*kinds):
                place = node.range().start.index
                if not any(start <= place < end for start, end in spans):
                    yield source, node

    @cached_property
    def calls(self) -> dict[str, list[tuple[Source, Node]]]:
        """Last name of what is called → the calls."""
        found: dict[str, list[tuple[Source, Node]]] = {}
        for source, call in self.nodes("call_expression"):
            found.setdefault(name_of(call), []).append((source, call))
        return found

    def called(self, names: re.Pattern[str]) -> list[tuple[Source, Node]]:
        """The calls of these last names, in the order of the files and of the text."""
        order = {source.path: index for index, source in enumerate(self.sources)}
        found = [entry for name, entries in self.calls.items() if names.fullmatch(name) for entry in entries]
        return sorted(found, key=lambda entry: (order[entry[0].path], entry[1].range().start.index))

    @cached_property
    def functions(self) -> dict[str, list[tuple[Source, Node]]]:
        """Name → the functions of that name."""
        found: dict[str, list[tuple[Source, Node]]] = {}
        for source, node in self.nodes("function_item"):
            name = node.field("name")
            if name is not None:
                found.setdefault(name.text(), []).append((source, node))
        return found

    @cached_property
    def constants(self) -> dict[str, list[tuple[Source, Node]]]:
        """Name → the constants and statics of that name."""
        found: dict[str, list[tuple[Source, Node]]] = {}
        for source, node in self.nodes("const_item", "static_item"):
            name = node.field("name")
            if name is not None:
                found.setdefault(name.text(), []).append((source, node))
        return found

    @cached_property
    def filled(self) -> dict[str, list[tuple[Source, Node]]]:
        """Field → the values that struct expressions give it; assignments `config.port = …` too."""
        found: dict[str, list[tuple[Source, Node]]] = {}
        for source, node in self.nodes("field_initializer", "shorthand_field_initializer", "assignment_expression"):
            if node.kind() == "assignment_expression":
                left, right = node.field("left"), node.field("right")
                if left is not None and left.kind() == "field_expression" and right is not None:
                    found.setdefault(left.field("field").text(), []).append((source, right))
                continue
            parts = list(children(node))
            if parts:
                found.setdefault(parts[0].text(), []).append((source, parts[-1]))
        return found

    @cached_property
    def fields(self) -> dict[str, list[tuple[Source, Node, list[str]]]]:
        """Field of a struct → its declaration and its attributes."""
        found: dict[str, list[tuple[Source, Node, list[str]]]] = {}
        for source, node in self.nodes("field_declaration"):
            attributes: list[str] = []
            above = node.prev()
            while above is not None and above.kind() in ("attribute_item", "line_comment", "block_comment"):
                if above.kind() == "attribute_item":
                    attributes.append(above.text())
                above = above.prev()
            found.setdefault(node.field("name").text(), []).append((source, node, attributes))
        return found


def struct_of(field: Node) -> str:
    """The struct that a field is declared in."""
    above = around(field, "struct_item")
    name = above.field("name") if above is not None else None
    return str(name.text()) if name is not None else ""
