"""The network that `make routing` trains: sparse features → one hidden layer → a softmax for each question.

Plain numpy and scipy, deterministic: Adam over the rows that a batch touches, dropout of features and of hidden units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

HIDDEN = 64
EPOCHS = 7
BATCH = 128
RATE = 0.005
DROPPED_FEATURES = 0.1
DROPPED_UNITS = 0.3
FIRST, SECOND, TINY = 0.9, 0.999, 1e-8  # of Adam


@dataclass(frozen=True)
class Head:
    """One question about a request: its classes, the right one of each example (-1: not asked of it), what it weighs."""

    classes: int
    goal: np.ndarray
    weight: float = 1.0


@dataclass
class Network:
    """`rows` (features × hidden), `bias` (hidden), `heads` (hidden × outputs), `outputs` (their biases)."""

    rows: np.ndarray
    bias: np.ndarray
    heads: np.ndarray
    outputs: np.ndarray

    def logits(self, features: csr_matrix) -> np.ndarray:
        """The outputs of all heads, side by side."""
        hidden = np.maximum(features @ self.rows + self.bias, 0)
        return hidden @ self.heads + self.outputs


class _Adam:
    """Adam for one array; `rows` restricts a step to the rows that the batch touched."""

    def __init__(self, values: np.ndarray) -> None:
        self.values = values
        self.mean, self.square = np.zeros_like(values), np.zeros_like(values)

    def step(self, slope: np.ndarray, rate: float, count: int, rows: np.ndarray | slice = slice(None)) -> None:
        mean = self.mean[rows] * FIRST + slope * (1 - FIRST)
        square = self.square[rows] * SECOND + slope * slope * (1 - SECOND)
        self.mean[rows], self.square[rows] = mean, square
        scale = rate * np.sqrt(1 - SECOND**count) / (1 - FIRST**count)
        self.values[rows] -= scale * mean / (np.sqrt(square) + TINY)


def train(
    features: csr_matrix,
    heads: Sequence[Head],
    seed: int = 0,
    weights: np.ndarray | None = None,
    hidden: int = HIDDEN,
    epochs: int = EPOCHS,
) -> Network:
    """The network after `epochs` passes; `weights` says how much each example counts."""
    chance = np.random.default_rng(seed)
    count, width = features.shape
    outputs = sum(head.classes for head in heads)
    rows = _Adam(chance.normal(0, 0.05, (width, hidden)).astype(np.float32))
    bias = _Adam(np.zeros(hidden, dtype=np.float32))
    matrix = _Adam(chance.normal(0, 0.1, (hidden, outputs)).astype(np.float32))
    shift = _Adam(np.zeros(outputs, dtype=np.float32))
    weights = np.ones(count, dtype=np.float32) if weights is None else weights.astype(np.float32)
    total = epochs * -(-count // BATCH)
    done = 0
    for _ in range(epochs):
        order = chance.permutation(count)
        for start in range(0, count, BATCH):
            picked = order[start : start + BATCH]
            batch = features[picked].astype(np.float32)
            batch.data *= (chance.random(len(batch.data)) >= DROPPED_FEATURES) / np.float32(1 - DROPPED_FEATURES)
            used, places = np.unique(batch.indices, return_inverse=True)
            small = csr_matrix((batch.data, places, batch.indptr), shape=(len(picked), len(used)))
            sums = small @ rows.values[used] + bias.values
            kept = (chance.random(sums.shape) >= DROPPED_UNITS) / np.float32(1 - DROPPED_UNITS)
            units = np.maximum(sums, 0) * kept
            slope = _slope(units @ matrix.values + shift.values, heads, picked, weights)
            back = (slope @ matrix.values.T) * kept * (sums > 0)
            done += 1
            rate = RATE * (1 - (done - 1) / total)
            matrix.step(units.T @ slope, rate, done)
            shift.step(slope.sum(axis=0), rate, done)
            bias.step(back.sum(axis=0), rate, done)
            rows.step(small.T @ back, rate, done, used)
    return Network(rows.values, bias.values, matrix.values, shift.values)


def _slope(logits: np.ndarray, heads: Sequence[Head], picked: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The slope of the mean loss by the outputs."""
    slope = np.zeros_like(logits)
    place = 0
    for head in heads:
        part = slice(place, place + head.classes)
        place += head.classes
        goal = head.goal[picked]
        asked = np.flatnonzero(goal >= 0)
        likely = softmax(logits[asked, part])
        likely[np.arange(len(asked)), goal[asked]] -= 1
        slope[asked, part] = likely * (head.weight * weights[picked[asked]] / len(picked))[:, None]
    return slope


def softmax(logits: np.ndarray) -> np.ndarray:
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def matrix_of(rows: Sequence[Mapping[int, float]], width: int) -> csr_matrix:
    """A sparse matrix of one mapping (column → value) a row."""
    pointer = np.cumsum([0, *(len(row) for row in rows)])
    columns = np.array([key for row in rows for key in row], dtype=np.int64)
    values = np.array([value for row in rows for value in row.values()], dtype=np.float32)
    return csr_matrix((values, columns, pointer), shape=(len(rows), width))
