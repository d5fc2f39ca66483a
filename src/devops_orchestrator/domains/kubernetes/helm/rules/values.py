"""values.yaml against the templates: what is read and not defined, what is defined and not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import chart_values, charts
from devops_orchestrator.project.charts import Chart
from devops_orchestrator.text import Text

VALUES = "https://helm.sh/docs/chart_best_practices/values/"


def lacks(values: Any, path: list[str]) -> int | None:
    """The position of the first key of a path that the values have not; None where they have it, or leave it open."""
    for position, key in enumerate(path):
        if values is None and position:
            return position
        if not isinstance(values, dict) or (values == {} and position):
            return None  # an empty map is a place that users fill; below a scalar another mistake speaks
        if key not in values:
            return position
        values = values[key]
    return None


def _elsewhere(chart: Chart, path: list[str], project: Project) -> bool:
    """Whether another values file of the chart, its schema or a comment of values.yaml tells of the value."""
    text = project.repository.read(chart.values_path) or ""
    if re.search(rf"(?m)^\s*#+\s*(?:-\s+)?(?:[\w.]+\.)?{re.escape(path[-1])}\s*:", text):
        return True
    for name in project.of_kind("helm-values"):
        if name != chart.values_path and charts.holding(name, project) is chart:
            for document in yaml.parse(project.repository.read(name) or ""):
                if document.get(*path) is not None:
                    return True
    return False


@rule(
    "helm/undefined-value", Severity.WARNING, on="helm-template", url=VALUES,
    title=Text("A value that values.yaml does not define", "Une valeur que values.yaml ne définit pas"),
    advice=Text(
        "Helm renders an empty string, or fails with a nil pointer one level deeper. Whoever installs the chart cannot know of the value.",
        "Helm rend une chaîne vide, ou échoue sur un pointeur nul un niveau plus bas. Qui installe le chart ne peut pas connaître cette valeur.",
    ),
)  # fmt: skip
def undefined_value(source: Source, project: Project) -> Iterator[Hit]:
    """A reading of `.Values.a.b` that nothing asks for first, where values.yaml has no such path. Each once a file.

    A missing level above the value is an error even behind a `default`: the template cannot look into nothing.
    """
    chart = charts.holding(source.path, project)
    if chart is None or not isinstance(chart.values, dict) or chart.library:
        return
    seen: set[str] = set()
    for read in project.remembered(read_values).get(source.path, ()):
        parts = read.path.split(".")
        if not read.path or read.path in seen or parts[0] == "global" or parts[0] in chart.subcharts:
            continue
        missing = lacks(chart.values, parts)
        deep = missing is not None and missing < len(parts) - 1
        if missing is None or read.guarded or (read.asked and not deep):
            continue
        above = ".".join(parts[: missing + 1])
        if deep and any(
            one == above or above.startswith(f"{one}.") or one.startswith(f"{above}.") for one in read.guards
        ):
            continue
        if _elsewhere(chart, parts, project):
            continue
        seen.add(read.path)
        told = Text(
            f"{chart.values_path} has no {above}: Helm cannot look for {parts[missing + 1]} in it." if deep
            else f"{chart.values_path} has no {read.path}: this renders to nothing.",
            f"{chart.values_path} n'a pas de {above} : Helm ne peut pas y chercher {parts[missing + 1]}." if deep
            else f"{chart.values_path} n'a pas de {read.path} : rien n'est rendu ici.",
        )  # fmt: skip
        yield Hit(read.start, read.end, told, severity=Severity.ERROR if deep and not read.guards else None)


def read_values(project: Project) -> dict[str, list[chart_values.Read]]:
    """The readings of values of every template, by file."""
    found: dict[str, list[chart_values.Read]] = {}
    for chart in charts.of(project):
        for read in chart_values.reads(chart):
            found.setdefault(read.template.path, []).append(read)
    return found


def known_paths(chart: Chart, project: Project) -> frozenset[str] | None:
    """The paths that the chart's templates read; None where that cannot be told."""
    if not chart.templates or chart.library:
        return None
    reads = [read for one in chart.templates for read in project.remembered(read_values).get(one.path, ())]
    if not chart.complete and _lends(chart):
        return None
    return chart_values.used(chart, reads)


def _lends(chart: Chart) -> bool:
    """Whether its templates hand their dot to a named template that is not here."""
    from devops_orchestrator.domains.kubernetes.helm.rules.templates import includes

    return any(name not in chart.names for one in chart.templates for name, _, _ in includes(one))


@rule(
    "helm/unused-value", Severity.WARNING, on="helm-values", url=VALUES,
    title=Text("A value that no template reads", "Une valeur qu'aucun template ne lit"),
    advice=Text(
        "Whoever sets it believes that it does something. Read it in a template, or take it out.",
        "Qui la renseigne croit qu'elle agit. Lisez-la dans un template, ou retirez-la.",
    ),
)  # fmt: skip
def unused_value(source: Source, project: Project) -> Iterator[Hit]:
    """A key of values.yaml that neither the templates, a dependency nor its condition read."""
    chart = charts.holding(source.path, project)
    if chart is None or source.path != chart.values_path:
        return
    paths = known_paths(chart, project)
    if not paths:
        return
    for document in source.parsed(yaml.parse)[:1]:
        for path, key in _unread(document, "", paths, chart):
            yield Hit(
                key.start, key.end,
                Text(f"No template of chart {chart.name} reads {path}.", f"Aucun template du chart {chart.name} ne lit {path}."),
            )  # fmt: skip


def _unread(node: Node, above: str, paths: frozenset[str], chart: Chart) -> Iterator[tuple[str, Node]]:
    for key, value in node.items():
        path = f"{above}.{key.scalar}" if above else key.scalar
        if not above and (
            key.scalar in ("global", "<<") or key.scalar in chart.subcharts or key.scalar.startswith("x-")
        ):
            continue
        if not chart_values.covers(paths, path):
            yield path, key
        elif value.kind == "map" and not _whole(paths, path):
            yield from _unread(value, path, paths, chart)


def _whole(paths: frozenset[str], path: str) -> bool:
    """Whether a path or one above it is read as a whole."""
    parts = path.split(".")
    return any(".".join(parts[:count]) in paths for count in range(1, len(parts) + 1))


RULES: tuple[Rule, ...] = (undefined_value, unused_value)
