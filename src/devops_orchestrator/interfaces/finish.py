"""Show what came of a request, ask, write, and the exit code: the end of every command that can write."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from devops_orchestrator.text import Text

if TYPE_CHECKING:
    from devops_orchestrator.core.repository import Repository
    from devops_orchestrator.orchestrator import Outcome


def finish(outcome: Outcome, repository: Repository, *, yes: bool, dry_run: bool, as_json: bool) -> int:
    """Show, ask, write, and the exit code."""
    from devops_orchestrator import orchestrator
    from devops_orchestrator.interfaces import data, report

    language = outcome.decision.language
    if not as_json:
        click.echo(report.decision(outcome.decision))
        for proposal in outcome.proposals:
            click.echo("\n" + report.proposal(proposal, language, repository))
    applied = None
    writable = any(proposal.files() for proposal in outcome.proposals)
    if writable and not outcome.failed and not dry_run and (yes or (not as_json and _confirm(language))):
        applied = orchestrator.apply(outcome, repository)
    if as_json:
        click.echo(json.dumps(data.outcome(outcome, applied), ensure_ascii=False, indent=2))
    elif applied:
        done = Text(
            f"Written (history {applied}; `devops undo` takes it back).",
            f"Écrit (historique {applied} ; `devops undo` pour revenir en arrière).",
        )
        click.echo("\n" + done.to(language))
    elif outcome.failed:
        click.echo(
            Text(
                "\nA file failed its validation: nothing was written.",
                "\nUn fichier n'a pas passé sa validation : rien n'a été écrit.",
            ).to(language),
            err=True,
        )
    elif writable and not dry_run and not sys.stdin.isatty():
        click.echo(
            Text("\nNothing was written: add --yes to write.", "\nRien n'a été écrit : ajoutez --yes pour écrire.").to(
                language
            ),
            err=True,
        )
    return _exit_code(outcome)


def _exit_code(outcome: Outcome) -> int:
    if outcome.failed:
        return 1
    if outcome.decision.escalations:
        return 3
    return 4 if outcome.waiting or outcome.decision.decision == "out-of-scope" else 0


def _confirm(language: str) -> bool:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    asked = Text("Write these files? [y/N] ", "Écrire ces fichiers ? [o/N] ").to(language)
    click.echo("\n" + asked, nl=False)
    return sys.stdin.readline().strip().lower() in ("y", "yes", "o", "oui")
