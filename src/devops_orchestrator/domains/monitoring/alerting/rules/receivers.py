"""Rules over receivers: whom a route reaches, with which secrets and templates."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.alerting.rules.reading import ROUTES_DOC, config, span
from devops_orchestrator.formats.alertmanager import Config, Receiver
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

# Fields of receivers that hold a secret, and the field that reads it from a file instead.
SECRETS = {
    "service_key": "service_key_file", "routing_key": "routing_key_file", "bot_token": "bot_token_file",
    "webhook_url": "webhook_url_file", "auth_password": "auth_password_file", "smtp_auth_password": "smtp_auth_password_file",
    "slack_api_url": "slack_api_url_file", "api_key": "api_key_file", "opsgenie_api_key": "opsgenie_api_key_file",
    "password": "password_file", "credentials": "credentials_file", "api_url": "api_url_file",
}  # fmt: skip
# What stands in an example for a secret that is not there.
PLACE = re.compile(
    r"<.*>|.*<[\w -]+>.*|\$\{?\w+\}?|\{\{.*\}\}|.*(\*{3,}|x{4,}|X{4,}|\.\.\.).*|(.*[-_ ])?(replace|change|your|insert|enter|example|dummy|placeholder|todo|fake|redacted|secret|token)([-_ ].*|me)?|secret|password|token|url|key",
    re.I | re.S,
)
# Names for a receiver that is meant to tell nobody.
SILENT = re.compile(
    r"(^|[-_. ])(null|none|void|noop|no-op|blackhole|black-hole|dev-?null|silence[dr]?|drop|ignored?|mute[dr]?|watchdog|deadman\w*|discard|trash|empty)",
    re.I,
)
_USED = re.compile(r"\{\{-?\s*template\s+\"([^\"]+)\"")
_DEFINED = re.compile(r"\{\{-?\s*(?:define|block)\s+\"([^\"]+)\"")
# Those that Alertmanager brings itself begin with one of these.
_BUILT_IN = re.compile(
    r"__|(slack|pagerduty|opsgenie|victorops|pushover|email|sns|telegram|discord|webex|msteams|msteamsv2|wechat|jira|rocketchat|incidentio|mattermost)\.default"
)


@rule(
    "alerting/void-receiver", Severity.WARNING, on="alertmanager", url=f"{ROUTES_DOC}#receiver",
    title=Text("A receiver that tells nobody", "Un receveur qui ne prévient personne"),
    advice=Text(
        "The alerts of its routes are taken and thrown away. A receiver that is meant to be silent says so by its name (`null`, `blackhole`).",
        "Les alertes de ses routes sont prises puis jetées. Un receveur volontairement muet le dit par son nom (`null`, `blackhole`).",
    ),
)  # fmt: skip
def void_receiver(source: Source, project: Project) -> Iterator[Hit]:
    """A receiver without any integration that a route leads to; names that say so are left alone."""
    view = config(source)
    if view is None:
        return
    for receiver in view.receivers:
        if receiver.notifies or not receiver.name or SILENT.search(receiver.name):
            continue
        route = next((r for r in view.routes if r.receiver == receiver.name), None)
        if route is None:
            continue
        line = source.lines.place(route.node.start)[0]
        default = view.route is not None and route.node.start == view.route.node.start
        yield Hit(
            *span(receiver.name_node),
            Text(
                f"{receiver.name} has no integration: {'alerts that match no route' if default else 'the alerts of its route'} reach nobody.",
                f"{receiver.name} n'a aucune intégration : {'les alertes sans route' if default else 'les alertes de sa route'} n'atteignent personne.",
            ),
            related=(Related(source.path, line, Text("the route to it", "la route qui y mène")),),
        )


@rule(
    "alerting/unused-receiver", Severity.WARNING, on="alertmanager", url=f"{ROUTES_DOC}#route",
    title=Text("A receiver that no route leads to", "Un receveur auquel aucune route ne mène"),
    advice=Text(
        "Whoever set it up believes that they are told. A route is missing, or the receiver is left over.",
        "La personne qui l'a configuré se croit prévenue. Il manque une route, ou le receveur est un reste.",
    ),
)  # fmt: skip
def unused_receiver(source: Source, project: Project) -> Iterator[Hit]:
    """A receiver with an integration whose name stands in no route."""
    view = config(source)
    used = {route.receiver for route in view.routes} if view else set()
    for receiver in view.receivers if view and used else ():
        if receiver.name and receiver.name not in used and receiver.notifies:
            yield Hit(
                *span(receiver.name_node),
                Text(
                    f"No route sends to {receiver.name}; alerts go to: {', '.join(sorted(used))}.",
                    f"Aucune route n'envoie vers {receiver.name} ; les alertes vont à : {', '.join(sorted(used))}.",
                ),
            )


@rule(
    "alerting/secret-in-file", Severity.ERROR, on="alertmanager", url=ROUTES_DOC,
    title=Text("A secret in the configuration", "Un secret dans la configuration"),
    advice=Text(
        "Whoever reads the repository can write into the channel or page the team. Change it, and read it from a file.",
        "Quiconque lit le dépôt peut écrire dans le canal ou réveiller l'équipe. Changez-le, et lisez-le depuis un fichier.",
    ),
)  # fmt: skip
def secret_in_file(source: Source, project: Project) -> Iterator[Hit]:
    """A webhook address, key or password written out; it is never shown. Placeholders are none."""
    view = config(source)
    for node in view.node.walk() if view else ():
        for key, value in node.items():
            name, written = key.scalar, value.scalar
            if name not in SECRETS or value.kind != "scalar" or not written or PLACE.fullmatch(written):
                continue
            if name == "api_url" and not re.search(r"hooks\.|/services/|/webhook|/bot\w+:", written):
                continue  # the address of a service, not a secret
            yield Hit(
                *span(value),
                Text(
                    f"{name} is in the file; {SECRETS[name]} reads it from elsewhere.",
                    f"{name} est dans le fichier ; {SECRETS[name]} le lit ailleurs.",
                ),
            )


@rule(
    "alerting/unknown-template", Severity.ERROR, on="alertmanager", url="https://prometheus.io/docs/alerting/latest/notifications/",
    title=Text("A message with a template that is not there", "Un message avec un modèle absent"),
    advice=Text(
        "The notification fails when it is needed: Alertmanager logs `template … not defined` and sends nothing.",
        "La notification échoue au moment où elle est nécessaire : Alertmanager écrit `template … not defined` et n'envoie rien.",
    ),
)  # fmt: skip
def unknown_template(source: Source, project: Project) -> Iterator[Hit]:
    """`{{ template "x" . }}` where no template file of the repository, nor this file, defines x."""
    view = config(source)
    if view is None:
        return
    used = [
        (node, found)
        for node in view.node.walk()
        if node.kind == "scalar"
        for found in _USED.finditer(node.text, node.start, node.end)
    ]
    wanted = [(node, found) for node, found in used if not _BUILT_IN.match(found[1])]
    if not wanted:
        return
    files = project.repository.glob("**/*.tmpl", "**/*.tpl", "**/*.gotmpl", "**/*.template")
    entries = view.node.get("templates")
    if entries is None or not entries.value:
        defined: set[str] = set()
    elif files:
        defined = {name for path in files for name in _DEFINED.findall(project.repository.read(path) or "")}
    else:
        return  # the files are elsewhere
    defined |= set(_DEFINED.findall(source.text))
    for _, found in wanted:
        if found[1] not in defined:
            listed = ", ".join(sorted(defined)[:8])
            yield Hit(
                found.start(1), found.end(1),
                Text(
                    f"No template is called {found[1]}" + (f": there are {listed}." if listed else ": no template file is loaded."),
                    f"Aucun modèle ne s'appelle {found[1]}" + (f" : il y a {listed}." if listed else " : aucun fichier de modèles n'est chargé."),
                ),
            )  # fmt: skip


_GROUP_LABEL = re.compile(r"\.GroupLabels\.(\w+)")


@rule(
    "alerting/label-not-grouped", Severity.WARNING, on="alertmanager", url="https://prometheus.io/docs/alerting/latest/notifications/#data",
    title=Text("A message with a label that is not grouped by", "Un message avec un label hors du regroupement"),
    advice=Text(
        "`.GroupLabels` has the labels of `group_by` alone: the place stays empty in every notification. Use `.CommonLabels`, or group by it.",
        "`.GroupLabels` ne contient que les labels de `group_by` : l'emplacement reste vide dans chaque notification. Utilisez `.CommonLabels`, ou regroupez par ce label.",
    ),
)  # fmt: skip
def label_not_grouped(source: Source, project: Project) -> Iterator[Hit]:
    """`.GroupLabels.x` in a receiver's text where no route to it groups by x."""
    view = config(source)
    for receiver in view.receivers if view else ():
        grouped = _grouped(view, receiver) if view else None
        if grouped is None:
            continue
        told: set[str] = set()
        for node in _texts(receiver.node):
            for found in _GROUP_LABEL.finditer(node.text, node.start, node.end):
                if found[1] in grouped or found[1] in told:
                    continue
                told.add(found[1])
                listed = ", ".join(sorted(grouped)) or "—"
                yield Hit(
                    *found.span(),
                    Text(
                        f"{receiver.name} is grouped by {listed}, not by {found[1]}: its place stays empty.",
                        f"{receiver.name} est regroupé par {listed}, pas par {found[1]} : l'emplacement reste vide.",
                    ),
                )


def _texts(node: Node) -> Iterator[Node]:
    return (child for child in node.walk() if child.kind == "scalar")


def _grouped(view: Config, receiver: Receiver) -> frozenset[str] | None:
    """The labels that some route to a receiver groups by; None for all of them, or where none leads to it."""
    routes = [route for route in view.routes if route.receiver == receiver.name]
    found = frozenset(label for route in routes for label in route.grouped)
    return None if not routes or "..." in found else found


RULES: tuple[Rule, ...] = (void_receiver, unused_receiver, secret_in_file, unknown_template, label_not_grouped)
