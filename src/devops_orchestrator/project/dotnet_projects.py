"""The .NET projects of a repository with what MSBuild adds to them, and the solutions that hold them."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property
from weakref import WeakKeyDictionary

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.tree import Tree, ancestors, parent
from devops_orchestrator.project.xml import Element

MANIFESTS = (".csproj", ".fsproj")
_TESTS = frozenset(
    [
        "microsoft.net.test.sdk",
        "xunit",
        "xunit.v3",
        "nunit",
        "mstest",
        "mstest.testframework",
        "tunit",
        "expecto",
        "fixie",
        "machine.specifications",
    ]
)
# Programs that measure or build the application: they are no part of it.
_TOOLS = frozenset(["benchmarkdotnet", "sharpfuzz", "nuke.common", "cake.frosting", "bullseye"])
_TEST_NAME = lazy(r"(^|[._]|[a-z0-9])(Tests?|Specs)$")
_TARGET = lazy(r"net(?:coreapp)?(\d+\.\d+)(?:-|$)")
_IN_SOLUTION = lazy(r'^Project\("\{[^}]*\}"\)\s*=\s*"[^"]*",\s*"([^"]+)"')


@dataclass(frozen=True)
class Package:
    """A package that a project refers to."""

    name: str
    version: str
    evidence: str


@dataclass(eq=False)
class DotnetProject:
    """One project file. `layers` are the file itself, then the nearest `Directory.Build.props` and what it imports."""

    path: str
    element: Element
    layers: list[Element]
    central: list[Element]

    @property
    def folder(self) -> str:
        return parent(self.path)

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.rpartition("/")[2].rpartition(".")[0]

    @cached_property
    def sdks(self) -> tuple[str, ...]:
        """The names of its SDKs, without versions: `Microsoft.NET.Sdk.Web`."""
        found = self.element.attributes.get("Sdk", "").split(";")
        for child in self.element.children:
            if child.tag == "Sdk":
                found.append(child.attributes.get("Name", ""))
            elif child.tag == "Import":
                found.append(child.attributes.get("Sdk", ""))
        return tuple(name.strip().partition("/")[0] for name in found if name.strip())

    def property(self, *names: str) -> tuple[str, str] | None:
        """(value, place) of the first of these properties; `$(Other)` in it is filled in where that is known."""
        for layer in self.layers:
            for name in names:
                for group in layer.all("PropertyGroup"):
                    found = group.find(name)
                    if found is not None and found.text:
                        return self._filled(found.text), found.at
        return None

    def _filled(self, text: str, depth: int = 0) -> str:
        def value(found: re.Match[str]) -> str:
            if found[1] == "MSBuildProjectName":
                return self.name
            for layer in self.layers:
                for group in layer.all("PropertyGroup"):
                    text = group.value(found[1])
                    if text and depth < 5:
                        return self._filled(text, depth + 1)
            return found[0]

        return re.sub(r"\$\((\w+)\)", value, text)

    @cached_property
    def packages(self) -> tuple[Package, ...]:
        """Its packages and those of `Directory.Build.props`; the version of a central file where it gives none itself."""
        found: dict[str, Package] = {}
        for depth, layer in enumerate(self.layers):
            for group in layer.all("ItemGroup"):
                if depth and group.attributes.get("Condition"):
                    continue  # for some projects alone: which ones, only MSBuild knows
                for item in group.all("PackageReference"):
                    name = item.attributes.get("Include", "").strip()
                    if name and not (depth and item.attributes.get("Condition")):
                        version = item.attributes.get("Version") or item.value("Version") or ""
                        version = (
                            version or item.attributes.get("VersionOverride") or self._central.get(name.lower(), "")
                        )
                        found.setdefault(name.lower(), Package(name, self._filled(version), item.at))
        return tuple(found.values())

    @cached_property
    def _central(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for layer in self.central:
            for item in layer.all("ItemGroup", "PackageVersion"):
                found.setdefault(item.attributes.get("Include", "").lower(), item.attributes.get("Version", ""))
        return found

    def has(self, *names: str) -> bool:
        """Whether one of these packages (lower case) is referred to."""
        return any(package.name.lower() in names for package in self.packages)

    @cached_property
    def references(self) -> dict[str, str]:
        """Path of each referenced project → the place of the reference."""
        return {
            resolve(self.folder, item.attributes["Include"]): item.at
            for item in self.element.all("ItemGroup", "ProjectReference")
            if item.attributes.get("Include") and "$(" not in item.attributes["Include"]
        }

    @cached_property
    def tests(self) -> bool:
        """Whether it is a test project."""
        for layer in self.layers:
            for item in layer.all("PropertyGroup", "IsTestProject"):
                condition = item.attributes.get("Condition", "")
                endings = re.findall(r"MSBuildProjectName\.EndsWith\('([^']+)'", condition)
                if (not condition or self.name.endswith(tuple(endings) or ("\0",))) and item.text.lower() in (
                    "true",
                    "false",
                ):
                    return item.text.lower() == "true"
        named = not self.web and _TEST_NAME.search(self.name) is not None  # its packages may come from a target
        return named or "MSTest.Sdk" in self.sdks or self.has(*_TESTS)

    @cached_property
    def tool(self) -> bool:
        """Whether it measures or builds the application (benchmarks, fuzzing, build programs)."""
        return self.has(*_TOOLS) or not {"Test", "Tests", "Benchmark", "Benchmarks"}.isdisjoint(self.name.split("."))

    @cached_property
    def orchestrates(self) -> bool:
        """Whether it is the AppHost of Aspire, which starts the other projects while they are developed."""
        said = self.property("IsAspireHost")
        return (
            "Aspire.AppHost.Sdk" in self.sdks or self.has("aspire.hosting.apphost") or bool(said and said[0] == "true")
        )

    @cached_property
    def device(self) -> bool:
        """Whether it is an application for telephones and desktops (MAUI), which no `dotnet` command starts."""
        said = self.property("UseMaui")
        return bool(said and said[0].lower() == "true")

    @cached_property
    def desktop(self) -> bool:
        """Whether it opens windows (Windows Forms, WPF, MAUI)."""
        said = (self.property(name) for name in ("UseWindowsForms", "UseWPF", "UseMaui"))
        return any(one is not None and one[0].lower() == "true" for one in said)

    @cached_property
    def aspnetcore(self) -> bool:
        """Whether it is built with ASP.NET Core, as an application or a library."""
        shared = (item.attributes.get("Include") for item in self.element.all("ItemGroup", "FrameworkReference"))
        return self.web or "Microsoft.AspNetCore.App" in shared

    @cached_property
    def web(self) -> bool:
        """Whether it is built with ASP.NET Core's SDK."""
        return "Microsoft.NET.Sdk.Web" in self.sdks

    @cached_property
    def program(self) -> bool:
        """Whether its build gives something that starts."""
        output = self.property("OutputType")
        implied = self.web or "Microsoft.NET.Sdk.Worker" in self.sdks
        return output[0].lower() in ("exe", "winexe") if output else implied

    @cached_property
    def target(self) -> tuple[str, str] | None:
        """(version, place) of the framework that it is built for; the highest of several; None for .NET Framework."""
        said = self.property("TargetFramework", "TargetFrameworks")
        found = [match[1] for word in (said[0] if said else "").split(";") if (match := _TARGET.match(word.strip()))]
        return (max(found, key=lambda v: tuple(map(int, v.split(".")))), said[1]) if said and found else None

    @cached_property
    def assembly(self) -> str:
        """The name of what it is built into, without `.dll`."""
        said = self.property("AssemblyName")
        return said[0] if said and "$(" not in said[0] else self.name


