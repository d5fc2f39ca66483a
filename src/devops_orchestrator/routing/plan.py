"""Several deliverables in one request: where it is cut, and which labels are asked for beside one another."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from devops_orchestrator.routing.action import told
from devops_orchestrator.routing.reading import ESCALATE, OUT_OF_SCOPE, Reading, read_part
from devops_orchestrator.routing.table import Table

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
MOST_PARTS = 12
GUESSES = 4  # labels of the whole request that may be deliverables without a part of their own
LEAST = 0.04  # their least probability
NAMED = 0.7  # the least weight of a phrase that names its agent's work
ODDS = -0.6  # the least log-odds that a candidate is one of several that are asked for
SURE = 0.3  # the least probability of a step, its label included
ALONE = -3.0  # below this score a request asks for one thing: its parts are not looked at


@dataclass(frozen=True)
class Candidate:
    """A label that may be one of several that are asked for, the part that speaks for it, and the evidence."""

    label: str
    part: Reading
    evidence: tuple[float, ...]
    confidence: float  # that it is asked for, and that it is this label


def chosen(whole: Reading, table: Table) -> list[Candidate]:
    """The labels that a request asks for beside one another; fewer than two where it asks for one thing."""
    if whole.scores.several < ALONE:
        return []
    weighed = ((candidate, _weighed(candidate.evidence, table)) for candidate in candidates(whole, table))
    found = [replace(c, confidence=c.confidence / (1 + math.exp(-odds))) for c, odds in weighed if odds > ODDS]
    found = [candidate for candidate in found if candidate.confidence >= SURE]
    if whole.asks and not any(c.label.startswith(ESCALATE) for c in found):
        return []  # a symptom names many things, and asks for one answer
    domains = {c.label.split("/")[0] for c in found if not c.label.endswith("/orchestrator")}
    return [c for c in found if not (c.label.endswith("/orchestrator") and c.label.split("/")[0] in domains)]


def _weighed(evidence: Sequence[float], table: Table) -> float:
    """The log-odds that a candidate is asked for: a few hidden units over its evidence."""
    gate = table.meta["gate"]
    total: float = gate["bias"]
    for weights, bias, out in zip(gate["weights"], gate["biases"], gate["out"], strict=True):
        unit = bias + sum(map(float.__mul__, weights, evidence))
        if unit > 0:
            total += unit * out
    return total


def candidates(whole: Reading, table: Table) -> list[Candidate]:
    """Every label that a part of a request, or the whole, may ask for."""
    readings = [read_part(whole.text[start:end], whole.folded[start:end], table) for start, end in parts(whole.folded)]
    readings = [part for part in readings if part.words] or [whole]
    labels = dict.fromkeys(part.label for part in readings)
    labels.update(dict.fromkeys(label for label, likely in whole.ranked[:GUESSES] if likely >= LEAST))
    labels.pop(OUT_OF_SCOPE, None)
    return [_candidate(label, whole, readings, len(labels), table) for label in labels]


def _candidate(label: str, whole: Reading, readings: Sequence[Reading], count: int, table: Table) -> Candidate:
    place, part = max(enumerate(readings), key=lambda pair: pair[1].likely[label])
    several = whole.scores.several
    sure = _logit(part.likely[label])
    number = table.meta["labels"].index(label)
    named = any(int(owner) == number and weight >= NAMED for hit in part.scores.hits for owner, weight in hit.owners)
    domain = label.split("/")[0]
    rival = max(
        (p.likely[p.label] for p in readings if p.label != label and p.label.split("/")[0] == domain), default=0.0
    )
    return Candidate(
        label,
        part,
        (
            _logit(whole.likely[label]),
            sure,
            several,
            several * sure / 4,
            float(whole.label == label),
            float(part.label == label),
            float(told(part.words)),
            float(named),
            float(part.action == "answer"),
            float(whole.action == "answer"),
            math.log(len(part.words)),
            float(place == 0),
            float(count),
            float(len(readings) == 1),
            float(label.startswith(ESCALATE)),
            float(label.endswith("/orchestrator")),
            rival,
        ),
        max(part.likely[label], whole.likely[label]),
    )


def _logit(likely: float) -> float:
    likely = min(max(likely, 0.002), 0.998)
    return math.log(likely / (1 - likely))


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
