"""Rules on the hosts in connection strings: services of the file, never the container itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker_compose.rules.reading import (
    STORES,
    line_of,
    once,
    services,
    store,
    together,
)
from devops_orchestrator.formats.compose import Compose, Service, Variable
from devops_orchestrator.text import Text

_SCHEMES = {
    "postgres": ("postgres", "postgresql", "postgis", "pgvector", "timescaledb"), "postgresql": ("postgres", "postgresql", "postgis", "pgvector", "timescaledb"),
    "pgsql": ("postgres", "postgis"), "mysql": ("mysql", "mariadb"), "mysql2": ("mysql", "mariadb"), "mariadb": ("mariadb", "mysql"),
    "mongodb": ("mongo",), "redis": ("redis", "valkey"), "amqp": ("rabbitmq",),
}  # fmt: skip
_URL = re.compile(
    r"(?P<scheme>[a-z][a-z0-9]*)(?:\+[a-z0-9]+)?://(?:[^/\s@]*@)?(?P<host>[A-Za-z0-9_.-]+)(?::(?P<port>\d+))?(?=[/?,\s\"']|$)"
)
_ITSELF = frozenset({"localhost", "127.0.0.1"})


@rule(
    "docker-compose/localhost-in-container", Severity.ERROR, on="compose", url="https://docs.docker.com/compose/how-tos/networking/",
    title=Text("A container that looks for its database in itself", "Un conteneur qui cherche sa base en lui-même"),
    advice=Text(
        "In a container, localhost is the container: the connection is refused. The other service is reached by its name.",
        "Dans un conteneur, localhost désigne le conteneur : la connexion est refusée. L'autre service s'atteint par son nom.",
    ),
)  # fmt: skip
@once
def localhost_in_container(source: Source, project: Project) -> Iterator[Hit]:
    """A connection string to localhost of a kind that another service of the file runs."""
    running = list(services(source))
    for service in running:
        if service.text("network_mode") or service.text("network") == "host":
            continue
        for variable, found in _addresses(service):
            if found["host"] not in _ITSELF:
                continue
            others = [s for s in running if s.name != service.name and store(s) in _SCHEMES[found["scheme"]]]
            if len(others) != 1 or store(service) in _SCHEMES[found["scheme"]]:
                continue
            start, end = _place(source, variable, found)
            title = Text(f"Use {others[0].name}", f"Utiliser {others[0].name}")
            needs = Text(
                f"Inside the network {others[0].name} listens on its own port, not on the published one.",
                f"Dans le réseau, {others[0].name} écoute sur son propre port, pas sur celui qui est publié.",
            )
            yield Hit(
                start, end,
                Text(
                    f"{variable.name} of {service.name} names {found['host']}; the {found['scheme']} server is the service {others[0].name}.",
                    f"{variable.name} de {service.name} nomme {found['host']} ; le serveur {found['scheme']} est le service {others[0].name}.",
                ),
                Fix((source.edit(start, end, others[0].name),), False, title, needs),
                (Related(source.path, line_of(others[0].key), Text("the service", "le service")),),
            )  # fmt: skip


@rule(
    "docker-compose/unknown-host", Severity.ERROR, on="compose", url="https://docs.docker.com/compose/how-tos/networking/",
    title=Text("A host that is no service", "Un hôte qui n'est pas un service"),
    advice=Text(
        "The name does not resolve on the network of the file: the connection fails with \"could not translate host name\".",
        "Le nom n'est pas résolu sur le réseau du fichier : la connexion échoue avec « could not translate host name ».",
    ),
)  # fmt: skip
@once
def unknown_host(source: Source, project: Project) -> Iterator[Hit]:
    """The host of a connection string that is no service, alias or name known here, where a service of its kind is."""
    files = [file for _, file in together(source, project)]
    if any(file.includes for file in files):
        return
    known = {name.lower() for file in files for name in _names(file)}
    outside = any(_external(file) for file in files)
    running = list(services(source))
    for service in running:
        if service.text("network_mode") or outside or service.get("external_links") is not None:
            continue
        for variable, found in _addresses(service):
            host = found["host"]
            others = [s for s in running if s.name != service.name and store(s) in _SCHEMES[found["scheme"]]]
            if "." in host or host.lower() in known | _ITSELF or not others or host in _extra(service):
                continue
            start, end = _place(source, variable, found)
            fix = None
            if len(others) == 1:
                needs = Text(
                    "The name and the port must be those of this service.",
                    "Le nom et le port doivent être ceux de ce service.",
                )
                fix = Fix(
                    (source.edit(start, end, others[0].name),),
                    False,
                    Text(f"Use {others[0].name}", f"Utiliser {others[0].name}"),
                    needs,
                )
            yield Hit(
                start, end,
                Text(
                    f"{variable.name} of {service.name}: no service is called {host}.", f"{variable.name} de {service.name} : aucun service ne s'appelle {host}."
                ),
                fix, tuple(Related(source.path, line_of(s.key), Text(f"{s.name} runs {s.image}", f"{s.name} utilise {s.image}")) for s in others),
            )  # fmt: skip


@rule(
    "docker-compose/published-port-inside", Severity.ERROR, on="compose", url="https://docs.docker.com/compose/how-tos/networking/",
    title=Text("The published port, used inside the network", "Le port publié, utilisé à l'intérieur du réseau"),
    advice=Text(
        "Between services the port of the container counts; the published one is for the machine. The connection is refused.",
        "Entre services, c'est le port du conteneur qui compte ; le port publié est pour la machine. La connexion est refusée.",
    ),
)  # fmt: skip
@once
def published_port_inside(source: Source, project: Project) -> Iterator[Hit]:
    """A connection string to a data store of the file on a port that it only publishes."""
    running = {service.name: service for service in services(source)}
    for service in running.values():
        for variable, found in _addresses(service):
            target = running.get(found["host"])
            kind = store(target) if target is not None else None
            if target is None or kind is None or not found["port"] or kind not in _SCHEMES[found["scheme"]]:
                continue
            real = STORES[kind]
            mapped = {port.host: port.target for port in target.ports}
            if (
                int(found["port"]) == real
                or mapped.get(found["port"]) != str(real)
                or re.search(r"(?i)port", target.command)
            ):
                continue
            start, end = _place(source, variable, found, "port")
            needs = Text(f"{target.name} listens on {real}.", f"{target.name} écoute sur {real}.")
            yield Hit(
                start, end,
                Text(
                    f"{target.name} listens on {real}; {found['port']} is only its published port.",
                    f"{target.name} écoute sur {real} ; {found['port']} n'est que son port publié.",
                ),
                Fix((source.edit(start, end, str(real)),), False, Text(f"Use {real}", f"Utiliser {real}"), needs),
            )  # fmt: skip


def _addresses(service: Service) -> Iterator[tuple[Variable, re.Match[str]]]:
    """The connection strings in a service's variables, of the kinds that are known, with a host that is written."""
    for variable in service.environment:
        for found in _URL.finditer(variable.value or ""):
            if found["scheme"] in _SCHEMES and not re.search(
                r"\$\{?[^}@]*$", (variable.value or "")[: found.start("host")].rpartition("@")[2].rpartition("//")[2]
            ):
                yield variable, found


