"""A component while it is being read: facts are offered in the order of their precedence, the first one wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from devops_orchestrator.core.project import Candidate, Component, Process, Runtime

_MANY = ("services", "test_services", "environment", "required_environment", "writable")


def convention(name: str) -> str:
    """The evidence of a fact that a documented default supplies."""
    return f"convention: {name}"


@dataclass
class Draft:
    """Facts with their evidence; `build` makes the Component.

    `offer` keeps every candidate, so that what lost can be shown beside what won.
    """

    path: str
    ecosystem: str
    name: str = "app"
    kind: str | None = None
    aside: bool = False  # the site about an application that is beside it: after all of that application
    precedence: int = 0  # among components of one kind, the lower one goes first
    dependencies: dict[str, str] = field(default_factory=dict)
    dev_dependencies: set[str] = field(default_factory=set)
    scripts: dict[str, str] = field(default_factory=dict)
    traits: dict[str, str] = field(default_factory=dict)
    candidates: dict[str, list[Candidate]] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    places: dict[str, str] = field(default_factory=dict)  # package → where it is named
    members: dict[str, str] = field(default_factory=dict)  # workspace packages that it depends on: name → path
    followed: bool = False  # whether its facts already hold what the code of those packages brings
    processes: dict[str, Process] = field(default_factory=dict)
    _sets: dict[str, dict[str, str]] = field(default_factory=dict)
    _languages: list[tuple[str, str]] = field(default_factory=list)

    def offer(self, fact: str, value: Any, evidence: str) -> None:
        """Offer a value for a fact. None and "" are no answer."""
        if value is not None and value != "":
            self.candidates.setdefault(fact, []).append(Candidate(value, evidence))

    def prefer(self, fact: str, value: Any, evidence: str) -> None:
        """Offer a value that goes before those offered so far."""
        if value is not None and value != "":
            self.candidates.setdefault(fact, []).insert(0, Candidate(value, evidence))

    def add(self, fact: str, value: str, evidence: str) -> None:
        """Add one value to a fact that is a list (services, environment…)."""
        self._sets.setdefault(fact, {}).setdefault(value, evidence)

    def drop(self, fact: str, value: str) -> None:
        """Take one value out of a fact that is a list."""
        self._sets.get(fact, {}).pop(value, None)

    def process(self, name: str, kind: str, command: str | None, evidence: str) -> None:
        """Add what runs beside the served command (`worker` or `schedule`); the first of a name or command stays."""
        known = any(command == other.command for other in self.processes.values())
        if command and not known:
            self.processes.setdefault(name, Process(name, kind, command, evidence))

    def trait(self, name: str, value: object, evidence: str = "") -> None:
        """What only one ecosystem has; the first value stays."""
        if value not in (None, "") and name not in self.traits:
            self.traits[name] = str(value)
            if evidence:
                self.candidates.setdefault(name, []).append(Candidate(value, evidence))

    def get(self, fact: str) -> Any:
        """The value that wins so far, or None."""
        found = self.candidates.get(fact)
        return found[0].value if found else None

    def evidence(self, fact: str) -> str | None:
        """The evidence of the value that wins so far."""
        found = self.candidates.get(fact)
        return found[0].evidence if found else None

    def many(self, fact: str) -> Mapping[str, str]:
        """The values of a list fact so far, with their evidence."""
        return self._sets.get(fact, {})

    def language(self, version: str, evidence: str) -> None:
        """Note a language level that a build file sets (`17`, `1.8`); one that is not a number is left out."""
        number = version.strip().removeprefix("1.") if version.strip().startswith("1.") else version.strip()
        if number.isdigit():
            self._languages.append((number, evidence))

    def languages(self) -> list[tuple[str, str]]:
        """The language levels that were noted, in order."""
        return list(self._languages)

    def framework_is(self, *names: str) -> bool:
        """Whether the framework is one of these."""
        return self.get("framework") in names

    def place(self, package: str) -> str:
        """Where a package is named; the manifest where that is not known."""
        return self.places.get(package) or self.get("manifest") or ""

    def depends_on(self, *names: str) -> str | None:
        """The first of these packages that is a dependency, or None."""
        return next((name for name in names if name in self.dependencies), None)

    def build(self) -> Component:
        """The component that the facts make."""
        evidence = {fact: found[0].evidence for fact, found in self.candidates.items() if found}
        lists: dict[str, tuple[str, ...]] = {}
        for fact in _MANY:
            values = self._sets.get(fact, {})
            lists[fact] = tuple(sorted(values))
            if values:
                evidence[fact] = _some(values[value] for value in sorted(values))
                for value in sorted(values):
                    evidence[f"{fact}.{value}"] = values[value]
        if self.processes:
            evidence["processes"] = _some(self.processes[name].evidence for name in sorted(self.processes))
        runtime = self.get("runtime")
        return Component(
            path=self.path,
            name=self.name,
            language=self.get("language"),
            framework=self.get("framework"),
            package_manager=self.get("package_manager"),
            package_manager_version=self.get("package_manager_version"),
            runtime=runtime if isinstance(runtime, Runtime) else None,
            kind=self.kind or "library",
            install=self.get("install"),
            build=self.get("build"),
            test=self.get("test"),
            lint=self.get("lint"),
            typecheck=self.get("typecheck"),
            start=self.get("start"),
            migrate=self.get("migrate"),
            port=self.get("port"),
            health=self.get("health"),
            metrics=self.get("metrics"),
            metrics_library=self.get("metrics_library"),
            services=lists["services"],
            test_services=lists["test_services"],
            environment=lists["environment"],
            required_environment=lists["required_environment"],
            processes=tuple(self.processes[name] for name in sorted(self.processes)),
            writable=lists["writable"],
            assets=self.get("assets"),
            uses=tuple(sorted(set(self.members.values()))),
            entrypoint=self.get("entrypoint"),
            lockfile=self.get("lockfile"),
            manifest=self.get("manifest"),
            install_path=self.get("install_path"),
            output=self.get("output"),
            dependencies=dict(sorted(self.dependencies.items())),
            dev_dependencies=frozenset(self.dev_dependencies),
            scripts=dict(self.scripts),
            files=self.files,
            traits=dict(self.traits),
            evidence=evidence,
            candidates={fact: tuple(found) for fact, found in self.candidates.items()},
        )


def _some(places: Iterable[str]) -> str:
    """A few places of a list's values; each value has its own under `fact.value`."""
    unique = list(dict.fromkeys(place for place in places if place))
    return ", ".join(unique[:4]) + (", …" if len(unique) > 4 else "")
