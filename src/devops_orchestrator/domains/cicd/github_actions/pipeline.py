"""A workflow before it is written: jobs and steps as plain values, laid out by `templates/ci.yml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from devops_orchestrator.core import facts
from devops_orchestrator.formats.template import quoted

RUNNER = "ubuntu-24.04"
RUNNERS = {"ubuntu": RUNNER, "linux": RUNNER, "windows": "windows-2025", "macos": "macos-15"}


@dataclass(frozen=True)
class Raw:
    """A value that is YAML already: an expression, a block scalar, a value with a comment behind it."""

    text: str


Value = str | int | bool | Raw


@dataclass(frozen=True)
class Step:
    """One step: an action (`uses` is its name; the facts pin it) or a script. `note` is the comment above it."""

    name: str = ""
    uses: str = ""
    run: str = ""
    inputs: Mapping[str, Value] = field(default_factory=dict)
    env: Mapping[str, Value] = field(default_factory=dict)
    id: str = ""
    condition: str = ""
    folder: str = ""
    note: str = ""

    @property
    def pinned(self) -> str:
        """`owner/name@<commit> # version`."""
        root = "/".join(self.uses.split("/")[:2])
        sha, version = facts.action(root)
        return f"{self.uses}@{sha} # {version}"

    def lines(self) -> list[str]:
        """The step's keys, at indentation 0."""
        found: list[str] = []
        if self.id:
            found.append(f"id: {self.id}")
        if self.name:
            found.append(f"name: {quoted(self.name)}")
        if self.condition:
            found.append(f"if: {self.condition}")
        if self.uses:
            found.append(f"uses: {self.pinned}")
        if self.folder:
            found.append(f"working-directory: {self.folder}")
        found += mapping("with", self.inputs)
        found += mapping("env", self.env)
        if self.run:
            found += (
                [f"run: {quoted(self.run)}"] if "\n" not in self.run else ["run: |", *_indented(self.run.splitlines())]
            )
        return found


@dataclass(frozen=True)
class Service:
    """A service container. `note` explains its image; `check` is the command that says that it is ready."""

    key: str
    image: str
    note: str
    ports: tuple[int, ...]
    env: Mapping[str, str]
    check: str | None


@dataclass
class Job:
    """One job. `permissions` maps a scope to (access, what for)."""

    id: str
    name: str
    steps: list[Step]
    timeout: int
    why_timeout: str
    needs: list[str] = field(default_factory=list)
    condition: str = ""
    permissions: Mapping[str, tuple[str, str]] = field(default_factory=lambda: {"contents": ("read", "checkout")})
    outputs: Mapping[str, str] = field(default_factory=dict)
    matrix: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    runner: str = RUNNER
    folder: str = ""
    services: tuple[Service, ...] = ()
    env: Mapping[str, Value] = field(default_factory=dict)
    env_note: str = ""
    note: str = ""

    @property
    def needed(self) -> str:
        """`needs` as YAML: one name, or a list."""
        return self.needs[0] if len(self.needs) == 1 else f"[{', '.join(self.needs)}]"

    @property
    def environment(self) -> list[str]:
        """The entries of `env`, as YAML lines."""
        return mapping("env", self.env)[1:]


def value(written: Value) -> str:
    """A value as YAML."""
    if isinstance(written, Raw):
        return written.text
    if isinstance(written, bool):
        return "true" if written else "false"
    return str(written) if isinstance(written, int) else quoted(written)


def mapping(key: str, values: Mapping[str, Value]) -> list[str]:
    """`key:` with its entries below; a value of several lines becomes a literal block."""
    if not values:
        return []
    found = [f"{key}:"]
    for name, entry in values.items():
        if isinstance(entry, str) and "\n" in entry:
            found += [f"  {name}: |", *_indented(_indented(entry.splitlines()))]
        else:
            found.append(f"  {name}: {value(entry)}")
    return found


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" if line else "" for line in lines]


def checkout(**inputs: Value) -> Step:
    """The checkout, without leaving the token in `.git/config`."""
    return Step(
        uses="actions/checkout",
        inputs={"persist-credentials": False, **{k.replace("_", "-"): v for k, v in inputs.items()}},
    )
