"""The commands of a .NET project: restore, build, test on its solution, format, start, migrations."""

from __future__ import annotations

import posixpath
import re
from typing import Any

from devops_orchestrator.project.code.csharp import CSharp
from devops_orchestrator.project.dotnet_projects import MANIFESTS, DotnetProject, DotnetProjects
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree, ancestors, parent


def give_commands(draft: Draft, tree: Tree, projects: DotnetProjects, project: DotnetProject, code: CSharp) -> None:
    """Put the commands of a project into its draft. They are run from the project's folder."""
    manifest = project.path
    # Beside a solution or a second project, a command without a name is ambiguous.
    beside = tree.matching(draft.path, *(f"*{end}" for end in (*MANIFESTS, ".sln", ".slnx")))
    own = f" {manifest.rpartition('/')[2]}" if len(beside) > 1 else ""
    lock = tree.first(draft.path, "packages.lock.json")
    draft.offer("lockfile", lock, lock or "")
    draft.offer("install", f"dotnet restore{own} --locked-mode" if lock else f"dotnet restore{own}", lock or manifest)
    draft.offer("build", f"dotnet build{own} --configuration Release --no-restore", manifest)
    if draft.kind in ("service", "worker", "command") and not project.orchestrates and not project.device:
        said = project.property("AssemblyName")
        place = said[1] if said else manifest
        draft.offer("start", f"dotnet {project.assembly}.dll", place)
        draft.offer("entrypoint", f"{project.assembly}.dll", place)
    elif project.orchestrates:
        draft.offer("start", f"dotnet run{' --project' + own if own else ''}", manifest)
    solution = projects.solution(project)
    if solution:
        draft.trait("solution", solution.path)
    _test(draft, tree, projects, project)
    _lint(draft, tree, solution.path if solution else None, len(beside) > 1)
    _migrate(draft, tree, projects, project, code)


def _test(draft: Draft, tree: Tree, projects: DotnetProjects, project: DotnetProject) -> None:
    """`dotnet test` on the solution that holds the tests, else on the test project that refers to this one."""
    runner = None
    for folder in ancestors(draft.path):
        document = tree.jsonc(tree.first(folder, "global.json"))
        runner = runner or (document.text("test", "runner") if document else None)
    platform = runner == "Microsoft.Testing.Platform"
    solution = projects.solution(project)
    inside = (
        [path for path in solution.projects if (other := projects.all.get(path)) and other.tests] if solution else []
    )
    if solution and inside:
        target = posixpath.relpath(solution.path, draft.path)
        alone = parent(solution.path) == draft.path and not tree.matching(draft.path, *(f"*{end}" for end in MANIFESTS))
        option = "--solution " if platform else ""
        closest = [other.path for other in projects.testers(project) if other.path in inside]
        draft.offer("test", "dotnet test" if alone else f"dotnet test {option}{target}", min(closest or inside))
        return
    testers = sorted(other.path for other in projects.testers(project)) or sorted(
        path
        for path, other in projects.all.items()
        if other.tests and len(projects.served) == 1 and draft.kind != "library"
    )
    if testers:
        option = "--project " if platform else ""
        draft.offer("test", f"dotnet test {option}{posixpath.relpath(testers[0], draft.path)}", testers[0])


def _lint(draft: Draft, tree: Tree, solution: str | None, ambiguous: bool) -> None:
    tools = tree.json(tree.nearest(draft.path, ".config/dotnet-tools.json", "dotnet-tools.json"))
    version = tools.get("tools", "csharpier", "version") if tools else None
    if tools and version is not None:
        check = "--check ." if str(version).startswith("0.") else "check ."
        draft.offer("lint", f"dotnet csharpier {check}", tools.at("tools", "csharpier"))
    style = tree.nearest(draft.path, ".editorconfig")
    target = (
        f" {posixpath.relpath(solution, draft.path)}"
        if solution and (ambiguous or parent(solution) != draft.path)
        else ""
    )
    draft.offer("lint", f"dotnet format{target} --verify-no-changes" if style else None, style or "")


def _migrate(draft: Draft, tree: Tree, projects: DotnetProjects, project: DotnetProject, code: CSharp) -> None:
    """Entity Framework's migrations: of the project or of a library that it is built from."""
    if draft.kind not in ("service", "worker", "command") or project.orchestrates:
        return
    for source, call, _ in code.calls("Migrate", "MigrateAsync"):
        if "Database" in call.text():
            draft.trait("migrations_at_start", "ef", source.at(call))
    family = [project, *projects.needed(project)]
    design = any(
        one.has("microsoft.entityframeworkcore.design", "microsoft.entityframeworkcore.tools") for one in family
    )
    tools = tree.json(tree.nearest(draft.path, ".config/dotnet-tools.json", "dotnet-tools.json"))
    declared: Any = tools.get("tools", "dotnet-ef") if tools else None
    if not design and declared is None:
        return
    for one in family:
        snapshot = next(
            (p for p in tree.below(one.folder) if re.search(r"/Migrations/(?:.*/)?\w+ModelSnapshot\.cs$", f"/{p}")),
            None,
        )
        if snapshot and _nearest_project(projects, snapshot) == one.folder:
            option = "" if one is project else f" --project {posixpath.relpath(one.folder, draft.path)}"
            draft.offer("migrate", f"dotnet ef database update{option}", snapshot)
            return


def _nearest_project(projects: DotnetProjects, path: str) -> str | None:
    folders = {parent(p) for p in projects.all}
    return next((folder for folder in ancestors(parent(path)) if folder in folders), None)
