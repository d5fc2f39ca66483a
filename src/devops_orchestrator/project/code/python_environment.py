"""Environment variables that Python code reads, and which of them have no default."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from devops_orchestrator.project.code.facts import Read
from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_module import Module, called, dotted, keyword, walk
from devops_orchestrator.project.code.python_settings import fields, settings_classes

_ENVIRON = {
    "str", "bool", "int", "float", "list", "tuple", "dict", "json", "url", "db", "db_url", "cache", "cache_url", "email", "path", "search_url",
    "email_url", "bytes", "log_level", "decimal", "date", "datetime", "timedelta", "uuid", "enum", "get_value", "channels", "channels_url",
    "multiline",
}  # fmt: skip
# What `environ.db()`, `environ.cache()`… read when they are given no name.
_IMPLIED = {
    "db": "DATABASE_URL",
    "db_url": "DATABASE_URL",
    "cache": "CACHE_URL",
    "cache_url": "CACHE_URL",
    "email": "EMAIL_URL",
    "email_url": "EMAIL_URL",
}

Key = tuple[str, str]  # (path of the file, name of the function)


def reads(python: Python) -> list[Read]:
    """Every variable that the code reads, in the order of the modules."""
    found: list[Read] = []
    settings = settings_classes(python)
    helpers = _helpers(python)
    for module in python.modules:
        found += _plain(python, module, helpers)
        for node in module.nodes:
            if isinstance(node, ast.ClassDef) and node.name in settings:
                found += fields(python, module, node, settings)
    return found


def _is_environ(module: Module, node: ast.AST) -> bool:
    """`os.environ`, or `environ` where that is the one of `os`: a WSGI environment has the same name."""
    name = dotted(node)
    return (name == "environ" and module.imports.get(name) == ("os", "environ")) or (
        name.endswith(".environ") and module.imports.get(name.removesuffix(".environ"), ("",))[0] == "os"
    )


def is_getter(module: Module, node: ast.Call) -> bool:
    """`os.getenv(…)`, `os.environ.get(…)`, `environ.get(…)`, `os.environ.setdefault` left out: it writes."""
    name = dotted(node.func)
    if name == "getenv":
        return module.imports.get(name) == ("os", "getenv")
    if name.endswith(".getenv"):
        return module.imports.get(name.removesuffix(".getenv"), ("",))[0] == "os"
    return (
        isinstance(node.func, ast.Attribute)
        and node.func.attr in ("get", "pop")
        and _is_environ(module, node.func.value)
    )


def _helpers(python: Python) -> dict[Key, bool]:
    """The component's functions that read the variable which their first argument names → whether it must be there."""
    uses: list[tuple[Module, ast.FunctionDef, list[ast.AST]]] = []
    for module in python.modules:
        for node in module.nodes:
            if isinstance(node, ast.FunctionDef) and node.args.args and node.args.args[0].arg not in ("self", "cls"):
                first = node.args.args[0].arg
                named = [part for part in walk(node) if _is_given(part, first)]
                if named:
                    uses.append((module, node, named))
    found: dict[Key, bool] = {}
    for _ in range(3):
        for module, function, named in uses:
            reads_it = next((r for part in named if (r := _reads_name(python, module, part, found)) is not None), None)
            if reads_it is not None:
                found.setdefault((module.path, function.name), reads_it and len(function.args.args) == 1)
    return found


def _is_given(node: ast.AST, name: str) -> bool:
    """Whether a call has a name as its first argument, or a subscript as its key."""
    given = node.args[0] if isinstance(node, ast.Call) and node.args else getattr(node, "slice", None)
    return isinstance(given, ast.Name) and given.id == name


def _reads_name(python: Python, module: Module, node: ast.AST, known: dict[Key, bool]) -> bool | None:
    if isinstance(node, ast.Subscript):
        return True if _is_environ(module, node.value) else None
    if isinstance(node, ast.Call):
        return False if is_getter(module, node) else _known(python, module, node, known)
    return None


def _known(python: Python, module: Module, node: ast.Call, known: dict[Key, bool]) -> bool | None:
    place = python.resolve(module, dotted(node.func)) if dotted(node.func) else None
    return known.get((place[0].path, place[1])) if place else None


