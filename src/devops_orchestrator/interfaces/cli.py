"""The command line: CONTRACT.md, to the letter. One error handler, at the bottom."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from devops_orchestrator.errors import DevopsError, ParseError, UsageError
from devops_orchestrator.text import Text

if TYPE_CHECKING:
    from devops_orchestrator.core.change import ChangeSet
    from devops_orchestrator.core.repository import Repository
    from devops_orchestrator.orchestrator import Outcome

TAKES_VALUE = ("-C", "--lang", "--set", "--directory")

repository_option = click.option("-C", "path", default=".", metavar="PATH", help="The repository (default: here).")
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
lang_option = click.option("--lang", type=click.Choice(["fr", "en"]), help="Language of the answer.")
set_option = click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="Give a parameter its value.")
yes_option = click.option("--yes", is_flag=True, help="Write without asking.")
dry_run_option = click.option("--dry-run", is_flag=True, help="Write nothing.")
unsafe_option = click.option("--unsafe", is_flag=True, help="Also make the fixes that change how things run.")


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
@json_option
def ask(
    words: tuple[str, ...], path: str, lang: str | None, settings: tuple[str, ...], yes: bool, dry_run: bool,
    unsafe: bool, as_json: bool,
) -> int:  # fmt: skip
    """Do what a request asks: decide, read, propose, and write after a yes."""
    from devops_orchestrator import orchestrator  # noqa: PLC0415

    _one_of(yes, dry_run)
    repository = orchestrator.open_repository(path)
    _mend(repository, lang)
    outcome = orchestrator.handle(" ".join(words), repository, lang=lang, given=_settings(settings), unsafe=unsafe)
    return _finish(outcome, repository, yes=yes, dry_run=dry_run, as_json=as_json)


def _finish(outcome: Outcome, repository: Repository, *, yes: bool, dry_run: bool, as_json: bool) -> int:
    """Show, ask, write, and the exit code."""
    from devops_orchestrator import orchestrator  # noqa: PLC0415
    from devops_orchestrator.interfaces import data, report  # noqa: PLC0415

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
        done = Text(f"Written (history {applied}; `devops undo` takes it back).", f"Écrit (historique {applied} ; `devops undo` pour revenir en arrière).")
        click.echo("\n" + done.to(language))
    elif outcome.failed:
        click.echo(Text("\nA file failed its validation: nothing was written.", "\nUn fichier n'a pas passé sa validation : rien n'a été écrit.").to(language), err=True)
    elif writable and not dry_run and not sys.stdin.isatty():
        click.echo(Text("\nNothing was written: add --yes to write.", "\nRien n'a été écrit : ajoutez --yes pour écrire.").to(language), err=True)
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


@devops.command()
@click.argument("words", nargs=-1)
@click.option("-C", "path", default=None, metavar="PATH", help="Also say which specialist the repository calls for.")
@click.option("--batch", metavar="FILE", help='JSON Lines with {"text": …}; - for standard input.')
@lang_option
@json_option
def route(words: tuple[str, ...], path: str | None, batch: str | None, lang: str | None, as_json: bool) -> int:
    """The decision alone: nothing is read or written without -C."""
    from devops_orchestrator import orchestrator  # noqa: PLC0415

    if batch is not None:
        return _batch(batch)
    project = None if path is None else orchestrator.inspect(orchestrator.open_repository(path))
    decision = orchestrator.decide(" ".join(words), project, lang=lang)
    if as_json:
        click.echo(json.dumps(decision.to_json(), ensure_ascii=False, indent=2))
    else:
        from devops_orchestrator.interfaces import report  # noqa: PLC0415

        click.echo(report.decision(decision))
    return {"escalation": 3, "clarification": 4, "out-of-scope": 4}.get(decision.decision, 0)


def _batch(file: str) -> int:
    from devops_orchestrator import routing  # noqa: PLC0415

    try:
        stream = sys.stdin if file == "-" else open(file, encoding="utf-8", errors="replace")  # noqa: PTH123, SIM115
    except OSError as error:
        raise UsageError(
            Text(f"{file} cannot be read ({error.strerror}).", f"Impossible de lire {file} ({error.strerror}).")
        ) from None
    with stream:
        for decided in routing.batch(stream):
            sys.stdout.write(json.dumps(decided, ensure_ascii=False) + "\n")
    return 0


@devops.command()
@click.argument("path", default=".")
@lang_option
@json_option
def inspect(path: str, lang: str | None, as_json: bool) -> int:
    """What the repository is, each fact with its evidence."""
    from devops_orchestrator import orchestrator  # noqa: PLC0415
    from devops_orchestrator.interfaces import inspection  # noqa: PLC0415

    project = orchestrator.inspect(orchestrator.open_repository(path))
    click.echo(inspection.as_json(project) if as_json else inspection.as_text(project, lang or _language()))
    return 0


@devops.command()
@click.argument("path", default=".")
@click.option("--agent", "agents_", multiple=True, metavar="AGENT", help="Only this agent's rules (repeatable).")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text")
@click.option("--fail-on", type=click.Choice(["error", "warning", "info", "never"]), default="error")
@lang_option
def review(path: str, agents_: tuple[str, ...], form: str, fail_on: str, lang: str | None) -> int:
    """Every rule and every linter over the repository's DevOps files."""
    from devops_orchestrator import __version__, catalog, orchestrator  # noqa: PLC0415
    from devops_orchestrator.interfaces import data, report, sarif  # noqa: PLC0415

    language = lang or _language()
    repository = orchestrator.open_repository(path)
    rooms = tuple(catalog.specialist(agent) for agent in agents_)
    found = orchestrator.review(orchestrator.inspect(repository), rooms)
    if form == "json":
        click.echo(json.dumps(data.findings(found, language), ensure_ascii=False, indent=2))
    elif form == "sarif":
        click.echo(json.dumps(sarif.report(found, language, __version__), ensure_ascii=False, indent=2))
    else:
        click.echo(report.findings(found, language, repository) or Text("No finding.", "Aucun défaut trouvé.").to(language))
    threshold = {"error": 2, "warning": 1, "info": 0, "never": 9}[fail_on]
    return 1 if any(one.severity.rank >= threshold for one in found) else 0


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
@json_option
def do(
    agent: str, action: str, question: str, settings: tuple[str, ...], path: str, lang: str | None, yes: bool,
    dry_run: bool, unsafe: bool, as_json: bool,
) -> int:  # fmt: skip
    """One action of one agent: create, improve, review or answer ("QUESTION")."""
    from devops_orchestrator import catalog, orchestrator  # noqa: PLC0415
    from devops_orchestrator.core.decision import Decision, Step  # noqa: PLC0415
    from devops_orchestrator.core.specialist import ACTIONS  # noqa: PLC0415

    _one_of(yes, dry_run)
    if agent not in catalog.AGENTS:
        raise catalog.unknown(agent)
    if action not in ACTIONS:
        known = ", ".join(ACTIONS)
        raise UsageError(Text(f"There is no action '{action}'. Actions: {known}.", f"Il n'y a pas d'action « {action} ». Actions : {known}."))
    repository = orchestrator.open_repository(path)
    _mend(repository, lang)
    project = orchestrator.inspect(repository)
    request = question or f"{agent} {action}"
    decision = Decision(request, lang or _language(), "route", steps=(Step(agent, action),))
    decision = orchestrator.resolve_orchestrators(decision, project)
    proposals: tuple[ChangeSet, ...] = ()
    if decision.steps:
        room = catalog.specialist(decision.steps[0].resolved or agent)
        proposals = (orchestrator.act(room, action, project, given=_settings(settings), question=question, unsafe=unsafe),)
    outcome = orchestrator.Outcome(decision, proposals, project)
    return _finish(outcome, repository, yes=yes, dry_run=dry_run, as_json=as_json)


