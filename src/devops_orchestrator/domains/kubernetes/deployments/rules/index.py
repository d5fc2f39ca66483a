"""All manifests of a project at once: what selects what, what a kustomization adds, which component a pod runs."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Related, Source
from devops_orchestrator.domains.kubernetes.deployments import images
from devops_orchestrator.domains.kubernetes.deployments.images import Image, Named
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import kubernetes, yaml
from devops_orchestrator.formats.kubernetes import Container, Object, text_of, texts
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

PATCH_LISTS = ("patchesStrategicMerge", "patchesJson6902", "patches")


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

    def generated(self, kind: str) -> Iterator[tuple[str, frozenset[str] | None]]:
        """(name, keys) of `configMapGenerator` or `secretGenerator`; keys are None where files give them."""
        listed = self.node.get("configMapGenerator" if kind == "ConfigMap" else "secretGenerator")
        for child in listed.children() if listed is not None else ():
            from_files = child.get("envs") is not None or child.get("env") is not None or child.get("files") is not None
            literals = child.at("literals", default=[])
            names = [str(one).partition("=")[0] for one in literals] if isinstance(literals, list) else []
            yield text_of(child.at("name")), None if from_files else frozenset(names)


@dataclass(eq=False)
class Index:
    """What the rules ask of the other files."""

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
    def added_labels(self) -> dict[str, str]:
        """Labels that kustomizations add to pods; they may satisfy any selector."""
        return {key: value for k in self.kustomizations for key, value in k.labels.items()}

    @cached_property
    def pushed(self) -> list[Named]:
        return [one for one in images.named(self.project) if one.pushed]

    @cached_property
    def built_by_tool(self) -> frozenset[str]:
        """Images whose tag a deployment tool (Skaffold) sets."""
        configs = [one.object for one in self.objects if one.object.group == "skaffold"]
        artifacts = [node for one in configs for node in _entries(one.get("build", "artifacts"))]
        return frozenset(text_of(node.at("image")) for node in artifacts)

    @cached_property
    def foreign_kinds(self) -> bool:
        """Whether objects of operators are there, which may make pods and Secrets of their own."""
        return any("." in one.object.group and not one.object.group.endswith(".k8s.io") for one in self.objects)

    def of_kind(self, *kinds: str) -> list[Placed]:
        return [one for one in self.objects if one.object.kind in kinds]

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

    def component(self, workload: Object, container: Container) -> Component | None:
        """The component that a container runs, where the names leave no doubt."""
        components = self.project.deployable
        short = images.split(container.image or "").short
        names = (short, container.name, workload.name)
        for component in components:
            if component.name in names or short.endswith(f"-{component.name}"):
                return component
        if len(components) != 1:
            return None
        pushed = {one.name for one in self.pushed}
        mine = images.split(container.image or "").name in pushed or self.project.name in names
        return components[0] if mine else None

    def final_image(self, image: Image) -> Image:
        """An image as the kustomizations leave it."""
        for kustomization in self.kustomizations:
            for name, node in kustomization.images():
                if name == image.name:
                    tag = text_of(node.at("newTag")) or image.tag
                    new = text_of(node.at("newName")) or image.name
                    return Image(new, tag, text_of(node.at("digest")) or image.digest)
        return image


def _entries(node: Node | None) -> Iterator[Node]:
    yield from node.children() if node is not None else ()


def of(project: Project) -> Index:
    """The index of a project, built once."""
    return project.remembered(_build)


def _build(project: Project) -> Index:
    index = Index(project)
    for path in project.of_kind("kubernetes", "kustomization"):
        text = project.repository.read(path)
        if text is None:
            continue
        try:
            if path in project.of_kind("kustomization"):
                index.kustomizations += [Kustomization(path, node) for node in yaml.parse(text) if node.kind == "map"]
            else:
                index.placed += [Placed(path, one) for one in kubernetes.objects(text)]
        except ParseError:
            continue  # told as a finding of its own by the review
    return index


def objects(source: Source, project: Project) -> list[Object]:
    """The whole objects of a source; nothing of a patch. Raises ParseError."""
    found = source.parsed(kubernetes.objects)
    return [] if source.path in of(project).patches else found


def containers(source: Source, project: Project, *kinds: str) -> Iterator[tuple[Object, Container]]:
    """(workload, container) of a source's workloads (of these kinds), init containers left out."""
    for one in objects(source, project):
        if one.pod is not None and (not kinds or one.kind in kinds):
            for container in one.pod.containers:
                if container.image is not None:
                    yield one, container
