"""Rules on published ports: what they reach, what they open, what they take twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker_compose.rules.images import own
from devops_orchestrator.domains.containers.docker_compose.rules.listening import listening
from devops_orchestrator.domains.containers.docker_compose.rules.reading import (
    REFERENCE,
    STORES,
    built,
    line_of,
    name_of,
    once,
    related,
    services,
    store,
    trial,
)
from devops_orchestrator.formats.compose import Port, Service
from devops_orchestrator.text import Text

DOCS = REFERENCE + "services/#ports"


@rule(
    "docker-compose/open-database", Severity.WARNING, on="compose", url=DOCS,
    title=Text("A data store open to the network", "Une base ouverte au réseau"),
    advice=Text(
        "Docker publishes on all interfaces and goes around the machine's firewall: everybody on the same network reaches it.",
        "Docker publie sur toutes les interfaces et contourne le pare-feu de la machine : tout le réseau local y accède.",
    ),
)  # fmt: skip
@once
def open_database(source: Source, project: Project) -> Iterator[Hit]:
    """A published port of a data store without a loopback address; only told in files for trials."""
    for service in services(source):
        kind = store(service)
        for port in service.ports:
            if kind is None or port.ip or port.target != str(STORES[kind]) or port.protocol != "tcp":
                continue
            yield Hit(
                port.node.start, port.node.end,
                Text(f"{service.name} is published on every interface.", f"{service.name} est publié sur toutes les interfaces."),
                _on_this_machine(source, port),
                severity=Severity.INFO if trial(source.path) else None,
            )  # fmt: skip


def _on_this_machine(source: Source, port: Port) -> Fix | None:
    node = port.node
    if node.kind != "scalar" or "$" in node.scalar:
        return None
    text = node.scalar if ":" in node.scalar else f"{node.scalar}:{node.scalar}"
    return Fix(
        (source.edit(node.start, node.end, f'"127.0.0.1:{text}"'),), safe=False,
        title=Text("publish it on this machine only", "ne le publier que sur cette machine"),
        needs=Text("nobody else on the network uses it", "personne d'autre sur le réseau ne l'utilise"),
    )  # fmt: skip


# Interfaces that administer something without a login of their own, or with a known one.
ADMIN = {
    "phpmyadmin": ("80", "phpMyAdmin"), "adminer": ("8080", "Adminer"), "mongo-express": ("8081", "Mongo Express"),
    "redis-commander": ("8081", "Redis Commander"), "redisinsight": ("5540", "Redis Insight"), "kafka-ui": ("8080", "Kafka UI"),
    "kafdrop": ("9000", "Kafdrop"), "akhq": ("8080", "AKHQ"), "dozzle": ("8080", "Dozzle"), "pgweb": ("8081", "pgweb"),
    "phpredisadmin": ("80", "phpRedisAdmin"), "elasticvue": ("8080", "elasticvue"),
}  # fmt: skip
_LOGIN = re.compile(
    r"BASICAUTH_(USERNAME|ENABLED)|ME_CONFIG_BASICAUTH|HTTP_USER|HTTP_PASSWORD|AUTH_TYPE|LOGIN|DOZZLE_AUTH|AUTH_USER|--auth-user|ADMIN_PASS",
    re.I,
)


@rule(
    "docker-compose/open-admin", Severity.WARNING, on="compose", url=DOCS,
    title=Text("An administration interface open to the network", "Une interface d'administration ouverte au réseau"),
    advice=Text(
        "Docker publishes on all interfaces and goes around the machine's firewall: everybody on the same network may read, change and delete.",
        "Docker publie sur toutes les interfaces et contourne le pare-feu de la machine : tout le réseau local peut lire, modifier et supprimer.",
    ),
)  # fmt: skip
@once
def open_admin(source: Source, project: Project) -> Iterator[Hit]:
    """A published interface of ADMIN without an own login, Grafana that lets anybody in as Admin, Traefik's insecure dashboard."""
    for service in services(source):
        for port in service.ports:
            title = _administers(service, port)
            if title is None or port.ip or own(service.image, project):
                continue
            yield Hit(
                port.node.start, port.node.end,
                Text(
                    f"{service.name} ({title}) is published on every interface.", f"{service.name} ({title}) est publié sur toutes les interfaces."
                ),
                _on_this_machine(source, port),
                severity=Severity.INFO if trial(source.path) else None,
            )  # fmt: skip


