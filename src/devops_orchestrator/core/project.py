"""What a repository is: components made of facts, each with its evidence. `project/` reads it; nobody guesses again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from devops_orchestrator.core import kinds
from devops_orchestrator.core.repository import Repository

T = TypeVar("T")

EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Runtime:
    """The language runtime: `name` (`python`, `node`, `go`, `java`, `php`…) and its version as far as it is said."""

    name: str
    version: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A value that was considered for a fact, and its evidence; the first one of a fact won."""

    value: object
    evidence: str


@dataclass(frozen=True)
class Process:
    """What runs beside the served command: a `worker` that consumes, or a job that runs on a `schedule`."""

    name: str  # worker, beat, scheduler, queue …
    kind: str  # worker | schedule
    command: str  # run from the component's path
    evidence: str


@dataclass(frozen=True)
class Component:
    """One part of a repository that is built by itself.

    What the repository does not say is None or empty. `evidence` gives the place of each fact: `"app/main.py:12"`, or
    `"convention: …"` where a documented default of the framework supplied it. Commands are run from `path`, unless
    `install_path` names the folder of the workspace's lockfile.
    """

    path: str = "."
    name: str = "app"
    language: str | None = None  # CONTRACT.md's list
    framework: str | None = None  # fastapi, django, flask, express, nestjs, nextjs, vite, spring-boot, laravel, gin …
    package_manager: str | None = None
    package_manager_version: str | None = None
    runtime: Runtime | None = None
    kind: str = "service"  # service | worker | static (built into files) | library | command
    install: str | None = None
    build: str | None = None
    test: str | None = None
    lint: str | None = None
    typecheck: str | None = None
    start: str | None = None
    migrate: str | None = None
    port: int | None = None
    health: str | None = None
    metrics: str | None = None  # the path that serves Prometheus metrics, where the code really serves them
    metrics_library: str | None = None  # a key of facts/exporters.json
    services: tuple[str, ...] = ()
    test_services: tuple[str, ...] = ()  # those that the tests connect to, as far as the tests show it
    environment: tuple[str, ...] = ()
    required_environment: tuple[str, ...] = ()  # read without a default
    processes: tuple[Process, ...] = ()  # workers and scheduled jobs
    writable: tuple[str, ...] = ()  # folders and files that it writes while it runs, from `path`
    assets: str | None = None  # folder of static files that are served as they are, from `path`
    uses: tuple[str, ...] = ()  # paths of the repository's own components that it is built from
    entrypoint: str | None = None  # app.main:app, dist/main.js, ./cmd/server, target/*.jar, public/index.php
    lockfile: str | None = None  # path from the repository's root
    manifest: str | None = None  # path from the repository's root: package.json, pyproject.toml, go.mod, pom.xml …
    install_path: str | None = None  # folder of the workspace's root when it is not `path`
    output: str | None = None  # folder of the build's output: dist, build, .next
    dependencies: Mapping[str, str] = field(default_factory=dict)  # name → version as written; dev ones too
    dev_dependencies: frozenset[str] = frozenset()
    scripts: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()  # the component's own files, from the repository's root
    traits: Mapping[str, str] = field(default_factory=dict)  # what only one ecosystem has, e.g. wsgi, asgi, static_root
    evidence: Mapping[str, str] = field(default_factory=dict)
    candidates: Mapping[str, tuple[Candidate, ...]] = field(default_factory=dict, repr=False)  # winner first

    def depends_on(self, *names: str) -> bool:
        """Whether one of these packages is a dependency."""
        return any(name in self.dependencies for name in names)

    def port_of(self, fact: str) -> int | None:
        """The port that answers `health` or `metrics`: a server of their own beside the application's, where there is one.

        A framework's management port serves its own routes; a route that the code defines is the application's.
        """
        if fact == "metrics" and "metrics_port" in self.traits:
            return int(self.traits["metrics_port"])
        source = self.evidence.get(fact, "").rpartition(":")[0]
        own = self.traits.get("management_port", "")
        in_code = source.endswith((".java", ".kt", ".groovy", ".scala"))
        return int(own) if own.isdigit() and not in_code else self.port


@dataclass(frozen=True)
class DevopsFile:
    """A DevOps file and its kind (`core.kinds`)."""

    path: str
    kind: str
    detail: tuple[str, ...] = ()  # names in it: stages, services, kinds of objects, modules, jobs (`project.details`)

    @property
    def family(self) -> str:
        """The kind that rules are written for: `kubernetes` for every finer one of it."""
        return kinds.family(self.kind)


@dataclass(frozen=True)
class Vcs:
    """Where the repository lives: host (`github`, `gitlab`, `bitbucket`, None), `owner/name`, default branch."""

    host: str | None = None
    slug: str | None = None
    default_branch: str | None = None
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """A file of the user that could not be read: reported, never rewritten."""

    path: str
    line: int
    message_en: str
    message_fr: str


@dataclass(frozen=True)
class Project:
    """All that is known of a repository. `repository` reads its files (with those of earlier steps laid over)."""

    repository: Repository
    name: str
    vcs: Vcs = Vcs()
    components: tuple[Component, ...] = ()
    devops_files: tuple[DevopsFile, ...] = ()
    problems: tuple[Problem, ...] = ()

    def of_kind(self, *kinds: str) -> list[str]:
        """Paths of the DevOps files of these kinds, sorted; a family (`kubernetes`) has the files of its finer kinds."""
        return [file.path for file in self.devops_files if file.kind in kinds or file.family in kinds]

    def overlaid(self, files: Mapping[str, str]) -> Project:
        """This project as it would be with `files` written: what the next step of a plan reads."""
        if not files:
            return self
        known = {file.path: file for file in self.devops_files}
        for path, text in files.items():
            kind = kinds.of(path, text)
            if kind:
                known[path] = DevopsFile(path, kind)
        ordered = tuple(known[path] for path in sorted(known))
        return replace(self, repository=self.repository.overlay(files), devops_files=ordered)

    @cached_property
    def deployable(self) -> tuple[Component, ...]:
        """The components that run or are served: services, workers, static sites."""
        return tuple(c for c in self.components if c.kind in ("service", "worker", "static"))

    def remembered(self, make: Callable[[Project], T]) -> T:
        """`make(self)`, computed once: an index that many rules read. A project with new files is another project."""
        known: dict[object, object] = self.__dict__.setdefault("_remembered", {})
        if make not in known:
            known[make] = make(self)
        found: T = known[make]  # type: ignore[assignment]
        return found

    @property
    def main(self) -> Component | None:
        """The component that a request without a name means: the first deployable one, else the first."""
        candidates = self.deployable or self.components
        return candidates[0] if candidates else None

    def component(self, name_or_path: str | None) -> Component | None:
        """The component of that name or path; the main one for None."""
        if name_or_path is None:
            return self.main
        return next((c for c in self.components if name_or_path in (c.name, c.path)), None)
