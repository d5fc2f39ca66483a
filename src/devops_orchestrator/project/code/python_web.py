"""Python web applications: the objects that are served, their routes with all prefixes, and the ports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from devops_orchestrator.project.code.facts import Route, Value, normal
from devops_orchestrator.project.code.python import Module, Python, called, dotted, keyword

APPLICATIONS = {
    "FastAPI": "fastapi", "Flask": "flask", "APIFlask": "flask", "OpenAPI": "flask", "Quart": "quart", "Starlette": "starlette",
    "Litestar": "litestar", "Sanic": "sanic", "Celery": "celery", "Bottle": "bottle", "Dash": "dash",
}  # fmt: skip
_ROUTERS = ("APIRouter", "Blueprint", "APIBlueprint", "Router")
_METHODS = {"get", "post", "put", "delete", "patch", "head", "options"}
_INCLUDES = ("include_router", "register_blueprint", "mount")


@dataclass(frozen=True)
class Application:
    """An object that a server serves: `target` is `module:variable`, or `module:factory()`."""

    framework: str
    module: Module
    variable: str
    line: int
    factory: bool = False

    @property
    def target(self) -> str:
        return f"{self.module.name}:{self.variable}"

    @property
    def evidence(self) -> str:
        return f"{self.module.path}:{self.line}"


Node = tuple[str, str]  # (path of the file, variable)


@dataclass
class _Graph:
    own: dict[Node, str] = field(default_factory=dict)  # a router's own prefix
    flask: set[Node] = field(default_factory=set)  # blueprints: the prefix at registration takes the place of their own
    roots: set[Node] = field(default_factory=set)
    parents: dict[Node, list[tuple[Node, str | None]]] = field(default_factory=dict)

    def prefixes(self, node: Node, depth: int = 0) -> list[str]:
        """Every prefix under which the routes of a router are served."""
        if node in self.roots:
            return [""]
        found: list[str] = []
        for above, prefix in self.parents.get(node, []) if depth < 8 else []:
            own = self.own.get(node, "")
            inner = prefix if node in self.flask and prefix is not None else (prefix or "") + own
            found += [normal(before, inner) if before or inner else "" for before in self.prefixes(above, depth + 1)]
        return found


class Web:
    """What the modules of a component serve."""

    def __init__(self, python: Python) -> None:
        self.python = python

    @cached_property
    def applications(self) -> list[Application]:
        """The application objects, those of the entry modules first; factories after objects."""
        objects: list[Application] = []
        factories: list[Application] = []
        for module in self.python.modules:
            if module.path.endswith("/env.py"):  # Alembic's: it makes an application to migrate with, not to serve
                continue
            for node in module.tree.body:
                objects += self._assigned(module, node)
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    framework = self._returns(module, node)
                    if framework:
                        factories.append(Application(framework, module, f"{node.name}()", node.lineno, True))
        made = {(a.module.path, a.variable.removesuffix("()")): a for a in factories}
        for module in self.python.modules:  # app = create_app()
            for node in module.tree.body:
                if (
                    isinstance(node, ast.Assign)
                    and isinstance(node.value, ast.Call)
                    and isinstance(node.targets[0], ast.Name)
                ):
                    place = self.python.resolve(module, dotted(node.value.func))
                    factory = made.get((place[0].path, place[1])) if place else None
                    if factory:
                        objects.append(Application(factory.framework, module, node.targets[0].id, node.lineno))
        return objects + factories

    def _assigned(self, module: Module, node: ast.stmt) -> Iterator[Application]:
        value = getattr(node, "value", None)
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        framework = self._framework(module, value)
        if framework and targets and isinstance(targets[0], ast.Name):
            yield Application(framework, module, targets[0].id, node.lineno)

    def _framework(self, module: Module, node: ast.AST | None) -> str | None:
        name = called(node)
        if name not in APPLICATIONS or not isinstance(node, ast.Call):
            return None
        head = dotted(node.func).split(".")[0]
        source = module.imports.get(head)
        return APPLICATIONS[name] if source else None

    def _returns(self, module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
        """The framework whose application a function without required arguments makes and returns."""
        needed = len(function.args.args) - len(function.args.defaults)
        if needed or (function.args.kwonlyargs and None in function.args.kw_defaults):
            return None
        names: dict[str, str] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign | ast.AnnAssign):
                target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                framework = self._framework(module, node.value)
                if framework and isinstance(target, ast.Name):
                    names[target.id] = framework
        for node in ast.walk(function):
            if isinstance(node, ast.Return):
                direct = self._framework(module, node.value)
                if direct:
                    return direct
                if isinstance(node.value, ast.Name) and node.value.id in names:
                    return names[node.value.id]
        return None

    @cached_property
    def routes(self) -> list[Route]:
        """The routes as a client asks for them, prefixes of routers and blueprints included."""
        graph = self._graph()
        found: list[Route] = []
        for module in self.python.modules:
            for owner, path, method, node in self._declared(module):
                place = self.python.resolve(module, owner)
                key = (place[0].path, place[1]) if place else (module.path, owner)
                found += [
                    Route(normal(prefix, path) if path else normal(prefix), module.at(node), method)
                    for prefix in graph.prefixes(key)
                ]
            for path, node in self._listed(module):
                found.append(Route(normal(path), module.at(node), "ANY"))
        return found

    def _graph(self) -> _Graph:
        graph = _Graph()
        for module in self.python.modules:
            for node in module.nodes:
                if isinstance(node, ast.Assign | ast.AnnAssign):
                    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
                    if isinstance(target, ast.Name):
                        self._define(graph, module, target.id, node.value)
                elif isinstance(node, ast.Call) and called(node) in _INCLUDES:
                    self._include(graph, module, node)
        return graph

    def _define(self, graph: _Graph, module: Module, name: str, value: ast.expr | None) -> None:
        key = (module.path, name)
        if self._framework(module, value) or (
            isinstance(value, ast.Call) and called(value) in ("create_app", "make_app", "get_app")
        ):
            graph.roots.add(key)
        elif isinstance(value, ast.Call) and called(value) in _ROUTERS:
            graph.own[key] = self.python.string(module, keyword(value, "prefix", "url_prefix")) or ""
            if called(value).endswith("lueprint"):
                graph.flask.add(key)

    def _include(self, graph: _Graph, module: Module, node: ast.Call) -> None:
        if not isinstance(node.func, ast.Attribute):
            return
        mount = node.func.attr == "mount"
        above = self.python.resolve(module, dotted(node.func.value))
        argument = (
            node.args[1 if mount and len(node.args) > 1 else 0]
            if node.args
            else keyword(node, "router", "blueprint", "app")
        )
        below = self.python.resolve(module, dotted(argument))
        if above is None or below is None:
            return
        given = node.args[0] if mount and node.args else keyword(node, "prefix", "url_prefix")
        prefix = self.python.string(module, given) if given is not None else None
        if given is not None and prefix is None:
            return  # a prefix that the code does not say
        graph.parents.setdefault((below[0].path, below[1]), []).append(((above[0].path, above[1]), prefix))

    def _declared(self, module: Module) -> Iterator[tuple[str, str, str, ast.AST]]:
        """(owner, path, method, node) of routes that a decorator or a call declares."""
        for node in module.nodes:
            decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else ()
            for call in (*decorators, *((node,) if isinstance(node, ast.Call) else ())):
                if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                    continue
                verb = call.func.attr
                is_decorator = node is not call
                if ((verb in _METHODS or verb in ("route", "api_route", "websocket")) and is_decorator) or verb in (
                    "add_url_rule",
                    "add_api_route",
                    "add_route",
                ):
                    given = call.args[0] if call.args else keyword(call, "path", "rule")
                    path = self.python.string(module, given)
                    if path is not None and verb != "websocket":
                        yield dotted(call.func.value), path, self._method(module, call, verb), call

    def _method(self, module: Module, call: ast.Call, verb: str) -> str:
        methods = keyword(call, "methods")
        if isinstance(methods, ast.List | ast.Tuple):
            names = [self.python.string(module, entry) or "" for entry in methods.elts]
            return "GET" if not names or "GET" in [name.upper() for name in names] else names[0].upper()
        return verb.upper() if verb in _METHODS else "GET"

    def _listed(self, module: Module) -> Iterator[tuple[str, ast.AST]]:
        """Starlette's `Route("/health", …)` and Litestar's `@get("/health")`."""
        for node in module.nodes:
            if isinstance(node, ast.Call) and called(node) == "Route" and node.args:
                path = self.python.string(module, node.args[0])
                if path:
                    yield path, node
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                for call in node.decorator_list:
                    if (
                        isinstance(call, ast.Call)
                        and isinstance(call.func, ast.Name)
                        and call.func.id == "get"
                        and module.imports.get("get", ("",))[0] == "litestar"
                    ):
                        path = self.python.string(module, call.args[0]) if call.args else None
                        if path:
                            yield path, call

    @cached_property
    def ports(self) -> list[tuple[Value, str]]:
        """The ports that the code says: `uvicorn.run(port=…)`, `app.run(port=…)`, gunicorn's `bind`."""
        found: list[tuple[Value, str]] = []
        for module in self.python.modules:
            for call in module.calls():
                if called(call) in ("run", "serve", "run_app", "run_simple", "listen", "launch"):
                    given = keyword(call, "port", "server_port")
                    if called(call) == "listen" and call.args and given is None:
                        given = call.args[0]
                    value = self.python.value(module, given)
                    if value.port is not None or value.variable:
                        found.append((value, module.at(given or call)))
                elif (
                    called(call).endswith("HTTPServer")
                    and call.args
                    and isinstance(call.args[0], ast.Tuple)
                    and len(call.args[0].elts) > 1
                ):
                    value = self.python.value(module, call.args[0].elts[1])
                    if value.port is not None or value.variable:
                        found.append((value, module.at(call)))
            if "gunicorn" in module.path and "bind" in module.constants:
                value = self.python.value(module, module.constants["bind"])
                if value.port is not None or value.variable:
                    found.insert(0, (value, module.at(module.constants["bind"])))
        return found
