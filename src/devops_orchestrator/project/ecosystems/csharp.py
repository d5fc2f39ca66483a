"""C#: .NET projects; ASP.NET Core, workers, console programs."""

from __future__ import annotations

import re

from devops_orchestrator.project import images, services, tasks, versions
from devops_orchestrator.project.code import facts
from devops_orchestrator.project.code.facts import Read, Route, normal
from devops_orchestrator.project.code.syntax import Sources, children
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem
from devops_orchestrator.project.tree import Tree, ancestors
from devops_orchestrator.project.xml import Element

_WORDS = re.compile(r"Map(Get|HealthChecks|Metrics)|GetEnvironmentVariable|UseUrls|Http(Get|Post)|Route\(")


def _finds(tree: Tree) -> list[str]:
    return sorted({path.rpartition("/")[0] or "." for path in tree.files if path.endswith((".csproj", ".fsproj"))})


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    manifest = next(iter(tree.matching(draft.path, "*.csproj", "*.fsproj")), None)
    project = tree.xml(manifest)
    if project is None or manifest is None:
        return False
    for element in project.walk():
        name = element.attributes.get("Include", "")
        if element.tag == "PackageReference" and name:
            draft.dependencies[name] = element.attributes.get("Version", "")
            draft.places[name] = element.at
        elif element.tag == "ProjectReference" and name:
            draft.members[name] = _folder(draft.path, name)
    tests = draft.depends_on("Microsoft.NET.Test.Sdk", "xunit", "xunit.v3", "NUnit", "MSTest", "MSTest.TestFramework")
    if tests:
        return False  # the tests of another project
    name = manifest.rpartition("/")[2].rpartition(".")[0]
    draft.name = name
    sdk = project.attributes.get("Sdk", "")
    draft.offer("manifest", manifest, manifest)
    draft.offer("language", "csharp", manifest)
    draft.offer("package_manager", "dotnet", manifest)
    lock = tree.first(draft.path, "packages.lock.json")
    draft.offer("lockfile", lock, lock or "")
    draft.offer("install", "dotnet restore --locked-mode" if lock else "dotnet restore", lock or manifest)
    services.from_packages(draft, services.CSHARP)
    if draft.depends_on("Microsoft.EntityFrameworkCore.SqlServer", "Microsoft.Data.SqlClient"):
        draft.trait("sqlserver", "true")
    _runtime(draft, tree, project)
    output = next((e.text for e in project.walk() if e.tag == "OutputType"), "")
    if sdk == "Microsoft.NET.Sdk.Web":
        draft.kind = "service"
        draft.offer("framework", "aspnetcore", project.at)
    elif sdk == "Microsoft.NET.Sdk.Worker" or output == "Exe":
        looping = draft.many("services") or sdk.endswith("Worker")
        draft.kind = "worker" if looping else "command"
        draft.offer("framework", "dotnet-worker" if sdk.endswith("Worker") else None, project.at)
    else:
        draft.kind = "library"
    _code(draft, context, name)
    return True


def _folder(base: str, reference: str) -> str:
    parts = [] if base == "." else base.split("/")
    for part in reference.replace("\\", "/").split("/")[:-1]:
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    return "/".join(parts) or "."


def _runtime(draft: Draft, tree: Tree, project: Element) -> None:
    for folder in ancestors(draft.path):
        document = tree.json(tree.first(folder, "global.json"))
        version = document.text("sdk", "version") if document else None
        if document and version:
            draft.trait("sdk_version", version, document.at("sdk", "version"))
    sources = [project]
    for folder in ancestors(draft.path):
        properties = tree.xml(tree.first(folder, "Directory.Build.props"))
        if properties is not None:
            sources.append(properties)
    for source in sources:
        for element in source.walk():
            found = (
                re.match(r"net(?:coreapp)?(\d+\.\d+)", element.text)
                if element.tag in ("TargetFramework", "TargetFrameworks")
                else None
            )
            if found:
                versions.offer(draft, "dotnet", found[1], element.at)
    sdk = draft.traits.get("sdk_version")
    if sdk:
        versions.offer(draft, "dotnet", ".".join(sdk.split(".")[:2]), draft.evidence("sdk_version") or "")


def _code(draft: Draft, context: Context, name: str) -> None:
    tree = context.tree
    manifest = str(draft.get("manifest"))
    code = Sources(
        tree,
        draft.files,
        {".cs": "csharp"},
        _WORDS,
        lambda p: bool(re.search(r"[Tt]ests?/", p)),
        lambda p: 0 if p.endswith("Program.cs") else 1,
    )
    seen = facts.Seen()
    for source in code.sources:
        for call in source.all("invocation_expression"):
            function = call.field("function")
            word = function.text().rpartition(".")[2] if function is not None else ""
            arguments = [argument.text().strip('"') for argument in children(call.field("arguments"))]
            if word in ("MapHealthChecks", "MapGet", "MapMetrics") and arguments and arguments[0].startswith("/"):
                seen.routes.append(Route(normal(arguments[0]), source.at(call)))
            if word == "MapMetrics":
                draft.offer(
                    "metrics",
                    arguments[0] if arguments and arguments[0].startswith("/") else "/metrics",
                    source.at(call),
                )
                draft.offer("metrics_library", "prometheus_net_dotnet", draft.place("prometheus-net.AspNetCore"))
            elif word == "GetEnvironmentVariable" and arguments:
                above = call.parent().text() if call.parent() is not None else ""
                seen.reads.append(Read(arguments[0], source.at(call), "??" not in above))
    facts.give(draft, seen)
    if draft.kind == "service":
        images.from_dockerfile(draft, tree, images.dockerfile_of(tree, draft.path, alone=len(context.folders) == 1))
        draft.offer("port", 8080, convention("default port of the ASP.NET Core images"))
    draft.offer("build", "dotnet build --configuration Release --no-restore", manifest)
    if draft.kind != "library":
        draft.offer("start", f"dotnet {name}.dll", manifest)
        draft.offer("entrypoint", f"{name}.dll", manifest)
    solution = next((p for folder in ancestors(draft.path) for p in tree.matching(folder, "*.sln", "*.slnx")), None)
    if solution:
        draft.trait("solution", solution)
    testers = [path for path in tree.files if path.endswith(("Tests.csproj", "Test.csproj", ".Tests.fsproj"))]
    if testers:
        draft.offer("test", "dotnet test", testers[0])
    tasks.offer(draft, tree, "test", "lint")
    versions.last_resorts(draft, tree, "dotnet")


ECOSYSTEM = Ecosystem("csharp", _finds, _read)
