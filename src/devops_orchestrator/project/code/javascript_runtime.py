"""Bun beside Node.js: whether a package runs on it, its version, and the ports that servers take when none is given."""

from __future__ import annotations

from devops_orchestrator.core.project import Runtime
from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import versions
from devops_orchestrator.project.code.javascript import JavaScript
from devops_orchestrator.project.code.javascript_ports import Served
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.tree import Tree

_BUN = lazy(r"(^|&&\s*|=\S+\s+)bun(x)? (run )?(--?[\w=.-]+ )*(\S*[./]\S*|--bun\b)|(^|\s)--bun\b")
_NODE = lazy(r"(^|&&\s*|=\S+\s+)node\s")


def on_bun(draft: Draft, served: list[Served]) -> str | None:
    """The evidence that a package runs on Bun, or None: its start script, its code, its image."""
    for name in ("start:prod", "start", "serve", "dev"):
        body = draft.scripts.get(name, "")
        if _NODE.search(body):
            return None
        if _BUN.search(body):
            return draft.places.get(f"script:{name}") or draft.get("manifest")
    place = next((place for _, place, word in served if word == "Bun.serve"), None)
    if place:
        return place
    image = draft.traits.get("image_command", "")
    if image.startswith("bun "):
        return draft.evidence("image_command")
    elysia = "elysia" in draft.dependencies and "@elysiajs/node" not in draft.dependencies
    return draft.place("elysia") if elysia and draft.get("package_manager") == "bun" else None


def give(draft: Draft, tree: Tree, package: Document, code: JavaScript, served: list[Served]) -> None:
    """The runtime `bun` before Node.js where the package runs on it; the default port of what serves without one."""
    bun = on_bun(draft, served)
    if bun:
        _bun(draft, tree, package, bun)
        for path in code.tests:
            source = code.source(path, always=True)
            if source and any(module == "bun:test" for _, module, _ in code.imports(source)):
                draft.offer("test", "bun test", f"{path}:1")
                break
    if draft.get("port") is not None or draft.kind != "service":
        return
    words = {word for value, _, word in served if value.port is None and not value.variable}
    if bun and (words & {"Bun.serve", "export default"} or draft.get("framework") == "hono"):
        draft.offer("port", 3000, convention("Bun.serve's default port"))
        draft.trait("port_env", "PORT")
    elif "@hono/node-server" in draft.dependencies and "serve" in words:
        draft.offer("port", 3000, convention("@hono/node-server's default port"))


def _bun(draft: Draft, tree: Tree, package: Document, evidence: str) -> None:
    node = draft.candidates.pop("runtime", [])
    versions.pin_files(draft, tree, "bun", ".bun-version")
    versions.tool_files(draft, tree, "bun")
    engine = package.text("engines", "bun")
    if engine:
        versions.offer(draft, "bun", versions.coarse(engine, 2), package.at("engines", "bun"))
    if draft.get("package_manager") == "bun":
        field = draft.get("package_manager_version")
        versions.offer(draft, "bun", field, draft.evidence("package_manager_version") or "")
    versions.last_resorts(draft, tree, "bun")
    draft.offer("runtime", Runtime("bun"), evidence)
    draft.candidates["runtime"] += node
