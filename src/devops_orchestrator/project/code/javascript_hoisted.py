"""Packages that a member of a workspace uses though only the workspace's root names them, and projects without a manifest."""

from __future__ import annotations

import re

from devops_orchestrator.project import nx, workspaces
from devops_orchestrator.project.code.javascript import LANGUAGES, JavaScript
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.services import NODE
from devops_orchestrator.project.tree import Tree
from devops_orchestrator.project.workspaces import Workspace

_TABLES = (("dependencies", False), ("optionalDependencies", False), ("devDependencies", True))
# What is looked for at the root: what makes a framework, a service or a test of a member.
_FRAMEWORKS = frozenset(
    [
        "@nestjs/core",
        "next",
        "nuxt",
        "@sveltejs/kit",
        "@tanstack/react-start",
        "@react-router/dev",
        "@remix-run/dev",
        "astro",
        "gatsby",
        "@angular/core",
        "expo",
        "fastify",
        "hono",
        "koa",
        "express",
        "@11ty/eleventy",
        "react-scripts",
        "vite",
        "@rsbuild/core",
    ]
)
_CONFIGURATION = {
    "vite": "vite.config.*",
    "next": "next.config.*",
    "vitest": "vitest.config.*",
    "jest": "jest.config.*",
    "@rsbuild/core": "rsbuild.config.*",
}
_MAX = 400  # more sources than this of one component are not searched for imports


def give(draft: Draft, tree: Tree, root: Document | None, *, every: bool = False) -> None:
    """Add the root's packages that a component's code imports or whose configuration it holds.

    Of a member with a manifest these are frameworks and services only; `every` package of a project without one.
    """
    named = {name: table for table, _ in reversed(_TABLES) for name in (root.table(table) if root else ())}
    own = set(draft.dependencies)
    wanted = {
        name
        for name in named
        if name not in own and (every or name in _FRAMEWORKS or name in _CONFIGURATION or name in NODE)
    }
    if not root or not wanted:
        return
    used = nx.tools(nx.project_of(tree, draft.path)) & wanted
    used |= {name for name, pattern in _CONFIGURATION.items() if name in wanted and tree.matching(draft.path, pattern)}
    used |= {
        name
        for module in _modules(draft, tree, wanted - used - (set() if every else {"vitest", "jest"}))
        if (name := _package(module)) in wanted
    }
    if every:
        used |= wanted & {"typescript"}
    for name in sorted(used):
        table = named[name]
        draft.dependencies[name] = str(root.get(table, name))
        draft.places[name] = root.at(table, name)
        if table == "devDependencies":
            draft.dev_dependencies.add(name)


def _package(module: str) -> str:
    """The package that a specifier names: `@nestjs/core` of `@nestjs/core/testing`."""
    parts = module.split("/")
    return "/".join(parts[:2]) if module.startswith("@") else parts[0]


def _modules(draft: Draft, tree: Tree, wanted: set[str]) -> set[str]:
    """The modules that the sources import, of those that hold the name of a wanted package."""
    if not wanted:
        return set()
    names = re.compile("['\"](" + "|".join(re.escape(name) for name in sorted(wanted)) + ")['\"/]")
    code = JavaScript(tree, draft.files, draft.path)
    found: set[str] = set()
    for path in [p for p in draft.files if p[p.rfind(".") :] in LANGUAGES][:_MAX]:
        text = tree.text(path)
        if text is None or not names.search(text):
            continue
        source = code.source(path, always=True)
        found |= {module for _, module, _ in code.imports(source)} if source else set()
    return found


def give_projects(draft: Draft, tree: Tree, workspace: Workspace) -> None:
    """Fill `draft.members` with the projects that the code imports by the names of tsconfig's paths."""
    known = {
        name: path for name, path in nx.aliases(tree, workspace.root).items() if nx.folder_of(path, workspace.folders)
    }
    patterns = {name.rstrip("*").rstrip("/") for name in known}
    for module in sorted(_modules(draft, tree, patterns)):
        target = known.get(module) or next(
            (path for name, path in known.items() if name.endswith("*") and module.startswith(name[:-1])), None
        )
        folder = nx.folder_of(target, workspace.folders) if target else None
        if folder and folder != draft.path:
            draft.members[module] = folder
    for name in (nx.project_of(tree, draft.path) or Document("", {})).strings("implicitDependencies"):
        if name in workspace.packages:
            draft.members[name] = workspace.packages[name]
    workspaces.tell_members(draft)
