"""Routes of PHP code, as a client asks for them: Laravel, Lumen, Slim, CodeIgniter, CakePHP, FastRoute, Symfony, plain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code import php_values as values
from devops_orchestrator.project.code.facts import Route, normal
from devops_orchestrator.project.code.php import Php
from devops_orchestrator.project.code.syntax import Source, children

Node = Any
_CALLS = ("scoped_call_expression", "member_call_expression", "nullsafe_member_call_expression")
_VERBS = ("get", "any", "view", "match", "map", "head", "connect", "add", "addRoute", "route", "options")
_OWNERS = lazy(r"\$(app|group|router|routes?|routing|builder|r|f3|this->(app|router|routes?))$")
_WORDS = lazy(r"\bRoute::|->(get|any|map|match|connect|add|addRoute|route|scope|group)\(|Flight::")
_PROVIDERS = lazy(r"withRouting|base_path|routes/")
# Where a framework's routes stand; elsewhere `->get('x', …)` says something else.
_PLACES = {
    "laravel": re.compile(r"(^|/)[Rr]outes?/|(^|/)routes\.php$"),
    "lumen": re.compile(r"(^|/)routes/|(^|/)routes\.php$"),
    "codeigniter": re.compile(r"(^|/)Config/Routes\.php$|(^|/)config/routes\.php$"),
    "cakephp": re.compile(r"(^|/)config/routes\.php$"),
    "symfony": re.compile(r"(^|/)config/routes(/[\w-]+)?\.php$"),
}
_WORDS_PLAIN = lazy(r"REQUEST_URI|PATH_INFO|getUri\(|getPath\(")


def declared(code: Php, framework: str | None) -> list[Route]:
    """The routes that the code declares."""
    place = _PLACES.get(framework or "")
    files = _route_files(code) if framework == "laravel" else {}
    found: list[Route] = []
    for source in code.holding(_WORDS, lambda path: place is None or bool(place.search(path))):
        inside = code.inside(source.path)
        prefix = files.get(inside)
        if prefix is None:
            prefix = "/api" if framework == "laravel" and inside.endswith("routes/api.php") else ""
        found += _of_calls(source, prefix)
    if framework == "laravel":
        found += _health(code)
    if framework is None:
        found += _plain(code)
    return found


def attributes(code: Php, prefixes: dict[str, str]) -> Iterator[Route]:
    """`#[Route('/x')]` of methods, under that of their class and the prefix of the folder that imports them."""
    above: dict[int, str] = {}
    last = ""
    for source, node, name in code.attribute("Route", "Get"):
        if source.path != last:
            above, last = {}, source.path
        path = values.text(values.argument(node, 0, "path"))
        owner = node.parent()
        while owner is not None and owner.kind() not in ("method_declaration", "class_declaration"):
            owner = owner.parent()
        if owner is None:
            continue
        if owner.kind() == "class_declaration":
            above[owner.range().start.index] = path or ""
            if not any(child.text() == "__invoke" for child in _method_names(owner)):
                continue
        parent = owner
        while parent is not None and parent.kind() != "class_declaration":
            parent = parent.parent()
        prefix = above.get(parent.range().start.index, "") if parent is not None and parent != owner else ""
        if path is None and not prefix:
            continue
        inside = code.inside(source.path)
        folder = max((f for f in prefixes if inside.startswith(f)), key=len, default=None)
        methods = values.items(values.argument(node, 99, "methods"))
        method = "GET" if name == "Get" or not methods or "GET" in methods else methods[0].upper()
        yield Route(normal(prefixes[folder] if folder else "", prefix, path or ""), source.at(node), method)


def _method_names(owner: Node) -> Iterator[Node]:
    for method in owner.find_all(kind="method_declaration"):
        named = method.field("name")
        if named is not None:
            yield named


def _of_calls(source: Source, prefix: str) -> Iterator[Route]:
    for call in source.all(*_CALLS):
        verb = values.name_of(call)
        if verb not in _VERBS or not _routes(call):
            continue
        given = [one.node for one in values.arguments(call)]
        if len(given) < 2:
            continue
        method, path = _method_and_path(verb, given)
        if path is None:
            continue
        yield Route(normal(prefix, *_enclosing(call), *_chained(call), path), source.at(call), method)


def _method_and_path(verb: str, given: list[Node]) -> tuple[str, str | None]:
    first, second = values.text(given[0]), values.text(given[1])
    if verb in ("match", "map", "addRoute"):
        listed = [entry.upper() for entry in values.items(given[0])] or [(first or "").upper()]
        return ("GET" if "GET" in listed else listed[0] if listed else ""), second
    if verb == "add":  # Symfony: a name, then the path
        return "GET", second
    if verb == "route":  # Flight and Fat-Free: the method and the path in one string
        method, _, path = (first or "").rpartition(" ")
        return ("GET" if not method or "GET" in method.split("|") else method), path.partition("@")[0] or None
    return ("ANY" if verb == "any" else "GET"), first


def _root(call: Node) -> Node:
    """What a chain of calls begins with: `Route` of `Route::prefix('x')->get(…)`, `$app` of `$app->get(…)`."""
    owner = call.field("scope") or call.field("object")
    return _root(owner) if owner is not None and owner.kind() in _CALLS else owner


def _routes(call: Node) -> bool:
    root = _root(call)
    if root is None:
        return False
    if root.kind() in ("variable_name", "member_access_expression"):
        return bool(_OWNERS.match(root.text())) or _is_group(call, root.text())
    return root.text().rpartition("\\")[2] in ("Route", "Router", "Flight", "SimpleRouter")


def _is_group(call: Node, name: str) -> bool:
    """Whether a variable is what a group around the call hands to its function."""
    above, inner = call.parent(), None
    while above is not None:
        if above.kind() in ("anonymous_function", "arrow_function"):
            inner = above
        elif above.kind() in _CALLS and values.name_of(above) in ("group", "scope", "prefix") and inner is not None:
            given = inner.field("parameters")
            if (
                any(variable.text() == name for variable in given.find_all(kind="variable_name"))
                if given is not None
                else False
            ):
                return True
        above = above.parent()
    return False


def _chained(call: Node) -> list[str]:
    """The prefixes that a chain sets before its last call."""
    found: list[str] = []
    owner = call.field("object")
    while owner is not None and owner.kind() in _CALLS:
        if values.name_of(owner) == "prefix":
            given = values.arguments(owner)
            text = values.text(given[0].node) if given else None
            if text:
                found.insert(0, text)
        owner = owner.field("object")
    return found


def _enclosing(node: Node) -> list[str]:
    """The prefixes of the groups around a node, outermost first."""
    found: list[str] = []
    above = node.parent()
    while above is not None:
        if above.kind() in _CALLS and values.name_of(above) in ("group", "scope", "prefix", "mount"):
            found = [*_chained(above), *_group(above), *found]
        above = above.parent()
    return found


def _group(call: Node) -> list[str]:
    given = values.arguments(call)
    if len(given) < 2:
        return []
    text = values.text(given[0].node) or values.text(dict(values.entries(given[0].node)).get("prefix"))
    return [text] if text else []


def _route_files(code: Php) -> dict[str, str]:
    """Laravel's route files → the prefix that a provider or `withRouting` gives them."""
    found: dict[str, str] = {}
    for source in code.holding(_PROVIDERS, lambda p: p == "bootstrap/app.php" or p.endswith("ServiceProvider.php")):
        for call in source.all(*_CALLS):
            if values.name_of(call) == "withRouting":
                named = {one.name: one.node for one in values.arguments(call) if one.name}
                prefix = values.text(named.get("apiPrefix"))
                file = _route_file(named.get("api"))
                if file:
                    found[file] = "/api" if prefix is None else prefix
            elif values.name_of(call) == "group":
                given = values.arguments(call)
                file = _route_file(given[-1].node) if given else None
                if file:
                    found.setdefault(file, normal(*_enclosing(call), *_chained(call), *_group(call)).rstrip("/"))
    return found


