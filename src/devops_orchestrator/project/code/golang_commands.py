"""Subcommands of a Go program (cobra, urfave/cli): which one serves, which ones work beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.golang_jobs import consumer
from devops_orchestrator.project.code.golang_nodes import enclosing, literal, pair
from devops_orchestrator.project.code.golang_reach import mentioned
from devops_orchestrator.project.code.golang_values import Values
from devops_orchestrator.project.code.golang_web import Web
from devops_orchestrator.project.code.syntax import Source, children
from devops_orchestrator.project.tree import parent

Node = Any
_FUNCTIONS = ("function_declaration", "method_declaration")
_RUNS = ("Run", "RunE", "Action")
_SCHEDULED = lazy(r"cron|schedul|beat|clock|periodic")
_WORKING = lazy(r"(^|[-_.:])(work|consum|cron|schedul|queue|subscrib|listener|relay|courier|processor|beat|clock)")


@dataclass(frozen=True)
class Command:
    """A subcommand: its name, what it runs, where."""

    name: str
    source: Source
    run: Node | None
    literal: Node


class Commands:
    """The subcommands of one program."""

    def __init__(self, web: Web) -> None:
        self.web = web
        self.values: Values = web.values

    @cached_property
    def all(self) -> list[Command]:
        """The command literals with a name, the root left out."""
        found: list[Command] = []
        for source, node in self.values.nodes("composite_literal"):
            kind = node.field("type")
            if kind is None or kind.text() not in ("cobra.Command", "cli.Command"):
                continue
            fields = dict(
                named
                for element in children(node.field("body"))
                if element.kind() == "keyed_element" and (named := pair(element))
            )
            name = (literal(fields.get("Use") or fields.get("Name")) or "").split()
            run = next((fields[key] for key in _RUNS if key in fields), None)
            if name and re.fullmatch(r"[\w.-]+", name[0]):
                found.append(Command(name[0], source, run, node))
        roots = {command.literal.range().start.index for command in found if self._root(command)}
        return [command for command in found if command.literal.range().start.index not in roots]

    def _root(self, command: Command) -> bool:
        """Whether a command is the program itself: what is executed, or has others added and is added to none."""
        name = self._kept(command)
        executed = {
            (parent(other.path), function.field("operand").text())
            for verb in ("Execute", "ExecuteContext", "ExecuteC", "Run")
            for other, call in self.values.calls.get(verb, [])
            if (function := call.field("function")).kind() == "selector_expression"
        }
        if name and (parent(command.source.path), name) in executed:
            return True
        program = self.web.code.folder.rpartition("/")[2]
        module = next(iter(self.web.code.modules), "").rpartition("/")[2]
        return command.name in (program, module)

    def _kept(self, command: Command) -> str:
        above = enclosing(command.literal, "short_var_declaration", "var_spec", "assignment_statement", "block")
        if above is None or above.kind() == "block":
            return ""
        left = above.field("left") or above.field("name")
        return left.text().split(",")[0].strip() if left is not None else ""

    def _reaches(self, command: Command, places: set[str]) -> bool:
        """Whether what a command runs comes to one of these places (`path:line`), by the names that are called."""
        if command.run is None:
            return False
        wanted = [(path, int(line)) for path, _, line in (one.rpartition(":") for one in places)]
        seen: set[str] = set()
        stack = [(command.source, command.run)]
        while stack:
            source, node = stack.pop()
            names, start, end = self._mentions(source, node)
            if any(path == source.path and start <= line <= end for path, line in wanted):
                return True
            for name in names - seen:
                seen.add(name)
                stack += self.values.functions.get(name, [])[:6]
        return False

    def _mentions(self, source: Source, node: Node) -> tuple[frozenset[str], int, int]:
        """The names that a function mentions, and its first and last line."""
        place = node.range()
        key = (source.path, place.start.index)
        if key not in self._known:
            plain, members = mentioned(node.text())
            self._known[key] = (plain | {name for _, name in members}, place.start.line + 1, place.end.line + 1)
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[str, int], tuple[frozenset[str], int, int]]:
        return {}

    @cached_property
    def serving(self) -> str:
        """The name of the subcommand that serves, "" where the program serves without one or it cannot be told."""
        places = {one.evidence for one in self.web.listeners if one.rank < 2}
        if not self.all or not places:
            return ""
        found = [command for command in self.all if self._reaches(command, places)]
        names = list(dict.fromkeys(command.name for command in found))
        if len(names) == 1:
            return names[0] if self._only(places) else ""
        best = [name for name in ("serve", "server", "web", "start", "run", "api", "http", "all") if name in names]
        return best[0] if best and self._only(places) else ""

    def _only(self, places: set[str]) -> bool:
        """Whether the root command does not serve by itself."""
        for source, node in self.values.nodes("composite_literal"):
            kind = node.field("type")
            if kind is None or kind.text() not in ("cobra.Command", "cli.Command", "cli.App"):
                continue
            fields = dict(
                named
                for element in children(node.field("body"))
                if element.kind() == "keyed_element" and (named := pair(element))
            )
            run = next((fields[key] for key in _RUNS if key in fields), None)
            command = Command("", source, run, node)
            listed = any(one.literal.range() == node.range() and one.source is source for one in self.all)
            if not listed and run is not None and self._reaches(command, places):
                return False
        for source, statement, value, _ in self.values.assigned.get("Action", []):
            left = statement.field("left")
            if (
                left is not None
                and left.text().endswith("app.Action")
                and self._reaches(Command("", source, value, statement), places)
            ):
                return False
        return True

    def working(self, services: set[str]) -> list[tuple[str, str, str, str]]:
        """(name, kind, words, evidence) of the subcommands that consume: they are named so and do not end by themselves."""
        place = consumer(self.web, services)
        if place is None:
            return []
        found = []
        for command in self.all:
            if command.name != self.serving and _WORKING.search(command.name) and self._reaches(command, {place}):
                kind = "schedule" if _SCHEDULED.search(command.name) else "worker"
                found.append((command.name, kind, command.name, command.source.at(command.literal)))
        return found
