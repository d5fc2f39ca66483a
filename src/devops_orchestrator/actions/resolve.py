"""Parameters: given > said in the request > seen in the repository > the room's default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from devops_orchestrator.core.params import Params
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.specialist import Specialist

GIVEN, SAID = "--set", "request"


def resolve(
    room: Specialist, project: Project, given: Mapping[str, str], said: Mapping[str, Any]
) -> tuple[Params, dict[str, tuple[object, str]]]:
    """(validated parameters, name → (value, where it came from)).

    `given` are the texts of `--set` (or JSON values), `said` the values that the request's words gave.
    Raises UsageError for an unknown parameter or a value that is not allowed, wherever it came from.
    """
    values: dict[str, object] = {}
    origins: dict[str, str] = {}
    for name, suggestion in room.suggest(project).items():
        values[name], origins[name] = suggestion.value, suggestion.evidence
    for name, value in said.items():
        values[name], origins[name] = value, SAID
    for name, value in given.items():
        values[name] = room.params.read(name, value) if isinstance(value, str) else value
        origins[name] = GIVEN
    params = room.params.checked(values, room.id)
    return params, {name: (getattr(params, name), origin) for name, origin in origins.items()}