def _place(source: Source, variable: Variable, found: re.Match[str], part: str = "host") -> tuple[int, int]:
    """The place of a part of a connection string in the file; all of its value where that cannot be told."""
    node = variable.value_node or variable.node
    begin = source.text.find(found[0], node.start, node.end)
    if begin < 0:
        return node.start, node.end
    return begin + found.start(part) - found.start(), begin + found.end(part) - found.start()


def _names(file: Compose) -> Iterator[str]:
    """The names by which the services of a file are reached."""
    for service in file.services:
        yield service.name
        yield service.text("container_name")
        yield service.text("hostname")
        networks = service.get("networks")
        for _, network in networks.items() if networks is not None else ():
            yield from (str(name) for name in network.at("aliases", default=None) or ())
        links = service.get("links")
        for link in links.children() if links is not None else ():
            yield link.scalar.rpartition(":")[2]


def _external(file: Compose) -> bool:
    networks = file.root.get("networks") if file.root is not None else None
    return any(
        value.get("external") is not None and value.at("external") is not False
        for _, value in (networks.items() if networks else ())
    )


def _extra(service: Service) -> set[str]:
    node = service.get("extra_hosts")
    if node is None:
        return set()
    return {re.split("[:=]", child.scalar)[0] for child in node.children()} | {key.scalar for key, _ in node.items()}


RULES = (localhost_in_container, unknown_host, published_port_inside)
