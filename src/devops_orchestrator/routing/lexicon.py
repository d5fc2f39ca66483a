"""The trade's vocabulary: which phrases of a request some label owns. The longest phrase at a place wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from devops_orchestrator.routing.words import fold, stem, tokens

LONGEST_PHRASE = 5
ENOUGH = 2.0  # more hits than this say nothing more


@dataclass(frozen=True)
class Hit:
    """A phrase found: tokens `start` to `end`, and the labels that own it with their weights."""

    start: int
    end: int
    phrase: str
    owners: Sequence[Sequence[float]]


def key(phrase: str) -> str:
    """A phrase as it is looked up: folded, without marks of the plural."""
    return " ".join(stem(word) for word in tokens(fold(phrase)))


def find(words: Sequence[str], entries: Mapping[str, Sequence[Sequence[float]]]) -> list[Hit]:
    """The phrases of a request, from left to right, none inside another."""
    plain = [stem(word) for word in words]
    found: list[Hit] = []
    place, end = 0, len(plain)
    while place < end:
        for size in range(min(LONGEST_PHRASE, end - place), 0, -1):
            phrase = plain[place] if size == 1 else " ".join(plain[place : place + size])
            owners = entries.get(phrase)
            if owners is not None:
                found.append(Hit(place, place + size, phrase, owners))
                place += size
                break
        else:
            place += 1
    return found


def strength(hits: Iterable[Hit], labels: int) -> dict[int, float]:
    """label → how strongly the phrases speak for it, at most `ENOUGH`; a phrase said twice counts once.

    The last label is out of scope: where no phrase of the trade is said at all, number `labels` says so.
    """
    sums: dict[int, float] = {}
    seen: set[str] = set()
    for hit in hits:
        if hit.phrase in seen:
            continue
        seen.add(hit.phrase)
        for label, weight in hit.owners:
            sums[int(label)] = min(ENOUGH, sums.get(int(label), 0.0) + weight)
    if not sums or (len(sums) == 1 and labels - 1 in sums):
        sums[labels] = 1.0
    return sums
