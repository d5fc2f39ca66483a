"""What angular.json says of an application: builder, output folder, server-side rendering, port.

Facts: https://angular.dev/reference/configs/workspace-config and the schema of the application builder, which writes
`<outputPath>/browser` and `<outputPath>/server` (default `dist/<project>`); the older browser builder writes outputPath.
"""

from __future__ import annotations

import posixpath

from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.tree import Tree

_TARGETS = ("architect", "targets")


def application(tree: Tree, folder: str) -> tuple[Document, str, str] | None:
    """(angular.json, project, key of its targets) of the application that `ng build` means, or None."""
    document = tree.jsonc(tree.first(folder, "angular.json"))
    if document is None:
        return None
    projects = document.table("projects")
    default = document.text("defaultProject")
    order = [*([default] if default in projects else []), *projects]
    for name in order:
        if name is not None and document.get("projects", name, "projectType") in ("application", None):
            key = next((k for k in _TARGETS if document.table("projects", name, k)), None)
            if key and not name.endswith("-e2e"):
                return document, name, key
    return None


def serves(tree: Tree, folder: str) -> bool:
    """Whether the build makes a Node.js server: server-side rendering that is more than prerendering."""
    found = application(tree, folder)
    if found is None:
        return False
    document, name, key = found
    options = document.table("projects", name, key, "build", "options")
    if options.get("outputMode") in ("server", "static"):
        return bool(options["outputMode"] == "server")
    return bool(options.get("ssr")) or bool(document.table("projects", name, key, "server"))


def give(draft: Draft, tree: Tree) -> None:
    """Output folder, start command of the server, port of the development server."""
    found = application(tree, draft.path)
    if found is None:
        return
    document, name, key = found
    build = ("projects", name, key, "build")
    builder = str(document.get(*build, "builder") or "")
    output = document.get(*build, "options", "outputPath")
    evidence = document.at(*build, "options", "outputPath")
    modern = builder.endswith(":application")
    browser, server = ("browser", "server") if modern else ("", "")
    if isinstance(output, dict):
        base = str(output.get("base", f"dist/{name}"))
        browser, server = str(output.get("browser", browser)), str(output.get("server", server))
    elif isinstance(output, str):
        base = output
    else:
        base, evidence = f"dist/{name}", convention("the application builder writes dist/<project>")
    base = posixpath.normpath(base)
    if draft.kind == "service":
        draft.offer("output", base, evidence)
        if modern:
            built = posixpath.join(base, server, "server.mjs")
        else:
            second = document.get("projects", name, key, "server", "options", "outputPath")
            built = posixpath.join(second if isinstance(second, str) else posixpath.join(base, "server"), "main.js")
        draft.offer("start", f"node {built}", evidence)
        draft.offer("entrypoint", built, evidence)
    else:
        draft.offer("output", posixpath.normpath(posixpath.join(base, browser)), evidence)
        port = document.get("projects", name, key, "serve", "options", "port")
        draft.offer(
            "port",
            port if isinstance(port, int) else None,
            document.at("projects", name, key, "serve", "options", "port"),
        )
    for entry in document.get(*build, "options", "assets") or ():
        folder = entry if isinstance(entry, str) else entry.get("input") if isinstance(entry, dict) else None
        if isinstance(folder, str) and tree.below(folder if draft.path == "." else f"{draft.path}/{folder}"):
            draft.offer("assets", folder.rstrip("/"), document.at(*build, "options", "assets"))
