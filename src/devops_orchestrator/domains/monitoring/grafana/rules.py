"""Dashboards that work on the Grafana that they were drawn on, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml  # JSON is YAML: the same nodes, with positions
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

DOC = "https://grafana.com/docs/grafana/latest/visualizations/dashboards/"


def _panels(node: Node | None) -> Iterator[Node]:
    panels = node.get("panels") if node is not None else None
    for panel in panels.children() if panels else ():
        yield panel
        yield from _panels(panel)


def _dashboard(source: Source) -> Node | None:
    documents = source.parsed(yaml.parse)
    return documents[0] if documents else None


@rule(
    "grafana/fixed-datasource", Severity.WARNING, on="grafana-dashboard", url=DOC,
    title=Text("A data source by its id of one Grafana", "Une source de données désignée par l'identifiant d'un seul Grafana"),
    advice=Text(
        "On any other Grafana the panels are empty. A data source variable (`${datasource}`) works everywhere.",
        "Sur tout autre Grafana, les panneaux restent vides. Une variable de source de données (`${datasource}`) fonctionne partout.",
    ),
)  # fmt: skip
def fixed_datasource(source: Source, project: Project) -> Iterator[Hit]:
    """A generated uid in a panel's data source. Names that people give (`prometheus`), variables and Grafana's own are left alone."""
    for panel in _panels(_dashboard(source)):
        node = panel.get("datasource", "uid")
        if node is None or node.kind != "scalar":
            continue
        uid = str(node.value)
        generated = (any(char.isdigit() for char in uid) and any(char.isupper() for char in uid)) or (
            len(uid) >= 14 and any(char.isdigit() for char in uid)
        )
        if generated and "$" not in uid and not uid.startswith("-- "):
            yield Hit(
                node.start, node.end,
                Text(f"Panel {panel.at('title')}: data source {uid}.", f"Panneau {panel.at('title')} : source {uid}."),
            )  # fmt: skip


@rule(
    "grafana/duplicate-panel-id", Severity.ERROR, on="grafana-dashboard", url=DOC,
    title=Text("Two panels with one id", "Deux panneaux de même identifiant"),
    advice=Text(
        "Links, alerts and edits of the one open the other.", "Les liens, alertes et modifications de l'un ouvrent l'autre."
    ),
)  # fmt: skip
def duplicate_panel_id(source: Source, project: Project) -> Iterator[Hit]:
    """Two panels of a dashboard that have the same `id`."""
    seen: dict[object, str] = {}
    for panel in _panels(_dashboard(source)):
        node = panel.get("id")
        if node is None or node.value is None:
            continue
        if node.value in seen:
            yield Hit(
                node.start, node.end,
                Text(f"{panel.at('title')} has the id of {seen[node.value]}.", f"{panel.at('title')} a l'identifiant de {seen[node.value]}."),
            )  # fmt: skip
        seen.setdefault(node.value, str(panel.at("title")))


@rule(
    "grafana/unknown-variable", Severity.ERROR, on="grafana-dashboard", url=DOC,
    title=Text("A query with a variable that is not there", "Une requête avec une variable absente"),
    advice=Text("The query goes out with the variable's name in it, and finds nothing.", "La requête part avec le nom de la variable, et ne trouve rien."),
)  # fmt: skip
def unknown_variable(source: Source, project: Project) -> Iterator[Hit]:
    """`$name` or `${name}` in a panel's `expr` that `templating.list` has not; Grafana's own are known."""
    dashboard = _dashboard(source)
    variables = dashboard.get("templating", "list") if dashboard else None
    known = {str(entry.at("name")) for entry in variables.children()} if variables else set()
    for panel in _panels(dashboard):
        targets = panel.get("targets")
        for target in targets.children() if targets else ():
            node = target.get("expr")
            for name in sorted(_variables(str(node.value)) - known) if node is not None else ():
                assert node is not None
                yield Hit(
                    node.start, node.end,
                    Text(f"Panel {panel.at('title')}: no variable {name}.", f"Panneau {panel.at('title')} : pas de variable {name}."),
                )  # fmt: skip


def _variables(expression: str) -> set[str]:
    """The variables of a query, without Grafana's own (`__…`)."""
    found: set[str] = set()
    for part in expression.split("$")[1:]:
        text = part[1:] if part.startswith("{") else part
        name = ""
        for char in text:
            if not (char.isalnum() or char == "_"):
                break
            name += char
        if name and not name[0].isdigit() and not name.startswith("__"):
            found.add(name)
    return found


RULES: tuple[Rule, ...] = (fixed_datasource, duplicate_panel_id, unknown_variable)
