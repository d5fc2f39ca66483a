"""Routes that Python code lists as values: Starlette's `Route`, aiohttp's `web.get`, Tornado's tuples, Litestar's handlers."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from devops_orchestrator.project.code.facts import Route, normal
from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_module import Module, called, dotted, keyword

_LITESTAR = ("get", "post", "put", "delete", "patch", "head", "route")


def listed(python: Python) -> Iterator[Route]:
    """The routes of the frameworks that list them, with the prefixes of what they are listed in."""
    packages = {base.split(".")[0] for module in python.modules for base, _ in module.imports.values()}
    if "litestar" in packages or "starlite" in packages:
        yield from _litestar(python)
    if packages & {"starlette", "fastapi"}:
        yield from _starlette(python)
    for module in python.modules:
        if "aiohttp" in packages:
            yield from _aiohttp(python, module)
        if "tornado" in packages:
            yield from _tornado(python, module)
        if "bottle" in packages:
            yield from _bottle(python, module)


def _starlette(python: Python) -> Iterator[Route]:
    """`Route("/health", …)`, below the `Mount("/api", routes=[…])` that hold it."""
    inside: dict[tuple[str, int], str] = {}  # a route inside a Mount → the Mount's prefix
    for module in python.modules:
        for node in module.calls():
            if called(node) != "Mount" or not node.args:
                continue
            prefix = python.string(module, node.args[0]) or ""
            below = keyword(node, "routes") or (node.args[1] if len(node.args) > 1 else keyword(node, "app"))
            for target, part in _reached(python, module, below):
                for route in ast.walk(part):
                    if called(route) in ("Route", "Mount"):
                        key = (target.path, id(route))
                        inside[key] = prefix.rstrip("/") + inside.get(key, "")
    for module in python.modules:
        for node in module.calls():
            if called(node) == "Route" and _from(module, node, "starlette", "fastapi"):
                path = python.string(module, node.args[0] if node.args else keyword(node, "path"))
                if path:
                    yield Route(normal(inside.get((module.path, id(node)), ""), path), module.at(node), "ANY")


def _reached(python: Python, module: Module, node: ast.expr | None) -> Iterator[tuple[Module, ast.expr]]:
    """An expression, or what the name that it is stands for."""
    if node is None:
        return
    if isinstance(node, ast.Call):  # Mount("/api", app=Starlette(routes=[…]))
        yield module, node
        return
    name = dotted(node)
    place = python.resolve(module, name) if name else None
    if place and place[1] in place[0].locals:
        yield place[0], place[0].locals[place[1]]
    elif not name:
        yield module, node


def _from(module: Module, node: ast.Call, *packages: str) -> bool:
    head = dotted(node.func).split(".")[0]
    return module.imports.get(head, ("", None))[0].split(".")[0] in packages


def _aiohttp(python: Python, module: Module) -> Iterator[Route]:
    """`web.get("/health", handler)` of `app.add_routes([…])`."""
    for node in module.calls():
        name = called(node)
        if name in ("get", "head", "view", "route") and node.args and _from(module, node, "aiohttp"):
            given = node.args[1] if name == "route" and len(node.args) > 1 else node.args[0]
            path = python.string(module, given)
            if path and path.startswith("/"):
                yield Route(normal(path), module.at(node), "ANY")


def _tornado(python: Python, module: Module) -> Iterator[Route]:
    """`(r"/health", HealthHandler)` and `url(r"/health", HealthHandler)`, in a list."""
    for node in module.nodes:
        entries = node.elts if isinstance(node, ast.List) else ()
        for entry in entries:
            parts = entry.elts if isinstance(entry, ast.Tuple) else entry.args if isinstance(entry, ast.Call) else []
            path = python.string(module, parts[0]) if len(parts) > 1 else None
            if path and path.startswith(("/", "^/")):
                yield Route(normal(path.removeprefix("^").removesuffix("$")), module.at(entry), "ANY")


def _bottle(python: Python, module: Module) -> Iterator[Route]:
    """`@route("/health")` of the default application."""
    for node in module.nodes:
        for call in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and _from(module, call, "bottle"):
                path = python.string(module, call.args[0]) if call.args else None
                if path and called(call) in ("get", "route"):
                    yield Route(normal(path), module.at(call))


# Litestar


def _litestar(python: Python) -> Iterator[Route]:
    """`@get("/health")` of functions and controllers, below the routers that list them."""
    above: dict[tuple[str, str], list[str]] = {}  # handler, controller or router → the prefixes of what lists it
    routers: dict[tuple[str, str], tuple[Module, ast.Call]] = {}
    for module in python.modules:
        for node in module.nodes:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
            if called(value) in ("Router", "Litestar") and isinstance(target, ast.Name):
                routers[(module.path, target.id)] = (module, value)  # type: ignore[assignment]
    calls = [(module, node) for module in python.modules for node in module.calls() if called(node) == "Router"]
    for module, node in calls:
        path = python.string(module, keyword(node, "path") or (node.args[0] if node.args else None)) or ""
        for key in _handlers(python, module, keyword(node, "route_handlers")):
            above.setdefault(key, []).append(path)
    nested = {
        key: [
            normal(outer, own)
            for own in prefixes
            for outer in _outer(above, routers, key, python)
        ]
        for key, prefixes in above.items()
    }  # fmt: skip
    for module in python.modules:
        for node in module.nodes:
            if isinstance(node, ast.ClassDef):
                path = next((python.string(module, n.value) for n in node.body if _assigns(n, "path")), None) or ""  # type: ignore[attr-defined]
                for inner in node.body:
                    yield from _decorated(python, module, inner, nested.get((module.path, node.name), [""]), path)
        for node in module.tree.body:
            name = getattr(node, "name", "")
            if not isinstance(node, ast.ClassDef):
                yield from _decorated(python, module, node, nested.get((module.path, name), [""]), "")


def _outer(
    above: dict[tuple[str, str], list[str]], routers: dict[tuple[str, str], tuple[Module, ast.Call]], key: tuple[str, str], python: Python,
) -> list[str]:  # fmt: skip
    """The prefixes of the routers that list the router which lists `key`."""
    found: list[str] = []
    for name, (module, call) in routers.items():
        if called(call) == "Router" and key in set(_handlers(python, module, keyword(call, "route_handlers"))):
            found += above.get(name, [])
    return found or [""]


def _handlers(python: Python, module: Module, node: ast.expr | None) -> Iterator[tuple[str, str]]:
    for target, part in _reached(python, module, node) if node is not None else ():
        for entry in part.elts if isinstance(part, ast.List | ast.Tuple) else ():
            place = python.resolve(target, dotted(entry))
            if place:
                yield place[0].path, place[1]


def _assigns(node: ast.stmt, name: str) -> bool:
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return isinstance(target, ast.Name) and target.id == name and getattr(node, "value", None) is not None


def _decorated(python: Python, module: Module, node: ast.stmt, prefixes: list[str], path: str) -> Iterator[Route]:
    for call in node.decorator_list if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else ():
        if (
            not isinstance(call, ast.Call)
            or called(call) not in _LITESTAR
            or not _from(module, call, "litestar", "starlite")
        ):
            continue
        given = call.args[0] if call.args else keyword(call, "path")
        parts = given.elts if isinstance(given, ast.List | ast.Tuple) else [given]
        for part in parts:
            own = python.string(module, part) if part is not None else ""
            for prefix in prefixes:
                if own is not None:
                    yield Route(normal(prefix, path, own), module.at(call), called(call).upper())
