"""Kustomizations as a tree: which files one builds, and what it makes of names, namespaces and replicas."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from devops_orchestrator.core.project import Project
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import kubernetes, yaml
from devops_orchestrator.formats.kubernetes import Object
from devops_orchestrator.formats.yaml import Node

NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
PRODUCTION = ("production", "prod", "prd", "live")


@dataclass(frozen=True, eq=False)
class Manifest:
    """A Kubernetes object and the file that holds it."""

    path: str
    object: Object


@dataclass(frozen=True, eq=False)
class Kustomization:
    """A kustomization file. `folder` is relative to the root (`"."` is the root)."""

    path: str
    node: Node
    project: Project

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path) or "."

    @property
    def is_component(self) -> bool:
        return self.node.at("kind") == "Component"

    @property
    def namespace(self) -> str | None:
        found = self.node.at("namespace")
        return found if isinstance(found, str) else None

    def named(self, name: str) -> str:
        """A name as this kustomization makes it, those below it left out."""
        return f"{self.node.at('namePrefix') or ''}{name}{self.node.at('nameSuffix') or ''}"

    def paths(self, *keys: str) -> Iterator[str]:
        """The local paths listed under these keys, from the root."""
        for key in keys:
            listed = self.node.get(key)
            for entry in listed.children() if listed is not None else ():
                value = entry.value
                if isinstance(value, str) and "://" not in value and "?" not in value:
                    yield posixpath.normpath(posixpath.join(self.folder, value))

    @cached_property
    def below(self) -> tuple[Kustomization, ...]:
        """The kustomizations that it builds on, in order."""
        found = (at(self.project, path) for path in self.paths("resources", "bases", "components"))
        return tuple(k for k in found if k is not None)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Every file that it builds from, those of its bases first."""
        mine = [path for path in self.paths("resources") if self.project.repository.has(path)]
        return (*(file for k in self.below for file in k.files), *mine) if self._acyclic() else tuple(mine)

    def _acyclic(self) -> bool:
        seen: set[str] = set()
        stack = [self.path]
        while stack:
            path = stack.pop()
            if path in seen and path == self.path:
                return False
            if path in seen:
                continue
            seen.add(path)
            node = self if path == self.path else load(self.project, path)
            if node is not None:
                stack += [
                    p
                    for folder in node.paths("resources", "bases", "components")
                    if (p := file_of(self.project, folder))
                ]
        return True

    def patches(self) -> Iterator[Node]:
        """The strategic merge patches, each as a document."""
        listed = self.node.get("patches")
        for entry in listed.children() if listed is not None else ():
            text = entry.at("patch")
            if not isinstance(text, str) and isinstance(entry.at("path"), str):
                text = self.project.repository.read(posixpath.normpath(posixpath.join(self.folder, entry.at("path"))))
            if isinstance(text, str):
                yield from _documents(text)
        for path in self.paths("patchesStrategicMerge"):
            yield from _documents(self.project.repository.read(path) or "")


def _documents(text: str) -> list[Node]:
    try:
        return [node for node in yaml.parse(text) if node.kind == "map"]
    except ParseError:
        return []


def file_of(project: Project, folder: str) -> str | None:
    """The kustomization file of a folder, or None."""
    for name in NAMES:
        path = posixpath.normpath(posixpath.join(folder, name))
        if project.repository.has(path):
            return path
    return None


def load(project: Project, path: str) -> Kustomization | None:
    """A kustomization file, read; None where it does not parse."""
    documents = _documents(project.repository.read(path) or "")
    return Kustomization(path, documents[0], project) if documents else None


def at(project: Project, folder: str) -> Kustomization | None:
    """The kustomization of a folder, or None."""
    path = file_of(project, folder)
    return load(project, path) if path else None


def roots(project: Project) -> list[Kustomization]:
    """The kustomizations that no other one builds on: what is applied to a cluster."""
    paths = project.of_kind("kustomization")
    loaded = [k for k in (load(project, path) for path in paths) if k is not None and not k.is_component]
    used = {folder for k in loaded for folder in k.paths("resources", "bases", "components")}
    return [k for k in loaded if k.folder not in used]


def manifests(project: Project) -> list[Manifest]:
    """Every Kubernetes object of the repository that parses, in the order of paths."""
    found: list[Manifest] = []
    for path in project.of_kind("kubernetes"):
        text = project.repository.read(path)
        if text is None:
            continue
        try:
            found += [Manifest(path, item) for item in kubernetes.objects(text)]
        except ParseError:
            continue
    return found


def replicas(root: Kustomization, name: str, written: int | None) -> int | None:
    """How many replicas a workload has once `root` is built: manifest, then each patch and `replicas` entry above it."""
    count = written
    for below in root.below:
        count = replicas(below, name, count)
    for patch in root.patches():
        spec = patch.get("spec")
        if patch.at("metadata", "name") == name and spec is not None and spec.pair("replicas"):
            count = spec.at("replicas") if isinstance(spec.at("replicas"), int) else None
    listed = root.node.get("replicas")
    for entry in listed.children() if listed is not None else ():
        if entry.at("name") == name and isinstance(entry.at("count"), int):
            count = entry.at("count")
    return count


def namespace(root: Kustomization, written: str | None) -> str | None:
    """The namespace in which `root` puts its objects."""
    if root.namespace:
        return root.namespace
    below = [found for k in root.below if (found := namespace(k, None))]
    return below[0] if below else written


def final_name(root: Kustomization, path: str, name: str) -> str:
    """The name of an object of the file `path` once `root` is built."""
    for below in root.below:
        if path in below.files:
            return root.named(final_name(below, path, name))
    return root.named(name)


def retargeted(root: Kustomization, name: str) -> bool:
    """Whether a patch of `root` points an autoscaler called `name` at a Rollout."""
    for k in (root, *root.below):
        listed = k.node.get("patches")
        for entry in listed.children() if listed is not None else ():
            if entry.at("target", "name") != name or not isinstance(entry.at("patch"), str):
                continue
            for document in _documents_of_any(entry.at("patch")):
                if any(node.value == "Rollout" for node in document.walk() if node.kind == "scalar"):
                    return True
    return False


def _documents_of_any(text: str) -> list[Node]:
    try:
        return yaml.parse(text)
    except ParseError:
        return []
