""".NET: ASP.NET Core services and workers, published in the SDK's image and run in the runtime's."""

from __future__ import annotations

import posixpath
from typing import Any

from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.recipes.recipe import (
    Base,
    Job,
    Recipe,
    defaulted,
    exec_form,
    joined,
    no_client,
    replaced,
)
from devops_orchestrator.text import Text

REGISTRY = "mcr.microsoft.com/dotnet"
USER = "1654:1654"  # the app user of Microsoft's images ($APP_UID)
# What restore reads beside the project files, in whatever folder of the context it is.
SHARED = (
    "global.json", "nuget.config", "NuGet.config", "NuGet.Config", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
)  # fmt: skip


def recipe(job: Job) -> Recipe:
    """The Dockerfile of a .NET component."""
    component = job.component
    base, rolls = _base(job)
    project = posixpath.relpath(component.manifest or component.path, job.context)
    web = component.framework == "aspnetcore"
    environment = ([f"ASPNETCORE_HTTP_PORTS={job.port}"] if web and job.port else []) + (
        ["DOTNET_ROLL_FORWARD=Major"] if rolls else []
    )
    locked = " --locked-mode" if "--locked-mode" in (component.install or "") else ""
    values: dict[str, Any] = {
        "base": base, "copies": _copies(job, project), "restore": f"dotnet restore {project}{locked}",
        "publish": f"dotnet publish {project} --configuration Release --no-restore --output /out -p:UseAppHost=false",
        "final": job.final(f"{REGISTRY}/{'aspnet' if web else 'runtime'}:{base.version}-noble", "dotnet"), "rolls": rolls,
        "environment": joined(environment), "user": job.user(USER, "app"), "command": exec_form(["dotnet", component.entrypoint or f"{component.name}.dll"]),
    }  # fmt: skip
    notes: tuple[Text, ...] = ()
    if component.health:
        notes = (no_client(component.health),)
    if rolls:
        notes = (*notes, _target(job, base.version))
    return Recipe("dotnet.Dockerfile", values, port=job.port, notes=notes, ignore=("**/bin", "**/obj"))


def _base(job: Job) -> tuple[Base, bool]:
    """The SDK of the target framework, else of the nearest supported version; whether the program then rolls forward."""
    said = job.params.version or (job.component.runtime.version if job.component.runtime else None)
    supported = images.supported("dotnet")
    target = images.numbers(said or "")[:1]
    if job.params.version:
        version = ".".join(str(n) for n in (*images.numbers(job.params.version), 0)[:2])
        return Base(f"{REGISTRY}/sdk:{version}", version), False
    if not target:
        return Base(
            f"{REGISTRY}/sdk:{supported[0]}.0", f"{supported[0]}.0", defaulted("dotnet", f"{supported[0]}.0")
        ), False
    above = [v for v in supported if images.numbers(v)[:1] >= target]
    version = f"{(above or supported)[-1 if above else 0]}.0"
    if images.numbers(version)[:1] == target:
        return Base(f"{REGISTRY}/sdk:{version}", version), False
    ended = f".NET {said} is out of support" if images.end_of_life("dotnet", str(target[0])) else ""
    return Base(f"{REGISTRY}/sdk:{version}", version, replaced("dotnet", str(said), version), ended), True


def _target(job: Job, version: str) -> Text:
    said = job.component.runtime.version if job.component.runtime else ""
    return Text(
        f"The program is compiled for .NET {said} and rolls forward to {version} (DOTNET_ROLL_FORWARD): set TargetFramework to net{version}, run the tests, and create the Dockerfile again.",
        f"Le programme est compilé pour .NET {said} et s'exécute avec {version} (DOTNET_ROLL_FORWARD) : passez TargetFramework à net{version}, lancez les tests, puis recréez le Dockerfile.",
    )


def _copies(job: Job, project: str) -> list[tuple[str, str]]:
    """(sources, target) of the restore layer: shared settings, the project's file, and those of the projects that it references."""
    shared = [name for name in SHARED if job.has(name)]
    copies = [(" ".join(shared), "./")] if shared else []
    folders = [posixpath.dirname(project) or "."]
    queue = list(job.component.uses)
    seen: set[str] = set()
    while queue:
        path = queue.pop(0)
        if path in seen:
            continue
        seen.add(path)
        folders.append(posixpath.relpath(path, job.context))
        queue += next((list(c.uses) for c in job.project.components if c.path == path), [])
    for folder in folders:
        prefix = "" if folder == "." else f"{folder}/"
        names = [
            path
            for path in job.below
            if posixpath.dirname(path) == prefix.rstrip("/")
            and path.endswith((".csproj", ".fsproj", "packages.lock.json"))
        ]
        if names:
            copies.append((" ".join(sorted(names)), f"./{prefix}"))
    return copies
