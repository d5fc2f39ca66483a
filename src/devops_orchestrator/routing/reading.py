"""One request, or one part of it, with every label's probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from devops_orchestrator.routing import ties
from devops_orchestrator.routing.action import of as action_of
from devops_orchestrator.routing.model import Scores, score, softmax
from devops_orchestrator.routing.table import Table
from devops_orchestrator.routing.words import fold, readable, tokens

OUT_OF_SCOPE = "out-of-scope"
ESCALATE = "escalate/"
SURELY = 1.5


@dataclass(frozen=True)
class Reading:
    """A text and what the model says of it; `ranked` has the likeliest label first."""

    text: str  # as it was written, the part of it that is read
    folded: str
    words: Sequence[str]
    scores: Scores
    likely: dict[str, float]
    ranked: list[tuple[str, float]]
    action: str
    lead: float  # of the action over the next likely one

    @property
    def label(self) -> str:
        return self.ranked[0][0]

    @property
    def asks(self) -> bool:
        """Whether it is surely a question or a symptom."""
        return self.action == "answer" and self.lead > SURELY

    @property
    def confidence(self) -> float:
        return self.ranked[0][1]


def read(text: str, table: Table) -> Reading:
    """The reading of a request."""
    text = readable(text)
    return read_part(text, fold(text), table)


def read_part(text: str, folded: str, table: Table) -> Reading:
    """The reading of a text that is readable already; `folded` has its length."""
    words = tokens(folded)
    scores = score(text, folded, words, table)
    meta = table.meta
    likely = dict(zip(meta["labels"], softmax(scores.labels, meta["temperature"]), strict=True))
    likely = ties.apply(likely, f" {' '.join(words[:200])} ")
    ranked = sorted(likely.items(), key=lambda pair: (-pair[1], pair[0]))
    return Reading(text, folded, words, scores, likely, ranked, *action_of(words, folded, scores.actions, meta))
