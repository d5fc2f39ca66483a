"""The commands that read: route, inspect, review, agents, doctor."""

from __future__ import annotations

import json
import sys

import click

from devops_orchestrator.errors import UsageError
from devops_orchestrator.interfaces.options import default_language, json_option, lang_option
from devops_orchestrator.text import Text


@click.command()
@click.argument("words", nargs=-1)
@click.option("-C", "path", default=None, metavar="PATH", help="Also say which specialist the repository calls for.")
@click.option("--batch", metavar="FILE", help='JSON Lines with {"text": …}; - for standard input.')
@lang_option
@json_option
def route(words: tuple[str, ...], path: str | None, batch: str | None, lang: str | None, as_json: bool) -> int:
    """The decision alone: nothing is read or written without -C."""
    from devops_orchestrator import orchestrator

    if batch is not None:
        return _batch(batch, lang)
    project = None if path is None else orchestrator.inspect(orchestrator.open_repository(path))
    decision = orchestrator.decide(" ".join(words), project, lang=lang)
    if as_json:
        click.echo(json.dumps(decision.to_json(), ensure_ascii=False, indent=2))
    else:
        from devops_orchestrator.interfaces import report

        click.echo(report.decision(decision))
    return {"escalation": 3, "clarification": 4, "out-of-scope": 4}.get(decision.decision, 0)


def _batch(file: str, lang: str | None) -> int:
    from devops_orchestrator import routing

    try:
        stream = sys.stdin if file == "-" else open(file, encoding="utf-8", errors="replace")  # noqa: PTH123, SIM115
    except OSError as error:
        raise UsageError(
            Text(f"{file} cannot be read ({error.strerror}).", f"Impossible de lire {file} ({error.strerror}).")
        ) from None
    with stream:
        for decided in routing.batch(stream, lang=lang):
            sys.stdout.write(json.dumps(decided, ensure_ascii=False) + "\n")
            sys.stdout.flush()  # a program may ask line by line
    return 0


@click.command()
@click.argument("path", default=".")
@click.option(
    "--why", metavar="FACT", help="The candidates for one fact (port, start…) and why one won; FACT@COMPONENT for one."
)
@lang_option
@json_option
def inspect(path: str, why: str | None, lang: str | None, as_json: bool) -> int:
    """What the repository is, each fact with its evidence."""
    from devops_orchestrator import orchestrator

    language = lang or default_language()
    project = orchestrator.inspect(orchestrator.open_repository(path))
    if why is not None:
        from devops_orchestrator.interfaces import why as view

        click.echo(view.as_json(project, why, language) if as_json else view.as_text(project, why, language))
        return 0
    from devops_orchestrator.interfaces import inspection

    click.echo(inspection.as_json(project) if as_json else inspection.as_text(project, language))
    return 0


@click.command()
@click.argument("agent", default="")
@lang_option
@json_option
def agents(agent: str, lang: str | None, as_json: bool) -> int:
    """The map; of one agent its actions and parameters."""
    from devops_orchestrator.interfaces import catalog_view

    language = lang or default_language()
    if as_json:
        click.echo(json.dumps(catalog_view.as_data(agent, language), ensure_ascii=False, indent=2))
    else:
        click.echo(catalog_view.as_text(agent, language))
    return 0


@click.command()
@lang_option
@json_option
def doctor(lang: str | None, as_json: bool) -> int:
    """Which validators are there, with their versions, and what each one adds."""
    from devops_orchestrator.interfaces import doctor_view

    click.echo(doctor_view.as_json() if as_json else doctor_view.as_text(lang or default_language()))
    return 0
