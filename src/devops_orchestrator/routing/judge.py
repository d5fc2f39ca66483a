"""From a request to its Decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from devops_orchestrator.core.decision import Alternative, Decision, Escalation, Step
from devops_orchestrator.routing import action, explain, names, order, plan, slots, ties
from devops_orchestrator.routing.model import Scores, score, softmax
from devops_orchestrator.routing.table import Table, load
from devops_orchestrator.routing.words import fold, readable, tokens

OUT_OF_SCOPE = "out-of-scope"
ESCALATE = "escalate/"
LEAST = 0.01  # an alternative below this is no alternative


@dataclass(frozen=True)
class Judged:
    """One request, or one part of it, with every label's probability, the likeliest first."""

    text: str
    words: Sequence[str]
    scores: Scores
    ranked: list[tuple[str, float]]

    @property
    def label(self) -> str:
        return self.ranked[0][0]

    @property
    def confidence(self) -> float:
        return self.ranked[0][1]


def judge(text: str, table: Table) -> Judged:
    """Every label's probability for a text."""
    words = tokens(fold(readable(text)))
    scores = score(words, table)
    meta = table.meta
    likely = softmax(scores.labels, meta["temperature"])
    settled = ties.apply(dict(zip(meta["labels"], likely, strict=True)), f" {' '.join(words[:200])} ")
    return Judged(text, words, scores, sorted(settled.items(), key=lambda pair: (-pair[1], pair[0])))


def decide(text: str, *, lang: str | None = None) -> Decision:
    """Whose work a request is. `lang` (`fr` or `en`) overrides the language that was heard. Never raises."""
    table = load()
    whole = judge(text, table)
    language = lang if lang in ("fr", "en") else "fr" if whole.scores.french > 0 else "en"
    if not whole.words:
        return Decision(text, language, OUT_OF_SCOPE, why=explain.out_of_scope(None, language))
    several = _several(text, whole, table)
    if len(several) > 1:
        return _plan(text, language, several, table)
    return _single(whole, language, table)


def _several(text: str, whole: Judged, table: Table) -> list[Judged]:
    """The parts of a request that are deliverables of their own."""
    readable_text = readable(text)
    found: dict[str, Judged] = {}
    spans = list(plan.parts(fold(readable_text)))
    if not 2 <= len(spans) <= plan.MOST_PARTS:
        return []
    for start, end in spans:
        part = judge(readable_text[start:end], table)
        if len(part.words) and part.confidence >= plan.SURE and part.label != OUT_OF_SCOPE:
            found.setdefault(part.label, part)
    return list(found.values())


def _step(text: str, judged: Judged, agent: str) -> Step:
    said = action.of(judged.words, fold(readable(judged.text)))
    return Step(agent, said, slots.read(text, agent), round(judged.confidence, 4))


def _escalation(judged: Judged, authority: str, table: Table) -> Escalation:
    topics = table.meta["topics"]
    best = max(names.TOPICS_OF[authority], key=lambda topic: judged.scores.topics[topics.index(topic)])
    return Escalation(authority, names.PATHS[authority], best)


def _why(judged: Judged, label: str, language: str, table: Table, topic: str = "") -> str:
    words = explain.telling(judged.text, judged.scores, table.meta["labels"].index(label), table)
    if label.startswith(ESCALATE):
        return explain.escalated(words, label.removeprefix(ESCALATE), topic, language)
    return explain.agent(words, label)


def _plan(text: str, language: str, several: list[Judged], table: Table) -> Decision:
    work = {part.label: part for part in several if not part.label.startswith(ESCALATE)}
    asked = [part for part in several if part.label.startswith(ESCALATE)]
    escalations = tuple(_escalation(part, part.label.removeprefix(ESCALATE), table) for part in asked)
    agents = order.by_work(work)
    steps = tuple(_step(text if len(agents) == 1 else work[agent].text, work[agent], agent) for agent in agents)
    why = [_why(work[agent], agent, language, table) for agent in agents]
    why += [_why(part, part.label, language, table, e.topic) for part, e in zip(asked, escalations, strict=True)]
    return Decision(text, language, "plan" if steps else "escalation", steps, escalations, why=tuple(why))


def _single(whole: Judged, language: str, table: Table) -> Decision:
    label, confidence = whole.label, whole.confidence
    others = tuple(
        Alternative(other.removeprefix(ESCALATE), round(value, 4)) for other, value in whole.ranked[1:4] if value >= LEAST
    )
    if confidence < table.meta.get("threshold", 0.0):
        return _unsure(whole, language)
    if label == OUT_OF_SCOPE:
        nearest = next((other for other, value in whole.ranked[1:] if "/" in other and not other.startswith(ESCALATE)), None)
        why = explain.out_of_scope(nearest if whole.scores.hits else None, language)
        return Decision(whole.text, language, OUT_OF_SCOPE, alternatives=others, why=why)
    if label.startswith(ESCALATE):
        escalation = _escalation(whole, label.removeprefix(ESCALATE), table)
        why = (_why(whole, label, language, table, escalation.topic),)
        return Decision(whole.text, language, "escalation", escalations=(escalation,), alternatives=others, why=why)
    step = _step(whole.text, whole, label)
    return Decision(whole.text, language, "route", (step,), alternatives=others, why=(_why(whole, label, language, table),))


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
