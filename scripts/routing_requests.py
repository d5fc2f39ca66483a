"""What the rooms' example requests lack: near duplicates, templates used too often. `python -m scripts.routing_requests`.

Breadth of situations counts, not permutations of a sentence. Two requests of one label are near duplicates where they
share four words in five; a template is a request whose words differ from another's only where numbers, names and
versions stand, or a beginning that too many requests of a label share.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from devops_orchestrator.routing import sources
from devops_orchestrator.routing.words import fold, readable, tokens

ALIKE = 0.8  # share of common words from which two requests are near duplicates
SHORTEST = 4  # words of a request that is compared: shorter ones are names
BEGINNING = 4  # words
MOST_BEGINNINGS = 0.02  # share of a label's requests that may begin alike


def words_of(text: str) -> list[str]:
    """A request as the router reads it."""
    return tokens(fold(readable(text)))


def near_duplicates(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The pairs of texts that share at least ALIKE of their words."""
    holders: dict[str, list[int]] = defaultdict(list)
    sets: list[frozenset[str]] = []
    for number, text in enumerate(texts):
        own = frozenset(words_of(text))
        sets.append(own)
        if len(own) < SHORTEST:
            continue
        common = Counter(other for word in own for other in holders[word])
        for other, count in common.items():
            if count >= ALIKE * len(own | sets[other]):
                yield texts[other], text
        for word in own:
            holders[word].append(number)


def templates(texts: Sequence[str]) -> Iterator[tuple[str, int]]:
    """(beginning or skeleton, how many requests have it) where that is too many."""
    begins: Counter[str] = Counter()
    skeletons: Counter[str] = Counter()
    for text in texts:
        words = words_of(text)
        if len(words) > BEGINNING:
            begins[" ".join(words[:BEGINNING])] += 1
            skeleton = ["#" if any(map(str.isdigit, word)) else word for word in words]
            if "#" in skeleton:
                skeletons[" ".join(a for a, b in pairwise([*skeleton, ""]) if (a, b) != ("#", "#"))] += 1
    most = max(4, round(MOST_BEGINNINGS * len(texts)))
    yield from ((begin, count) for begin, count in begins.items() if count > most)
    yield from ((skeleton, count) for skeleton, count in skeletons.items() if count > 1)


def report() -> Iterator[str]:
    """Every fault of the rooms' examples, a line each."""
    by_label: dict[tuple[str, str], list[str]] = defaultdict(list)
    for example in sources.read()[0]:
        by_label[example.label, example.language].append(example.text)
    for (label, language), texts in sorted(by_label.items()):
        for first, second in near_duplicates(texts):
            yield f"{label} {language}: near duplicates: {first!r} and {second!r}"
        for template, count in templates(texts):
            yield f"{label} {language}: {count} requests of one template: {template!r}"


if __name__ == "__main__":
    faults = list(report())
    print("\n".join(faults) or "no near duplicates, no template used too often")
    raise SystemExit(bool(faults))
