"""Rules over the metrics that expressions read, against what the application and the exporters really export."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.prometheus.rules.expressions import KINDS, at, expressions
from devops_orchestrator.formats.promql import Expression, Selector
from devops_orchestrator.project import exports as exported
from devops_orchestrator.project.exports import Exports, Known, lookup
from devops_orchestrator.project.series import missing
from devops_orchestrator.text import Text

NAMES = "https://prometheus.io/docs/practices/naming/"
# Labels that Prometheus, the operator and the usual relabelling add to every series of a target.
TARGET = frozenset({
    "job", "instance", "le", "quantile", "namespace", "pod", "service", "container", "endpoint", "node", "cluster",
    "environment", "env", "region", "zone", "app", "application", "team", "stage", "prometheus", "prometheus_replica",
    "replica", "monitor", "kubernetes_namespace", "kubernetes_pod_name", "kubernetes_name", "host", "hostname",
    "server", "exporter", "origin_prometheus", "metrics_path", "datacenter", "dc",
})  # fmt: skip
GROUPED = "prometheus_fastapi_instrumentator"


@rule(
    "prometheus/unknown-metric", Severity.WARNING, on=KINDS, url=NAMES,
    title=Text("Metric that nobody exports", "Métrique que personne n'exporte"),
    advice=Text(
        "An expression over a metric that does not exist is no error: the record stays empty and the alert never fires.",
        "Une expression sur une métrique inexistante n'est pas une erreur : l'enregistrement reste vide et l'alerte ne part jamais.",
    ),
)  # fmt: skip
def unknown_metric(source: Source, project: Project) -> Iterator[Hit]:
    found = list(expressions(source))
    if not found:
        return
    for entry, expression in found:
        for metric in sorted(expression.metrics()):
            gap = None if _absence(expression, metric) else missing(metric, project)
            if gap is None:
                continue
            start, end = at(entry, metric)
            if gap.exporter:
                yield Hit(
                    start, end,
                    Text(
                        f"{metric} comes from {gap.exporter}, which no job scrapes.",
                        f"{metric} vient de {gap.exporter}, qu'aucun job ne collecte.",
                    ),
                )  # fmt: skip
                continue
            fix = _rename(source, start, end, metric, gap.near) if gap.near else None
            yield Hit(
                start, end,
                Text(
                    f"Nothing that is scraped exports {metric}{f': {gap.near} exists' if gap.near else ''}.",
                    f"Rien de ce qui est collecté n'exporte {metric}{f' : {gap.near} existe' if gap.near else ''}.",
                ), fix,
            )  # fmt: skip


def _absence(expression: Expression, metric: str) -> bool:
    """`absent(x)` asks exactly whether it is there."""
    return any(s.metric == metric and {"absent", "absent_over_time"} & set(s.functions) for s in expression.selectors)


def _rename(source: Source, start: int, end: int, metric: str, near: str) -> Fix | None:
    if source.text[start:end] != metric:
        return None
    return Fix(
        (source.edit(start, end, near),), safe=False, title=Text(f"Read {near}", f"Lire {near}"),
        needs=Text(f"{near} is what was meant", f"{near} est bien ce qui était voulu"),
    )  # fmt: skip


@rule(
    "prometheus/unknown-label", Severity.WARNING, on=KINDS, url=NAMES,
    title=Text("Label that the metric has not", "Label que la métrique n'a pas"),
    advice=Text(
        "A matcher on a label that is not there selects nothing, and an aggregation by it gives one series for all.",
        "Un filtre sur un label absent ne sélectionne rien, et une agrégation par ce label ne donne qu'une série pour tout.",
    ),
)  # fmt: skip
def unknown_label(source: Source, project: Project) -> Iterator[Hit]:
    found = list(expressions(source))
    if not found:
        return
    exports = exported.of(project)
    for entry, expression in found:
        for selector in expression.selectors:
            labels, where = _labels(selector, exports)
            if labels is None:
                continue
            allowed = labels | TARGET | exports.target_labels | set(entry.labels)
            used = _used(selector, expression, exports.open_labels)
            # cAdvisor makes a label of every label of a container.
            wrong = [label for label in used if label not in allowed and not label.startswith("container_label_")]
            for label in wrong[:1]:
                has = ", ".join(sorted(labels)) or "none"
                yield Hit(
                    *at(entry, label),
                    Text(
                        f"{selector.metric} has no label {label}; it has: {has}.",
                        f"{selector.metric} n'a pas de label {label} ; il a : {'aucun' if has == 'none' else has}.",
                    ),
                    related=where,
                )


def _labels(selector: Selector, exports: Exports) -> tuple[frozenset[str] | None, tuple[Related, ...]]:
    """The labels of the metric that a selector reads, None where they are not known."""
    metric = exported.of_code(selector.metric, exports)
    if metric is not None:
        where = (Related(metric.file, metric.line, Text("where it is defined", "là où elle est définie")),)
        return (frozenset(metric.labels), where) if metric.labels else (None, ())
    known = [k for k in lookup(selector.metric) if k.exporter in exports.exporters]
    if not known or any(label.endswith("*") for k in known for label in k.labels):
        return None, ()
    return frozenset(label for k in known for label in k.labels), ()


def _used(selector: Selector, expression: Expression, open_labels: bool) -> list[str]:
    """The labels that must be there: of positive matchers, and of aggregations where nothing writes labels below."""
    matched = (
        [
            m.name
            for m in selector.matchers
            if m.op in ("=", "=~") and m.value and m.name != "__name__" and not re.fullmatch(m.value, "")
        ]
        if not open_labels
        else [
            m.name
            for m in selector.matchers
            if m.name in ("status", "code", "status_code", "method", "path", "handler", "route", "uri")
            and m.op in ("=", "=~")
        ]
    )
    if expression.writes_labels or open_labels:
        return matched
    innermost = next((step for step in reversed(selector.around) if step.aggregation), None)
    return matched + (list(innermost.labels) if innermost is not None and innermost.mode == "by" else [])


@rule(
    "prometheus/grouped-status", Severity.WARNING, on=KINDS, url="https://github.com/trallnag/prometheus-fastapi-instrumentator",
    title=Text("Exact status on a grouped label", "Code exact sur un label groupé"),
    advice=Text(
        "prometheus-fastapi-instrumentator groups status codes into 2xx, 4xx, 5xx: a matcher on 500 never matches, so the error rate is always 0.",
        "prometheus-fastapi-instrumentator regroupe les codes en 2xx, 4xx, 5xx : un filtre sur 500 ne correspond jamais, et le taux d'erreurs vaut toujours 0.",
    ),
)  # fmt: skip
def grouped_status(source: Source, project: Project) -> Iterator[Hit]:
    found = list(expressions(source))
    if not found:
        return
    exports = exported.of(project)
    if GROUPED not in exports.exporters or _ungrouped(project):
        return
    for entry, expression in found:
        for selector in expression.selectors:
            if not _from(selector.metric, exports):
                continue
            for matcher in selector.matchers:
                if (
                    matcher.name == "status"
                    and matcher.op in ("=", "=~")
                    and not _matches_group(matcher.op, matcher.value)
                ):
                    start, end = at(entry, f'"{matcher.value}"')
                    group = f"{matcher.value[0]}xx" if matcher.value[:1] in "12345" else "5xx"
                    fix = Fix(
                        (source.edit(start + 1, end - 1, group),), safe=False,
                        title=Text(f"Match {group}", f"Filtrer sur {group}"),
                        needs=Text("the whole class of codes is meant", "toute la classe de codes est visée"),
                    ) if source.text[start:end] == f'"{matcher.value}"' else None  # fmt: skip
                    yield Hit(
                        start, end,
                        Text(
                            f'status is grouped: "{matcher.value}" matches none of 2xx, 3xx, 4xx, 5xx.',
                            f"status est groupé : « {matcher.value} » ne correspond à aucun de 2xx, 3xx, 4xx, 5xx.",
                        ), fix,
                    )  # fmt: skip


def _from(metric: str, exports: Exports) -> bool:
    known: tuple[Known, ...] = lookup(metric)
    scraped = {k.exporter for k in known if k.exporter in exports.exporters}
    return scraped == {GROUPED} and not exported.of_code(metric, exports)


def _matches_group(op: str, value: str) -> bool:
    groups = ("1xx", "2xx", "3xx", "4xx", "5xx")
    if op == "=":
        return value in groups
    try:
        return any(re.fullmatch(value, group) for group in groups)
    except re.error:
        return True


def _ungrouped(project: Project) -> bool:
    """Whether the code turns the grouping off."""
    return any(
        "should_group_status_codes" in (project.repository.read(path) or "")
        for component in project.components
        if component.metrics_library == GROUPED
        for path in (component.files or project.repository.below(component.path))
        if path.endswith(".py")
    )


RULES: tuple[Rule, ...] = (unknown_metric, unknown_label, grouped_status)
