"""Rules over inhibitions: whether they ever silence anything."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.alerting.rules.reading import ROUTES_DOC, answered, config
from devops_orchestrator.formats import prometheus
from devops_orchestrator.formats.alertmanager import Inhibition, Matcher
from devops_orchestrator.text import Text

INHIBIT = f"{ROUTES_DOC}#inhibit_rule"


@rule(
    "alerting/inhibits-nothing", Severity.INFO, on="alertmanager", url=INHIBIT,
    title=Text("An inhibition that never applies", "Une inhibition qui ne s'applique jamais"),
    advice=Text(
        "With `alertname` in `equal`, the warning and the critical alert must have one name: two rules `DiskFull` with two thresholds, not `DiskFullWarning` and `DiskFullCritical`. Otherwise both are sent.",
        "Avec `alertname` dans `equal`, l'avertissement et l'alerte critique doivent porter le même nom : deux règles `DiskFull` à deux seuils, et non `DiskFullWarning` et `DiskFullCritical`. Sinon, les deux partent.",
    ),
)  # fmt: skip
def inhibits_nothing(source: Source, project: Project) -> Iterator[Hit]:
    """`equal: [alertname]` between two severities that no alert name has both of."""
    view = config(source)
    if view is None or not any("alertname" in one.equal for one in view.inhibitions):
        return
    found = answered(source, project)
    if found is None or any("{{" in alert.labels.get("severity", "") for _, alert in found):
        return
    for inhibition in view.inhibitions:
        ends = _severities(inhibition)
        if "alertname" not in inhibition.equal or ends is None:
            continue
        loud = {alert.alert for _, alert in found if _has(alert, ends[0])}
        quiet = {alert.alert for _, alert in found if _has(alert, ends[1])}
        if loud & quiet or not loud or not quiet:
            continue
        equal = inhibition.node.get("equal")
        node = next((child for child in (equal.children() if equal else ()) if child.value == "alertname"), None)
        path, first = found[0]
        if node is not None:
            yield Hit(
                node.start, node.end,
                Text(
                    f"No alert name is used both with {ends[0].label} {ends[0].value} and {ends[1].value}: this inhibits nothing.",
                    f"Aucun nom d'alerte n'est utilisé à la fois en {ends[0].value} et en {ends[1].value} : ceci n'inhibe rien.",
                ),
                related=(Related(path, first.node.text.count("\n", 0, first.node.start) + 1, Text("the alerts", "les alertes")),),
            )  # fmt: skip


def _severities(inhibition: Inhibition) -> tuple[Matcher, Matcher] | None:
    """The two matchers of an inhibition that is between two severities and nothing else."""
    ends = [
        [m for m in side if m.label == "severity" and m.op == "="] for side in (inhibition.source, inhibition.target)
    ]
    return (ends[0][0], ends[1][0]) if len(ends[0]) == len(ends[1]) == 1 else None


def _has(alert: prometheus.Rule, matcher: Matcher) -> bool:
    return alert.labels.get("severity", "") == matcher.value


RULES: tuple[Rule, ...] = (inhibits_nothing,)
