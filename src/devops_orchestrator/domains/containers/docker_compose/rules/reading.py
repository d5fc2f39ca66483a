"""What the rules need to know of a compose file: its services, the files that belong to it, what a service is built from."""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, wraps

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Hit, Related, Source
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import compose, dockerfile
from devops_orchestrator.formats.compose import Compose, Service
from devops_orchestrator.formats.dockerfile import Dockerfile, Instruction
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

REFERENCE = "https://docs.docker.com/reference/compose-file/"
# Images (their last word) that keep data, and the port that they listen on.
STORES = {
    "postgres": 5432, "postgresql": 5432, "postgis": 5432, "pgvector": 5432, "timescaledb": 5432, "mysql": 3306, "mariadb": 3306,
    "mongo": 27017, "redis": 6379, "valkey": 6379, "elasticsearch": 9200, "memcached": 11211, "rabbitmq": 5672,
}  # fmt: skip
# Words of a path that say: a file for tests, for one developer, or a sample.
_NOT_PRODUCTION = re.compile(
    r"(^|[/._-])(tests?|testing|e2e|ci|cypress|playwright|dev|development|devel|develop|devcontainer|local|ddev|docs?|documentation|document|quickstarts?|playground|testdata|fixtures|examples?|samples?|demo|override)([/._-]|$)",
    re.I,
)


def services(source: Source) -> Iterator[Service]:
    """The services of the file."""
    yield from source.parsed(compose.parse).services


def name_of(image: str) -> str:
    """The last word of an image's name: `postgres` of `docker.io/library/postgres:18`."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0]


def tag_of(image: str) -> str:
    """The tag of an image, empty where it has none."""
    return image.partition("@")[0].rpartition("/")[2].partition(":")[2]


def store(service: Service) -> str | None:
    """The data store that a service runs, as a key of STORES."""
    name = name_of(service.image)
    return name if name in STORES else None


def trial(path: str) -> bool:
    """Whether a path says that the file is for tests, for one developer or a sample."""
    return bool(_NOT_PRODUCTION.search(path))


def folder(source: Source) -> str:
    """The folder that the file's relative paths begin at."""
    return posixpath.dirname(source.path) or "."


def join(base: str, path: str) -> str:
    """A path of the repository; one that leads out of it begins with `..`."""
    return posixpath.normpath(posixpath.join(base, path))


def elsewhere(project: Project, written: str) -> bool:
    """Whether a relative path is there from the repository's root.

    Files given together with `-f` have the folder of the first one; others are copied to the root before they are used.
    """
    path = re.sub(r"^(\.{1,2}/)+", "", written)
    return project.repository.has(path) or bool(project.repository.below(path))


def together(source: Source, project: Project) -> list[tuple[str, Compose]]:
    """The compose files that may be given with this one: those of its folder, itself first."""
    found = [(source.path, source.parsed(compose.parse))]
    for path in project.of_kind("compose"):
        if path != source.path and (posixpath.dirname(path) or ".") == folder(source):
            other = parsed(project, path)
            if other is not None:
                found.append((path, other))
    return found


def parsed(project: Project, path: str) -> Compose | None:
    """Another compose file; None where it does not parse (that is told at its own place)."""
    try:
        return compose.parse(project.repository.read(path) or "")
    except ParseError:
        return None


def perhaps_ignored(project: Project, path: str) -> bool:
    """Whether a .gitignore above a path has a pattern that may mean it or a folder of it: it is made elsewhere."""
    parts = path.split("/")
    for depth in range(len(parts)):
        text = project.repository.read(posixpath.join(*parts[:depth], ".gitignore")) or ""
        for line in text.splitlines():
            pattern = line.strip().strip("/").removeprefix("**/")
            if not pattern or pattern.startswith(("#", "!")):
                continue
            inside = "/".join(parts[depth:])
            if any(fnmatch.fnmatch(part, pattern) for part in parts[depth:]) or fnmatch.fnmatch(inside, f"{pattern}*"):
                return True
    return False


@dataclass(frozen=True, eq=False)
class Built:
    """What a service is built from. `dockerfile` is None where it cannot be read."""

    project: Project
    context: str
    path: str  # of the Dockerfile
    target: str

    @cached_property
    def dockerfile(self) -> Dockerfile | None:
        text = self.project.repository.read(self.path)
        try:
            return dockerfile.parse(text) if text is not None else None
        except ParseError:
            return None

    @cached_property
    def lineage(self) -> tuple[Instruction, ...]:
        """The instructions whose result is in the image that the service runs."""
        file = self.dockerfile
        if file is None:
            return ()
        stage = file.stage(self.target) if self.target else file.final
        return tuple(item for part in (file.lineage(stage) if stage else ()) for item in part.instructions)

    @cached_property
    def base(self) -> str:
        """The external image at the root, empty where it is not known."""
        file = self.dockerfile
        stage = (file.stage(self.target) if self.target else file.final) if file else None
        return (file.base(stage) or "") if file and stage else ""

    @cached_property
    def component(self) -> Component | None:
        """The component that the image holds, where one can be told."""
        folders = [posixpath.dirname(self.path) or ".", self.context]
        for at in folders:
            here = [c for c in self.project.components if c.path == at]
            if here:
                return here[0] if len(here) == 1 else next((c for c in here if c.kind == "service"), None)
        inside = [c for c in self.project.components if self.context == "." or c.path.startswith(self.context + "/")]
        return inside[0] if len(inside) == 1 else None

    @property
    def environment(self) -> dict[str, str]:
        """ENV of the image."""
        return {pair.key: pair.value or "" for item in self.lineage if item.name == "ENV" for pair in item.pairs}

    def last(self, *names: str) -> Instruction | None:
        """The last instruction of these names."""
        return next((item for item in reversed(self.lineage) if item.name in names), None)


def built(service: Service, source: Source, project: Project) -> Built | None:
    """What a service is built from; also one that runs the image which another service builds. None where unknown."""
    own = _build(service, source, project)
    if own is not None or not service.image or service.get("build") is not None:
        return own
    maker = next((s for s in services(source) if s.image == service.image and s.get("build") is not None), None)
    return _build(maker, source, project) if maker is not None else None


def _build(service: Service, source: Source, project: Project) -> Built | None:
    node = service.get("build")
    if node is None:
        return None
    context = node.scalar if node.kind == "scalar" else service.text("build", "context") or "."
    file = service.text("build", "dockerfile") or "Dockerfile"
    if service.get("build", "dockerfile_inline") is not None or re.search(r"\$|://|^git@", context + " " + file):
        return None
    base = join(folder(source), context)
    return Built(project, base, join(base, file), service.text("build", "target"))


def once(check: Callable[[Source, Project], Iterator[Hit]]) -> Callable[[Source, Project], Iterator[Hit]]:
    """A check that reports each place once: services that share an anchor share its defects."""

    @wraps(check)
    def found(source: Source, project: Project) -> Iterator[Hit]:
        seen: set[tuple[int, int]] = set()
        for hit in check(source, project):
            if (hit.start, hit.end) not in seen:
                seen.add((hit.start, hit.end))
                yield hit

    return found


def related(evidence: str, en: str, fr: str) -> tuple[Related, ...]:
    """The place of a fact, where its evidence is a file and a line."""
    path, _, line = evidence.rpartition(":")
    return (Related(path, int(line), Text(en, fr)),) if path and line.isdigit() else ()


def line_of(node: Node) -> int:
    """The line of a node, from 1."""
    return node.text.count("\n", 0, node.start) + 1
