"""Rules over ServiceMonitors and PodMonitors against the Services and pods of the repository."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.prometheus import cluster
from devops_orchestrator.domains.monitoring.prometheus.cluster import GROUP, Manifest
from devops_orchestrator.domains.monitoring.prometheus.rules.scraping import span
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import Object, objects, selects, texts
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.prometheus import seconds
from devops_orchestrator.text import Text

API = "https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor"


def _monitors(source: Source, *kinds: str) -> Iterator[Object]:
    if GROUP in source.text:  # most manifests are something else: not even parsed here
        yield from (o for o in source.parsed(objects) if o.group == GROUP and o.kind in kinds)


def _services(project: Project) -> list[Manifest]:
    return [m for m in cluster.manifests(project) if m.object.kind == "Service" and m.object.group == ""]


def _selected(monitor: Object, services: list[Manifest]) -> list[Manifest] | None:
    """The Services that a monitor selects; None where it selects by expressions, which is not judged."""
    if monitor.at("spec", "selector", "matchExpressions"):
        return None
    wanted = texts(monitor.get("spec", "selector", "matchLabels"))
    if not wanted:
        return None
    return [m for m in services if selects(wanted, m.object.labels)]


@rule(
    "prometheus/monitor-selects-nothing", Severity.WARNING, on="kubernetes", url=API,
    title=Text("ServiceMonitor that selects no Service", "ServiceMonitor qui ne sélectionne aucun Service"),
    advice=Text(
        "A ServiceMonitor selects by the labels of the Service itself (metadata.labels), not by its name and not by its selector. Where none matches there is no target, and no error.",
        "Un ServiceMonitor sélectionne par les labels du Service lui-même (metadata.labels), pas par son nom ni par son selector. Si aucun ne correspond, il n'y a pas de cible, et pas d'erreur.",
    ),
)  # fmt: skip
def monitor_selects_nothing(source: Source, project: Project) -> Iterator[Hit]:
    for monitor in _monitors(source, "ServiceMonitor"):
        services = _services(project)
        found = _selected(monitor, services)
        node = monitor.get("spec", "selector", "matchLabels")
        if found is None or found or node is None:
            continue
        wanted = texts(node)
        # Of another project's Service (a database's chart) nothing can be said: only a near miss is reported.
        near = next((m for m in services if _near_miss(wanted, m, project)), None)
        if near is None:
            continue
        labels = ", ".join(f"{k}={v}" for k, v in sorted(near.object.labels.items())) or "none"
        line = Lines(near.object.node.text).place(near.object.start)[0]
        yield Hit(
            *span(node),
            Text(
                f"No Service has these labels; those of {near.object.name} are: {labels}.",
                f"Aucun Service n'a ces labels ; ceux de {near.object.name} sont : {'aucun' if labels == 'none' else labels}.",
            ),
            related=(
                Related(near.path, line, Text(f"the Service {near.object.name}", f"le Service {near.object.name}")),
            ),
        )


def _near_miss(wanted: dict[str, str], service: Manifest, project: Project) -> bool:
    """Whether the monitor seems to mean this Service: its name, or what it selects pods by."""
    values = set(wanted.values())
    return (
        service.object.name in values
        or selects(wanted, service.object.selector)
        or bool(values & set(service.object.labels.values()) & {c.name for c in project.components})
    )


@rule(
    "prometheus/monitor-port-missing", Severity.ERROR, on="kubernetes", url=API,
    title=Text("Port name that the Service has not", "Nom de port absent du Service"),
    advice=Text(
        "`port` of an endpoint is the NAME of a port of the Service. A number, a container's port name or a name that is not there gives no target, and no error.",
        "Le champ `port` d'un endpoint est le NOM d'un port du Service. Un numéro, un nom de port du conteneur ou un nom absent ne donnent aucune cible, et aucune erreur.",
    ),
)  # fmt: skip
def monitor_port_missing(source: Source, project: Project) -> Iterator[Hit]:
    for monitor in _monitors(source, "ServiceMonitor"):
        services = _services(project)
        found = _selected(monitor, services) or []
        endpoints = monitor.get("spec", "endpoints")
        for endpoint in endpoints.children() if endpoints and found else ():
            node = endpoint.get("port")
            names = {p.name: m for m in found for p in m.object.ports if p.name}
            if node is None or str(node.value) in names:
                continue
            service = found[0]
            line = Lines(service.object.node.text).place(service.object.start)[0]
            listed = ", ".join(sorted(names))
            fix = Fix(
                (source.edit(*yaml.replace(node, next(iter(names)))),), safe=False,
                title=Text(f"Scrape the port {listed}", f"Collecter le port {listed}"),
                needs=Text("the metrics are served there", "les métriques y sont servies"),
            ) if len(names) == 1 else None  # fmt: skip
            yield Hit(
                *span(node),
                Text(
                    f"The Service {service.object.name} has no port named {node.value}: {listed or 'its ports have no names'}.",
                    f"Le Service {service.object.name} n'a pas de port nommé {node.value} : {listed or 'ses ports ne sont pas nommés'}.",
                ), fix,
                related=(Related(service.path, line, Text(f"the Service {service.object.name}", f"le Service {service.object.name}")),),
            )  # fmt: skip


@rule(
    "prometheus/monitor-wrong-path", Severity.WARNING, on="kubernetes", url=API,
    title=Text("ServiceMonitor asks for a path without metrics", "ServiceMonitor sur un chemin sans métriques"),
    advice=Text(
        "The target answers 404 or a page, and stays DOWN.",
        "La cible répond 404 ou une page, et reste DOWN.",
    ),
)  # fmt: skip
def monitor_wrong_path(source: Source, project: Project) -> Iterator[Hit]:
    served = {c.name: c for c in project.components if c.metrics}
    for monitor in _monitors(source, "ServiceMonitor"):
        services = _services(project)
        found = _selected(monitor, services) or []
        component = next((served[m.object.name] for m in found if m.object.name in served), None)
        endpoints = monitor.get("spec", "endpoints")
        if component is None or endpoints is None or len(found) != 1 or len(list(endpoints.children())) != 1:
            continue
        endpoint = next(endpoints.children())
        node = endpoint.get("path")
        path = str(node.value) if node else "/metrics"
        if path == component.metrics or endpoint.kind != "map":
            continue
        right = component.metrics or "/metrics"
        edit = yaml.replace(node, right) if node else yaml.insert_after_key(endpoint, "port", f"path: {right}")
        yield Hit(
            *span(node or endpoint),
            Text(f"{component.name} serves its metrics at {right}, not at {path}.", f"{component.name} sert ses métriques sur {right}, pas sur {path}."),
            Fix(
                (source.edit(*edit),), safe=False, title=Text(f"Scrape {right}", f"Collecter {right}"),
                needs=Text("the deployed version serves this path", "la version déployée sert bien ce chemin"),
            ),
        )  # fmt: skip


@rule(
    "prometheus/monitor-timeout", Severity.ERROR, on="kubernetes", url=API,
    title=Text("Monitor's timeout longer than its interval", "Délai du monitor plus long que son intervalle"),
    advice=Text(
        "The operator rejects the monitor: its targets disappear, with an event only.",
        "L'operator rejette le monitor : ses cibles disparaissent, avec un simple événement.",
    ),
)  # fmt: skip
def monitor_timeout(source: Source, project: Project) -> Iterator[Hit]:
    for monitor in _monitors(source, "ServiceMonitor", "PodMonitor"):
        entries = monitor.get("spec", "endpoints") or monitor.get("spec", "podMetricsEndpoints")
        for endpoint in entries.children() if entries else ():
            node, interval = endpoint.get("scrapeTimeout"), endpoint.at("interval")
            timeout, limit = seconds(node.value) if node else None, seconds(interval)
            if node is None or timeout is None or limit is None or timeout <= limit:
                continue
            fix = Fix(
                (source.edit(*yaml.replace(node, str(interval))),), safe=True,
                title=Text(f"Set scrapeTimeout to {interval}", f"Fixer scrapeTimeout à {interval}"),
            )  # fmt: skip
            yield Hit(
                *span(node),
                Text(
                    f"scrapeTimeout {node.value} is longer than the interval of {interval}.",
                    f"scrapeTimeout {node.value} dépasse l'intervalle de {interval}.",
                ),
                fix,
            )


RULES: tuple[Rule, ...] = (monitor_selects_nothing, monitor_port_missing, monitor_wrong_path, monitor_timeout)
