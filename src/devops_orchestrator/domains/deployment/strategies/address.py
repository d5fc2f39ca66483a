"""Where Prometheus answers inside the cluster: as the repository says, else the Prometheus Operator's own name."""

from __future__ import annotations

import re

from devops_orchestrator.core.project import Project
from devops_orchestrator.domains.deployment.strategies import kustomize

CONVENTION = "http://prometheus-operated.monitoring.svc:9090"


def prometheus(project: Project) -> tuple[str, str]:
    """(address, evidence). The evidence begins with `convention:` where nothing in the repository says it."""
    found = kustomize.manifests(project)
    for manifest in found:
        if manifest.object.kind in ("AnalysisTemplate", "ClusterAnalysisTemplate", "MetricTemplate"):
            written = _written(manifest.object.at("spec"))
            if written:
                return written, manifest.path
    for manifest in found:
        item = manifest.object
        space = item.namespace or "monitoring"
        if item.kind == "Prometheus" and item.group == "monitoring.coreos.com":
            return f"http://prometheus-operated.{space}.svc:9090", manifest.path
        ports = [port.number for port in item.ports] if item.kind == "Service" else []
        if item.kind == "Service" and item.name.startswith("prometheus") and 9090 in ports:
            return f"http://{item.name}.{space}.svc:9090", manifest.path
    return CONVENTION, "convention: the Service that the Prometheus Operator makes, in the namespace monitoring"


def _written(value: object) -> str | None:
    """The first literal Prometheus address in a template."""
    if isinstance(value, dict):
        for key, below in value.items():
            if key == "address" and isinstance(below, str) and re.match(r"https?://[\w.-]+(:\d+)?", below):
                return below
            if found := _written(below):
                return found
    if isinstance(value, list):
        for below in value:
            if (
                isinstance(below, dict)
                and below.get("name") == "prometheus-address"
                and isinstance(below.get("value"), str)
            ):
                return str(below["value"])
            if found := _written(below):
                return found
    return None
