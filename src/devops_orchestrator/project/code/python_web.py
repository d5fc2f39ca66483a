"""Routes that Python code declares, each as a client asks for it: the prefixes of routers and blueprints included."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from devops_orchestrator.project.code.facts import Route, normal
from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_applications import Application, Applications, assignment
from devops_orchestrator.project.code.python_listed import listed
from devops_orchestrator.project.code.python_module import Module, called, dotted, keyword

_ROUTERS = (
    "APIRouter", "Blueprint", "APIBlueprint", "Router", "RouteTableDef", "Namespace", "AsyncAPIRouter", "NinjaAPI", "InferringRouter",
)  # fmt: skip
_BLUEPRINTS = ("Blueprint", "APIBlueprint")
_METHODS = {"get", "post", "put", "delete", "patch", "head", "options"}
_DECLARING = ("add_url_rule", "add_api_route", "add_route", "add_get", "add_resource", "add_view")
_INCLUDES = (
    "include_router", "register_blueprint", "mount", "blueprint", "add_namespace", "add_subapp", "include_routes", "add_router",
)  # fmt: skip
_APIS = ("Api", "API")  # flask-restful, flask-restx, flask-smorest: what they are given is what serves their routes
_PARAMETERS = ("app", "application", "server", "flask_app", "fastapi_app", "web_app", "config")

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
            return [self.own.get(node, "")]
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
        self.makers = Applications(python)

    @property
    def applications(self) -> list[Application]:
        """The application objects and factories of the component, the best first."""
        return self.makers.all

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
                    for prefix in dict.fromkeys(graph.prefixes(key))
                ]
        return found + list(listed(self.python))

    def _graph(self) -> _Graph:
        graph = _Graph()
        for module in self.python.modules:
            for node in module.nodes:
                variable, value = assignment(node)
                if variable is not None:
                    self._define(graph, module, variable, value)
                elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    self._parameters(graph, module, node)
                elif isinstance(node, ast.Call) and called(node) in _INCLUDES:
                    self._include(graph, module, node)
        for api in ("bottle",):  # the functions of a module whose default application is served
            graph.roots.update((m.path, name) for m in self.python.modules for name in m.imports if name == api)
        return graph

    def _define(self, graph: _Graph, module: Module, name: str, value: ast.expr | None) -> None:
        key = (module.path, name)
        if not isinstance(value, ast.Call):
            return
        if self.makers.framework(module, value) or self._factory(module, value):
            graph.roots.add(key)
        elif called(value) in _ROUTERS:
            prefix = keyword(value, "prefix", "url_prefix", "path")
            text = self.python.string(module, prefix)
            if called(value) == "Namespace" and prefix is None and value.args:
                text = "/" + (self.python.string(module, value.args[0]) or "")
            graph.own[key] = text or ""
            if called(value) in _BLUEPRINTS:
                graph.flask.add(key)
            if called(value) in ("RouteTableDef", "NinjaAPI"):
                graph.roots.add(key)
        elif called(value) in _APIS:
            given = value.args[0] if value.args else keyword(value, "app", "blueprint")
            above = self.python.resolve(module, dotted(given)) if given is not None else None
            prefix_text = self.python.string(module, keyword(value, "prefix")) or ""
            if above:
                graph.parents.setdefault(key, []).append(((above[0].path, above[1]), prefix_text))
            else:
                graph.own[key] = prefix_text
                graph.roots.add(key)

    def _factory(self, module: Module, value: ast.Call) -> bool:
        if called(value) in ("create_app", "make_app", "get_app", "create_application"):
            return True
        place = self.python.resolve(module, dotted(value.func))
        return bool(place) and any(
            a.factory and (a.module.path, a.variable.removesuffix("()")) == (place[0].path, place[1])
            for a in self.makers.all
            if place
        )

    def _parameters(self, graph: _Graph, module: Module, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """`def register(app): app.include_router(…)`: the application is what such a function is given."""
        for argument in node.args.args:
            kind = dotted(argument.annotation).rpartition(".")[2] if argument.annotation is not None else ""
            if kind in ("FastAPI", "Flask", "Quart", "Sanic", "Application", "Starlette") or (
                argument.arg in _PARAMETERS and (module.path, argument.arg) not in graph.parents
            ):
                graph.roots.add((module.path, argument.arg))

    def _include(self, graph: _Graph, module: Module, node: ast.Call) -> None:
        if not isinstance(node.func, ast.Attribute):
            return
        prefix_first = node.func.attr in ("mount", "add_subapp", "add_router")
        above = self.python.resolve(module, dotted(node.func.value))
        argument = (
            node.args[1 if prefix_first and len(node.args) > 1 else 0]
            if node.args
            else keyword(node, "router", "blueprint", "app")
        )
        below = self.python.resolve(module, dotted(argument))
        if above is None or below is None:
            return
        given = node.args[0] if prefix_first and node.args else keyword(node, "prefix", "url_prefix", "path")
        prefix = self.python.string(module, given) if given is not None else None
        if given is not None and prefix is None:
            return  # a prefix that the code does not say
        graph.parents.setdefault((below[0].path, below[1]), []).append(((above[0].path, above[1]), prefix))
        graph.roots.discard((below[0].path, below[1]))  # an application below another one has its prefix

    def _declared(self, module: Module) -> Iterator[tuple[str, str, str, ast.AST]]:
        """(owner, path, method, node) of routes that a decorator or a call declares."""
        for node in module.nodes:
            decorators = (
                node.decorator_list
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
                else ()
            )  # fmt: skip
            for call in (*decorators, *((node,) if isinstance(node, ast.Call) else ())):
                if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                    continue
                verb = call.func.attr
                is_decorator = node is not call
                if not (((verb in _METHODS or verb in ("route", "api_route")) and is_decorator) or verb in _DECLARING):
                    continue
                owner = dotted(call.func.value).removesuffix(".router")  # aiohttp: app.router.add_get
                for path in self._paths(module, call, verb, owner):
                    yield owner, path, self._method(module, call, verb), call

    def _paths(self, module: Module, call: ast.Call, verb: str, owner: str) -> Iterator[str]:
        given: list[ast.expr] = list(call.args[:1])
        if verb in ("add_resource", "add_view"):
            given = list(call.args[1:])
        elif verb == "add_route" and self._names_first(module, call):
            given = list(call.args[1:2])
        if not given and (word := keyword(call, "path", "rule", "uri", "pattern")) is not None:
            given = [word]
        if not given and not call.args and verb in _METHODS:
            yield ""
        for node in given:
            for one in node.elts if isinstance(node, ast.List | ast.Tuple) else [node]:
                path = self.python.string(module, one)
                if path is not None and (path == "" or path.startswith(("/", "^"))):
                    yield path.removeprefix("^").removesuffix("$")

    def _names_first(self, module: Module, call: ast.Call) -> bool:
        """Pyramid's `add_route("name", "/path")`, aiohttp's `add_route("GET", "/path", …)`, Sanic's `(handler, "/path")`."""
        first = self.python.string(module, call.args[0]) if call.args else None
        second = self.python.string(module, call.args[1]) if len(call.args) > 1 else None
        return second is not None and second.startswith("/") and not (first or "").startswith("/")

    def _method(self, module: Module, call: ast.Call, verb: str) -> str:
        methods = keyword(call, "methods")
        if isinstance(methods, ast.List | ast.Tuple):
            names = [self.python.string(module, entry) or "" for entry in methods.elts]
            return "GET" if not names or "GET" in [name.upper() for name in names] else names[0].upper()
        if isinstance(methods, ast.Constant) and isinstance(methods.value, str):
            return methods.value.upper()
        return verb.upper() if verb in _METHODS else "GET"
