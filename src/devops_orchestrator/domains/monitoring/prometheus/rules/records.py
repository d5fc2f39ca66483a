"""Rules over recording rules: their names, their labels, their doubles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.prometheus.rules.scraping import span
from devops_orchestrator.formats import prometheus, promql
from devops_orchestrator.project.exports import rule_files
from devops_orchestrator.text import Text

KINDS = ("prometheus-rules", "kubernetes")
NAMING = "https://prometheus.io/docs/practices/rules/#naming"
# Levels of a record that stands for everything.
WHOLE = re.compile(r"^(|all|cluster|global|overall|total|instance|node|fleet|federate|slo|sli)$")


def groups(source: Source) -> list[prometheus.Group]:
    """The groups of a rule file, or of a manifest's PrometheusRule objects."""
    if source.kind == "kubernetes" and "PrometheusRule" not in source.text:
        return []  # most manifests are something else: not even parsed here
    return source.parsed(prometheus.groups)


def recording(source: Source) -> Iterator[prometheus.Rule]:
    """The recording rules of a source."""
    for group in groups(source):
        yield from (entry for entry in group.rules if entry.record)


@rule(
    "prometheus/record-name", Severity.INFO, on=KINDS, url=NAMING,
    title=Text("Record not named level:metric:operation", "Enregistrement non nommé niveau:métrique:opération"),
    advice=Text(
        "The colons tell a reader of a dashboard that a series is computed, from which metric, by which labels and how; without them it looks like a metric that somebody exports.",
        "Les deux-points disent à qui lit un tableau de bord qu'une série est calculée, à partir de quelle métrique, avec quels labels et comment ; sans eux, elle ressemble à une métrique exportée.",
    ),
)  # fmt: skip
def record_name(source: Source, project: Project) -> Iterator[Hit]:
    for entry in recording(source):
        name = entry.record or ""
        if ":" not in name:
            yield Hit(
                *span(entry.name_node),
                Text(
                    f"{name} looks like an exported metric: level:{name}:operation says what it is.",
                    f"{name} ressemble à une métrique exportée : niveau:{name}:opération dirait ce que c'est.",
                ),
            )


@rule(
    "prometheus/duplicate-record", Severity.ERROR, on=KINDS, url="https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/",
    title=Text("Two rules record the same series", "Deux règles enregistrent la même série"),
    advice=Text(
        "The second write of one evaluation is refused or replaces the first: which value is stored depends on the order of the rules.",
        "La seconde écriture d'une même évaluation est refusée ou remplace la première : la valeur stockée dépend de l'ordre des règles.",
    ),
)  # fmt: skip
def duplicate_record(source: Source, project: Project) -> Iterator[Hit]:
    seen: dict[tuple[str, tuple[tuple[str, str], ...]], prometheus.Rule] = {}
    for entry in recording(source):
        key = (entry.record or "", tuple(sorted(entry.labels.items())))
        first = seen.setdefault(key, entry)
        if first is entry or _apart(first, entry):
            continue
        line = source.lines.place(first.name_node.start)[0]
        yield Hit(
            *span(entry.name_node),
            Text(
                f"{entry.record} is already recorded with the same labels on line {line}.",
                f"{entry.record} est déjà enregistré avec les mêmes labels à la ligne {line}.",
            ),
            related=(Related(source.path, line, Text("the first one", "le premier")),),
        )


def _apart(left: prometheus.Rule, right: prometheus.Rule) -> bool:
    """Whether the two read different series, so that their results may differ in a label."""
    one, other = promql.try_parse(left.expr), promql.try_parse(right.expr)
    if one is None or other is None:
        return True
    return {(s.metric, s.matchers) for s in one.selectors} != {(s.metric, s.matchers) for s in other.selectors}


