"""Where a linter names an object and not a place: the object, its container, its field, in the file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from devops_orchestrator.core.repository import Repository
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node, parse

_CONTAINER = re.compile(r'[Cc]ontainer "([^"]+)"')
KUSTOMIZATIONS = ("**/kustomization.y*ml", "**/Kustomization")


@lru_cache(maxsize=64)
def documents(text: str) -> tuple[Node, ...]:
    """The documents of a text; none where it does not parse."""
    try:
        return tuple(parse(text))
    except ParseError:
        return ()


def named(text: str, kind: str, name: str) -> Node | None:
    """The object of this kind and name; the only one of its kind where it has no name."""
    of_kind = [one for one in documents(text) if one.at("kind") == kind]
    return next(
        (one for one in of_kind if one.at("metadata", "name") == name), of_kind[0] if len(of_kind) == 1 else None
    )


def about(thing: Node, message: str) -> Node:
    """The container that a message names, else the object."""
    wanted = _CONTAINER.search(message)
    if wanted is None:
        return thing
    for node in thing.walk():
        for key, value in node.items():
            if key.scalar in ("containers", "initContainers", "ephemeralContainers"):
                for container in value.children():
                    if container.at("name") == wanted[1]:
                        return container
    return thing


def span(text: str, node: Node) -> tuple[int, int, int]:
    """(line, column, last line) of a node: an object is told at its name."""
    lines = Lines(text)
    name = node.get("metadata", "name") or node.get("metadata", "generateName") or node.get("name")
    line, column = lines.place((name or node).start)
    return line, column, lines.place(max(node.start, node.end - 1))[0]


def patches(repository: Repository) -> frozenset[str]:
    """The files that kustomizations lay over others: they are parts of objects, not objects."""
    found: set[str] = set()
    for path in repository.glob(*KUSTOMIZATIONS):
        folder = path.rpartition("/")[0]
        for document in documents(repository.read(path) or ""):
            for key in ("patches", "patchesStrategicMerge", "patchesJson6902"):
                entries = document.get(key)
                for entry in entries.children() if entries is not None else ():
                    file = entry.scalar or str(entry.at("path") or "")
                    if file:
                        found.add(_joined(folder, file))
    return frozenset(found)


def kustomized(repository: Repository, paths: Iterable[str]) -> frozenset[str]:
    """The files beside or below a kustomization: what they are in the end (labels, names, parts) is not in them alone."""
    folders = {path.rpartition("/")[0] for path in repository.glob(*KUSTOMIZATIONS)}
    return frozenset(path for path in paths if any(not f or path.startswith(f + "/") for f in folders))


def _joined(folder: str, file: str) -> str:
    parts = folder.split("/") if folder else []
    for step in file.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step not in ("", "."):
            parts.append(step)
    return "/".join(parts)
