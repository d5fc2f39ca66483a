"""From a request to its Decision."""

from __future__ import annotations

from dataclasses import replace

from devops_orchestrator.core.decision import Alternative, Decision, Escalation, Step
from devops_orchestrator.routing import explain, names, order, plan, slots
from devops_orchestrator.routing.reading import ESCALATE, OUT_OF_SCOPE, Reading, read
from devops_orchestrator.routing.table import Table, load

LEAST = 0.01  # an alternative below this is no alternative


def decide(text: str, *, lang: str | None = None) -> Decision:
    """Whose work a request is. `lang` (`fr` or `en`) overrides the language that was heard. Never raises."""
    table = load()
    whole = read(text, table)
    language = lang if lang in ("fr", "en") else "fr" if whole.words and whole.scores.french > 0 else "en"
    if not whole.words:
        found = Decision(text, language, OUT_OF_SCOPE, why=explain.out_of_scope(None, language))
    else:
        several = plan.chosen(whole, table)
        found = _plan(whole, language, several, table) if len(several) > 1 else _single(whole, language, table)
    return found if found.request == text else replace(found, request=text)


def _step(reading: Reading, agent: str, confidence: float, around: Reading | None = None) -> Step:
    """A step; `around` is the whole request where it is read for the parameters instead of the part."""
    where = around or reading
    said = slots.read(where.text, agent, where.folded, quantities=not where.asks)
    return Step(agent, where.action, said, round(confidence, 4))


def _escalation(reading: Reading, authority: str, table: Table) -> Escalation:
    topics = table.meta["topics"]
    best = max(names.TOPICS_OF[authority], key=lambda topic: reading.scores.topics[topics.index(topic)])
    return Escalation(authority, names.PATHS[authority], best)


def _why(reading: Reading, label: str, language: str, table: Table, topic: str = "") -> str:
    words = explain.telling(reading, table.meta["labels"].index(label), table)
    if label.startswith(ESCALATE):
        return explain.escalated(words, label.removeprefix(ESCALATE), topic, language)
    return explain.agent(words, label)


def _plan(whole: Reading, language: str, several: list[plan.Candidate], table: Table) -> Decision:
    work = {found.label: found for found in several if not found.label.startswith(ESCALATE)}
    asked = [found for found in several if found.label.startswith(ESCALATE)]
    escalations = tuple(_escalation(found.part, found.label.removeprefix(ESCALATE), table) for found in asked)
    agents = order.by_work(work)
    steps = tuple(
        _step(work[agent].part, agent, work[agent].confidence, whole if len(agents) == 1 else None) for agent in agents
    )
    why = [_why(work[agent].part, agent, language, table) for agent in agents]
    why += [
        _why(found.part, found.label, language, table, e.topic) for found, e in zip(asked, escalations, strict=True)
    ]
    alone = _alternatives(whole.ranked[:3])  # instead of the plan: one agent for the whole
    decision = "plan" if steps else "escalation"
    return Decision(whole.text, language, decision, steps, escalations, alternatives=alone, why=tuple(why))


def _alternatives(ranked: list[tuple[str, float]]) -> tuple[Alternative, ...]:
    likely = ((label, value) for label, value in ranked if value >= LEAST)
    return tuple(Alternative(label.removeprefix(ESCALATE), round(value, 4)) for label, value in likely)


def _single(whole: Reading, language: str, table: Table) -> Decision:
    label, confidence = whole.label, whole.confidence
    others = _alternatives(whole.ranked[1:4])
    if confidence < table.meta.get("threshold", 0.0):
        return _unsure(whole, language, table)
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
    step = _step(whole, label, confidence)
    return Decision(
        whole.text, language, "route", (step,), alternatives=others, why=(_why(whole, label, language, table),)
    )


def _unsure(whole: Reading, language: str, table: Table) -> Decision:
    """One question over the two or three best guesses."""
    told = [pair for pair in whole.ranked[:3] if pair[1] >= 0.05]
    told = told if len(told) > 1 else whole.ranked[:2]
    best = [(label.removeprefix(ESCALATE), value) for label, value in told]
    agents = [label for label, _ in best]
    return Decision(
        whole.text, language, "clarification",
        alternatives=tuple(Alternative(label, round(value, 4)) for label, value in best),
        question=explain.question(agents, language), options=tuple(agents),
        why=tuple(_unsure_why(whole, label, value, table) for label, value in told),
    )  # fmt: skip


def _unsure_why(whole: Reading, label: str, likely: float, table: Table) -> str:
    words = explain.telling(whole, table.meta["labels"].index(label), table)
    return f"{explain.agent(words, label.removeprefix(ESCALATE))} ({likely:.0%})"
