"""All Kubernetes manifests of a project at once: objects with their files, kustomizations, what stands beside what."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Related, Source
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import kubernetes, yaml
from devops_orchestrator.formats.kubernetes import Object, text_of, texts
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

PATCH_LISTS = ("patchesStrategicMerge", "patchesJson6902", "patches")
NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")


@dataclass(frozen=True, eq=False)
class Placed:
    """An object and the file that it is in."""

    path: str
    object: Object

    def related(self, node: Node, message: Text) -> Related:
        """A place in this object, for a finding elsewhere."""
        return Related(self.path, Lines(node.text).place(node.start)[0], message)


@dataclass(frozen=True, eq=False)
class Kustomization:
    """One kustomization file. `folder` is where its paths start from."""

    path: str
    node: Node

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    def resolve(self, entry: str) -> str:
        """An entry as a path from the repository's root."""
        return posixpath.normpath(posixpath.join(self.folder, entry))

    def entries(self, *keys: str) -> Iterator[tuple[str, Node]]:
        """(entry, its node) of lists of paths."""
        for key in keys:
            listed = self.node.get(key)
            for child in listed.children() if listed is not None else ():
                if child.kind == "scalar" and isinstance(child.value, str):
                    yield child.value, child

    def patches(self) -> Iterator[tuple[str, Node]]:
        """(path, its node) of patches that are files."""
        for key in PATCH_LISTS:
            listed = self.node.get(key)
            for child in listed.children() if listed is not None else ():
                node = child.get("path") if child.kind == "map" else child
                if node is not None and isinstance(node.value, str) and "\n" not in node.value:
                    yield node.value, node

    @property
    def labels(self) -> dict[str, str]:
        """Labels that it adds to pods."""
        found = texts(self.node.get("commonLabels"))
        listed = self.node.get("labels")
        for child in listed.children() if listed is not None else ():
            if child.at("includeSelectors") is True or child.at("includeTemplates") is True:
                found |= texts(child.get("pairs"))
        return found

    def images(self) -> Iterator[tuple[str, Node]]:
        """(name, its entry) of `images`."""
        listed = self.node.get("images")
        for child in listed.children() if listed is not None else ():
            yield text_of(child.at("name")), child

    def replicas(self) -> Iterator[tuple[str, Node]]:
        """(workload, node of its count)."""
        listed = self.node.get("replicas")
        for child in listed.children() if listed is not None else ():
            count = child.get("count")
            if count is not None:
                yield text_of(child.at("name")), count

    def generators(self) -> Iterator[tuple[str, Node]]:
        """(kind, entry) of `configMapGenerator` and `secretGenerator`."""
        for key, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
            listed = self.node.get(key)
            for child in listed.children() if listed is not None else ():
                yield kind, child

    def generated(self, kind: str) -> Iterator[tuple[str, frozenset[str] | None]]:
        """(name, keys) of the generated objects of a kind; keys are None where files give them."""
        for made, child in self.generators():
            if made != kind:
                continue
            from_files = any(child.get(key) is not None for key in ("envs", "env", "files"))
            literals = child.at("literals", default=[])
            names = [str(one).partition("=")[0] for one in literals] if isinstance(literals, list) else []
            yield text_of(child.at("name")), None if from_files else frozenset(names)


