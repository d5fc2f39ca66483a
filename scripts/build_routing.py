"""Compile the routing table: `make routing`. Needs numpy and scipy (extra `train`); the result is deterministic.

The model is linear over hashed words and letters, each block of length one, and over the lexicon: per label the weight
of the phrases found. Words and letters know what the examples say; the lexicon lets a phrase that no example holds
speak for its label. Confidence is calibrated by three-fold cross-validation.
"""

from __future__ import annotations

import argparse
import json
import struct
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))

from devops_orchestrator.routing import lexicon, sources
from devops_orchestrator.routing.table import BIAS, MAGIC
from devops_orchestrator.routing.words import BUCKETS, fold, letter_features, readable, tokens, word_features

OUT = Path(__file__).parent.parent / "src/devops_orchestrator/routing/table.bin"
SQUARE = 2.5  # scale of the lane of squared idf weights
PENALTY = {"labels": 0.05, "topics": 0.1, "french": 0.2}
LEXICON_SCALE = 0.15  # how much of the length of a feature vector a lexicon hit weighs
FOLDS = 3
ROWS = 40_000  # features that are kept: the weakest are not worth their bytes
THRESHOLD = 0.52  # below this confidence a question is asked: of what lies above, nineteen in twenty are right
STEPS = 45  # of L-BFGS: stopping early generalises better than converging


class Features:
    """The sparse matrices of a list of texts: words, letters, lexicon."""

    def __init__(self, texts: list[str], entries: dict[str, list[list[float]]], labels: int) -> None:
        words, letters, hits = [], [], []
        for text in texts:
            found = tokens(fold(readable(text)))
            words.append(Counter(word_features(found)))
            letters.append(Counter(f for word in found for f in letter_features(word)))
            hits.append(lexicon.strength(lexicon.find(found, entries), labels))
        self.words, self.letters = counts(words, BUCKETS), counts(letters, BUCKETS)
        self.hits = counts(hits, labels + 1)


def counts(rows: list, width: int) -> csr_matrix:
    pointer = np.cumsum([0, *(len(row) for row in rows)])
    columns = np.array([key for row in rows for key in row], dtype=np.int64)
    values = np.array([value for row in rows for value in row.values()], dtype=np.float64)
    return csr_matrix((values, columns, pointer), shape=(len(rows), width))


def rarity(matrix: csr_matrix, least: int) -> np.ndarray:
    """idf of each bucket; 0 for one that fewer than `least` texts hold."""
    texts = np.bincount(matrix.indices, minlength=matrix.shape[1])
    idf = np.log((1 + matrix.shape[0]) / (1 + texts)) + 1
    # the run time knows idf by its rounded square: train with the same
    rounded = np.sqrt(np.minimum(np.round(idf**2 * SQUARE), 255) / SQUARE)
    return np.where(texts >= least, rounded, 0)


def weighted(matrix: csr_matrix, idf: np.ndarray) -> csr_matrix:
    """tf-idf of length one, as the run time computes it: the length counts every occurrence."""
    length = np.sqrt(np.asarray(matrix @ (idf**2)).ravel())
    length[length == 0] = 1
    result = matrix.multiply(idf).tocsr()
    return result.multiply(1 / length[:, None]).tocsr()