@devops.command()
@click.argument("agent", default="")
@lang_option
@json_option
def agents(agent: str, lang: str | None, as_json: bool) -> int:
    """The map; of one agent its actions and parameters."""
    from devops_orchestrator.interfaces import catalog_view  # noqa: PLC0415

    language = lang or _language()
    if as_json:
        click.echo(json.dumps(catalog_view.as_data(agent, language), ensure_ascii=False, indent=2))
    else:
        click.echo(catalog_view.as_text(agent, language))
    return 0


@devops.command()
@repository_option
@lang_option
@json_option
def history(path: str, lang: str | None, as_json: bool) -> int:
    """What was applied."""
    from devops_orchestrator import orchestrator  # noqa: PLC0415
    from devops_orchestrator.actions.undo import history as applied  # noqa: PLC0415

    repository = orchestrator.open_repository(path)
    _mend(repository, lang)
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
        click.echo(Text("Nothing was applied yet.", "Rien n'a encore été appliqué.").to(lang or _language()))
    return 0


@devops.command()
@click.argument("receipt_id", required=False, metavar="[ID]")
@repository_option
@lang_option
def undo(receipt_id: str | None, path: str, lang: str | None) -> int:
    """Take back what was applied last, or the entry ID: the exact bytes, or a refusal."""
    from devops_orchestrator import orchestrator  # noqa: PLC0415
    from devops_orchestrator.actions.undo import undo as take_back  # noqa: PLC0415

    repository = orchestrator.open_repository(path)
    assert repository.root is not None
    receipt = take_back(repository.root, receipt_id)
    files = ", ".join(entry.path for entry in receipt.entries)
    click.echo(Text(f"{receipt.id} undone: {files}", f"{receipt.id} annulée : {files}").to(lang or _language()))
    return 0


