"""What the repository already answers, and the files for it: compose, plain, Kubernetes, or the operator's resources."""

from __future__ import annotations

from collections.abc import Mapping

from devops_orchestrator.core.change import Creation
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.specialist import Suggestion
from devops_orchestrator.domains.monitoring.prometheus import cluster, operator, server
from devops_orchestrator.domains.monitoring.prometheus.existing import current
from devops_orchestrator.domains.monitoring.prometheus.params import PrometheusParams
from devops_orchestrator.domains.monitoring.prometheus.server import Plan
from devops_orchestrator.domains.monitoring.prometheus.targets import applications, backing, chosen
from devops_orchestrator.project import compose_services as compose

INTERVAL = "15s"


def suggest(project: Project) -> Mapping[str, Suggestion]:
    """Port and path of the metrics, the interval of a configuration that is there, exporters of the services found."""
    found: dict[str, Suggestion] = {}
    subject = chosen(PrometheusParams(), project)
    if subject is not None and subject.metrics:
        found["metrics_path"] = Suggestion(subject.metrics, subject.evidence.get("metrics", subject.path))
        if port := subject.port_of("metrics"):
            found["port"] = Suggestion(port, subject.evidence.get("port", subject.path))
    config = current(project)
    if config is not None and config.view.setting("scrape_interval"):
        node = config.view.node.get("global", "scrape_interval")
        assert node is not None
        found["scrape_interval"] = Suggestion(config.view.scrape_interval, f"{config.path}:{config.line(node.start)}")
    else:
        found["scrape_interval"] = Suggestion(INTERVAL, "convention: the interval of Prometheus' own example")
    file = compose.main_file(project)
    exporters = backing(project, compose.services(project, file)) if file else []
    if file and exporters and config is None:
        names = tuple(dict.fromkeys(e.exporter.name for e in exporters))
        found["exporters"] = Suggestion(names, file)
    return found


def create(params: PrometheusParams, project: Project) -> Creation:
    """The monitoring files that this repository calls for; an existing prometheus.yml gets what it lacks."""
    found = cluster.manifests(project)
    apps = applications(params, project)
    if cluster.uses_operator(project, found) and any(cluster.endpoint(app, project, found) for app in apps):
        return operator.create(params, project, found, apps)
    file = compose.main_file(project)
    services = compose.services(project, file) if file else []
    # A compose file in a folder of its own is a demonstration or a test bench where manifests deploy the application.
    beside = bool(services) and file is not None and "/" not in file
    in_cluster = any(m.object.kind == "Service" for m in found) and (params.namespace is not None or not beside)
    plan = Plan(
        params, project, apps, file if services and not in_cluster else None, services, found if in_cluster else []
    )
    return server.create(plan)
