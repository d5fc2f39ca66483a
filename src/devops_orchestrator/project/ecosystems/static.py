"""Sites without an application: plain HTML, Hugo, Jekyll, MkDocs."""

from __future__ import annotations

import re

from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, join

_GENERATORS = (
    ("hugo", ("hugo.toml", "hugo.yaml", "hugo.yml", "hugo.json"), "hugo --minify", "public", 1313),
    ("mkdocs", ("mkdocs.yml",), "mkdocs build --strict", "site", 8000),
    ("jekyll", ("_config.yml",), "jekyll build", "_site", 4000),
)
_BUILT = re.compile(
    r"(^|/)(dist|build|out|coverage|target|_site|htmlcov|templates?|views|resources|src|assets|static|wwwroot)(/|$)"
)


def _finds(tree: Tree) -> list[str]:
    found = with_manifest(tree, "index.html", *(file for _, files, *_rest in _GENERATORS for file in files))
    if tree.has(".", "config.toml") and any(
        folder.split("/")[0] in ("content", "archetypes", "layouts") for folder in tree.folders
    ):
        found.append(".")
    tops: list[str] = []
    for folder in sorted(set(found), key=lambda f: (f.count("/"), f)):
        if not _BUILT.search(folder) and not any(top == "." or folder.startswith(top + "/") for top in tops):
            tops.append(folder)
    return tops


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    draft.kind = "static"
    for name, files, command, output, port in _GENERATORS:
        path = tree.first(
            draft.path, *files, *(("config.toml",) if name == "hugo" and tree.first(draft.path, "config.toml") else ())
        )
        if path is None:
            continue
        draft.offer("framework", name, path)
        draft.offer("build", command, path)
        draft.offer("output", output, convention(f"the output folder of {name}"))
        draft.offer("port", port, convention(f"{name}'s development server"))
        draft.offer("manifest", path, path)
        break
    index = join(draft.path, "index.html")
    draft.offer("language", "static", draft.get("manifest") or index)
    if draft.get("framework") is None:
        if index not in draft.files:
            return False
        folder = "." if draft.path == "." else draft.path
        draft.offer("entrypoint", "index.html", index)
        draft.offer("output", ".", folder if folder != "." else index)
    return True


ECOSYSTEM = Ecosystem("static", _finds, _read)
