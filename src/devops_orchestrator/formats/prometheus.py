"""Prometheus files as typed views over YAML nodes: prometheus.yml, rule files, PrometheusRule, unit tests of rules.

Nothing here has an opinion: a view says what is written and where. PromQL is read by `formats.promql`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of, texts
from devops_orchestrator.formats.yaml import Node

DEFAULT_INTERVAL = "1m"  # Prometheus' own, for scrapes and evaluations
DEFAULT_TIMEOUT = "10s"
DEFAULT_PATH = "/metrics"
_UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
_DURATION = re.compile(r"(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?")


def seconds(duration: object) -> float | None:
    """Seconds of a Prometheus duration (`"1m30s"`, `"500ms"`); None for anything else."""
    text = text_of(duration)
    found = _DURATION.fullmatch(text) if text and text != "0" else None
    if found is None or not any(found.groups()):
        return 0.0 if text == "0" else None
    return sum(
        int(amount) * _UNITS[unit]
        for amount, unit in zip(found.groups(), ("y", "w", "d", "h", "m", "s", "ms"), strict=True)
        if amount
    )


@dataclass(frozen=True, eq=False)
class Target:
    """An entry of `targets:`: `host:port`, or a URL where a prober is asked to look at it."""

    text: str
    node: Node

    @property
    def host(self) -> str:
        bare = self.text.split("://")[-1].split("/")[0]
        return bare.rsplit(":", 1)[0].strip("[]") if re.search(r":\d+$", bare) else bare.strip("[]")

    @property
    def port(self) -> int | None:
        """The port as it is written, or None."""
        found = re.search(r":(\d+)$", self.text.split("://")[-1].split("/")[0])
        return int(found[1]) if found else None


@dataclass(frozen=True, eq=False)
class Job:
    """An entry of `scrape_configs:`."""

    node: Node
    config: Config

    @property
    def name(self) -> str:
        return text_of(self.node.at("job_name"))

    @property
    def name_node(self) -> Node | None:
        return self.node.get("job_name")

    @property
    def interval(self) -> str:
        """Its own interval, the global one, or Prometheus' default."""
        return text_of(self.node.at("scrape_interval")) or self.config.scrape_interval

    @property
    def timeout(self) -> str | None:
        """The timeout that is written for it, here or globally."""
        return text_of(self.node.at("scrape_timeout")) or self.config.scrape_timeout

    @property
    def path(self) -> str:
        return text_of(self.node.at("metrics_path")) or DEFAULT_PATH

    @property
    def scheme(self) -> str:
        return text_of(self.node.at("scheme")) or "http"

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The targets of its `static_configs`."""
        found: list[Target] = []
        groups = self.node.get("static_configs")
        for group in groups.children() if groups else ():
            targets = group.get("targets")
            found += [Target(text_of(t.value), t) for t in (targets.children() if targets else ()) if text_of(t.value)]
        return tuple(found)

    @property
    def discovers(self) -> bool:
        """Whether targets come from service discovery."""
        return any(key.value.endswith("_sd_configs") for key, _ in self.node.items() if isinstance(key.value, str))

    def relabeling(self, key: str = "relabel_configs") -> tuple[Node, ...]:
        """The steps of `relabel_configs` or `metric_relabel_configs`."""
        steps = self.node.get(key)
        return tuple(step for step in steps.children() if step.kind == "map") if steps else ()

    @property
    def rewrites_address(self) -> bool:
        """Whether relabelling decides which address is scraped (a prober, a multi-target exporter)."""
        return any(step.at("target_label") in ("__address__", "__scheme__") for step in self.relabeling())

    @property
    def rewrites_path(self) -> bool:
        return any(step.at("target_label") == "__metrics_path__" for step in self.relabeling())


@dataclass(frozen=True, eq=False)
class Config:
    """A prometheus.yml."""

    node: Node

    def setting(self, key: str) -> str | None:
        """A text of `global:`, or None."""
        return text_of(self.node.at("global", key)) or None

    @property
    def scrape_interval(self) -> str:
        return self.setting("scrape_interval") or DEFAULT_INTERVAL

    @property
    def scrape_timeout(self) -> str | None:
        return self.setting("scrape_timeout")

    @property
    def evaluation_interval(self) -> str:
        return self.setting("evaluation_interval") or DEFAULT_INTERVAL

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        entries = self.node.get("scrape_configs")
        return tuple(Job(child, self) for child in entries.children() if child.kind == "map") if entries else ()

    @cached_property
    def rule_files(self) -> tuple[Node, ...]:
        """The scalars of `rule_files:`: paths and globs, relative to the file."""
        entries = self.node.get("rule_files")
        return tuple(child for child in entries.children() if child.kind == "scalar") if entries else ()


@dataclass(frozen=True, eq=False)
class Rule:
    """An entry of a group's `rules:`: a recording rule or an alert."""

    node: Node
    group: Group

    @property
    def record(self) -> str | None:
        return text_of(self.node.at("record")) or None

    @property
    def alert(self) -> str | None:
        return text_of(self.node.at("alert")) or None

    @property
    def name_node(self) -> Node:
        return self.node.get("record") or self.node.get("alert") or self.node

    @property
    def expr(self) -> str:
        return text_of(self.node.at("expr"))

    @property
    def expr_node(self) -> Node | None:
        return self.node.get("expr")

    @property
    def labels(self) -> dict[str, str]:
        return texts(self.node.get("labels"))


@dataclass(frozen=True, eq=False)
class Group:
    """A group of rules; `interval` is None where the global one holds."""

    node: Node

    @property
    def name(self) -> str:
        return text_of(self.node.at("name"))

    @property
    def interval(self) -> str | None:
        return text_of(self.node.at("interval")) or None

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        entries = self.node.get("rules")
        return tuple(Rule(child, self) for child in entries.children() if child.kind == "map") if entries else ()


def config(text: str) -> Config | None:
    """The configuration, None for an empty file. Raises ParseError."""
    documents = yaml.parse(text)
    return Config(documents[0]) if documents and documents[0].kind == "map" else None


def groups(text: str) -> list[Group]:
    """The groups of a rule file, or of the PrometheusRule objects of a manifest. Raises ParseError."""
    return [group for document in yaml.parse(text) for group in groups_of(document)]


def groups_of(document: Node) -> Iterator[Group]:
    """The groups of one document, or nothing."""
    if document.kind != "map":
        return
    custom = document.at("kind") == "PrometheusRule"
    entries = document.get("spec", "groups") if custom else document.get("groups")
    for child in entries.children() if entries else ():
        if child.kind == "map":
            yield Group(child)


def place(node: Node, word: str) -> tuple[int, int]:
    """(start, end) of a word inside a scalar as it is written; the whole scalar where the text does not show it."""
    start = node.text.find(word, node.start, node.end) if word else -1
    return (start, start + len(word)) if start >= 0 else (node.start, node.end)
