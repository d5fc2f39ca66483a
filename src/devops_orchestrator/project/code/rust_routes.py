"""Routes of Rust code: axum, actix-web, Rocket, warp, poem, salvo, with the paths that their routers are nested under."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Route, normal
from devops_orchestrator.project.code.rust import around, literal, name_of, path_of, place, receiver
from devops_orchestrator.project.code.rust_values import Rust
from devops_orchestrator.project.code.syntax import Source, children

Node = Any
_ATTRIBUTE = lazy(r'#\[\s*(?:\w+::)*(get|head|post|put|patch|delete|route)\(\s*(?:uri\s*=\s*)?"([^"]*)"')
_DOCUMENTED = lazy(r'#\[\s*(?:utoipa::path|oai)\(.*?path\s*=\s*"([^"]+)"', re.S)
# Calls whose router argument is served below a path, or as it is.
_BELOW = frozenset({"nest", "nest_service", "scope", "mount", "nest_no_strip", "nest_api_service"})
_ASIS = frozenset(
    {
        "merge",
        "service",
        "configure",
        "push",
        "route",
        "to",
        "build",
        "finish",
        "wrap",
        "with_state",
        "routes",
        "external",
        "layer",
        "or",
    }
)


def routes(code: Rust) -> list[Route]:
    """The routes of one package, whole as a client asks for them."""
    return [*_calls(code), *_attributes(code), *_warp(code), *_listed(code)]


def _listed(code: Rust) -> Iterator[Route]:
    """`"/health" => get(handler)` in a macro that lists routes."""
    for source, node in code.nodes("macro_invocation", "attribute_item"):
        text = node.text()
        for found in re.finditer(r'"(/[^"\s]*)"\s*=>\s*(get|any)\(', text) if "=> get(" in text else ():
            line = node.range().start.line + 1 + text.count("\n", 0, found.start())
            yield Route(normal(prefix(code, source, node), found[1]), f"{source.path}:{line}")


def _calls(code: Rust) -> Iterator[Route]:
    for name in ("route", "at", "resource", "with_path", "route_service"):
        for source, call in code.calls.get(name, []):
            arguments = list(children(call.field("arguments")))
            path = code.value(source, arguments[0]).constant if arguments else None
            if not isinstance(path, str) or (
                name in ("route", "at", "route_service") and (receiver(call) is None or len(arguments) < 2)
            ):
                continue
            if name in ("resource", "with_path") and not re.fullmatch(
                r"(\w+::)*(resource|Router::with_path)", path_of(call)
            ):
                continue
            method = _method(arguments[1].text()) if len(arguments) > 1 else _chained(call)
            yield Route(normal(prefix(code, source, call), path), place(source, call), method)


def _method(text: str) -> str:
    if (
        re.search(
            r"(^|[\s:.(])(get|get_service|any|any_service|head)\(|::(GET|HEAD)\b|^\w+$|RouterService|MethodRouter", text
        )
        or "(" not in text
    ):
        return "GET"
    return "POST" if re.search(r"\b(post|put|patch|delete)\(", text) else "GET"


def _chained(call: Node) -> str:
    """`web::resource("/x").route(web::post()…)`: GET unless only others are named."""
    statement = around(call, "expression_statement", "let_declaration", "arguments", "block")
    text = statement.text() if statement is not None else ""
    tail = text[text.find(call.text()) + len(call.text()) :][:200]
    said = re.match(r"\s*\.(?:route\(\s*)?(?:web::)?(get|post|put|patch|delete)\(", tail)
    return "POST" if said and said[1] != "get" else "GET"


def prefix(
    code: Rust, source: Source, node: Node, depth: int = 0, seen: frozenset[tuple[str, str]] = frozenset()
) -> str:
    """The path that a router is served below: from the calls around it, then from where its function or variable is used."""
    if depth > 12:
        return ""
    parts: list[str] = []
    root = _root(code, source, node)
    if root:
        parts.insert(0, root)
    inside = node
    for above in node.ancestors():
        kind = above.kind()
        if (
            kind == "call_expression"
            and above.field("arguments") is not None
            and _within(inside, above.field("arguments"))
        ):
            name = name_of(above)
            arguments = list(children(above.field("arguments")))
            first = code.value(source, arguments[0]).constant if len(arguments) > 1 else None
            if name in _BELOW and isinstance(first, str) and receiver(above) is not None:
                parts.insert(0, first)
            if name in _BELOW | _ASIS:
                found = _root(code, source, above)
                if found:
                    parts.insert(0, found)
        if kind == "let_declaration" and above.field("pattern") is not None:
            function = around(above, "function_item")
            name = above.field("pattern").text().removeprefix("mut ").strip()
            used = _uses(code, name, source, function) if function is not None and name.isidentifier() else None
            if used is not None:
                return _join(_into(code, used, depth, seen), *parts)
        if kind == "function_item":
            name = above.field("name").text()
            if (source.path, name) not in seen and name != "main":
                used = _uses(code, name, None, None)
                if used is not None:
                    return _join(_into(code, used, depth, seen | {(source.path, name)}), *parts)
            break
        inside = above
    return _join(*parts)


def _into(code: Rust, used: tuple[Source, Node, str], depth: int, seen: frozenset[tuple[str, str]]) -> str:
    source, call, own = used
    return _join(prefix(code, source, call, depth + 1, seen), own)


def _within(inside: Node, arguments: Node) -> bool:
    left, right = inside.range(), arguments.range()
    return bool(right.start.index <= left.start.index and left.end.index <= right.end.index)


def _root(code: Rust, source: Source, call: Node) -> str:
    """The path of the scope that a chain of calls begins with: `web::scope("/api").service(…)`, `Router::with_path("api")`."""
    at = receiver(call)
    found: list[str] = []
    while at is not None and at.kind() == "call_expression":
        if re.fullmatch(r"(\w+::)*(scope|Router::with_path)", path_of(at)):
            first = next(children(at.field("arguments")), None)
            text = code.value(source, first).constant
            if isinstance(text, str):
                found.insert(0, text)
        at = receiver(at)
    return _join(*found)


def _uses(code: Rust, name: str, source: Source | None, function: Node | None) -> tuple[Source, Node, str] | None:
    """Where a router's variable (in one function) or function (anywhere) is put into another router, and below which path."""
    for verb in (*sorted(_BELOW), *sorted(_ASIS)):
        for other, call in code.calls.get(verb, []):
            if function is not None and (other is not source or around(call, "function_item") != function):
                continue
            arguments = list(children(call.field("arguments")))
            if not any(_mentions(argument, name, variable=function is not None) for argument in arguments):
                continue
            first = code.value(other, arguments[0]).constant if len(arguments) > 1 else None
            below = first if verb in _BELOW and isinstance(first, str) and receiver(call) is not None else ""
            return other, call, below
    return None


