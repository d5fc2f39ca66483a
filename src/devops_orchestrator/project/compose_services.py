"""The services of compose files: images, ports, names, and which file of the repository each one reads at which path."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project.services import of_image

DEFAULT_NETWORK = "default"


@dataclass(frozen=True, eq=False)
class Mount:
    """What a service finds at `target`: a file or folder of the repository (`source`), or something else (None)."""

    target: str
    source: str | None
    node: Node


@dataclass(frozen=True, eq=False)
class Service:
    """A service of a compose file. `file` is the compose file's path."""

    name: str
    node: Node
    file: str
    configs: Node | None = None  # the `configs:` of the file

    @property
    def image(self) -> str:
        return text_of(self.node.at("image"))

    @property
    def program(self) -> str:
        """The last part of the image's name: `grafana` of `docker.io/grafana/grafana:12.0.0`."""
        return self.image.partition("@")[0].rpartition("/")[2].partition(":")[0]

    @property
    def tag(self) -> str:
        """The image's tag, `latest` where none is written; empty for one that a variable gives."""
        tag = self.image.partition("@")[0].rpartition("/")[2].partition(":")[2] or "latest"
        return "" if "$" in self.image else tag

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
        if not self.image or self.context is not None:
            return None
        return "nginx" if self.program in ("nginx", "nginx-unprivileged") else of_image(self.image)

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
    def on_host(self) -> bool:
        """Whether it shares the host's network, or another container's: then `localhost` is not its own."""
        return bool(self.node.at("network_mode"))

    @property
    def environment(self) -> dict[str, str]:
        value = self.node.at("environment")
        if isinstance(value, dict):
            return {str(key): text_of(item) for key, item in value.items()}
        pairs = (str(item).partition("=") for item in value) if isinstance(value, list) else ()
        return {key: text for key, _, text in pairs}

    @property
    def command(self) -> str:
        return self._words("command")

    @property
    def arguments(self) -> str:
        """Its entrypoint and its command, as one text."""
        return f"{self._words('entrypoint')} {self.command}".strip()

    def _words(self, key: str) -> str:
        value = self.node.at(key)
        return " ".join(text_of(part) for part in value) if isinstance(value, list) else text_of(value)

    @property
    def plain(self) -> bool:
        """Whether all that it mounts is written in its own entry of its own file."""
        merged = any(key.scalar == "<<" for key, _ in self.node.items())
        return not merged and not any(self.node.pair(key) for key in ("extends", "volumes_from"))

    @property
    def mounts(self) -> tuple[Mount, ...]:
        """What is mounted into it: volumes, bind mounts, configs."""
        entries = self.node.get("volumes")
        found = [mount for entry in (entries.children() if entries else ()) if (mount := self._mount(entry))]
        entries = self.node.get("configs")
        for entry in entries.children() if entries else ():
            name = text_of(entry.at("source") if entry.kind == "map" else entry.value)
            target = text_of(entry.at("target")) if entry.kind == "map" else ""
            file = text_of(self.configs.at(name, "file")) if self.configs is not None else ""
            found.append(Mount(target or f"/{name}", self._path(file) if file else None, entry))
        return tuple(found)

    def _mount(self, entry: Node) -> Mount | None:
        if entry.kind == "map":
            source, target = text_of(entry.at("source")), text_of(entry.at("target"))
            bound = entry.at("type") == "bind"
        else:
            written = re.sub(r"^(\$\{PWD\}|\$PWD)(?=/)", ".", text_of(entry.value))
            parts = re.sub(r"\$\{[^}]*\}", "$", written).split(":")
            source, target = (parts[0], parts[1]) if len(parts) > 1 else ("", parts[0])
            bound = source.startswith((".", "/", "~", "$"))
        if not target:
            return None
        return Mount(posixpath.normpath(target), self._path(source) if bound and source else None, entry)

    def _path(self, source: str) -> str | None:
        """A path of the repository; None for one of the machine, or that a variable gives."""
        source = re.sub(r"^(\$\{PWD\}|\$PWD)(?=/)", ".", source)
        if source.startswith(("/", "~")) or "$" in source:
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(self.file), source))
        return None if path.startswith("..") else path


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
    configs = documents[0].get("configs") if documents else None
    found = [(text_of(key.value), node) for key, node in entries.items()] if entries else []
    return [Service(name, node, path, configs) for name, node in found if node.kind == "map"]


