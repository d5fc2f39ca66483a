"""`monitoring/compose.yaml`: Prometheus and the exporters, on the networks of what they read."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from devops_orchestrator.core import facts
from devops_orchestrator.core.change import File
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit
from devops_orchestrator.domains.monitoring.prometheus.targets import Exported
from devops_orchestrator.formats import template, yaml
from devops_orchestrator.project import compose_services as compose
from devops_orchestrator.project.compose_services import DEFAULT_NETWORK, Service
from devops_orchestrator.text import Text

FILE = "monitoring/compose.yaml"


@dataclass(frozen=True)
class Line:
    """A variable or an argument, with its reason."""

    text: str
    name: str = ""
    comment: str = ""


@dataclass(frozen=True)
class Container:
    """One exporter's service."""

    name: str
    image: str
    command: list[Line]
    environment: list[Line]
    extra: list[str]
    networks: tuple[str, ...]


def image() -> str:
    """Prometheus' image at the newest long-term release of the facts."""
    runtime = facts.load("runtimes")["prometheus"]
    cycle = runtime.get("latest_lts") or runtime["latest_supported"]
    latest = next(c["latest"] for c in runtime["cycles"] if c["cycle"] == cycle)
    return f"prom/prometheus:v{latest}"


def file(
    main: str, services: list[Service], wanted: list[Exported], apps: list[Service], *, server: bool, host: bool
) -> File | None:
    """The compose file that is started together with `main`; without `server`, of the exporters alone."""
    networks = _reaching([s.networks for s in (*(i.service for i in wanted if i.service is not None), *apps)])
    containers = [container for item in wanted if (container := _container(item, networks)) is not None]
    if not server and not containers:
        return None
    content = template.render(
        __package__, "compose.yaml",
        main=main, image=image(), exporters=[_lines(container) for container in containers], server=server, host=host,
        what=("Prometheus and exporters" if containers else "Prometheus") if server else "Exporters",
        networks=_written(networks), published=_free(services),
        folder=posixpath.join(posixpath.relpath(".", posixpath.dirname(main) or "."), "monitoring"),
    )  # fmt: skip
    return File(
        FILE, content,
        why=Text(
            "Prometheus and the exporters as containers, started together with the application's.",
            "Prometheus et les exporteurs en conteneurs, démarrés avec ceux de l'application.",
        ),
    )  # fmt: skip


def completed(project: Project, wanted: list[Exported]) -> list[Edit]:
    """The exporters that a `monitoring/compose.yaml` lacks, put at the end of its services."""
    there = compose.services(project, FILE)
    text = project.repository.read(FILE)
    if text is None or not there:
        return []
    near = next((s.networks for s in there if s.name == "prometheus"), ())
    names = {service.name for service in there} | {s.image.split(":")[0] for s in there}
    lacking = [c for item in wanted if (c := _container(item, near)) and not {c.name, c.image.split(":")[0]} & names]
    entries = yaml.parse(text)[0].get("services")
    if not lacking or entries is None or entries.flow:
        return []
    block = "".join("\n" + "\n".join(_lines(container)) + "\n" for container in lacking)
    return [Edit(FILE, *yaml.insert_after_key(entries, there[-1].name, block))]


def _lines(container: Container) -> list[str]:
    return template.render(__package__, "exporter.yaml", exporter=container).rstrip("\n").split("\n")


def _container(item: Exported, near: tuple[str, ...]) -> Container | None:
    """One exporter's service, on the networks of what it reads, else on those of Prometheus (`near`)."""
    exporter = item.exporter
    if exporter.image is None:
        return None
    comments = exporter.comments
    command = [Line(_filled(text, item), comment=comments.get(text, "")) for text in exporter.command]
    environment = [
        Line(_filled(text, item), name, comments.get(name, ""))
        for name, text in {**exporter.environment, **_password(item)}.items()
    ]
    networks = _written(item.service.networks if item.service else near)
    return Container(
        item.name, exporter.image, command, environment, exporter.extra.split("\n") if exporter.extra else [], networks
    )


def _filled(text: str, item: Exported) -> str:
    service = item.service
    host = service.host if service else "host.docker.internal"
    port = item.exporter.default
    if service is not None and item.exporter.job == "nginx" and service.ports:
        port = service.ports[0]
    return text.replace("{host}", host).replace("{port}", str(port))


def _password(item: Exported) -> dict[str, str]:
    """Redis is started with a password: the exporter takes it from the same variable."""
    service = item.service
    if service is None or item.exporter.name != "redis_exporter" or "requirepass" not in service.command:
        return {}
    said = re.search(r"requirepass\s+[\"']?(\$\{?\w+[^\s\"']*)", service.command)
    return {"REDIS_PASSWORD": said[1] if said else "${REDIS_PASSWORD:?the password of --requirepass}"}


def _reaching(needed: list[tuple[str, ...]]) -> tuple[str, ...]:
    """The fewest networks that reach all of these services: the only ones first, then what is still out of reach."""
    chosen: list[str] = []
    for names in sorted(needed, key=lambda names: (len(names), names)):
        if not set(names) & set(chosen):
            chosen.append(names[0])
    return tuple(sorted(chosen))


def _written(networks: tuple[str, ...]) -> tuple[str, ...]:
    """The networks to write down: none where only the default one is used."""
    return () if networks in ((), (DEFAULT_NETWORK,)) else networks


def _free(services: list[Service]) -> int:
    """The port on this machine: 9090, or the next one that no service publishes."""
    taken = {port for service in services for port in service.published}
    return next(port for port in (9090, 9091, 9092, 19090, 29090) if port not in taken)
