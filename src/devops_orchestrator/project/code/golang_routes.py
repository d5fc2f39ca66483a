"""Routes of Go code: net/http patterns, gorilla/mux, gin, echo, fiber, chi, with the prefixes of their groups."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Route, normal
from devops_orchestrator.project.code.golang_nodes import callee, enclosing, literal, parameter
from devops_orchestrator.project.code.golang_values import Values
from devops_orchestrator.project.code.syntax import Source, children

Node = Any
_VERBS = {
    "HandleFunc": "ANY", "Handle": "ANY", "HandlerFunc": "ANY", "Handler": "ANY", "Get": "GET", "GET": "GET", "Any": "ANY", "All": "ANY",
    "Head": "HEAD", "HEAD": "HEAD", "Method": "ANY", "MethodFunc": "ANY", "Add": "ANY", "Path": "ANY", "To": "ANY", "Post": "POST", "POST": "POST",
}  # fmt: skip
_METHOD = lazy(r'"?(?:http\.Method|fiber\.Method|echo\.)?(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)(?:,[A-Z,]+)?"?', re.I)
_GROUPS = frozenset({"Group", "Route", "PathPrefix", "Mount", "SubRouter", "Party"})
# Methods that give back the router that they are called on.
_SAME = frozenset(
    {"With", "Use", "Subrouter", "Name", "StrictSlash", "Methods", "Host", "Schemes", "UseEncodedPath", "Bundle"}
)
_FUNCTIONS = ("function_declaration", "method_declaration")


def routes(values: Values) -> list[Route]:
    """The routes of one program, whole as a client asks for them."""
    found: list[Route] = []
    for verb in _VERBS:
        for source, call in values.calls.get(verb, []):
            found += _route(values, source, call, verb)
    return [*found, *_middleware(values)]


def _route(values: Values, source: Source, call: Node, verb: str) -> Iterator[Route]:
    function = call.field("function")
    arguments = list(children(call.field("arguments")))
    if function is None or function.kind() != "selector_expression" or not arguments:
        return
    method = _VERBS[verb]
    named = _METHOD.fullmatch(arguments[0].text()) if len(arguments) > 2 else None
    path = arguments[1] if named else arguments[0]
    if named:
        method = named[1].upper()
    if len(arguments) < 2 and verb != "Path":
        return
    text = values.value(source, path).constant
    if not isinstance(text, str):
        return
    before, _, text = text.rpartition(" ")
    method = before.strip() or method
    if not text.startswith("/") and (text or verb not in ("GET", "Get")) and not re.fullmatch(r"[\w.-]+", text):
        return
    if not text.startswith("/") and (method == "ANY" or "/" in text or not _routed(values, source, function)):
        return
    owner = function.field("operand")
    yield Route(normal(prefix(values, source, owner), text), source.at(call), _restricted(call) or method)


def _routed(values: Values, source: Source, function: Node) -> bool:
    """Whether `x.Get("health", …)` can be a route: it is on a group, since a path without a slash is also a key."""
    return prefix(values, source, function.field("operand")) != ""


def _restricted(call: Node) -> str | None:
    """`.Methods("POST")` behind a gorilla route: its method; None where GET is among them or nothing is said."""
    above = call.parent()
    if above is None or above.kind() != "selector_expression" or above.field("field").text() != "Methods":
        return None
    said = [
        found[1].upper()
        for one in children(above.parent().field("arguments"))
        if (found := _METHOD.fullmatch(one.text()))
    ]
    return said[0] if said and "GET" not in said else None


def prefix(values: Values, source: Source, node: Node | None, depth: int = 0) -> str:
    """The path under which a router is served."""
    if node is None or depth > 30:
        return ""
    place = node.range()
    key = (source.path, place.start.index, place.end.index)
    if key not in values.prefixes:
        values.prefixes[key] = ""  # a router that is mounted on itself
        values.prefixes[key] = _prefix(values, source, node, depth)
    return values.prefixes[key]


def _prefix(values: Values, source: Source, node: Node, depth: int) -> str:
    kind = node.kind()
    if kind == "call_expression":
        name, function = callee(node), node.field("function")
        operand = (
            function.field("operand") if function is not None and function.kind() == "selector_expression" else None
        )
        arguments = list(children(node.field("arguments")))
        if name in _GROUPS and operand is not None:
            text = values.value(source, arguments[0]).constant if arguments else ""
            own = text if isinstance(text, str) and not text.startswith(":") else ""
            return _join(prefix(values, source, operand, depth + 1), own)
        if name in _SAME and operand is not None:
            return prefix(values, source, operand, depth + 1)
        return _closures(values, source, node, depth)
    if kind == "unary_expression":
        return prefix(values, source, node.field("operand"), depth + 1)
    if kind == "identifier":
        return _named(values, source, node, depth)
    if kind == "selector_expression":
        return _field(values, source, node, depth)
    return ""


def _join(*parts: str) -> str:
    text = "/".join(part.strip("/") for part in parts if part.strip("/"))
    return f"/{text}" if text else ""


def _named(values: Values, source: Source, node: Node, depth: int) -> str:
    name = node.text()
    for above in node.ancestors():
        kind = above.kind()
        if kind == "func_literal":
            position = parameter(above, name)
            if position is not None:
                return _given(values, source, above, depth)
        elif kind in _FUNCTIONS:
            position = parameter(above, name)
            if position is not None:
                return _argument(values, source, above, position, depth)
            for other, statement, value, index in values.assigned.get(name, []):
                if (
                    other is source
                    and not index
                    and value.range() != node.range()
                    and enclosing(statement, *_FUNCTIONS) == above
                ):
                    if value.kind() == "call_expression" and callee(value) in (_GROUPS | _SAME):
                        return prefix(values, source, value, depth + 1)
                    return _join(_mounted(values, source, name, above, depth), _closures(values, source, node, depth))
            break
    return _closures(values, source, node, depth)


def _given(values: Values, source: Source, function: Node, depth: int) -> str:
    """The router that `r.Route("/x", func(r chi.Router) {…})` gives to the function."""
    call = enclosing(function, "call_expression")
    if call is None:
        return ""
    name, target = callee(call), call.field("function")
    operand = target.field("operand") if target is not None and target.kind() == "selector_expression" else None
    if operand is None or name not in (_GROUPS | _SAME):
        return ""
    first = next(children(call.field("arguments")), None)
    text = values.value(source, first).constant if first is not None and first.kind() != "func_literal" else ""
    return _join(prefix(values, source, operand, depth + 1), text if isinstance(text, str) else "")


def _argument(values: Values, source: Source, function: Node, position: int, depth: int) -> str:
    """What the calls of a function give it as its router; the first that says a prefix."""
    for other, call in values.called(source, function):
        arguments = list(children(call.field("arguments")))
        if position < len(arguments):
            found = prefix(values, other, arguments[position], depth + 1)
            if found:
                return found
    return ""


def _closures(values: Values, source: Source, node: Node, depth: int) -> str:
    """`m.Group("/x", func() { m.Get(…) })`: the prefixes of the functions around that take no router."""
    found: list[str] = []
    for above in node.ancestors():
        if above.kind() in _FUNCTIONS:
            break
        if above.kind() != "func_literal" or next(children(above.field("parameters")), None) is not None:
            continue
        call = enclosing(above, "call_expression")
        first = next(children(call.field("arguments")), None) if call is not None else None
        text = literal(first) if call is not None and callee(call) in ("Group", "Route") else None
        if text:
            found.insert(0, text)
    return _join(*found)


def _mounted(values: Values, source: Source, name: str, function: Node, depth: int) -> str:
    """Where a router that a function makes is put: `r.Mount("/api", sub)`, `http.StripPrefix("/api", sub)`, or what it returns."""
    own = function.field("name").text() if function.field("name") is not None else ""
    returned = any(
        one.text().split("return", 1)[1].strip().startswith(name) for one in function.find_all(kind="return_statement")
    )
    for verb in ("Mount", "StripPrefix", "Handle", "PathPrefix"):
        for other, call in values.calls.get(verb, []):
            arguments = list(children(call.field("arguments")))
            path = literal(arguments[0]) if len(arguments) > 1 else None
            if path is None or path == "/":
                continue
            inner = arguments[1]
            here = other is source and inner.text() == name and enclosing(call, *_FUNCTIONS) == function
            made = returned and own and inner.kind() == "call_expression" and callee(inner) == own
            if not here and not made:
                continue
            target = call.field("function")
            outer = target.field("operand") if verb == "Mount" and target.kind() == "selector_expression" else None
            return _join(prefix(values, other, outer, depth + 1) if outer is not None else "", path.rpartition(" ")[2])
    return ""


def _field(values: Values, source: Source, node: Node, depth: int) -> str:
    """`s.router`: what the field is filled with."""
    name = node.field("field").text() if node.field("field") is not None else ""
    for other, statement, value, index in values.assigned.get(name, []):
        left = statement.field("left")
        if left is not None and "." in left.text() and not index and value.range() != node.range():
            found = prefix(values, other, value, depth + 1)
            if found:
                return found
    for other, element in values.elements.get(name, []):
        found = prefix(values, other, element, depth + 1)
        if found:
            return found
    return _closures(values, source, node, depth)


def _middleware(values: Values) -> Iterator[Route]:
    """Routes that a middleware answers: chi's and go-pkgz's, fiber's health check."""
    for source, call in values.calls.get("Heartbeat", []):
        text = literal(next(children(call.field("arguments")), None))
        if text:
            yield Route(normal(text), source.at(call))
    for source, call in values.calls.get("Use", []):
        for argument in children(call.field("arguments")):
            words = argument.text().split("(")[0]
            owner, _, name = words.rpartition(".")
            package = values.code.imports(source).get(owner, "")
            if name == "Ping" and package.startswith("github.com/go-pkgz/rest"):
                yield Route("/ping", source.at(argument))
            if name == "New" and package.startswith("github.com/gofiber/fiber/v2/middleware/healthcheck"):
                body = argument.text()
                for key, path in (("LivenessEndpoint", "/livez"), ("ReadinessEndpoint", "/readyz")):
                    said = re.search(rf'{key}:\s*"([^"]+)"', body)
                    yield Route(normal(said[1] if said else path), source.at(argument))
