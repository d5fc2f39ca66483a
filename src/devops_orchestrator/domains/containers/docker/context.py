"""Which folder an image is built from: the one that holds everything that goes into it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.errors import ParseError


def build_context(component: Component) -> str:
    """The build context of a component, from the repository's root.

    The folder of the lockfile, of the workspace file or solution, and of the repository's own parts that it is built
    from, where these lie outside of its own folder.
    """
    held = [component.install_path or component.path]
    for trait in ("workspace", "solution"):
        if trait in component.traits:
            held.append(posixpath.dirname(component.traits[trait]) or ".")
    held += [path for path in component.uses if not _within(path, held[0])]
    common = held[0]
    for path in held[1:]:
        common = _common(common, path)
    return common


def context_for(component: Component, project: Project, dockerfile: str) -> str:
    """The context that compose or a workflow gives this Dockerfile, where it holds all that the component is built from."""
    own = build_context(component)
    return next((folder for folder in said_contexts(project, dockerfile) if _within(own, folder)), own)


def _within(path: str, folder: str) -> bool:
    return folder in (".", "") or path == folder or path.startswith(folder + "/")


def _common(one: str, other: str) -> str:
    if _within(one, other):
        return other
    while not _within(other, one):
        one = posixpath.dirname(one) or "."
    return one


def said_contexts(project: Project, path_of_dockerfile: str) -> list[str]:
    """The contexts that compose files and workflows give this Dockerfile."""
    from devops_orchestrator.formats import yaml

    found: list[str] = []
    for path in project.of_kind("compose", "github-workflow"):
        text = project.repository.read(path)
        if not text or ("build" not in text):
            continue
        try:
            documents = yaml.parse(text)
        except ParseError:
            continue
        for document in documents:
            for context, named in _builds(
                document.value, posixpath.dirname(path) if "compose" in path.rsplit("/", 1)[-1] else ""
            ):
                target = posixpath.normpath(named)
                if target == posixpath.normpath(path_of_dockerfile):
                    found.append(posixpath.normpath(context or "."))
    return found


def _builds(value: Any, folder: str) -> Iterator[tuple[str, str]]:
    """(context, Dockerfile) of each build of a compose file or workflow."""
    if isinstance(value, list):
        for entry in value:
            yield from _builds(entry, folder)
    if not isinstance(value, dict):
        return
    for service in (value.get("services") or {}).values() if isinstance(value.get("services"), dict) else ():
        build = service.get("build") if isinstance(service, dict) else None
        if isinstance(build, str):
            yield posixpath.join(folder, build), posixpath.join(folder, build, "Dockerfile")
        elif isinstance(build, dict) and "$" not in str(build.get("context", ".")):
            context = posixpath.join(folder, str(build.get("context", ".")))
            yield context, posixpath.join(context, str(build.get("dockerfile", "Dockerfile")))
    uses = value.get("uses")
    if isinstance(uses, str) and uses.startswith("docker/build-push-action"):
        options = value.get("with") if isinstance(value.get("with"), dict) else {}
        assert isinstance(options, dict)
        context = str(options.get("context", "."))
        if "$" not in context and "://" not in context:
            yield context, str(options.get("file") or posixpath.join(context, "Dockerfile"))
    for inner in value.values():
        if isinstance(inner, dict | list) and inner is not value.get("services"):
            yield from _builds(inner, folder)
