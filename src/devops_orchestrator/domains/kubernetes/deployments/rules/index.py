"""The manifests of a project as the rules of this room ask them: which component a pod runs, which images are pushed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Source
from devops_orchestrator.domains.kubernetes.deployments import images
from devops_orchestrator.domains.kubernetes.deployments.images import Image, Named
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import kubernetes, yaml
from devops_orchestrator.formats.kubernetes import Container, Object, text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import cluster
from devops_orchestrator.project.cluster import Cluster, Kustomization, Placed

__all__ = ["Index", "Kustomization", "Placed", "containers", "objects", "of"]


class Index(Cluster):
    """What the rules ask of the other files."""

    @cached_property
    def pushed(self) -> list[Named]:
        return [one for one in images.named(self.project) if one.pushed]

    @cached_property
    def built_by_tool(self) -> frozenset[str]:
        """Images whose tag a deployment tool (Skaffold) sets."""
        found: set[str] = set()
        for path in self.project.of_kind("skaffold"):
            try:
                documents = yaml.parse(self.project.repository.read(path) or "")
            except ParseError:
                continue
            for document in documents:
                for part in (document, *_entries(document.get("profiles"))):
                    found |= {text_of(node.at("image")) for node in _entries(part.get("build", "artifacts"))}
        return frozenset(found - {""})

    def component(self, workload: Object, container: Container) -> Component | None:
        """The component that a container runs, where the names leave no doubt.

        The workload's name speaks for its only container, or for the first beside sidecars.
        """
        components = self.project.deployable
        short = images.split(container.image or "").short
        pod = workload.pod
        alone = pod is not None and len(pod.containers) == 1
        for name in (short, container.name, workload.name if alone else ""):
            for component in components:
                if name and (component.name == name or (name == short and short.endswith(f"-{component.name}"))):
                    return component
        if len(components) != 1:
            return None
        pushed = {one.name for one in self.pushed}
        names = (short, container.name, workload.name if alone else "")
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
    shared = cluster.of(project)
    index.placed, index.kustomizations = shared.placed, shared.kustomizations
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
