"""The text of scrape jobs, as lines at indentation 0 without their dash."""

from __future__ import annotations

from devops_orchestrator.domains.monitoring.prometheus.cluster import Endpoint
from devops_orchestrator.domains.monitoring.prometheus.targets import Application, Target
from devops_orchestrator.formats.template import quoted


def static(target: Target) -> list[str]:
    """A job with one target, known by name."""
    lines = [f"job_name: {quoted(target.job)}"]
    if target.path != "/metrics":
        lines.append(f"metrics_path: {quoted(target.path)}")
    lines += ["static_configs:", "  - targets:", f"      - {quoted(target.address)}"]
    if target.drop_up:
        lines += [
            "metric_relabel_configs:",
            "  # express-prom-bundle exports a metric `up` of its own: it collides with the one that Prometheus makes.",
            "  - source_labels: [__name__]",
            "    regex: up",
            "    action: drop",
        ]
    return lines


def discovered(app: Application, endpoint: Endpoint, namespace: str | None) -> list[str]:
    """A job that finds the pods behind a Service."""
    lines = [f"job_name: {quoted(app.job)}"]
    if app.path != "/metrics":
        lines.append(f"metrics_path: {quoted(app.path)}")
    where = (
        [f"      names: [{quoted(namespace)}]"]
        if namespace
        else ["      own_namespace: true # the namespace in which Prometheus itself runs"]
    )
    return [
        *lines,
        "kubernetes_sd_configs:",
        "  - role: endpointslice",
        "    namespaces:",
        *where,
        "relabel_configs:",
        "  # One target a pod: only the port of the Service that serves the metrics.",
        "  - source_labels: [__meta_kubernetes_service_name, __meta_kubernetes_endpointslice_port_name]",
        f"    regex: {quoted(f'{endpoint.service};{endpoint.port_name}')}",
        "    action: keep",
        "  - source_labels: [__meta_kubernetes_namespace]",
        "    target_label: namespace",
        "  - source_labels: [__meta_kubernetes_pod_name]",
        "    target_label: pod",
    ]


def blackbox(address: str, urls: list[str]) -> list[str]:
    """A job that asks the blackbox exporter to look at URLs."""
    return [
        "job_name: blackbox",
        "metrics_path: /probe",
        "params:",
        "  module: [http_2xx]",
        "static_configs:",
        "  - targets:",
        *(f"      - {quoted(url)}" for url in urls),
        "relabel_configs:",
        "  # The URL is what is probed; the exporter is who is asked.",
        "  - source_labels: [__address__]",
        "    target_label: __param_target",
        "  - source_labels: [__param_target]",
        "    target_label: instance",
        "  - target_label: __address__",
        f"    replacement: {quoted(address)}",
    ]
