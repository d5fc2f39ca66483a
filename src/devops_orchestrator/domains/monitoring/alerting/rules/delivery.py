"""Rules over the way from Prometheus to Alertmanager, and from Alertmanager's file to its program."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.alerting.rules.reading import config, span
from devops_orchestrator.formats import prometheus, yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import compose_services, exports
from devops_orchestrator.text import Text

ALERTING = "https://prometheus.io/docs/prometheus/latest/configuration/configuration/#alertmanager_config"
PORT = 9093


def _targets(view: prometheus.Config) -> Iterator[tuple[prometheus.Target, Node]]:
    """(target, its `alertmanagers` entry) of the static ones."""
    entries = view.node.get("alerting", "alertmanagers")
    for entry in entries.children() if entries else ():
        groups = entry.get("static_configs")
        for group in groups.children() if groups else ():
            targets = group.get("targets")
            for node in targets.children() if targets else ():
                if text_of(node.value):
                    yield prometheus.Target(text_of(node.value), node), entry


def _discovers(view: prometheus.Config) -> bool:
    entries = view.node.get("alerting", "alertmanagers")
    return any(
        key.scalar.endswith("_sd_configs")
        for entry in (entries.children() if entries else ())
        for key, _ in entry.items()
    )


@rule(
    "alerting/no-alertmanager", Severity.WARNING, on="prometheus", url=ALERTING,
    title=Text("Alerts that are sent to nobody", "Des alertes envoyées à personne"),
    advice=Text(
        "Prometheus evaluates them and shows them on its own page, where nobody looks at night. Name the Alertmanager under `alerting`.",
        "Prometheus les évalue et les affiche sur sa propre page, que personne ne regarde la nuit. Indiquez l'Alertmanager sous `alerting`.",
    ),
)  # fmt: skip
def no_alertmanager(source: Source, project: Project) -> Iterator[Hit]:
    """A configuration that loads alerts of the repository and has no Alertmanager to send them to."""
    view = source.parsed(prometheus.config)
    if view is None or not view.rule_files or any(True for _ in _targets(view)) or _discovers(view):
        return
    found = [
        (path, rule) for path, groups in exports.rule_files(project) for group in groups for rule in group.rules
        if rule.alert and exports.loaded(project, source.path, view, path)
    ]  # fmt: skip
    if not found:
        return
    path, first = found[0]
    place = view.node.pair("alerting") or view.node.pair("rule_files")
    names = ", ".join(sorted({alert.alert or "" for _, alert in found})[:4])
    line = first.node.text.count("\n", 0, first.node.start) + 1
    if place is not None:
        yield Hit(
            *span(place[0]),
            Text(
                f"{len(found)} alerts are loaded ({names}…), and no Alertmanager gets them.",
                f"{len(found)} alertes sont chargées ({names}…) et aucun Alertmanager ne les reçoit.",
            ) if len(found) > 1 else Text(
                f"The alert {names} is loaded, and no Alertmanager gets it.",
                f"L'alerte {names} est chargée et aucun Alertmanager ne la reçoit.",
            ),
            related=(Related(path, line, Text("the alerts", "les alertes")),),
        )  # fmt: skip


@rule(
    "alerting/no-such-alertmanager", Severity.ERROR, on="prometheus", url=ALERTING,
    title=Text("An Alertmanager that is not there", "Un Alertmanager qui n'existe pas"),
    advice=Text(
        "Prometheus tries to send and fails, with one line in its log for each attempt; no notification leaves.",
        "Prometheus tente d'envoyer et échoue, avec une ligne dans son journal à chaque essai ; aucune notification ne part.",
    ),
)  # fmt: skip
def no_such_alertmanager(source: Source, project: Project) -> Iterator[Hit]:
    """Where compose runs this Prometheus: a target that is no service, the container itself, or another port."""
    view = source.parsed(prometheus.config)
    if view is None:
        return
    running = [s for s, _, _ in compose_services.reading(project, source.path) if "prometheus" in s.program]
    if not running or any(s.on_host or s.context is not None for s in running):
        return
    hosts = compose_services.hosts(project)
    managers = sorted({s.name for s in hosts.values() if s.program == "alertmanager"})
    for target, _ in _targets(view):
        host, where = target.host, (Related(running[0].file, 1, Text("the services", "les services")),)
        service = hosts.get(host)
        if host in ("localhost", "127.0.0.1"):
            en = f"{host} is the container of Prometheus itself" + (
                f": Alertmanager is {managers[0]}." if managers else "."
            )
            fr = f"{host} est le conteneur de Prometheus lui-même" + (
                f" : Alertmanager est {managers[0]}." if managers else "."
            )
        elif service is None and "." not in host and "$" not in host and host != "host":
            en = f"No service of the compose files is called {host}" + (
                f": Alertmanager is {managers[0]}." if managers else "."
            )
            fr = f"Aucun service des fichiers compose ne s'appelle {host}" + (
                f" : Alertmanager est {managers[0]}." if managers else "."
            )
        elif (
            service is not None
            and service.program == "alertmanager"
            and target.port not in (None, PORT)
            and "listen" not in service.arguments
        ):
            en = f"{host} listens on {PORT}, not on {target.port}."
            fr = f"{host} écoute sur le port {PORT}, pas sur {target.port}."
        else:
            continue
        fix = None
        if len(managers) == 1:
            right = f"{managers[0]}:{PORT}"
            fix = Fix(
                (source.edit(*yaml.replace(target.node, f"'{right}'")),), safe=False,
                title=Text(f"Send to {right}", f"Envoyer vers {right}"),
                needs=Text(f"{right} is the Alertmanager that was meant", f"{right} est bien l'Alertmanager visé"),
            )  # fmt: skip
        yield Hit(*span(target.node), Text(en, fr), fix, related=where)


@rule(
    "alerting/config-not-read", Severity.ERROR, on="alertmanager", url="https://prometheus.io/docs/alerting/latest/configuration/",
    title=Text("A configuration that Alertmanager does not read", "Une configuration qu'Alertmanager ne lit pas"),
    advice=Text(
        "The container starts with the configuration of its image, which sends everything to a webhook that does not exist.",
        "Le conteneur démarre avec la configuration de son image, qui envoie tout à un webhook inexistant.",
    ),
)  # fmt: skip
def config_not_read(source: Source, project: Project) -> Iterator[Hit]:
    """The file is mounted at one path of the container, and `--config.file` (or the default) is another, empty one."""
    view = config(source)
    found = compose_services.misplaced(
        project, source.path, ("alertmanager",), ("--config.file", "-config.file"), "/etc/alertmanager/alertmanager.yml"
    )
    if view is None or found is None:
        return
    service, mounted, read = found
    key = next(iter(view.node.items()))[0]
    line = service.node.text.count("\n", 0, service.node.start) + 1
    yield Hit(
        *span(key),
        Text(
            f"{service.name} has this file at {mounted}, and reads {read}.",
            f"{service.name} a ce fichier en {mounted}, mais lit {read}.",
        ),
        related=(Related(service.file, line, Text(f"the service {service.name}", f"le service {service.name}")),),
    )


RULES: tuple[Rule, ...] = (no_alertmanager, no_such_alertmanager, config_not_read)
