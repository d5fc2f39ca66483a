"""Kubernetes: the Service that leads to a component's metrics, and the operator's resources that are there."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Edit
from devops_orchestrator.domains.monitoring.prometheus.targets import Application
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import Object, Port, objects, selects, texts

GROUP = "monitoring.coreos.com"


@dataclass(frozen=True, eq=False)
class Manifest:
    """An object and the file that holds it."""

    path: str
    object: Object


@dataclass(frozen=True)
class Endpoint:
    """Where a component's metrics are in the cluster: a Service, the name of its port, the labels that select it.

    `edits` make that true where the Service has no name for the port, or no labels.
    """

    service: str
    namespace: str | None
    port_name: str
    labels: dict[str, str]
    folder: str
    shared: bool = False  # other Services' manifests are in the folder too
    kustomized: bool = False  # the folder has a kustomization
    edits: tuple[Edit, ...] = ()
    label_edits: tuple[Edit, ...] = ()  # only a ServiceMonitor needs them


_KNOWN: WeakKeyDictionary[Repository, list[Manifest]] = WeakKeyDictionary()


def manifests(project: Project) -> list[Manifest]:
    """Every object of the repository's manifests; files that cannot be parsed are left out."""
    known = _KNOWN.get(project.repository)
    if known is None:
        known = _KNOWN[project.repository] = []
        for path in project.of_kind("kubernetes"):
            try:
                known += [Manifest(path, o) for o in objects(project.repository.read(path) or "")]
            except ParseError:
                continue
    return known


def uses_operator(project: Project, found: list[Manifest]) -> str | None:
    """Where the repository shows that the Prometheus Operator runs in the cluster, or None."""
    for manifest in found:
        if manifest.object.group == GROUP:
            return manifest.path
    for path in project.of_kind("helm-chart"):
        try:
            documents = yaml.parse(project.repository.read(path) or "")
        except ParseError:
            continue
        needed = documents[0].at("dependencies", default=[]) if documents else []
        names = (
            {str(entry.get("name")) for entry in needed if isinstance(entry, dict)}
            if isinstance(needed, list)
            else set()
        )
        if names & {"kube-prometheus-stack", "prometheus-operator", "kube-prometheus"}:
            return path
    return None


def selection_labels(found: list[Manifest]) -> dict[str, str]:
    """The labels by which the repository's Prometheus picks its monitors, as far as a manifest shows them."""
    for manifest in found:
        if manifest.object.group == GROUP and manifest.object.kind == "Prometheus":
            return texts(manifest.object.get("spec", "serviceMonitorSelector", "matchLabels"))
    monitors = ("ServiceMonitor", "PodMonitor", "PrometheusRule")
    releases = {m.object.labels.get("release") for m in found if m.object.group == GROUP and m.object.kind in monitors}
    release = releases.pop() if len(releases) == 1 else None
    return {"release": release} if release else {}


def endpoint(app: Application, project: Project, found: list[Manifest]) -> Endpoint | None:
    """The Service that leads to the component's metrics; None where no manifest shows one."""
    service = _service_of(app, found)
    if service is None:
        return None
    ports = service.object.ports
    port = next((p for p in ports if _leads_to(p, app.port, service, found)), None)
    edits: list[Edit] = []
    if port is None and app.port is not None:
        edits += _add_port(service, app.port)
        name = "metrics"
    elif port is None:
        return None
    elif port.name:
        name = port.name
    else:
        name = "http"
        start, end, text = yaml.insert_after_key(port.node, None, f"name: {name}")
        edits.append(Edit(service.path, start, end, text))
    labels, label_edits = _labels(service, app, found)
    folder = posixpath.dirname(service.path)
    beside = [m for m in found if m.object.kind == "Service" and posixpath.dirname(m.path) == folder]
    return Endpoint(
        service.object.name,
        service.object.namespace,
        name,
        labels,
        folder or ".",
        shared=len(beside) > 1,
        kustomized=bool(project.repository.glob(f"{folder}/[kK]ustomization*" if folder else "[kK]ustomization*")),
        edits=tuple(edits),
        label_edits=tuple(label_edits),
    )


