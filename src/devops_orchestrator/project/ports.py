"""The port that files beside the code say: dotenv examples, and the settings file that a program loads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.tree import Tree, join

if TYPE_CHECKING:
    from devops_orchestrator.formats.yaml import Node
    from devops_orchestrator.project.documents import Document

DOTENV = (
    ".env.example",
    ".env.sample",
    ".env.dist",
    ".env.template",
    "env.example",
    ".env.local.example",
    ".env.default",
    ".env.development",
    ".env",
)
_FOLDERS = (".", "config", "configs", "conf", "configuration", "etc", "settings", "cmd", "deploy/config")
_NAMES = lazy(
    r"\.?(config|settings|configuration|app|application|default|base|local|dev|development|prod|production|server)([._-](example|sample|default|local|dev|base|dist|yaml|yml|toml))*",
    re.I,
)
_ORDER = ("default", "base", "config", "settings", "app", "example", "sample", "local", "dev", "prod")
_OWN = frozenset(
    {
        "server",
        "http",
        "web",
        "app",
        "application",
        "api",
        "service",
        "rest",
        "listen",
        "main",
        "default",
        "global",
        "httpserver",
        "http_server",
    }
)
_PORT = lazy(
    r"(?i)(http|server|app|web|listen|api)?[_-]?(port|addr|address|listen|bind|bind_address|listen_addr|hostport)"
)


def of_variable(tree: Tree, folders: tuple[str, ...], variable: str) -> tuple[int, str] | None:
    """The port that the first dotenv file of these folders gives a variable, with its place; None where none does."""
    for folder in folders:
        for name in DOTENV:
            path = tree.first(folder, name)
            value, line = tree.properties(path).get(variable, ("", 0)) if path else ("", 0)
            port = Value(value.split("#")[0].strip()).port if not value.strip().isdigit() else Value(int(value)).port
            if port is not None:
                return port, f"{path}:{line}"
    return None


def of_settings(tree: Tree, folder: str) -> tuple[int, str] | None:
    """The port of the server in the settings files of a component (YAML, TOML, JSON), with its place; or None."""
    for path in _files(tree, folder):
        best = min(_ports(tree, path), default=None)
        if best is not None:
            return best[2], f"{path}:{best[1]}"
    return None


def _files(tree: Tree, folder: str) -> list[str]:
    found: list[tuple[int, int, str]] = []
    for at, below in enumerate(_FOLDERS):
        inside = folder if below == "." else join(folder, below)
        for name in tree.names(inside):
            stem, _, extension = name.rpartition(".")
            if extension in ("yaml", "yml", "toml", "json") and _NAMES.fullmatch(stem):
                rank = next((index for index, word in enumerate(_ORDER) if word in stem.lower()), len(_ORDER))
                found.append((at, rank, join(inside, name)))
    return [path for _, _, path in sorted(found)]


def _ports(tree: Tree, path: str) -> Iterator[tuple[int, int, int]]:
    """(rank, line, port) of the keys that name the server's port."""
    for keys, value, line in _leaves(tree, path):
        last = keys[-1].lower()
        if not _PORT.fullmatch(last) or len(keys) > 3:
            continue
        above = [key.lower() for key in keys[:-1]]
        if any(key not in _OWN for key in above):
            continue
        port = Value(int(value)).port if value.isdigit() else Value(value).port
        if port is not None:
            yield (0 if above else 1) + (0 if last.endswith("port") else 2), line, port


def _leaves(tree: Tree, path: str) -> Iterator[tuple[tuple[str, ...], str, int]]:
    if path.endswith((".yaml", ".yml")):
        for node in tree.yaml(path):
            yield from _yaml(node, ())
        return
    document = tree.toml(path) if path.endswith(".toml") else tree.json(path)
    if document is not None:
        yield from _table(document.value, (), document)


def _yaml(node: Node, keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str, int]]:
    for key, value in node.items() if node.kind == "map" else ():
        name = str(key.value)
        if value.kind == "scalar":
            yield (*keys, name), str(value.value), key.text.count("\n", 0, key.start) + 1
        elif len(keys) < 3:
            yield from _yaml(value, (*keys, name))


def _table(value: object, keys: tuple[str, ...], document: Document) -> Iterator[tuple[tuple[str, ...], str, int]]:
    for name, entry in value.items() if isinstance(value, dict) else ():
        if isinstance(entry, dict) and len(keys) < 3:
            yield from _table(entry, (*keys, str(name)), document)
        elif isinstance(entry, str | int) and not isinstance(entry, bool):
            yield (*keys, str(name)), str(entry), document.line(*keys, name)