@rule(
    "prometheus/lost-labels", Severity.WARNING, on=KINDS, url=NAMING,
    title=Text("Aggregation drops a label that the name promises", "Agrégation qui perd un label promis par le nom"),
    advice=Text(
        "The level of a record's name lists its labels. An aggregation without them gives one series for everything: dashboards that choose a job or an instance stay empty.",
        "Le niveau d'un enregistrement énumère ses labels. Une agrégation sans eux ne donne qu'une série pour tout : les tableaux de bord qui choisissent un job ou une instance restent vides.",
    ),
)  # fmt: skip
def lost_labels(source: Source, project: Project) -> Iterator[Hit]:
    for entry in recording(source):
        level = (entry.record or "").split(":")[0]
        expression = promql.try_parse(entry.expr)
        if expression is None or ":" not in (entry.record or "") or expression.writes_labels:
            continue
        outer = _outermost(expression)
        if outer is None or outer.mode == "without" or WHOLE.match(level):
            continue
        promised = next(
            (label for label in ("job", "instance", "namespace", "pod", "service") if label in level.split("_")), None
        )
        kept = {*outer.labels, *entry.labels}
        if promised is None or any(label == promised or label.startswith(f"{promised}_") for label in kept):
            continue  # `service` of `by (service_name)` is that label, in short
        node = entry.expr_node or entry.node
        start, end = prometheus.place(node, outer.name)
        yield Hit(
            start, end,
            Text(
                f"{entry.record} promises the label {promised}; {outer.name}{_by(outer)} drops it.",
                f"{entry.record} promet le label {promised} ; {outer.name}{_by(outer)} le supprime.",
            ),
        )  # fmt: skip


def _outermost(expression: promql.Expression) -> promql.Step | None:
    """The aggregation that decides the labels of the result; None where operands differ."""
    first = [next((s for s in selector.around if s.aggregation), None) for selector in expression.selectors]
    steps = {(s.name, s.mode, s.labels) if s else None for s in first}
    return first[0] if len(steps) == 1 and first and first[0] and first[0].name not in ("topk", "bottomk") else None


def _by(step: promql.Step) -> str:
    return f" by ({', '.join(step.labels)})" if step.mode == "by" else ""


@rule(
    "prometheus/rules-drift", Severity.WARNING, on="kubernetes", url="https://prometheus-operator.dev/docs/developer/alerting/",
    title=Text("Rules in the cluster differ from the tested ones", "Règles du cluster différentes de celles qui sont testées"),
    advice=Text(
        "A group of one name exists as a rule file, with unit tests, and as a PrometheusRule: what runs is not what is tested.",
        "Un groupe du même nom existe en fichier de règles, avec ses tests, et en PrometheusRule : ce qui tourne n'est pas ce qui est testé.",
    ),
)  # fmt: skip
def rules_drift(source: Source, project: Project) -> Iterator[Hit]:
    here = {group.name: group for group in groups(source)}
    tested = set(project.of_kind("prometheus-rules"))
    if not here or not tested:
        return
    for path, others in rule_files(project):
        if path not in tested:
            continue
        for group in others:
            other = here.get(group.name)
            if other is None or not group.name or _same(other, group):
                continue
            node = other.node.get("name") or other.node
            yield Hit(
                *span(node),
                Text(
                    f"The group {group.name} differs from the one in {path}.",
                    f"Le groupe {group.name} diffère de celui de {path}.",
                ),
                related=(Related(path, 1, Text("the file with the tests", "le fichier testé")),),
            )


def _same(left: prometheus.Group, right: prometheus.Group) -> bool:
    return [_value(r) for r in left.rules] == [_value(r) for r in right.rules]


def _value(entry: prometheus.Rule) -> tuple[str, str, str, tuple[tuple[str, str], ...]]:
    return entry.record or "", entry.alert or "", " ".join(entry.expr.split()), tuple(sorted(entry.labels.items()))


RULES: tuple[Rule, ...] = (record_name, duplicate_record, lost_labels, rules_drift)