def everywhere(project: Project) -> list[Service]:
    """The services of every compose file of the repository."""
    return project.remembered(_everywhere)


def _everywhere(project: Project) -> list[Service]:
    return [service for path in project.of_kind("compose") for service in services(project, path)]


def hosts(project: Project) -> dict[str, Service]:
    """Every name under which a compose service of the repository is reached."""
    found: dict[str, Service] = {}
    for service in everywhere(project):
        for name in (service.name, *service.aliases):
            found.setdefault(name, service)
    return found


def beside(project: Project, service: Service) -> list[Service]:
    """The entries of the same name in the same folder: a compose file and what overrides it."""
    folder = posixpath.dirname(service.file)
    return [s for s in everywhere(project) if s.name == service.name and posixpath.dirname(s.file) == folder]


def reading(project: Project, path: str) -> Iterator[tuple[Service, str, Mount]]:
    """(service, path in its container, mount) of each service into which a file of the repository is mounted."""
    for service in everywhere(project):
        for mount in service.mounts:
            if mount.source is None:
                continue
            if mount.source == path:
                yield service, mount.target, mount
            elif mount.source == "." or path.startswith(mount.source + "/"):
                inner = path if mount.source == "." else path[len(mount.source) + 1 :]
                yield service, posixpath.join(mount.target, inner), mount


def covering(project: Project, service: Service, path: str) -> Mount | None:
    """The mount through which a service sees a path of its container: the deepest one; None where there is none."""
    found = [
        mount for entry in beside(project, service) for mount in entry.mounts
        if path == mount.target or path.startswith(mount.target.rstrip("/") + "/")
    ]  # fmt: skip
    return max(found, key=lambda mount: len(mount.target), default=None)


def settled(project: Project, service: Service) -> bool:
    """Whether all that a service mounts is known: its image is used as it is, and its entries say everything."""
    return all(s.context is None and s.plain for s in beside(project, service))


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


def names_of(component: Component, found: list[Service]) -> frozenset[str]:
    """Every name under which the services that run a component are reached: there may be several of one image."""
    folder = posixpath.normpath(component.path)
    first = running(component, found)
    image = first.image if first is not None else ""
    same = [s for s in found if (folder != "." and s.context == folder) or (image and s.image == image)]
    named = [s for s in found if re.search(rf"(^|/){re.escape(component.name)}(:|$)", s.image)]
    return frozenset(name for s in {*same, *named, *([first] if first else [])} for name in (s.name, *s.aliases))


def files_in(project: Project, service: Service) -> dict[str, str]:
    """path in the container → file of the repository, of all that is mounted into a service."""
    found: dict[str, str] = {}
    for entry in beside(project, service):
        for mount in entry.mounts:
            if mount.source is None:
                continue
            inside = [mount.source] if project.repository.has(mount.source) else project.repository.below(mount.source)
            for path in inside:
                rest = path[len(mount.source) + 1 :] if path != mount.source and mount.source != "." else ""
                found[posixpath.join(mount.target, rest or (path if mount.source == "." else ""))] = path
    return {target.rstrip("/"): path for target, path in found.items()}


def misplaced(
    project: Project, path: str, programs: tuple[str, ...], flags: tuple[str, ...], default: str
) -> tuple[Service, str, str] | None:
    """(service, where a configuration is mounted, where its program reads) of a configuration that nobody reads.

    None where somebody reads it, where the program reads another file that is there, or where that cannot be told.
    """
    found: tuple[Service, str, str] | None = None
    for service, target, _ in reading(project, path):
        if service.program not in programs or not settled(project, service) or "$" in service.arguments:
            return None
        read = next((word for flag in flags if (word := _flag(service.arguments, flag))), default)
        if read == target or not read.startswith("/"):
            return None
        mount = covering(project, service, read)
        if mount is not None and (mount.source is None or read in files_in(project, service)):
            return None
        found = found or (service, target, read)
    return found


def _flag(arguments: str, name: str) -> str | None:
    """The value of `--name=value` or `--name value`."""
    given = re.search(rf"(?:^|\s){re.escape(name)}[=\s]\s*(\S+)", arguments)
    return given[1].strip("'\"") if given else None