def _mentions(argument: Node, name: str, *, variable: bool) -> bool:
    """Whether an argument is that variable, a call of that function, the function itself, or a macro that lists it."""
    text = argument.text()
    if variable:
        return bool(re.match(rf"&?{re.escape(name)}\b(?!\()", text))
    if argument.kind() == "macro_invocation":
        return bool(re.search(rf"(?<![\w]){re.escape(name)}\b", text))
    if argument.kind() in ("identifier", "scoped_identifier", "reference_expression"):
        return bool(text.lstrip("&").rpartition("::")[2] == name)
    call = argument
    while call is not None and call.kind() in ("call_expression", "await_expression", "try_expression"):
        if call.kind() == "call_expression" and receiver(call) is None:
            return path_of(call).rpartition("::")[2] == name
        call = receiver(call) if call.kind() == "call_expression" else next(children(call), None)
    return False


def _join(*parts: str) -> str:
    text = "/".join(part.strip("/") for part in parts if part.strip("/"))
    return f"/{text}" if text else ""


def _attributes(code: Rust) -> Iterator[Route]:
    """`#[get("/health")]` of actix-web and Rocket, below where the handler is registered."""
    for source, node in code.nodes("attribute_item"):
        text = node.text()
        found, documented = _ATTRIBUTE.match(text), _DOCUMENTED.match(text)
        if found is None and documented is None:
            continue
        function = node.next()
        while function is not None and function.kind() in ("attribute_item", "line_comment", "block_comment"):
            function = function.next()
        name = function.field("name").text() if function is not None and function.kind() == "function_item" else ""
        used = _uses(code, name, None, None) if name else None
        if found is None and used is None:
            continue
        below = _into(code, used, 1, frozenset()) if used else ""
        path = (found[2] if found else documented[1] if documented else "").partition("?")[0]
        method = found[1].upper() if found else "GET"
        yield Route(normal(below, path), source.at(node), "GET" if method == "ROUTE" else method)


def _warp(code: Rust) -> Iterator[Route]:
    """`warp::path!("api" / "health")`, `warp::path("health").and(warp::get())`."""
    for source, node in code.nodes("macro_invocation"):
        name = node.field("macro")
        if name is None or name.text() not in ("warp::path", "path"):
            continue
        tokens = next((child for child in node.children() if child.kind() == "token_tree"), None)
        parts = [literal(part) for part in children(tokens)]
        if parts and all(part is not None for part in parts):
            yield Route(normal(*[part for part in parts if part]), source.at(node), _verb(node))
    done: set[int] = set()
    for source, call in code.calls.get("path", []):
        if not re.fullmatch(r"(warp::)?path", path_of(call)):
            continue
        statement = around(call, "let_declaration", "expression_statement", "function_item")
        start = statement.range().start.index if statement is not None else call.range().start.index
        if statement is None or start in done or "warp" not in source.text:
            continue
        done.add(start)
        inner = [
            one for one in statement.find_all(kind="call_expression") if re.fullmatch(r"(warp::)?path", path_of(one))
        ]
        inner.sort(key=lambda one: one.range().start.index)
        texts = [literal(next(children(one.field("arguments")), None)) for one in inner]
        if ".or(" not in statement.text() and all(texts):
            yield Route(normal(*[text for text in texts if text]), source.at(call), _verb(call))


def _verb(node: Node) -> str:
    statement = around(node, "let_declaration", "expression_statement", "function_item")
    text = statement.text() if statement is not None else ""
    return "POST" if re.search(r"warp::(post|put|patch|delete)\(\)", text) and "warp::get()" not in text else "GET"
