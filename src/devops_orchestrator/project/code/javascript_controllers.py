"""NestJS: the routes of controllers, under the global prefix and the version of the address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from devops_orchestrator.project.code.facts import Route, normal
from devops_orchestrator.project.code.javascript import JavaScript, argument
from devops_orchestrator.project.code.syntax import Source, children, unquote

Node = Any


@dataclass
class _Application:
    """What `main.ts` sets for every controller."""

    prefix: str = ""
    excluded: str = ""
    versioned: bool = False  # by address: /v1/…
    version_prefix: str = "v"
    default_version: str | None = None


def routes(code: JavaScript) -> Iterator[Route]:
    """`@Controller("x")` and the `@Get("y")` that follow it."""
    if not any("@Controller" in source.text for source in code.sources):
        return
    application = _application(code)
    for source in code.sources:
        if "@Controller" not in source.text:
            continue
        controller: str | None = None
        version: str | None = None
        for node in source.all("decorator"):
            call = next(children(node), None)
            function = call.field("function") if call is not None and call.kind() == "call_expression" else None
            name = function.text() if function is not None else ""
            if call is not None and name == "Controller":
                controller = _path(code, source, argument(call, 0))
                version = _version(call.text()) or application.default_version
            elif name in ("Get", "All") and controller is not None:
                inner = normal(controller, _path(code, source, argument(call, 0)))
                bare = re.search(rf"['\"]/?{re.escape(inner.strip('/'))}['\"]", application.excluded)
                versioned = f"{application.version_prefix}{version}" if application.versioned and version else ""
                yield Route(normal("" if bare else application.prefix, versioned, inner), source.at(node))


def _application(code: JavaScript) -> _Application:
    found = _Application()
    for source in code.sources:
        for call in source.all("call_expression"):
            function = call.field("function")
            word = function.text().rpartition(".")[2] if function is not None else ""
            if word == "setGlobalPrefix":
                value = code.value(source, argument(call, 0)).constant
                found.prefix = value if isinstance(value, str) else found.prefix
                options = argument(call, 1)
                found.excluded = options.text() if options is not None else ""
            elif word == "enableVersioning":
                options = argument(call, 0)
                text = options.text() if options is not None else ""
                found.versioned = "VersioningType" not in text or "VersioningType.URI" in text
                found.default_version = _version(text.replace("defaultVersion", "version"))
                prefix = re.search(r"\bprefix\s*:\s*(?:['\"]([^'\"]*)['\"]|false)", text)
                found.version_prefix = (prefix[1] or "") if prefix else "v"
    return found


def _version(text: str) -> str | None:
    """The version that options name; None for VERSION_NEUTRAL and none at all."""
    found = re.search(r"\bversion\s*:\s*\[?\s*['\"]([^'\"]+)['\"]", text)
    return found[1] if found else None


def _path(code: JavaScript, source: Source, node: Node | None) -> str:
    if node is None:
        return ""
    if node.kind() == "array":
        return _path(code, source, next(children(node), None))
    if node.kind() == "object":
        pair = next((p for p in children(node) if p.kind() == "pair" and p.field("key").text() == "path"), None)
        return (unquote(pair.field("value").text()) or "") if pair is not None else ""
    value = code.value(source, node).constant
    return value if isinstance(value, str) else ""
