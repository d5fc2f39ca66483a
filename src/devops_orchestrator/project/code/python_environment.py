"""Environment variables that Python code reads, and which of them have no default."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from devops_orchestrator.project.code.facts import Read
from devops_orchestrator.project.code.python import Module, Python, called, dotted, keyword

_GETTERS = ("os.getenv", "getenv", "os.environ.get", "environ.get")
_ENVIRON = {
    "str",
    "bool",
    "int",
    "float",
    "list",
    "tuple",
    "dict",
    "json",
    "url",
    "db",
    "db_url",
    "cache",
    "cache_url",
    "email",
    "path",
    "search_url",
}


def reads(python: Python) -> list[Read]:
    """Every variable that the code reads, in the order of the modules."""
    found: list[Read] = []
    settings = _settings_classes(python)
    for module in python.modules:
        found += _plain(python, module)
        for node in module.nodes:
            if isinstance(node, ast.ClassDef) and node.name in settings:
                found += _fields(python, module, node)
    return found


def _plain(python: Python, module: Module) -> Iterator[Read]:
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
    for node in module.nodes:
        # Inside a function the absence may be dealt with later; what a module reads as it is imported has to be there.
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            optional.update(id(part) for part in ast.walk(node) if isinstance(part, ast.Call))
    managers = _readers(module)
    for node in module.nodes:
        if isinstance(node, ast.Subscript) and dotted(node.value) in ("os.environ", "environ"):
            name = python.string(module, node.slice)
            if name and isinstance(node.ctx, ast.Load):
                yield Read(name, module.at(node), True)
        elif isinstance(node, ast.Call) and node.args:
            full = dotted(node.func)
            head, _, last = full.rpartition(".")
            if full in _GETTERS or full in managers or (head in managers and last in _ENVIRON):
                name = python.string(module, node.args[0])
                default = (len(node.args) > 1 and (full in _GETTERS or head not in managers)) or keyword(
                    node, "default"
                ) is not None
                if name and name.replace("_", "").isalnum():
                    yield Read(name, module.at(node), not default and id(node) not in optional)


def _readers(module: Module) -> set[str]:
    """Names that read the environment: decouple's `config`, `env = environ.Env()`, environs' `Env()`."""
    found = {
        name
        for name, (base, attribute) in module.imports.items()
        if base in ("decouple", "prettyconf") and attribute == "config"
    }
    for node in module.nodes:
        if (
            isinstance(node, ast.Assign)
            and called(node.value) in ("Env", "FileAwareEnv", "Config", "AutoConfig")
            and isinstance(node.targets[0], ast.Name)
        ):
            base = dotted(node.value.func).split(".")[0] if isinstance(node.value, ast.Call) else ""
            source = module.imports.get(base, ("", None))[0].split(".")[0]
            if source in ("environ", "environs", "starlette", "decouple"):
                found.add(node.targets[0].id)
    return found


def _settings_classes(python: Python) -> set[str]:
    """Names of the classes that pydantic fills from the environment."""
    bases = {"BaseSettings"}
    for _ in range(3):
        for module in python.modules:
            for node in module.nodes:
                if isinstance(node, ast.ClassDef) and any(
                    dotted(base).rpartition(".")[2] in bases for base in node.bases
                ):
                    bases.add(node.name)
    return bases - {"BaseSettings"}


def _fields(python: Python, module: Module, node: ast.ClassDef) -> Iterator[Read]:
    prefix = _prefix(python, module, node)
    for entry in node.body:
        if not isinstance(entry, ast.AnnAssign) or not isinstance(entry.target, ast.Name):
            continue
        name = entry.target.id
        if name == "model_config" or name.startswith("_") or "ClassVar" in ast.unparse(entry.annotation):
            continue
        alias = None
        required = entry.value is None
        if isinstance(entry.value, ast.Call) and called(entry.value) == "Field":
            alias = python.string(module, keyword(entry.value, "validation_alias", "alias", "env"))
            default = entry.value.args[0] if entry.value.args else keyword(entry.value, "default", "default_factory")
            required = default is None or (isinstance(default, ast.Constant) and default.value is Ellipsis)
        yield Read(alias or (prefix + name).upper(), module.at(entry), required)


def _prefix(python: Python, module: Module, node: ast.ClassDef) -> str:
    for entry in node.body:
        if (
            isinstance(entry, ast.Assign)
            and isinstance(entry.value, ast.Call)
            and called(entry.value) == "SettingsConfigDict"
        ):
            return python.string(module, keyword(entry.value, "env_prefix")) or ""
        if isinstance(entry, ast.ClassDef) and entry.name == "Config":
            for inner in entry.body:
                if (
                    isinstance(inner, ast.Assign)
                    and isinstance(inner.targets[0], ast.Name)
                    and inner.targets[0].id == "env_prefix"
                ):
                    return python.string(module, inner.value) or ""
    return ""
