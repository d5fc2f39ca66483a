"""The ports that JavaScript code listens on: Node.js servers, Bun.serve, Deno.serve, a default export that is served."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.javascript import JavaScript, argument
from devops_orchestrator.project.code.syntax import Source, children

Node = Any
_ASIDE = lazy(r"(^|/)(scripts?|tools?|mocks?|examples?|samples?|demos?|docs?|bench(marks?)?)/")
_SERVERS = ("serve", "Bun.serve", "Deno.serve", "startStandaloneServer", "createAdaptorServer", "serveHandler")
Served = tuple[Value, str, str]  # the port, its place, the called function


def served(code: JavaScript) -> list[Served]:
    """Every call that starts a server; the value is empty where the call names no port."""
    found: list[Served] = []
    for source in code.sources:
        if not re.search(r"listen|serve|export\s+default", source.text):
            continue
        if _ASIDE.search(source.path.removeprefix(f"{code.folder}/")) or not code.used(source.path):
            continue
        for call in source.all("call_expression"):
            function = call.field("function")
            word = function.text() if function is not None else ""
            if word.endswith(".listen") or word in _SERVERS or word == "listen":
                found.append((_listening(code, source, call), source.at(call), word))
        found += _exported(code, source)
    return sorted(found, key=lambda call: call[1].rpartition(":")[0] not in code.reached)


def ports(calls: list[Served]) -> list[tuple[Value, str]]:
    """Those that name a port or a variable of one."""
    return [
        (value, place)
        for value, place, _ in calls
        if value.port is not None or (value.variable and "PORT" in value.variable.upper())
    ]


def _listening(code: JavaScript, source: Source, call: Node) -> Value:
    for index in (0, 1):
        node = argument(call, index)
        if node is None:
            return Value()
        if node.kind() == "identifier":
            declared = code.declared(source, node.text())
            node = declared if declared is not None and declared.kind() == "object" else node
        if node.kind() == "object":
            found = _of_object(code, source, node)
            if found is not None:
                return found
        elif index == 0:
            value = code.value(source, node)
            if value.port is not None or value.variable:
                return value
    return Value()


def _of_object(code: JavaScript, source: Source, node: Node) -> Value | None:
    """The `port` of `{ port: 3000 }` or of `{ listen: { port: 3000 } }`."""
    for pair in children(node):
        key = pair.field("key") if pair.kind() == "pair" else None
        if key is not None and key.text() == "port":
            return code.value(source, pair.field("value"))
        if key is not None and key.text() == "listen" and pair.field("value").kind() == "object":
            return _of_object(code, source, pair.field("value"))
        if pair.kind() == "shorthand_property_identifier" and pair.text() == "port":
            return code.value(source, pair) if pair.kind() == "identifier" else code.identifier(source, "port", 0)
    return None


def _exported(code: JavaScript, source: Source) -> Iterator[Served]:
    """`export default { port: 3000, fetch: app.fetch }`, which Bun serves."""
    for node in source.all("export_statement"):
        value = node.field("value")
        if value is None or not re.match(r"export\s+default\b", node.text()):
            continue
        if value.kind() in ("satisfies_expression", "as_expression"):
            value = next(children(value), value)
        if value.kind() == "identifier":
            declared = code.declared(source, value.text())
            value = declared if declared is not None else value
        if value.kind() != "object":
            continue
        names = [part.field("key") or part.field("name") or part for part in children(value)]
        if any(name.text() == "fetch" for name in names if name is not None):
            yield _of_object(code, source, value) or Value(), source.at(node), "export default"
