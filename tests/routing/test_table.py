"""The compiled table: fresh, small, and complete."""

from __future__ import annotations

from zlib import crc32

from devops_orchestrator.catalog import AGENTS
from devops_orchestrator.routing import names, order, sources, table
from devops_orchestrator.routing.reading import read
from devops_orchestrator.routing.words import stem


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
    assert table.PATH.stat().st_size < 5_000_000


def test_every_feature_that_was_kept_is_found() -> None:
    """Open addressing holds no row that cannot be reached, and no unknown feature finds another's."""
    held = table.load()
    known = [
        held.row(crc32(stem(word).encode())) for word in ("kubernetes", "deploiement", "pod", "grafana", "rollback")
    ]
    assert all(known) and len(set(known)) == len(known)
    unknown = sum(held.row(crc32(f"zz{number}qq".encode())) != 0 for number in range(2000))
    assert unknown <= 2


def test_a_sum_of_rows_is_the_sum_of_their_lanes() -> None:
    held = table.load()
    features = [crc32(word.encode()) for word in ("kubernetes", "pod", "helm")]
    alone = [held.unpack(held.added([feature])) for feature in features]
    assert held.unpack(held.added(features)) == [sum(lanes) for lanes in zip(*alone, strict=True)]


def test_a_paste_of_any_length_does_not_overflow() -> None:
    held = table.load()
    text = "kubernetes " * 300
    once, often = read("kubernetes kubernetes", held), read(text, held)
    assert once.label == often.label
