"""Compile `routing/cues.json`: the cues of every room's parameters, so that a sentence without any needs no pydantic."""

from __future__ import annotations

import json
from pathlib import Path

from devops_orchestrator import catalog
from devops_orchestrator.routing import slots

OUT = Path(__file__).parent.parent / "src/devops_orchestrator/routing/cues.json"


def compiled() -> dict[str, list[str]]:
    """agent → the filled patterns of its parameters, each once."""
    found: dict[str, list[str]] = {}
    for agent in catalog.SPECIALISTS:
        params = slots.params_of(agent)
        assert params is not None, agent
        patterns = [
            p.pattern for field in slots.fields_of(params) for p in (*field.cues, *(said for _, said in field.words))
        ]
        found[agent] = list(dict.fromkeys(patterns))
    return found


def text() -> str:
    """The file's content."""
    return json.dumps(compiled(), ensure_ascii=False, indent=0) + "\n"


if __name__ == "__main__":
    OUT.write_text(text(), encoding="utf-8")
