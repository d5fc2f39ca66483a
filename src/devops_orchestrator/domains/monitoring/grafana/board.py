"""A Grafana dashboard as views over its JSON: panels, queries, data sources, variables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core.rule import Source
from devops_orchestrator.formats import promql, yaml  # JSON is YAML: the same nodes, with positions
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.promql import Expression
from devops_orchestrator.formats.yaml import Node

_VARIABLE = re.compile(r"\$\{(\w+)(?:[.:][^}]*)?\}|\$(\w+)|\[\[(\w+)(?::\w+)?\]\]")
MARK = "grafanavariable"  # stands for what a variable will be
# Grafana's own, beside those that begin with `__`.
BUILT_IN = frozenset({"interval", "timeFilter", "timeGroup"})


@dataclass(frozen=True, eq=False)
class Query:
    """A query of a panel: the node of its expression, and the data source that it asks."""

    panel: Node
    node: Node
    source: Node | None

    @property
    def text(self) -> str:
        return text_of(self.node.value)

    @property
    def title(self) -> str:
        return text_of(self.panel.at("title")) or f"#{text_of(self.panel.at('id'))}"


def dashboard(source: Source) -> Node | None:
    """The dashboard: the file itself, or what the API wraps."""
    documents = source.parsed(yaml.parse)
    found = documents[0] if documents else None
    inner = found.get("dashboard") if found is not None else None
    return inner if inner is not None and inner.kind == "map" else found


def panels(node: Node | None) -> Iterator[Node]:
    """The panels, those of rows too."""
    for key in ("panels", "rows"):
        entries = node.get(key) if node is not None else None
        for panel in entries.children() if entries else ():
            if key == "panels":
                yield panel
            yield from panels(panel)


def queries(board: Node | None) -> Iterator[Query]:
    """The queries of all panels that have an `expr`."""
    for panel in panels(board):
        targets = panel.get("targets")
        for target in targets.children() if targets else ():
            node = target.get("expr")
            if node is not None and node.kind == "scalar" and node.value:
                yield Query(panel, node, target.get("datasource") or panel.get("datasource"))


def variables(board: Node | None) -> dict[str, Node]:
    """name → variable."""
    entries = board.get("templating", "list") if board is not None else None
    return {text_of(entry.at("name")): entry for entry in (entries.children() if entries else ())}


def used(text: str) -> set[str]:
    """The variables of a query, without Grafana's own."""
    names = (next(part for part in found.groups() if part) for found in _VARIABLE.finditer(text))
    return {name for name in names if not name[0].isdigit() and not name.startswith("__") and name not in BUILT_IN}


def expression(query: Query) -> Expression | None:
    """The PromQL of a query with something in the place of its variables; None where it is not PromQL."""
    return promql.try_parse(filled(query.text))


def filled(text: str) -> str:
    """A query with durations where a range stands, numbers where Grafana gives numbers, and a mark elsewhere."""

    def put(found: re.Match[str]) -> str:
        name = next(part for part in found.groups() if part)
        before = text[: found.start()].rstrip()
        if (before.endswith(("[", ":")) and "[" in before[-40:]) or before.endswith("offset"):
            return "5m"
        if name in ("__range_s", "__interval_ms", "__range_ms", "__from", "__to"):
            return "300"
        return "5m" if (name.startswith("__") and "interval" in name) or name == "__range" else MARK

    return _VARIABLE.sub(put, text)


def kind(query: Query, board: Node | None, types: dict[str, str]) -> str | None:
    """The type of data source that a query asks: `prometheus`, `loki`…; None where nothing says it.

    `types` gives the type of a provisioned source by its name or uid.
    """
    node = query.source
    if node is None or node.value is None:
        return None
    if node.kind == "map":
        told = text_of(node.at("type"))
        name = text_of(node.at("uid"))
    else:
        told, name = "", text_of(node.value)
    if told and told != "datasource":
        return told
    variable = next(iter(used(name)), None)
    if variable is not None:
        entry = variables(board).get(variable)
        return text_of(entry.at("query")) or None if entry is not None else None
    return types.get(name)
