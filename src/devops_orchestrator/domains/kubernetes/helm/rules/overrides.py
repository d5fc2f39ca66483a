"""The other values files of a chart, and its schema, against values.yaml and the templates."""

from __future__ import annotations

import json
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.helm.rules.values import VALUES, known_paths
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import chart_values, charts
from devops_orchestrator.project.charts import Chart
from devops_orchestrator.text import Text


@rule(
    "helm/unknown-override", Severity.ERROR, on="helm-values", url=VALUES,
    title=Text("A values file sets what the chart does not know", "Un fichier de valeurs définit ce que le chart ne connaît pas"),
    advice=Text(
        "Helm takes unknown values without a word: what this file wants for its environment does not happen.",
        "Helm accepte sans rien dire les valeurs inconnues : ce que ce fichier veut pour son environnement n'a pas lieu.",
    ),
)  # fmt: skip
def unknown_override(source: Source, project: Project) -> Iterator[Hit]:
    """A key of `values-<environment>.yaml` that values.yaml has not and no template reads."""
    chart = charts.holding(source.path, project)
    if chart is None or source.path == chart.values_path or not isinstance(chart.values, dict) or not chart.values:
        return
    paths = known_paths(chart, project)
    if not paths:
        return
    for document in source.parsed(yaml.parse)[:1]:
        for path, key, known in _unknown(document, [], chart.values, paths, chart):
            near = get_close_matches(key.scalar, [str(one) for one in known], n=1, cutoff=0.6)
            yield Hit(
                key.start, key.end,
                Text(
                    f"Chart {chart.name} reads no value {path}" + (f"; it has {near[0]}." if near else "."),
                    f"Le chart {chart.name} ne lit aucune valeur {path}" + (f" ; il a {near[0]}." if near else "."),
                ),
                related=(_place(chart, path, near[0]),) if near and chart.values_node is not None else (),
                severity=None if near else Severity.WARNING,
            )  # fmt: skip


def _place(chart: Chart, path: str, near: str) -> Related:
    """Where values.yaml has the key that is probably meant."""
    node = chart.values_node
    parts = path.split(".")[:-1]
    below = node.get(*parts) if node is not None and parts else node
    pair = below.pair(near) if below is not None else None
    line = pair[0].text.count("\n", 0, pair[0].start) + 1 if pair else 1
    return Related(chart.values_path, line, Text("the chart's own value", "la valeur du chart"))


def _unknown(
    node: Node, above: list[str], values: Any, paths: frozenset[str], chart: Chart
) -> Iterator[tuple[str, Node, list[Any]]]:
    for key, value in node.items():
        parts = [*above, key.scalar]
        path = ".".join(parts)
        if not above and (
            key.scalar in ("global", "<<") or key.scalar in chart.subcharts or key.scalar.startswith("x-")
        ):
            continue
        if key.scalar in values:
            below = values[key.scalar]
            if value.kind == "map" and isinstance(below, dict) and below:
                yield from _unknown(value, parts, below, paths, chart)
        elif not chart_values.covers(paths, path):
            yield path, key, list(values)


@rule(
    "helm/schema-mismatch", Severity.ERROR, on="helm-values", url="https://helm.sh/docs/topics/charts/#schema-files",
    title=Text("Values that the chart's own schema refuses", "Des valeurs que le schéma du chart refuse"),
    advice=Text(
        "`helm install`, `upgrade`, `lint` and `template` check the values against values.schema.json and stop.",
        "`helm install`, `upgrade`, `lint` et `template` comparent les valeurs à values.schema.json et s'arrêtent.",
    ),
)  # fmt: skip
def schema_mismatch(source: Source, project: Project) -> Iterator[Hit]:
    """values.yaml, or another values file laid over it, against `values.schema.json`."""
    chart = charts.holding(source.path, project)
    if chart is None or not isinstance(chart.values, dict):
        return
    path = "values.schema.json" if chart.folder == "." else f"{chart.folder}/values.schema.json"
    text = project.repository.read(path)
    document = next(iter(source.parsed(yaml.parse)), None)
    if text is None or document is None or document.kind != "map":
        return
    for error in _errors(text, _over(chart.values, document.value)):
        keys = list(error.absolute_path)
        node = _nearest(document, keys)
        if node is None:
            continue  # of another file: told there
        where = ".".join(str(key) for key in keys) or "values"
        yield Hit(
            node.start, node.end if node.kind == "scalar" else node.start + 1,
            Text(f"{where}: {error.message[:160]}.", f"{where} : {error.message[:160]}."),
            related=(Related(path, 1, Text("the schema", "le schéma")),),
        )  # fmt: skip


def _errors(text: str, values: Any) -> list[Any]:
    """What a JSON schema says of the values; nothing where it is no schema that can be read offline."""
    import jsonschema

    try:
        schema = json.loads(text)
        validator = jsonschema.validators.validator_for(schema)
        validator.check_schema(schema)
        return sorted(validator(schema).iter_errors(values), key=lambda error: str(error.json_path))
    except Exception:  # a remote reference, or no schema at all: not verified
        return []


def _over(values: Any, other: Any) -> Any:
    if not isinstance(values, dict) or not isinstance(other, dict):
        return other
    return {**values, **{key: _over(values.get(key), value) for key, value in other.items()}}


def _nearest(document: Node, keys: list[Any]) -> Node | None:
    """The key that an error is about; None where this file does not hold it."""
    if not keys:
        return next((key for key, _ in document.items()), None)
    node: Node | None = document
    for key in keys:
        node = node.get(key) if node is not None else None
    return node


RULES: tuple[Rule, ...] = (unknown_override, schema_mismatch)
