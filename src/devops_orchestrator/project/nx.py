"""Nx: projects of an integrated repository (project.json, no package.json of their own), their targets and outputs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.tree import Tree, join, parent
from devops_orchestrator.project.workspaces import Workspace

# The tool that an executor runs, by the packages of Nx: https://nx.dev/nx-api
_TOOLS = {
    "@nx/next": "next", "@nx/vite": "vite", "@nx/angular": "@angular/core", "@angular-devkit/build-angular": "@angular/core",
    "@angular/build": "@angular/core", "@nx/remix": "@remix-run/dev", "@nx/nuxt": "nuxt", "@nx/expo": "expo", "@nx/nest": "@nestjs/core",
    "@nrwl/next": "next", "@nrwl/vite": "vite", "@nrwl/angular": "@angular/core", "@nx/rsbuild": "@rsbuild/core",
}  # fmt: skip
_TRIED = lazy(r"-e2e$|(^|/)e2e$")
_COMMANDS = ("build", "test", "lint", "typecheck")


def project_of(tree: Tree, folder: str) -> Document | None:
    """The project.json of a folder, or None."""
    return tree.json(tree.first(folder, "project.json"))


def finds(tree: Tree, known: Iterable[Workspace]) -> list[str]:
    """The folders of Nx projects that have no package.json."""
    return sorted(
        folder
        for workspace in known
        for folder in workspace.folders
        if tree.has(folder, "project.json") and not tree.has(folder, "package.json")
    )


def is_trial(folder: str) -> bool:
    """Whether a project holds the end-to-end tests of another one."""
    return bool(_TRIED.search(folder))


def tools(project: Document | None) -> set[str]:
    """The packages whose work the targets of a project do."""
    found: set[str] = set()
    for target in project.table("targets") if project else ():
        executor = str(project.get("targets", target, "executor") or "") if project else ""
        found.add(_TOOLS.get(executor.partition(":")[0], ""))
    return found - {""}


def give_commands(draft: Draft, tree: Tree, execute: str, workspace: Workspace, *, tests: bool) -> None:
    """`nx build shop`, for the targets that project.json names or a plugin of nx.json makes of a tool's configuration.

    `execute` is how the package manager runs a program, with `{}` for the program; a plugin makes a test target of a
    project without tests too.
    """
    project = project_of(tree, draft.path)
    name = (project.text("name") if project else None) or draft.name
    for fact in _COMMANDS:
        if project and fact in project.table("targets"):
            draft.offer(fact, execute.format(f"nx {fact} {name}"), project.at("targets", fact))
    configuration = tree.json(tree.first(workspace.root, "nx.json"))
    plugins = configuration.get("plugins") if configuration else None
    for index, entry in enumerate(plugins if isinstance(plugins, list) else ()):
        plugin = entry if isinstance(entry, str) else str(entry.get("plugin", "")) if isinstance(entry, dict) else ""
        options = entry.get("options", {}) if isinstance(entry, dict) else {}
        for fact, stems, option in _INFERRED.get(plugin, ()):
            path = next((p for stem in stems for p in tree.matching(draft.path, stem)), None)
            target = options.get(option) if isinstance(options, dict) else None
            if path and configuration and (fact != "test" or tests):
                command = execute.format(f"nx {target or fact} {name}")
                draft.offer(fact, command, configuration.at("plugins", index))


# plugin → (fact, the configuration that makes the target, the option that renames it)
_INFERRED = {
    "@nx/vite/plugin": (("build", ("vite.config.*",), "buildTargetName"), ("test", ("vite.config.*", "vitest.config.*"), "testTargetName")),
    "@nx/vitest": (("test", ("vitest.config.*", "vite.config.*"), "testTargetName"),),
    "@nx/next/plugin": (("build", ("next.config.*",), "buildTargetName"),),
    "@nx/webpack/plugin": (("build", ("webpack.config.*",), "buildTargetName"),),
    "@nx/rspack/plugin": (("build", ("rspack.config.*",), "buildTargetName"),),
    "@nx/rsbuild": (("build", ("rsbuild.config.*",), "buildTargetName"),),
    "@nx/remix/plugin": (("build", ("remix.config.*", "vite.config.*"), "buildTargetName"),),
    "@nx/nuxt/plugin": (("build", ("nuxt.config.*",), "buildTargetName"),),
    "@nx/jest/plugin": (("test", ("jest.config.*",), "targetName"),),
    "@nx/eslint/plugin": (("lint", ("eslint.config.*", ".eslintrc*"), "targetName"),),
}  # fmt: skip


def give_output(draft: Draft, tree: Tree) -> None:
    """The folder that the build target writes, from the component's path, and `node …/main.js` of a server."""
    project = project_of(tree, draft.path)
    if project is None or draft.kind == "library":
        return
    options = project.table("targets", "build", "options")
    output, main = options.get("outputPath"), options.get("main")
    evidence = project.at("targets", "build", "options", "outputPath")
    if isinstance(output, dict):
        output = posixpath.join(str(output.get("base", "")), str(output.get("browser", "browser")))
    elif isinstance(output, str) and _is_application_builder(project):
        output = posixpath.join(output, "browser")
    if output is None:
        listed = project.strings("targets", "build", "outputs")
        output, evidence = (listed[0], project.at("targets", "build", "outputs")) if listed else (None, evidence)
    if not isinstance(output, str) or not output or "{options" in output:
        return
    text = (
        output.replace("{workspaceRoot}/", "")
        .replace("{projectRoot}", draft.path)
        .replace("{projectName}", draft.name)
        .removeprefix("./")
    )
    inside = posixpath.relpath(text, draft.path)
    draft.prefer("output", inside, evidence)
    if isinstance(main, str) and main.endswith((".ts", ".js")) and draft.kind != "static":
        built = f"{inside}/{re.sub(r'[.]ts$', '.js', main.rpartition('/')[2])}"
        draft.offer("start", f"node {built}", evidence)
        draft.offer("entrypoint", built, evidence)
    serves = project.get("targets", "serve", "executor") in ("@nx/js:node", "@nrwl/js:node")
    if serves and draft.kind != "static" and tree.has(draft.path, "src/main.ts"):
        name = convention("the bundlers of Nx write main.js of main.ts")
        draft.offer("start", f"node {inside}/main.js", name)
        draft.offer("entrypoint", f"{inside}/main.js", name)
    port = project.get("targets", "serve", "options", "port")
    if isinstance(port, int) and draft.kind == "static":
        draft.offer("port", port, project.at("targets", "serve", "options", "port"))


def _is_application_builder(project: Document) -> bool:
    executor = str(project.get("targets", "build", "executor") or "")
    return executor.startswith(("@nx/angular:", "@angular/build:", "@angular-devkit/")) and executor.endswith(
        ":application"
    )


def aliases(tree: Tree, root: str) -> dict[str, str]:
    """`@shop/ui` → `libs/ui/src/index.ts`: the projects that tsconfig's paths give names to."""
    document = tree.jsonc(tree.first(root, "tsconfig.base.json", "tsconfig.json"))
    found: dict[str, str] = {}
    for name in document.table("compilerOptions", "paths") if document else ():
        targets = document.strings("compilerOptions", "paths", name) if document else []
        if targets:
            base = str(document.get("compilerOptions", "baseUrl") or ".") if document else "."
            found[name] = posixpath.normpath(posixpath.join(root, base, targets[0]))
    return found


def folder_of(path: str, folders: frozenset[str]) -> str | None:
    """The project that a file belongs to: the nearest folder above it that is one."""
    at = parent(path)
    while at != "." and at not in folders:
        at = parent(at)
    return at if at in folders else None


def manifest_path(folder: str) -> str:
    """Where the manifest of a project without package.json is."""
    return join(folder, "project.json")
