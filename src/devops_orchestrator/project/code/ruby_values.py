"""Ruby expressions as values: literals, `ENV.fetch("X", 1)`, `ENV["X"] || 1`, and the arguments of calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.syntax import children

Node = Any
Names = Mapping[str, Value]
_PASSING = ("to_i", "to_s", "presence", "strip", "to_sym", "downcase")


def text(node: Node | None) -> str | None:
    """The text of a plain string or a symbol; None for another expression and for one with interpolation."""
    if node is None:
        return None
    kind = node.kind()
    if kind == "simple_symbol":
        return str(node.text()[1:])
    if kind in ("hash_key_symbol", "bare_symbol", "bare_string"):
        return str(node.text())
    if kind in ("string", "delimited_symbol"):
        parts = list(children(node))
        return None if any(part.kind() != "string_content" for part in parts) else "".join(p.text() for p in parts)
    return None


def name_of(call: Node) -> str:
    """The name of the method that a call calls."""
    method = call.field("method")
    return method.text() if method is not None else ""


def positional(call: Node) -> list[Node]:
    """The arguments of a call that have no keyword."""
    return [
        a
        for a in children(call.field("arguments"))
        if a.kind() not in ("pair", "block_argument", "hash_splat_argument")
    ]


def keywords(call: Node) -> dict[str, Node]:
    """The keyword arguments of a call: `at: "x"`, `:at => "x"`."""
    return {key: value for key, value in pairs(call.field("arguments")) if key is not None}


def pairs(node: Node | None) -> Iterator[tuple[str | None, Node]]:
    """(key, value) of the pairs of an argument list or a hash; the key is None where it is no literal."""
    for pair in children(node):
        parts = list(children(pair))
        if pair.kind() == "pair" and len(parts) == 2:
            yield text(parts[0]), parts[1]


def strings(node: Node | None) -> list[str]:
    """The strings and symbols of an array literal, of `%w[a b]`, or of one alone."""
    if node is None:
        return []
    if node.kind() in ("array", "string_array", "symbol_array"):
        found = (text(child) for child in children(node))
        return [value for value in found if value is not None]
    one = text(node)
    return [one] if one is not None else []


def block(call: Node) -> Node | None:
    """The block of a call."""
    return next((child for child in call.children() if child.kind() in ("do_block", "block")), None)


def assigned(root: Node) -> dict[str, Value]:
    """Local variables and constants of a file → what they are first set to."""
    found: dict[str, Value] = {}
    for node in root.find_all(kind="assignment"):
        left, right = node.field("left"), node.field("right")
        if left is not None and right is not None and left.kind() in ("identifier", "constant"):
            found.setdefault(left.text(), value(right, found))
    return found


def environment(node: Node) -> tuple[str, bool] | None:
    """(variable, whether it must be set) of `ENV["X"]` and `ENV.fetch("X")`; None for another expression."""
    if node.kind() == "element_reference":
        parts = list(children(node))
        name = text(parts[1]) if len(parts) == 2 and parts[0].text() == "ENV" else None
        return (name, False) if name else None
    if node.kind() == "call" and name_of(node) == "fetch":
        receiver = node.field("receiver")
        given = positional(node)
        name = text(given[0]) if receiver is not None and receiver.text() == "ENV" and given else None
        return (name, len(given) < 2 and block(node) is None) if name else None
    return None


def value(node: Node | None, names: Names | None = None) -> Value:
    """What an expression is: a constant, an environment variable, or one with a default."""
    if node is None:
        return Value()
    kind = node.kind()
    if kind == "integer":
        digits = node.text().replace("_", "")
        return Value(constant=int(digits) if digits.isdigit() else None)
    plain = text(node)
    if plain is not None:
        return Value(constant=plain)
    if kind in ("identifier", "constant"):
        return (names or {}).get(node.text(), Value())
    if kind in ("parenthesized_statements", "block_body", "body_statement"):
        return value((list(children(node)) or [None])[-1], names)
    read = environment(node)
    if read:
        given = positional(node) if kind == "call" else []
        inner = block(node) if kind == "call" else None
        last = given[1] if len(given) > 1 else (list(children(inner)) or [None])[-1] if inner is not None else None
        return Value(constant=value(last, names).constant, variable=read[0])
    if kind == "binary":
        return _either(node, names)
    if kind == "call":
        return _call(node, names)
    if kind == "string":
        return _interpolated(node, names)
    return Value()


def _either(node: Node, names: Names | None) -> Value:
    parts = list(children(node))
    operator = node.field("operator")
    if len(parts) != 2 or operator is None or operator.text() not in ("||", "or"):
        return Value()
    first, second = value(parts[0], names), value(parts[1], names)
    return Value(constant=second.constant, variable=first.variable or second.variable)


def _call(node: Node, names: Names | None) -> Value:
    name, receiver = name_of(node), node.field("receiver")
    if name in _PASSING and receiver is not None:
        return value(receiver, names)
    if name in ("Integer", "String") and receiver is None:
        return value((positional(node) or [None])[0], names)
    return Value()


def _interpolated(node: Node, names: Names | None) -> Value:
    """`"tcp://0.0.0.0:#{ENV.fetch('PORT', 9292)}"` as the text that it makes with the defaults."""
    made, variable = "", None
    for part in children(node):
        if part.kind() == "string_content":
            made += part.text()
            continue
        inner = value(next(iter(children(part)), None), names)
        if inner.constant is None:
            return Value(variable=inner.variable)
        made += str(inner.constant)
        variable = inner.variable or variable
    return Value(constant=made, variable=variable)
