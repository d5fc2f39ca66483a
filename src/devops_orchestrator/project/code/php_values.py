"""PHP expressions as values: literals, arrays, arguments, and `env('X', 'default')`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.syntax import children

Node = Any
READERS = ("env", "getenv", "env_default_when_empty")
_STRINGS = ("string", "encapsed_string")


@dataclass(frozen=True)
class Argument:
    """One argument of a call or an attribute; `name` where it is a named one."""

    name: str | None
    node: Node


def text(node: Node | None) -> str | None:
    """The text of a string literal; None for another expression and for one with interpolation."""
    if node is None:
        return None
    if node.kind() == "argument":
        inner = list(children(node))
        return text(inner[-1]) if inner else None
    if node.kind() not in _STRINGS:
        return None
    parts = list(children(node))
    if any(part.kind() != "string_content" for part in parts):
        return None
    return "".join(part.text() for part in parts)


def arguments(call: Node) -> list[Argument]:
    """The arguments of a call or an attribute, in order."""
    found: list[Argument] = []
    given = call.field("arguments") or next((c for c in call.children() if c.kind() == "arguments"), None)
    for argument in children(given):
        inner = list(children(argument))
        if argument.kind() != "argument" or not inner:
            continue
        named = len(inner) > 1 and inner[0].kind() == "name" and ":" in argument.text()[: len(inner[0].text()) + 2]
        found.append(Argument(inner[0].text() if named else None, inner[-1]))
    return found


def argument(call: Node, position: int, name: str) -> Node | None:
    """The argument of this name, else the positional one (from 0); None where it is absent."""
    given = arguments(call)
    for one in given:
        if one.name == name:
            return one.node
    return given[position].node if position < len(given) and given[position].name is None else None


def entries(array: Node | None) -> Iterator[tuple[str, Node]]:
    """(key, value) of an array literal's entries that have a plain key."""
    for element in children(array):
        parts = list(children(element))
        if element.kind() == "array_element_initializer" and len(parts) == 2:
            key = text(parts[0])
            if key is not None:
                yield key, parts[1]


def items(array: Node | None) -> list[str]:
    """The plain strings of a list literal."""
    found = (text(part) for element in children(array) for part in list(children(element))[-1:])
    return [value for value in found if value is not None]


def name_of(call: Node) -> str:
    """The name of the function or method that a call calls; "" where it is computed."""
    field = "function" if call.kind() == "function_call_expression" else "name"
    named = call.field(field)
    return named.text().lstrip("\\") if named is not None else ""


def value(node: Node | None) -> Value:
    """A literal, or an environment variable with its default: `env('X', 'y')`, `getenv('X') ?: 'y'`, `$_ENV['X'] ?? 'y'`."""
    if node is None:
        return Value()
    kind = node.kind()
    if kind == "argument":
        return value((list(children(node)) or [None])[-1])
    if kind in _STRINGS:
        return Value(constant=text(node))
    if kind == "integer":
        return Value(constant=int(node.text()) if node.text().isdigit() else None)
    if kind in ("parenthesized_expression", "cast_expression"):
        return value((list(children(node)) or [None])[-1])
    if kind == "function_call_expression" and name_of(node) in (*READERS, "intval"):
        given = arguments(node)
        first = value(given[0].node) if given else Value()
        if name_of(node) == "intval":
            return first
        default = value(given[1].node) if len(given) > 1 else Value()
        variable = first.variable or (first.constant if isinstance(first.constant, str) else None)
        return Value(constant=default.constant, variable=variable)
    if kind == "scoped_call_expression" and name_of(node) == "get" and node.text().lstrip("\\").startswith("Env::"):
        given = arguments(node)
        default = value(given[1].node) if len(given) > 1 else Value()
        return Value(constant=default.constant, variable=text(given[0].node) if given else None)
    if kind == "subscript_expression":
        return Value(variable=superglobal(node))
    if kind in ("binary_expression", "conditional_expression"):
        return _with_default(node)
    return Value()


def _with_default(node: Node) -> Value:
    parts = list(children(node))
    operator = node.field("operator")
    if len(parts) < 2 or (operator is not None and operator.text() not in ("??", "||")):
        return Value()
    first, last = value(parts[0]), value(parts[-1])
    return Value(constant=last.constant, variable=first.variable or last.variable)


def superglobal(node: Node) -> str | None:
    """The key of `$_ENV['X']` or `$_SERVER['X']`, or None."""
    parts = list(children(node))
    if len(parts) == 2 and parts[0].text() in ("$_ENV", "$_SERVER"):
        return text(parts[1])
    return None


def guarded(node: Node) -> bool:
    """Whether the code says what happens where the variable is absent: a default, a comparison, a test for it."""
    below, above = node, node.parent()
    while above is not None:
        kind = above.kind()
        if kind == "binary_expression":
            operator = above.field("operator")
            if operator is not None and operator.text() not in (".", "+", "-", "*", "/"):
                return True
        if kind in ("conditional_expression", "unary_op_expression"):
            return True
        if kind == "function_call_expression" and re.fullmatch(
            r"isset|empty|is_string|is_null|array_key_exists", name_of(above)
        ):
            return True
        if (
            kind == "parenthesized_expression"
            and (up := above.parent()) is not None
            and up.kind().endswith("if_statement")
        ):
            return True
        if kind in ("expression_statement", "compound_statement", "return_statement", "echo_statement"):
            return False
        below, above = above, above.parent()
    return below is None
