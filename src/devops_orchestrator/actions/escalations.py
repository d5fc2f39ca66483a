"""The decisions that wait: the briefs in `docs/decisions/`, read from their front matter. There is no other state."""

from __future__ import annotations

import re
from dataclasses import dataclass

from devops_orchestrator.core.change import Change
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.errors import ParseError, UsageError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.lines import newline
from devops_orchestrator.text import Text

FOLDER = "docs/decisions"
FRONT = re.compile(r"\A---\r?\n(.*?)^---\r?\n", re.S | re.M)
OUTCOME = re.compile(r"(?m)^## (?:Decision Outcome|Résultat de la décision)[^\n]*\n")


@dataclass(frozen=True)
class Brief:
    """A brief: its number, where it is, what it asks, of whom, and whether it is decided."""

    id: str
    path: str
    title: str
    authority: str
    topic: str
    status: str  # proposed | accepted
    text: str


def read(repository: Repository) -> list[Brief]:
    """The briefs of a repository, by number. Documents of another origin are left alone."""
    found = []
    for path in repository.glob(f"{FOLDER}/*.md"):
        text = repository.read(path) or ""
        front = FRONT.match(text)
        if not front:
            continue
        try:
            head = next(iter(yaml.parse(front[1])), None)
        except ParseError:
            continue
        if head is None or not head.at("topic") or not head.at("decision-makers"):
            continue
        title = re.search(r"^# +(.+?)\r?$", text, re.M)
        number = re.match(r"(\d+)", path.rsplit("/", 1)[-1])
        found.append(
            Brief(
                id=number[1] if number else path,
                path=path,
                title=title[1] if title else path,
                authority=str(head.at("decision-makers")),
                topic=str(head.at("topic")),
                status=str(head.at("status")),
                text=text,
            )
        )
    return found


def named(repository: Repository, number: str | None) -> Brief:
    """The brief of a number. Raises UsageError that lists those that are there."""
    briefs = read(repository)
    wanted = (number or "").lstrip("0")
    found = next((brief for brief in briefs if brief.id.lstrip("0") == wanted), None)
    if found is None:
        known = ", ".join(brief.id for brief in briefs) or "—"
        raise UsageError(
            Text(
                f"There is no escalation '{number or ''}'. Known: {known}.",
                f"Il n'y a pas d'escalade « {number or ''} ». Connues : {known}.",
            )
        )
    return found


def answered(brief: Brief, answer: str, language: str) -> Change:
    """The brief with what its authority decided: status accepted, the answer under the outcome's heading.

    Raises UsageError for an empty answer.
    """
    if not answer.strip():
        raise UsageError(
            Text(
                'Say what was decided: devops escalations answer ID "TEXT".',
                'Indiquez ce qui a été décidé : devops escalations answer ID "TEXTE".',
            )
        )
    text = brief.text
    eol = newline(text)
    text = re.sub(r"(?m)^status:[^\r\n]*", "status: accepted", text, count=1)
    heading = Text("Decision Outcome", "Résultat de la décision").to(language)
    outcome = OUTCOME.search(text)
    if outcome:
        after = text.find("\n## ", outcome.end())
        end = after + 1 if after >= 0 else len(text)
        text = text[: outcome.end()] + eol + answer.strip() + eol + (eol if after >= 0 else "") + text[end:]
    else:
        text = text.rstrip() + f"{eol}{eol}## {heading}{eol}{eol}{answer.strip()}{eol}"
    return Change(brief.path, brief.text, text)
