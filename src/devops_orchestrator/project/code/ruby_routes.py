"""Routes of Ruby code, as a client asks for them: Rails, Hanami, Sinatra, Grape, Roda, and plain Rack."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code import ruby_values as values
from devops_orchestrator.project.code.facts import Route, normal
from devops_orchestrator.project.code.ruby import Ruby
from devops_orchestrator.project.code.syntax import Source, children
from devops_orchestrator.project.tree import join

Node = Any
_WEB = lazy(r"Sinatra|sinatra|Grape::API|Roda|PATH_INFO|path_info|Rack::")
_PATHS = lazy(r"PATH_INFO|\bpath(_info)?\b")


def declared(code: Ruby, framework: str | None) -> list[Route]:
    """The routes that the code declares."""
    if framework in ("rails", "hanami"):
        return list(_tables(code))
    mounted = _mounted(code)
    found = [Route(path, place) for path, (place, _) in mounted.items()]
    prefixes = {name: path for path, (_, name) in mounted.items() if name}
    for source in code.holding(_WEB):
        if source.path.endswith(".ru") and framework != "rack":
            continue
        found += _of_classes(source, prefixes)
        found += _compared(source)
        found += _roda(source)
    return found


def _tables(code: Ruby) -> Iterator[Route]:
    """config/routes.rb, and the files of config/routes/ that it draws."""
    files = code.tree.matching(join(code.folder, "config/routes"), "*.rb")
    for path in [join(code.folder, "config/routes.rb"), *files]:
        source = code.source(path, always=True)
        for call in source.all("call") if source else ():
            yield from _of_table(source, call) if source else ()


def _of_table(source: Source, call: Node) -> Iterator[Route]:
    verb, given = values.name_of(call), values.positional(call)
    named = dict(values.pairs(call.field("arguments")))
    if call.field("receiver") is not None:
        return
    path: str | None = None
    if verb == "get" or (verb == "match" and "GET" in _methods(named)):
        path = values.text(given[0]) if given else next((k for k, v in named.items() if k and _is_target(k, v)), None)
    elif verb == "mount":
        at = named.get("at")
        path = (
            values.text(at) if at is not None else next((values.text(v) for k, v in named.items() if k is None), None)
        )
    elif verb in ("resource", "resources") and given and _shows(verb, named):
        path = values.text(named.get("path")) or values.text(given[0])
    if path is not None:
        yield Route(normal(*_around(call), path), source.at(call))


def _methods(named: dict[str | None, Node]) -> set[str]:
    return ({text.upper() for text in values.strings(named.get("via"))} & {"GET", "ALL"} and {"GET"}) or set()


def _is_target(key: str, value: Node) -> bool:
    """`"up" => "rails/health#show"`: a path and its action, and no option."""
    return key not in (
        "to",
        "as",
        "via",
        "on",
        "constraints",
        "defaults",
        "controller",
        "action",
        "format",
        "module",
    ) and (values.text(value) is not None or value.kind() in ("call", "lambda"))


def _shows(verb: str, named: dict[str | None, Node]) -> bool:
    """Whether a resource answers GET on its own path."""
    action = "show" if verb == "resource" else "index"
    if "only" in named:
        return action in values.strings(named["only"])
    return action not in values.strings(named.get("except"))


def _around(node: Node) -> list[str]:
    """The prefixes of the blocks around a route, outermost first."""
    found: list[str] = []
    own = values.keywords(node) if node.kind() == "call" else {}
    above = node.parent()
    on = values.text(own.get("on"))
    while above is not None:
        if above.kind() == "call" and values.block(above) is not None:
            name, given, named = values.name_of(above), values.positional(above), values.keywords(above)
            first = values.text(given[0]) if given else None
            if name == "namespace":
                found.insert(0, values.text(named.get("path")) if "path" in named else first or "")  # type: ignore[arg-type]
            elif name == "scope":
                found.insert(0, values.text(named.get("path")) or first or "")
            elif name == "slice":
                found.insert(0, values.text(named.get("at")) or "")
            elif name == "resource":
                found.insert(0, values.text(named.get("path")) or first or "")
            elif name == "resources":
                base = values.text(named.get("path")) or first or ""
                found.insert(0, base if on == "collection" else f"{base}/:id")
            elif name in ("collection", "member"):
                on = name
        above = above.parent()
    return [part for part in found if part and part != "/"]


def _mounted(code: Ruby) -> dict[str, tuple[str, str | None]]:
    """Paths of `map "/x"` in config.ru → (place, the class that it runs)."""
    found: dict[str, tuple[str, str | None]] = {}
    source = code.file("config.ru")
    for call in source.all("call") if source else ():
        given = values.positional(call)
        path = values.text(given[0]) if values.name_of(call) == "map" and given else None
        inner = values.block(call)
        if path is None or inner is None or source is None:
            continue
        runs = [c for c in inner.find_all(kind="call") if values.name_of(c) == "run" and values.positional(c)]
        above = [
            p
            for c in _calls_above(call)
            if values.name_of(c) == "map"
            for p in [values.text((values.positional(c) or [None])[0])]
            if p
        ]
        if runs and not any(values.name_of(c) == "map" for c in inner.find_all(kind="call")):
            target = values.positional(runs[-1])[0]
            name = target.text().removesuffix(".new").removesuffix(".freeze").removesuffix(".app")
            found[normal(*above, path)] = (source.at(call), name if re.fullmatch(r"[A-Z][\w:]*", name) else None)
    return found


def _calls_above(node: Node) -> list[Node]:
    found: list[Node] = []
    above = node.parent()
    while above is not None:
        if above.kind() == "call":
            found.insert(0, above)
        above = above.parent()
    return found


def _of_classes(source: Source, prefixes: dict[str, str]) -> Iterator[Route]:
    """`get "/x" do` of Sinatra and Grape, with the namespaces around it and where config.ru mounts its class."""
    for call in source.all("call"):
        if values.name_of(call) != "get" or values.block(call) is None:
            continue
        receiver = call.field("receiver")
        if receiver is not None:
            continue
        given = values.positional(call)
        path = values.text(given[0]) if given else ""
        owner = _class_of(call)
        if path is None:
            continue
        inner = [
            first
            for above in _calls_above(call)
            if values.name_of(above) in ("namespace", "resource", "resources", "group", "segment")
            and values.positional(above)
            for first in [values.text(values.positional(above)[0])]
            if first
        ]
        mounted = prefixes.get(owner[0], "") if owner else ""
        yield Route(normal(mounted, *(_grape(owner[1]) if owner else ()), *inner, path), source.at(call))


def _class_of(node: Node) -> tuple[str, Node] | None:
    """(name, class) around a node, with the modules that it stands in."""
    above = node.parent()
    names: list[str] = []
    found: Node | None = None
    while above is not None:
        if above.kind() in ("class", "module"):
            name = above.field("name")
            found = found or (above if above.kind() == "class" else None)
            names.insert(0, name.text() if name is not None else "")
        above = above.parent()
    return ("::".join(names), found) if found is not None else None


def _grape(owner: Node) -> list[str]:
    """`prefix :api` and `version "v1", using: :path` of a Grape class."""
    prefix = version = None
    if "Grape::API" not in owner.text().partition("\n")[0]:
        return []
    for call in owner.find_all(kind="call"):
        given, named = values.positional(call), values.keywords(call)
        if values.name_of(call) == "prefix" and given:
            prefix = values.text(given[0])
        elif values.name_of(call) == "version" and given and values.text(named.get("using")) in ("path", None):
            version = values.text(given[0])
    return [part for part in (prefix, version) if part]


def _compared(source: Source) -> Iterator[Route]:
    """Paths that plain Rack code compares the request's with: `case env["PATH_INFO"] when "/x"`, `path_info == "/x"`."""
    for node in source.all("case", "binary"):
        parts = list(children(node))
        if not parts or not _PATHS.search(parts[0].text().partition("\n")[0]):
            continue
        if node.kind() == "binary":
            operator = node.field("operator")
            text = values.text(parts[-1]) if operator is not None and operator.text() == "==" else None
            if text and text.startswith("/"):
                yield Route(normal(text), source.at(node))
            continue
        for when in node.find_all(kind="when"):
            for pattern in when.find_all(kind="pattern"):
                text = values.text(next(iter(children(pattern)), None))
                if text and text.startswith("/"):
                    yield Route(normal(text), source.at(pattern))


def _roda(source: Source) -> Iterator[Route]:
    """`r.on "api" do r.get "health"` of Roda's routing tree."""
    if "Roda" not in source.text:
        return
    for call in source.all("call"):
        receiver = call.field("receiver")
        if (
            receiver is None
            or receiver.text() not in ("r", "request")
            or values.name_of(call) not in ("get", "is", "on")
        ):
            continue
        texts = [values.text(node) for node in values.positional(call)]
        if not texts or any(text is None for text in texts) or (values.name_of(call) == "on" and _has_routes(call)):
            continue
        above = [
            text
            for outer in _calls_above(call)
            if values.name_of(outer) in ("on", "is")
            and (r := outer.field("receiver")) is not None
            and r.text() in ("r", "request")
            for node in values.positional(outer)
            for text in [values.text(node) or ":x"]
        ]
        yield Route(normal(*above, *(text or "" for text in texts)), source.at(call))


def _has_routes(call: Node) -> bool:
    inner = values.block(call)
    return inner is not None and any(
        values.name_of(c) in ("get", "is", "on", "post") for c in inner.find_all(kind="call")
    )
