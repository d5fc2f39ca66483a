"""The scores of a request, or of a part of it: pure arithmetic on the compiled table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from devops_orchestrator.routing.lexicon import Hit, find, strength
from devops_orchestrator.routing.spelling import known, meant
from devops_orchestrator.routing.table import BIAS, ROOM, Table
from devops_orchestrator.routing.words import letter_features, word_features


@dataclass(frozen=True)
class Scores:
    """Logits of the labels and the topics, of French against English, and the phrases that were found."""

    labels: list[float]
    topics: list[float]
    french: float
    hits: Sequence[Hit]


class _Sum:
    """Adds packed rows and unpacks before a lane can overflow."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._packed = 0
        self._count = 0
        self.totals: list[int] = [0] * table.lanes

    def add(self, packed: int, count: int) -> None:
        if self._count + count > ROOM:
            self._flush()
        self._packed += packed
        self._count += count

    def _flush(self) -> None:
        if self._count:
            bias = BIAS * self._count
            lanes = self._table.unpack(self._packed)
            self.totals = [total + lane - bias for total, lane in zip(self.totals, lanes, strict=True)]
            self.totals[-1] += bias  # squares have no bias
            self._packed = self._count = 0

    def scaled(self) -> list[float]:
        """The sums over the length of the feature vector (the last lane holds its squares)."""
        self._flush()
        length = math.sqrt(self.totals[-1] / self._table.meta["square"]) or 1.0
        return [total / length for total in self.totals[:-1]]


def _word_sum(word: str, table: Table) -> tuple[int, int]:
    known = table.remembered(word)
    if known is None:
        packed = count = 0
        for feature in letter_features(word):
            row = table.row(feature)
            if row:
                packed += row
                count += 1
        known = (packed, count)
        table.remember(word, known)
    return known


def score(words: Sequence[str], table: Table) -> Scores:
    """The scores of these words, misspelt names of the trade read as meant. Words that nobody knows give the prior."""
    words = [word if known(word, table) else meant(word, table) for word in words]
    letters, whole = _Sum(table), _Sum(table)
    for word in words:
        packed, count = _word_sum(word, table)
        if count:
            letters.add(packed, count)
    for feature in word_features(words):
        row = table.row(feature)
        if row:
            whole.add(row, 1)
    meta = table.meta
    sums = [
        (left + right) * scale + bias
        for left, right, scale, bias in zip(
            letters.scaled(), whole.scaled(), meta["scales"], meta["biases"], strict=True
        )
    ]
    hits = find(words, meta["lexicon"])
    labels = len(meta["labels"])
    logits = sums[:labels]
    for label, weight in strength(hits, labels).items():
        logits = [logit + weight * more for logit, more in zip(logits, meta["lexicon_weights"][label], strict=True)]
    return Scores(logits, sums[labels:-1], sums[-1], hits)


def softmax(logits: Sequence[float], temperature: float = 1.0) -> list[float]:
    """Probabilities of logits."""
    top = max(logits)
    powers = [math.exp((logit - top) / temperature) for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]
