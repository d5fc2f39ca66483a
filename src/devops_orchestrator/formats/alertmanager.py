"""An alertmanager.yml as typed views over YAML nodes: the tree of routes with what they inherit, receivers, inhibitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.formats.yaml import Node

_MATCHER = re.compile(r"""\s*"?([^\s"=!~{},]+)"?\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^,}]*?))\s*(?:,|$)""")


@dataclass(frozen=True, eq=False)
class Matcher:
    """`label op value`; `node` is where it is written."""

    label: str
    op: str
    value: str
    node: Node

    @property
    def key(self) -> tuple[str, str, str]:
        return self.label, self.op, self.value

    def accepts(self, value: str) -> bool:
        """Whether a value of the label fulfils it. Raises re.error for a pattern that is none."""
        if self.op in ("=", "!="):
            return (value == self.value) == (self.op == "=")
        return (re.fullmatch(self.value, value) is not None) == (self.op == "=~")


def matchers(node: Node, *, old: str = "match", new: str = "matchers") -> tuple[Matcher, ...]:
    """The matchers of a route (`match`, `match_re`, `matchers`) or of one side of an inhibition."""
    found: list[Matcher] = []
    for key, op in ((old, "="), (f"{old}_re", "=~")):
        written = node.get(key)
        for name, value in written.items() if written else ():
            found.append(Matcher(text_of(name.value), op, text_of(value.value), value))
    written = node.get(new)
    for entry in written.children() if written else ():
        text = text_of(entry.value).strip()
        text = text[1:-1] if text.startswith("{") and text.endswith("}") else text
        for part in _MATCHER.finditer(text):
            said = part[3] if part[3] is not None else part[4] or ""
            found.append(Matcher(part[1], part[2], re.sub(r"\\(.)", r"\1", said) if part[3] else said, entry))
    return tuple(found)


@dataclass(frozen=True, eq=False)
class Route:
    """A route; what it does not write, it has from its parent."""

    node: Node
    parent: Route | None = None

    @cached_property
    def matchers(self) -> tuple[Matcher, ...]:
        return matchers(self.node)

    @property
    def receiver(self) -> str:
        written = text_of(self.node.at("receiver"))
        return written or (self.parent.receiver if self.parent else "")

    @property
    def grouped(self) -> tuple[str, ...]:
        """The labels of `group_by`, its own or its parent's."""
        written = self.node.at("group_by")
        if isinstance(written, list):
            return tuple(str(label) for label in written)
        return self.parent.grouped if self.parent else ()

    @property
    def goes_on(self) -> bool:
        """Whether the routes after it are asked too."""
        return self.node.at("continue") is True

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        entries = self.node.get("routes")
        return tuple(Route(child, self) for child in entries.children() if child.kind == "map") if entries else ()

    def walk(self) -> Iterator[Route]:
        """This route and all below it."""
        yield self
        for route in self.routes:
            yield from route.walk()


@dataclass(frozen=True, eq=False)
class Receiver:
    """An entry of `receivers:`."""

    node: Node

    @property
    def name(self) -> str:
        return text_of(self.node.at("name"))

    @property
    def name_node(self) -> Node:
        return self.node.get("name") or self.node

    @property
    def notifies(self) -> bool:
        """Whether it has an integration with at least one entry."""
        return any(key.scalar.endswith("_configs") and bool(value.value) for key, value in self.node.items())


@dataclass(frozen=True, eq=False)
class Inhibition:
    """An entry of `inhibit_rules:`."""

    node: Node

    @cached_property
    def source(self) -> tuple[Matcher, ...]:
        return matchers(self.node, old="source_match", new="source_matchers")

    @cached_property
    def target(self) -> tuple[Matcher, ...]:
        return matchers(self.node, old="target_match", new="target_matchers")

    @property
    def equal(self) -> tuple[str, ...]:
        written = self.node.at("equal")
        return tuple(str(label) for label in written) if isinstance(written, list) else ()


@dataclass(frozen=True, eq=False)
class Config:
    """An alertmanager.yml."""

    node: Node

    @cached_property
    def route(self) -> Route | None:
        node = self.node.get("route")
        return Route(node) if node is not None and node.kind == "map" else None

    @property
    def routes(self) -> Iterator[Route]:
        """Every route, the root first."""
        if self.route is not None:
            yield from self.route.walk()

    @cached_property
    def receivers(self) -> tuple[Receiver, ...]:
        entries = self.node.get("receivers")
        return tuple(Receiver(child) for child in entries.children() if child.kind == "map") if entries else ()

    @cached_property
    def inhibitions(self) -> tuple[Inhibition, ...]:
        entries = self.node.get("inhibit_rules")
        return tuple(Inhibition(child) for child in entries.children() if child.kind == "map") if entries else ()

    @cached_property
    def intervals(self) -> frozenset[str]:
        """The names of its time intervals."""
        found: set[str] = set()
        for key in ("time_intervals", "mute_time_intervals"):
            entries = self.node.get(key)
            found |= {text_of(child.at("name")) for child in entries.children()} if entries else set()
        return frozenset(found)


def config(text: str) -> Config | None:
    """The configuration, None for an empty file. Raises ParseError."""
    documents = yaml.parse(text)
    return Config(documents[0]) if documents and documents[0].kind == "map" else None
