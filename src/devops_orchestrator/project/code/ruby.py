"""Ruby code: environment variables, ports, settings, the application of config.ru."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code import ruby_values as values
from devops_orchestrator.project.code.facts import MAX_READ, MAX_SOURCES, Read, Value
from devops_orchestrator.project.code.syntax import Source, Sources, children
from devops_orchestrator.project.tree import Tree, join

Node = Any
_READS = lazy(r"\bENV\b")
_ASIDE = lazy(r"(^|/)(test|tests|spec|features|vendor|node_modules|\.bundle|templates|fixtures|examples?)/")
# Set by the platform or the tools themselves.
_NOT_OURS = {"RAILS_ENV", "RACK_ENV", "APP_ENV", "HANAMI_ENV", "BUNDLE_GEMFILE", "PATH", "HOME", "CI", "USER", "EDITOR", "PWD", "TERM",
             "RUBYOPT", "GEM_HOME", "BUNDLE_PATH", "PIDFILE", "BACKTRACE", "COVERAGE"}  # fmt: skip
_ERB = lazy(r"<%(?P<kind>[=#-]?)(?P<code>.*?)-?%>", re.S)
_EARLY = lazy(r"(^|/)config/(routes|puma|application|environments/production)\.rb$|config\.ru$|(^|/)config/")


class Ruby(Sources):
    """The sources of one application."""

    def __init__(self, tree: Tree, folder: str, files: tuple[str, ...]) -> None:
        super().__init__(
            tree, files, {".rb": "ruby", ".ru": "ruby"}, _READS, lambda p: bool(_ASIDE.search(_inside(folder, p))),
            lambda p: 0 if _EARLY.search(p) else 1,
        )  # fmt: skip
        self.folder = folder
        self.redis = True

    def inside(self, path: str) -> str:
        """A path as seen from the component's folder."""
        return _inside(self.folder, path)

    def file(self, *names: str) -> Source | None:
        """The first of these files of the component that is there, parsed."""
        path = self.tree.first(self.folder, *names)
        if path is None:
            return None
        if path[path.rfind(".") :] in self.languages:
            return self.source(path, always=True)
        if path not in self._sources:  # Gemfile, Rakefile and gemspecs are Ruby too
            self._sources[path] = Source(path, self.tree.text(path) or "", "ruby")
        return self._sources[path]

    def holding(self, words: re.Pattern[str]) -> Iterator[Source]:
        """The parsed files (not tests) whose text holds these words."""
        count = 0
        for path in sorted(self.paths, key=lambda p: (self.first(p), p.count("/"), p))[:MAX_READ]:
            if count >= MAX_SOURCES:
                return
            text = self.tree.text(path)
            if text is not None and words.search(text):
                source = self.source(path, always=True)
                if source is not None:
                    count += 1
                    yield source

    @cached_property
    def reads(self) -> list[Read]:
        """`ENV["X"]`, `ENV.fetch("X")`, in code and in the ERB of the configuration."""
        found: list[Read] = []
        for source in [*self.holding(_READS), *self.templates()]:
            for node in source.all("element_reference", "call"):
                read = values.environment(node)
                if read and read[0] not in _NOT_OURS and re.fullmatch(r"[A-Za-z_]\w*", read[0]) and not _set(node):
                    found.append(Read(read[0], source.at(node), read[1] and not _rescued(node)))
        return found

    def templates(self) -> Iterator[Source]:
        """The Ruby of the YAML files of config/, each part at its own line."""
        for path in self.tree.matching(join(self.folder, "config"), "*.yml", "*.yaml"):
            text = self.tree.text(path) or ""
            unused = (
                path.endswith("/cable.yml") and not self.redis
            )  # Rails writes a REDIS_URL into it before there is one
            if "<%" in text and "ENV" in text and not unused:
                yield Source(path, erb_code(text), "ruby")

    def settings(self, name: str) -> Iterator[tuple[Source, Node, Node]]:
        """(source, assignment, value) of `config.<name> = value`, production's first."""
        for source in sorted(
            self.holding(re.compile(rf"\b{name.rpartition('.')[2]}\s*=")),
            key=lambda s: "environments/production" not in s.path,
        ):
            if re.search(r"environments/(development|test)\.rb$", source.path):
                continue
            for node in source.all("assignment"):
                left, right = node.field("left"), node.field("right")
                if left is not None and right is not None and left.text().endswith(name):
                    yield source, node, right

    @cached_property
    def ports(self) -> list[tuple[Value, str]]:
        """The port of config/puma.rb (`port`, `bind`), of unicorn's `listen`, of Sinatra's `set :port` and `run!`."""
        found: list[tuple[Value, str]] = []
        names = ("config/puma.rb", "config/puma/production.rb", "puma.rb", "config/unicorn.rb")
        for source in (self.source(join(self.folder, name), always=True) for name in names):
            if source is None:
                continue
            known = values.assigned(source.root)
            for call in source.all("call"):
                given = values.positional(call)
                if values.name_of(call) in ("port", "bind", "listen") and call.field("receiver") is None and given:
                    port = values.value(given[0], known)
                    if port.port or (port.variable and values.name_of(call) == "port"):
                        found.append((port, source.at(call)))
        return found

    @cached_property
    def sinatra_ports(self) -> list[tuple[Value, str]]:
        """`set :port, 5000` and `run! port: 5000`."""
        found: list[tuple[Value, str]] = []
        for source in self.holding(re.compile(r"set[ (]:port|set[ (]port:|run!")):
            known = values.assigned(source.root)
            for call in source.all("call"):
                given, named = values.positional(call), values.keywords(call)
                if values.name_of(call) == "set" and len(given) == 2 and values.text(given[0]) == "port":
                    found.append((values.value(given[1], known), source.at(call)))
                elif values.name_of(call) in ("set", "run!") and "port" in named:
                    found.append((values.value(named["port"], known), source.at(call)))
        return [entry for entry in found if entry[0].port or entry[0].variable]

    @cached_property
    def runs(self) -> str | None:
        """What config.ru runs in the end: `App`, `Rails.application`, `Sidekiq::Web`; None where it has no config.ru."""
        source = self.file("config.ru")
        found = None
        for call in source.all("call") if source else ():
            given = values.positional(call)
            if values.name_of(call) == "run" and given and call.field("receiver") is None:
                found = given[0].text()
        return found


