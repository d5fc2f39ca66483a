"""Whether a component's code serves a path: read from its string literals and from file-based routes."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Component
from devops_orchestrator.core.repository import Repository

_LANGUAGES = {
    "py": "python", "js": "javascript", "mjs": "javascript", "cjs": "javascript", "ts": "typescript", "tsx": "tsx",
    "go": "go", "java": "java", "kt": "kotlin", "php": "php", "rb": "ruby", "rs": "rust", "cs": "csharp", "ex": "elixir",
}  # fmt: skip
_STRINGS = {
    "string", "string_literal", "interpreted_string_literal", "raw_string_literal", "encapsed_string", "template_string",
    "string_content", "string_fragment", "string_value",
}  # fmt: skip
# Frameworks that answer every path (single-page applications), or whose routes are not strings of the code.
_ANY = ("vite", "react", "vue", "angular", "svelte")


def serves(component: Component, repository: Repository, path: str) -> bool:
    """False only where the code has routes and none of its strings could make this path."""
    path = path.partition("?")[0].rstrip("/") or "/"
    if path == "/" or component.kind == "static" or component.framework in _ANY:
        return True
    health = (component.health or "").rstrip("/")
    if path in (health, component.metrics):
        return True
    if component.framework == "spring-boot" and path.startswith("/actuator/") and health.startswith("/actuator"):
        return path.startswith(health)
    if component.framework == "quarkus" and path.startswith("/q/"):
        return True  # of its extensions: health, metrics, the management interface
    last = path.rsplit("/", 1)[-1]
    return any(_holds(file, last, repository) for file in component.files)


def _holds(file: str, segment: str, repository: Repository) -> bool:
    """Whether a file's name (file-based routes) or one of its strings ends a path with this segment."""
    parts = file.split("/")
    if segment in (
        parts[-1].partition(".")[0],
        *(parts[-2:-1] if parts[-1].startswith(("route.", "index.", "page.")) else ()),
    ):
        return True
    language = _LANGUAGES.get(file.rpartition(".")[2])
    text = repository.read(file) if language else None
    if language is None or text is None or segment not in text:
        return False
    return any(segment in value.strip("\"'`/").split("/") for value in _strings(text, language))


def _strings(text: str, language: str) -> Iterator[str]:
    from ast_grep_py import SgRoot

    stack = [SgRoot(text, language).root()]
    while stack:
        node = stack.pop()
        if node.kind() in _STRINGS:
            yield node.text()
        else:
            stack.extend(node.children())
