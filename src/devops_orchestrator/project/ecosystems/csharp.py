"""C#: .NET projects; ASP.NET Core, workers, console programs, libraries."""

from __future__ import annotations

import re

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import services, tasks, versions
from devops_orchestrator.project.code.csharp import CSharp
from devops_orchestrator.project.code.csharp_settings import Settings
from devops_orchestrator.project.dotnet_commands import give_commands
from devops_orchestrator.project.dotnet_projects import MANIFESTS, DotnetProject, DotnetProjects
from devops_orchestrator.project.dotnet_server import give_server
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem
from devops_orchestrator.project.tree import Tree, ancestors, join, parent

# NuGet compares names without their case; the table's spelling is the packages' own.
_SPELLED = {name.lower(): name for name in services.CSHARP}
_FRONTS = frozenset(
    ["web", "webapp", "webui", "webmvc", "website", "site", "app", "frontend", "ui", "portal", "mvc", "blazor"]
)
_SERVERS = frozenset(["api", "webapi", "server", "host", "backend", "gateway"])
_HOSTED = frozenset(
    [
        "AddHostedService",
        "BackgroundService",
        "IHostedService",
        "IHostedLifecycleService",
        "AddHangfireServer",
        "AddQuartzHostedService",
        "RunConsoleAsync",
        "EventingBasicConsumer",
        "AsyncEventingBasicConsumer",
        "UseWindowsService",
        "UseSystemd",
    ]
)
_WEB_HOST = lazy(r"ConfigureWebHost|WebApplication\.Create|WebHost\.Create")
_HOSTS = ("Host.CreateApplicationBuilder", "Host.CreateDefaultBuilder")


def _finds(tree: Tree) -> list[str]:
    return sorted({parent(path) for path in tree.files if path.endswith(MANIFESTS)})


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    projects = DotnetProjects.of(tree)
    project = projects.main(draft.path)
    if project is None or project.tests or project.tool:
        return False  # the tests of another project, or what builds and measures it
    manifest = project.path
    draft.name = project.name
    draft.offer("manifest", manifest, manifest)
    draft.offer("language", "csharp", manifest)
    draft.offer("package_manager", "dotnet", manifest)
    for package in project.packages:
        name = _SPELLED.get(package.name.lower(), package.name)
        draft.dependencies[name] = package.version
        draft.places[name] = package.evidence
    for path in project.references if not project.orchestrates else ():  # an AppHost only starts them
        other = projects.all.get(path)
        if other is not None and other.folder != draft.path:
            draft.members[other.name] = other.folder
    services.from_packages(draft, services.CSHARP)
    if draft.depends_on("Microsoft.EntityFrameworkCore.SqlServer", "Microsoft.Data.SqlClient", "System.Data.SqlClient"):
        draft.trait("sqlserver", "true")
    _runtime(draft, tree, project)
    libraries = [path for other in projects.needed(project) for path in context.own(other.folder)]
    code = CSharp(tree, draft.files, draft.path, libraries)
    _kind(draft, projects, project, code)
    if draft.kind in ("service", "worker"):
        draft.precedence = _precedence(project)
    settings = Settings(tree, draft.path)
    if draft.kind in ("service", "worker", "command"):
        give_server(draft, context, projects, project, code, settings)
    give_commands(draft, tree, projects, project, code)
    assets = join(draft.path, "wwwroot")
    if draft.framework_is("aspnetcore", "blazor") and tree.below(assets):
        draft.offer("assets", "wwwroot", assets)
    tasks.offer(draft, tree, "test", "lint")
    versions.last_resorts(draft, tree, "dotnet")
    return True


def _precedence(project: DotnetProject) -> int:
    """What a person would open goes before an API, that before the rest; what lies higher before what lies deeper."""
    words = [
        word.lower()
        for part in re.split(r"[._-]", project.name)
        for word in (part, *re.findall(r"[A-Z][a-z]+", part)[-1:])
    ]
    role = 0 if _FRONTS & set(words) else 1 if _SERVERS & set(words) else 2
    return role * 10 + min(project.folder.count("/"), 9)


def _runtime(draft: Draft, tree: Tree, project: DotnetProject) -> None:
    """`global.json`, then the target framework; the SDK's and the target's own versions are traits."""
    for folder in ancestors(draft.path):
        document = tree.jsonc(tree.first(folder, "global.json"))
        version = document.text("sdk", "version") if document else None
        if document and version:
            place = document.at("sdk", "version")
            draft.trait("sdk_version", version, place)
            versions.offer(draft, "dotnet", ".".join(version.split(".")[:2]), place)
            break
    versions.tool_files(draft, tree, "dotnet")
    if project.target:
        draft.trait("target_framework", *project.target)
        versions.offer(draft, "dotnet", *project.target)


def _kind(draft: Draft, projects: DotnetProjects, project: DotnetProject, code: CSharp) -> None:
    manifest = project.path
    sdks = project.sdks
    if project.orchestrates or project.desktop:
        draft.kind = "command"
        draft.trait("aspire_host", "true" if project.orchestrates else None, manifest)
        return
    if "Microsoft.NET.Sdk.BlazorWebAssembly" in sdks:
        hosted = any(project.path in other.references for other in projects.all.values() if other.web)
        draft.kind = "library" if hosted else "static"
        draft.offer("framework", None if hosted else "blazor", manifest)
        return
    if not project.program:
        functions = project.property("AzureFunctionsVersion")
        draft.kind = "service" if functions else "library"
        draft.offer("framework", "azure-functions" if functions else None, functions[1] if functions else "")
        return
    named = code.named
    place = project.element.at
    host = any(name in named for name in _HOSTS)
    serves = any(name.startswith(("WebApplication.Create", "WebHost.Create")) for name in named) or any(
        name in named for name in ("ConfigureWebHostDefaults", "ConfigureWebHost")
    )
    shared = any(one.aspnetcore for one in (project, *projects.needed(project)))
    serves = serves or (not project.desktop and _hosted(projects, project, code))
    if (project.web and (serves or not host)) or (shared and serves) or (serves and "fsproj" in manifest):
        draft.kind = "service"
        draft.offer("framework", "aspnetcore", place)
    elif "Microsoft.NET.Sdk.Worker" in sdks or (_HOSTED & named) or (project.web and host):
        draft.kind = "worker"
        hosting = "Microsoft.NET.Sdk.Worker" in sdks or project.web or draft.depends_on("Microsoft.Extensions.Hosting")
        draft.offer("framework", "dotnet-worker" if hosting else None, place)
    else:
        draft.kind = "command"


def _hosted(projects: DotnetProjects, project: DotnetProject, code: CSharp) -> bool:
    """Whether a library of the component that is built with ASP.NET Core makes the web host."""
    return any(
        other.aspnetcore
        and any(
            _WEB_HOST.search(code.tree.text(path) or "") and code.hosts(path)
            for path in code.libraries
            if path.startswith(f"{other.folder}/")
        )
        for other in projects.needed(project)
    )


ECOSYSTEM = Ecosystem("csharp", _finds, _read)