def _inside(folder: str, path: str) -> str:
    return path if folder == "." else path.removeprefix(folder + "/")


def _set(node: Node) -> bool:
    above = node.parent()
    if above is None or above.kind() not in ("assignment", "operator_assignment"):
        return False
    left = above.field("left")
    return left is not None and left.range().start.index == node.range().start.index


def _rescued(node: Node) -> bool:
    above = node.parent()
    return above is not None and above.kind() in ("rescue_modifier", "binary") and "rescue" in above.text()


def erb_code(text: str) -> str:
    """The Ruby of an ERB template: everything else is blank, so that lines stay."""
    made = re.sub(r"[^\n]", " ", text)
    for part in _ERB.finditer(text):
        if part["kind"] == "#":
            continue
        start, end = part.span("code")
        made = f"{made[:start]}{text[start:end]};{made[end + 1 :]}"
    return made


def erb_plain(text: str) -> str:
    """An ERB template of YAML as YAML: an expression becomes its default, or `erb` where it has none."""

    def put(part: re.Match[str]) -> str:
        lines = "\n" * part[0].count("\n")
        if part["kind"] != "=":
            return lines
        source = Source("", part["code"], "ruby")
        found = values.value(next(iter(children(source.root)), None)).constant
        made = str(found) if isinstance(found, str | int) and re.fullmatch(r"[\w./:@-]*", str(found)) else "erb"
        return made + lines

    return _ERB.sub(put, text)
