"""Compile the routing table: `make routing`. Needs numpy and scipy (extra `train`); the result is deterministic.

Two models share one set of features (words, neighbours, marks, letters, phrases of the lexicon). A network with one
hidden layer says whose work a request is. Linear models say its topic, its action, its language and whether it asks
for several deliverables. A last, small regression, over what the finished table says of a request's parts, decides
which deliverables of a plan are its own; it is fitted on plans that the table it looks at has not seen.
"""

from __future__ import annotations

import argparse
import json
import re
import struct
import sys
from array import array
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix, hstack, vstack

sys.path.insert(0, str(Path(__file__).parent.parent / "src"))
sys.path.insert(0, str(Path(__file__).parent.parent))

from devops_orchestrator.routing import action, lexicon, plan, reading, sources, table
from devops_orchestrator.routing.words import fold, letter_features, marks, readable, tokens, word_features
from scripts.routing_network import HIDDEN, Head, Network, matrix_of, softmax, train

OUT = table.PATH
ROWS = 40_000  # features that are kept, the most frequent ones
LEAST = {"words": 2, "letters": 3}  # texts that must hold a feature
PHRASES = 0.15  # how much a phrase of the lexicon weighs beside a text's words
PENALTY = 2e-6  # of the linear models
TEMPERATURE = 0.9  # set by hand; make bench-routing prints the calibration error that it gives
THRESHOLD = 0.6  # below this confidence a question is asked
SEED = 2  # of the network; runs differ by about one request in a hundred, this one was best on benchmarks/routing/requests.jsonl
FOLDS = 3
TRUST = 2.0  # of the verbs beside the model of actions: what people ask for shows its verb more than the examples do
GATE_UNITS, GATE_EPOCHS, GATE_SINGLES = 12, 40, 9000
JOINS = {
    "fr": (", ", " et ", " puis ", " + ", ". Ensuite ", "\n- "),
    "en": (", ", " and ", " then ", " + ", ". Then ", "\n- "),
}
_JOIN = re.compile(r"^[\s,;:+&/.)-]*(?:(?:et|puis|ensuite|and|then|plus|avec|with|also|aussi)\s+)?", re.IGNORECASE)
JOINED = 4000  # plans made of two or three examples, so that "several" is heard in any subject


class Features:
    """The hashed features of texts, and which of them have a row."""

    def __init__(self, texts: list[str], entries: dict[str, list[list[float]]], labels: int) -> None:
        self.words: list[Counter[int]] = []
        self.letters: list[Counter[int]] = []
        hits = []
        for text in texts:
            read = readable(text)
            folded = fold(read)
            found = tokens(folded)
            self.words.append(Counter(word_features(found, marks(read, folded))))
            self.letters.append(Counter(f for word in found for f in letter_features(word)))
            hits.append(lexicon.strength(lexicon.find(found, entries), labels))
        self.hits = matrix_of(hits, labels + 1)

    def kept(self) -> dict[int, int]:
        """feature → column, for the features that enough texts hold."""
        count: Counter[int] = Counter()
        for kind, rows in (("words", self.words), ("letters", self.letters)):
            texts = Counter(feature for row in rows for feature in row)
            count.update({feature: n for feature, n in texts.items() if n >= LEAST[kind]})
        best = sorted(count, key=lambda feature: (-count[feature], feature))[:ROWS]
        return {feature: column for column, feature in enumerate(sorted(best))}

    def matrix(self, columns: dict[int, int]) -> csr_matrix:
        """Each block over the root of its size, as the run time computes it; then the lexicon."""
        blocks = []
        for rows in (self.words, self.letters):
            held = [{columns[f]: float(n) for f, n in row.items() if f in columns} for row in rows]
            blocks.append(
                matrix_of([{k: v / np.sqrt(sum(row.values())) for k, v in row.items()} for row in held], len(columns))
            )
        return hstack([blocks[0] + blocks[1], self.hits * PHRASES]).tocsr()


