"""Compose files as typed views over YAML nodes: services, images, ports, mounts, variables, what they wait for.

A view says what is written and where; `<<` and anchors are followed. What a variable decides is None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.patterns import lazy

_VARIABLE = lazy(r"\$\$|\$(?:(\w+)|\{(\w+)(?:(:?[-+?])([^{}]*))?\})")
_SHORT = lazy(
    r"(?:(?P<ip>\[[^\]]*\]|\d+\.[\d.]+|localhost):)?(?:(?P<host>\d+(?:-\d+)?)?:)?(?P<port>\d+(?:-\d+)?)(?:/(?P<protocol>\w+))?"
)


def filled(text: str) -> str | None:
    """A text with the defaults of its `${NAME:-default}`; None where a variable without a default decides."""
    unknown = False

    def fill(found: re.Match[str]) -> str:
        nonlocal unknown
        if found[0] == "$$":
            return "$"
        if "-" in (found[3] or ""):
            return found[4] or ""
        unknown = True
        return ""

    text = _VARIABLE.sub(fill, text)
    return None if unknown else text


def variables(text: str) -> Iterator[tuple[str, int, int]]:
    """(name, start, end) of the variables that compose itself fills in a text; `$$` is a dollar."""
    for found in _VARIABLE.finditer(text):
        if found[0] != "$$":
            yield found[1] or found[2], found.start(), found.end()


@dataclass(frozen=True)
class Port:
    """A published port; `host` is None where the machine chooses one, `ip` where every interface has it."""

    ip: str | None
    host: str | None
    target: str
    protocol: str
    node: Node


@dataclass(frozen=True)
class Mount:
    """A volume of a service: `kind` is `bind`, `volume` (`source` empty for one without a name) or `tmpfs`."""

    kind: str
    source: str
    target: str
    node: Node


@dataclass(frozen=True)
class Variable:
    """An environment variable; `value` is None where compose passes its own on. `node` is its key, or its list entry."""

    name: str
    value: str | None
    node: Node
    value_node: Node | None  # None in the list form

    @property
    def span(self) -> tuple[int, int]:
        """The place of its name."""
        start = self.node.start + (self.node.text[self.node.start : self.node.start + 1] in ("'", '"'))
        return start, start + len(self.name)


@dataclass(frozen=True)
class Need:
    """A service that another one waits for; `condition` is None in the list form."""

    name: str
    condition: str | None
    node: Node


@dataclass(frozen=True, eq=False)
class Service:
    """One service: its key and its mapping."""

    key: Node
    node: Node

    @property
    def name(self) -> str:
        return self.key.scalar

    def get(self, *path: str) -> Node | None:
        """The node at a path, through `<<`."""
        node: Node | None = self.node
        for step in path:
            node = merged(node, step) if node is not None else None
        return node

    def text(self, *path: str) -> str:
        """The scalar at a path; empty where there is none."""
        node = self.get(*path)
        return node.scalar if node is not None else ""

    @cached_property
    def image(self) -> str:
        return self.text("image")

    @cached_property
    def command(self) -> str:
        """Entry point and command as one line of words."""
        words: list[str] = []
        for key in ("entrypoint", "command"):
            node = self.get(key)
            if node is not None:
                words += [child.scalar for child in node.children()] or [node.scalar]
        return " ".join(words)

    @cached_property
    def ports(self) -> tuple[Port, ...]:
        """Published ports whose numbers are known or have a default."""
        node = self.get("ports")
        return tuple(port for child in (node.children() if node is not None else ()) if (port := _port(child)))

    @cached_property
    def mounts(self) -> tuple[Mount, ...]:
        node = self.get("volumes")
        return tuple(mount for child in (node.children() if node is not None else ()) if (mount := _mount(child)))

    @cached_property
    def environment(self) -> tuple[Variable, ...]:
        """Its variables in the file itself; those of `env_file` are elsewhere."""
        node = self.get("environment")
        return tuple(_variables(node)) if node is not None else ()

    def variable(self, name: str) -> str | None:
        """The value of a variable with its defaults filled; None where it is not set here or not known."""
        found = next((v for v in self.environment if v.name == name), None)
        return filled(found.value) if found is not None and found.value is not None else None

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        node = self.get("depends_on")
        if node is None:
            return ()
        if node.kind == "list":
            return tuple(Need(child.scalar, None, child) for child in node.children())
        return tuple(
            Need(key.scalar, str(value.at("condition", default="service_started")), key) for key, value in node.items()
        )


@dataclass(frozen=True, eq=False)
class Compose:
    """A parsed compose file."""

    root: Node | None

    @cached_property
    def services(self) -> tuple[Service, ...]:
        found = self.root.get("services") if self.root is not None else None
        return (
            tuple(Service(key, value) for key, value in found.items() if value.kind == "map")
            if found is not None
            else ()
        )

    def service(self, name: str) -> Service | None:
        return next((service for service in self.services if service.name == name), None)

    def names(self, section: str) -> frozenset[str]:
        """The names that a top-level section defines: `volumes`, `networks`, `secrets`, `configs`, `services`."""
        found = self.root.get(section) if self.root is not None else None
        return frozenset(key.scalar for key, _ in found.items()) if found is not None else frozenset()

    @property
    def includes(self) -> bool:
        """Whether other files are part of it."""
        return self.root is not None and self.root.pair("include") is not None


def parse(text: str) -> Compose:
    """The compose file of a text. Raises ParseError for bad YAML."""
    documents = yaml.parse(text)
    return Compose(documents[0] if documents else None)


def merged(node: Node, key: str) -> Node | None:
    """The value of a key of a mapping, its own or that of a mapping which `<<` merges."""
    pair = node.pair(key)
    if pair is not None:
        return pair[1]
    for name, value in node.items():
        if name.scalar == "<<":
            for source in value.children() if value.kind == "list" else (value,):
                found = merged(source, key)
                if found is not None:
                    return found
    return None


def _port(node: Node) -> Port | None:
    if node.kind == "map":
        target, host = filled(str(node.at("target", default=""))), filled(str(node.at("published", default="")))
        if not target or host is None:
            return None
        return Port(node.at("host_ip"), host or None, target, str(node.at("protocol", default="tcp")), node)
    text = filled(node.scalar)
    found = _SHORT.fullmatch(text) if text else None
    return Port(found["ip"], found["host"], found["port"], found["protocol"] or "tcp", node) if found else None


def _mount(node: Node) -> Mount | None:
    if node.kind == "map":
        return Mount(
            str(node.at("type", default="volume")),
            str(node.at("source", default="")),
            str(node.at("target", default="")),
            node,
        )
    text = node.scalar
    parts = re.split(r":(?![-?+])", re.sub(r"^([A-Za-z]):(?=[\\/])", r"\1", text))
    if len(parts) == 1:
        return Mount("volume", "", parts[0], node)
    source, target = parts[0], parts[1]
    kind = "bind" if source.startswith((".", "/", "~", "$")) or "\\" in source else "volume"
    return Mount(kind, source, target, node)


def _variables(node: Node) -> Iterator[Variable]:
    for child in node.children():
        name, equals, value = child.scalar.partition("=")
        yield Variable(name.strip(), value if equals else None, child, None)
    for key, given in node.items():
        if key.scalar == "<<":
            for source in given.children() if given.kind == "list" else (given,):
                yield from _variables(source)
        else:
            yield Variable(key.scalar, None if given.value is None else given.scalar, key, given)
