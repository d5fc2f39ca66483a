"""What is scraped: each component that exposes metrics, and an exporter for each service that the repository runs."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.domains.monitoring.prometheus import exporters
from devops_orchestrator.domains.monitoring.prometheus.exporters import Exporter
from devops_orchestrator.domains.monitoring.prometheus.params import PrometheusParams
from devops_orchestrator.project import compose_services as compose


@dataclass(frozen=True)
class Application:
    """A component with the place of its metrics. `port` is None where nobody knows it."""

    component: Component
    job: str
    port: int | None
    path: str

    @property
    def exports_up(self) -> bool:
        """Whether the library exports a metric `up` of its own."""
        return self.component.metrics_library == "express_prom_bundle"


@dataclass(frozen=True)
class Target:
    """One job of the configuration: `host:port` and the path of its metrics."""

    job: str
    host: str
    port: int
    path: str = "/metrics"
    drop_up: bool = False

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Exported:
    """An exporter and the compose service that it reads (None: it reads the host, or a service elsewhere)."""

    exporter: Exporter
    service: compose.Service | None = None
    suffix: str = ""  # set apart from another exporter of its kind

    @property
    def job(self) -> str:
        return self.exporter.job + self.suffix

    @property
    def name(self) -> str:
        """The name of its own compose service."""
        return self.exporter.compose_name + self.suffix


def chosen(params: PrometheusParams, project: Project) -> Component | None:
    """The component that the parameters speak of: the named one, the one that exposes metrics, the main one."""
    named = project.component(params.name) if params.name else None
    measured = (c for c in project.deployable if c.metrics or "metrics_port" in c.traits)
    return named or next(measured, None) or project.main


def applications(params: PrometheusParams, project: Project) -> list[Application]:
    """The components whose metrics can be scraped. `port` and `metrics_path` speak of the chosen one."""
    found: list[Application] = []
    subject = chosen(params, project)
    for component in project.deployable or project.components:
        mine = component is subject
        beside = "/metrics" if "metrics_port" in component.traits else None  # the exporter's own server and route
        path = (params.metrics_path if mine else None) or component.metrics or beside
        said = mine and (params.port is not None or params.metrics_path is not None)
        if component.kind == "static" and not said:
            continue
        if path is None and not said:
            continue
        name = params.name if mine and params.name else component.name
        port = (params.port if mine else None) or component.port_of("metrics")
        found.append(Application(component, name, port, path or "/metrics"))
    return found


def silent(params: PrometheusParams, project: Project) -> list[Component]:
    """The services and workers that expose no metrics."""
    scraped = {app.component.path + app.component.name for app in applications(params, project)}
    return [c for c in project.deployable if c.kind in ("service", "worker") and c.path + c.name not in scraped]


def backing(project: Project, found: list[compose.Service]) -> list[Exported]:
    """An exporter for each database and queue that the compose file runs."""
    listed = [
        Exported(exporter, service)
        for service in found
        if service.backing and (exporter := exporters.for_service(service.backing)) and _readable(service, project)
    ]
    several = [e.exporter.name for e in listed]
    return [
        replace(e, suffix=f"-{e.service.name}") if several.count(e.exporter.name) > 1 and e.service else e
        for e in listed
    ]


def _readable(service: compose.Service, project: Project) -> bool:
    """nginx has counters only where stub_status is on."""
    if service.backing != "nginx":
        return True
    return any(
        re.search(r"^\s*stub_status\b", project.repository.read(path) or "", re.M)
        for path in project.repository.glob("**/*.conf", "**/*.conf.template")
    )


def exported(
    params: PrometheusParams, project: Project, found: list[compose.Service]
) -> tuple[list[Exported], list[str]]:
    """(the exporters to configure, names that are not known here): those asked for, else those of the services found."""
    if not params.exporters:
        return backing(project, found), []
    result: list[Exported] = []
    unknown: list[str] = []
    for name in params.exporters:
        exporter = exporters.named(name)
        if exporter is None:
            unknown.append(name)
            continue
        services = [s for s in found if s.backing in exporter.service]
        many = len(services) > 1
        result += [Exported(exporter, s, f"-{s.name}" if many else "") for s in services] or [Exported(exporter)]
    return result, unknown
