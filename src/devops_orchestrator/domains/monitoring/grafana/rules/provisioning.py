"""Rules over provisioning files: sources that can be reached, folders that are there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Rule, Severity, Source, rule
from devops_orchestrator.domains.monitoring.grafana import provisioned
from devops_orchestrator.domains.monitoring.grafana.provisioned import DataSource, providers_of, sources_of
from devops_orchestrator.domains.monitoring.grafana.rules.sources import PROVISIONING
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.prometheus import place
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import compose_services
from devops_orchestrator.project.compose_services import Service
from devops_orchestrator.text import Text

LOCAL = ("localhost", "127.0.0.1", "0.0.0.0")  # noqa: S104
# type of source → (programs that are one, the port on which they listen)
SERVERS = {
    "prometheus": (("prometheus",), 9090), "loki": (("loki",), 3100), "tempo": (("tempo",), 3200),
    "elasticsearch": (("elasticsearch",), 9200), "influxdb": (("influxdb",), 8086), "alertmanager": (("alertmanager",), 9093),
    "jaeger": (("all-in-one", "jaeger"), 16686), "zipkin": (("zipkin",), 9411), "pyroscope": (("pyroscope",), 4040),
}  # fmt: skip


def _document(source: Source) -> Node | None:
    documents = source.parsed(yaml.parse)
    return documents[0] if documents and documents[0].kind == "map" else None


@rule(
    "grafana/unreachable-datasource", Severity.ERROR, on="grafana-provisioning", url=PROVISIONING,
    title=Text("A data source that Grafana cannot reach", "Une source de données que Grafana ne peut pas joindre"),
    advice=Text(
        "Grafana's server asks, from its own container: `localhost` is Grafana itself, and only the names of the compose services are known there.",
        "C'est le serveur Grafana qui interroge, depuis son conteneur : `localhost` est Grafana lui-même, et seuls les noms des services compose y sont connus.",
    ),
)  # fmt: skip
def unreachable_datasource(source: Source, project: Project) -> Iterator[Hit]:
    """Where compose runs this Grafana: a url to localhost, to a name that is no service, or to another port."""
    document = _document(source)
    running = provisioned.grafanas(project, source.path)
    if document is None or not running or any(s.on_host for s in running):
        return
    hosts = compose_services.hosts(project)
    for entry in sources_of(source.path, document):
        node = entry.node.get("url")
        found = re.match(r"(?:\w+://)?([^/:@\s]+)(?::(\d+))?(/|$)", entry.url)
        if (
            node is None
            or found is None
            or "$" in entry.url
            or text_of(entry.node.at("access")) in ("direct", "browser")
        ):
            continue
        host, port = found[1], int(found[2]) if found[2] else None
        said = _wrong(host, port, entry, hosts)
        if said is None:
            continue
        text, right = said
        start, end = place(node, entry.url[found.start(1) : found.end(2) if found[2] else found.end(1)])
        fix = None
        if right:
            fix = Fix(
                (source.edit(start, end, right),), safe=False, title=Text(f"Ask {right}", f"Interroger {right}"),
                needs=Text(f"{right} is the server that was meant", f"{right} est bien le serveur visé"),
            )  # fmt: skip
        line = running[0].node.text.count("\n", 0, running[0].node.start) + 1
        where = (Related(running[0].file, line, Text("the service that reads it", "le service qui le lit")),)
        yield Hit(start, end, text, fix, related=where)


def _wrong(host: str, port: int | None, entry: DataSource, hosts: dict[str, Service]) -> tuple[Text, str | None] | None:
    """What is wrong with an address, and the right one where there is exactly one server of its type."""
    programs, usual = SERVERS.get(entry.type, ((), 0))
    servers = sorted({s.name for s in hosts.values() if s.program in programs})
    right = f"{servers[0]}:{usual}" if len(servers) == 1 else None
    told = ": " + right if right else ""
    service = hosts.get(host)
    if host in LOCAL:
        return Text(
            f"{host} is Grafana's own container{told}.",
            f"{host} est le conteneur de Grafana lui-même{' : ' + right if right else ''}.",
        ), right
    if service is None and "." not in host and servers:
        return Text(
            f"No service of the compose files is called {host}{told}.",
            f"Aucun service des fichiers compose ne s'appelle {host}{' : ' + right if right else ''}.",
        ), right
    if service is None or service.program not in programs or port in (None, usual) or port in service.ports:
        return None
    if re.search(r"listen|port", service.arguments) or service.environment:
        return None
    if port in service.published:
        return Text(
            f"{host} listens on {usual}; {port} is only its published port on the host.",
            f"{host} écoute sur le port {usual} ; {port} n'est que son port publié sur l'hôte.",
        ), f"{host}:{usual}"
    return Text(
        f"{host} listens on {usual}, not on {port}.", f"{host} écoute sur le port {usual}, pas sur {port}."
    ), f"{host}:{usual}"


@rule(
    "grafana/two-defaults", Severity.ERROR, on="grafana-provisioning", url=PROVISIONING,
    title=Text("Two default data sources", "Deux sources de données par défaut"),
    advice=Text(
        "Grafana refuses them and does not start: `Only one datasource per organization can be marked as default`.",
        "Grafana les refuse et ne démarre pas : `Only one datasource per organization can be marked as default`.",
    ),
)  # fmt: skip
def two_defaults(source: Source, project: Project) -> Iterator[Hit]:
    """Two entries with `isDefault: true` in one file, or in files of one folder."""
    document = _document(source)
    if document is None:
        return
    folder = posixpath.dirname(source.path)
    beside = [one for one in provisioned.data_sources(project) if posixpath.dirname(one.path) == folder]
    default = [one for one in beside if one.node.at("isDefault") is True]
    for entry in sources_of(source.path, document):
        node = entry.node.get("isDefault")
        if node is None or node.value is not True:
            continue
        first = next(one for one in default if one.organization == entry.organization)
        if first.path == source.path and first.node.start == entry.node.start:
            continue
        line = first.node.text.count("\n", 0, first.node.start) + 1
        yield Hit(
            node.start, node.end,
            Text(f"{first.name} is the default already.", f"{first.name} est déjà celle par défaut."),
            Fix(
                (source.edit(node.start, node.end, "false"),), safe=False,
                title=Text(f"{first.name} alone is the default", f"{first.name} seule par défaut"),
                needs=Text(f"{first.name} is the one that was meant", f"{first.name} est bien celle voulue"),
            ),
            related=(Related(first.path, line, Text("the first default", "la première par défaut")),),
        )  # fmt: skip


@rule(
    "grafana/no-dashboards", Severity.ERROR, on="grafana-provisioning", url=PROVISIONING,
    title=Text("A provider of a folder that is not there", "Un fournisseur d'un dossier absent"),
    advice=Text(
        "`options.path` is a folder of Grafana's container. Nothing is mounted there, so Grafana starts without the dashboards and repeats `Cannot read directory` in its log.",
        "`options.path` est un dossier du conteneur de Grafana. Rien n'y est monté : Grafana démarre sans les tableaux de bord et répète `Cannot read directory` dans son journal.",
    ),
)  # fmt: skip
def no_dashboards(source: Source, project: Project) -> Iterator[Hit]:
    """A provider whose path no mount of the Grafana service covers, or where the mounted folder has no dashboard."""
    document = _document(source)
    running = provisioned.grafanas(project, source.path)
    if document is None or not running or any(not compose_services.settled(project, s) for s in running):
        return
    service = running[0]
    for provider in providers_of(source.path, document):
        node = provider.folder_node
        if node is None or not provider.folder.startswith("/") or "$" in provider.folder:
            continue
        inside = posixpath.normpath(provider.folder)
        mount = compose_services.covering(project, service, inside)
        seen = compose_services.files_in(project, service)
        below = [
            m for s in compose_services.beside(project, service) for m in s.mounts if m.target.startswith(inside + "/")
        ]
        there = [p for p in seen if p.startswith(inside + "/") and p.endswith(".json")]
        if there or below or (mount is not None and mount.source is None):
            continue
        line = service.node.text.count("\n", 0, service.node.start) + 1
        if mount is None:
            text = Text(
                f"Nothing is mounted at {inside} in {service.name}.",
                f"Rien n'est monté en {inside} dans {service.name}.",
            )
        elif project.repository.below(mount.source or ""):
            text = Text(
                f"{service.name} mounts {mount.source}, and no dashboard of it is at {inside}.",
                f"{service.name} monte {mount.source}, et aucun tableau de bord ne s'y trouve en {inside}.",
            )
        else:
            continue
        yield Hit(
            node.start, node.end, text,
            related=(Related(service.file, line, Text(f"what {service.name} mounts", f"ce que monte {service.name}")),),
        )  # fmt: skip


RULES: tuple[Rule, ...] = (unreachable_datasource, two_defaults, no_dashboards)
