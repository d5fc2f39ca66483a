"""Whether a health route asks other services: a liveness probe on such a route restarts every pod when they are down."""

from __future__ import annotations

from typing import Any

from devops_orchestrator.core.project import Component
from devops_orchestrator.core.repository import Repository

_LANGUAGES = {
    ".py": "python", ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".ts": "typescript",
    ".tsx": "tsx", ".go": "go", ".java": "java", ".php": "php", ".rb": "ruby",
}  # fmt: skip
_BODIES = {
    "arrow_function", "function_expression", "function_definition", "function_declaration", "func_literal",
    "method_definition", "method_declaration", "anonymous_function", "anonymous_function_creation_expression",
}  # fmt: skip
_NAMES = ("identifier", "property_identifier", "field_identifier", "name", "type_identifier")
# Words that an identifier holds when it reaches for a service.
_REACHES = (
    "db", "database", "session", "query", "execute", "prisma", "pool", "redis", "mongo", "knex", "sequelize", "orm",
    "datasource", "connection", "repository", "cache", "rabbit", "kafka", "fetch", "axios", "httpx", "requests", "ping",
)  # fmt: skip


def asks_services(component: Component, repository: Repository) -> bool | None:
    """True where the route's code reaches for a service, False where it does not, None where it cannot be told."""
    if not component.services:
        return False
    path, _, line = component.evidence.get("health", "").rpartition(":")
    language = _LANGUAGES.get("." + path.rpartition(".")[2])
    text = repository.read(path) if path and line.isdigit() else None
    if text is None or language is None:
        return None
    from ast_grep_py import SgRoot

    node = _statement(SgRoot(text, language).root(), int(line) - 1)
    if node is None:
        return None
    below = list(_walk(node))
    if not any(child.kind() in _BODIES for child in below):
        return None  # the handler is elsewhere
    for child in below:
        if child.kind() in ("await", "await_expression"):
            return True
        if child.kind() in _NAMES and any(word in child.text().lower().split("_") for word in _REACHES):
            return True
    return False


def _statement(root: Any, line: int) -> Any | None:
    """The outermost node that begins on a line, with the method that a decorator belongs to."""
    for node in _walk(root):
        above = node.parent()
        if above is None or node.range().start.line != line:
            continue
        if above.parent() is None or above.range().start.line < line:
            return node.next() if node.kind() == "decorator" and node.next() is not None else node
    return None


def _walk(root: Any) -> Any:
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children()))
