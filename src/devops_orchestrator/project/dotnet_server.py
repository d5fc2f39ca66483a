"""What a .NET program serves and needs: ports, routes, metrics, configuration, the folders that it writes to."""

from __future__ import annotations

import re

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import images, services
from devops_orchestrator.project.code import facts
from devops_orchestrator.project.code.csharp import CSharp
from devops_orchestrator.project.code.csharp_routes import Endpoints
from devops_orchestrator.project.code.csharp_settings import Settings, port_of
from devops_orchestrator.project.code.facts import Read, Route, rank
from devops_orchestrator.project.dotnet_projects import DotnetProject, DotnetProjects, resolve
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context
from devops_orchestrator.project.tree import Tree, parent

_ADDRESSES = ("ASPNETCORE_URLS", "DOTNET_URLS", "URLS")
_PORTS = ("ASPNETCORE_HTTP_PORTS", "DOTNET_HTTP_PORTS", "HTTP_PORTS")
# What the host and the operating system say of themselves, not of the application.
_HOST = lazy(
    r"(ASPNETCORE|DOTNET)_(ENVIRONMENT|RUNNING_IN_CONTAINER|URLS|HTTP_PORTS)$|(PATH|HOME|USER|USERPROFILE|TEMP|TMP|(LOCAL)?APPDATA|"
    r"PROGRAMDATA|PROGRAMFILES|SYSTEMROOT|WINDIR|COMPUTERNAME|HOSTNAME|CI|XDG_\w+)$",
    re.I,
)
_SQLITE = lazy(r"(?:Data Source|DataSource|Filename)\s*=\s*([^;]+)", re.I)


def give_server(
    draft: Draft, context: Context, projects: DotnetProjects, project: DotnetProject, code: CSharp, settings: Settings
) -> None:
    """Put what a program serves into its draft."""
    tree = context.tree
    reads = [read for read in [*code.reads, *_keys(code, settings)] if not _HOST.match(read.name)]
    seen = facts.Seen(reads=reads)
    if draft.framework_is("aspnetcore"):
        seen.ports = [*settings.ports, *code.ports, *settings.urls]
        endpoints = Endpoints(code, code.libraries, projects.remembered)
        _health(draft, endpoints.checks)
        seen.routes = endpoints.routes
        for path, library, place in endpoints.metrics:
            draft.offer("metrics", path, place)
            draft.offer("metrics_library", library, place)
    facts.give(draft, seen)
    dockerfile = dockerfile_of(tree, projects, project)
    if draft.framework_is("aspnetcore"):
        _addresses(draft, tree, context.compose_paths, dockerfile)
    if draft.kind == "service":
        images.from_dockerfile(draft, tree, dockerfile)
    if draft.framework_is("aspnetcore"):
        target = project.target
        old = target is not None and int(target[0].split(".")[0]) < 8
        if not code.unknown_address:
            draft.offer("port", 80 if old else 8080, convention("default port of the ASP.NET Core images"))
    for _name, value, place in settings.connections:
        service = services.of_url(value)
        if service:
            draft.add("services", service, place)
        file = _SQLITE.search(value)
        if (
            file
            and _sqlite(projects, project)
            and not file[1].strip().startswith((":", "/", "|"))
            and "(" not in file[1]
        ):
            draft.add("writable", file[1].strip().replace("\\", "/").removeprefix("./"), place)
    for folder, place in settings.logs:
        draft.add("writable", folder, place)


def _keys(code: CSharp, settings: Settings) -> list[Read]:
    """Configuration keys as variables: those spelled like one, and those that no file of the project gives a value."""
    found: list[Read] = []
    for key, place, required in code.keys:
        known = settings.says(key)
        # A key with a default that no file names is an option of the code, not a variable that somebody sets.
        if re.fullmatch(r"[A-Z][A-Z0-9_]+", key) or (required and not known):
            found.append(Read(key.replace(":", "__"), place, required and not known))
    return found