@devops.command()
@click.argument("action", type=click.Choice(["list", "show", "answer"]), default="list")
@click.argument("number", required=False, metavar="[ID]")
@click.argument("text", default="", metavar='["TEXT"]')
@repository_option
@lang_option
@json_option
def escalations(action: str, number: str | None, text: str, path: str, lang: str | None, as_json: bool) -> int:
    """The decisions that wait for an authority: list, show ID, answer ID "TEXT"."""
    from devops_orchestrator.interfaces import escalations_view  # noqa: PLC0415

    return escalations_view.run(action, number, text, path, lang or _language(), as_json=as_json)


@devops.command()
@lang_option
@json_option
def doctor(lang: str | None, as_json: bool) -> int:
    """Which validators are there, with their versions, and what each one adds."""
    from devops_orchestrator.interfaces import doctor_view  # noqa: PLC0415

    click.echo(doctor_view.as_json() if as_json else doctor_view.as_text(lang or _language()))
    return 0


def _settings(settings: Sequence[str]) -> dict[str, str]:
    given: dict[str, str] = {}
    for setting in settings:
        name, equals, value = setting.partition("=")
        if not equals or not name:
            raise UsageError(
                Text(f"--set takes NAME=VALUE, not '{setting}'.", f"--set attend NOM=VALEUR, pas « {setting} ».")
            )
        given[name.strip()] = value
    return given


def _one_of(yes: bool, dry_run: bool) -> None:
    if yes and dry_run:
        raise UsageError(Text("--yes and --dry-run exclude each other.", "--yes et --dry-run s'excluent."))


def _mend(repository: Repository, lang: str | None) -> None:
    """Roll back what a crash left half done, and say so."""
    from devops_orchestrator.actions.undo import mend  # noqa: PLC0415

    assert repository.root is not None
    for receipt in mend(repository.root):
        told = Text(
            f"A crash had left {receipt.id} half done: its files are as they were before.",
            f"Un arrêt brutal avait laissé {receipt.id} à moitié fait : ses fichiers sont comme avant.",
        )
        click.echo(told.to(lang or _language()), err=True)


def _language() -> str:
    """The language of what is not an answer to a request: DEVOPS_LANG, else the locale's."""
    for name in ("DEVOPS_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"


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
    sys.exit(code if isinstance(code, int) else 0)


def _asked_language(given: Sequence[str]) -> str:
    """`--lang`, else the request's own language, else the environment's: an error speaks it too."""
    if "--lang" in given[:-1]:
        return given[given.index("--lang") + 1]
    text = " ".join(word for word in given if " " in word)
    if text:
        try:
            from devops_orchestrator import routing  # noqa: PLC0415

            return routing.language(text)
        except Exception:  # noqa: BLE001 - the language of an error message must not raise another one
            return _language()
    return _language()
