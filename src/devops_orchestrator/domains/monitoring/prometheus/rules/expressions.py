"""Rules over PromQL by itself: ranges, functions that do not fit, quantiles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.prometheus import cluster
from devops_orchestrator.domains.monitoring.prometheus.rules.records import groups
from devops_orchestrator.formats import prometheus, promql
from devops_orchestrator.formats.prometheus import place, seconds
from devops_orchestrator.formats.promql import Expression, Selector
from devops_orchestrator.project.exports import configurations, lookup
from devops_orchestrator.text import Text

KINDS = ("prometheus-rules", "kubernetes")
FUNCTIONS = "https://prometheus.io/docs/prometheus/latest/querying/functions/"
SCRAPES = 4  # scrapes in a range: one may be lost and two are needed


def expressions(source: Source) -> Iterator[tuple[prometheus.Rule, Expression]]:
    """Each rule whose expression is PromQL, recording rules and alerts alike."""
    for group in groups(source):
        for entry in group.rules:
            expression = promql.try_parse(entry.expr) if entry.expr and entry.expr_node is not None else None
            if expression is not None:
                yield entry, expression


def at(entry: prometheus.Rule, word: str) -> tuple[int, int]:
    """Where a word stands in the expression as it is written."""
    assert entry.expr_node is not None
    return place(entry.expr_node, word)


def call(entry: prometheus.Rule, name: str) -> tuple[int, int]:
    """Where a function's or aggregation's name stands in the expression."""
    node = entry.expr_node
    assert node is not None
    found = re.compile(rf"(?<![\w:]){re.escape(name)}(?=\s*(?:\(|by\b|without\b))").search(
        node.text, node.start, node.end
    )
    return (found.start(), found.end()) if found else (node.start, node.end)


def interval(selector: Selector, project: Project) -> tuple[float, str] | None:
    """(seconds, as written) between two samples of a series: its job's, else the only one that the repository knows."""
    known: set[str] = set()
    jobs = {m.value for m in selector.matchers if m.name == "job" and m.op == "="}
    for _, config in configurations(project):
        named = [job.interval for job in config.jobs if job.name in jobs]
        known.update(named or ([config.scrape_interval] if not jobs or not config.jobs else []))
    known |= set() if known else _monitored(project)
    usable = {text: value for text in known if (value := seconds(text))}
    if not usable or (len(usable) > 1 and not jobs):
        return None
    text = max(usable, key=lambda t: usable[t])
    return usable[text], text


def _monitored(project: Project) -> set[str]:
    """The intervals of the repository's monitors."""
    found: set[str] = set()
    for manifest in cluster.manifests(project):
        monitor = manifest.object
        if monitor.kind in ("ServiceMonitor", "PodMonitor"):
            entries = monitor.at("spec", "endpoints") or monitor.at("spec", "podMetricsEndpoints") or []
            found |= {str(e["interval"]) for e in entries if isinstance(e, dict) and e.get("interval")}
    return found


@rule(
    "prometheus/short-range", Severity.WARNING, on=KINDS, url=f"{FUNCTIONS}#rate",
    title=Text("Range too short for the scrape interval", "Plage trop courte pour l'intervalle de collecte"),
    advice=Text(
        "rate needs two samples in its range. Below two scrape intervals it returns nothing; below four, one lost scrape leaves a hole.",
        "rate a besoin de deux échantillons dans sa plage. Sous deux intervalles de collecte, il ne renvoie rien ; sous quatre, une seule collecte perdue laisse un trou.",
    ),
)  # fmt: skip
def short_range(source: Source, project: Project) -> Iterator[Hit]:
    for entry, expression in expressions(source):
        for selector in _once(expression.selectors):
            if selector.window is None or selector.inner not in promql.COUNTER_FUNCTIONS:
                continue
            known = interval(selector, project)
            if known is None or selector.window >= SCRAPES * known[0]:
                continue
            least, written = SCRAPES * known[0], known[1]
            empty = selector.window < 2 * known[0]
            found = _window(entry, selector)
            long = _duration(least)
            fix = Fix(
                tuple(source.edit(start, end, long) for start, end in found), safe=False,
                title=Text(f"Use a range of {long}", f"Utiliser une plage de {long}"),
                needs=Text("a smoother curve, and a record named after the new range", "une courbe plus lisse, et un enregistrement nommé d'après la nouvelle plage"),
            ) if found else None  # fmt: skip
            start, end = found[0] if found else at(entry, selector.metric)
            yield Hit(
                start, end,
                Text(
                    f"{selector.inner} over {_duration(selector.window)}, scraped every {written}: "
                    + ("never two samples, always empty." if empty else "one lost scrape leaves a hole."),
                    f"{selector.inner} sur {_duration(selector.window)}, collecté toutes les {written} : "
                    + ("jamais deux échantillons, toujours vide." if empty else "une collecte perdue laisse un trou."),
                ), fix, severity=Severity.ERROR if empty else None,
            )  # fmt: skip