def _plain(python: Python, module: Module, helpers: dict[Key, bool]) -> Iterator[Read]:
    optional = _optional(module)
    managers = _readers(python, module)
    prefixes = _prefixed(python, module)
    for node in module.nodes:
        if isinstance(node, ast.Subscript) and _is_environ(module, node.value):
            name = python.string(module, node.slice)
            if name and isinstance(node.ctx, ast.Load):
                yield Read(name, module.at(node), True)
        elif isinstance(node, ast.Call):
            head, _, last = dotted(node.func).rpartition(".")
            getter = is_getter(module, node)
            managed = dotted(node.func) in managers or (head in managers and last in _ENVIRON)
            helper = _known(python, module, node, helpers) if node.args else None
            if not (getter or managed or helper is not None):
                continue
            scheme = managers.get(dotted(node.func) if dotted(node.func) in managers else head, frozenset())
            name = python.string(module, node.args[0]) if node.args else _IMPLIED.get(last) if managed else None
            # The second argument of `env("NAME", str)` and of Starlette's `config("NAME", bool)` is a type, not a default.
            typed = managed and dotted(node.func) in managers and "()" in managers[dotted(node.func)]
            positional = len(node.args) > 1 and not typed
            default = positional or keyword(node, "default") is not None or name in scheme
            if name and name.replace("_", "").isalnum():
                required = not default and id(node) not in optional and helper is not False
                yield Read(prefixes.get(id(node), "") + name, module.at(node), required)


def _prefixed(python: Python, module: Module) -> dict[int, str]:
    """Calls inside `with env.prefixed("APP_"):` → the prefix."""
    found: dict[int, str] = {}
    for node in module.nodes:
        for item in node.items if isinstance(node, ast.With) else ():
            call = item.context_expr
            if isinstance(call, ast.Call) and called(call) == "prefixed" and call.args:
                text = python.string(module, call.args[0]) or ""
                for part in walk(node):
                    if isinstance(part, ast.Call) and part is not call:
                        found[id(part)] = found.get(id(part), "") + text
    return found


def _optional(module: Module) -> set[int]:
    """Calls whose absence is dealt with: `x or y`, a test, a comparison, what is inside a function."""
    optional: set[int] = set()
    for node in module.nodes:
        if isinstance(node, ast.BoolOp):
            optional.update(id(part) for part in node.values[:-1])
        elif isinstance(node, ast.If | ast.IfExp | ast.While):
            optional.add(id(node.test))
        elif isinstance(node, ast.Compare):
            optional.update(id(part) for part in (node.left, *node.comparators))
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            optional.add(id(node.operand))
        # Inside a function the absence may be dealt with later; what a module reads as it is imported has to be there.
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            optional.update(id(part) for part in walk(node) if isinstance(part, ast.Call))
    return optional


def _readers(python: Python, module: Module) -> dict[str, frozenset[str]]:
    """Names that read the environment → the variables for which they carry a default.

    `"()"` among them: called with a type. decouple's `config`, `env = environ.Env(DEBUG=(bool, False))`, environs' `Env()`, Starlette's `Config()`.
    """
    found: dict[str, frozenset[str]] = {
        name: frozenset()
        for name, (base, attribute) in module.imports.items()
        if base in ("decouple", "prettyconf") and attribute == "config"
    }
    for node in module.nodes:
        if (
            isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and called(node.value) in ("Env", "FileAwareEnv", "Config", "AutoConfig")
            and isinstance(node.targets[0], ast.Name)
        ):
            source = module.imports.get(dotted(node.value.func).split(".")[0], ("", None))[0].split(".")[0]
            if source in ("environ", "environs", "starlette", "decouple"):
                schemes = {
                    word.arg
                    for word in node.value.keywords
                    if word.arg and isinstance(word.value, ast.Tuple) and len(word.value.elts) > 1
                }
                found[node.targets[0].id] = frozenset(
                    schemes | ({"()"} if source in ("environ", "starlette") else set())
                )
    for name, (base, attribute) in module.imports.items():  # from .settings import env
        if attribute == "env" and base in python.names:
            found.setdefault(name, frozenset())
    return found
