"""What a log agent's configuration says, whatever the agent: where it sends to, and which files it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core.rule import Source
from devops_orchestrator.formats import fluentbit, yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.yaml import Node

KINDS = ("promtail", "filebeat", "fluent-bit", "otel-collector")
_URL = re.compile(r"(?:\w+://)?(?:[^/@\s]*@)?([^/:@\s\[\]]+)(?::(\d+))?")
# Exporters of a collector whose `endpoint` is where they listen themselves.
_LISTENERS = ("prometheus", "opencensus", "debug", "logging", "file", "zpages", "health_check")


@dataclass(frozen=True)
class Place:
    """A value of a configuration and where it stands."""

    text: str
    start: int
    end: int

    @property
    def host(self) -> str:
        found = _URL.match(self.text)
        return found[1] if found else ""

    @property
    def port(self) -> int | None:
        found = _URL.match(self.text)
        return int(found[2]) if found and found[2] else None


def _scalars(node: Node | None) -> Iterator[Place]:
    """A scalar, or the scalars of a list."""
    if node is None:
        return
    for one in (node, *node.children()):
        if one.kind == "scalar" and text_of(one.value):
            yield Place(text_of(one.value), one.start, one.end)


def _top(source: Source) -> Node | None:
    documents = source.parsed(yaml.parse)
    return documents[0] if documents and documents[0].kind == "map" else None


def dotted(node: Node, *path: str) -> Node | None:
    """A value of a Beat's configuration, where `a.b: x` and `a: {b: x}` are the same."""
    if not path:
        return node
    for count in range(len(path), 0, -1):
        found = node.get(".".join(path[:count]))
        if found is not None and (inner := dotted(found, *path[count:])) is not None:
            return inner
    return None


def addresses(source: Source) -> Iterator[Place]:
    """Where an agent sends what it reads."""
    if source.kind == "fluent-bit":
        for section in source.parsed(fluentbit.parse).of("output"):
            field = section.get("host")
            if field is not None and section.text("name") not in ("stdout", "null", "file", "s3", "cloudwatch_logs"):
                yield Place(field.value, field.start, field.end)
        return
    top = _top(source)
    if top is None:
        return
    if source.kind == "promtail":
        clients = top.get("clients")
        for client in clients.children() if clients else ():
            yield from _scalars(client.get("url"))
    elif source.kind == "filebeat":
        for path in (
            ("output", "elasticsearch", "hosts"),
            ("output", "logstash", "hosts"),
            ("setup", "kibana", "host"),
        ):
            yield from _scalars(dotted(top, *path))
    else:
        exporters = top.get("exporters")
        for key, exporter in exporters.items() if exporters else ():
            if key.scalar.partition("/")[0] not in _LISTENERS:
                yield from _scalars(exporter.get("endpoint"))


def paths(source: Source) -> Iterator[Place]:
    """The files and sockets of its own machine that an agent reads."""
    if source.kind == "fluent-bit":
        for section in source.parsed(fluentbit.parse).of("input"):
            field = section.get("path") if section.text("name") == "tail" else None
            if field is not None:
                yield Place(field.value.split(",")[0].strip(), field.start, field.end)
        return
    top = _top(source)
    if top is None:
        return
    if source.kind == "promtail":
        jobs = top.get("scrape_configs")
        for job in jobs.children() if jobs else ():
            for group in _children(job, "static_configs"):
                yield from _scalars(group.get("labels", "__path__"))
            for discovery in _children(job, "docker_sd_configs"):
                yield from _sockets(discovery.get("host"))
    elif source.kind == "filebeat":
        for entry in _children(top, "filebeat.inputs"):
            if entry.at("enabled") is not False:
                yield from _scalars(entry.get("paths"))
    else:
        receivers = top.get("receivers")
        for key, receiver in receivers.items() if receivers else ():
            if key.scalar.partition("/")[0] in ("filelog", "file_log"):
                yield from _scalars(receiver.get("include"))


def _children(node: Node, key: str) -> Iterator[Node]:
    entries = node.get(key)
    yield from entries.children() if entries is not None else ()


def _sockets(node: Node | None) -> Iterator[Place]:
    for place in _scalars(node):
        if place.text.startswith("unix://"):
            yield Place(place.text.removeprefix("unix://"), place.start, place.end)
