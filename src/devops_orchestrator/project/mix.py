"""`mix.exs`: the keywords of a Mix project, its dependencies, aliases and releases, read from the syntax tree."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from devops_orchestrator.project.code.syntax import Source, children
from devops_orchestrator.project.tree import Tree, join, parent

Node = Any


class Mix:
    """One `mix.exs`."""

    def __init__(self, path: str, text: str) -> None:
        self.source = Source(path, text, "elixir")
        self.folder = parent(path)

    @staticmethod
    def read(tree: Tree, folder: str) -> Mix | None:
        """The Mix project of a folder, or None."""
        path = tree.first(folder, "mix.exs")
        text = tree.text(path) if path else None
        return Mix(path, text) if path and text is not None else None

    @cached_property
    def project(self) -> dict[str, Node]:
        """The keywords of `def project`."""
        return dict(_pairs(self._body("project")))

    @cached_property
    def application(self) -> dict[str, Node]:
        """The keywords of `def application`."""
        return dict(_pairs(self._body("application")))

    def at(self, node: Node) -> str:
        """The evidence of a node."""
        return self.source.at(node)

    def text(self, key: str) -> tuple[str, str] | None:
        """(text, place) of a string or atom of the project, of an attribute or variable of the file where it names one."""
        node = self.project.get(key)
        value = self._value(node) if node is not None else None
        return (value, self.at(node)) if value is not None else None

    def _value(self, node: Node) -> str | None:
        text = str(node.text())
        if node.kind() == "string":
            return text.strip('"')
        if node.kind() == "atom":
            return text.lstrip(":").strip('"')
        if node.kind() == "unary_operator" and text.startswith("@"):
            for other in self.source.all("unary_operator"):
                found = re.fullmatch(rf'{re.escape(text)}\s+"([^"]*)"', other.text())
                if found:
                    return found[1]
        return None

    def keywords(self, key: str) -> dict[str, Node]:
        """The keywords of a value of the project: `aliases: aliases()`, `releases: [shop: […]]`."""
        node = self.project.get(key)
        return dict(_pairs(self._followed(node))) if node is not None else {}

    @cached_property
    def dependencies(self) -> list[tuple[str, str, str, dict[str, str]]]:
        """(package, version, place, options) of each dependency."""
        node = self.project.get("deps")
        found: list[tuple[str, str, str, dict[str, str]]] = []
        for tuple_ in self._followed(node).find_all(kind="tuple") if node is not None else ():
            parts = list(children(tuple_))
            if (
                not parts
                or parts[0].kind() != "atom"
                or len(parts) < 2
                or parts[1].kind() not in ("string", "keywords")
            ):
                continue
            version = parts[1].text().strip('"') if parts[1].kind() == "string" else ""
            options = {
                key: str(value.text()) for part in parts[1:] if part.kind() == "keywords" for key, value in _pairs(part)
            }
            found.append((parts[0].text().lstrip(":"), version, self.at(tuple_), options))
        return found

    @property
    def umbrella(self) -> bool:
        """Whether it is the root of an umbrella."""
        return "apps_path" in self.project

    @property
    def above(self) -> str | None:
        """The folder of the umbrella that it is an application of, as its `lockfile:` says; else None."""
        lock = self.text("lockfile")
        return (
            posixpath.normpath(posixpath.join(self.folder, posixpath.dirname(lock[0])))
            if lock and "/" in lock[0]
            else None
        )

    def _body(self, name: str) -> Node | None:
        """The body of a function of the file."""
        for call in self.source.all("call"):
            parts = list(children(call))
            if (
                len(parts) > 1
                and parts[0].text() in ("def", "defp")
                and re.match(rf"{re.escape(name)}\b(?![?!])", parts[1].text())
            ):
                return call
        return None

    def _followed(self, node: Node) -> Node:
        """The function that a value calls, or the value."""
        name = re.match(r"(\w+)(?:\(|$)", node.text()) if node.kind() in ("call", "identifier") else None
        return (self._body(name[1]) if name else None) or node


def _pairs(node: Node | None) -> Iterator[tuple[str, Node]]:
    """The keywords of the first list below a node, not those of lists in it."""
    words = node if node is None or node.kind() == "keywords" else node.find(kind="keywords")
    if words is not None and node is not None and node.kind() == "call":
        # `def deps, do: […]` is written with a keyword of its own
        first = next(iter(children(words)), None)
        if first is not None and first.text().startswith("do:"):
            inner = list(children(first))
            words = inner[-1].find(kind="keywords") if inner else None
    for pair in children(words):
        parts = list(children(pair)) if pair.kind() == "pair" else []
        if len(parts) == 2:
            yield parts[0].text().rstrip().rstrip(":").strip('"'), parts[1]


def umbrella_of(tree: Tree, mix: Mix) -> Mix | None:
    """The root of the umbrella that a project is an application of, or None."""
    root = Mix.read(tree, mix.above) if mix.above else None
    return root if root is not None and root.umbrella else None


def siblings(tree: Tree, root: Mix) -> dict[str, str]:
    """Application → folder of an umbrella's applications."""
    said = root.text("apps_path")
    folder = join(root.folder, said[0] if said else "apps")
    found: dict[str, str] = {}
    for path in sorted(tree.folders):
        if parent(path) == folder and tree.has(path, "mix.exs"):
            other = Mix.read(tree, path)
            name = other.text("app") if other else None
            found[name[0] if name else path.rpartition("/")[2]] = path
    return found
