"""`devops route --batch`: JSON Lines in, one decision a line out, in order and in constant memory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from devops_orchestrator.errors import UsageError
from devops_orchestrator.routing.judge import decide
from devops_orchestrator.text import Text


def batch(lines: Iterable[str], *, lang: str | None = None) -> Iterator[dict[str, Any]]:
    """The decision of each line's `text`, as plain data; the line's other keys are handed through under `input`.

    Raises UsageError that names the line for one that is no JSON object with a text. Empty lines are passed over.
    """
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        text, rest = _request(line, number)
        found = decide(text, lang=lang).to_json()
        if rest:
            found["input"] = rest
        yield found


def _request(line: str, number: int) -> tuple[str, dict[str, Any]]:
    try:
        held = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        told = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        raise UsageError(
            Text(
                f"Line {number} of the batch is not JSON: {told}.",
                f"La ligne {number} du lot n'est pas du JSON : {told}.",
            )
        ) from None
    if not isinstance(held, dict) or not isinstance(held.get("text"), str):
        raise UsageError(
            Text(
                f'Line {number} of the batch must be an object with a text: {{"text": "…"}}.',
                f'La ligne {number} du lot doit être un objet avec un texte : {{"text": "…"}}.',
            )
        )
    return held["text"], {key: value for key, value in held.items() if key != "text"}
