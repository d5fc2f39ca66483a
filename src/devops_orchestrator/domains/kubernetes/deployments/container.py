"""What a component's Dockerfile says of the container: port, user, working directory, environment, base image."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from devops_orchestrator.core import facts
from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import dockerfile

ROOT = ("root", "0")
# Users that well-known images create, where the Dockerfile itself does not.
_KNOWN_USERS = {"nonroot": 65532, "nobody": 65534}
_ACCOUNT = re.compile(r"\b(?:useradd|adduser)\b([^;&|\n]*)")
_CHOWN = re.compile(r"\bchown\s+(?:-\S+\s+)*\S+\s+([^&;|\n]+)")
_ACCOUNT_ID = re.compile(r"(?:-u|--uid)[= ]\s*(\d+)")


@dataclass(frozen=True)
class Container:
    """Facts of one image, with the Dockerfile that they come from (None: there is none yet)."""

    path: str | None = None
    port: int | None = None
    port_line: int = 0
    user: str | None = None  # as written; None: root
    uid: int | None = None
    gid: int | None = None
    workdir: str = "/app"
    base: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    volume: str | None = None
    owned: tuple[str, ...] = ()  # absolute paths that the Dockerfile gives to its user

    @property
    def root(self) -> bool:
        """Whether the image runs as root as it is."""
        return self.path is not None and (self.user is None or self.user in ROOT)


def dockerfile_of(component: Component, project: Project) -> str | None:
    """The Dockerfile that builds a component: in its folder, named after it, or the only one there is."""
    paths = project.of_kind("dockerfile")
    prefix = "" if component.path == "." else f"{component.path}/"
    here = [path for path in paths if path.startswith(prefix) and "/" not in path[len(prefix) :]]
    for path in here:
        if PurePosixPath(path).name in ("Dockerfile", "Containerfile"):
            return path
    if here:
        return here[0]
    named = [p for p in paths if component.name in (PurePosixPath(p).parent.name, PurePosixPath(p).suffix[1:])]
    if named:
        return named[0]
    return paths[0] if len(paths) == 1 and len(project.deployable) <= 1 else None


def read(component: Component, project: Project) -> Container:
    """The container of a component; the convention's values where there is no Dockerfile or it does not parse."""
    path = dockerfile_of(component, project)
    text = project.repository.read(path) if path else None
    if path is None or text is None:
        return Container()
    try:
        parsed = dockerfile.parse(text)
    except ParseError:
        return Container(path=path)
    return _facts(path, parsed)


def _facts(path: str, parsed: dockerfile.Dockerfile) -> Container:
    lineage = parsed.lineage(parsed.final)
    base = parsed.base(parsed.final) or ""
    environment = {
        pair.key: pair.value or "" for stage in lineage for item in stage.of("ENV") for pair in item.pairs
    }  # fmt: skip
    scope = {**parsed.globals, **environment}
    port, line, workdir, user, volume = None, 0, "/", _base_user(base), None
    owned: list[str] = []
    for stage in lineage:
        for item in stage.instructions:
            words = [dockerfile.expand(word.value, scope) or "" for word in item.operands]
            if item.name == "EXPOSE" and port is None and words:
                number = words[0].partition("/")[0]
                port, line = (int(number), item.line) if number.isdigit() else (port, line)
            elif item.name == "WORKDIR" and words:
                workdir = words[0] if words[0].startswith("/") else f"{workdir.rstrip('/')}/{words[0]}"
            elif item.name == "RUN":
                targets = [word for found in _CHOWN.finditer(item.arguments) for word in found[1].split()]
                owned += [
                    posixpath.normpath(posixpath.join(workdir, target)) for target in targets if "$" not in target
                ]
            elif item.name == "USER" and words:
                user = words[0]
            elif item.name == "VOLUME" and words:
                volume = words[0]
    name, _, group = (user or "").partition(":")
    uid = _uid(name, parsed, base)
    gid = int(group) if group.isdigit() else None
    return Container(path, port, line, name or None, uid, gid, workdir, base, environment, volume, tuple(owned))


def _image_facts(base: str) -> Mapping[str, object]:
    """What the dated facts know of a base image."""
    known = facts.load("images")["images"]
    name = re.sub(r"[:@].*$", "", base.removeprefix("docker.io/").removeprefix("library/"))
    found: Mapping[str, object] = known.get(name) or {}
    return found


def _base_user(base: str) -> str | None:
    """The user that an image runs as where the Dockerfile names none; None for root."""
    if "nonroot" in base:
        return "nonroot"
    user = _image_facts(base).get("user")
    default = str(user.get("default", "root")) if isinstance(user, Mapping) else "root"
    return None if default.startswith("root") else default


def _uid(name: str, parsed: dockerfile.Dockerfile, base: str) -> int | None:
    """The number of a user name: written, created with a number in the Dockerfile, or known of the base image."""
    if name.isdigit():
        return int(name)
    if not name:
        return None
    for stage in parsed.lineage(parsed.final):
        for item in stage.of("RUN"):
            for account in _ACCOUNT.finditer(item.arguments):
                number = _ACCOUNT_ID.search(account[1])
                if number and re.search(rf"\b{re.escape(name)}\b", account[1]):
                    return int(number[1])
    user = _image_facts(base).get("user")
    if isinstance(user, Mapping) and name in (user.get("non_root"), user.get("default")):
        if "uid" in user:
            return int(user["uid"])
        return int(user["uid_alpine" if "alpine" in base else "uid_debian"]) if "uid_debian" in user else None
    return _KNOWN_USERS.get(name)
