"""Routes without a router: addresses that a handler compares with (node:http, Bun, Deno), and maps of routes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Route
from devops_orchestrator.project.code.javascript import JavaScript, argument
from devops_orchestrator.project.code.syntax import Source, children, unquote

Node = Any
_SERVED = lazy(r"createServer|(Bun|Deno)\.serve|\bserve\(|\bfetch\s*[(:]|IncomingMessage|(node:)?https?['\"]|Request\b")
_ADDRESS = lazy(r"(^|\.|\b)(url|pathname|path|originalUrl)!?$")
_PAGE = lazy(r"location|window|router|document|route\.", re.I)
_METHOD = lazy(r"method\s*===?\s*['\"](\w+)['\"]|['\"](\w+)['\"]\s*===?\s*\S*method")


def routes(code: JavaScript) -> Iterator[Route]:
    """Every address that the code of a server without a router answers."""
    for source in code.sources:
        if source.language == "tsx" or not _SERVED.search(source.text):
            continue
        yield from _compared(source)
        yield from _maps(code, source)


def _compared(source: Source) -> Iterator[Route]:
    for node in source.all("binary_expression"):
        if not re.search(r"===?", node.text()):
            continue
        left, right = node.field("left"), node.field("right")
        for literal, other in ((left, right), (right, left)):
            if literal is not None and literal.kind() == "string" and _is_address(other):
                yield from _route(source, literal, node)
    for node in source.all("switch_statement"):
        subject = next(children(node.field("value")), None)
        for case in children(node.field("body")) if _is_address(subject) else ():
            literal = case.field("value") if case.kind() == "switch_case" else None
            if literal is not None and literal.kind() == "string":
                yield from _route(source, literal, case)
    for node in source.all("new_expression"):
        made = node.field("constructor")
        first = argument(node, 0) if made is not None and made.text() == "URLPattern" else None
        for pair in children(first) if first is not None and first.kind() == "object" else ():
            if pair.kind() == "pair" and pair.field("key").text() == "pathname":
                yield from _route(source, pair.field("value"), node)


def _is_address(node: Node | None) -> bool:
    if node is None or node.kind() not in ("member_expression", "identifier", "template_string", "call_expression"):
        return False
    text = node.text().rstrip("`}")
    return bool(_ADDRESS.search(text)) and not _PAGE.search(text)


def _route(source: Source, literal: Node, node: Node) -> Iterator[Route]:
    """`"/healthz"` or `"GET /healthz"`, with the method that the condition around it asks for."""
    found = re.fullmatch(r"(?:([A-Z]+) )?(/[\w./-]*)", unquote(literal.text()) or "")
    if not found:
        return
    method = found[1] or "GET"
    above = node.parent()
    while above is not None and above.kind() in ("binary_expression", "parenthesized_expression"):
        asked = _METHOD.search(above.text()) if "&&" in above.text() and "||" not in above.text() else None
        method = (asked[1] or asked[2]) if asked else method
        above = above.parent()
    yield Route(found[2], source.at(node), method)


def _maps(code: JavaScript, source: Source) -> Iterator[Route]:
    """`Bun.serve({ routes: { "/health": … } })`, terminus' `healthChecks: { "/healthz": … }`."""
    for pair in source.all("pair"):
        key, value = pair.field("key"), pair.field("value")
        if key is None or value is None or key.text() not in ("routes", "static", "healthChecks"):
            continue
        if value.kind() == "identifier":
            value = code.declared(source, value.text()) or value
        for entry in children(value) if value.kind() == "object" else ():
            name = entry.field("key") if entry.kind() == "pair" else None
            path = unquote(name.text()) if name is not None and name.kind() == "string" else None
            if path and path.startswith("/"):
                inner = entry.field("value")
                methods = (
                    [part.field("key").text() for part in children(inner) if part.kind() == "pair"]
                    if inner.kind() == "object"
                    else []
                )
                yield Route(path, source.at(entry), "GET" if not methods or "GET" in methods else methods[0])
