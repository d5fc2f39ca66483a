"""The Deployment that a strategy is derived from, with all that stands around it: Service, routes, autoscaler, overlay."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.domains.deployment.strategies import kustomize
from devops_orchestrator.domains.deployment.strategies.kustomize import PRODUCTION, Kustomization, Manifest
from devops_orchestrator.formats.kubernetes import Port, selects

# Images of things that hold data: never what a request for a canary means.
BACKING = (
    "postgres",
    "mysql",
    "mariadb",
    "redis",
    "valkey",
    "mongo",
    "rabbitmq",
    "kafka",
    "elasticsearch",
    "memcached",
    "nats",
    "minio",
)


@dataclass(frozen=True, eq=False)
class Target:
    """One Deployment in one environment.

    `root` is the kustomization that is applied for that environment; None where manifests are applied as a folder.
    """

    project: Project
    deployment: Manifest
    root: Kustomization | None
    component: Component | None
    asked_namespace: str | None = None

    @property
    def folder(self) -> str:
        """Where the new files of this environment go."""
        return self.root.folder if self.root else posixpath.dirname(self.deployment.path) or "."

    @property
    def environment(self) -> str | None:
        """The overlay's name; None where there is one kustomization or none."""
        return posixpath.basename(self.folder) if self.root and self.root.below else None

    @property
    def is_direct(self) -> bool:
        """Whether the Deployment's own file belongs to this environment alone, so that it is edited and not patched."""
        return self.root is None or self.deployment.path in self.root.paths("resources")

    @property
    def written_name(self) -> str:
        return self.deployment.object.name

    def final(self, manifest: Manifest) -> str:
        """The name that an object has on the cluster."""
        if self.root is None:
            return manifest.object.name
        return kustomize.final_name(self.root, manifest.path, manifest.object.name)

    @property
    def name(self) -> str:
        return self.final(self.deployment)

    @cached_property
    def namespace(self) -> str | None:
        written = self.deployment.object.namespace
        found = kustomize.namespace(self.root, written) if self.root else written
        return found or self.asked_namespace

    @property
    def sets_namespace(self) -> bool:
        """Whether the kustomization gives the namespace, so that a new file leaves it out."""
        return bool(self.root and kustomize.namespace(self.root, None))

    @cached_property
    def replicas(self) -> int | None:
        """How many pods the environment asks for; None where nothing says it."""
        written = self.deployment.object.replicas
        return kustomize.replicas(self.root, self.written_name, written) if self.root else written

    @cached_property
    def siblings(self) -> tuple[Manifest, ...]:
        """The objects that are applied together with the Deployment."""
        files: Iterable[str]
        if self.root:
            files = self.root.files
        else:
            folder = posixpath.dirname(self.deployment.path)
            files = [p for p in self.project.of_kind("kubernetes") if posixpath.dirname(p) == folder]
        wanted = set(files)
        return tuple(m for m in kustomize.manifests(self.project) if m.path in wanted)

    def of_kind(self, *kinds: str) -> list[Manifest]:
        return [m for m in self.siblings if m.object.kind in kinds]

    @cached_property
    def service(self) -> Manifest | None:
        """The Service that sends traffic to the Deployment."""
        template = self.deployment.object.pod
        labels = template.labels if template else {}
        found = [
            m
            for m in self.of_kind("Service")
            if selects(m.object.selector, labels) and m.object.at("spec", "clusterIP") != "None"
        ]
        return found[0] if found else None

    @property
    def port(self) -> Port | None:
        """The Service's port that carries the application."""
        ports = self.service.object.ports if self.service else ()
        return next((p for p in ports if p.name in ("http", "web", "https", "grpc")), ports[0] if ports else None)

    @cached_property
    def autoscaler(self) -> Manifest | None:
        """The HorizontalPodAutoscaler or ScaledObject that scales the Deployment."""
        for manifest in self.of_kind("HorizontalPodAutoscaler", "ScaledObject"):
            ref = manifest.object.at("spec", "scaleTargetRef", default={}) or {}
            if (
                isinstance(ref, dict)
                and ref.get("name") == self.written_name
                and ref.get("kind", "Deployment") == "Deployment"
            ):
                return manifest
        return None

    @property
    def labels(self) -> dict[str, str]:
        """The labels that say what a new object belongs to."""
        keep = (
            "app",
            "app.kubernetes.io/name",
            "app.kubernetes.io/instance",
            "app.kubernetes.io/component",
            "app.kubernetes.io/part-of",
        )
        own = {k: v for k, v in self.deployment.object.labels.items() if k in keep}
        return own or dict(self.deployment.object.selector)


def find(project: Project, name: str | None, environments: Sequence[str], namespace: str | None) -> list[Target]:
    """The Deployment in each environment that is meant; empty where the repository has none.

    Without `environments`, an overlay that is called production is meant, else the only one, else all of them.
    """
    deployments = [m for m in kustomize.manifests(project) if m.object.kind == "Deployment" and m.object.pod]
    chosen = _choose(project, deployments, name)
    if chosen is None:
        return []
    component = _component(project, chosen.object.name)
    holding = [root for root in kustomize.roots(project) if chosen.path in root.files]
    if not holding:
        return [Target(project, chosen, None, component, namespace)]
    return [Target(project, chosen, root, component, namespace) for root in _environments(holding, environments)]


def _environments(holding: list[Kustomization], asked: Sequence[str]) -> list[Kustomization]:
    named = {posixpath.basename(root.folder): root for root in holding}
    if asked:
        return [root for name, root in named.items() if _same_environment(name, asked)] or holding[:1]
    production = [root for name, root in named.items() if name in PRODUCTION]
    return production[:1] or holding


def _same_environment(name: str, asked: Sequence[str]) -> bool:
    return name in asked or (name in PRODUCTION and any(a in PRODUCTION for a in asked))


def _choose(project: Project, deployments: list[Manifest], name: str | None) -> Manifest | None:
    if name:
        return next((m for m in deployments if m.object.name == name), None)
    own = [m for m in deployments if not _is_backing(m)]
    return _meant(project, own) or (own[0] if own else None)


def _meant(project: Project, own: list[Manifest]) -> Manifest | None:
    """The Deployment that carries the name of the main component or of the project."""
    main = project.main
    for label in (main.name if main else None, project.name):
        for manifest in own:
            if label and manifest.object.name == label:
                return manifest
    return None


def ambiguous(project: Project) -> list[str]:
    """The names among which somebody must choose; empty where one Deployment is meant."""
    own = [m for m in kustomize.of_kind(project, "Deployment") if m.object.pod and not _is_backing(m)]
    names = sorted({m.object.name for m in own})
    return [] if len(names) < 2 or _meant(project, own) else names


def _is_backing(manifest: Manifest) -> bool:
    pod = manifest.object.pod
    images = [c.image or "" for c in pod.containers] if pod else []
    return any(image.split(":")[0].split("/")[-1].startswith(BACKING) for image in images)


def _component(project: Project, name: str) -> Component | None:
    return project.component(name) or (project.main if len(project.deployable) <= 1 else None) or _alike(project, name)


def _alike(project: Project, name: str) -> Component | None:
    found = [
        c for c in project.deployable if c.name.endswith(name) or name.endswith(c.name) or c.path.split("/")[-1] == name
    ]
    return found[0] if found else None
