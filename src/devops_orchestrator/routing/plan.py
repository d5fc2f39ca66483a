"""Several deliverables in one request: its parts, and the agents that they clearly belong to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_CUT = re.compile(
    r"[\n;]+|[.!?]+\s|,\s*(?:and|et|puis|then|plus|ainsi que|avec|with)?\s+|\s+(?:and then|et puis|et ensuite|and also|et aussi|ainsi que|as well as|puis|then|et|and|plus|ensuite|with|avec)\s+|\s\+\s|\s&\s"
)
SURE = 0.72  # the least probability at which a part is a deliverable of its own
MOST_PARTS = 12


def parts(folded: str) -> Iterator[tuple[int, int]]:
    """(start, end) of the parts of a folded request."""
    start = 0
    for cut in _CUT.finditer(folded):
        if folded[start : cut.start()].strip():
            yield start, cut.start()
        start = cut.end()
    if folded[start:].strip():
        yield start, len(folded)


def labels(folded: str, judge: Callable[[str], tuple[str, float]]) -> list[tuple[str, float, str]]:
    """(label, probability, part) of the parts that are surely somebody's work, each label once, in the order said."""
    spans = list(parts(folded))
    if not 2 <= len(spans) <= MOST_PARTS:
        return []
    found: dict[str, tuple[str, float, str]] = {}
    for start, end in spans:
        part = folded[start:end]
        label, probability = judge(part)
        if probability >= SURE and label not in found:
            found[label] = (label, probability, part)
    return list(found.values())
