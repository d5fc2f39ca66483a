"""Elixir's syntax tree: calls, keywords, scopes, and what an expression is worth."""

from __future__ import annotations

import re
from typing import Any
from weakref import WeakKeyDictionary

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.syntax import Source, children, unquote

Node = Any
_DEVELOPMENT = lazy(r"dev_routes|Mix\.env|:dev\b")
VARIABLE = lazy(r"[A-Z][A-Z0-9_]+")


_CALLS: WeakKeyDictionary[Source, dict[str, list[Node]]] = WeakKeyDictionary()


def calls(source: Source, *names: str) -> list[Node]:
    """The calls of these functions in a file, in the order of the text."""
    known = _CALLS.get(source)
    if known is None:
        known = _CALLS[source] = {}
        for call in source.all("call"):
            known.setdefault(name_of(call), []).append(call)
    found = [call for name in names for call in known.get(name, ())]
    return found if len(names) == 1 else sorted(found, key=lambda call: call.range().start.index)


def name_of(call: Node) -> str:
    """The name of the function that a call calls: `get`, `System.get_env`."""
    first = next(iter(children(call)), None)
    return str(first.text()) if first is not None else ""


def arguments(call: Node) -> list[Node]:
    """The arguments of a call, without its block."""
    found = next((child for child in children(call) if child.kind() == "arguments"), None)
    return list(children(found))


def keyword(node: Node | None, key: str) -> Node | None:
    """The value of the first `key: value` below a node."""
    for pair in node.find_all(kind="pair") if node is not None else ():
        parts = list(children(pair))
        if len(parts) == 2 and parts[0].text().strip() == f"{key}:":
            return parts[1]
    return None


def is_module(source: Source, alias: str) -> bool:
    """Whether a file defines the module that an alias names."""
    for call in calls(source, "defmodule"):
        given = arguments(call)
        if given and f".{given[0].text()}".endswith(f".{alias}"):
            return True
    return False


def scopes(call: Node) -> list[str]:
    """The paths of the scopes around a route, outermost first."""
    found: list[str] = []
    above = call.parent()
    while above is not None:
        if above.kind() == "call" and name_of(above) == "scope":
            given = arguments(above)
            first = given[0] if given and given[0].kind() == "string" else keyword(given[-1] if given else None, "path")
            path = unquote(first.text()) if first is not None else None
            if path:
                found.insert(0, path)
        above = above.parent()
    return found


def in_development(call: Node) -> bool:
    above = call.parent()
    while above is not None:
        if (
            above.kind() == "call"
            and name_of(above) == "if"
            and (given := arguments(above))
            and _DEVELOPMENT.search(given[0].text())
        ):
            return True
        above = above.parent()
    return False


def evaluate(source: Source, node: Node, depth: int = 0) -> Value:
    """What an expression is worth: numbers, `System.get_env("PORT") || "4000"`, variables of the file, helpers."""
    kind = node.kind()
    if depth > 8:
        return Value()
    if kind == "integer":
        text = node.text().replace("_", "")
        return Value(int(text)) if text.isdigit() else Value()
    if kind == "string":
        literal = unquote(node.text())
        return Value(int(literal)) if literal and literal.isdigit() else Value()
    if kind == "identifier":
        for other in reversed(source.all("binary_operator")):
            parts = list(children(other))
            if len(parts) == 2 and parts[0].text() == node.text() and re.match(r"\w+\s*=[^=~>]", other.text()):
                return evaluate(source, parts[1], depth + 1)
        return Value()
    if kind == "tuple":
        words = [child.text() for child in children(node)]
        name = next((w.strip('"') for w in words if VARIABLE.fullmatch(w.strip('"'))), None)
        number = next((int(w.strip('"')) for w in words[1:] if w.strip('"').isdigit()), None)
        return Value(number, name) if words and words[0] == ":system" else Value()
    if kind == "binary_operator":
        return _operator(source, node, depth)
    if kind == "call":
        return _called(source, node, depth)
    return Value()


def _operator(source: Source, node: Node, depth: int) -> Value:
    parts = list(children(node))
    if len(parts) != 2:
        return Value()
    between = node.text()[len(parts[0].text()) : len(node.text()) - len(parts[1].text())].strip()
    left = evaluate(source, parts[0], depth + 1)
    if between == "|>":
        right = parts[1].text()
        return (
            left if left.port or left.variable else evaluate(source, parts[1], depth + 1) if "env" in right else Value()
        )
    if between == "||":
        right = evaluate(source, parts[1], depth + 1)
        return Value(left.constant if left.constant is not None else right.constant, left.variable or right.variable)
    return Value()


def _called(source: Source, node: Node, depth: int) -> Value:
    """`String.to_integer(x)`, `System.get_env("X", "1")`, `env!("PORT", :integer, 4000)`."""
    constant: object = None
    variable: str | None = None
    for argument in arguments(node):
        text = unquote(argument.text()) if argument.kind() == "string" else None
        if text and VARIABLE.fullmatch(text):
            variable = variable or text
            continue
        value = evaluate(source, argument, depth + 1)
        constant = constant if constant is not None else value.constant
        variable = variable or value.variable
    return Value(constant, variable)