def regression(
    features: csr_matrix, goal: np.ndarray, classes: int, penalty: float, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Softmax regression by L-BFGS: (weights, bias)."""
    count, width = features.shape
    hot = np.zeros((count, classes))
    hot[np.arange(count), goal] = 1
    transposed = features.T.tocsr()
    penalty = penalty / weights.sum()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        matrix = flat[:-classes].reshape(width, classes)
        logits = features @ matrix + flat[-classes:]
        logits -= logits.max(axis=1, keepdims=True)
        powers = np.exp(logits)
        total = powers.sum(axis=1, keepdims=True)
        error = weights[:, None] * (powers / total - hot) / weights.sum()
        value = -(weights * (logits[hot.astype(bool)] - np.log(total[:, 0]))).sum() / weights.sum()
        value += penalty * (flat[:-classes] ** 2).sum() / 2
        slope = np.concatenate([(transposed @ error + penalty * matrix).ravel(), error.sum(axis=0)])
        return value, slope

    start = np.zeros((width + 1) * classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS, "maxcor": 6, "ftol": 1e-7})
    return found.x[:-classes].reshape(width, classes), found.x[-classes:]


def compact(features: csr_matrix) -> tuple[csr_matrix, np.ndarray]:
    """Only the columns in use, and which they are."""
    used = np.unique(features.indices)
    return features[:, used], used


def entries_of(phrases: list[sources.Phrase], labels: list[str]) -> dict[str, list[list[float]]]:
    """phrase → [label, weight] pairs."""
    entries: dict[str, dict[int, float]] = {}
    for phrase in phrases:
        key = lexicon.key(phrase.text)
        if key and len(key.split()) <= lexicon.LONGEST_PHRASE:
            entries.setdefault(key, {})[labels.index(phrase.label)] = phrase.weight
    return {key: [[label, weight] for label, weight in owners.items()] for key, owners in sorted(entries.items())}


def balance(goal: np.ndarray) -> np.ndarray:
    """Weights that make labels of few examples count somewhat more."""
    size = np.bincount(goal)
    return (size.mean() / size[goal]) ** 0.4


def block(features: Features, idf: tuple[np.ndarray, np.ndarray]) -> csr_matrix:
    return hstack(
        [weighted(features.letters, idf[0]), weighted(features.words, idf[1]), features.hits * LEXICON_SCALE]
    ).tocsr()


def train(features: Features, goal: np.ndarray, classes: int, penalty: float, idf) -> tuple[np.ndarray, np.ndarray]:
    """Weights for all columns (letters, words, lexicon) and the biases."""
    full = block(features, idf)
    small, used = compact(full)
    found, bias = regression(small, goal, classes, penalty, balance(goal))
    matrix = np.zeros((full.shape[1], classes))
    matrix[used] = found
    return matrix, bias


def rows_of(matrix: csr_matrix, select: np.ndarray) -> csr_matrix:
    return matrix[select]


class Subset:
    def __init__(self, features: Features, select: np.ndarray) -> None:
        self.words, self.letters, self.hits = (
            rows_of(m, select) for m in (features.words, features.letters, features.hits)
        )


def logits_of(features, matrix, bias, idf) -> np.ndarray:
    return block(features, idf) @ matrix + bias


def cross_validated(features: Features, goal: np.ndarray, classes: int, penalty: float) -> np.ndarray:
    """Logits of every example from a model that has not seen it."""
    result = np.zeros((len(goal), classes))
    fold = np.arange(len(goal)) * 2654435761 % 1000 % FOLDS
    for number in range(FOLDS):
        seen, unseen = fold != number, fold == number
        part = Subset(features, seen)
        idf = rarity(part.letters, 2), rarity(part.words, 1)
        matrix, bias = train(part, goal[seen], classes, penalty, idf)
        result[unseen] = logits_of(Subset(features, unseen), matrix, bias, idf)
    return result


def temperature(logits: np.ndarray, goal: np.ndarray) -> float:
    """The temperature at which held-out confidence is calibrated."""
    best = min(
        np.arange(0.3, 2.5, 0.02),
        key=lambda t: (
            -np.mean(
                logits[np.arange(len(goal)), goal] / t
                - np.log(np.exp(logits / t - (logits / t).max(1, keepdims=True)).sum(1))
                - (logits / t).max(1)
            )
        ),
    )
    return round(float(best), 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="cross-validate only, write nothing")
    parser.add_argument("--no-cv", action="store_true", help="keep the temperature of the last build")
    options = parser.parse_args()
    examples, phrases = sources.read()
    labels = [label for label, _ in sources.label_files()]
    topics = sorted({e.topic for e in examples if e.topic})
    entries = entries_of(phrases, labels)
    features = Features([e.text for e in examples], entries, len(labels))
    goal = np.array([labels.index(e.label) for e in examples])
    if options.no_cv:
        heat = previous("temperature", 1.0)
    else:
        held_out = cross_validated(features, goal, len(labels), PENALTY["labels"])
        heat = temperature(held_out, goal)
        right = held_out.argmax(1) == goal
        print(f"cross-validation: {right.mean():.3f} right, temperature {heat}")
        if options.check:
            confused(held_out, goal, labels, examples)
            return
    idf = rarity(features.letters, 2), rarity(features.words, 1)
    print(f"{len(examples)} examples, {len(entries)} phrases, {len(labels)} labels, {len(topics)} topics")
    label_matrix, label_bias = train(features, goal, len(labels), PENALTY["labels"], idf)
    asked = np.array([bool(e.topic) for e in examples])
    topic_goal = np.array([topics.index(e.topic) for e in examples if e.topic])
    topic_matrix, topic_bias = train(Subset(features, asked), topic_goal, len(topics), PENALTY["topics"], idf)
    french = np.array([int(e.language == "fr") for e in examples])
    french_matrix, french_bias = train(features, french, 2, PENALTY["french"], idf)
    matrix = np.hstack([label_matrix, topic_matrix, french_matrix[:, 1:] - french_matrix[:, :1]])
    bias = np.concatenate([label_bias, topic_bias, french_bias[1:] - french_bias[:1]])
    write(matrix, bias, idf, labels, topics, entries, heat)


def previous(key: str, default: float) -> float:
    if not OUT.exists():
        return default
    content = OUT.read_bytes()
    (size,) = struct.unpack("<I", content[8:12])
    return json.loads(content[12 : 12 + size]).get(key, default)


def confused(logits, goal, labels, examples) -> None:
    pairs = Counter((labels[g], labels[p]) for g, p in zip(goal, logits.argmax(1), strict=True) if g != p)
    for (truth, said), number in pairs.most_common(40):
        print(f"{number:4} {truth} → {said}")


def write(matrix, bias, idf, labels, topics, entries, heat) -> None:
    """Quantise to one byte a weight and lay out the file that `routing.table` reads."""
    letters, words = matrix[:BUCKETS] * idf[0][:, None], matrix[BUCKETS : 2 * BUCKETS] * idf[1][:, None]
    both = letters + words
    square = np.maximum(idf[0], 0) ** 2 + idf[1] ** 2
    strength = np.abs(both[:, : len(labels)]).max(axis=1)
    used = np.sort(np.argsort(-strength, kind="stable")[:ROWS])
    step = np.percentile(np.abs(both[used]), 99.97, axis=0) / 127
    shares = [
        slice(0, len(labels)),
        slice(len(labels), len(labels) + len(topics)),
        slice(len(labels) + len(topics), None),
    ]
    for share in shares:
        step[share] = step[share].max()
    lanes = np.clip(np.round(both[used] / step), -127, 127) + BIAS
    lanes = np.hstack([lanes, np.minimum(np.round(square[used] * SQUARE), 255)[:, None]]).astype("<u2")
    index = np.zeros(BUCKETS, dtype="<u2")
    index[used] = np.arange(1, len(used) + 1)
    count = len(labels)
    meta = {
        "lanes": lanes.shape[1], "buckets": BUCKETS, "square": SQUARE, "temperature": heat, "threshold": THRESHOLD, "digest": sources.digest(),
        "labels": labels, "topics": topics, "scales": [float(f"{s:.6g}") for s in step], "biases": [round(float(b), 4) for b in bias],
        "lexicon": entries,
        "lexicon_weights": [[round(float(w) * LEXICON_SCALE, 3) for w in row] for row in matrix[2 * BUCKETS :, :count]],
    }  # fmt: skip
    head = json.dumps(meta, ensure_ascii=False, separators=(",", ":")).encode()
    head += b" " * (-(12 + len(head)) % 16)
    content = MAGIC + struct.pack("<I", len(head)) + head + index.tobytes() + lanes.tobytes()
    OUT.write_bytes(content)
    print(f"{OUT.name}: {len(used)} features, {len(content) / 1e6:.2f} MB, {len(head) / 1e3:.0f} kB of it words")


if __name__ == "__main__":
    main()
