"""The command line: CONTRACT.md, to the letter. One error handler, at the bottom."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from devops_orchestrator.errors import DevopsError, InternalError, ParseError, UsageError
from devops_orchestrator.interfaces import reading, records, reviewing
from devops_orchestrator.interfaces.finish import finish
from devops_orchestrator.interfaces.options import (
    default_language,
    dry_run_option,
    exclude,
    json_option,
    lang_option,
    linters_option,
    mend_first,
    read_settings,
    repository_option,
    set_option,
    unsafe_option,
    yes_option,
)
from devops_orchestrator.text import Text

if TYPE_CHECKING:
    from devops_orchestrator.core.change import ChangeSet

TAKES_VALUE = ("-C", "--lang", "--set", "--directory")


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(package_name="devops-orchestrator", prog_name="devops")
@click.pass_context
def devops(context: click.Context) -> None:
    """DevOps work from a sentence, in French or in English.

    devops "Configurer GitHub Actions pour mon projet"
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@devops.command(hidden=True)
@click.argument("words", nargs=-1)
@repository_option
@lang_option
@set_option
@yes_option
@dry_run_option
@unsafe_option
@linters_option
@json_option
def ask(
    words: tuple[str, ...], path: str, lang: str | None, settings: tuple[str, ...], yes: bool, dry_run: bool,
    unsafe: bool, linters: bool, as_json: bool,
) -> int:  # fmt: skip
    """Do what a request asks: decide, read, propose, and write after a yes."""
    from devops_orchestrator import orchestrator

    exclude(yes, dry_run)
    repository = orchestrator.open_repository(path)
    mend_first(repository, lang)
    outcome = orchestrator.handle(
        " ".join(words), repository, lang=lang, given=read_settings(settings), unsafe=unsafe, linters=linters
    )
    return finish(outcome, repository, yes=yes, dry_run=dry_run, as_json=as_json)


@devops.command()
@click.argument("agent")
@click.argument("action", default="create")
@click.argument("question", default="")
@set_option
@repository_option
@lang_option
@yes_option
@dry_run_option
@unsafe_option
@linters_option
@json_option
def do(
    agent: str, action: str, question: str, settings: tuple[str, ...], path: str, lang: str | None, yes: bool,
    dry_run: bool, unsafe: bool, linters: bool, as_json: bool,
) -> int:  # fmt: skip
    """One action of one agent: create, improve, review or answer ("QUESTION")."""
    from devops_orchestrator import catalog, orchestrator
    from devops_orchestrator.core.decision import Decision, Step
    from devops_orchestrator.core.specialist import ACTIONS

    exclude(yes, dry_run)
    if agent not in catalog.AGENTS:
        raise catalog.unknown(agent)
    if action not in ACTIONS:
        known = ", ".join(ACTIONS)
        raise UsageError(
            Text(
                f"There is no action '{action}'. Actions: {known}.",
                f"Il n'y a pas d'action « {action} ». Actions : {known}.",
            )
        )
    repository = orchestrator.open_repository(path)
    mend_first(repository, lang)
    project = orchestrator.inspect(repository)
    request = question or f"{agent} {action}"
    decision = Decision(request, lang or default_language(), "route", steps=(Step(agent, action),))
    decision = orchestrator.resolve_orchestrators(decision, project)
    proposals: tuple[ChangeSet, ...] = ()
    if decision.steps:
        room = catalog.specialist(decision.steps[0].resolved or agent)
        proposal = orchestrator.act(
            room, action, project, given=read_settings(settings), question=question, unsafe=unsafe, linters=linters
        )
        proposals = (proposal,)
    outcome = orchestrator.Outcome(decision, proposals, project)
    return finish(outcome, repository, yes=yes, dry_run=dry_run, as_json=as_json)


for command in (
    reading.route, reading.inspect, reviewing.review, reading.agents, records.history, records.undo, records.escalations,
    reading.doctor,
):  # fmt: skip
    devops.add_command(command)


def arguments(given: Sequence[str]) -> list[str]:
    """The arguments with `ask` put before a request: a first word that is no subcommand begins one."""
    skip = False
    for word in given:
        if skip:
            skip = False
        elif word in TAKES_VALUE:
            skip = True
        elif word == "--":
            break
        elif not word.startswith("-") or word == "-":
            return list(given) if word in devops.commands and word != "ask" else ["ask", *given]
    asks = any(word in ("--yes", "--dry-run", "--json", "--lang", "--set", "-C", "--") for word in given)
    return ["ask", *given] if asks else list(given)


def main(argv: Sequence[str] | None = None) -> None:
    """Run a command and exit with its code. Every error is told here and nowhere else."""
    given = list(sys.argv[1:] if argv is None else argv)
    gc.set_threshold(100_000, 50, 100)  # a command ends soon: looking for garbage is a seventh of a large reading
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = devops.main(arguments(given), prog_name="devops", standalone_mode=False)
    except DevopsError as error:
        place = f"{error.file}:{error.line}:{error.column}: " if isinstance(error, ParseError) and error.file else ""
        click.echo(place + error.text.to(_asked_language(given)), err=True)
        code = error.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except Exception as error:
        if os.environ.get("DEVOPS_DEBUG"):
            raise
        told = Text(
            f"A bug of devops: {type(error).__name__}: {error}. Nothing was written. DEVOPS_DEBUG=1 shows where.",
            f"Un bug de devops : {type(error).__name__} : {error}. Rien n'a été écrit. DEVOPS_DEBUG=1 montre où.",
        )
        click.echo(told.to(_asked_language(given)), err=True)
        code = InternalError.exit_code
    sys.exit(code if isinstance(code, int) else 0)


def _asked_language(given: Sequence[str]) -> str:
    """`--lang`, else the request's own language, else the environment's: an error speaks it too."""
    if "--lang" in given[:-1]:
        return given[given.index("--lang") + 1]
    text = " ".join(word for word in given if " " in word)
    if text:
        try:
            from devops_orchestrator import routing

            return routing.decide(text).language
        except Exception:
            return default_language()
    return default_language()