@dataclass(eq=False)
class Cluster:
    """What rules ask of the other manifests."""

    project: Project
    placed: list[Placed] = field(default_factory=list)
    kustomizations: list[Kustomization] = field(default_factory=list)

    @cached_property
    def patches(self) -> frozenset[str]:
        """Files that are patches: their objects are fragments."""
        return frozenset(k.resolve(entry) for k in self.kustomizations for entry, _ in k.patches())

    @cached_property
    def objects(self) -> list[Placed]:
        """Whole objects, patches left out."""
        return [one for one in self.placed if one.path not in self.patches]

    @cached_property
    def workloads(self) -> list[Placed]:
        return [one for one in self.objects if one.object.pod is not None]

    @cached_property
    def _kinds(self) -> dict[str, list[Placed]]:
        found: dict[str, list[Placed]] = {}
        for one in self.objects:
            found.setdefault(one.object.kind, []).append(one)
        return found

    def of_kind(self, *kinds: str) -> list[Placed]:
        """The whole objects of these kinds."""
        return [one for kind in kinds for one in self._kinds.get(kind, ())]

    @cached_property
    def services(self) -> dict[str, list[Placed]]:
        """The Services by name."""
        found: dict[str, list[Placed]] = {}
        for one in self.of_kind("Service"):
            if not one.object.group:
                found.setdefault(one.object.name, []).append(one)
        return found

    @cached_property
    def called(self) -> dict[tuple[str, str, str, str | None], list[Placed]]:
        """The objects by group, kind, name and namespace."""
        found: dict[tuple[str, str, str, str | None], list[Placed]] = {}
        for one in self.objects:
            thing = one.object
            found.setdefault((thing.group, thing.kind, thing.name, thing.namespace), []).append(one)
        return found

    @cached_property
    def added_labels(self) -> dict[str, str]:
        """Labels that kustomizations add to pods; they may satisfy any selector."""
        return {key: value for k in self.kustomizations for key, value in k.labels.items()}

    @cached_property
    def foreign_kinds(self) -> bool:
        """Whether objects of operators are there, which may make pods and Secrets of their own."""
        return any("." in one.object.group and not one.object.group.endswith(".k8s.io") for one in self.objects)

    def selected(self, selector: dict[str, str], namespace: str | None) -> list[Placed]:
        """The workloads whose pods a selector picks; an unwritten namespace may be any."""
        wanted = {key: value for key, value in selector.items() if self.added_labels.get(key) != value}
        found = []
        for one in self.workloads:
            pod = one.object.pod
            same = namespace is None or one.object.namespace in (None, namespace)
            if pod is not None and selector and same and all(pod.labels.get(k) == v for k, v in wanted.items()):
                found.append(one)
        return found

    def near(self, path: str, found: Iterable[Placed]) -> list[Placed]:
        """Of several objects that could be meant from a file: those of it, else of what is applied with it, else of
        its folder, else all. Variants of one application stand side by side in many repositories."""
        candidates = list(found)
        folder, beside = posixpath.dirname(path), self.together(path)
        for group in (
            [one for one in candidates if one.path == path],
            [one for one in candidates if one.path in beside],
            [one for one in candidates if posixpath.dirname(one.path) == folder],
        ):
            if group:
                return group
        return candidates

    def beside(self, path: str, found: Iterable[Placed]) -> list[Placed]:
        """Of several objects, those of a file, of what is applied with it and of its folder."""
        folder, together = posixpath.dirname(path), self.together(path)
        return [one for one in found if one.path in together or posixpath.dirname(one.path) == folder]

    def together(self, path: str) -> frozenset[str]:
        """The files that some kustomization applies with this one."""
        return frozenset(file for files in self._closures.values() if path in files for file in files)

    def files(self, kustomization: Kustomization) -> frozenset[str]:
        """The manifests that a kustomization builds from, those of its bases too."""
        return self._closures.get(kustomization.path, frozenset())

    @cached_property
    def _closures(self) -> dict[str, frozenset[str]]:
        return {k.path: frozenset(self._closure(k, set())) for k in self.kustomizations}

    def _closure(self, kustomization: Kustomization, seen: set[str]) -> Iterator[str]:
        if kustomization.path in seen:
            return
        seen.add(kustomization.path)
        by_folder = {one.folder or ".": one for one in self.kustomizations}
        for entry, _ in kustomization.entries("resources", "bases", "components"):
            path = kustomization.resolve(entry)
            below = by_folder.get(path)
            if below is not None:
                yield from self._closure(below, seen)
            else:
                yield path


def of(project: Project) -> Cluster:
    """The manifests of a project, read once."""
    return project.remembered(_build)


def fill(cluster: Cluster) -> None:
    """Read the manifests and kustomizations of the project; what does not parse is a finding of the review's."""
    project = cluster.project
    kustomized = frozenset(project.of_kind("kustomization"))
    for path in project.of_kind("kubernetes", "kustomization"):
        text = project.repository.read(path)
        if text is None:
            continue
        try:
            if path in kustomized:
                cluster.kustomizations += [Kustomization(path, node) for node in yaml.parse(text) if node.kind == "map"]
            else:
                cluster.placed += [Placed(path, one) for one in kubernetes.objects(text)]
        except ParseError:
            continue


def _build(project: Project) -> Cluster:
    cluster = Cluster(project)
    fill(cluster)
    return cluster


def objects(source: Source, project: Project, *kinds: str) -> list[Object]:
    """The whole objects of a source (of these kinds); nothing of a patch. Raises ParseError."""
    found = source.parsed(kubernetes.objects)
    if source.path in of(project).patches:
        return []
    return [one for one in found if not kinds or one.kind in kinds]
