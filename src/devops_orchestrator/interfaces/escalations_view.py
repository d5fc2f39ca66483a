"""`devops escalations`: list, show, answer."""

from __future__ import annotations

import json

import click

from devops_orchestrator import orchestrator
from devops_orchestrator.actions import escalations
from devops_orchestrator.actions.apply import apply
from devops_orchestrator.actions.escalations import Brief
from devops_orchestrator.text import Text

STATUS = {"proposed": Text("waits", "en attente"), "accepted": Text("decided", "décidée")}


def run(action: str, number: str | None, text: str, path: str, language: str, *, as_json: bool) -> int:
    """One action over the briefs of a repository; returns the exit code."""
    repository = orchestrator.open_repository(path)
    if action == "list":
        briefs = escalations.read(repository)
        if as_json:
            click.echo(json.dumps([_data(brief) for brief in briefs], ensure_ascii=False, indent=2))
        else:
            nothing = Text("No decision waits.", "Aucune décision en attente.").to(language)
            click.echo("\n".join(_line(brief, language) for brief in briefs) or nothing)
        return 0
    brief = escalations.named(repository, number)
    if action == "show":
        click.echo(
            json.dumps(_data(brief) | {"text": brief.text}, ensure_ascii=False, indent=2) if as_json else brief.text
        )
        return 0
    assert repository.root is not None
    change = escalations.answered(brief, text, language)
    applied = apply(repository.root, [change], request=f"escalations answer {brief.id}", agents=(brief.authority,))
    told = Text(f"{brief.path}: decided (history {applied}).", f"{brief.path} : décidée (historique {applied}).")
    click.echo(told.to(language))
    return 0


def _line(brief: Brief, language: str) -> str:
    state = STATUS.get(brief.status, Text(brief.status, brief.status)).to(language)
    return f"{click.style(brief.id, bold=True)}  {state:<11}{brief.authority:<22}{brief.topic:<24}{brief.title}"


def _data(brief: Brief) -> dict[str, str]:
    return {
        "id": brief.id, "status": brief.status, "authority": brief.authority, "topic": brief.topic,
        "title": brief.title, "file": brief.path,
    }  # fmt: skip
