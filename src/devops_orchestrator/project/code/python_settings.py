"""Settings classes that pydantic fills from the environment: which variables their fields are."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from devops_orchestrator.project.code.facts import Read
from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_module import Module, called, dotted, keyword


def settings_classes(python: Python) -> set[str]:
    """Names of the classes that derive from pydantic's BaseSettings."""
    bases = {"BaseSettings"}
    for _ in range(3):
        for module in python.modules:
            for node in module.nodes:
                if isinstance(node, ast.ClassDef) and any(
                    dotted(base).rpartition(".")[2] in bases for base in node.bases
                ):
                    bases.add(node.name)
    return bases - {"BaseSettings"}


def fields(python: Python, module: Module, node: ast.ClassDef, settings: set[str]) -> Iterator[Read]:
    """The variables of one class: `env_prefix` + field, or the alias; nested models where a delimiter joins them."""
    prefix, delimiter = _configuration(python, module, node)
    for entry in node.body:
        if not isinstance(entry, ast.AnnAssign) or not isinstance(entry.target, ast.Name):
            continue
        name = entry.target.id
        kind = ast.unparse(entry.annotation)
        if name == "model_config" or name.startswith("_") or "ClassVar" in kind or kind in settings:
            continue
        alias, required = _alias(python, module, entry)
        below = _model(python, module, kind) if delimiter else None
        if below is not None and delimiter:
            for inner in below[1].body:
                if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name):
                    full = f"{prefix}{name}{delimiter}{inner.target.id}".upper()
                    yield Read(full, below[0].at(inner), required and inner.value is None)
            continue
        yield Read(alias or (prefix + name).upper(), module.at(entry), required)


def _alias(python: Python, module: Module, entry: ast.AnnAssign) -> tuple[str | None, bool]:
    if not isinstance(entry.value, ast.Call) or called(entry.value) != "Field":
        return None, entry.value is None
    given = keyword(entry.value, "validation_alias", "alias", "env")
    if called(given) == "AliasChoices" and isinstance(given, ast.Call) and given.args:
        given = given.args[0]
    default = entry.value.args[0] if entry.value.args else keyword(entry.value, "default", "default_factory")
    required = default is None or (isinstance(default, ast.Constant) and default.value is Ellipsis)
    return python.string(module, given), required


def _model(python: Python, module: Module, name: str) -> tuple[Module, ast.ClassDef] | None:
    place = python.resolve(module, name) if name.replace(".", "").isidentifier() else None
    for node in place[0].tree.body if place else ():
        if isinstance(node, ast.ClassDef) and place and node.name == place[1]:
            return (place[0], node) if any(dotted(b).rpartition(".")[2] == "BaseModel" for b in node.bases) else None
    return None


def _configuration(python: Python, module: Module, node: ast.ClassDef, depth: int = 0) -> tuple[str, str | None]:
    """(env_prefix, env_nested_delimiter) of a class, or of the class that it derives from."""
    for entry in node.body:
        value = entry.value if isinstance(entry, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Call) and called(value) == "SettingsConfigDict":
            delimiter = python.string(module, keyword(value, "env_nested_delimiter"))
            return python.string(module, keyword(value, "env_prefix")) or "", delimiter
        if isinstance(value, ast.Dict) and _named(entry, "model_config"):
            said = {python.string(module, k): v for k, v in zip(value.keys, value.values, strict=True) if k is not None}
            return python.string(module, said.get("env_prefix")) or "", python.string(
                module, said.get("env_nested_delimiter")
            )
        if isinstance(entry, ast.ClassDef) and entry.name == "Config":
            prefix, delimiter = "", None
            for inner in entry.body:
                if isinstance(inner, ast.Assign) and _named(inner, "env_prefix"):
                    prefix = python.string(module, inner.value) or ""
                elif isinstance(inner, ast.Assign) and _named(inner, "env_nested_delimiter"):
                    delimiter = python.string(module, inner.value)
            return prefix, delimiter
    for base in node.bases if depth < 4 else ():
        place = python.resolve(module, dotted(base)) if dotted(base) else None
        for other in place[0].tree.body if place else ():
            if isinstance(other, ast.ClassDef) and place and other.name == place[1] and other is not node:
                return _configuration(python, place[0], other, depth + 1)
    return "", None


def _named(node: ast.stmt, name: str) -> bool:
    target = node.targets[0] if isinstance(node, ast.Assign) else getattr(node, "target", None)
    return isinstance(target, ast.Name) and target.id == name
