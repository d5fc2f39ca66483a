"""`.github/dependabot.yml`: the ecosystems that are really there, with their folders."""

from __future__ import annotations

import posixpath

from devops_orchestrator.core.project import Project
from devops_orchestrator.domains.cicd.github_actions.setup import root_of
from devops_orchestrator.formats.template import render

ECOSYSTEMS = {
    "uv": "uv", "pip": "pip", "poetry": "pip", "pdm": "pip", "pipenv": "pip", "npm": "npm", "pnpm": "npm", "yarn": "npm", "bun": "bun",
    "go": "gomod", "maven": "maven", "gradle": "gradle", "composer": "composer", "bundler": "bundler", "cargo": "cargo",
    "dotnet": "nuget", "mix": "mix",
}  # fmt: skip
# Files that show an ecosystem → the ecosystem; used by the rules too.
MANIFESTS = {
    "uv": ("uv.lock", "pyproject.toml"),
    "pip": ("pyproject.toml", "requirements.txt", "requirements*.txt", "*.txt", "*.in", "Pipfile", "setup.py", "setup.cfg", "poetry.lock"),
    "npm": ("package.json",), "bun": ("package.json", "bun.lock", "bun.lockb"), "gomod": ("go.mod",),
    "maven": ("pom.xml",), "gradle": ("build.gradle", "build.gradle.kts", "settings.gradle", "settings.gradle.kts", "libs.versions.toml"),
    "composer": ("composer.json",), "bundler": ("Gemfile", "*.gemspec"), "cargo": ("Cargo.toml",), "mix": ("mix.exs",),
    "nuget": ("*.csproj", "*.fsproj", "*.vbproj", "*.sln", "packages.config", "Directory.Packages.props", "global.json"),
    "docker": ("Dockerfile", "Dockerfile.*", "*.Dockerfile", "*.dockerfile", "Containerfile", "*.yaml", "*.yml"),
    "docker-compose": ("docker-compose*.yml", "docker-compose*.yaml", "compose*.yml", "compose*.yaml"),
    "terraform": ("*.tf",), "opentofu": ("*.tf", "*.tofu"), "helm": ("Chart.yaml",), "pub": ("pubspec.yaml",), "swift": ("Package.swift",),
    "elm": ("elm.json",), "gitsubmodule": (".gitmodules",), "devcontainers": ("devcontainer.json", ".devcontainer.json"),
}  # fmt: skip


def ecosystems(project: Project) -> dict[str, list[str]]:
    """Ecosystem → folders (`/`, `/api`) of what Dependabot can keep up to date in this repository."""
    folders: dict[str, set[str]] = {}

    def add(ecosystem: str, folder: str) -> None:
        folders.setdefault(ecosystem, set()).add("/" if folder in (".", "") else f"/{folder}")

    for component in project.components:
        ecosystem = ECOSYSTEMS.get(component.package_manager or "")
        if ecosystem:
            add(ecosystem, root_of(component))
    for path in project.of_kind("dockerfile"):
        add("docker", posixpath.dirname(path))
    for path in project.of_kind("compose"):
        add("docker-compose", posixpath.dirname(path))
    modules = {posixpath.dirname(path) for path in project.of_kind("terraform")}
    for path in project.of_kind("terraform-lock"):
        if posixpath.dirname(path) in modules:
            add("terraform", posixpath.dirname(path))
    return {"github-actions": ["/"]} | {name: sorted(folders[name]) for name in sorted(folders)}


def text(project: Project) -> str:
    """The file."""
    return render(__package__, "dependabot.yml", ecosystems=ecosystems(project))
