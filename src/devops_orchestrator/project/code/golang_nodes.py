"""Small questions to nodes of Go's syntax tree."""

from __future__ import annotations

from typing import Any

from devops_orchestrator.project.code.syntax import children

Node = Any
_LITERALS = ("interpreted_string_literal", "raw_string_literal")


def literal(node: Node | None) -> str | None:
    """The text of a string literal, or None."""
    if node is None:
        return None
    if node.kind() == "literal_element":
        return literal(next(children(node), None))
    return node.text()[1:-1] if node.kind() in _LITERALS else None


def callee(call: Node) -> str:
    """The last name of what a call calls: `Run` of `router.Run(…)`."""
    function = call.field("function")
    return function.text().rpartition(".")[2].partition("[")[0] if function is not None else ""


def pair(element: Node) -> tuple[str, Node] | None:
    """Name and value of `Addr: ":8080"` in a composite literal."""
    parts = list(children(element))
    if len(parts) != 2:
        return None
    value = parts[1]
    return parts[0].text(), (next(children(value), value) if value.kind() == "literal_element" else value)


def enclosing(node: Node, *kinds: str) -> Node | None:
    """The nearest node of these kinds around a node, or None."""
    return next((above for above in node.ancestors() if above.kind() in kinds), None)


def parameter(function: Node, name: str) -> int | None:
    """The position of a parameter of a function or function literal, or None."""
    position = 0
    for declared in children(function.field("parameters")):
        names = [child.text() for child in declared.children() if child.kind() == "identifier"]
        for one in names or [""]:
            if one == name:
                return position
            position += 1
    return None