def _once(selectors: tuple[Selector, ...]) -> Iterator[Selector]:
    seen: set[float | None] = set()
    for selector in selectors:
        if selector.window not in seen or selector.window is None:
            seen.add(selector.window)
            yield selector


def _window(entry: prometheus.Rule, selector: Selector) -> list[tuple[int, int]]:
    """Where the selector's range stands in the expression, every time that it does."""
    node = entry.expr_node
    assert node is not None
    ranges = re.compile(r"\[\s*(\w+)\s*\]").finditer(node.text, node.start, node.end)
    return [found.span(1) for found in ranges if seconds(found[1]) == selector.window]


def _duration(value: float) -> str:
    for size, unit in ((3600, "h"), (60, "m"), (1, "s")):
        if value >= size and value % size == 0:
            return f"{int(value // size)}{unit}"
    return f"{int(value * 1000)}ms"


@rule(
    "prometheus/rate-on-gauge", Severity.WARNING, on=KINDS, url=f"{FUNCTIONS}#rate",
    title=Text("Counter function on a gauge", "Fonction de compteur sur une jauge"),
    advice=Text(
        "rate, irate and increase read every fall as a restart of the counter: on a gauge that goes up and down they invent an increase. Use delta, deriv, or avg_over_time.",
        "rate, irate et increase lisent chaque baisse comme un redémarrage du compteur : sur une jauge qui monte et descend, ils inventent une hausse. Utilisez delta, deriv ou avg_over_time.",
    ),
)  # fmt: skip
def rate_on_gauge(source: Source, project: Project) -> Iterator[Hit]:
    for entry, expression in expressions(source):
        for selector in expression.selectors:
            if selector.inner not in promql.COUNTER_FUNCTIONS or selector.metric.endswith(
                ("_total", "_count", "_sum", "_bucket")
            ):
                continue
            known = lookup(selector.metric)
            if known and {k.type for k in known} == {"gauge"}:
                yield Hit(
                    *at(entry, selector.metric),
                    Text(
                        f"{selector.metric} is a gauge ({known[0].exporter}): {selector.inner} invents an increase.",
                        f"{selector.metric} est une jauge ({known[0].exporter}) : {selector.inner} invente une hausse.",
                    ),
                )


@rule(
    "prometheus/delta-on-counter", Severity.WARNING, on=KINDS, url=f"{FUNCTIONS}#delta",
    title=Text("Gauge function on a counter", "Fonction de jauge sur un compteur"),
    advice=Text(
        "delta, deriv and predict_linear take a restart for a fall: after a deployment they show a large negative value. Use increase or rate.",
        "delta, deriv et predict_linear prennent un redémarrage pour une baisse : après un déploiement, ils affichent une grande valeur négative. Utilisez increase ou rate.",
    ),
)  # fmt: skip
def delta_on_counter(source: Source, project: Project) -> Iterator[Hit]:
    for entry, expression in expressions(source):
        for selector in expression.selectors:
            if selector.window is None or selector.inner not in promql.GAUGE_FUNCTIONS:
                continue
            types = {k.type for k in lookup(selector.metric)}
            if types == {"counter"} or (not types and selector.metric.endswith("_total")):
                yield Hit(
                    *at(entry, selector.metric),
                    Text(
                        f"{selector.metric} is a counter: {selector.inner} goes negative when it restarts.",
                        f"{selector.metric} est un compteur : {selector.inner} devient négatif quand il redémarre.",
                    ),
                )


@rule(
    "prometheus/irate-in-rule", Severity.INFO, on=KINDS, url=f"{FUNCTIONS}#irate",
    title=Text("irate in a rule", "irate dans une règle"),
    advice=Text(
        "irate looks at the last two samples alone: recorded, or in an alert, it keeps one moment of each evaluation and hides the rest. Use rate.",
        "irate ne regarde que les deux derniers échantillons : enregistré, ou dans une alerte, il ne garde qu'un instant par évaluation et cache le reste. Utilisez rate.",
    ),
)  # fmt: skip
def irate_in_rule(source: Source, project: Project) -> Iterator[Hit]:
    for entry, expression in expressions(source):
        if any(step.name == "irate" for step in expression.calls):
            start, end = call(entry, "irate")
            whole = entry.expr_node is not None and (start, end) == (entry.expr_node.start, entry.expr_node.end)
            fix = None if whole else Fix(
                (source.edit(start, end, "rate"),), safe=False, title=Text("Use rate", "Utiliser rate"),
                needs=Text("a smoother curve", "une courbe plus lisse"),
            )  # fmt: skip
            yield Hit(
                start, end,
                Text("irate keeps two samples of each evaluation.", "irate ne garde que deux échantillons par évaluation."), fix,
            )  # fmt: skip


