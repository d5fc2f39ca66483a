"""Who exports which metric: the facts' index, the exporters that are scraped, and what the application's code defines."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from weakref import WeakKeyDictionary

from devops_orchestrator.core import facts
from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository, matches
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import prometheus
from devops_orchestrator.formats.prometheus import Job, Target
from devops_orchestrator.formats.promql import Matcher
from devops_orchestrator.project import compose_services
from devops_orchestrator.project.metrics import Metric, defined

# Prometheus makes these itself.
SYNTHETIC = frozenset({
    "up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling",
    "scrape_series_added", "scrape_timeout_seconds", "scrape_sample_limit", "scrape_body_size_bytes", "ALERTS", "ALERTS_FOR_STATE",
})  # fmt: skip
# Port of an exporter → its key in the facts, None where its metrics are not known there. cAdvisor's 8080 is anybody's.
EXPORTER_PORTS: dict[int, str | None] = {
    9187: "postgres_exporter", 9121: "redis_exporter", 9104: "mysqld_exporter", 9216: None, 9308: "kafka_exporter", 9114: None,
    9150: None, 15692: "rabbitmq_prometheus", 9113: "nginx_exporter", 9100: "node_exporter", 9115: "blackbox_exporter",
    9253: "php_fpm_exporter",
}  # fmt: skip
_SUFFIXES = ("_bucket", "_count", "_sum")
# What a language's client exports beside an HTTP library's metrics.
_RUNTIMES = {
    "python": "python_client",
    "javascript": "prom_client_node_default",
    "typescript": "prom_client_node_default",
    "go": "go_client",
}


@dataclass(frozen=True)
class Known:
    """A metric of the facts: who exports it, its type and its labels (`le` and `quantile` left out)."""

    exporter: str
    name: str
    type: str
    labels: frozenset[str]


@dataclass(frozen=True)
class Exports:
    """What is scraped here. `complete`: every target is known, so a metric that is not here is exported by nobody."""

    exporters: frozenset[str]
    metrics: tuple[Metric, ...]
    recorded: frozenset[str]
    target_labels: frozenset[str]
    open_labels: bool  # a labelmap, or discovery: targets may carry labels that nobody can name
    complete: bool

    def names(self) -> frozenset[str]:
        """Every metric name that is known to be exported, histogram and summary parts too."""
        found = set(self.recorded)
        for known in (k for entries in index().values() for k in entries if k.exporter in self.exporters):
            found.update(_parts(known.name, known.type))
        for metric in self.metrics:
            found.update(_parts(metric.name, metric.type))
        return frozenset(found)


def _parts(name: str, kind: str) -> Iterator[str]:
    yield name
    if kind in ("histogram", "summary", "summary or histogram"):
        yield from (name + suffix for suffix in _SUFFIXES)


@lru_cache(maxsize=1)
def index() -> dict[str, tuple[Known, ...]]:
    """metric name → those who export it."""
    found: dict[str, list[Known]] = {}
    for exporter, entry in facts.load("exporters")["exporters"].items():
        for metric in entry["metrics"]:
            known = Known(exporter, metric["name"], metric["type"], frozenset(metric.get("labels", ())))
            found.setdefault(known.name, []).append(known)
    return {name: tuple(entries) for name, entries in found.items()}


def lookup(metric: str) -> tuple[Known, ...]:
    """Those who export a metric, by the name that an expression uses (`…_bucket`, `…_count`, `…_sum` too)."""
    found = index().get(metric)
    if found:
        return found
    for suffix in _SUFFIXES:
        if metric.endswith(suffix):
            return tuple(k for k in index().get(metric.removesuffix(suffix), ()) if k.type not in ("counter", "gauge"))
    return ()


def of_code(metric: str, exports: Exports) -> Metric | None:
    """The metric of the application's code that an expression reads."""
    names = {metric, *(metric.removesuffix(suffix) for suffix in _SUFFIXES if metric.endswith(suffix))}
    return next((m for m in exports.metrics if m.name in names), None)


_KNOWN: WeakKeyDictionary[Repository, Exports] = WeakKeyDictionary()


def of(project: Project) -> Exports:
    """What the repository's configurations scrape."""
    found = _KNOWN.get(project.repository)
    if found is None:
        found = _KNOWN[project.repository] = _read(project)
    return found


def configurations(project: Project) -> list[tuple[str, prometheus.Config]]:
    """(path, configuration) of each prometheus.yml that parses."""
    found = []
    for path in project.of_kind("prometheus"):
        try:
            view = prometheus.config(project.repository.read(path) or "")
        except ParseError:
            continue
        if view is not None:
            found.append((path, view))
    return found


_GROUPS: WeakKeyDictionary[Repository, list[tuple[str, list[prometheus.Group]]]] = WeakKeyDictionary()


def rule_files(project: Project) -> list[tuple[str, list[prometheus.Group]]]:
    """(path, groups) of each rule file, and of each manifest with a PrometheusRule, that parses."""
    known = _GROUPS.get(project.repository)
    if known is None:
        known = _GROUPS[project.repository] = list(_rule_files(project))
    return known


def _rule_files(project: Project) -> Iterator[tuple[str, list[prometheus.Group]]]:
    for kind, mark in (("prometheus-rules", "groups"), ("kubernetes", "PrometheusRule")):
        for path in project.of_kind(kind):
            text = project.repository.read(path) or ""
            if mark not in text:
                continue
            try:
                yield path, prometheus.groups(text)
            except ParseError:
                continue