def linear(features: csr_matrix, goal: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Softmax regression by L-BFGS: (weights, bias)."""
    count, width = features.shape
    hot = np.zeros((count, classes))
    hot[np.arange(count), goal] = 1
    transposed = features.T.tocsr()

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        matrix = flat[:-classes].reshape(width, classes)
        likely = softmax(features @ matrix + flat[-classes:])
        error = (likely - hot) / count
        value = -np.log(np.maximum(likely[hot.astype(bool)], 1e-12)).mean() + PENALTY * (flat[:-classes] ** 2).sum() / 2
        slope = np.concatenate([(transposed @ error + PENALTY * matrix).ravel(), error.sum(axis=0)])
        return value, slope

    start = np.zeros((width + 1) * classes)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 60, "maxcor": 6})
    return found.x[:-classes].reshape(width, classes), found.x[-classes:]


def entries_of(phrases: list[sources.Phrase], labels: list[str]) -> dict[str, list[list[float]]]:
    """phrase → [label, weight] pairs."""
    entries: dict[str, dict[int, float]] = {}
    for phrase in phrases:
        key = lexicon.key(phrase.text)
        if key and len(key.split()) <= lexicon.LONGEST_PHRASE:
            entries.setdefault(key, {})[labels.index(phrase.label)] = phrase.weight
    return {key: [[label, weight] for label, weight in owners.items()] for key, owners in sorted(entries.items())}


def joined(examples: list[sources.Example], chance: np.random.Generator) -> list[sources.Several]:
    """Plans made of short requests for work, of different labels and one language."""
    short = {
        language: [
            e for e in examples if e.language == language and e.action in ("create", "improve") and len(e.text) < 90
        ]
        for language in ("fr", "en")
    }
    made = []
    for number in range(JOINED):
        language = ("fr", "en")[number % 2]
        picked = [short[language][i] for i in chance.integers(0, len(short[language]), 2 + (number % 5 == 0))]
        if len({e.label for e in picked}) == len(picked):
            join = JOINS[language][int(chance.integers(0, len(JOINS[language])))]
            made.append(
                sources.Several(join.join(e.text for e in picked), language, tuple(e.label for e in picked), ())
            )
    return made


class Data:
    """Examples, plans and phrases as matrices and goals."""

    def __init__(self) -> None:
        self.examples, phrases = sources.read()
        self.plans = sources.plans()
        self.labels = [label for label, _ in sources.label_files()]
        self.topics = sorted({e.topic for e in self.examples if e.topic})
        self.entries = entries_of(phrases, self.labels)
        self.made = joined(self.examples, np.random.default_rng(7))
        # (number of the plan, stretch, label): short and elliptic, as the parts that the run time cuts
        self.parts = [
            (number, _JOIN.sub("", text), label)
            for number, several in enumerate(self.plans)
            for text, labels in several.parts
            for label in labels
            if len(several.labels) > 1 and len(labels) == 1
        ]
        groups = [self.examples, self.plans, self.made]
        texts = [item.text for group in groups for item in group] + [text for _, text, _ in self.parts]
        features = Features(texts, self.entries, len(self.labels))
        self.columns = features.kept()
        matrix = features.matrix(self.columns)
        ends = np.cumsum([len(group) for group in groups])
        self.single, self.planned, self.joined, self.cut = (
            matrix[start:end] for start, end in pairwise([0, *ends, matrix.shape[0]])
        )
        self.goal = np.array([self.labels.index(e.label) for e in self.examples])

    def network(self, seen: np.ndarray, plans: np.ndarray) -> Network:
        """Trained on the examples `seen` and the `plans`; a plan's labels share its weight."""
        matrices, goals, weights = [self.single[seen]], [self.goal[seen]], [np.ones(len(seen))]
        for matrix, several, numbers in (
            (self.planned, self.plans, plans),
            (self.joined, self.made, np.arange(len(self.made))),
        ):
            for number in numbers:
                labels = several[number].labels
                matrices.append(matrix[[number] * len(labels)])
                goals.append(np.array([self.labels.index(label) for label in labels]))
                weights.append(np.full(len(labels), (1.0 if several is self.plans else 0.5) / len(labels)))
        used = set(plans.tolist())
        cut = [place for place, (number, _, _) in enumerate(self.parts) if number in used]
        matrices.append(self.cut[cut])
        goals.append(np.array([self.labels.index(self.parts[place][2]) for place in cut], dtype=int))
        weights.append(np.ones(len(cut)))
        goal = np.concatenate(goals)
        return train(vstack(matrices).tocsr(), [Head(len(self.labels), goal)], SEED, np.concatenate(weights))

    def direct(self, plans: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[list[float]]]:
        """The linear models side by side (weights, biases), and what the rules' own action adds to each action."""
        topics = np.array([self.topics.index(e.topic) if e.topic else -1 for e in self.examples])
        asked = np.flatnonzero(topics >= 0)
        topic = linear(self.single[asked], topics[asked], len(self.topics))

        acts = np.array([sources.ACTIONS.index(e.action) if e.action else -1 for e in self.examples])
        asked = np.flatnonzero(acts >= 0)
        ruled = matrix_of(
            [{verdict(self.examples[i].text): 1.0} for i in asked], action.VERDICTS * len(sources.ACTIONS)
        )
        both, shift = linear(hstack([self.single[asked], ruled]).tocsr(), acts[asked], 4)

        french = np.array([int(e.language == "fr") for e in self.examples])
        heard = linear(self.single, french, 2)

        numbers = np.arange(0, len(self.examples), 6)
        several = vstack([self.single[numbers], self.planned[plans], self.planned[plans], self.joined]).tocsr()
        truth = [0] * len(numbers) + [int(len(self.plans[i].labels) > 1) for i in plans] * 2 + [1] * len(self.made)
        split = linear(several, np.array(truth), 2)
        weights = [
            topic[0],
            both[: -ruled.shape[1]],
            heard[0][:, 1:] - heard[0][:, :1],
            split[0][:, 1:] - split[0][:, :1],
        ]
        biases = [topic[1], shift, heard[1][1:] - heard[1][:1], split[1][1:] - split[1][:1]]
        return (
            np.hstack(weights),
            np.concatenate(biases),
            (both[-ruled.shape[1] :] * TRUST).round(3).tolist(),
        )


def verdict(text: str) -> int:
    """What the verbs alone say of the action."""
    folded = fold(readable(text))
    return action.verdict(tokens(folded), folded, sources.ACTIONS)


def compiled(
    data: Data, network: Network, direct: tuple[np.ndarray, np.ndarray, list[list[float]]], gate: list[float]
) -> bytes:
    """The file that `routing.table` reads: one byte a weight."""
    columns = len(data.columns)
    matrix = np.hstack([network.rows, direct[0]])
    bias = np.concatenate([network.bias, direct[1]])
    if matrix.shape[1] % 2:  # lanes come in pairs
        matrix, bias = np.hstack([matrix, np.zeros((len(matrix), 1))]), np.append(bias, 0)
    step = np.maximum(np.percentile(np.abs(matrix[:columns]), 99.95, axis=0), 1e-6) / 127
    lanes = (np.clip(np.round(matrix[:columns] / step), -127, 127) + table.BIAS).astype("<u1")
    head_step = float(np.abs(network.heads).max()) / (table.HEAD_BIAS - 1)
    heads = np.round(network.heads / head_step).astype(int) + table.HEAD_BIAS
    meta: dict[str, Any] = {
        "lanes": lanes.shape[1], "hidden": HIDDEN, "outputs": len(data.labels), "digest": sources.digest(),
        "labels": data.labels, "topics": data.topics, "actions": list(sources.ACTIONS), "ruled": direct[2],
        "temperature": TEMPERATURE, "threshold": THRESHOLD, "gate": gate,
        "steps": short(step), "biases": short(bias), "phrases": [short(row) for row in matrix[columns:] * PHRASES],
        "heads": heads.tolist(), "head_step": head_step / table.UNIT, "head_biases": short(network.outputs), "lexicon": data.entries,
    }  # fmt: skip
    head = json.dumps(meta, ensure_ascii=False, separators=(",", ":")).encode()
    head += b" " * (-(12 + len(head)) % 16)
    return table.MAGIC + struct.pack("<I", len(head)) + head + index(data.columns) + lanes.tobytes()


def index(columns: dict[int, int]) -> bytes:
    """feature → row, by open addressing."""
    slots = array("I", bytes(4 * table.SLOTS))
    for feature, column in sorted(columns.items(), key=lambda pair: pair[1]):
        slot = feature % table.SLOTS
        while slots[slot]:
            slot = (slot + 1) % table.SLOTS
        slots[slot] = (feature >> 16) << 16 | (column + 1)
    return slots.tobytes()


def short(values: np.ndarray) -> list[float]:
    return [float(f"{value:.5g}") for value in values]


def gate_of(data: Data) -> dict[str, Any]:
    """The weights of `plan.evidence`, fitted on plans and singles that the table in use has not seen."""
    chance = np.random.default_rng(3)
    numbers = chance.permutation(len(data.plans))
    singles = chance.permutation(len(data.examples))[:GATE_SINGLES]
    rows: list[list[float]] = []
    truth: list[float] = []
    for half in (0, 1):
        unseen = numbers[half::2]
        left = singles[half::2]
        seen = np.setdiff1d(np.arange(len(data.examples)), left)
        plans = numbers[1 - half :: 2]
        held = table.Table(compiled(data, data.network(seen, plans), data.direct(plans), {}))
        asked = [(data.plans[i].text, data.plans[i].labels) for i in unseen]
        asked += [(data.examples[i].text, (data.examples[i].label,)) for i in left]
        for text, labels in asked:
            for candidate in plan.candidates(reading.read(text, held), held):
                rows.append(list(candidate.evidence))
                truth.append(float(candidate.label in labels))
    evidence, goal = np.array(rows), np.array(truth, dtype=int)
    middle, spread = evidence.mean(axis=0), evidence.std(axis=0) + 1e-6
    scaled = csr_matrix((evidence - middle) / spread)
    found = train(scaled, [Head(2, goal)], hidden=GATE_UNITS, epochs=GATE_EPOCHS)
    right = (found.logits(scaled).argmax(axis=1) == goal).mean()
    print(f"gate: {len(rows)} candidates, {right:.3f} right")
    weights = found.rows / spread[:, None]
    return {
        "weights": [short(row) for row in weights.T],
        "biases": short(found.bias - middle @ weights),
        "out": short(found.heads[:, 1] - found.heads[:, 0]),
        "bias": float(found.outputs[1] - found.outputs[0]),
    }


def cross_validated(data: Data) -> None:
    """What is right of examples that the network has not seen, and the pairs that it confuses."""
    fold = np.random.default_rng(1).integers(0, FOLDS, len(data.examples))
    logits = np.zeros((len(data.examples), len(data.labels)))
    for number in range(FOLDS):
        found = data.network(np.flatnonzero(fold != number), np.arange(len(data.plans)))
        logits[fold == number] = found.logits(data.single[fold == number])
    said = logits.argmax(axis=1)
    for language in ("fr", "en"):
        part = np.array([e.language == language for e in data.examples])
        print(f"cross-validation {language}: {(said[part] == data.goal[part]).mean():.3f} right")
    pairs = Counter((data.labels[g], data.labels[p]) for g, p in zip(data.goal, said, strict=True) if g != p)
    for (truth, guess), number in pairs.most_common(30):
        print(f"{number:4} {truth} → {guess}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="cross-validate only, write nothing")
    options = parser.parse_args()
    data = Data()
    print(
        f"{len(data.examples)} examples, {len(data.plans)} plans, {len(data.entries)} phrases, {len(data.columns)} features"
    )
    if options.check:
        cross_validated(data)
        return
    everything = np.arange(len(data.plans))
    gate = gate_of(data)
    network = data.network(np.arange(len(data.examples)), everything)
    content = compiled(data, network, data.direct(everything), gate)
    OUT.write_bytes(content)
    print(f"{OUT.name}: {len(content) / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