@dataclass(frozen=True)
class Solution:
    """A solution file and the paths of its projects."""

    path: str
    projects: tuple[str, ...]


class DotnetProjects:
    """Every project of a repository by its path, and every solution."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._needed: dict[str, list[DotnetProject]] = {}
        self.remembered: dict[object, object] = {}  # what the code reader shares between projects

    @staticmethod
    def of(tree: Tree) -> DotnetProjects:
        """The projects of a tree, read once."""
        if tree not in _KNOWN:
            _KNOWN[tree] = DotnetProjects(tree)
        return _KNOWN[tree]

    @cached_property
    def all(self) -> dict[str, DotnetProject]:
        found: dict[str, DotnetProject] = {}
        for path in self.tree.files:
            element = self.tree.xml(path) if path.endswith(MANIFESTS) else None
            if element is not None and element.tag == "Project":
                properties = self.tree.nearest(parent(path), "Directory.Build.props")
                layers = [*self._with_imports(path), *(self._with_imports(properties) if properties else ())]
                packages = self.tree.nearest(parent(path), "Directory.Packages.props")
                central = self._with_imports(packages) if packages else []
                found[path] = DotnetProject(path, element, layers, central)
        return found

    def _with_imports(self, path: str) -> list[Element]:
        """A file of MSBuild and those of the repository that it imports, each once."""
        found: dict[str, Element] = {}
        stack = [path]
        while stack and len(found) < 50:
            at = stack.pop(0)
            element = self.tree.xml(at) if at not in found else None
            if element is not None:
                found[at] = element
                imports = (item.attributes.get("Project", "") for item in element.walk() if item.tag == "Import")
                stack += [target for text in imports if (target := self._imported(at, text))]
        return list(found.values())

    def _imported(self, path: str, text: str) -> str | None:
        """The file of the repository that an import names, or None."""
        text = re.sub(r"\$\(MSBuildThisFileDirectory\)[\\/]?", "", text)
        above = re.search(r"GetPathOfFileAbove\(\s*'([\w.]+)'", text)
        if above:
            return self.tree.nearest(parent(parent(path)), above[1]) if parent(path) != "." else None
        if not text or "$(" in text:
            return None
        target = resolve(parent(path), text)
        return target if self.tree.has(parent(target), target.rpartition("/")[2]) else None

    def main(self, folder: str) -> DotnetProject | None:
        """The project of a folder; of several the one that is served or starts, then the one named as the folder."""
        mine = [project for path, project in self.all.items() if parent(path) == folder]
        name = folder.rpartition("/")[2]
        return min(mine, key=lambda p: (p.tests, not p.web, not p.program, p.name != name, p.path), default=None)

    @cached_property
    def served(self) -> list[DotnetProject]:
        """The projects that start, without tests, tools and AppHosts."""
        return [p for p in self.all.values() if p.program and not (p.tests or p.tool or p.orchestrates)]

    def needed(self, project: DotnetProject) -> list[DotnetProject]:
        """The projects that one is built from, itself left out."""
        if project.path not in self._needed:
            found: dict[str, DotnetProject] = {}
            stack = list(project.references)
            while stack:
                path = stack.pop(0)
                other = self.all.get(path)
                if other is not None and path not in found and other is not project:
                    found[path] = other
                    stack += other.references
            self._needed[project.path] = list(found.values())
        return self._needed[project.path]

    @cached_property
    def solutions(self) -> list[Solution]:
        """Every solution: `.slnx` and `.sln`."""
        found: list[Solution] = []
        for path in self.tree.files:
            if path.endswith(".slnx"):
                element = self.tree.xml(path)
                items = (
                    [item.attributes.get("Path", "") for item in element.walk() if item.tag == "Project"]
                    if element
                    else []
                )
            elif path.endswith(".sln"):
                items = [match[1] for _, line in self.tree.lines(path) if (match := _IN_SOLUTION.match(line.strip()))]
            else:
                continue
            found.append(Solution(path, tuple(resolve(parent(path), item) for item in items if item)))
        return found

    def solution(self, project: DotnetProject) -> Solution | None:
        """The solution of a project: in its folder or above it, nearest first; the one with the most projects of a folder."""
        above = ancestors(project.folder)
        mine = [s for s in self.solutions if project.path in s.projects and parent(s.path) in above]
        return min(mine, key=lambda s: (above.index(parent(s.path)), -len(s.projects), s.path), default=None)

    def testers(self, project: DotnetProject) -> list[DotnetProject]:
        """The test projects that refer to a project, directly or through others."""
        return [other for other in self.all.values() if other.tests and project in self.needed(other)]


_KNOWN: WeakKeyDictionary[Tree, DotnetProjects] = WeakKeyDictionary()


def resolve(folder: str, reference: str) -> str:
    """The repository's path of a reference written with either slash: `..\\Core\\Core.csproj` from `src/Web`."""
    return posixpath.normpath(posixpath.join("" if folder == "." else folder, reference.strip().replace("\\", "/")))