def _route_file(node: Node | None) -> str | None:
    for part in [node, *node.find_all(kind="string")] if node is not None else []:
        text = values.text(part)
        if text and text.endswith(".php") and "routes/" in text:
            return text[text.index("routes/") :]
    return None


def _health(code: Php) -> Iterator[Route]:
    """`health: '/up'` of Laravel's `withRouting`."""
    for source in code.holding(re.compile("withRouting"), lambda path: path == "bootstrap/app.php"):
        for call in source.all(*_CALLS):
            for one in values.arguments(call) if values.name_of(call) == "withRouting" else ():
                path = values.text(one.node) if one.name == "health" else None
                if path:
                    yield Route(normal(path), source.at(one.node))


def _plain(code: Php) -> Iterator[Route]:
    """Paths that plain code compares the request's with: `case '/health':`, `$path === '/health'`, `match`."""
    for source in code.holding(_WORDS_PLAIN):
        for node in source.all("case_statement", "match_conditional_expression", "binary_expression"):
            operator = node.field("operator")
            if node.kind() == "binary_expression" and (operator is None or operator.text() not in ("===", "==")):
                continue
            for part in children(node):
                for leaf in [part, *(children(part) if part.kind() == "match_condition_list" else ())]:
                    text = values.text(leaf)
                    if text and re.fullmatch(r"/[\w./-]+", text):
                        yield Route(text, source.at(leaf))
                if node.kind() == "case_statement":
                    break
