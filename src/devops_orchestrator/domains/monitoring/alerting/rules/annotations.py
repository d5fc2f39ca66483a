"""Rules over what an alert says: labels that its expression has not, percentages, runbooks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.alerting.rules.reading import KINDS, alerts, texts
from devops_orchestrator.formats import prometheus, promql, promql_results
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

TEMPLATES = "https://prometheus.io/docs/prometheus/latest/configuration/template_reference/"
_ACTION = re.compile(r"\{\{(.*?)\}\}", re.S)
_LABEL = re.compile(r"(?:\$labels|\.Labels)\.(\w+)|index\s+\$labels\s+\"(\w+)\"")
_PERCENT = re.compile(
    r"\{\{-?\s*\$value\s*(?:\|\s*(?:printf\s+\"%\.?\d*f\"|humanize)\s*)?-?\}\}\s*%|printf\s+\"%\.\d+f%%\"\s+\$value"
)
_PAGE = re.compile(r"['\"]?((?:\.{0,2}/)?(?:[\w.-]+/)+[\w.-]+\.(?:md|adoc|rst|html))(?:#[\w-]*)?['\"]?")
_HUMAN = re.compile(r"\$value\s*\|\s*humanizePercentage")


@rule(
    "alerting/label-dropped", Severity.WARNING, on=KINDS, url=TEMPLATES,
    title=Text("A message with a label that is not there", "Un message avec un label absent"),
    advice=Text(
        "The place of the label stays empty in the notification: nobody can see what is broken. `$labels` has the labels of the expression's result, not those that an aggregation dropped, nor those that the rule itself sets.",
        "L'emplacement du label reste vide dans la notification : impossible de voir ce qui est en panne. `$labels` contient les labels du résultat de l'expression, pas ceux qu'une agrégation a supprimés, ni ceux que la règle ajoute.",
    ),
)  # fmt: skip
def label_dropped(source: Source, project: Project) -> Iterator[Hit]:
    """A template that reads a label which the expression's result cannot have."""
    for alert in alerts(source):
        read = promql.try_parse(alert.expr)
        if read is None or any(selector.metric in ("ALERTS", "ALERTS_FOR_STATE") for selector in read.selectors):
            continue
        known = promql_results.labels(read.tree)
        own = {"alertname", *({"severity"} & set(alert.labels))}
        told: set[str] = set()
        for part in ("annotations", "labels"):
            for _, node in texts(alert, part):
                for name, start, end in _labels(node):
                    if name in told or (known is None and name not in own) or (known is not None and name in known):
                        continue
                    told.add(name)
                    yield Hit(start, end, _missing(alert, name, known))


def _missing(alert: prometheus.Rule, name: str, known: frozenset[str] | None) -> Text:
    if name == "alertname" or name in alert.labels:
        return Text(
            f"{name} comes from the rule, not from the expression: $labels.{name} is empty here.",
            f"{name} vient de la règle, pas de l'expression : $labels.{name} est vide ici.",
        )
    left = ", ".join(sorted(known or ())) or "none"
    return Text(
        f"The expression of {alert.alert} has no label {name}; it keeps: {left}.",
        f"L'expression de {alert.alert} n'a pas de label {name} ; elle garde : {'aucun' if left == 'none' else left}.",
    )


def _labels(node: Node) -> Iterator[tuple[str, int, int]]:
    """(name, start, end) of the labels that a template reads, where the text shows them."""
    for action in _ACTION.finditer(node.text, node.start, node.end):
        if "query" in action[1]:
            return  # a template of its own queries has other values under the same names
        for found in _LABEL.finditer(action[1]):
            start = action.start(1) + found.start()
            yield found[1] or found[2], start, action.start(1) + found.end()


@rule(
    "alerting/wrong-percentage", Severity.WARNING, on=KINDS, url=TEMPLATES,
    title=Text("A percentage that is wrong by a factor of 100", "Un pourcentage faux d'un facteur 100"),
    advice=Text(
        "humanizePercentage multiplies by 100 itself; a bare `$value` with a % behind it does not. The notification says 8500 % or 0.85 %.",
        "humanizePercentage multiplie déjà par 100 ; un `$value` suivi de % ne le fait pas. La notification annonce 8500 % ou 0,85 %.",
    ),
)  # fmt: skip
def wrong_percentage(source: Source, project: Project) -> Iterator[Hit]:
    """humanizePercentage of a value that is multiplied by 100 already; `$value %` of a ratio from 0 to 1."""
    for alert in alerts(source):
        read = promql.try_parse(alert.expr)
        if read is None:
            continue
        hundred = promql_results.multiplied(read.tree, 100)
        range_ = promql_results.bounds(read.tree)
        for _, node in texts(alert):
            found = _HUMAN.search(node.text, node.start, node.end) if hundred else None
            if found is not None:
                yield Hit(
                    found.start(), found.end(),
                    Text(
                        f"{alert.alert} is a percentage already (× 100): humanizePercentage makes 8500 % of 85 %.",
                        f"{alert.alert} est déjà un pourcentage (× 100) : humanizePercentage fait 8500 % de 85 %.",
                    ),
                )  # fmt: skip
                break
            ratio = range_ is not None and range_[0] != range_[1] and range_[1] <= 1.05 and range_[0] >= -0.05
            found = _PERCENT.search(node.text, node.start, node.end) if ratio else None
            if found is not None:
                yield Hit(
                    found.start(), found.end(),
                    Text(
                        f"{alert.alert} is a ratio from 0 to 1: the message says 0.85% for 85%. Use humanizePercentage.",
                        f"{alert.alert} est un ratio de 0 à 1 : le message dit 0,85 % pour 85 %. Utilisez humanizePercentage.",
                    ),
                )  # fmt: skip
                break


@rule(
    "alerting/missing-runbook", Severity.WARNING, on=KINDS, url="https://prometheus.io/docs/practices/alerting/",
    title=Text("A runbook that is not there", "Une procédure introuvable"),
    advice=Text(
        "Whoever is woken up follows the link and gets a 404.",
        "La personne réveillée suit le lien et tombe sur une erreur 404.",
    ),
)  # fmt: skip
def missing_runbook(source: Source, project: Project) -> Iterator[Hit]:
    """An annotation that names a page of this very repository which does not exist: as a link, or as a path."""
    slug, branch = project.vcs.slug, re.escape(project.vcs.default_branch or "main")
    link = None
    if slug:
        where = rf"https://[\w.-]+/{re.escape(slug)}/(?:-/)?(?:blob|tree)/(?:{branch}|main|master)"
        link = re.compile(rf"{where}/([^\s#?\"'{{}}]+)")
    for alert in alerts(source):
        for name, node in texts(alert):
            found = link.search(node.text, node.start, node.end) if link is not None else None
            if found is None and name.startswith("runbook"):
                found = _PAGE.fullmatch(node.text, node.start, node.end)
            path = unquote(found[1]).rstrip("/.,)") if found else ""
            if found and not _is_there(path, source, project):
                yield Hit(
                    found.start(), found.end(),
                    Text(f"{path} is not in this repository.", f"{path} n'est pas dans ce dépôt."),
                )  # fmt: skip


def _is_there(path: str, source: Source, project: Project) -> bool:
    """Whether a file or folder is in the repository, from its root or from the file that names it."""
    beside = posixpath.normpath(posixpath.join(posixpath.dirname(source.path), path))
    plain = posixpath.normpath(path.lstrip("/"))
    return any(project.repository.has(one) or project.repository.below(one) for one in (plain, beside))


RULES: tuple[Rule, ...] = (label_dropped, wrong_percentage, missing_runbook)
