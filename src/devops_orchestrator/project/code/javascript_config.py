"""What the configuration files of JavaScript tools say: Vite, Next.js, Nx, and the flags of scripts."""

from __future__ import annotations

import re
from typing import Any

from devops_orchestrator.project.code.javascript import JavaScript
from devops_orchestrator.project.code.syntax import children
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree

Node = Any


def give(draft: Draft, tree: Tree, code: JavaScript) -> None:
    """Ports and output folders that the configuration sets, before the defaults of the framework."""
    framework = draft.get("framework")
    manifest = tree.json(tree.first(draft.path, "package.json"))
    for name in ("start:prod", "start", "preview", "dev", "serve"):
        body = draft.scripts.get(name, "")
        found = re.search(
            r"(?:next (?:start|dev)|vite(?: preview| dev)?|astro \w+|nuxt \w+|ng serve|serve|remix\S*|react-router\S*|http-server)\b[^&|;]*?(?:--port|-p)[= ](\d{2,5})",
            body,
        )
        plain = re.match(r"(?:cross-env )?PORT=(\d{2,5})\b", body)
        number = found or plain
        if number and manifest:
            draft.offer("port", int(number[1]), manifest.at("scripts", name))
    if framework in ("vite", "tanstack-start", "react-router", "sveltekit") or "vite" in draft.dependencies:
        _vite(draft, tree, code)
    if framework == "nextjs":
        _next(draft, tree, code)


def _config(tree: Tree, draft: Draft, code: JavaScript, stem: str) -> Any:
    path = next(
        (p for ext in ("ts", "mts", "js", "mjs", "cjs") if (p := tree.first(draft.path, f"{stem}.{ext}"))), None
    )
    return code.source(path, always=True) if path else None


def _vite(draft: Draft, tree: Tree, code: JavaScript) -> None:
    source = _config(tree, draft, code, "vite.config")
    for pair in source.all("pair") if source else ():
        key, value = pair.field("key"), pair.field("value")
        name = key.text().strip("'\"") if key is not None else ""
        if name in ("server", "preview") and value.kind() == "object":
            for inner in children(value):
                if inner.kind() == "pair" and inner.field("key").text() == "port" and draft.kind != "service":
                    port = code.value(source, inner.field("value")).port
                    draft.offer("port" if name == "server" else "_preview", port, source.at(inner))
        elif name == "outDir":
            output = code.value(source, value).constant
            draft.offer("output", output if isinstance(output, str) else None, source.at(pair))
    if draft.framework_is("tanstack-start") and source:
        for pair in source.all("pair"):
            if pair.field("key").text() == "port":
                draft.offer("port", code.value(source, pair.field("value")).port, source.at(pair))


def _next(draft: Draft, tree: Tree, code: JavaScript) -> None:
    source = _config(tree, draft, code, "next.config")
    for pair in source.all("pair") if source else ():
        key = pair.field("key")
        name = key.text().strip("'\"") if key is not None else ""
        value = code.value(source, pair.field("value")).constant
        if name == "output" and isinstance(value, str):
            draft.trait("next_output", value, source.at(pair))
            if value == "export":
                draft.kind = "static"
                draft.offer("output", "out", source.at(pair))
        elif name == "distDir" and isinstance(value, str):
            draft.offer("output", value, source.at(pair))
        elif name == "basePath" and isinstance(value, str):
            draft.trait("base_path", value, source.at(pair))


def nx_start(draft: Draft, tree: Tree) -> None:
    """`node dist/api/main.js` of an Nx application's build target."""
    project = tree.json(tree.first(draft.path, "project.json"))
    if project is None or project.get("projectType") != "application":
        return
    options = project.table("targets", "build", "options")
    output, main = options.get("outputPath"), options.get("main")
    if isinstance(output, str) and isinstance(main, str) and main.endswith((".ts", ".js")):
        name = re.sub(r"\.ts$", ".js", main.rpartition("/")[2])
        draft.offer("start", f"node {output}/{name}", project.at("targets", "build", "options", "outputPath"))
        draft.offer("entrypoint", f"{output}/{name}", project.at("targets", "build", "options", "outputPath"))
        draft.offer("output", output, project.at("targets", "build", "options", "outputPath"))
    targets = project.table("targets")
    for fact in ("lint", "test"):
        if fact in targets:
            draft.offer(fact, f"npx nx {fact}", project.at("targets", fact))
