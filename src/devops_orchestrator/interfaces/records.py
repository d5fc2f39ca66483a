"""The commands over what was applied and what waits for an authority."""

from __future__ import annotations

import json
from typing import Any

import click

from devops_orchestrator.interfaces.options import (
    default_language,
    json_option,
    lang_option,
    mend_first,
    repository_option,
)
from devops_orchestrator.text import Text


@click.command()
@repository_option
@lang_option
@json_option
def history(path: str, lang: str | None, as_json: bool) -> int:
    """What was applied."""
    from devops_orchestrator import orchestrator
    from devops_orchestrator.actions.undo import history as applied

    repository = orchestrator.open_repository(path)
    mend_first(repository, lang)
    assert repository.root is not None
    receipts = applied(repository.root)
    if as_json:
        keys = ("id", "state", "at", "request", "agents")
        rows: list[dict[str, Any]] = [
            {key: getattr(r, key) for key in keys} | {"files": [entry.path for entry in r.entries]} for r in receipts
        ]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return 0
    for r in receipts:
        click.echo(f"{click.style(r.id, bold=True)}  {r.at}  {r.state}  {r.request}")
        click.echo(click.style("      " + ", ".join(entry.path for entry in r.entries), dim=True))
    if not receipts:
        click.echo(Text("Nothing was applied yet.", "Rien n'a encore été appliqué.").to(lang or default_language()))
    return 0


@click.command()
@click.argument("receipt_id", required=False, metavar="[ID]")
@repository_option
@lang_option
def undo(receipt_id: str | None, path: str, lang: str | None) -> int:
    """Take back what was applied last, or the entry ID: the exact bytes, or a refusal."""
    from devops_orchestrator import orchestrator
    from devops_orchestrator.actions.undo import undo as take_back

    repository = orchestrator.open_repository(path)
    assert repository.root is not None
    receipt = take_back(repository.root, receipt_id)
    files = ", ".join(entry.path for entry in receipt.entries)
    click.echo(Text(f"{receipt.id} undone: {files}", f"{receipt.id} annulée : {files}").to(lang or default_language()))
    return 0


@click.command()
@click.argument("action", type=click.Choice(["list", "show", "answer"]), default="list")
@click.argument("number", required=False, metavar="[ID]")
@click.argument("text", default="", metavar='["TEXT"]')
@repository_option
@lang_option
@json_option
def escalations(action: str, number: str | None, text: str, path: str, lang: str | None, as_json: bool) -> int:
    """The decisions that wait for an authority: list, show ID, answer ID "TEXT"."""
    from devops_orchestrator.interfaces import escalations_view

    return escalations_view.run(action, number, text, path, lang or default_language(), as_json=as_json)
