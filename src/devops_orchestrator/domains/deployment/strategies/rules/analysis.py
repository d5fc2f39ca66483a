"""What judges a version: the queries of AnalysisTemplates and MetricTemplates, and who refers to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core import facts
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Severity, Source, rule
from devops_orchestrator.domains.deployment.strategies import kustomize, metrics
from devops_orchestrator.domains.deployment.strategies.rules import place
from devops_orchestrator.formats import promql, yaml
from devops_orchestrator.formats.kubernetes import Object
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

DOCS = "https://argo-rollouts.readthedocs.io/en/stable/features/analysis/"
TEMPLATES = ("AnalysisTemplate", "ClusterAnalysisTemplate")
# Labels that pick a kind of request, not a service.
NOT_A_PLACE = frozenset(
    {*metrics.STATUS_LABELS, "response_code", "method", "reporter", "le", "quantile", "response_flags"}
)


@dataclass(frozen=True, eq=False)
class Query:
    """A Prometheus query that judges a version. `metric` is the entry that holds it."""

    node: Node
    metric: Node
    conditions: str  # of an AnalysisTemplate; empty for Flagger, which compares a number

    @property
    def parsed(self) -> promql.Expression | None:
        """The expression with its template places filled so that it parses; None where it is not PromQL."""
        text = re.sub(r"\[\s*\{\{[^}]*\}\}\s*\]", "[5m]", str(self.node.value))
        return promql.try_parse(re.sub(r"\{\{[^}]*\}\}", "x", text))


def _queries(source: Source, project: Project) -> Iterator[Query]:
    for kind in TEMPLATES:
        for item in place.objects(source, project, kind, "argoproj.io"):
            listed = item.get("spec", "metrics")
            for metric in listed.children() if listed is not None else ():
                node = metric.get("provider", "prometheus", "query")
                if node is not None and isinstance(node.value, str):
                    told = f"{metric.at('successCondition') or ''} {metric.at('failureCondition') or ''}"
                    yield Query(node, metric, told)
    for item in place.objects(source, project, "MetricTemplate", "flagger.app"):
        node = item.get("spec", "query")
        if node is not None and item.at("spec", "provider", "type") == "prometheus" and isinstance(node.value, str):
            yield Query(node, item.node, "")


def _divides(tree: object) -> bool:
    """Whether an expression divides by something that is measured."""
    return any(
        type(below).__name__ == "VectorSelector"
        for node in promql.nodes(tree)
        if type(node).__name__ == "BinaryExpr" and str(node.op) == "/"
        for below in promql.nodes(node.rhs)
    )


def _has_fallback(tree: object) -> bool:
    return any(
        type(node).__name__ == "BinaryExpr" and str(node.op) in ("or", ">", "unless") for node in promql.nodes(tree)
    )


@rule(
    "strategies/no-traffic-fails", Severity.WARNING, on="kubernetes", url=DOCS + "#handling-metric-results",
    title=Text("Without traffic the analysis fails", "Sans trafic, l'analyse échoue"),
    advice=Text(
        "A ratio without requests is NaN or no data at all: the condition is false or an error, and a good version is taken back at night.",
        "Un ratio sans requêtes vaut NaN ou n'a aucune donnée : la condition est fausse ou en erreur, et une bonne version est retirée la nuit.",
    ),
)  # fmt: skip
def no_traffic_fails(source: Source, project: Project) -> Iterator[Hit]:
    for query in _queries(source, project):
        if not query.conditions.strip() or re.search(r"isNaN|len\s*\(|default\s*\(|\?\?", query.conditions):
            continue
        parsed = query.parsed
        if parsed is not None and _divides(parsed.tree) and not _has_fallback(parsed.tree):
            condition = query.metric.get("successCondition") or query.metric.get("failureCondition") or query.node
            yield place.hit(condition, Text(
                f"`{query.metric.at('name')}` divides by the number of requests, and neither the query nor the condition says what none means.",
                f"« {query.metric.at('name')} » divise par le nombre de requêtes, et ni la requête ni la condition ne disent ce que zéro signifie.",
            ))  # fmt: skip


@rule(
    "strategies/query-of-everything", Severity.WARNING, on="kubernetes", url=DOCS,
    title=Text("A query that looks at every service", "Une requête qui regarde tous les services"),
    advice=Text(
        "Without a label that picks the service or the pods of the new version, the errors of others abort the release, and its own drown in their traffic.",
        "Sans label qui choisit le service ou les pods de la nouvelle version, les erreurs des autres annulent la livraison, et les siennes se noient dans leur trafic.",
    ),
)  # fmt: skip
def query_of_everything(source: Source, project: Project) -> Iterator[Hit]:
    for query in _queries(source, project):
        parsed = query.parsed
        if parsed is None or not parsed.selectors:
            continue
        wide = [s for s in parsed.selectors if s.metric and not (s.labels - NOT_A_PLACE) and ":" not in s.metric]
        if wide and len(wide) == len(parsed.selectors):
            yield place.hit(query.node, Text(
                f"{wide[0].metric} is read without a label that says of which service.",
                f"{wide[0].metric} est lu sans label qui dise de quel service.",
            ))  # fmt: skip


def _libraries() -> dict[str, set[str]]:
    """series → the libraries of applications that export it."""
    found: dict[str, set[str]] = {}
    for name, entry in facts.load("exporters")["exporters"].items():
        if name in metrics.SIGNALS or "librar" in entry["kind"]:
            for series in metrics.exported(name):
                found.setdefault(series, set()).add(name)
    return found


@rule(
    "strategies/metric-not-exported", Severity.ERROR, on="kubernetes", url=DOCS,
    title=Text("The analysis reads a metric that the application does not export", "L'analyse lit une métrique que l'application n'exporte pas"),
    advice=Text(
        "The query has no data, for a good version and for a bad one: the analysis judges nothing, or takes every version back.",
        "La requête n'a pas de données, pour une bonne version comme pour une mauvaise : l'analyse ne juge rien, ou retire chaque version.",
    ),
)  # fmt: skip
def metric_not_exported(source: Source, project: Project) -> Iterator[Hit]:
    here = {c.metrics_library for c in project.components if c.metrics_library}
    if not here or any(c.kind != "library" and c.language is None for c in project.components):
        return
    known = _libraries()
    mine = {series for library in here for series in metrics.exported(library)}
    for query in _queries(source, project):
        parsed = query.parsed
        for name in sorted(parsed.metrics()) if parsed is not None else ():
            if name in mine or name not in known or known[name] & here:
                continue
            others = ", ".join(sorted(known[name])[:3])
            told = ", ".join(sorted(here))
            yield place.hit(query.node, Text(
                f"{name} comes from {others}; this application uses {told}.",
                f"{name} vient de {others} ; cette application utilise {told}.",
            ))  # fmt: skip


@rule(
    "strategies/one-bad-scrape-aborts", Severity.INFO, on="kubernetes", url=DOCS + "#failure-conditions-and-failure-limit",
    title=Text("One bad measurement takes the version back", "Une seule mauvaise mesure retire la version"),
    advice=Text(
        "failureLimit is 0 where it is not said: of many measurements the first bad one aborts, a lost scrape or a cold cache included.",
        "failureLimit vaut 0 quand il n'est pas dit : parmi de nombreuses mesures, la première mauvaise annule tout, scrape perdu ou cache froid compris.",
    ),
)  # fmt: skip
def one_bad_scrape_aborts(source: Source, project: Project) -> Iterator[Hit]:
    for query in _queries(source, project):
        metric = query.metric
        if not query.conditions.strip() or metric.get("interval") is None or metric.at("count") == 1:
            continue
        if metric.get("failureLimit") is not None or metric.get("consecutiveSuccessLimit") is not None or metric.flow:
            continue
        fix = place.unsafe(
            source, [yaml.insert_after_key(metric, "interval", "failureLimit: 2")],
            Text("Let the third bad measurement abort", "Laisser la troisième mauvaise mesure annuler"),
            Text("A bad version then stays two measurements longer.", "Une mauvaise version reste alors deux mesures de plus."),
        )  # fmt: skip
        node = metric.get("name") or metric
        yield place.hit(node, Text(
            f"`{metric.at('name')}` is measured every {metric.at('interval')} and has no failureLimit.",
            f"« {metric.at('name')} » est mesuré toutes les {metric.at('interval')} et n'a pas de failureLimit.",
        ), fix)  # fmt: skip


def _references(item: Object) -> Iterator[Node]:
    """The names of the templates that a Rollout uses in its own namespace."""
    strategy = item.get("spec", "strategy")
    for node in strategy.walk() if strategy is not None else ():
        if node.kind == "map" and node.get("templateName") is not None and node.at("clusterScope") is not True:
            found = node.get("templateName")
            assert found is not None
            yield found


@rule(
    "strategies/unknown-analysis", Severity.ERROR, on="kubernetes", url=DOCS,
    title=Text("A Rollout uses an AnalysisTemplate that does not exist", "Un Rollout utilise un AnalysisTemplate qui n'existe pas"),
    advice=Text(
        "The Rollout stays in the state InvalidSpec and no version goes out.",
        "Le Rollout reste à l'état InvalidSpec et aucune version ne sort.",
    ),
)  # fmt: skip
def unknown_analysis(source: Source, project: Project) -> Iterator[Hit]:
    rollouts = list(place.rollouts(source, project))
    near = [m for m in place.beside(source, project) if m.kind == "AnalysisTemplate" and m.name] if rollouts else []
    if not near:
        return  # made elsewhere: not verified
    known: set[str] = set()
    for manifest in kustomize.of_kind(project, "AnalysisTemplate"):
        known.add(manifest.name)
        roots = place.holding(project, manifest.path)
        known |= {kustomize.final_name(root, manifest.path, manifest.name) for root in roots}
    for item in rollouts:
        for node in _references(item):
            if isinstance(node.value, str) and node.value not in known:
                told = ", ".join(sorted({m.name for m in near})[:5])
                yield place.hit(node, Text(
                    f"No AnalysisTemplate {node.value} in this repository; beside this Rollout there are: {told}.",
                    f"Aucun AnalysisTemplate {node.value} dans ce dépôt ; à côté de ce Rollout il y a : {told}.",
                ))  # fmt: skip


@rule(
    "strategies/missing-analysis-argument", Severity.ERROR, on="kubernetes", url=DOCS + "#analysis-template-arguments",
    title=Text("An argument of the analysis is not given", "Un argument de l'analyse n'est pas fourni"),
    advice=Text(
        "The AnalysisRun cannot start without a value for each argument; the rollout ends in an error at that step.",
        "L'AnalysisRun ne peut pas démarrer sans une valeur pour chaque argument ; le déploiement finit en erreur à cette étape.",
    ),
)  # fmt: skip
def missing_analysis_argument(source: Source, project: Project) -> Iterator[Hit]:
    rollouts = list(place.rollouts(source, project))
    templates = {m.name: m for m in kustomize.of_kind(project, *TEMPLATES)} if rollouts else {}
    for item in rollouts:
        strategy = item.get("spec", "strategy")
        for node in strategy.walk() if strategy is not None else ():
            listed = node.get("templates") if node.kind == "map" else None
            if listed is None or listed.kind != "list" or node.get("duration") is not None:
                continue
            arguments = node.at("args", default=[]) or []
            given = {entry.get("name") for entry in arguments if isinstance(entry, dict)}
            for entry in listed.children():
                manifest = templates.get(str(entry.at("templateName")))
                name = entry.get("templateName")
                missing = [a for a in _required(manifest.object) if a not in given] if manifest else []
                if manifest and name is not None and missing:
                    where = manifest.object.get("spec", "args") or manifest.object.node
                    told = ", ".join(missing)
                    yield place.hit(name, Text(
                        f"{manifest.object.name} wants {told}, and no value is given here.",
                        f"{manifest.object.name} attend {told}, et aucune valeur n'est donnée ici.",
                    ), related=(place.related(manifest, where, Text("its arguments", "ses arguments")),))  # fmt: skip


def _required(template: Object) -> list[str]:
    listed = template.at("spec", "args", default=[])
    return [
        str(entry.get("name"))
        for entry in (listed if isinstance(listed, list) else [])
        if isinstance(entry, dict) and entry.get("value") is None and entry.get("valueFrom") is None
    ]


RULES = (
    no_traffic_fails, query_of_everything, metric_not_exported, one_bad_scrape_aborts, unknown_analysis, missing_analysis_argument,
)  # fmt: skip
