"""Kustomizations as a tree: which files one builds, and what it makes of names, namespaces and replicas."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
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

    @cached_property
    def kind(self) -> str:
        return self.object.kind

    @cached_property
    def name(self) -> str:
        return self.object.name

    @cached_property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    @cached_property
    def selector(self) -> dict[str, str]:
        return self.object.selector


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
        return bool(self.node.at("kind") == "Component")

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
    def chain(self) -> tuple[Kustomization, ...]:
        """This one and all that it builds on, each once, the deepest first."""
        seen: dict[str, Kustomization] = {}
        done: list[Kustomization] = []

        def visit(k: Kustomization) -> None:
            if k.path not in seen:
                seen[k.path] = k
                for below in k.below:
                    visit(below)
                done.append(k)

        visit(self)
        return tuple(done)

    @cached_property
    def files(self) -> tuple[str, ...]:
        """Every file that it builds from, those of its bases first."""
        has = self.project.repository.has
        return tuple(dict.fromkeys(path for k in self.chain for path in k.paths("resources") if has(path)))

    @cached_property
    def file_set(self) -> frozenset[str]:
        return frozenset(self.files)

    def patch_files(self) -> Iterator[str]:
        """The files that hold patches."""
        yield from self.paths("patchesStrategicMerge")
        for key in ("patches", "patchesJson6902"):
            listed = self.node.get(key)
            for entry in listed.children() if listed is not None else ():
                path = entry.at("path") if entry.kind == "map" else None
                if isinstance(path, str):
                    yield posixpath.normpath(posixpath.join(self.folder, path))

    @property
    def added_labels(self) -> dict[str, str]:
        """Labels that it adds to pods and selectors alike."""
        found = kubernetes.texts(self.node.get("commonLabels"))
        listed = self.node.get("labels")
        for entry in listed.children() if listed is not None else ():
            if entry.at("includeSelectors") is True:
                found |= kubernetes.texts(entry.get("pairs"))
        return found

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
    """A kustomization file, read once; None where it does not parse."""
    known = index(project).kustomizations
    if path not in known:
        documents = _documents(project.repository.read(path) or "")
        known[path] = Kustomization(path, documents[0], project) if documents else None
    return known[path]


def at(project: Project, folder: str) -> Kustomization | None:
    """The kustomization of a folder, or None."""
    path = file_of(project, folder)
    return load(project, path) if path else None


@dataclass(eq=False)
class Index:
    """What is read once for a project."""

    manifests: list[Manifest]
    kustomizations: dict[str, Kustomization | None]
    roots: list[Kustomization] | None = None
    patches: frozenset[str] = frozenset()
    by_kind: dict[str, list[Manifest]] = field(default_factory=dict)
    by_path: dict[str, list[Manifest]] = field(default_factory=dict)
    beside: dict[str, list[Manifest]] = field(default_factory=dict)  # for the rules: path → what is applied with it


def index(project: Project) -> Index:
    """The objects and kustomizations of a project, read once."""
    known = vars(project).get("_strategies_index")
    if isinstance(known, Index):
        return known
    found = Index([], {})
    vars(project)["_strategies_index"] = found
    loaded = [k for path in project.of_kind("kustomization") if (k := load(project, path)) is not None]
    found.patches = frozenset(path for k in loaded for path in k.patch_files())
    used = {folder for k in loaded for folder in k.paths("resources", "bases", "components")}
    found.roots = [k for k in loaded if k.folder not in used and not k.is_component]
    for path in project.of_kind("kubernetes"):
        text = project.repository.read(path)
        if text is None or path in found.patches:
            continue
        try:
            mine = [Manifest(path, item) for item in kubernetes.objects(text)]
        except ParseError:
            continue
        found.manifests += mine
        found.by_path[path] = mine
        for manifest in mine:
            found.by_kind.setdefault(manifest.kind, []).append(manifest)
    return found


def of_kind(project: Project, *kinds: str) -> list[Manifest]:
    """The whole objects of these kinds."""
    known = index(project).by_kind
    return [manifest for kind in kinds for manifest in known.get(kind, ())]


def roots(project: Project) -> list[Kustomization]:
    """The kustomizations that no other one builds on: what is applied to a cluster."""
    return index(project).roots or []


def manifests(project: Project) -> list[Manifest]:
    """Every whole Kubernetes object of the repository that parses, in the order of paths; patches are left out."""
    return index(project).manifests


def replicas(root: Kustomization, name: str, written: int | None) -> int | None:
    """How many replicas a workload has once `root` is built: manifest, then each patch and `replicas` entry above it."""
    count = written
    for k in root.chain:
        for patch in k.patches():
            spec = patch.get("spec")
            if patch.at("metadata", "name") == name and spec is not None and spec.pair("replicas"):
                count = spec.at("replicas") if isinstance(spec.at("replicas"), int) else None
        listed = k.node.get("replicas")
        for entry in listed.children() if listed is not None else ():
            if entry.at("name") == name and isinstance(entry.at("count"), int):
                count = entry.at("count")
    return count


def namespace(root: Kustomization, written: str | None) -> str | None:
    """The namespace in which `root` puts its objects."""
    given = [k.namespace for k in reversed(root.chain) if k.namespace]
    return given[0] if given else written


def final_name(root: Kustomization, path: str, name: str) -> str:
    """The name of an object of the file `path` once `root` is built."""
    for k in root.chain:
        if path in k.file_set:
            name = k.named(name)
    return name


def retargeted(root: Kustomization, name: str) -> bool:
    """Whether a patch of `root` points an autoscaler called `name` at a Rollout."""
    for k in root.chain:
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