def _health(draft: Draft, checks: list[Route]) -> None:
    """Routes of `MapHealthChecks`: health routes whatever they are called; those of probes alone come last."""

    def order(route: Route) -> tuple[float, int, str]:
        level = rank(route.path)
        return (0.5 if level is None else level, len(route.path), route.path)

    plain = sorted((route for route in checks if not re.search(r"[{}*]", route.path)), key=order)
    for route in plain:
        draft.offer("health", route.path, route.evidence)
    for route in plain[1:]:
        if rank(route.path) == 2:
            draft.trait("readiness", route.path, route.evidence)


def _sqlite(projects: DotnetProjects, project: DotnetProject) -> bool:
    names = (
        "microsoft.entityframeworkcore.sqlite",
        "microsoft.data.sqlite",
        "system.data.sqlite",
        "system.data.sqlite.core",
    )
    return any(one.has(*names) for one in (project, *projects.needed(project)))


def dockerfile_of(tree: Tree, projects: DotnetProjects, project: DotnetProject) -> str | None:
    """The Dockerfile of a project: in its folder, else the one that starts or publishes it, else that of a single one."""
    path = images.dockerfile_of(tree, project.folder, alone=False)
    if path:
        return path
    files = [p for p in tree.files if re.fullmatch(r"(?:[\w.-]+\.)?[Dd]ockerfile(?:\.\w+)?", p.rpartition("/")[2])]
    published = None
    for path in sorted(files, key=lambda p: (p.count("/"), p)):
        parsed = tree.dockerfile(path)
        for stage in parsed.stages if parsed else ():
            for item in stage.of("CMD", "ENTRYPOINT"):
                if re.search(rf"(?:^|[\s/\"']){re.escape(project.assembly)}\.dll\b", item.arguments):
                    return path
            for item in stage.of("RUN"):
                name = project.path.rpartition("/")[2]
                if "publish" in item.arguments and re.search(rf"(?:^|[\s/\"']){re.escape(name)}\b", item.arguments):
                    published = published or path
    if published is None and projects.served == [project]:
        published = images.dockerfile_of(tree, ".", alone=True)
    return published


def _addresses(draft: Draft, tree: Tree, compose: list[str], dockerfile: str | None) -> None:
    """The variables that say where ASP.NET Core listens, in the image and then in compose."""
    parsed = tree.dockerfile(dockerfile)
    for stage in parsed.lineage(parsed.final) if parsed and parsed.stages else ():
        for item in stage.of("ENV"):
            for pair in item.pairs:
                draft.offer("port", _port(pair.key, pair.value or ""), f"{dockerfile}:{item.line}")
        if list(stage.of("EXPOSE")):
            return  # the image says its port: what compose says is of one place where it runs
    for path in compose if dockerfile else ():
        for document in tree.yaml(path):
            entries = document.get("services")
            for _, service in entries.items() if entries else ():
                if _built_by(service.at("build"), parent(path)) != dockerfile:
                    continue
                environment = service.get("environment")
                given = environment.value if environment is not None else None
                pairs = given.items() if isinstance(given, dict) else (str(e).partition("=")[::2] for e in given or ())
                for key, value in pairs:
                    line = environment.text.count("\n", 0, environment.start) + 1 if environment is not None else 1
                    draft.offer("port", _port(str(key), str(value)), f"{path}:{line}")


def _built_by(build: object, folder: str) -> str | None:
    if isinstance(build, str):
        return resolve(folder, f"{build}/Dockerfile")
    if isinstance(build, dict):
        return resolve(folder, f"{build.get('context', '.')}/{build.get('dockerfile', 'Dockerfile')}")
    return None


def _port(name: str, value: str) -> int | None:
    if name in _ADDRESSES:
        return port_of(value)
    first = value.split(";")[0].strip().strip("\"'")
    return int(first) if name in _PORTS and first.isdigit() else None