def _read(project: Project) -> Exports:
    configs = configurations(project)
    keys: set[str] = set()
    labels: set[str] = set()
    complete, open_labels = bool(configs), False
    for component in project.components:
        keys |= of_component(component)
    for _, config in configs:
        for job in config.jobs:
            discovers = job.discovers or not job.targets or job.path == "/federate"
            complete = complete and not discovers
            open_labels = open_labels or discovers or any(s.at("action") == "labelmap" for s in job.relabeling())
            labels |= _labels(job)
            for target in job.targets:
                key = of_target(job, target, project)
                complete = complete and key is not None
                keys |= key or set()
        complete = complete and config.node.pair("remote_read") is None
    recorded = {r.record for _, groups in rule_files(project) for g in groups for r in g.rules if r.record}
    return Exports(
        frozenset(keys), defined(project), frozenset(recorded), frozenset(labels), open_labels or not configs, complete
    )


def of_component(component: Component) -> set[str]:
    """What a component's own metrics endpoint exports."""
    if component.metrics_library is None:
        return set()
    return {component.metrics_library, *filter(None, [_RUNTIMES.get(component.language or "")])}


def of_target(job: Job, target: Target, project: Project) -> set[str] | None:
    """What a target exports, as keys of the facts; None where it is not known."""
    words = f"{job.name} {target.host}".lower()
    if job.rewrites_address:
        return {"blackbox_exporter"} if "blackbox" in words or job.path == "/probe" else None
    if target.port == 9090 and (target.host in ("localhost", "127.0.0.1") or "prometheus" in words):
        return {"prometheus_server"}
    for port, name, key in ((9093, "alertmanager", "alertmanager"), (9091, "pushgateway", "")):
        if target.port == port and name in words:
            return {key} if key else None  # anything may be pushed
    if target.port in EXPORTER_PORTS:
        exporter = EXPORTER_PORTS[target.port]
        return {exporter} if exporter else None
    if "cadvisor" in words:
        return {"cadvisor"}
    component = component_of(target, project)
    return of_component(component) if component is not None and component.metrics_library else None


def component_of(target: Target, project: Project) -> Component | None:
    """The component that a target reaches: its compose service, or its own port on this machine."""
    path = compose_services.main_file(project)
    services = compose_services.services(project, path) if path else []
    for component in project.components:
        service = compose_services.running(component, services)
        if service is not None and target.host == service.host:
            return component
    if target.host in ("localhost", "127.0.0.1", "host.docker.internal"):
        return next((c for c in project.components if c.port == target.port), None)
    return next((c for c in project.components if c.name == target.host), None)


def _labels(job: Job) -> set[str]:
    found: set[str] = set()
    groups = job.node.get("static_configs")
    for group in groups.children() if groups else ():
        given = group.at("labels")
        found |= {str(key) for key in given} if isinstance(given, dict) else set()
    for step in (*job.relabeling(), *job.relabeling("metric_relabel_configs")):
        if isinstance(step.at("target_label"), str):
            found.add(step.at("target_label"))
    return found


def loaded(project: Project, path: str, config: prometheus.Config, rules: str) -> bool:
    """Whether a configuration's `rule_files` match a file: beside it in the repository, or where compose mounts both."""
    folder = posixpath.dirname(path) or "."
    for node in config.rule_files:
        pattern = str(node.value)
        relative = posixpath.relpath(rules, folder)
        if matches(relative, posixpath.normpath(pattern.removeprefix("/etc/prometheus/"))):
            return True
        for service, target, _ in compose_services.reading(project, path):
            full = posixpath.normpath(posixpath.join(posixpath.dirname(target), pattern))
            seen = compose_services.files_in(project, service)
            if any(file == rules and matches(inside.lstrip("/"), full.lstrip("/")) for inside, file in seen.items()):
                return True
    return False


def jobs(project: Project) -> tuple[str, int, frozenset[str]] | None:
    """(configuration, line of its jobs, names of the `job` label) where all of them are known, else None.

    None too where series may come from elsewhere: several configurations, remote writes, discovery of other jobs, a
    relabelling of `job`, an OpenTelemetry collector or a Pushgateway.
    """
    return project.remembered(_jobs)


def _jobs(project: Project) -> tuple[str, int, frozenset[str]] | None:
    configs = configurations(project)
    if len(configs) != 1 or project.of_kind("otel-collector", "alloy", "mimir"):
        return None
    path, config = configs[0]
    receives = [
        s
        for s in compose_services.everywhere(project)
        if "remote-write-receiver" in s.arguments or "otlp" in s.arguments
    ]
    if receives or config.node.pair("remote_read") or config.node.pair("scrape_config_files") or not config.jobs:
        return None
    for job in config.jobs:
        steps = (*job.relabeling(), *job.relabeling("metric_relabel_configs"))
        if any(step.at("target_label") == "job" or step.at("action") in ("labelmap", "labeldrop") for step in steps):
            return None
        words = f"{job.name} {' '.join(target.text for target in job.targets)}".lower()
        groups = job.node.get("static_configs")
        given = [group.at("labels") for group in (groups.children() if groups else ())]
        if job.node.at("honor_labels") is True or "push" in words or any("job" in (labels or {}) for labels in given):
            return None
        if any(
            f"{key}_sd_configs" in {k.scalar for k, _ in job.node.items()}
            for key in ("file", "http", "consul", "docker")
        ):
            return None  # these bring labels of their own
    place = config.node.pair("scrape_configs")
    line = place[0].text.count("\n", 0, place[0].start) + 1 if place else 1
    return path, line, frozenset(job.name for job in config.jobs)


def unmatched(matcher: Matcher, names: frozenset[str]) -> bool:
    """Whether a matcher asks for jobs and none of the names is one."""
    if matcher.name != "job" or not matcher.value or "$" in matcher.value or "{{" in matcher.value:
        return False
    if matcher.op == "=":
        return matcher.value not in names
    try:
        return matcher.op == "=~" and not any(re.fullmatch(matcher.value, name) for name in (*names, ""))
    except re.error:
        return False
