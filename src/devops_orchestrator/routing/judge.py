"""From a request to its Decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from devops_orchestrator.core.decision import Alternative, Decision, Escalation, Step
from devops_orchestrator.routing import action, explain, names, order, plan, slots, ties
from devops_orchestrator.routing.model import Scores, score, softmax
from devops_orchestrator.routing.table import Table, load
from devops_orchestrator.routing.words import fold, readable, tokens

OUT_OF_SCOPE = "out-of-scope"
ESCALATE = "escalate/"
ASKED = 0.8  # the least probability at which a part of a request is a decision to hand over
NAMED = 0.7  # the least weight of a phrase that names its agent's work
LEAST = 0.01  # an alternative below this is no alternative


@dataclass(frozen=True)
class Judged:
    """One request, or one part of it, with every label's probability, the likeliest first."""

    text: str  # as it was written, the part of it that is read
    folded: str
    words: Sequence[str]
    scores: Scores
    ranked: list[tuple[str, float]]

    @property
    def label(self) -> str:
        return self.ranked[0][0]

    @property
    def confidence(self) -> float:
        return self.ranked[0][1]


def judge(text: str, folded: str, table: Table) -> Judged:
    """Every label's probability for a text."""
    words = tokens(folded)
    scores = score(words, table)
    meta = table.meta
    likely = softmax(scores.labels, meta["temperature"])
    settled = ties.apply(dict(zip(meta["labels"], likely, strict=True)), f" {' '.join(words[:200])} ")
    return Judged(text, folded, words, scores, sorted(settled.items(), key=lambda pair: (-pair[1], pair[0])))


def decide(text: str, *, lang: str | None = None) -> Decision:
    """Whose work a request is. `lang` (`fr` or `en`) overrides the language that was heard. Never raises."""
    table = load()
    read = readable(text)
    whole = judge(read, fold(read), table)
    language = lang if lang in ("fr", "en") else "fr" if whole.scores.french > 0 else "en"
    if not whole.words:
        found = Decision(text, language, OUT_OF_SCOPE, why=explain.out_of_scope(None, language))
    else:
        several = _several(whole, table)
        found = _plan(whole, language, several, table) if len(several) > 1 else _single(whole, language, table)
    return found if found.request == text else replace(found, request=text)


def _several(whole: Judged, table: Table) -> list[Judged]:
    """The parts of a request that are deliverables, or decisions, of their own; none of them twice."""
    spans = plan.parts(whole.folded)
    if not spans:
        return []
    asks = action.of(whole.words, whole.folded) == "answer"
    found: dict[str, Judged] = {}
    for start, end in spans:
        part = judge(whole.text[start:end], whole.folded[start:end], table)
        if part.words and part.confidence >= plan.SURE and part.label != OUT_OF_SCOPE and _own(part, asks, table):
            found.setdefault(part.label, part)
    if asks and not any(label.startswith(ESCALATE) for label in found):
        return []
    domains = {label.split("/")[0] for label in found if not label.endswith("/orchestrator")}
    return [
        part
        for label, part in found.items()
        if not (label.endswith("/orchestrator") and label.split("/")[0] in domains)
    ]


def _own(part: Judged, asks: bool, table: Table) -> bool:
    """Whether a part stands for itself: a decision, or work that a verb asks for or that is called by its name."""
    if part.label.startswith(ESCALATE):
        return part.confidence >= ASKED
    if action.of(part.words, part.folded) == "answer":
        return False
    if action.told(part.words):
        return True
    number = table.meta["labels"].index(part.label)
    named = any(int(owner) == number and weight >= NAMED for hit in part.scores.hits for owner, weight in hit.owners)
    return named and not asks


def _step(judged: Judged, agent: str, around: Judged | None = None) -> Step:
    """A step; `around` is the whole request where it is read for the parameters instead of the part."""
    said = action.of(judged.words, judged.folded)
    read = around or judged
    return Step(agent, said, slots.read(read.text, agent, read.folded), round(judged.confidence, 4))


def _escalation(judged: Judged, authority: str, table: Table) -> Escalation:
    topics = table.meta["topics"]
    best = max(names.TOPICS_OF[authority], key=lambda topic: judged.scores.topics[topics.index(topic)])
    return Escalation(authority, names.PATHS[authority], best)


def _why(judged: Judged, label: str, language: str, table: Table, topic: str = "") -> str:
    words = explain.telling(judged.text, judged.folded, judged.scores, table.meta["labels"].index(label), table)
    if label.startswith(ESCALATE):
        return explain.escalated(words, label.removeprefix(ESCALATE), topic, language)
    return explain.agent(words, label)


def _plan(whole: Judged, language: str, several: list[Judged], table: Table) -> Decision:
    work = {part.label: part for part in several if not part.label.startswith(ESCALATE)}
    asked = [part for part in several if part.label.startswith(ESCALATE)]
    escalations = tuple(_escalation(part, part.label.removeprefix(ESCALATE), table) for part in asked)
    agents = order.by_work(work)
    steps = tuple(_step(work[agent], agent, whole if len(agents) == 1 else None) for agent in agents)
    why = [_why(work[agent], agent, language, table) for agent in agents]
    why += [_why(part, part.label, language, table, e.topic) for part, e in zip(asked, escalations, strict=True)]
    return Decision(whole.text, language, "plan" if steps else "escalation", steps, escalations, why=tuple(why))


def _single(whole: Judged, language: str, table: Table) -> Decision:
    label, confidence = whole.label, whole.confidence
    others = tuple(
        Alternative(other.removeprefix(ESCALATE), round(value, 4))
        for other, value in whole.ranked[1:4]
        if value >= LEAST
    )
    if confidence < table.meta.get("threshold", 0.0):
        return _unsure(whole, language)
    if label == OUT_OF_SCOPE:
        nearest = next(
            (other for other, value in whole.ranked[1:] if "/" in other and not other.startswith(ESCALATE)), None
        )
        why = explain.out_of_scope(nearest if whole.scores.hits else None, language)
        return Decision(whole.text, language, OUT_OF_SCOPE, alternatives=others, why=why)
    if label.startswith(ESCALATE):
        escalation = _escalation(whole, label.removeprefix(ESCALATE), table)
        why = (_why(whole, label, language, table, escalation.topic),)
        return Decision(whole.text, language, "escalation", escalations=(escalation,), alternatives=others, why=why)
    step = _step(whole, label)
    return Decision(
        whole.text, language, "route", (step,), alternatives=others, why=(_why(whole, label, language, table),)
    )


def _unsure(whole: Judged, language: str) -> Decision:
    """One question over the two or three best guesses."""
    best = [(label.removeprefix(ESCALATE), value) for label, value in whole.ranked[:3] if value >= 0.05][:3]
    if len(best) < 2:
        best = [(label.removeprefix(ESCALATE), value) for label, value in whole.ranked[:2]]
    agents = [label for label, _ in best]
    return Decision(
        whole.text, language, "clarification",
        alternatives=tuple(Alternative(label, round(value, 4)) for label, value in best),
        question=explain.question(agents, language), options=tuple(agents),
        why=tuple(f"{label} ({value:.0%})" for label, value in best),
    )  # fmt: skip
