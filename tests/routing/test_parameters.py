"""Parameters said in whole sentences, for every room, in both languages: `parameters/<domain>.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from devops_orchestrator import catalog
from devops_orchestrator.routing import slots

SENTENCES: list[dict[str, Any]] = [
    entry
    for path in sorted(Path(__file__).with_name("parameters").glob("*.yaml"))
    for entry in yaml.safe_load(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("entry", SENTENCES, ids=lambda entry: f"{entry['agent']}: {entry['request'][:60]}")
def test_said(entry: dict[str, Any]) -> None:
    found = slots.read(entry["request"], entry["agent"], quantities=entry["action"] != "answer")
    assert found == (entry["parameters"] or {})


@pytest.mark.parametrize("agent", catalog.SPECIALISTS)
def test_every_specialist_has_sentences(agent: str) -> None:
    assert sum(entry["agent"] == agent for entry in SENTENCES) >= 10
