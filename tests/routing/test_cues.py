"""The compiled cues are those of the rooms, and leave nothing out."""

from pathlib import Path

from scripts import build_cues

from devops_orchestrator.routing import slots


def test_they_are_fresh() -> None:
    assert Path(build_cues.OUT).read_text(encoding="utf-8") == build_cues.text(), "run `make routing`"


def test_a_sentence_without_cues_has_no_parameters() -> None:
    without, with_ = "configurer github actions pour mon projet", "un deployment avec 3 replicas"
    assert not slots.hinted(slots.Sentence(without, without), "cicd/github-actions")
    assert slots.hinted(slots.Sentence(with_, with_), "kubernetes/deployments")
