"""The scores of a request, or of a part of it: pure arithmetic on the compiled table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from devops_orchestrator.routing.lexicon import Hit, find, strength
from devops_orchestrator.routing.spelling import known, meant
from devops_orchestrator.routing.table import MOST, ROOM, UNIT, Row, Table
from devops_orchestrator.routing.words import letter_features, marks, word_features


@dataclass(frozen=True)
class Scores:
    """Logits of the labels, topics and actions, of French against English, of several deliverables against one.

    `hits` are the phrases that were found, `units` the hidden layer.
    """

    labels: list[float]
    topics: list[float]
    actions: list[float]
    french: float
    several: float
    hits: Sequence[Hit]
    units: list[int]


def letters_of(word: str, table: Table) -> Row:
    """The sum of a word's letters."""
    row = table.remembered(word)
    if row is None:
        row = table.added(letter_features(word))
        table.remember(word, row)
    return row


def _sum(rows: Sequence[Row], table: Table) -> list[float]:
    """Rows added, over the root of how many features they hold."""
    totals = [0] * table.lanes
    count = held = 0
    even = odd = 0
    for row in rows:
        if held + row.count > ROOM:
            totals = [a + b for a, b in zip(totals, table.unpack(Row(even, odd, held)), strict=True)]
            even = odd = held = 0
        even, odd, held, count = even + row.even, odd + row.odd, held + row.count, count + row.count
    totals = [a + b for a, b in zip(totals, table.unpack(Row(even, odd, held)), strict=True)]
    length = math.sqrt(count or 1)
    return [total / length for total in totals]


def score(text: str, folded: str, words: Sequence[str], table: Table) -> Scores:
    """The scores of these words, misspelt names of the trade read as meant. Words that nobody knows give the prior."""
    meta = table.meta
    words = [word if known(word, table) else meant(word, table) for word in words]
    letters = _sum([letters_of(word, table) for word in words], table)
    features = list(word_features(words, marks(text, folded)))
    whole = _sum([table.added(features[at : at + ROOM]) for at in range(0, len(features), ROOM)], table)
    lanes = [
        (a + b) * step + bias for a, b, step, bias in zip(letters, whole, meta["steps"], meta["biases"], strict=True)
    ]
    hits = find(words, meta["lexicon"])
    for label, weight in strength(hits, len(meta["labels"])).items():
        lanes = [lane + weight * more for lane, more in zip(lanes, meta["phrases"][label], strict=True)]
    hidden = meta["hidden"]
    units = [min(MOST, int(lane * UNIT)) if lane > 0 else 0 for lane in lanes[:hidden]]
    labels = [
        value * meta["head_step"] + bias for value, bias in zip(table.second(units), meta["head_biases"], strict=True)
    ]
    return Scores(labels, *_direct(lanes[hidden:], meta), hits, units)


def _direct(lanes: list[float], meta: dict[str, Any]) -> tuple[list[float], list[float], float, float]:
    topics = len(meta["topics"])
    actions = topics + len(meta["actions"])
    return lanes[:topics], lanes[topics:actions], lanes[actions], lanes[actions + 1]


def softmax(logits: Sequence[float], temperature: float = 1.0) -> list[float]:
    """Probabilities of logits."""
    top = max(logits)
    powers = [math.exp((logit - top) / temperature) for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]
