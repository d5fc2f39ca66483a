"""Several deliverables in one request: where it is cut, and which parts are work of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

_CUT = re.compile(
    r"[\n;]+|[.!?]+\s|,\s*(?:and|et|puis|then|plus|ainsi que|avec|with|also|aussi)?\s+|\s\+\s|\s&\s|"
    r"\s+(?:and then|et puis|et ensuite|and also|et aussi|ainsi que|as well as|puis|then|et|and|plus|ensuite|with|avec|along with)\s+"
)
# A part that begins so gives a reason, a condition or a result, and is no work of its own.
_SUBORDINATE = re.compile(
    r"\s*(?:sinon|car|parce|puisque|otherwise|because|since|so|but|mais|sans|without|when|quand|lorsque|if|si|depuis|while|whereas|pour que|afin|"
    r"alors que|pourtant|which|that|qui|que|where|ou|or|it|ca|cela|c'est|merci|thanks|bonjour|hello|hi|currently|actuellement|aujourd'hui|today)\b"
)
_WORDS = re.compile(r"[a-z]{3}")
SURE = 0.6  # the least probability at which a part is a deliverable of its own
MOST_PARTS = 12


def parts(folded: str) -> list[tuple[int, int]]:
    """(start, end) of the parts of a folded request that may be work of their own; empty where it has but one."""
    spans = [span for span in _spans(folded) if not _SUBORDINATE.match(folded, *span)]
    return spans if 2 <= len(spans) <= MOST_PARTS else []


def _spans(folded: str) -> Iterator[tuple[int, int]]:
    """The parts between the cuts; a part without a word ("10, 50 and 100 %") belongs to the one before it."""
    held: tuple[int, int] | None = None
    for start, end in _pieces(folded):
        if held is not None and not _WORDS.search(folded, start, end):
            held = held[0], end
            continue
        if held is not None:
            yield held
        held = start, end
    if held is not None:
        yield held


def _pieces(folded: str) -> Iterator[tuple[int, int]]:
    start = 0
    for cut in _CUT.finditer(folded):
        if folded[start : cut.start()].strip():
            yield start, cut.start()
        start = cut.end()
    if folded[start:].strip():
        yield start, len(folded)
