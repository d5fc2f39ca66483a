"""Batches: in order, keys handed through, bad lines named."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

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


def test_further_lines_go_to_workers_and_stay_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["devops_orchestrator.routing.batch"], "ALONE", 3)
    texts = ["Helm", "Docker", "Créer un Dockerfile", "alerte Slack si erreurs > 5 %"] * 150
    lines = [json.dumps({"text": text, "id": number}) for number, text in enumerate(texts)]
    found = list(batch(lines, workers=2, lang="fr"))
    assert [f["input"]["id"] for f in found] == list(range(len(lines)))
    assert found == list(batch(lines, workers=1, lang="fr"))


def test_a_bad_line_among_many_is_named_after_the_decisions_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["devops_orchestrator.routing.batch"], "ALONE", 2)
    lines = [json.dumps({"text": "Helm"})] * 40 + ["{"] + [json.dumps({"text": "Helm"})] * 40
    found = []
    with pytest.raises(UsageError) as caught:
        for decided in batch(lines, workers=2):
            found.append(decided)
    assert len(found) == 40
    assert "41" in caught.value.text.en


def test_an_endless_stream_is_read_no_further_than_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["devops_orchestrator.routing.batch"], "ALONE", 2)
    read = 0

    def endless() -> Iterator[str]:
        nonlocal read
        while True:
            read += 1
            yield json.dumps({"text": f"deploy number {read}"})

    stream = batch(endless(), workers=2)
    assert [next(stream)["request"] for _ in range(50)][-1] == "deploy number 50"
    assert read < 10_000
    stream.close()
