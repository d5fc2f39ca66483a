"""What Grafana finds when it starts: the data sources and dashboards that its provisioning files name."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core.project import Project
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project import compose_services
from devops_orchestrator.project.compose_services import Service

PROVISIONING = "/etc/grafana/provisioning"


@dataclass(frozen=True, eq=False)
class DataSource:
    """An entry of `datasources:`."""

    path: str
    node: Node

    @property
    def name(self) -> str:
        return text_of(self.node.at("name"))

    @property
    def type(self) -> str:
        return text_of(self.node.at("type"))

    @property
    def url(self) -> str:
        return text_of(self.node.at("url"))

    @property
    def uids(self) -> frozenset[str]:
        """Its uid, or the one that Grafana makes of its name."""
        return frozenset({text_of(self.node.at("uid")) or made_of(self.name)})

    @property
    def organization(self) -> str:
        return text_of(self.node.at("orgId")) or "1"


@dataclass(frozen=True, eq=False)
class Provider:
    """An entry of `providers:`: Grafana reads the dashboards below `folder` in its container."""

    path: str
    node: Node

    @property
    def folder_node(self) -> Node | None:
        return self.node.get("options", "path") or self.node.get("options", "folder")

    @property
    def folder(self) -> str:
        return text_of(self.folder_node.value) if self.folder_node is not None else ""


def made_of(name: str) -> str:
    """The uid of a provisioned data source that is given none: it is the same on every Grafana."""
    return ("P" + hashlib.sha256(name.encode()).hexdigest()[:16]).upper()


def _documents(project: Project) -> Iterator[tuple[str, Node]]:
    for path in project.of_kind("grafana-provisioning"):
        try:
            documents = yaml.parse(project.repository.read(path) or "")
        except ParseError:
            continue
        yield from ((path, document) for document in documents[:1])


def data_sources(project: Project) -> list[DataSource]:
    """The data sources of the repository's provisioning files."""
    return project.remembered(_data_sources)


def _data_sources(project: Project) -> list[DataSource]:
    return [source for path, document in _documents(project) for source in sources_of(path, document)]


def sources_of(path: str, document: Node) -> Iterator[DataSource]:
    """The data sources of one provisioning file."""
    entries = document.get("datasources")
    yield from (DataSource(path, child) for child in (entries.children() if entries else ()) if child.kind == "map")


def providers_of(path: str, document: Node) -> Iterator[Provider]:
    """The dashboard providers of one provisioning file."""
    entries = document.get("providers")
    yield from (Provider(path, child) for child in (entries.children() if entries else ()) if child.kind == "map")


def grafanas(project: Project, path: str) -> list[Service]:
    """The Grafana services into which a provisioning file is mounted, at the place where Grafana looks for it."""
    found = compose_services.reading(project, path)
    return [s for s, target, _ in found if s.program.startswith("grafana") and target.startswith(PROVISIONING + "/")]


def served(project: Project) -> dict[str, str]:
    """dashboard file of the repository → the provisioning file whose provider reads it."""
    return project.remembered(_served)


def _served(project: Project) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, document in _documents(project):
        for provider in providers_of(path, document):
            for service in grafanas(project, path) if provider.folder else ():
                below = posixpath.normpath(provider.folder) + "/"
                for inside, file in compose_services.files_in(project, service).items():
                    if inside.startswith(below) and file.endswith(".json"):
                        found.setdefault(file, path)
    return found


def complete(project: Project) -> bool:
    """Whether all data sources of the Grafana are known: provisioned, and none with a name that a variable gives."""
    found = data_sources(project)
    return bool(found) and not any("$" in f"{s.name}{text_of(s.node.at('uid'))}" for s in found)