def _administers(service: Service, port: Port) -> str | None:
    name = name_of(service.image)
    if name in ADMIN and port.target == ADMIN[name][0]:
        told = " ".join(v.name for v in service.environment) + service.command
        return None if _LOGIN.search(told) else ADMIN[name][1]
    if name.startswith("grafana") and port.target == "3000":
        anonymous = (service.variable("GF_AUTH_ANONYMOUS_ENABLED") or "").lower() == "true"
        return (
            "Grafana, anonymous Admin"
            if anonymous and (service.variable("GF_AUTH_ANONYMOUS_ORG_ROLE") or "").lower() == "admin"
            else None
        )
    if name == "traefik" and port.target == "8080" and re.search(r"--api\.insecure(=true)?(\s|$)", service.command):
        return "Traefik, api.insecure"
    return None


@rule(
    "docker-compose/duplicate-port", Severity.ERROR, on="compose", url=DOCS,
    title=Text("Two services want one port of the machine", "Deux services veulent le même port de la machine"),
    advice=Text(
        "The second one does not start: \"port is already allocated\".",
        "Le second ne démarre pas : « port is already allocated ».",
    ),
)  # fmt: skip
@once
def duplicate_port(source: Source, project: Project) -> Iterator[Hit]:
    """One published port of two services that start together: their profiles do not keep them apart."""
    seen: dict[tuple[str, str], tuple[Service, Port]] = {}
    for service in services(source):
        for port in service.ports:
            if port.host is None or "-" in port.host:
                continue
            first = seen.setdefault((port.host, port.protocol), (service, port))
            if first[1] is port or not _meet(first[0], service) or (first[1].ip and port.ip and first[1].ip != port.ip):
                continue
            if first[0].name == service.name and first[1].target == port.target and first[1].ip == port.ip:
                continue  # said twice
            place = service.key if first[1].node.start == port.node.start else port.node  # an anchor publishes twice
            yield Hit(
                place.start, place.end,
                Text(f"{service.name} publishes on {port.host}, like {first[0].name}.", f"{service.name} publie sur {port.host}, comme {first[0].name}."),
                related=(Related(source.path, line_of(first[1].node), Text(f"{first[0].name}", f"{first[0].name}")),),
            )  # fmt: skip


def _meet(one: Service, other: Service) -> bool:
    """Whether two services may run at once, as far as the file says."""
    mine, theirs = _profiles(one), _profiles(other)
    if one.text("deploy", "replicas") == "0" or other.text("deploy", "replicas") == "0":
        return False
    return not (mine or theirs) or (bool(mine & theirs))


def _profiles(service: Service) -> set[str]:
    node = service.get("profiles")
    return {child.scalar for child in node.children()} if node is not None else set()


@rule(
    "docker-compose/published-port-unused", Severity.ERROR, on="compose", url=DOCS,
    title=Text("The published port reaches nobody", "Le port publié n'atteint personne"),
    advice=Text(
        "The right side is the port inside the container: nobody listens there, and the browser says \"connection reset\".",
        "Le côté droit est le port dans le conteneur : personne n'y écoute, et le navigateur affiche « connexion réinitialisée ».",
    ),
)  # fmt: skip
@once
def published_port_unused(source: Source, project: Project) -> Iterator[Hit]:
    """The only published port of a built service against the port that it listens on."""
    for service in services(source):
        if len(service.ports) != 1 or service.ports[0].protocol != "tcp" or "-" in service.ports[0].target:
            continue
        node = service.get("ports")
        made = built(service, source, project)
        real = listening(service, made, source) if made is not None else None
        port = service.ports[0]
        if real is None or node is None or len(list(node.children())) != 1 or port.target == str(real.number):
            continue
        fix = None
        if port.node.kind == "scalar" and "$" not in port.node.scalar and ":" in port.node.scalar:
            at = source.text.rfind(f":{port.target}", port.node.start, port.node.end) + 1
            needs = Text(
                "What calls the published port stays as it is.", "Ce qui appelle le port publié ne change pas."
            )
            title = Text(f"Publish {real.number}", f"Publier {real.number}")
            fix = Fix((source.edit(at, at + len(port.target), str(real.number)),), False, title, needs) if at else None
        yield Hit(
            port.node.start, port.node.end,
            Text(
                f"{service.name} publishes {port.target} and listens on {real.number} ({real.evidence}).",
                f"{service.name} publie {port.target} et écoute sur {real.number} ({real.evidence}).",
            ),
            fix, related(real.evidence, f"port {real.number}", f"port {real.number}"),
        )  # fmt: skip


RULES = (open_database, open_admin, duplicate_port, published_port_unused)
