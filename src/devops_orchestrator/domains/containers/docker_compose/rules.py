"""Compose files that start in the wrong order, open too much, or move under one's feet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Rule, Severity, Source, rule
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

REFERENCE = "https://docs.docker.com/reference/compose-file/"
# Image name → the port that it listens on: data stores that nobody outside should reach.
STORES = {
    "postgres": 5432, "postgresql": 5432, "mysql": 3306, "mariadb": 3306, "mongo": 27017, "redis": 6379, "valkey": 6379,
    "elasticsearch": 9200, "memcached": 11211, "rabbitmq": 5672,
}  # fmt: skip
SHORT = re.compile(
    r"^(?:(?P<ip>\d+\.[\d.]+|\[[0-9a-f:]+\]|\$\{[^}]*\}):)?(?:(?P<host>[\d-]+):)?(?P<port>\d+)(?:/\w+)?$"
)


def _services(source: Source) -> Iterator[tuple[str, Node]]:
    for document in source.parsed(yaml.parse)[:1]:
        services = document.get("services")
        for key, value in services.items() if services else ():
            yield str(key.value), value


def _store(service: Node) -> str | None:
    image = str(service.at("image", default="")).rpartition("/")[2].split(":")[0].split("@")[0]
    return image if image in STORES else None


@rule(
    "docker-compose/obsolete-version", Severity.INFO, on="compose", url=REFERENCE + "version-and-name/",
    title=Text("The `version` key is obsolete", "La clé `version` est obsolète"),
    advice=Text(
        "Compose ignores it and warns at each command.",
        "Compose l'ignore et affiche un avertissement à chaque commande.",
    ),
)  # fmt: skip
def obsolete_version(source: Source, project: Project) -> Iterator[Hit]:
    """A top-level `version`."""
    for document in source.parsed(yaml.parse)[:1]:
        pair = document.pair("version")
        if pair and not document.flow and len(list(document.items())) > 1:
            start, end, text = yaml.remove_pair(document, "version")
            yield Hit(
                pair[0].start, pair[1].end, Text("`version` is ignored.", "`version` est ignorée."),
                fix=Fix(
                    (source.edit(start, end, text),), safe=True,
                    title=Text("take the line out", "retirer la ligne"),
                ),
            )  # fmt: skip


@rule(
    "docker-compose/moving-image", Severity.WARNING, on="compose", url=REFERENCE + "services/#image",
    title=Text("An image that moves", "Une image qui bouge"),
    advice=Text(
        "The next pull may bring another major version; a database then refuses its own data folder.",
        "Le prochain pull peut amener une autre version majeure ; une base refuse alors son propre dossier de données.",
    ),
)  # fmt: skip
def moving_image(source: Source, project: Project) -> Iterator[Hit]:
    """An image without a tag, or with `latest`; one that the file also builds, or that a variable names, is left alone."""
    for name, service in _services(source):
        node = service.get("image")
        if node is None or service.get("build") or "$" in str(node.value) or "@" in str(node.value):
            continue
        tag = str(node.value).rpartition("/")[2].partition(":")[2]
        if tag in ("", "latest"):
            yield Hit(
                node.start, node.end,
                Text(f"{name} runs {node.value} without a version.", f"{name} utilise {node.value} sans version."),
            )  # fmt: skip


@rule(
    "docker-compose/dependency-not-awaited", Severity.WARNING, on="compose", url=REFERENCE + "services/#depends_on",
    title=Text("Started before its dependency is ready", "Démarré avant que sa dépendance soit prête"),
    advice=Text(
        "`depends_on` as a list waits for the container, not for the service in it: the first start fails on a slow machine. A health "
        "check and `condition: service_healthy` wait for the service.",
        "`depends_on` en liste attend le conteneur, pas le service qu'il contient : le premier démarrage échoue sur une machine lente. Un "
        "healthcheck et `condition: service_healthy` attendent le service.",
    ),
)  # fmt: skip
def dependency_not_awaited(source: Source, project: Project) -> Iterator[Hit]:
    """`depends_on` that names a data store without waiting for its health."""
    services = dict(_services(source))
    for name, service in services.items():
        depends = service.get("depends_on")
        if depends is None:
            continue
        if depends.kind == "list":
            named = [(str(entry.value), entry) for entry in depends.children()]
        else:
            named = [
                (str(k.value), k)
                for k, v in depends.items()
                if v.at("condition", default="service_started") == "service_started"
            ]
        for target, place in named:
            if target in services and _store(services[target]):
                yield Hit(
                    place.start, place.end,
                    Text(f"{name} does not wait until {target} is ready.", f"{name} n'attend pas que {target} soit prêt."),
                )  # fmt: skip


@rule(
    "docker-compose/open-database", Severity.WARNING, on="compose", url=REFERENCE + "services/#ports",
    title=Text("A data store open to the network", "Une base ouverte au réseau"),
    advice=Text(
        "Docker publishes on all interfaces and goes around the machine's firewall: everybody on the same network reaches it.",
        "Docker publie sur toutes les interfaces et contourne le pare-feu de la machine : tout le réseau local y accède.",
    ),
)  # fmt: skip
def open_database(source: Source, project: Project) -> Iterator[Hit]:
    """A published port of a data store without a loopback address."""
    for name, service in _services(source):
        store, ports = _store(service), service.get("ports")
        if store is None or ports is None:
            continue
        for entry in ports.children():
            match = SHORT.match(str(entry.value)) if entry.kind == "scalar" else None
            if match is None or match["ip"] or int(match["port"]) != STORES[store]:
                continue
            bound = f'"127.0.0.1:{match["host"] or match["port"]}:{match["port"]}"'
            yield Hit(
                entry.start, entry.end,
                Text(f"{name} is published on every interface.", f"{name} est publié sur toutes les interfaces."),
                fix=Fix(
                    (source.edit(entry.start, entry.end, bound),), safe=False,
                    title=Text("publish it on this machine only", "ne le publier que sur cette machine"),
                    needs=Text(
                        "nobody else on the network uses it", "personne d'autre sur le réseau ne l'utilise"
                    ),
                ),
            )  # fmt: skip


@rule(
    "docker-compose/unknown-build-context", Severity.ERROR, on="compose", url=REFERENCE + "build/#context",
    title=Text("A build that points to nothing", "Un build qui ne pointe sur rien"),
    advice=Text("`docker compose build` stops here.", "`docker compose build` s'arrête ici."),
)  # fmt: skip
def unknown_build_context(source: Source, project: Project) -> Iterator[Hit]:
    """A build context without files, or a Dockerfile that is not there. Remote contexts and variables are not verified."""
    folder = PurePosixPath(source.path).parent
    for name, service in _services(source):
        build = service.get("build")
        if build is None:
            continue
        context = build if build.kind == "scalar" else build.get("context")
        told = str(context.value) if context else "."
        if re.search(r"[$]|://|^git@", told) or build.at("dockerfile_inline"):
            continue
        base = _join(folder, told)
        dockerfile = build.get("dockerfile") if build.kind == "map" else None
        wanted = _join(PurePosixPath(base), str(dockerfile.value) if dockerfile else "Dockerfile")
        if base.startswith("..") or wanted.startswith("..") or "$" in wanted:
            continue
        place = dockerfile or context or build
        if not project.repository.has(wanted):
            yield Hit(
                place.start, place.end,
                Text(f"{name}: there is no {wanted}.", f"{name} : {wanted} n'existe pas."),
            )  # fmt: skip


def _join(folder: PurePosixPath, path: str) -> str:
    parts: list[str] = []
    for part in (*folder.parts, *PurePosixPath(path).parts):
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts) or "."


RULES: tuple[Rule, ...] = (
    obsolete_version,
    moving_image,
    dependency_not_awaited,
    open_database,
    unknown_build_context,
)
