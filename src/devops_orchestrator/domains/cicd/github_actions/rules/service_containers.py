"""Service containers of jobs: whether they are awaited, and whether they are the versions that the project runs on."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions.rules.edits import insert
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import workflow, yaml
from devops_orchestrator.formats.workflow import Job
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

_URL = "https://docs.github.com/en/actions/tutorials/use-containerized-services"
# Servers that answer only seconds after their container has started → the command that tells when they do.
_SLOW = {
    "postgres": "pg_isready -U postgres", "postgis": "pg_isready -U postgres", "timescaledb": "pg_isready -U postgres", "pgvector": "pg_isready -U postgres",
    "mysql": "mysqladmin ping", "mysql-server": "mysqladmin ping", "mariadb": "healthcheck.sh --connect --innodb_initialized", "rabbitmq": "rabbitmq-diagnostics -q ping",
    "elasticsearch": "curl -fs http://localhost:9200/_cluster/health", "opensearch": "curl -fs http://localhost:9200/_cluster/health",
}  # fmt: skip
_AWAITED = re.compile(
    r"pg_isready|wait-for|wait_for|waitfor|wait-on|dockerize|mysqladmin|\bnc\s+-|\buntil\b|\bwhile\b|healthcheck|_cluster/health|/dev/tcp|netcat|\bretry\b|sleep\s+\d"
)
# Image → (its name for the reader, how many numbers of its version make a release line).
_KNOWN = {
    "postgres": ("PostgreSQL", 1), "postgis": ("PostGIS", 1), "pgvector": ("pgvector", 1), "mysql": ("MySQL", 2), "mariadb": ("MariaDB", 2), "redis": ("Redis", 1),
    "valkey": ("Valkey", 1), "mongo": ("MongoDB", 1), "rabbitmq": ("RabbitMQ", 1), "elasticsearch": ("Elasticsearch", 1), "opensearch": ("OpenSearch", 1),
    "memcached": ("Memcached", 1),
}  # fmt: skip


@dataclass(frozen=True)
class _Image:
    """An image reference: the last part of its name, and its tag (empty where it has none)."""

    name: str
    tag: str

    def line(self) -> tuple[int, ...] | None:
        """The numbers of its release line; None where the tag does not say them."""
        count = _KNOWN[self.name][1]
        found = re.match(r"(?:pg)?v?(\d+(?:\.\d+)*)", self.tag)
        numbers = tuple(int(part) for part in found[1].split(".")) if found else ()
        return numbers[:count] if len(numbers) >= count else None


def _image(reference: str) -> _Image | None:
    if not reference or "$" in reference or "@" in reference:
        return None
    name, _, tag = reference.rpartition("/")[2].partition(":")
    return _Image(name, tag)


def _services(job: Job) -> Iterator[tuple[Node, Node, Node]]:
    """(key, mapping or word, image) of the services of a job."""
    found = job.get("services")
    for key, entry in found.items() if found is not None else ():
        image = entry.get("image") if entry.kind == "map" else entry
        if image is not None and image.kind == "scalar" and not image.alias:
            yield key, entry, image


@rule(
    "github-actions/unready-service", Severity.WARNING, on="github-workflow",
    title=Text("Tests that do not wait for their database", "Des tests qui n'attendent pas leur base"),
    advice=Text(
        "GitHub starts the steps when the container runs, not when the server answers: the first connections are refused on some runs and not on others.",
        "GitHub lance les étapes quand le conteneur tourne, pas quand le serveur répond : les premières connexions sont refusées, certaines fois seulement.",
    ),
    url=_URL,
)  # fmt: skip
def unready_service(source: Source, project: Project) -> Iterator[Hit]:
    """A database or broker among the services without a health check, in a job that does not wait for it otherwise."""
    for job in source.parsed(workflow.parse).jobs:
        if any(step.script and _AWAITED.search(step.script.text) for step in job.steps) or any(
            step.uses and re.search(r"wait|ready", step.uses.name) for step in job.steps
        ):
            continue
        for key, entry, node in _services(job):
            image = _image(node.scalar)
            options = str(entry.at("options", default="")) if entry.kind == "map" else ""
            if image is None or image.name not in _SLOW or "--health-" in options or entry.alias:
                continue
            check = _SLOW[image.name]
            edits = None
            if entry.kind == "map" and entry.get("options") is None:
                line = f'options: --health-cmd "{check}" --health-interval 5s --health-timeout 5s --health-retries 20'
                edits = insert(source, entry, "image", line)
            fix = Fix(
                edits, False, Text("wait until it answers", "attendre qu'il réponde"),
                Text(f"Check that `{check}` works in this image.", f"Vérifiez que `{check}` fonctionne dans cette image."),
            ) if edits else None  # fmt: skip
            yield Hit(
                key.start, key.end,
                Text(f"The steps of {job.id} start before {key.scalar} ({node.scalar}) answers: it has no health check.", f"Les étapes de {job.id} démarrent avant que {key.scalar} ({node.scalar}) ne réponde : pas de health check."),
                fix,
            )  # fmt: skip


@rule(
    "github-actions/moving-service", Severity.WARNING, on="github-workflow",
    title=Text("A service container that moves", "Un conteneur de service qui bouge"),
    advice=Text(
        "Without a version the tests run on whatever was released last: they break on a day when nothing was changed.",
        "Sans version, les tests tournent sur la dernière parue : ils cassent un jour où rien n'a changé.",
    ),
    url=_URL,
)  # fmt: skip
def moving_service(source: Source, project: Project) -> Iterator[Hit]:
    """The image of a service without a tag, or with `latest`."""
    for job in source.parsed(workflow.parse).jobs:
        for _, _, node in _services(job):
            image = _image(node.scalar)
            if image is None or image.tag not in ("", "latest"):
                continue
            used = _composed(project).get(image.name, ())
            tags = sorted({tag for tag, _, _ in used})
            place = used[0] if len(tags) == 1 else None
            also = (
                (
                    f"; {place[1]}:{place[2]} has {image.name}:{place[0]}",
                    f" ; {place[1]}:{place[2]} utilise {image.name}:{place[0]}",
                )
                if place
                else ("", "")
            )
            fix = None
            if place:
                quote = source.text[node.start] if source.text[node.start] in "'\"" else ""
                name = node.scalar.removesuffix(":latest")
                fix = Fix(
                    (source.edit(node.start, node.end, f"{quote}{name}:{place[0]}{quote}"),), False, Text(f"use {place[0]}", f"utiliser {place[0]}"),
                    Text("Check that the server in production is of this version.", "Vérifiez que le serveur en production est de cette version."),
                )  # fmt: skip
            yield Hit(
                node.start, node.end,
                Text(f"{node.scalar} names no version{also[0]}.", f"{node.scalar} ne nomme pas de version{also[1]}."), fix,
                (Related(place[1], place[2], Text("the version there", "la version d'ici")),) if place else (),
            )  # fmt: skip


@rule(
    "github-actions/service-mismatch", Severity.WARNING, on="github-workflow",
    title=Text("The tests run on another database than the application", "Les tests tournent sur une autre base que l'application"),
    advice=Text(
        "What passes on one major version of a database may fail on another: the tests should run on the one that is used.",
        "Ce qui passe sur une version majeure d'une base peut échouer sur une autre : les tests doivent tourner sur celle qui sert.",
    ),
    url=_URL,
)  # fmt: skip
def service_mismatch(source: Source, project: Project) -> Iterator[Hit]:
    """A service whose release line is none of those that the compose files name."""
    for job in source.parsed(workflow.parse).jobs:
        for _, _, node in _services(job):
            image = _image(node.scalar)
            line = image.line() if image is not None and image.name in _KNOWN else None
            if image is None or line is None:
                continue
            used = [
                (found, place)
                for found in _composed(project).get(image.name, ())
                if (place := _Image(image.name, found[0]).line())
            ]
            if len({place for _, place in used}) != 1 or used[0][1] == line:
                continue
            tag, path, number = used[0][0]
            name = _KNOWN[image.name][0]
            at = source.text.find(image.tag, node.start, node.end)
            yield Hit(
                node.start, node.end,
                Text(f"{job.id} tests on {name} {image.tag}; {path}:{number} runs {image.name}:{tag}.", f"{job.id} teste sur {name} {image.tag} ; {path}:{number} utilise {image.name}:{tag}."),
                Fix(
                    (source.edit(at, at + len(image.tag), tag),), False, Text(f"test on {tag}", f"tester sur {tag}"),
                    Text("Check which version production runs.", "Vérifiez quelle version tourne en production."),
                ) if at >= 0 else None,
                (Related(path, number, Text(f"{image.name}:{tag}", f"{image.name}:{tag}")),),
            )  # fmt: skip


_Used = tuple[str, str, int]  # tag, file, line


def _composed(project: Project) -> dict[str, tuple[_Used, ...]]:
    return project.remembered(_read_compose)


def _read_compose(project: Project) -> dict[str, tuple[_Used, ...]]:
    """Image name → (tag, file, line) of each use in the compose files of the repository."""
    found: dict[str, list[_Used]] = {}
    own = [
        path
        for path in project.of_kind("compose")
        if "compose" in posixpath.basename(path) and not re.search(r"example|sample|/tests?/|ci", path)
    ]
    for path in own:
        try:
            documents = yaml.parse(project.repository.read(path) or "")
        except ParseError:
            continue
        for document in documents[:1]:
            services = document.get("services")
            for _, service in services.items() if services is not None else ():
                node = service.get("image")
                image = _image(node.scalar) if node is not None and node.kind == "scalar" else None
                if node is not None and image is not None and image.tag not in ("", "latest"):
                    line = node.text.count("\n", 0, node.start) + 1
                    found.setdefault(image.name, []).append((image.tag, path, line))
    return {name: tuple(uses) for name, uses in found.items()}
