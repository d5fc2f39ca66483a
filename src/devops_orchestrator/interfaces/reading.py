"""The commands that read: route, inspect, review, agents, doctor."""

from __future__ import annotations

import json
import sys

import click

from devops_orchestrator.errors import UsageError
from devops_orchestrator.interfaces.options import default_language, json_option, lang_option, linters_option
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
@lang_option
@json_option
def inspect(path: str, lang: str | None, as_json: bool) -> int:
    """What the repository is, each fact with its evidence."""
    from devops_orchestrator import orchestrator
    from devops_orchestrator.interfaces import inspection

    project = orchestrator.inspect(orchestrator.open_repository(path))
    click.echo(inspection.as_json(project) if as_json else inspection.as_text(project, lang or default_language()))
    return 0


@click.command()
@click.argument("path", default=".")
@click.option("--agent", "agents_", multiple=True, metavar="AGENT", help="Only this agent's rules (repeatable).")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text")
@click.option("--fail-on", type=click.Choice(["error", "warning", "info", "never"]), default="error")
@linters_option
@lang_option
def review(path: str, agents_: tuple[str, ...], form: str, fail_on: str, linters: bool, lang: str | None) -> int:
    """Every rule and every linter over the repository's DevOps files."""
    from devops_orchestrator import __version__, catalog, orchestrator
    from devops_orchestrator.interfaces import data, report, sarif

    language = lang or default_language()
    repository = orchestrator.open_repository(path)
    rooms = tuple(catalog.specialist(agent) for agent in agents_)
    found = orchestrator.review(orchestrator.inspect(repository), rooms, linters=linters)
    if form == "json":
        click.echo(json.dumps(data.findings(found, language), ensure_ascii=False, indent=2))
    elif form == "sarif":
        click.echo(json.dumps(sarif.report(found, language, __version__), ensure_ascii=False, indent=2))
    else:
        click.echo(
            report.findings(found, language, repository) or Text("No finding.", "Aucun défaut trouvé.").to(language)
        )
    threshold = {"error": 2, "warning": 1, "info": 0, "never": 9}[fail_on]
    return 1 if any(one.severity.rank >= threshold for one in found) else 0


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
