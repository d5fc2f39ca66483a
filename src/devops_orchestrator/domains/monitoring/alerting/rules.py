"""Alerts that fire at nothing, say nothing, or reach nobody."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

RULES_DOC = "https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/"
ROUTES_DOC = "https://prometheus.io/docs/alerting/latest/configuration/"
# Fields of receivers that hold a secret, and the field that reads it from a file instead.
SECRETS = {
    "api_url": "api_url_file", "service_key": "service_key_file", "routing_key": "routing_key_file",
    "bot_token": "bot_token_file", "webhook_url": "webhook_url_file", "auth_password": "auth_password_file",
    "smtp_auth_password": "smtp_auth_password_file", "slack_api_url": "slack_api_url_file",
    "api_key": "api_key_file", "opsgenie_api_key": "opsgenie_api_key_file",
}  # fmt: skip


def _alerts(source: Source) -> Iterator[Node]:
    for document in source.parsed(yaml.parse):
        groups = document.get("groups")
        for group in groups.children() if groups else ():
            rules = group.get("rules")
            for entry in rules.children() if rules else ():
                if entry.get("alert") is not None:
                    yield entry


@rule(
    "alerting/alert-without-for", Severity.WARNING, on="prometheus-rules", url=RULES_DOC,
    title=Text("An alert that fires at the first sample", "Une alerte qui part au premier échantillon"),
    advice=Text(
        "One slow scrape or one restart wakes somebody up. `for` says how long it must last.",
        "Une collecte lente ou un redémarrage réveille quelqu'un. `for` dit combien de temps cela doit durer.",
    ),
)  # fmt: skip
def alert_without_for(source: Source, project: Project) -> Iterator[Hit]:
    """An alert without `for`, unless its expression looks back by itself (a range of 5 minutes or more, absent)."""
    for alert in _alerts(source):
        expression = str(alert.at("expr", default=""))
        if alert.get("for") is not None or any(
            word in expression for word in ("absent", "_over_time(", "[1h]", "[30m]", "[6h]", "[1d]")
        ):
            continue
        name = alert.get("alert")
        assert name is not None
        fix = None
        if not alert.flow:
            fix = Fix(
                (source.edit(*yaml.insert_after_key(alert, "expr", "for: 5m")),), safe=False,
                title=Text("wait five minutes", "attendre cinq minutes"),
                needs=Text("an alert that may come five minutes later", "une alerte qui peut arriver cinq minutes plus tard"),
            )  # fmt: skip
        yield Hit(name.start, name.end, Text(f"{name.value} has no `for`.", f"{name.value} n'a pas de `for`."), fix=fix)


@rule(
    "alerting/alert-without-severity", Severity.WARNING, on="prometheus-rules", url=RULES_DOC,
    title=Text("An alert without a severity", "Une alerte sans sévérité"),
    advice=Text(
        "Routes cannot tell what wakes somebody up from what can wait until Monday.",
        "Les routes ne peuvent pas distinguer ce qui réveille quelqu'un de ce qui attend lundi.",
    ),
)  # fmt: skip
def alert_without_severity(source: Source, project: Project) -> Iterator[Hit]:
    """An alert whose labels have no `severity`."""
    for alert in _alerts(source):
        name = alert.get("alert")
        if name is not None and alert.get("labels", "severity") is None:
            yield Hit(
                name.start, name.end, Text(f"{name.value} has no severity.", f"{name.value} n'a pas de sévérité.")
            )


@rule(
    "alerting/alert-without-summary", Severity.INFO, on="prometheus-rules", url=RULES_DOC,
    title=Text("An alert that says nothing", "Une alerte muette"),
    advice=Text(
        "Whoever is woken up reads the summary first: what is broken, for whom, and where the runbook is.",
        "La personne réveillée lit d'abord le résumé : ce qui est cassé, pour qui, et où est la procédure.",
    ),
)  # fmt: skip
def alert_without_summary(source: Source, project: Project) -> Iterator[Hit]:
    """An alert without `annotations.summary` or `annotations.description`."""
    for alert in _alerts(source):
        name = alert.get("alert")
        if name is not None and not (alert.get("annotations", "summary") or alert.get("annotations", "description")):
            yield Hit(name.start, name.end, Text(f"{name.value} has no summary.", f"{name.value} n'a pas de résumé."))


@rule(
    "alerting/unknown-receiver", Severity.ERROR, on="alertmanager", url=ROUTES_DOC + "#route",
    title=Text("A route to nobody", "Une route vers personne"),
    advice=Text("Alertmanager refuses the whole file.", "Alertmanager refuse le fichier entier."),
)  # fmt: skip
def unknown_receiver(source: Source, project: Project) -> Iterator[Hit]:
    """A route whose receiver is not declared."""
    for document in source.parsed(yaml.parse)[:1]:
        receivers = document.get("receivers")
        known = {str(entry.at("name")) for entry in receivers.children()} if receivers else set()
        route = document.get("route")
        for node in route.walk() if route else ():
            receiver = node.get("receiver") if node.kind == "map" else None
            if receiver is not None and str(receiver.value) not in known:
                told = ", ".join(sorted(known)) or "—"
                yield Hit(
                    receiver.start, receiver.end,
                    Text(f"Receiver {receiver.value} is none of {told}.", f"Le receveur {receiver.value} n'est pas parmi {told}."),
                )  # fmt: skip


@rule(
    "alerting/secret-in-file", Severity.ERROR, on="alertmanager", url=ROUTES_DOC,
    title=Text("A secret in the configuration", "Un secret dans la configuration"),
    advice=Text(
        "Whoever reads the repository can write into the channel or page the team. Change it, and read it from a file.",
        "Quiconque lit le dépôt peut écrire dans le canal ou réveiller l'équipe. Changez-le, et lisez-le depuis un fichier.",
    ),
)  # fmt: skip
def secret_in_file(source: Source, project: Project) -> Iterator[Hit]:
    """A webhook address, key or password written out; it is never shown."""
    for document in source.parsed(yaml.parse)[:1]:
        for node in document.walk():
            for key, value in node.items():
                name = str(key.value)
                if (
                    name in SECRETS
                    and value.kind == "scalar"
                    and value.value
                    and not str(value.value).startswith(("$", "<", "{{"))
                ):
                    yield Hit(
                        value.start, value.end,
                        Text(f"{name} is in the file; {SECRETS[name]} reads it from elsewhere.", f"{name} est dans le fichier ; {SECRETS[name]} le lit ailleurs."),
                    )  # fmt: skip


RULES: tuple[Rule, ...] = (
    alert_without_for,
    alert_without_severity,
    alert_without_summary,
    unknown_receiver,
    secret_in_file,
)