def _service_of(app: Application, found: list[Manifest]) -> Manifest | None:
    services = [m for m in found if m.object.kind == "Service" and m.object.group == "" and m.object.ports]
    base = [m for m in services if "/overlays/" not in f"/{m.path}"] or services
    named = [m for m in base if m.object.name in (app.job, app.component.name)]
    if named:
        return named[0]
    worn = [m for m in base if any(_is_of(w.object, app) for w in _workloads(m, found))]
    if worn:
        return worn[0]
    loose = [m for m in base if re.search(rf"(^|-){re.escape(app.component.name)}(-|$)", m.object.name)]
    return loose[0] if len(loose) == 1 else base[0] if len(base) == 1 else None


def _workloads(service: Manifest, found: list[Manifest]) -> list[Manifest]:
    return [m for m in found if m.object.pod and selects(service.object.selector, m.object.pod.labels)]


def _is_of(workload: Object, app: Application) -> bool:
    images = [c.image or "" for c in (workload.pod.containers if workload.pod else ())]
    return any(
        image.rpartition("/")[2].split(":")[0].split("@")[0] in (app.component.name, app.job) for image in images
    )


def _leads_to(port: Port, wanted: int | None, service: Manifest, found: list[Manifest]) -> bool:
    if wanted is None:
        return port.name in ("metrics", "http-metrics", "http")
    if isinstance(port.target, int):
        return port.target == wanted
    for workload in _workloads(service, found):
        for container in workload.object.pod.containers if workload.object.pod else ():
            if any(p.name == port.target and p.number == wanted for p in container.ports):
                return True
    return False


def _add_port(service: Manifest, port: int) -> list[Edit]:
    """A Service that does not lead to the metrics' port gets it; its only port needs a name then."""
    entries = service.object.get("spec", "ports")
    if entries is None:
        return []
    edits = [yaml.append_item(entries, f"name: metrics\nport: {port}\ntargetPort: {port}")]
    edits += [yaml.insert_after_key(p.node, None, "name: http") for p in service.object.ports if not p.name][:1]
    return [Edit(service.path, start, end, text) for start, end, text in edits]


def _labels(service: Manifest, app: Application, found: list[Manifest]) -> tuple[dict[str, str], list[Edit]]:
    """The fewest labels that select this Service and no other."""
    labels = service.object.labels
    if not labels:
        metadata = service.object.get("metadata")
        if metadata is None or metadata.flow:
            return {}, []
        wanted = {"app.kubernetes.io/name": service.object.name}
        start, end, text = yaml.insert_after_key(
            metadata, "name", f"labels:\n  app.kubernetes.io/name: {service.object.name}"
        )
        return wanted, [Edit(service.path, start, end, text)]
    others = [m.object.labels for m in found if m.object.kind == "Service" and m.object.name != service.object.name]
    for keys in (
        ("app.kubernetes.io/name",),
        ("app.kubernetes.io/name", "app.kubernetes.io/component"),
        ("app",),
        ("k8s-app",),
    ):
        few = {key: labels[key] for key in keys if key in labels}
        if len(few) == len(keys) and not any(selects(few, other) for other in others):
            return few, []
    return labels, []


def kustomization(folder: str, project: Project, file: str) -> Edit | None:
    """The edit that lists a new file in the kustomization of its folder, None where there is none or it is listed."""
    for name in ("kustomization.yaml", "kustomization.yml", "Kustomization"):
        path = name if folder == "." else f"{folder}/{name}"
        text = project.repository.read(path)
        if text is None:
            continue
        try:
            documents = yaml.parse(text)
        except ParseError:
            return None
        resources = documents[0].get("resources") if documents else None
        if resources is None or resources.kind != "list" or file in resources.value:
            return None
        start, end, added = yaml.append_item(resources, file)
        return Edit(path, start, end, added)
    return None
