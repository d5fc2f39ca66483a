"""Answering: the part of the room's guide that the question is about, with this repository's names filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core import guide as guides
from devops_orchestrator.core.change import ChangeSet
from devops_orchestrator.core.guide import Guide, Section
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Finding, Severity
from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.text import Text

PLACE = re.compile(r"<\[\s*(\w+)\s*\]>")
WORD = re.compile(r"[a-z0-9]+(?:[-_./][a-z0-9]+)*")


def answer(room: Specialist, question: str, project: Project | None) -> ChangeSet:
    """The answer in both languages; what a review of the room's files shows goes with it."""
    findings: list[Finding] = []
    if project is not None:
        for source in sources((room,), project):
            findings += [f for f in room_findings(room, source, project) if f.severity is not Severity.INFO]
    texts = [_told(room, guides.load(room.package, language), question, project, language) for language in ("en", "fr")]
    return ChangeSet(room.id, room.summary, answer=Text(*texts), findings=tuple(findings))


def _told(room: Specialist, guide: Guide, question: str, project: Project | None, language: str) -> str:
    chosen = choose(guide, question, rules=True)
    body = "\n\n".join(f"### {section.title}\n\n{section.body}" for section in chosen)
    if not chosen:
        body = f"### {guide.title}\n\n{guide.when}\n\n{guide.choices}"
    return fill(body, names(project)).strip()


def choose(guide: Guide, question: str, *, rules: bool = False) -> list[Section]:
    """The one or two sections whose cues and title the question's words match best; empty where none does."""
    asked = fold(question)
    pages: Sequence[Section] = (*guide.symptoms, *(guide.rules.values() if rules else ()))
    scored = [(score(section, asked), -index, section) for index, section in enumerate(pages)]
    scored = sorted((entry for entry in scored if entry[0] > 0), reverse=True)
    if not scored:
        return []
    best = scored[0][0]
    return [section for value, _, section in scored[:2] if value >= max(2.0, 0.75 * best)] or [scored[0][2]]


def score(section: Section, asked: str) -> float:
    """Cues found count three, their words one; words of the title one."""
    words = set(WORD.findall(asked))
    total = 0.0
    for cue in section.cues:
        folded = fold(cue)
        if re.search(rf"(?<![a-z0-9]){re.escape(folded)}(?![a-z0-9])", asked):
            total += 3 + 0.2 * len(folded.split())
        else:
            parts = [part for part in WORD.findall(folded) if len(part) > 3]
            total += 0.6 * sum(part in words for part in parts) / max(1, len(parts))
    return total + sum(0.5 for part in set(WORD.findall(fold(section.title))) if len(part) > 3 and part in words)


def fold(text: str) -> str:
    """Lower case without accents."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in decomposed if unicodedata.category(char) != "Mn")


def names(project: Project | None) -> dict[str, str]:
    """What the guide's places are filled with; a place that the project does not know keeps an explicit name."""
    component = project.main if project else None
    return {
        "name": component.name if component else (project.name if project else "APP"),
        "namespace": "default",
        "port": str(component.port) if component and component.port else "8080",
        "health": component.health if component and component.health else "/health",
        "image": f"{component.name}:TAG" if component else "IMAGE:TAG",
    }


def fill(text: str, values: dict[str, str]) -> str:
    """`<[ name ]>` places filled; an unknown one stays."""
    return PLACE.sub(lambda match: values.get(match[1], match[0]), text)
