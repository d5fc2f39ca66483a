"""Bundler's files: Gemfile and gemspec, which are Ruby and are parsed as such, and Gemfile.lock."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code import ruby_values as values
from devops_orchestrator.project.code.ruby import Ruby
from devops_orchestrator.project.code.syntax import Source
from devops_orchestrator.project.tree import Tree, ancestors

Node = Any
NAMES = ("Gemfile", "gems.rb")
LOCKS = ("Gemfile.lock", "gems.locked")
# Groups that are left out of production's bundle.
_ASIDE = lazy(
    r"(development|test|dev|ci|local|lint|linters?|docs?|doc|debug|benchmarks?|profile|rubocop|guard|tools?|deploy|cucumber|e2e|metrics)(_\w+)?"
)


@dataclass
class Gems:
    """What a Gemfile and a gemspec say."""

    path: str
    gems: dict[str, tuple[str, str, bool]] = field(
        default_factory=dict
    )  # name → (version, place, only for development)
    ruby: list[tuple[str, str]] = field(default_factory=list)  # constraints of `ruby`, with their places
    pinned_in: str | None = None  # `ruby file: ".ruby-version"`
    required_ruby: tuple[str, str] | None = None  # of the gemspec
    name: str | None = None
    gemspec: str | None = None  # its path, where the folder is a gem
    executables: tuple[str, ...] = ()
    local: dict[str, str] = field(default_factory=dict)  # gem → folder, of `gem "x", path: "…"`


def read(code: Ruby, tree: Tree, folder: str) -> Gems:
    """The gems of a folder's Gemfile and gemspec."""
    source = code.file(*NAMES)
    found = Gems(source.path if source else "")
    if source:
        _gemfile(found, source)
    specs = tree.matching(folder, "*.gemspec")
    if specs:
        spec = code.file(specs[0].rpartition("/")[2])
        if spec:
            _gemspec(found, spec)
            found.gemspec = specs[0]
            found.path = found.path or specs[0]
    return found


def _gemfile(found: Gems, source: Source) -> None:
    for call in source.all("call"):
        name, given, named = values.name_of(call), values.positional(call), values.keywords(call)
        first = values.text(given[0]) if given else None
        if name == "gem" and first:
            groups = values.strings(named.get("group")) or values.strings(named.get("groups")) or _groups(call)
            version = values.text(given[1]) if len(given) > 1 else None
            aside = bool(groups) and all(_ASIDE.fullmatch(group) for group in groups)
            found.gems.setdefault(first, (version or "", source.at(call), aside))
            path = values.text(named.get("path"))
            if path and not path.startswith(("/", "~")):
                found.local[first] = path
        elif name == "ruby" and call.field("receiver") is None:
            file = values.text(named.get("file"))
            constraint = ", ".join(
                text for node in given for text in [values.value(node).constant] if isinstance(text, str)
            )
            if file:
                found.pinned_in = file
            elif constraint:
                found.ruby.append((constraint, source.at(call)))


def _groups(call: Node) -> list[str]:
    """The groups of the `group … do` blocks around a gem."""
    above = call.parent()
    while above is not None:
        if above.kind() == "call" and values.name_of(above) == "group":
            return [text for node in values.positional(above) for text in [values.text(node)] if text]
        above = above.parent()
    return []


def _gemspec(found: Gems, source: Source) -> None:
    for call in source.all("call"):
        given = values.positional(call)
        first = values.text(given[0]) if given else None
        if first and values.name_of(call) in ("add_dependency", "add_runtime_dependency", "add_development_dependency"):
            version = values.text(given[1]) if len(given) > 1 else None
            aside = values.name_of(call) == "add_development_dependency"
            known = found.gems.get(first)
            if known is None or (known[2] and not aside):
                found.gems[first] = (version or "", source.at(call), aside)
    for node in source.all("assignment"):
        left, right = node.field("left"), node.field("right")
        attribute = left.text().rpartition(".")[2] if left is not None and left.kind() == "call" else ""
        if attribute == "name":
            found.name = values.text(right)
        elif attribute == "executables":
            found.executables = tuple(values.strings(right)) or (
                ("…",) if right is not None and right.kind() != "array" else ()
            )
        elif attribute == "required_ruby_version" and right is not None:
            texts = [values.text(right)] if values.text(right) else [values.text(n) for n in _inner_strings(right)]
            constraint = next((text for text in texts if text), None)
            if constraint:
                found.required_ruby = (constraint, source.at(node))


def _inner_strings(node: Node) -> list[Node]:
    return list(node.find_all(kind="string"))


def settle(found: Gems) -> None:
    """A gem's own Gemfile lists what its authors develop with: only the gemspec's dependencies are of the gem."""
    if found.gemspec:
        for name, (version, place, _) in list(found.gems.items()):
            if not place.startswith(found.gemspec):
                found.gems[name] = (version, place, True)


def folder(base: str, path: str) -> str:
    """The folder that `gem "x", path: "../y"` means, from the repository's root."""
    return posixpath.normpath(posixpath.join(base, path))


def shows_a_gem(found: Gems, tree: Tree, base: str) -> bool:
    """Whether a folder is only there to try out the gem that it stands in: `gem "x", path: ".."`."""
    above = ancestors(base)[1:]
    local = {folder(base, path) for path in found.local.values()}
    return any(at in local and tree.matching(at, "*.gemspec") and not tree.has(at, "config.ru") for at in above)


@dataclass(frozen=True)
class Lock:
    """What Gemfile.lock holds: versions of all gems, Ruby's and Bundler's, with their places."""

    gems: dict[str, str]
    ruby: tuple[str, str] | None
    bundler: tuple[str, str] | None


def lock(tree: Tree, path: str | None) -> Lock:
    """The lockfile, whose sections are headings with indented lines below them."""
    gems: dict[str, str] = {}
    ruby = bundler = None
    section = ""
    for number, line in tree.lines(path):
        if line and not line.startswith(" "):
            section = line.strip()
        elif section in ("GEM", "GIT", "PATH") and (gem := re.match(r"    ([\w.-]+) \(([^)]+)\)$", line)):
            gems[gem[1]] = gem[2]
        elif section == "RUBY VERSION" and (version := re.search(r"ruby (\d+(?:\.\d+)*)", line)):
            ruby = (version[1], f"{path}:{number}")
        elif section == "BUNDLED WITH" and (version := re.match(r"\s+(\d+(?:\.\d+)*)", line)):
            bundler = (version[1], f"{path}:{number}")
    return Lock(gems, ruby, bundler)
