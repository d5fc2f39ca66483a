"""Rules over the queries of a dashboard, against what is scraped."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.grafana import provisioned
from devops_orchestrator.domains.monitoring.grafana.board import (
    MARK,
    Query,
    dashboard,
    expression,
    filled,
    kind,
    queries,
    used,
)
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import prometheus, promql
from devops_orchestrator.project import exports
from devops_orchestrator.project.series import missing
from devops_orchestrator.text import Text

EXPLORE = "https://grafana.com/docs/grafana/latest/datasources/prometheus/query-editor/"


def _of_prometheus(source: Source, project: Project) -> Iterator[Query]:
    """The queries that a Prometheus gets, as far as the dashboard or the provisioning says so."""
    board = dashboard(source)
    there = provisioned.data_sources(project)
    types = {name: entry.type for entry in there for name in (entry.name, *entry.uids)}
    for query in queries(board):
        if kind(query, board, types) == "prometheus":
            yield query


@rule(
    "grafana/broken-query", Severity.ERROR, on="grafana-dashboard", url=EXPLORE,
    title=Text("A query that is not PromQL", "Une requête qui n'est pas du PromQL"),
    advice=Text("The panel shows an error instead of a curve.", "Le panneau affiche une erreur au lieu d'une courbe."),
)  # fmt: skip
def broken_query(source: Source, project: Project) -> Iterator[Hit]:
    """A query to Prometheus without variables of the dashboard that the parser refuses."""
    for query in _of_prometheus(source, project):
        if used(query.text) or not query.text.strip():
            continue
        try:
            promql.parse(filled(query.text))
        except ParseError as error:
            yield Hit(
                query.node.start, query.node.end,
                Text(f"Panel {query.title}: {error.text.en}", f"Panneau {query.title} : {error.text.fr}"),
            )  # fmt: skip


@rule(
    "grafana/unknown-metric", Severity.WARNING, on="grafana-dashboard", url=EXPLORE,
    title=Text("A panel over a metric that nobody exports", "Un panneau sur une métrique que personne n'exporte"),
    advice=Text(
        "The panel says `No data` for ever, and looks as if all was quiet.",
        "Le panneau affiche `No data` pour toujours, comme si tout était calme.",
    ),
)  # fmt: skip
def unknown_metric(source: Source, project: Project) -> Iterator[Hit]:
    """A metric whose exporter no job scrapes, or that is nearly one of the application's own."""
    told: set[str] = set()
    for query in _of_prometheus(source, project):
        read = expression(query)
        for metric in sorted(read.metrics()) if read is not None else ():
            gap = None if MARK in metric or metric in told or _optional(query, metric) else missing(metric, project)
            if gap is None:
                continue
            told.add(metric)
            start, end = prometheus.place(query.node, metric)
            if gap.exporter:
                en = f"Panel {query.title}: {metric} comes from {gap.exporter}, which no job scrapes."
                fr = f"Panneau {query.title} : {metric} vient de {gap.exporter}, qu'aucun job ne collecte."
            else:
                en = f"Panel {query.title}: nothing that is scraped exports {metric}" + (
                    f"; {gap.near} exists." if gap.near else "."
                )
                fr = f"Panneau {query.title} : rien de ce qui est collecté n'exporte {metric}" + (
                    f" ; {gap.near} existe." if gap.near else "."
                )
            yield Hit(start, end, Text(en, fr))


def _optional(query: Query, metric: str) -> bool:
    """Whether the query has an alternative to it (`a or b`: the name of another release)."""
    return " or " in query.text


@rule(
    "grafana/unknown-job", Severity.WARNING, on="grafana-dashboard", url=EXPLORE,
    title=Text("A panel over a job that nobody scrapes", "Un panneau sur un job que personne ne collecte"),
    advice=Text(
        "The job label is the job_name of the scrape configuration: the panel says `No data` for ever.",
        "Le label job est le job_name de la configuration de collecte : le panneau affiche `No data` pour toujours.",
    ),
)  # fmt: skip
def unknown_job(source: Source, project: Project) -> Iterator[Hit]:
    """`job="x"` where every job of the only configuration is known, and none is called x."""
    known = exports.jobs(project)
    if known is None:
        return
    path, line, names = known
    told: set[str] = set()
    for query in _of_prometheus(source, project):
        read = expression(query)
        for matcher in (m for s in (read.selectors if read is not None else ()) for m in s.matchers):
            if MARK in matcher.value or matcher.value in told or not exports.unmatched(matcher, names):
                continue
            told.add(matcher.value)
            listed = ", ".join(sorted(names))
            yield Hit(
                *prometheus.place(query.node, matcher.value),
                Text(
                    f"Panel {query.title}: no job is called {matcher.value}; there are {listed}.",
                    f"Panneau {query.title} : aucun job ne s'appelle {matcher.value} ; il y a {listed}.",
                ),
                related=(Related(path, line, Text("the jobs", "les jobs")),),
            )


RULES: tuple[Rule, ...] = (broken_query, unknown_metric, unknown_job)
