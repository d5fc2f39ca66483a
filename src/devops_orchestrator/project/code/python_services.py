"""Backing services that Python settings name: connection strings, and the schemes of those that are put together."""

from __future__ import annotations

import ast

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_module import Module, called, dotted, keyword, walk
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.services import SCHEMES, of_url

_SETTINGS = lazy(
    r"(^|[._])(settings?|config|configuration|conf|constants|database|db|celery\w*|broker|worker|tasks|cache|base|production|prod)$"
)
_TESTING = lazy(r"(^|[._])(tests?|testing|ci)$")
_URL = lazy(r"^[a-z][a-z0-9+.-]*://\S")


def give(draft: Draft, python: Python) -> None:
    """Add the services of connection strings in settings modules and in the defaults of variables."""
    for module in python.modules:
        if _TESTING.search(module.name):
            continue
        compared, defaults = _compared(module), _defaults(module)
        settings = is_settings(module)
        for node in module.nodes:
            text = _text(node)
            if text and _URL.match(text) and id(node) not in compared and (settings or id(node) in defaults):
                _add(draft, of_url(text), module, node)
            elif (
                settings
                and isinstance(node, ast.Call)
                and called(node) in ("build", "create")
                and (given := keyword(node, "scheme", "drivername"))
            ):
                scheme = python.string(module, given) or ""
                _add(draft, SCHEMES.get(scheme.partition("+")[0].lower()), module, given)


def is_settings(module: Module) -> bool:
    """Whether a module holds settings: by its name, or by pydantic's class."""
    return bool(_SETTINGS.search(module.name)) or "BaseSettings" in module.imports


def _add(draft: Draft, service: str | None, module: Module, node: ast.AST) -> None:
    # One relational database: a default that another settings file replaces says nothing against the driver.
    if (
        service in ("mysql", "mariadb", "postgresql")
        and {"mysql", "mariadb", "postgresql"} & draft.many("services").keys()
    ):
        return
    if service:
        draft.add("services", service, module.at(node))


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr) and len(node.values) > 1 and isinstance(node.values[0], ast.Constant):
        return f"{node.values[0].value!s}…"
    return None


def _compared(module: Module) -> set[int]:
    """Texts that are compared with, not connected to: `url.startswith("redis://")`, `replace(…)`; and docstrings."""
    found: set[int] = set()
    for node in module.nodes:
        if isinstance(node, ast.Compare):
            found.update(id(part) for one in (node.left, *node.comparators) for part in walk(one))
        elif called(node) in ("startswith", "replace", "removeprefix", "match", "fullmatch", "sub", "split", "compile"):
            found.update(id(part) for one in getattr(node, "args", []) for part in walk(one))
        elif isinstance(node, ast.Expr):
            found.add(id(node.value))
        elif isinstance(node, ast.JoinedStr):
            found.update(id(part) for part in node.values)
        elif isinstance(node, ast.Call) and dotted(node.func).endswith(("Field", "description")):
            found.update(id(word.value) for word in node.keywords if word.arg in ("description", "examples", "title"))
    return found


def _defaults(module: Module) -> set[int]:
    """The defaults of variables: `os.environ.get("REDIS_URL", "redis://localhost")`."""
    return {
        id(part)
        for node in module.calls()
        if called(node) in ("get", "getenv", "config", "env", "str", "url")
        for part in [*node.args[1:], *(word.value for word in node.keywords if word.arg == "default")]
    }
