"""Rules over the data sources that a dashboard asks, against those that are provisioned."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.grafana import provisioned
from devops_orchestrator.domains.monitoring.grafana.board import dashboard, panels, used, variables
from devops_orchestrator.domains.monitoring.grafana.rules.boards import DOC
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

PROVISIONING = "https://grafana.com/docs/grafana/latest/administration/provisioning/"


def _named(board: Node | None) -> Iterator[tuple[Node, Node]]:
    """(panel, node of the name or uid of its data source), of its queries too; each name at its first place."""
    seen: set[str] = set()
    for panel in panels(board):
        targets = panel.get("targets")
        for holder in (panel, *(targets.children() if targets else ())):
            given = holder.get("datasource")
            node = given.get("uid") if given is not None and given.kind == "map" else given
            if node is None or node.kind != "scalar" or not node.value or text_of(node.value) in seen:
                continue
            seen.add(text_of(node.value))
            yield panel, node


def _foreign(name: str) -> bool:
    """Whether a name is of Grafana itself (`-- Mixed --`, `grafana`), or a variable's."""
    return "$" in name or "[[" in name or name.startswith("--") or name.lower() in ("grafana", "default", "datasource")


@rule(
    "grafana/fixed-datasource", Severity.WARNING, on="grafana-dashboard", url=DOC,
    title=Text("A data source by its id of one Grafana", "Une source de données désignée par l'identifiant d'un seul Grafana"),
    advice=Text(
        "On any other Grafana the panels are empty. A data source variable (`${datasource}`) works everywhere.",
        "Sur tout autre Grafana, les panneaux restent vides. Une variable de source de données (`${datasource}`) fonctionne partout.",
    ),
)  # fmt: skip
def fixed_datasource(source: Source, project: Project) -> Iterator[Hit]:
    """A generated uid in a panel's data source, where nothing provisions it. Names that people give are left alone."""
    known = {uid for entry in provisioned.data_sources(project) for uid in entry.uids}
    if provisioned.complete(project) and source.path in provisioned.served(project):
        return  # the other rule says what is provisioned instead
    for panel, node in _named(dashboard(source)):
        uid = text_of(node.value)
        generated = (any(char.isdigit() for char in uid) and any(char.isupper() for char in uid)) or (
            len(uid) >= 14 and any(char.isdigit() for char in uid)
        )
        if generated and uid not in known and not _foreign(uid) and " " not in uid:
            yield Hit(
                node.start, node.end,
                Text(f"Panel {panel.at('title')}: data source {uid}.", f"Panneau {panel.at('title')} : source {uid}."),
            )  # fmt: skip


@rule(
    "grafana/unknown-datasource", Severity.ERROR, on="grafana-dashboard", url=PROVISIONING,
    title=Text("A data source that is not provisioned", "Une source de données qui n'est pas provisionnée"),
    advice=Text(
        "The panels show `Datasource … was not found`. Give the data source this uid in its provisioning file, or name the one that is there.",
        "Les panneaux affichent `Datasource … was not found`. Donnez cet uid à la source dans son fichier de provisioning, ou désignez celle qui existe.",
    ),
)  # fmt: skip
def unknown_datasource(source: Source, project: Project) -> Iterator[Hit]:
    """A dashboard that Grafana is given with all of its data sources asks one by a name or uid that none of them has."""
    if not provisioned.complete(project) or source.path not in provisioned.served(project):
        return
    there = provisioned.data_sources(project)
    known = {name for entry in there for name in (entry.name, *entry.uids)}
    for panel, node in _named(dashboard(source)):
        name = text_of(node.value)
        if name in known or _foreign(name):
            continue
        listed = ", ".join(f"{entry.name} ({next(iter(entry.uids))})" for entry in there[:6])
        yield Hit(
            node.start, node.end,
            Text(
                f"Panel {panel.at('title')} asks {name}; provisioned are: {listed}.",
                f"Le panneau {panel.at('title')} interroge {name} ; sont provisionnées : {listed}.",
            ),
            related=(Related(there[0].path, _line(there[0].node), Text("the data sources", "les sources de données")),),
        )  # fmt: skip


def _line(node: Node) -> int:
    return node.text.count("\n", 0, node.start) + 1


@rule(
    "grafana/unresolved-input", Severity.ERROR, on="grafana-dashboard", url=PROVISIONING,
    title=Text("An exported dashboard that nobody imports", "Un tableau de bord exporté que personne n'importe"),
    advice=Text(
        "`__inputs` are asked for by the import page alone. Provisioned from a file, `${DS_…}` stays as it is, and every panel says `Datasource ${DS_…} was not found`. Export it without `for sharing externally`, or define a variable of that name.",
        "`__inputs` n'est demandé que par la page d'import. Provisionné depuis un fichier, `${DS_…}` reste tel quel, et chaque panneau affiche `Datasource ${DS_…} was not found`. Exportez-le sans « pour un partage externe », ou définissez une variable de ce nom.",
    ),
)  # fmt: skip
def unresolved_input(source: Source, project: Project) -> Iterator[Hit]:
    """A provisioned dashboard whose panels ask `${NAME}` of its `__inputs`, where no variable has that name."""
    board = dashboard(source)
    entries = board.get("__inputs") if board is not None else None
    if entries is None or source.path not in provisioned.served(project):
        return
    names = {text_of(entry.at("name")) for entry in entries.children()} - set(variables(board))
    asked = [(node, found) for _, node in _named(board) if (found := used(text_of(node.value)) & names)]
    for node, found in asked:
        name = sorted(found)[0]
        yield Hit(
            node.start, node.end,
            Text(
                f"{name} is an input of the import page; provisioning leaves it as it is.",
                f"{name} est une entrée de la page d'import ; le provisioning la laisse telle quelle.",
            ),
            related=(Related(provisioned.served(project)[source.path], 1, Text("what provisions it", "ce qui le provisionne")),),
        )  # fmt: skip


RULES: tuple[Rule, ...] = (fixed_datasource, unknown_datasource, unresolved_input)
