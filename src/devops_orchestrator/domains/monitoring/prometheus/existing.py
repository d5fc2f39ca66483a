"""A prometheus.yml that is there: it gets the jobs and rules that it lacks, and keeps everything else."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import matches
from devops_orchestrator.core.rule import Edit
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import prometheus, yaml
from devops_orchestrator.formats.lines import Lines, newline


@dataclass(frozen=True, eq=False)
class Existing:
    """The configuration, its path and its text."""

    path: str
    text: str
    view: prometheus.Config

    @property
    def folder(self) -> str:
        """The folder that its relative paths start from."""
        return posixpath.dirname(self.path) or "."

    def line(self, offset: int) -> int:
        return Lines(self.text).place(offset)[0]

    def knows(self, job: str, address: str, hosts: frozenset[str]) -> bool:
        """Whether a job of that name, that very target, or another name of its host is there."""
        return any(
            j.name == job or any(t.text == address or t.host in hosts for t in j.targets) for j in self.view.jobs
        )

    def scraping(self, job: str, hosts: frozenset[str]) -> tuple[str, ...]:
        """The jobs of that name, or with a target among these hosts."""
        return tuple(j.name for j in self.view.jobs if j.name == job or any(t.host in hosts for t in j.targets))


def current(project: Project) -> Existing | None:
    """The repository's configuration: `monitoring/prometheus.yml`, else the one nearest to the root."""
    paths = sorted(project.of_kind("prometheus"), key=lambda p: (p != "monitoring/prometheus.yml", p.count("/"), p))
    for path in paths:
        text = project.repository.read(path)
        try:
            view = prometheus.config(text or "")
        except ParseError:
            continue
        if text is not None and view is not None:
            return Existing(path, text, view)
    return None


def loads(existing: Existing, path: str) -> bool:
    """Whether its `rule_files` match a file of the repository."""
    return any(reads(str(node.value), existing, path) for node in existing.view.rule_files)


def reads(pattern: str, existing: Existing, path: str) -> bool:
    """Whether one entry of `rule_files` matches a file of the repository."""
    relative = posixpath.relpath(path, existing.folder)
    return matches(relative, posixpath.normpath(pattern)) or _mounted(pattern, relative)


def _mounted(pattern: str, relative: str) -> bool:
    """An absolute pattern is where the file is mounted: /etc/prometheus/rules/*.yml reads rules/a.yml of the repository."""
    return pattern.startswith("/etc/prometheus/") and matches(relative, pattern.removeprefix("/etc/prometheus/"))


def add_jobs(existing: Existing, jobs: list[list[str]]) -> list[Edit]:
    """Append jobs, given as lines, to `scrape_configs`."""
    if not jobs:
        return []
    entries = existing.view.node.get("scrape_configs")
    if entries is not None and entries.kind == "list" and not entries.flow and list(entries.children()):
        blocks = ["\n".join(lines) for lines in jobs]
        changes = [yaml.append_item(entries, block) for block in blocks]
        start, end, _ = changes[0]
        return [Edit(existing.path, start, end, "".join(text for _, _, text in changes))]
    if (empty := _empty(existing, "scrape_configs")) is not None:
        lines_of = ("\n".join(("  - " if i == 0 else "    ") + line for i, line in enumerate(lines)) for lines in jobs)
        return [_below(existing, empty, "\n".join(lines_of))]
    block = "scrape_configs:\n" + "\n".join(
        "\n".join(("  - " if i == 0 else "    ") + line for i, line in enumerate(lines)) for lines in jobs
    )
    return [_at_root(existing, None, block)]


def add_rule_file(existing: Existing, pattern: str) -> Edit:
    """Name a glob in `rule_files`."""
    entries = existing.view.node.get("rule_files")
    if entries is not None and entries.kind == "list" and (entries.flow or list(entries.children())):
        start, end, text = yaml.append_item(entries, pattern)
        return Edit(existing.path, start, end, text)
    if (empty := _empty(existing, "rule_files")) is not None:
        return _below(existing, empty, f"  - {pattern}")
    return _at_root(existing, "global", f"\nrule_files:\n  - {pattern}")


def _empty(existing: Existing, key: str) -> yaml.Node | None:
    """The key's node where it is written without any entry."""
    pair = existing.view.node.pair(key)
    return pair[0] if pair is not None and pair[1].value is None else None


def _below(existing: Existing, key: yaml.Node, block: str) -> Edit:
    """Put lines under a key that has none."""
    end = existing.text.find("\n", key.end)
    end = len(existing.text) if end < 0 else end - (existing.text[end - 1] == "\r")
    eol = newline(existing.text)
    return Edit(existing.path, end, end, eol + block.replace("\n", eol))


def set_interval(existing: Existing, interval: str) -> list[Edit]:
    """Change the global scrape interval where another one is asked for."""
    node = existing.view.node.get("global", "scrape_interval")
    if node is None or node.value == interval:
        return []
    return [Edit(existing.path, *yaml.replace(node, interval))]


def _at_root(existing: Existing, after: str | None, block: str) -> Edit:
    if after is None or existing.view.node.pair(after) is None:
        last = list(existing.view.node.items())[-1][0].value
        start, end, text = yaml.insert_after_key(existing.view.node, last, block)
    else:
        start, end, text = yaml.insert_after_key(existing.view.node, after, block)
    return Edit(existing.path, start, end, text)
