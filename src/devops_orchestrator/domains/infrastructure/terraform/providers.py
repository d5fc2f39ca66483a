"""Versions that generated files ask for: the engine's from the house's facts, the providers' with their source.

A provider's floor is a release that is known to exist; `~>` takes every later one of the same major.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from devops_orchestrator.core import facts
from devops_orchestrator.core.repository import Repository


@dataclass(frozen=True)
class Provider:
    """A provider: its local name, its address, the release that is the floor, and where that release was seen."""

    name: str
    source: str
    floor: str
    seen: str


PROVIDERS = {
    "aws": Provider(
        "aws", "hashicorp/aws", "6.38", "release notes of v6.38.0, quoted in public pull requests of 2026-03-31"
    ),
    "gcp": Provider(
        "google", "hashicorp/google", "7.45", "tag v7.45.0 of hashicorp/terraform-provider-google, 2026-08-18"
    ),
}

# The S3 backend locks with a file of its own (`use_lockfile`) from this release on, in both engines.
LOCK_FILE = (1, 10)
_VERSION_FILES = {"opentofu": ".opentofu-version", "terraform": ".terraform-version"}


@dataclass(frozen=True)
class Engine:
    """Terraform or OpenTofu, the oldest minor release to accept, and where that comes from."""

    name: str
    minor: str
    evidence: str

    @property
    def command(self) -> str:
        """What is typed on a command line."""
        return "tofu" if self.name == "opentofu" else "terraform"

    @property
    def title(self) -> str:
        """How it is called in prose."""
        return "OpenTofu" if self.name == "opentofu" else "Terraform"


def supported(engine: str) -> list[str]:
    """The minor releases that still get fixes, the oldest first (facts of the day that they say)."""
    return sorted(facts.load("runtimes")[engine]["supported"], key=_numbers)


def latest(engine: str) -> list[str]:
    """The newest patch of each supported minor release."""
    return [cycle["latest"] for cycle in facts.load("runtimes")[engine]["cycles"] if cycle["supported"]]


def engine(repository: Repository) -> Engine:
    """The engine that the repository uses (Terraform where nothing says OpenTofu) and the release that it asks for."""
    name = "terraform"
    if any(repository.has(path) for path in (".opentofu-version",)) or repository.glob("**/*.tofu"):
        name = "opentofu"
    pinned = re.match(r"v?(\d+)\.(\d+)", (repository.read(_VERSION_FILES[name]) or "").strip())
    if pinned and (int(pinned[1]), int(pinned[2])) >= LOCK_FILE:
        return Engine(name, f"{pinned[1]}.{pinned[2]}", _VERSION_FILES[name])
    oldest = supported(name)[0]
    return Engine(name, oldest, "convention: the oldest release that still gets fixes")


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
