"""Rules over one dashboard by itself: ids, variables, and its uid among the others."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.grafana import provisioned
from devops_orchestrator.domains.monitoring.grafana.board import dashboard, panels, queries, used, variables
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.text import Text

DOC = "https://grafana.com/docs/grafana/latest/visualizations/dashboards/"


@rule(
    "grafana/duplicate-panel-id", Severity.WARNING, on="grafana-dashboard", url=DOC,
    title=Text("Two panels with one id", "Deux panneaux de même identifiant"),
    advice=Text(
        "Links, alerts and edits of the one open the other.", "Les liens, alertes et modifications de l'un ouvrent l'autre."
    ),
)  # fmt: skip
def duplicate_panel_id(source: Source, project: Project) -> Iterator[Hit]:
    """Two panels of a dashboard that have the same `id`."""
    seen: dict[object, str] = {}
    for panel in panels(dashboard(source)):
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
    board = dashboard(source)
    known = {*variables(board), *_inputs(board)}
    for query in queries(board):
        names = sorted(used(query.text) - known - {text_of(query.panel.at("repeat"))})
        if names:
            listed = ", ".join(names)
            yield Hit(
                query.node.start, query.node.end,
                Text(
                    f"Panel {query.title}: no variable {listed}.",
                    f"Panneau {query.title} : pas de variable {listed}.",
                ),
            )  # fmt: skip


def _inputs(board: yaml.Node | None) -> set[str]:
    entries = board.get("__inputs") if board is not None else None
    return {text_of(entry.at("name")) for entry in (entries.children() if entries else ())}


@rule(
    "grafana/duplicate-uid", Severity.ERROR, on="grafana-dashboard", url="https://grafana.com/docs/grafana/latest/administration/provisioning/#dashboards",
    title=Text("Two dashboards with one uid", "Deux tableaux de bord de même uid"),
    advice=Text(
        "Grafana keeps one of the two, the other is missing, and its log repeats `the same UID is used more than once`.",
        "Grafana ne garde que l'un des deux, l'autre manque, et son journal répète `the same UID is used more than once`.",
    ),
)  # fmt: skip
def duplicate_uid(source: Source, project: Project) -> Iterator[Hit]:
    """Two files that one Grafana provisions and that have the same `uid`."""
    served = provisioned.served(project)
    board = dashboard(source)
    node = board.get("uid") if board is not None else None
    if node is None or not node.value or source.path not in served:
        return
    first = project.remembered(_uids).get(text_of(node.value), source.path)
    if first != source.path and served.get(first) == served[source.path]:
        yield Hit(
            node.start, node.end,
            Text(f"{first} has the uid {node.value} too.", f"{first} a aussi l'uid {node.value}."),
            related=(Related(first, 1, Text("the other dashboard", "l'autre tableau de bord")),),
        )  # fmt: skip


def _uids(project: Project) -> dict[str, str]:
    """uid → the first dashboard that has it."""
    found: dict[str, str] = {}
    for path in sorted(provisioned.served(project)):
        try:
            board = dashboard(Source(path, project.repository.read(path) or "", "grafana-dashboard"))
        except ParseError:
            continue
        uid = text_of(board.at("uid")) if board is not None else ""
        if uid:
            found.setdefault(uid, path)
    return found


RULES: tuple[Rule, ...] = (duplicate_panel_id, unknown_variable, duplicate_uid)
