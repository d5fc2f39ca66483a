"""Compose files: which service runs a component, which ones are databases and queues, and on what networks."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.domains.monitoring.prometheus.exporters import service_of_image
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.yaml import Node

DEFAULT_NETWORK = "default"


@dataclass(frozen=True, eq=False)
class Service:
    """One service of a compose file. `file` is the compose file's path."""

    name: str
    node: Node
    file: str

    @property
    def image(self) -> str:
        return text_of(self.node.at("image"))

    @property
    def host(self) -> str:
        """The name under which other services reach it."""
        return self.name

    @property
    def context(self) -> str | None:
        """The folder that it is built from, from the repository's root; None where it is not built here."""
        build = self.node.at("build")
        if isinstance(build, dict):
            build = build.get("context", ".")
        if not isinstance(build, str) or "://" in build:
            return None
        return posixpath.normpath(posixpath.join(posixpath.dirname(self.file), build))

    @property
    def backing(self) -> str | None:
        """The backing service that its image runs (`postgresql`, `redis`…), or None."""
        return service_of_image(self.image) if self.image and self.context is None else None

    @property
    def ports(self) -> tuple[int, ...]:
        """The container's ports that are published or exposed."""
        found: list[int] = []
        for key in ("ports", "expose"):
            entries = self.node.get(key)
            for entry in entries.children() if entries else ():
                value = entry.at("target") if entry.kind == "map" else entry.value
                port = re.search(r"(\d+)(?:/\w+)?$", text_of(value))
                if port:
                    found.append(int(port[1]))
        return tuple(dict.fromkeys(found))

    @property
    def published(self) -> tuple[int, ...]:
        """The ports that it takes on the host, as far as they are numbers."""
        entries = self.node.get("ports")
        found: list[int] = []
        for entry in entries.children() if entries else ():
            value = text_of(entry.at("published") if entry.kind == "map" else entry.value)
            port = re.search(r"(?:^|:)(\d+)(?::\d+(?:/\w+)?)?$", value)
            if port and (entry.kind == "map" or ":" in value):
                found.append(int(port[1]))
        return tuple(found)

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks that it is on; the default one where none is written."""
        value = self.node.at("networks")
        names = list(value) if isinstance(value, list | dict) else []
        return tuple(str(name) for name in names) or (DEFAULT_NETWORK,)

    @property
    def aliases(self) -> tuple[str, ...]:
        """Further names under which it is reached."""
        found = [text_of(self.node.at("container_name")), text_of(self.node.at("hostname"))]
        value = self.node.at("networks")
        for network in value.values() if isinstance(value, dict) else ():
            given = network.get("aliases") if isinstance(network, dict) else None
            found += [str(alias) for alias in given] if isinstance(given, list) else []
        return tuple(name for name in found if name)

    @property
    def environment(self) -> dict[str, str]:
        value = self.node.at("environment")
        if isinstance(value, dict):
            return {str(key): text_of(item) for key, item in value.items()}
        pairs = (str(item).partition("=") for item in value) if isinstance(value, list) else ()
        return {key: text for key, _, text in pairs}

    @property
    def command(self) -> str:
        value = self.node.at("command")
        return " ".join(text_of(part) for part in value) if isinstance(value, list) else text_of(value)


def main_file(project: Project) -> str | None:
    """The compose file that starts the application: the one nearest to the root, without an override's name."""
    candidates = [path for path in project.of_kind("compose") if not path.startswith("monitoring/")]
    plain = [p for p in candidates if posixpath.basename(p).count(".") == 1] or candidates
    return min(plain, key=lambda path: (path.count("/"), len(path), path)) if plain else None


def services(project: Project, path: str) -> list[Service]:
    """The services of a compose file; none where it cannot be parsed (a validator tells so)."""
    text = project.repository.read(path)
    try:
        documents = yaml.parse(text or "")
    except ParseError:
        return []
    entries = documents[0].get("services") if documents else None
    return [Service(text_of(key.value), node, path) for key, node in entries.items()] if entries else []


def running(component: Component, found: list[Service]) -> Service | None:
    """The service that runs a component: built from its folder, or of its name."""
    folder = posixpath.normpath(component.path)
    built = [s for s in found if s.context == folder and _serves(s, component)] or [
        s for s in found if s.context == folder
    ]
    if built:
        return next((s for s in built if s.name == component.name), built[0])
    return next((s for s in found if component.name in (s.name, s.image.rpartition("/")[2].split(":")[0])), None)


def _serves(service: Service, component: Component) -> bool:
    """A worker or a migration is built from the same folder and publishes nothing."""
    return bool(service.ports) or component.port is None


def hosts(component: Component, found: list[Service]) -> frozenset[str]:
    """Every name under which the services that run a component are reached: there may be several of one image."""
    folder = posixpath.normpath(component.path)
    first = running(component, found)
    image = first.image if first is not None else ""
    same = [s for s in found if (folder != "." and s.context == folder) or (image and s.image == image)]
    named = [s for s in found if re.search(rf"(^|/){re.escape(component.name)}(:|$)", s.image)]
    return frozenset(name for s in {*same, *named, *([first] if first else [])} for name in (s.name, *s.aliases))
