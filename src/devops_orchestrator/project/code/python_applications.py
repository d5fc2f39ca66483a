"""Python application objects: what a server serves, what a worker consumes with, and the factories that make them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_module import Module, called, dotted, is_main_guard, walk

# (package, class) → framework. A class of that name from any other package is another thing.
APPLICATIONS = {
    ("fastapi", "FastAPI"): "fastapi", ("flask", "Flask"): "flask", ("apiflask", "APIFlask"): "flask", ("flask_openapi3", "OpenAPI"): "flask",
    ("flask_api", "FlaskAPI"): "flask", ("quart", "Quart"): "quart", ("starlette", "Starlette"): "starlette", ("litestar", "Litestar"): "litestar",
    ("starlite", "Starlite"): "starlite", ("sanic", "Sanic"): "sanic", ("bottle", "Bottle"): "bottle", ("dash", "Dash"): "dash",
    ("aiohttp", "Application"): "aiohttp", ("tornado", "Application"): "tornado", ("falcon", "App"): "falcon", ("falcon", "API"): "falcon",
    ("pyramid", "Configurator"): "pyramid", ("connexion", "App"): "connexion", ("connexion", "FlaskApp"): "connexion",
    ("connexion", "AsyncApp"): "connexion", ("robyn", "Robyn"): "robyn", ("blacksheep", "Application"): "blacksheep",
    ("gradio", "Blocks"): "gradio", ("gradio", "Interface"): "gradio", ("gradio", "ChatInterface"): "gradio",
    ("gradio", "TabbedInterface"): "gradio", ("celery", "Celery"): "celery", ("faststream", "FastStream"): "faststream",
}  # fmt: skip
ASGI = frozenset({"fastapi", "starlette", "litestar", "starlite", "quart", "sanic", "connexion", "blacksheep"})
WSGI = frozenset({"flask", "dash", "bottle", "falcon", "pyramid"})


@dataclass(frozen=True)
class Application:
    """An object that a server serves: `target` is `module:variable`, or `module:factory()`."""

    framework: str
    module: Module
    variable: str
    line: int
    factory: bool = False
    asgi: bool = False

    @property
    def target(self) -> str:
        return f"{self.module.name}:{self.variable}"

    @property
    def evidence(self) -> str:
        return f"{self.module.path}:{self.line}"


class Applications:
    """The applications that the modules of a component make."""

    def __init__(self, python: Python) -> None:
        self.python = python

    @cached_property
    def all(self) -> list[Application]:
        """The application objects, those of the entry modules first; factories that need no argument after objects."""
        objects: list[Application] = []
        factories: list[Application] = []
        made: dict[tuple[str, str], Application] = {}
        for module in self._makers:
            for node in top(module.tree.body):
                objects += self._assigned(module, node)
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    framework = self._returns(module, node)
                    if framework:
                        found = Application(framework, module, f"{node.name}()", node.lineno, True, framework in ASGI)
                        made[(module.path, node.name)] = found
                        if not _needs(node):
                            factories.append(found)
        for module in self._modules:  # app = create_app(…)
            for node in top(module.tree.body):
                variable, value = assignment(node)
                if variable is None or not isinstance(value, ast.Call):
                    continue
                place = self.python.resolve(module, dotted(value.func))
                factory = made.get((place[0].path, place[1])) if place else None
                if factory:
                    objects.append(
                        Application(factory.framework, module, variable, node.lineno, asgi=factory.asgi)
                    )  # fmt: skip
        return objects + factories

    @cached_property
    def _modules(self) -> list[Module]:
        # Alembic's env.py makes an application to migrate with, not to serve.
        return [module for module in self.python.modules if not module.path.endswith("/env.py")]

    @cached_property
    def _makers(self) -> list[Module]:
        """The modules that call something which is named like an application class, under whatever local name."""
        names = {name for _, name in APPLICATIONS} | {name for _, name in self._classes} | {"make_wsgi_app"}
        for module in self._modules:
            names.update(local for local, (base, name) in module.imports.items() if _is_class(base, name))
        return [module for module in self._modules if any(called(node) in names for node in module.calls())]

    @cached_property
    def made(self) -> dict[str, str]:
        """Framework → where an application of it is made, wherever in the code that is."""
        found: dict[str, str] = {a.framework: a.evidence for a in reversed(self.all)}
        for module in self._makers:
            for node in module.calls():
                framework = self.framework(module, node)
                if framework:
                    found.setdefault(framework, module.at(node))
        return found

    @cached_property
    def _classes(self) -> dict[tuple[str, str], str]:
        """(path, class) → framework of the component's own subclasses of an application class."""
        found: dict[tuple[str, str], str] = {}
        for _ in range(2):
            for module in self._modules:
                for node in module.nodes:
                    for base in node.bases if isinstance(node, ast.ClassDef) else ():
                        framework = _known(module, dotted(base)) or found.get(self._key(module, dotted(base)))
                        if framework and isinstance(node, ast.ClassDef):
                            found[(module.path, node.name)] = framework
        return found

    @cached_property
    def _packages(self) -> set[str]:
        return {base.split(".")[0] for module in self._modules for base, _ in module.imports.values()}

    def _key(self, module: Module, name: str) -> tuple[str, str]:
        place = self.python.resolve(module, name) if name else None
        return (place[0].path, place[1]) if place else ("", "")

    def framework(self, module: Module, node: ast.AST | None) -> str | None:
        """The framework whose application a call makes, or None."""
        if not isinstance(node, ast.Call):
            return None
        name = dotted(node.func)
        if not name:
            return None
        if name.endswith(".make_wsgi_app") and "pyramid" in self._packages:
            return "pyramid"
        return _known(module, name) or self._classes.get(self._key(module, name))

    def _assigned(self, module: Module, node: ast.stmt) -> Iterator[Application]:
        if isinstance(node, ast.With):
            for item in node.items:
                framework = self.framework(module, item.context_expr)
                if framework and isinstance(item.optional_vars, ast.Name):
                    yield Application(framework, module, item.optional_vars.id, node.lineno)
            return
        variable, value = assignment(node)
        framework = self.framework(module, value)
        if framework is None and isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute):
            made = value.func.attr == "make_wsgi_app" and "pyramid" in self._packages
            framework = "pyramid" if made else None
        if framework and variable and called(value) != "Configurator":
            asgi = framework in ASGI or (framework == "falcon" and _from_asgi(module, value))
            yield Application(framework, module, variable, node.lineno, asgi=asgi)

    def _returns(self, module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
        """The framework whose application a function makes and returns."""
        names: dict[str, str] = {}
        for node in walk(function):
            variable, value = assignment(node)
            framework = self.framework(module, value)
            if framework and variable:
                names[variable] = framework
        for node in walk(function):
            if isinstance(node, ast.Return):
                direct = self.framework(module, node.value)
                if direct and called(node.value) != "Configurator":
                    return direct
                if isinstance(node.value, ast.Name) and node.value.id in names:
                    return names[node.value.id] if names[node.value.id] != "pyramid" else None
        return None


def _is_class(base: str, name: str | None) -> bool:
    return (base.split(".")[0], name or "") in APPLICATIONS


def _known(module: Module, name: str) -> str | None:
    head, _, rest = name.partition(".")
    base, attribute = module.imports.get(head, ("", None))
    last = rest.rpartition(".")[2] or attribute or ""
    return APPLICATIONS.get((base.split(".")[0], last))


def _from_asgi(module: Module, node: ast.expr | None) -> bool:
    name = dotted(node.func) if isinstance(node, ast.Call) else ""
    head = name.split(".")[0]
    return ".asgi." in f"{module.imports.get(head, ('', None))[0]}.{name}."


def _needs(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function has an argument without a default; what is no coroutine can be called by a server."""
    arguments = function.args
    positional = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return (
        positional > 0 or None in arguments.kw_defaults or isinstance(function, ast.AsyncFunctionDef)
    )  # fmt: skip


def assignment(node: ast.AST) -> tuple[str | None, ast.expr | None]:
    """The name that a statement assigns to, and the value; (None, None) for another statement."""
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value
    return None, None


def top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run as a module is imported: those of `if`, `try` and `with` too, not those of a script."""
    for node in body:
        yield node
        if isinstance(node, ast.If):
            yield from top([] if is_main_guard(node) else node.body)
            yield from top(node.orelse)
        elif isinstance(node, ast.Try):
            yield from top([*node.body, *node.orelse, *node.finalbody])
        elif isinstance(node, ast.With):
            yield from top(node.body)
