"""What the compose files run from a component's image: its commands and the ports inside the container."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from devops_orchestrator.project.ecosystems.ecosystem import Context
from devops_orchestrator.project.tree import join, parent

if TYPE_CHECKING:
    from devops_orchestrator.formats.yaml import Node


@dataclass(frozen=True)
class Run:
    """A service of a compose file that is built from the repository. Values that are not said are empty."""

    name: str
    folder: str  # the build's context
    dockerfile: str | None
    command: str
    ports: tuple[int, ...]  # inside the container
    evidence: str  # the command's place, else the service's


def runs(context: Context) -> list[Run]:
    """The services that are built from a folder of the repository, those of production files before overrides.

    A service that names the image which another one builds, or extends it (`<<: *app`), is built from there too.
    """
    found: list[Run] = []
    order = sorted(context.compose_paths, key=lambda p: (bool(re.search(r"test|override", p)), p.count("/"), len(p), p))
    for path in order:
        for document in context.tree.yaml(path):
            found += _of(path, document)
    return found


def _of(path: str, document: Node) -> list[Run]:
    services = document.get("services")
    entries = [(str(key.value), key, value, value.value) for key, value in services.items()] if services else []
    entries = [entry for entry in entries if isinstance(entry[3], dict)]
    images: dict[str, tuple[str, str | None]] = {}
    for _, _, _, plain in entries:
        if (place := _build(path, plain)) and isinstance(plain.get("image"), str):
            images[plain["image"]] = place
    found: list[Run] = []
    for name, key, value, plain in entries:
        built = _build(path, plain) or images.get(str(plain.get("image")))
        if built is None:
            continue
        raw = plain.get("command")
        command = raw if isinstance(raw, str) else shlex.join(map(str, raw)) if isinstance(raw, list) else ""
        listed = plain.get("ports")
        ports = (
            tuple(port for entry in listed or [] if (port := _port(entry)) is not None)
            if isinstance(listed, list)
            else ()
        )
        node = value.get("command")
        at = node if node is not None else key
        line = at.text.count("\n", 0, at.start) + 1
        found.append(Run(name, built[0], built[1], " ".join(command.split()), ports, f"{path}:{line}"))
    return found


def _build(path: str, plain: dict[str, Any]) -> tuple[str, str | None] | None:
    build = plain.get("build")
    if isinstance(build, str):
        return _folder(parent(path), build), None
    if not isinstance(build, dict):
        return None
    given = build.get("context", ".")
    folder = _folder(parent(path), given) if isinstance(given, str) else parent(path)
    file = build.get("dockerfile")
    return folder, join(folder, file.removeprefix("./")) if isinstance(file, str) else None


def _port(entry: object) -> int | None:
    if isinstance(entry, dict):
        target = entry.get("target")
        return target if isinstance(target, int) else None
    found = re.search(r"(?:^|:)(\d+)(?:/tcp)?$", str(entry))
    return int(found[1]) if found else None


def _folder(base: str, context: str) -> str:
    parts: list[str] = [] if base == "." else base.split("/")
    for part in context.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts) or "."
