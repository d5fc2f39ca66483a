"""The compiled table: fresh, small, and complete."""

from __future__ import annotations

from devops_orchestrator.catalog import AGENTS
from devops_orchestrator.routing import names, order, sources, table


def test_the_table_is_fresh() -> None:
    assert table.load().meta["digest"] == sources.digest(), "requests or features changed: run `make routing`"


def test_every_agent_and_authority_is_a_label() -> None:
    held = set(table.load().meta["labels"])
    authorities = {f"escalate/{authority}" for authority in names.PATHS}
    assert held == {*AGENTS, *authorities, "out-of-scope"}
    assert set(order.WORK) == set(AGENTS)
    assert {label.removeprefix("escalate/") for label in held} == set(names.NAMES)


def test_every_topic_has_its_authority() -> None:
    assert (
        set(table.load().meta["topics"])
        == {topic for topics in names.TOPICS_OF.values() for topic in topics}
        == set(names.TOPICS)
    )


def test_the_table_is_a_few_megabytes() -> None:
    assert (sources.PACKAGE / "routing/table.bin").stat().st_size < 5_000_000


def test_every_label_has_words_and_examples_in_both_languages() -> None:
    examples, phrases = sources.read()
    for label, _ in sources.label_files():
        for language in ("fr", "en"):
            count = len({e.text for e in examples if e.label == label and e.language == language})
            assert count >= 25, (label, language, count)
        assert len([p for p in phrases if p.label == label]) >= 8, label


def test_no_request_is_an_example_of_two_labels() -> None:
    seen: dict[str, str] = {}
    for example in sources.read()[0]:
        assert seen.setdefault(example.text, example.label) == example.label, example.text
