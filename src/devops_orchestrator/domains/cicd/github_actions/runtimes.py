"""Where a component is, which version of its runtime it says, and in which file: what the setup steps are made of."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Mapping

from devops_orchestrator.core import base_images, facts
from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.domains.cicd.github_actions.pipeline import Raw, Value
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import dockerfile

VERSION_FILES: Mapping[str, tuple[str, ...]] = {
    "python": (".python-version", "pyproject.toml", ".tool-versions"),
    "node": (".nvmrc", ".node-version", ".tool-versions", "package.json"),
    "java": (".java-version", ".tool-versions", ".sdkmanrc"),
    "php": (".php-version", ".tool-versions"),
    "deno": (".dvmrc", ".tool-versions"),
}
RUNTIMES = {
    "python": "python", "javascript": "node", "typescript": "node", "go": "go", "java": "java", "kotlin": "java", "php": "php",
    "ruby": "ruby", "rust": "rust", "csharp": "dotnet", "elixir": "elixir",
}  # fmt: skip


def root_of(component: Component) -> str:
    """The folder where its lockfile is and where its dependencies are installed."""
    return component.install_path or component.path


def path_in(folder: str, name: str) -> str:
    """`name` in `folder`, from the repository's root."""
    return name if folder in (".", "") else f"{folder}/{name}"


def runtime(component: Component) -> str | None:
    """The key of its runtime in the facts, or None (a static site)."""
    if component.runtime and component.runtime.name in ("bun", "deno"):
        return component.runtime.name
    return RUNTIMES.get(component.language or "")


def version(component: Component) -> str:
    """The runtime version that the project says, else the newest supported one (long-term where there is one)."""
    said = component.runtime.version if component.runtime else None
    if said:
        return said
    known = facts.load("runtimes")[runtime(component) or "node"]
    return str(known.get("latest_lts") or known["latest_supported"])


def version_file(component: Component, project: Project) -> str | None:
    """The project's own file that says exactly which version to set up, from the repository's root.

    A file that only gives a lower bound (`requires-python = ">=3.11"`, `engines: ">=24"`) would set up the newest
    version there is: then the version itself is written.
    """
    kind = runtime(component)
    for folder in dict.fromkeys((component.path, root_of(component), ".")):
        for name in VERSION_FILES.get(kind or "", ()):
            path = path_in(folder, name)
            text = project.repository.read(path) if path in project.repository.files else None
            if text is not None and _says_exactly(kind or "", name, text):
                return path
    return None


def _says_exactly(kind: str, name: str, text: str) -> bool:
    if name == "pyproject.toml":
        return False
    if name == "package.json":
        try:
            manifest = json.loads(text)
        except json.JSONDecodeError:
            return False
        return isinstance(manifest, dict) and isinstance(manifest.get("volta"), dict) and "node" in manifest["volta"]
    if name == ".tool-versions":
        words = {line.split()[0] for line in text.splitlines() if line.strip() and not line.startswith("#")}
        return {"node": "nodejs"}.get(kind, kind) in words
    return bool(text.strip())


def version_input(
    component: Component, project: Project, given: Raw | None, key: str, file_key: str
) -> dict[str, Value]:
    if given:
        return {key: given}
    path = version_file(component, project)
    if path:
        return {file_key: path}
    return {key: noted(component, project)}


# Files whose version is the lowest that works, not the one that runs.
_LOWER_BOUNDS = ("pyproject.toml", "package.json", "composer.json", "mix.exs", "Cargo.toml", "setup.py", "setup.cfg")


def _image(component: Component, project: Project) -> tuple[str, str] | None:
    """(version, Dockerfile) of the component's image, where it is of another release than the lower bound."""
    for folder in dict.fromkeys((component.path, root_of(component))):
        path = path_in(folder, "Dockerfile")
        text = project.repository.read(path) if path in project.repository.files else None
        try:
            parsed = dockerfile.parse(text) if text else None
        except ParseError:
            return None
        base = parsed.base(parsed.final) if parsed else None
        found = base_images.reference(base) if base else None
        if found is None or found.product is None or found.product != runtime(component) or not found.product_version:
            continue
        shipped, said = base_images.numbers(found.product_version), base_images.numbers(version(component))
        depth = 1 if found.product in ("node", "java") else 2
        ended = base_images.end_of_life(found.product, found.product_version)
        return (found.product_version, path) if shipped[:depth] > said[:depth] and not ended else None
    return None


def noted(component: Component, project: Project) -> Value:
    """The version in quotes (3.10 is no number), with where it comes from behind it."""
    source = component.evidence.get("runtime", "").rsplit(":", 1)[0]
    if posixpath.basename(source) in _LOWER_BOUNDS and (image := _image(component, project)):
        return Raw(f"{json.dumps(image[0])} # as in {image[1]}, which is shipped")
    shown = json.dumps(version(component))
    if not (component.runtime and component.runtime.version):
        return Raw(f"{shown} # the newest supported release; the repository names none")
    return Raw(f"{shown} # as in {source}") if source in project.repository.files else Raw(shown)


def lock(component: Component) -> dict[str, Value]:
    """Where the lockfile is, where that is not the root (the default of the setup actions)."""
    if component.lockfile and posixpath.dirname(component.lockfile):
        return {"cache-dependency-path": component.lockfile}
    return {}


def has(repository: Repository, folder: str, name: str) -> bool:
    return path_in(folder, name) in repository.files
