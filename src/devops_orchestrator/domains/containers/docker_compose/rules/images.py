"""Rules on the images that a compose file names: moving tags, ended versions, versions that differ from place to place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from devops_orchestrator.core import base_images
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker_compose.rules.reading import (
    REFERENCE,
    line_of,
    name_of,
    once,
    parsed,
    services,
    store,
    tag_of,
    trial,
)
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import compose, workflow, yaml
from devops_orchestrator.formats.compose import Service
from devops_orchestrator.text import Text


@rule(
    "docker-compose/obsolete-version", Severity.INFO, on="compose", url=REFERENCE + "version-and-name/",
    title=Text("The `version` key is obsolete", "La clé `version` est obsolète"),
    advice=Text(
        "Compose ignores it and warns at each command.",
        "Compose l'ignore et affiche un avertissement à chaque commande.",
    ),
)  # fmt: skip
@once
def obsolete_version(source: Source, project: Project) -> Iterator[Hit]:
    """A top-level `version`; not in the stack of a Swarm, which still reads it."""
    if any(s.get("deploy", key) is not None for s in services(source) for key in ("update_config", "placement")):
        return
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
@once
def moving_image(source: Source, project: Project) -> Iterator[Hit]:
    """An image without a tag, or with one that names no version.

    Left alone: what the file builds, what a variable names, and the repository's own image. In files for trials only
    data stores count: their data does not survive a major version.
    """
    made = {service.image for service in services(source) if service.get("build") is not None}
    others = [s for path in project.of_kind("compose") for s in _of(project, path) if s.get("build") is not None]
    made |= {s.image for s in others}
    built_elsewhere = {s.name for s in others}
    told: set[str] = set()
    for service in services(source):
        node, image = service.get("image"), service.image
        if node is None or not image or "$" in image or "@" in image or image in made or image in told:
            continue
        tag = tag_of(image)
        if not _moves(image, tag) or own(image, project) or _local(image) or service.name in built_elsewhere:
            continue
        told.add(image)
        keeps = store(service) not in (None, "memcached")
        if trial(source.path) and not keeps:
            continue
        yield Hit(
            node.start, node.end,
            Text(f"{service.name} runs {image} without a version.", f"{service.name} utilise {image} sans version."),
            severity=None if keeps else Severity.INFO,
        )  # fmt: skip


def _moves(image: str, tag: str) -> bool:
    if tag in ("", "latest"):
        return True
    known = base_images.reference(image)
    return (known.product or known.server) is not None and known.version is None and known.os is None


# Official images without a version of ours in the facts.
_OFFICIAL = frozenset(
    {
        "adminer",
        "phpmyadmin",
        "mongo-express",
        "nats",
        "consul",
        "vault",
        "ghost",
        "wordpress",
        "nextcloud",
        "solr",
        "zookeeper",
        "influxdb",
        "telegraf",
        "sonarqube",
        "registry",
        "cassandra",
        "neo4j",
        "couchdb",
        "memcached",
        "httpd",
        "caddy",
        "haproxy",
        "traefik",
        "busybox",
        "kibana",
        "logstash",
        "varnish",
        "tomcat",
        "joomla",
        "drupal",
        "matomo",
        "rethinkdb",
        "eclipse-mosquitto",
        "mosquitto",
        "arangodb",
        "clickhouse",
    }
)


def _local(image: str) -> bool:
    """Whether a name without an owner is no official image: then it is one that is built on the machine."""
    ref = base_images.reference(image)
    return "/" not in ref.name and (ref.product or ref.server) is None and ref.name not in _OFFICIAL


def _of(project: Project, path: str) -> tuple[Service, ...]:
    found = parsed(project, path)
    return found.services if found is not None else ()


def own(image: str, project: Project) -> bool:
    """Whether an image is the repository's own: its users are meant to take the newest."""
    names = {
        re.sub(r"[^a-z0-9]", "", word.lower())
        for word in (project.name.rpartition("+")[2], *(project.vcs.slug or "").split("/"))
        if word
    }
    owner = (project.vcs.slug or project.name.replace("+", "/")).split("/")[0].lower()
    path = image.partition("@")[0].rpartition(":")[0] or image
    words = [re.sub(r"[^a-z0-9]", "", word.lower()) for word in path.split("/")]
    parts = project.name.rpartition("+")[2].lower().split("-")
    if len(parts) > 1 and path.rpartition("/")[2].startswith("-".join(parts[:2]) + "-"):
        return True
    return any(word in names for word in words if len(word) > 3) or (len(owner) > 3 and owner in path.split("/"))


