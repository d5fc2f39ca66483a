"""The folders that a Go program serves as they are, and those that it writes to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.project.code.golang_nodes import literal
from devops_orchestrator.project.code.golang_web import Web
from devops_orchestrator.project.code.syntax import Source, children
from devops_orchestrator.project.tree import parent

Node = Any


def assets(web: Web) -> Iterator[tuple[str, str]]:
    """(folder, evidence) of the static files that it serves from disk."""
    for name, at in (("Static", -1), ("StaticFS", -1), ("Dir", 0), ("HandleDir", -1), ("ServeFiles", -1)):
        for source, call in web.values.calls.get(name, []):
            arguments = list(children(call.field("arguments")))
            if name == "Dir" and call.field("function").text() != "http.Dir":
                continue
            if name in ("Static", "HandleDir"):
                arguments = arguments[1:2]
            text = literal(arguments[at]) if arguments else None
            if text and not text.startswith(("/", "..")):
                yield text.removeprefix("./").strip("/"), source.at(call)


def _said(web: Web, source: Source, node: Node | None) -> str:
    """A string literal, or the one that a variable of the same package is given; else ""."""
    text = literal(node)
    if text is None and node is not None and node.kind() == "identifier":
        given = [
            text
            for text in [
                literal(value)
                for other, _, value, _ in web.values.assigned.get(node.text(), [])
                if parent(other.path) == parent(source.path)
            ]
            if text
        ]
        text = given[0] if len(given) == 1 else None
    return text or ""


def written(web: Web) -> Iterator[tuple[str, str]]:
    """(path, evidence) of the folders and files that it makes: relative ones that the code names."""
    for name in ("MkdirAll", "Mkdir"):
        for source, call in web.values.calls.get(name, []):
            text = _said(web, source, next(children(call.field("arguments")), None))
            if re.fullmatch(r"(\./)?[\w-][\w./-]*", text) and ".." not in text:
                yield text.removeprefix("./").strip("/"), source.at(call)
    for name in ("Open", "MustOpen", "Connect"):
        for source, call in web.values.calls.get(name, []):
            arguments = list(children(call.field("arguments")))
            sqlite = arguments and (literal(arguments[0]) or "").startswith("sqlite")
            driver = call.field("function").text() == "sqlite.Open"
            index = 1 if sqlite else 0
            if (sqlite or driver) and index < len(arguments):
                value = web.values.value(source, arguments[index]).constant
                path = re.sub(r"^file:|\?.*$", "", value) if isinstance(value, str) else ""
                if re.fullmatch(r"(\./)?[\w-][\w./-]*\.\w+", path):
                    yield path.removeprefix("./"), source.at(call)
