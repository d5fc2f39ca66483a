"""Rules over the tree of routes: receivers that exist, routes that can match, intervals that are defined."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.alerting.rules.reading import ROUTES_DOC, answered, config, span
from devops_orchestrator.formats.alertmanager import Matcher, Route
from devops_orchestrator.text import Text

ROUTE = f"{ROUTES_DOC}#route"


@rule(
    "alerting/unknown-receiver", Severity.ERROR, on="alertmanager", url=ROUTE,
    title=Text("A route to nobody", "Une route vers personne"),
    advice=Text("Alertmanager refuses the whole file.", "Alertmanager refuse le fichier entier."),
)  # fmt: skip
def unknown_receiver(source: Source, project: Project) -> Iterator[Hit]:
    """A route whose receiver is not declared."""
    view = config(source)
    known = {receiver.name for receiver in view.receivers} if view else set()
    for route in view.routes if view else ():
        node = route.node.get("receiver")
        if node is not None and str(node.value) not in known:
            told = ", ".join(sorted(known)) or "—"
            yield Hit(
                *span(node),
                Text(f"Receiver {node.value} is none of {told}.", f"Le receveur {node.value} n'est pas parmi {told}."),
            )


@rule(
    "alerting/shadowed-route", Severity.WARNING, on="alertmanager", url=ROUTE,
    title=Text("A route that an earlier one hides", "Une route masquée par une autre"),
    advice=Text(
        "The first route that matches takes the alert, unless it says `continue: true`: this one is never asked, and its receiver hears nothing.",
        "La première route qui correspond prend l'alerte, sauf si elle dit `continue: true` : celle-ci n'est jamais consultée, et son receveur ne reçoit rien.",
    ),
)  # fmt: skip
def shadowed_route(source: Source, project: Project) -> Iterator[Hit]:
    """A route after a sibling without `continue` that matches everything which this one matches."""
    view = config(source)
    for parent in view.routes if view else ():
        for place, route in enumerate(parent.routes):
            earlier = next((r for r in parent.routes[:place] if not r.goes_on and _covers(r, route)), None)
            if earlier is None:
                continue
            line = source.lines.place(earlier.node.start)[0]
            node = route.node.get("receiver") or route.node
            start, end = span(node) if node.kind == "scalar" else (route.node.start, route.node.start + 1)
            yield Hit(
                start, end,
                Text(
                    f"The route to {route.receiver} is never asked: that of line {line} takes every alert that it matches.",
                    f"La route vers {route.receiver} n'est jamais consultée : celle de la ligne {line} prend toutes ses alertes.",
                ),
                related=(Related(source.path, line, Text("the route that takes them", "la route qui les prend")),),
            )  # fmt: skip


def _covers(earlier: Route, later: Route) -> bool:
    wide, narrow = {m.key for m in earlier.matchers}, {m.key for m in later.matchers}
    return wide <= narrow or all(any(_implies(one, other) for one in later.matchers) for other in earlier.matchers)


def _implies(narrow: Matcher, wide: Matcher) -> bool:
    """Whether what fulfils the one fulfils the other: the same matcher, or a value among those of a pattern."""
    if narrow.key == wide.key:
        return True
    if narrow.label != wide.label or narrow.op != "=":
        return False
    try:
        return wide.accepts(narrow.value)
    except re.error:
        return False


@rule(
    "alerting/matches-no-alert", Severity.WARNING, on="alertmanager", url=ROUTE,
    title=Text("A route that no alert takes", "Une route qu'aucune alerte ne prend"),
    advice=Text(
        "The alerts that it was written for have another value there: they go to the default receiver, and nobody is woken up.",
        "Les alertes pour lesquelles elle a été écrite ont une autre valeur : elles vont au receveur par défaut, et personne n'est réveillé.",
    ),
)  # fmt: skip
def matches_no_alert(source: Source, project: Project) -> Iterator[Hit]:
    """A matcher on `severity` or `alertname` that none of the alerts fulfils which this Alertmanager can get."""
    view = config(source)
    if view is None or view.route is None or not view.route.routes:
        return
    found = answered(source, project)
    if found is None:
        return
    values: dict[str, set[str]] = {
        "alertname": {alert.alert or "" for _, alert in found},
        "severity": {alert.labels.get("severity", "") for _, alert in found},
    }
    if any("{{" in value for value in values["severity"]):
        del values["severity"]
    first = found[0]
    line = first[1].node.text.count("\n", 0, first[1].node.start) + 1
    for route in view.routes:
        for matcher in route.matchers:
            have = values.get(matcher.label)
            if have is None or matcher.value == "" or _any(matcher, have):
                continue
            listed = ", ".join(sorted(have - {""})[:8]) or "—"
            yield Hit(
                *span(matcher.node),
                Text(
                    f"No alert has {matcher.label}{matcher.op}{matcher.value}; they have: {listed}.",
                    f"Aucune alerte n'a {matcher.label}{matcher.op}{matcher.value} ; elles ont : {listed}.",
                ),
                related=(Related(first[0], line, Text("the alerts", "les alertes")),),
            )
            break


def _any(matcher: Matcher, values: set[str]) -> bool:
    try:
        return any(matcher.accepts(value) for value in values)
    except re.error:
        return True


@rule(
    "alerting/unknown-interval", Severity.ERROR, on="alertmanager", url=f"{ROUTES_DOC}#time_interval",
    title=Text("A time interval that is not defined", "Un intervalle de temps non défini"),
    advice=Text("Alertmanager refuses the whole file.", "Alertmanager refuse le fichier entier."),
)  # fmt: skip
def unknown_interval(source: Source, project: Project) -> Iterator[Hit]:
    """A name in `mute_time_intervals` or `active_time_intervals` of a route that no `time_intervals` entry has."""
    view = config(source)
    for route in view.routes if view else ():
        for key in ("mute_time_intervals", "active_time_intervals"):
            entries = route.node.get(key)
            for entry in entries.children() if entries else ():
                if view is not None and str(entry.value) not in view.intervals:
                    yield Hit(
                        *span(entry),
                        Text(
                            f"No time interval is called {entry.value}.",
                            f"Aucun intervalle de temps ne s'appelle {entry.value}.",
                        ),
                    )


RULES: tuple[Rule, ...] = (unknown_receiver, shadowed_route, matches_no_alert, unknown_interval)
