"""What is wrong with a metric that an expression reads: nobody exports it, or the one who does is not scraped."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

from devops_orchestrator.core.project import Project
from devops_orchestrator.project import exports
from devops_orchestrator.project.exports import SYNTHETIC, Exports

# Which of these an exporter sends depends on its host, its flags and what it reads.
_DEPENDS = re.compile(r"(node|windows|pg|mysql|redis|kafka|rabbitmq|jvm|erlang|php)_|.*_(build|version)_info$")
# Every program with a client library exports these, whatever else it does.
_EVERYWHERE = re.compile(r"(process|go|promhttp|python|nodejs)_")
_CODE = re.compile(r"\.(py|[cm]?[jt]sx?|go|java|kt|php|rb|rs|cs|ex|exs)$")


@dataclass(frozen=True)
class Missing:
    """A metric that is not there. `exporter` would export it and is not scraped; `near` is the name that was meant."""

    metric: str
    exporter: str | None = None
    near: str | None = None


def missing(metric: str, project: Project) -> Missing | None:
    """What keeps a metric from being there; None where it is there, or where nobody can tell."""
    known = exports.of(project)
    if _EVERYWHERE.match(metric) or _is_known(metric, known):
        return None
    exported = exports.lookup(metric)
    if exported:
        return Missing(metric, exporter=exported[0].exporter) if known.complete else None
    near = _near(metric, known)
    if near is None and (not known.complete or ":" in metric or _DEPENDS.match(metric)):
        return None
    return None if _mentioned(metric, project) else Missing(metric, near=near)


def _is_known(metric: str, known: Exports) -> bool:
    if metric in SYNTHETIC or metric in known.recorded or exports.of_code(metric, known):
        return True
    return any(entry.exporter in known.exporters for entry in exports.lookup(metric))


def _near(metric: str, known: Exports) -> str | None:
    """An exported name that differs by a suffix, a plural or a letter."""
    names = known.names()
    bare = re.sub(r"(_total|_seconds|_bytes)$", "", metric)
    alike = [name for name in names if re.sub(r"(_total|_seconds|_bytes)$", "", name) == bare]
    own = {name for name in names if not exports.lookup(name)}  # an exporter's metrics are many and alike
    found = sorted(alike) or get_close_matches(metric, sorted(own), n=1, cutoff=0.93)
    return found[0] if found else None


def _mentioned(metric: str, project: Project) -> bool:
    """Whether the application's code names it: it may be defined in a way that is not read here."""
    names = {metric, *(metric.removesuffix(s) for s in ("_total", "_bucket", "_count", "_sum") if metric.endswith(s))}
    code = (path for component in project.components for path in component.files if _CODE.search(path))
    return any(name in (project.repository.read(path) or "") for path in code for name in names)
