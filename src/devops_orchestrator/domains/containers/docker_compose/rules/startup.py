"""Rules on the order of the start: what a service waits for, and whether that can ever be true."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker_compose.rules.reading import (
    REFERENCE,
    Built,
    built,
    line_of,
    once,
    services,
    store,
    together,
)
from devops_orchestrator.formats.compose import Service
from devops_orchestrator.text import Text

# Ready as soon as their container runs: nothing to wait for.
_AT_ONCE = frozenset({"redis", "valkey", "memcached"})
_WAITS = re.compile(
    r"wait[-_]?for|waitfor|dockerize|/dev/tcp/|pg_isready|mysqladmin|mysqlisready|\bnc -z|\bnc -w|until |while !|wait_for|db:prepare|db_wait|wait-on|tcp-port|depends-on",
    re.I,
)


@rule(
    "docker-compose/dependency-not-awaited", Severity.INFO, on="compose", url=REFERENCE + "services/#depends_on",
    title=Text("Started before its dependency is ready", "Démarré avant que sa dépendance soit prête"),
    advice=Text(
        "`depends_on` as a list waits for the container, not for the service in it: the first start fails on a slow machine. A health "
        "check and `condition: service_healthy` wait for the service.",
        "`depends_on` en liste attend le conteneur, pas le service qu'il contient : le premier démarrage échoue sur une machine lente. Un "
        "healthcheck et `condition: service_healthy` attendent le service.",
    ),
)  # fmt: skip
@once
def dependency_not_awaited(source: Source, project: Project) -> Iterator[Hit]:
    """`depends_on` as a list that names a database, of a service built here whose start does not wait by itself.

    What another repository's image does at its start is not known. A warning where the start migrates the database: a
    program may try again by itself, a migration does not.
    """
    by_name = {service.name: service for service in services(source)}
    for service in by_name.values():
        for need in service.needs:
            target = by_name.get(need.name)
            if need.condition is not None or target is None or store(target) in (None, *_AT_ONCE):
                continue
            made = built(service, source, project)
            if re.search(r"sleep infinity|tail -[fF] /dev/null", service.command):
                continue  # whoever opens the container starts the application
            if made is None or _waits(service, made, project):
                continue
            again = (
                service.text("restart") not in ("", "no", "false")
                or service.get("deploy", "restart_policy") is not None
            )
            migrates = not again and bool(_MIGRATES.search(_started(service, made)))
            check = target.get("healthcheck")
            yield Hit(
                need.node.start, need.node.end,
                Text(f"{service.name} does not wait until {need.name} is ready.", f"{service.name} n'attend pas que {need.name} soit prêt."),
                related=(Related(source.path, line_of(check), Text("its health check is there already", "son healthcheck existe déjà")),) if check else (),
                severity=Severity.WARNING if migrates else None,
            )  # fmt: skip


_MIGRATES = re.compile(
    r"alembic upgrade|manage\.py migrate|db:migrate|prisma (migrate|db push)|artisan migrate|flask db upgrade|typeorm migration:run|sequelize db:migrate|ecto\.migrate"
)


def _started(service: Service, made: Built) -> str:
    """The words that the container starts."""
    own = [item.arguments for name in ("ENTRYPOINT", "CMD") if (item := made.last(name)) is not None]
    return service.command or " ".join(own)


def _waits(service: Service, made: Built, project: Project) -> bool:
    """Whether the command, or a script that the image starts, waits or may wait for the database."""
    start = [made.last(name) for name in ("ENTRYPOINT", "CMD")]
    words = service.command + " " + " ".join(item.arguments for item in start if item is not None)
    if _WAITS.search(words) or (made.dockerfile is None and not made.path.endswith("Dockerfile")):
        return True
    known = False
    for word in re.findall(r"[\w./-]+", words):
        name = posixpath.basename(word)
        for path in project.repository.files:
            if (
                posixpath.basename(path) == name
                and "." not in (name[:1],)
                and (path.endswith((".sh", ".bash")) or "entrypoint" in name)
            ):
                known = True
                if _WAITS.search(project.repository.read(path) or ""):
                    return True
    script = re.search(r"(entrypoint|\.sh\b|s6|supervisord|/init\b)", words)
    return bool(script) and not known  # a script that comes with the base image


@rule(
    "docker-compose/condition-never-met", Severity.ERROR, on="compose", url=REFERENCE + "services/#depends_on",
    title=Text("Waits for the health of a service without a health check", "Attend la santé d'un service sans healthcheck"),
    advice=Text(
        "`docker compose up` stops with \"has no healthcheck configured\", or waits for ever.",
        "`docker compose up` s'arrête avec « has no healthcheck configured », ou attend indéfiniment.",
    ),
)  # fmt: skip
@once
def condition_never_met(source: Source, project: Project) -> Iterator[Hit]:
    """`condition: service_healthy` on a service that has no check, in no file of the folder, nor in its Dockerfile.

    Of images from elsewhere only those of data stores are known to bring none.
    """
    files = together(source, project)
    for service in services(source):
        for need in service.needs:
            if need.condition != "service_healthy":
                continue
            targets = [found for _, file in files if (found := file.service(need.name))]
            if not targets or any(t.get("healthcheck") is not None or t.get("extends") is not None for t in targets):
                continue
            if files[0][1].includes:
                continue
            makers = [made for t in targets if (made := built(t, source, project))]
            stores = any(
                store(t) and "/" not in t.image.removeprefix("docker.io/").removeprefix("library/") for t in targets
            )
            plain = makers and all(
                m.dockerfile is not None and m.base and not m.last("HEALTHCHECK") and _brings_none(m.base)
                for m in makers
            )
            if stores or plain:
                key = targets[0].key
                yield Hit(
                    need.node.start, need.node.end,
                    Text(f"{need.name} has no health check: this condition is never met.", f"{need.name} n'a pas de healthcheck : cette condition n'est jamais remplie."),
                    related=(Related(source.path, line_of(key), Text("no healthcheck here", "pas de healthcheck ici")),) if key.text == source.text else (),
                )  # fmt: skip


def _brings_none(base: str) -> bool:
    """Whether a base image is an official one without HEALTHCHECK."""
    from devops_orchestrator.core import base_images

    ref = base_images.reference(base)
    return ref.product is not None or ref.server is not None or ref.distroless


RULES = (dependency_not_awaited, condition_never_met)