@rule(
    "prometheus/rate-of-sum", Severity.WARNING, on=KINDS, url="https://prometheus.io/docs/practices/rules/#aggregation",
    title=Text("rate of a sum", "rate d'une somme"),
    advice=Text(
        "A sum of counters falls when one instance restarts, and rate takes that for a restart of the whole: it shows a spike that never was. Take rate first, then sum.",
        "Une somme de compteurs baisse quand une instance redémarre, et rate y voit un redémarrage du tout : il affiche un pic qui n'a jamais existé. Prenez d'abord rate, puis sum.",
    ),
)  # fmt: skip
def rate_of_sum(source: Source, project: Project) -> Iterator[Hit]:
    for entry, expression in expressions(source):
        for selector in expression.selectors:
            names = selector.functions
            outer = next((i for i, name in enumerate(names) if name in ("rate", "irate", "increase")), None)
            if outer is None or "subquery" not in names[outer:]:
                continue
            below = selector.around[outer + 1 :]
            inner = next((s for s in below if s.aggregation and s.name == "sum"), None)
            # A rate below the sum has dealt with the restarts already.
            if inner is not None and not {"rate", "irate", "increase"} & {s.name for s in below}:
                yield Hit(
                    *call(entry, names[outer]),
                    Text(f"{names[outer]} of a sum of counters.", f"{names[outer]} d'une somme de compteurs."),
                )
                break


@rule(
    "prometheus/quantile-without-le", Severity.ERROR, on=KINDS, url=f"{FUNCTIONS}#histogram_quantile",
    title=Text("histogram_quantile without le", "histogram_quantile sans le"),
    advice=Text(
        "The buckets are told apart by the label le. Once an aggregation has dropped it, histogram_quantile returns nothing.",
        "Les classes d'un histogramme se distinguent par le label le. Si une agrégation l'a supprimé, histogram_quantile ne renvoie rien.",
    ),
)  # fmt: skip
def quantile_without_le(source: Source, project: Project) -> Iterator[Hit]:
    for entry, expression in expressions(source):
        for selector in expression.selectors:
            if "histogram_quantile" not in selector.functions or not selector.metric.endswith("_bucket"):
                continue
            below = selector.around[selector.functions.index("histogram_quantile") + 1 :]
            lost = next((s for s in below if s.aggregation and _drops_le(s)), None)
            if lost is not None:
                yield Hit(
                    *call(entry, lost.name),
                    Text(
                        f"{lost.name} drops the label le of {selector.metric}.",
                        f"{lost.name} supprime le label le de {selector.metric}.",
                    ),
                    _keep_le(source, entry, lost, expression),
                )


def _drops_le(step: promql.Step) -> bool:
    if step.name in ("topk", "bottomk", "limitk"):
        return False
    return "le" in step.labels if step.mode == "without" else "le" not in step.labels


def _keep_le(source: Source, entry: prometheus.Rule, step: promql.Step, expression: Expression) -> Fix | None:
    """Add `le` to the aggregation's `by`, where the expression has one aggregation only."""
    node = entry.expr_node
    assert node is not None
    if sum(1 for s in expression.calls if s.aggregation) != 1 or step.mode == "without":
        return None
    by = re.compile(r"\bby\s*\(\s*").search(node.text, node.start, node.end)
    if by is not None:
        edit = source.edit(by.end(), by.end(), "le, " if step.labels else "le")
    else:
        start, end = call(entry, step.name)
        if (start, end) == (node.start, node.end):
            return None
        edit = source.edit(end, end, " by (le)")
    return Fix(
        (edit,), safe=False, title=Text("Keep le", "Garder le"),
        needs=Text("the rule starts to return values", "la règle se met à renvoyer des valeurs"),
    )  # fmt: skip


@rule(
    "prometheus/averaged-quantile", Severity.WARNING, on=KINDS, url="https://prometheus.io/docs/practices/histograms/#quantiles",
    title=Text("Average or sum of quantiles", "Moyenne ou somme de quantiles"),
    advice=Text(
        "The mean of ten p99 is no p99 of anything. Add up the buckets of the instances, then take histogram_quantile.",
        "La moyenne de dix p99 n'est le p99 de rien. Additionnez les classes des instances, puis prenez histogram_quantile.",
    ),
)  # fmt: skip
def averaged_quantile(source: Source, project: Project) -> Iterator[Hit]:
    for entry, expression in expressions(source):
        for selector in expression.selectors:
            names = selector.functions
            summary = any(m.name == "quantile" and m.op == "=" for m in selector.matchers)
            computed = names.index("histogram_quantile") if "histogram_quantile" in names else None
            above = names if summary else names[:computed] if computed is not None else ()
            over = next((name for name in reversed(above) if name in ("avg", "sum")), None)
            if over is not None and (summary or computed is not None):
                yield Hit(
                    *call(entry, over),
                    Text(f"{over} of quantiles of {selector.metric}.", f"{over} de quantiles de {selector.metric}."),
                )
                break


RULES: tuple[Rule, ...] = (
    short_range,
    rate_on_gauge,
    delta_on_counter,
    irate_in_rule,
    rate_of_sum,
    quantile_without_le,
    averaged_quantile,
)
