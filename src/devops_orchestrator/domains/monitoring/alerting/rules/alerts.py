"""Rules over single alerts: what they wait for, how they are ranked, what they can ever see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.alerting.rules.reading import KINDS, RULES_DOC, alerts, span
from devops_orchestrator.formats import prometheus, promql, promql_results, yaml
from devops_orchestrator.project import exports
from devops_orchestrator.text import Text

LOOKS_BACK = 300  # seconds of a range from which on an expression waits by itself


@rule(
    "alerting/alert-without-for", Severity.WARNING, on=KINDS, url=RULES_DOC,
    title=Text("An alert that fires at the first sample", "Une alerte qui part au premier échantillon"),
    advice=Text(
        "One slow scrape or one restart wakes somebody up. `for` says how long it must last.",
        "Une collecte lente ou un redémarrage réveille quelqu'un. `for` dit combien de temps cela doit durer.",
    ),
)  # fmt: skip
def alert_without_for(source: Source, project: Project) -> Iterator[Hit]:
    """An alert without `for` whose expression looks at this moment alone."""
    for alert in alerts(source):
        name = alert.node.get("alert")
        if alert.node.get("for") is not None or name is None or _waits(alert.expr):
            continue
        fix = None
        if not alert.node.flow and alert.expr_node is not None:
            fix = Fix(
                (source.edit(*yaml.insert_after_key(alert.node, "expr", "for: 5m")),), safe=False,
                title=Text("wait five minutes", "attendre cinq minutes"),
                needs=Text("an alert that may come five minutes later", "une alerte qui peut arriver cinq minutes plus tard"),
            )  # fmt: skip
        yield Hit(*span(name), Text(f"{name.value} has no `for`.", f"{name.value} n'a pas de `for`."), fix=fix)


def _waits(expr: str) -> bool:
    """Whether an expression looks back by itself, tells of an event or of what changes slowly, or fires at all times."""
    read = promql.try_parse(expr)
    if read is None or not read.selectors:
        return True
    if any((selector.window or 0) >= LOOKS_BACK for selector in read.selectors):
        return True
    events = {"absent", "absent_over_time", "changes", "resets", "time", "timestamp", "vector", "predict_linear"}
    if any(step.name in events or step.name.endswith("_over_time") for step in read.calls):
        return True
    return not any(_moves(selector) for selector in read.selectors)


def _moves(selector: promql.Selector) -> bool:
    """Whether one sample of a series may be an accident: a lost scrape, a rate, the load of a moment."""
    if selector.metric in ("up", "probe_success") or selector.window is not None:
        return True
    return (
        re.search(r"cpu|load\d|mem_|memory|latency|duration|queue|connections|in_flight|lag", selector.metric)
        is not None
    )


@rule(
    "alerting/alert-without-severity", Severity.WARNING, on=KINDS, url=RULES_DOC,
    title=Text("An alert without a severity", "Une alerte sans sévérité"),
    advice=Text(
        "Routes cannot tell what wakes somebody up from what can wait until Monday.",
        "Les routes ne peuvent pas distinguer ce qui réveille quelqu'un de ce qui attend lundi.",
    ),
)  # fmt: skip
def alert_without_severity(source: Source, project: Project) -> Iterator[Hit]:
    """An alert whose labels have no `severity`, where other names for it (`priority`, `level`) are not used either."""
    for alert in alerts(source):
        name = alert.node.get("alert")
        if name is not None and not {"severity", "priority", "level", "page"} & set(alert.labels):
            yield Hit(
                *span(name), Text(f"{name.value} has no severity.", f"{name.value} n'a pas de sévérité.")
            )  # fmt: skip


@rule(
    "alerting/alert-without-summary", Severity.INFO, on=KINDS, url=RULES_DOC,
    title=Text("An alert that says nothing", "Une alerte muette"),
    advice=Text(
        "Whoever is woken up reads the summary first: what is broken, for whom, and where the runbook is.",
        "La personne réveillée lit d'abord le résumé : ce qui est cassé, pour qui, et où est la procédure.",
    ),
)  # fmt: skip
def alert_without_summary(source: Source, project: Project) -> Iterator[Hit]:
    """An alert without a summary, a description or a message among its annotations."""
    for alert in alerts(source):
        name = alert.node.get("alert")
        said = any(alert.node.get("annotations", key) for key in ("summary", "description", "message", "title"))
        if name is not None and not said:
            yield Hit(*span(name), Text(f"{name.value} has no summary.", f"{name.value} n'a pas de résumé."))


@rule(
    "alerting/never-fires", Severity.ERROR, on=KINDS, url="https://prometheus.io/docs/prometheus/latest/querying/operators/#comparison-binary-operators",
    title=Text("An alert that can never fire", "Une alerte qui ne peut jamais partir"),
    advice=Text(
        "The value cannot reach the threshold, mostly because one is a ratio from 0 to 1 and the other a percentage. Nobody notices until the outage that it should have told.",
        "La valeur ne peut pas atteindre le seuil, le plus souvent parce que l'une est un ratio de 0 à 1 et l'autre un pourcentage. Personne ne s'en aperçoit avant la panne qu'elle devait annoncer.",
    ),
)  # fmt: skip
def never_fires(source: Source, project: Project) -> Iterator[Hit]:
    """A comparison with a number outside the range of the value: a share of more than 1, `up > 1`."""
    for alert in alerts(source):
        read = promql.try_parse(alert.expr)
        found = promql_results.impossible(read.tree) if read is not None else None
        if found is None or alert.expr_node is None:
            continue
        low, high = found.range
        number, top = _number(found.number), _number(high)
        start, end = prometheus.place(alert.expr_node, f"{found.op} {number}")
        yield Hit(
            start, end,
            Text(
                f"{alert.alert}: the value lies between {_number(low)} and {top}, so `{found.op} {number}` is never true.",
                f"{alert.alert} : la valeur est comprise entre {_number(low)} et {top}, donc `{found.op} {number}` n'est jamais vrai.",
            ),
        )  # fmt: skip


def _number(value: float) -> str:
    return f"{value:g}"


@rule(
    "alerting/for-below-interval", Severity.INFO, on="prometheus-rules", url=RULES_DOC,
    title=Text("`for` shorter than the evaluation", "`for` plus court que l'évaluation"),
    advice=Text(
        "An alert is looked at once an evaluation: a shorter `for` is rounded up to the next one. Whoever reads the rule expects it earlier.",
        "Une alerte est examinée une fois par évaluation : un `for` plus court attend la suivante. Qui lit la règle l'attend plus tôt.",
    ),
)  # fmt: skip
def for_below_interval(source: Source, project: Project) -> Iterator[Hit]:
    """A `for` between zero and the interval at which its group is evaluated."""
    configs = exports.configurations(project)
    for alert in alerts(source):
        node = alert.node.get("for")
        given = prometheus.seconds(node.value) if node is not None else None
        interval = alert.group.interval or (configs[0][1].evaluation_interval if len(configs) == 1 else None)
        every = prometheus.seconds(interval) if interval else None
        if node is None or not given or every is None or given >= every:
            continue
        where: tuple[Related, ...] = ()
        if not alert.group.interval:
            setting = configs[0][1].node.get("global", "evaluation_interval")
            line = _line(setting) if setting is not None else 1
            where = (Related(configs[0][0], line, Text("the evaluation interval", "l'intervalle d'évaluation")),)
        yield Hit(
            *span(node),
            Text(
                f"{alert.alert} waits {node.value}, but is evaluated every {interval}.",
                f"{alert.alert} attend {node.value}, mais n'est évaluée que toutes les {interval}.",
            ),
            related=where,
        )


def _line(node: yaml.Node) -> int:
    return node.text.count("\n", 0, node.start) + 1


@rule(
    "alerting/duplicate-alert", Severity.WARNING, on=KINDS, url=RULES_DOC,
    title=Text("Two alerts that are one", "Deux alertes qui n'en font qu'une"),
    advice=Text(
        "Same name, same labels, same expression: one of them was meant to be something else, or both must be changed at every change.",
        "Même nom, mêmes labels, même expression : l'une devait être autre chose, ou chaque changement est à faire deux fois.",
    ),
)  # fmt: skip
def duplicate_alert(source: Source, project: Project) -> Iterator[Hit]:
    """Two alerts of one file with the same name, labels and expression."""
    seen: dict[tuple[str, str, tuple[tuple[str, str], ...]], int] = {}
    for alert in alerts(source):
        key = (alert.alert or "", " ".join(alert.expr.split()), tuple(sorted(alert.labels.items())))
        line = _line(alert.name_node)
        if seen.setdefault(key, line) != line:
            yield Hit(
                *span(alert.name_node),
                Text(
                    f"{alert.alert} is already defined on line {seen[key]}, word for word.",
                    f"{alert.alert} est déjà définie à la ligne {seen[key]}, mot pour mot.",
                ),
                related=(Related(source.path, seen[key], Text("the first one", "la première")),),
            )


RULES: tuple[Rule, ...] = (
    alert_without_for,
    alert_without_severity,
    alert_without_summary,
    never_fires,
    for_below_interval,
    duplicate_alert,
)
