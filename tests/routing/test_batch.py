"""Batches: in order, keys handed through, bad lines named."""

from __future__ import annotations

import json

import pytest

from devops_orchestrator.errors import UsageError
from devops_orchestrator.routing import batch


def test_one_decision_a_line_in_order() -> None:
    lines = [json.dumps({"text": "Créer un Dockerfile", "id": 7}), "", json.dumps({"text": "Helm"})]
    found = list(batch(lines))
    assert [f["steps"][0]["agent"] for f in found] == ["containers/docker", "kubernetes/helm"]
    assert found[0]["input"] == {"id": 7}
    assert "input" not in found[1]


def test_it_streams() -> None:
    endless = (json.dumps({"text": f"deploy number {n}"}) for n in iter(int, 1))
    assert next(batch(endless))["request"] == "deploy number 0"


@pytest.mark.parametrize("bad", ["{", "[1]", '{"txt": "x"}', '{"text": 3}', "[" * 100_000])
def test_a_bad_line_is_named(bad: str) -> None:
    with pytest.raises(UsageError) as caught:
        list(batch([json.dumps({"text": "Helm"}), bad]))
    assert "2" in caught.value.text.en and "2" in caught.value.text.fr
