"""What the code of every language is asked for, and how its answers are ranked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from devops_orchestrator.project.draft import Draft

# The last word of a route that says "I am well", best first.
_HEALTH = (
    (
        "healthz",
        "health",
        "healthcheck",
        "_healthz",
        "health-check",
        "health_check",
        "healthy",
        "_health",
        "__health",
        "__healthcheck__",
        "__heartbeat__",
    ),
    ("livez", "liveness", "live", "alive", "up"),
    ("readyz", "readiness", "ready"),
    ("heartbeat", "ping", "status"),
)
_RANK = {word: rank for rank, words in enumerate(_HEALTH) for word in words}
_READY = frozenset({"readyz", "readiness", "ready"})
MAX_SOURCES = 400  # more files than this of one component are not parsed: entry points come first
MAX_READ = 4_000  # and more than this are not looked into


@dataclass(frozen=True)
class Value:
    """A value as the code computes it: a constant, an environment variable, or a variable with a default."""

    constant: object = None
    variable: str | None = None

    @property
    def port(self) -> int | None:
        """The constant as a TCP port, or None."""
        found = self.constant
        if isinstance(found, str):
            tail = re.search(r"(?:^|:)(\d{2,5})$", found.strip())
            found = int(tail[1]) if tail else None
        return found if isinstance(found, int) and not isinstance(found, bool) and 0 < found < 65536 else None


@dataclass(frozen=True)
class Route:
    """A route that the code declares: its whole path as a client asks for it, and where."""

    path: str
    evidence: str
    method: str = "GET"


@dataclass
class Read:
    """An environment variable that the code reads; `required` where it has no default."""

    name: str
    evidence: str
    required: bool


@dataclass
class Seen:
    """All that the code of one component shows."""

    ports: list[tuple[Value, str]] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)


def normal(*parts: str) -> str:
    """Route parts as one path: `/api` + `health` → `/api/health`; a final slash that was written stays."""
    text = "/".join(part.strip() for part in parts if part.strip())
    return "/" + re.sub(r"/{2,}", "/", text).lstrip("/")


def rank(path: str) -> int | None:
    """How good a health route this path is (0 is best), None for another route."""
    if re.search(r"[{}<>:*()\[\]$]", path):
        return None
    words = [word for word in path.lower().split("/") if word]
    if not words or len(words) > 5 or any(word.startswith("webhook") for word in words):
        return None
    found = _RANK.get(words[-1])
    if found is None:
        found = (
            _RANK.get(words[-2])
            if len(words) > 1 and words[-2] in ("health", "healthz") and words[-1] in ("live", "ready", "check")
            else None
        )
    own = [word for word in words if word != "api" and not re.fullmatch(r"v\d+", word)]
    if found == 3 and words[-1] != "heartbeat" and len(words) > 2 and len(own) > 1:
        return None  # /api/orders/status says something of orders; /api/v3/status of the service
    return found


def give(draft: Draft, seen: Seen) -> None:
    """Put what the code shows into a draft: port, health route, environment."""
    for value, evidence in seen.ports:
        if value.port is not None:
            draft.offer("port", value.port, evidence)
    variable = next((value.variable for value, _ in seen.ports if value.variable), None)
    if variable:
        draft.trait("port_env", variable)
    give_health(draft, seen.routes)
    for read in seen.reads:
        draft.add("environment", read.name, read.evidence)
    required = {read.name for read in seen.reads if read.required} - {
        read.name for read in seen.reads if not read.required
    }
    for read in seen.reads:
        if read.name in required:
            draft.add("required_environment", read.name, read.evidence)


def give_health(draft: Draft, routes: Iterable[Route]) -> None:
    """Offer the health routes, the best first; a readiness route of its own becomes a trait."""
    ranked = sorted(
        (
            (level, len(route.path), route.path, route)
            for route in routes
            if route.method in ("GET", "ANY", "HEAD") and (level := rank(route.path)) is not None
        ),
        key=lambda entry: entry[:3],
    )
    for _, _, _, route in ranked:
        draft.offer("health", route.path, route.evidence)
    for _, _, path, route in ranked:
        if path.rstrip("/").rpartition("/")[2].lower() in _READY and route is not ranked[0][3]:
            draft.trait("readiness", path, route.evidence)