@rule(
    "docker-compose/end-of-life-image", Severity.WARNING, on="compose", url="https://endoflife.date/",
    title=Text("An image past its end of life", "Une image en fin de vie"),
    advice=Text(
        "It gets no security fixes any more. A database is easier to move one version at a time than five at once.",
        "Elle ne reçoit plus de correctifs de sécurité. Une base se migre plus facilement une version à la fois que cinq d'un coup.",
    ),
)  # fmt: skip
@once
def end_of_life_image(source: Source, project: Project) -> Iterator[Hit]:
    """A database or language image whose version gets no fixes any more, by the facts' day."""
    told: set[str] = set()
    matrix = Counter(name_of(image) for image in {service.image for service in services(source)})
    for service in services(source):
        if matrix[name_of(service.image)] > 2:
            continue  # many versions side by side: that is what the file is for
        node, image = service.get("image"), compose.filled(service.image)
        if node is None or not image or service.get("build") is not None or image in told:
            continue
        ref = base_images.reference(image)
        product, version = ref.product or ref.server, ref.product_version
        over = base_images.end_of_life(product, version) if product and version else None
        if over is None or product is None or version is None:
            continue
        told.add(image)
        name, day = base_images.NAMES[product], base_images.today()
        yield Hit(
            node.start, node.end,
            Text(
                f"{name} {version} has been out of support {over.since.en} (as of {day}).",
                f"{name} {version} n'est plus maintenu {over.since.fr} (au {day}).",
            ),
            severity=Severity.INFO if trial(source.path) else None,
        )  # fmt: skip


@rule(
    "docker-compose/tested-with-another-version", Severity.WARNING, on="compose", url=REFERENCE + "services/#image",
    title=Text("The pipeline tests with another version of the database", "Le pipeline teste avec une autre version de la base"),
    advice=Text(
        "What passes in the pipeline may fail here: types, functions and defaults change from one major version to the next.",
        "Ce qui passe dans le pipeline peut échouer ici : types, fonctions et valeurs par défaut changent d'une version majeure à l'autre.",
    ),
)  # fmt: skip
@once
def tested_with_another_version(source: Source, project: Project) -> Iterator[Hit]:
    """A database's major version that no workflow starts, where workflows start others of it."""
    tested = project.remembered(_tested)
    if trial(source.path):
        return
    for service in services(source):
        node, image = service.get("image"), compose.filled(service.image)
        name = name_of(image or "")
        versions = tested.get(name, {})
        if node is None or not image or name not in _COMPARED or not versions or None in versions:
            continue
        ours = _major(name, tag_of(image))
        if ours is None or ours in versions:
            continue
        shown = ", ".join(sorted(str(version) for version in versions))
        yield Hit(
            node.start, node.end,
            Text(
                f"{service.name} runs {name} {ours}; the pipeline tests with {shown} ({next(iter(versions.values()))}).",
                f"{service.name} utilise {name} {ours} ; le pipeline teste avec {shown} ({next(iter(versions.values()))}).",
            ),
            related=tuple(
                Related(place.rpartition(":")[0], int(place.rpartition(":")[2]), Text(f"{name} {version}", f"{name} {version}"))
                for version, place in versions.items()
            ),
        )  # fmt: skip


_COMPARED = frozenset({"postgres", "mysql", "mariadb", "mongo"})


def _major(name: str, tag: str) -> str | None:
    """The part of a version that decides on compatibility: 16 of `16.2-alpine`, 8.0 of `8.0.36`; None where none is named."""
    found = re.match(r"(\d+)(?:\.(\d+))?", tag)
    if found is None:
        return None
    if name == "mysql" or (name == "mariadb" and found[1] in ("10", "11")):
        return f"{found[1]}.{found[2]}" if found[2] else found[1]
    return found[1]


def _tested(project: Project) -> dict[str, dict[str | None, str]]:
    """Database → major version → place, of the service containers of workflows; the version None where one is not known."""
    found: dict[str, dict[str | None, str]] = {}
    for path in project.of_kind("github-workflow"):
        try:
            read = workflow.parse(project.repository.read(path) or "")
        except ParseError:
            continue
        for job in read.jobs:
            running = job.get("services")
            for _, service in running.items() if running is not None else ():
                node = service if service.kind == "scalar" else service.get("image")
                if node is None or node.kind != "scalar":
                    continue
                image = node.scalar
                name = name_of(image.partition("${{")[0].rstrip("-") or image)
                version = None if "${{" in image else _major(name, tag_of(image))
                if "${{" in image and ":" not in image.partition("${{")[0]:
                    return {}  # a matrix of databases: which ones is not known here
                found.setdefault(name, {}).setdefault(version, f"{path}:{line_of(node)}")
    return found


RULES = (obsolete_version, moving_image, end_of_life_image, tested_with_another_version)
