"""The options object of a tool's configuration module: `export default defineConfig({ … })` and the ways to write it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.javascript import JavaScript, argument
from devops_orchestrator.project.code.syntax import Source, children
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree, join

Node = Any
_EXTENSIONS = ("ts", "mts", "js", "mjs", "cjs", "cts")


@dataclass(frozen=True)
class Option:
    """One option that was found: what it is worth and where it is set."""

    value: Value
    node: Node
    evidence: str

    @property
    def text(self) -> str | None:
        """The option as a string, or None."""
        return self.value.constant if isinstance(self.value.constant, str) else None

    @property
    def flag(self) -> bool | None:
        """The option as `true` or `false`, or None."""
        return {"true": True, "false": False}.get(self.node.text())


class Options:
    """The options of one configuration module; every question is answered with None where the module is absent."""

    def __init__(self, code: JavaScript, source: Source | None) -> None:
        self.code = code
        self.source = source
        self.objects = list(self._exported()) if source is not None else []

    @classmethod
    def of(cls, draft: Draft, tree: Tree, code: JavaScript, *stems: str) -> Options:
        """The first of these modules (`vite.config`, `astro.config`…) that a component has."""
        names = [f"{stem}.{extension}" for stem in stems for extension in _EXTENSIONS]
        path = tree.first(draft.path, *names)
        return cls(code, code.source(path, always=True) if path else None)

    @property
    def path(self) -> str | None:
        """The module's path, or None."""
        return self.source.path if self.source is not None else None

    def get(self, *keys: str) -> Option | None:
        """The option at a path of keys, or None."""
        for node in self.objects:
            found = self._in(node, keys)
            if found is not None:
                return found
        return None

    def imports(self) -> dict[str, str]:
        """Local name → module of what the module imports."""
        return {name: module for name, module, _ in self.code.imports(self.source)} if self.source is not None else {}

    def called(self) -> set[str]:
        """The functions that the module calls: `adapter`, `nitro`."""
        calls = self.source.all("call_expression") if self.source is not None else []
        return {function.text() for call in calls if (function := call.field("function")) is not None}

    def _in(self, node: Node, keys: tuple[str, ...]) -> Option | None:
        assert self.source is not None
        for pair in children(node):
            if pair.kind() == "shorthand_property_identifier" and pair.text() == keys[0] and len(keys) == 1:
                value = self.code.identifier(self.source, pair.text(), 0)
                return Option(value, self.code.declared(self.source, pair.text()) or pair, self.source.at(pair))
            key = pair.field("key") if pair.kind() == "pair" else None
            if key is None or key.text().strip("'\"") != keys[0]:
                continue
            value_node = pair.field("value")
            if len(keys) == 1:
                return Option(self.code.value(self.source, value_node), value_node, self.source.at(pair))
            for inner in self._objects(value_node, 0):
                found = self._in(inner, keys[1:])
                if found is not None:
                    return found
        return None

    def _exported(self) -> Iterator[Node]:
        assert self.source is not None
        for node in self.source.all("export_statement"):
            if "default" in [child.text() for child in node.children()]:
                yield from self._objects(node.field("value") or next(children(node), None), 0)
        for node in self.source.all("assignment_expression"):
            left = node.field("left")
            if left is not None and left.text() in ("module.exports", "exports.default"):
                yield from self._objects(node.field("right"), 0)

    def _objects(self, node: Node | None, depth: int) -> Iterator[Node]:
        """The object literals that an expression can be: itself, an argument of a call, what a function returns."""
        if node is None or depth > 8 or self.source is None:
            return
        kind = node.kind()
        if kind == "object":
            yield node
        elif kind in ("satisfies_expression", "as_expression", "parenthesized_expression", "await_expression"):
            yield from self._objects(next(children(node), None), depth + 1)
        elif kind == "identifier":
            yield from self._objects(self.code.declared(self.source, node.text()), depth + 1)
        elif kind == "call_expression":
            for inner in list(children(node.field("arguments")))[:2]:
                yield from self._objects(inner, depth + 1)
            function = node.field("function")
            if function is not None and function.kind() == "call_expression":  # withPlugins({…})(config)
                yield from self._objects(function, depth + 1)
        elif kind in ("arrow_function", "function_expression", "function_declaration", "function"):
            body = node.field("body")
            if body is not None and body.kind() != "statement_block":
                yield from self._objects(body, depth + 1)
            for statement in body.find_all(kind="return_statement") if body is not None else ():
                yield from self._objects(next(children(statement), None), depth + 1)
        elif kind == "ternary_expression":
            for part in ("consequence", "alternative"):
                yield from self._objects(node.field(part), depth + 1)


def called_with(options: Options, name: str) -> Node | None:
    """The first argument of the first call of `name` or of a method of that name in the module, or None."""
    for call in options.source.all("call_expression") if options.source is not None else ():
        function = call.field("function")
        if function is not None and function.text().rpartition(".")[2] == name:
            found: Node | None = argument(call, 0)
            return found
    return None


def setting(options: Options, function: str, *keys: str) -> Option | None:
    """An option of the object that a call is given: `adapter({ out: "server" })`."""
    node = called_with(options, function)
    if node is None or options.source is None or node.kind() != "object":
        return None
    return options._in(node, keys)


def inside(folder: str, path: str) -> str:
    """A path from the repository's root as seen from a component's folder."""
    return path if folder == "." else path.removeprefix(join(folder, ""))
