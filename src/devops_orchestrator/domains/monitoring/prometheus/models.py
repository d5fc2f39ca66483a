"""Which request metrics a component exports: its library's, or those that its own code defines."""

from __future__ import annotations

import re
from dataclasses import replace

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.domains.monitoring.prometheus.red import MODELS, Red
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.project.metrics import Metric, defined

_STATUS = ("status", "status_code", "code", "http_status", "statusCode", "http_response_status_code", "response_code")
_ROUTES = ("route", "path", "handler", "endpoint", "uri", "http_route", "url")
_HISTOGRAM_SWITCH = "management.metrics.distribution.percentiles-histogram.http.server.requests"


def of(component: Component, project: Project) -> Red | None:
    """The component's request metrics, None where it exports none that are known."""
    model = MODELS.get(component.metrics_library or "")
    if model is None:
        return from_code(defined(project, component))
    if model.library == "micrometer_spring_boot" and _spring_property(component, project, _HISTOGRAM_SWITCH) == "true":
        return replace(model, histogram=True, missing=None)
    return model


def from_code(metrics: tuple[Metric, ...]) -> Red | None:
    """The request metrics among those that the code defines: a histogram of durations, a counter with a status."""
    timed = [m for m in metrics if m.type == "histogram" and re.search(r"request.*(duration|latency)", m.name)]
    timed.sort(key=lambda m: (not m.name.startswith("http"), -len(m.labels), m.name))
    if not timed:
        return None
    duration = timed[0]
    requests, labels = f"{duration.name}_count", duration.labels
    status = _first(_STATUS, labels)
    if status is None:
        counters = [m for m in metrics if m.type == "counter" and re.search(r"(requests?|responses?)_total$", m.name)]
        counted = next((m for m in counters if _first(_STATUS, m.labels)), None)
        if counted is None:
            return None
        requests, status = counted.name, _first(_STATUS, counted.labels)
        labels = tuple(label for label in labels if label in counted.labels)
    assert status is not None
    scale = 1000.0 if re.search(r"(_ms|_milliseconds)$", duration.name) else 1.0
    return Red(
        "", requests, (status, "=~", "5.."), duration.name, _first(_ROUTES, labels), "200", "500", scale=scale,
        source=f"{duration.file}:{duration.line}",
    )  # fmt: skip


def _first(wanted: tuple[str, ...], labels: tuple[str, ...]) -> str | None:
    return next((label for label in wanted if label in labels), None)


def _spring_property(component: Component, project: Project, name: str) -> str | None:
    """A property of `application.properties` or `application.yml`, as text."""
    for path in project.repository.below(component.path):
        file = path.rpartition("/")[2]
        text = project.repository.read(path) if re.fullmatch(r"application\.(properties|ya?ml)", file) else None
        if text is None:
            continue
        found = _property(text, name) if file.endswith("properties") else _yaml_property(text, name)
        if found is not None:
            return found.lower()
    return None


def _property(text: str, name: str) -> str | None:
    for line in text.splitlines():
        key, separator, value = line.partition("=")
        if separator and re.sub(r"[\[\]\"]", "", key.strip()) == name:
            return value.strip()
    return None


def _yaml_property(text: str, name: str) -> str | None:
    """Spring reads `a.b: x`, `a: {b: x}` and `"[a.b]": x` alike."""

    def flat(prefix: str, value: object) -> dict[str, str]:
        if not isinstance(value, dict):
            return {prefix: str(value)}
        pairs: dict[str, str] = {}
        for key, below in value.items():
            word = re.sub(r"[\[\]]", "", str(key))
            pairs |= flat(f"{prefix}.{word}" if prefix else word, below)
        return pairs

    try:
        documents = yaml.parse(text)
    except ParseError:
        return None
    return next((found for document in documents if (found := flat("", document.value).get(name)) is not None), None)
