"""`devops review`: findings as text, JSON, SARIF or GitHub annotations; only new ones, only changed lines; the fixes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from devops_orchestrator.errors import UsageError
from devops_orchestrator.interfaces.options import (
    default_language,
    dry_run_option,
    exclude,
    lang_option,
    linters_option,
    unsafe_option,
    yes_option,
)
from devops_orchestrator.text import Text

if TYPE_CHECKING:
    from devops_orchestrator.actions.settings import Settings
    from devops_orchestrator.core.project import Project
    from devops_orchestrator.core.repository import Repository
    from devops_orchestrator.core.rule import Finding
    from devops_orchestrator.validation.judge import Absent

FORMATS = ("text", "json", "sarif", "github")
_RANK = {"error": 2, "warning": 1, "info": 0, "never": 9}


@click.command()
@click.argument("path", default=".")
@click.option("--agent", "agents", multiple=True, metavar="AGENT", help="Only this agent's rules (repeatable).")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text")
@click.option(
    "--fail-on", type=click.Choice(["error", "warning", "info", "never"]), help="Default: error, or .devops.toml's."
)
@click.option("--diff", "base", metavar="BASE", help="Only what the changes since this git revision touch.")
@click.option("--baseline", metavar="FILE", help="Only what this baseline does not know. Default: .devops.toml's.")
@click.option("--write-baseline", metavar="FILE", help="Write today's findings as a baseline, and end.")
@click.option("--fix", is_flag=True, help="Make the safe fixes; on a terminal it asks first, else --yes.")
@unsafe_option
@yes_option
@dry_run_option
@linters_option
@click.option("--deep", is_flag=True, help="Also what takes minutes or the network: image builds, checkov.")
@lang_option
def review(
    path: str, agents: tuple[str, ...], form: str, fail_on: str | None, base: str | None, baseline: str | None,
    write_baseline: str | None, fix: bool, unsafe: bool, yes: bool, dry_run: bool, linters: bool, deep: bool,
    lang: str | None,
) -> int:  # fmt: skip
    """Every rule and every linter over the repository's DevOps files."""
    from devops_orchestrator import catalog, orchestrator
    from devops_orchestrator.actions import settings as configuration
    from devops_orchestrator.interfaces import report

    language = lang or default_language()
    repository = orchestrator.open_repository(path)
    settings = configuration.read(repository)
    rooms = tuple(catalog.specialist(agent) for agent in agents)
    linters = linters and settings.linters is not False
    project = orchestrator.inspect(repository)
    if fix:
        return _fix(project, rooms, language, unsafe=unsafe, yes=yes, dry_run=dry_run, linters=linters)
    absent: list[Absent] = []
    found = orchestrator.review(project, rooms, linters=linters, settings=settings, deep=deep, absent=absent)
    if write_baseline is not None:
        return _write(write_baseline, found, repository, language)
    found = _narrowed(found, repository, settings, base, baseline)
    click.echo(_shown(found, form, language, repository))
    if absent:
        click.echo(report.absent(absent, language), err=True)
    threshold = _RANK[fail_on or settings.fail_on or "error"]
    return 1 if any(one.severity.rank >= threshold for one in found) else 0


def _narrowed(
    found: list[Finding], repository: Repository, settings: Settings, base: str | None, baseline: str | None
) -> list[Finding]:
    """What is new (beside a baseline) and touched (by the changes since a revision)."""
    from devops_orchestrator.actions import baseline as known
    from devops_orchestrator.actions import changed

    file = baseline or settings.baseline
    if file is not None:
        # The option names a file for the shell; the settings, one of the repository.
        text = _text(file) if baseline else repository.read(file)
        if text is None:
            raise UsageError(Text(f"There is no baseline {file}.", f"Il n'y a pas de base de référence {file}."))
        found = known.new(found, known.read(file, text), repository)
    return found if base is None else changed.touched(found, changed.lines(repository, base))


def _text(file: str) -> str | None:
    try:
        return Path(file).read_text(encoding="utf-8")
    except OSError:
        return None


def _write(file: str, found: Sequence[Finding], repository: Repository, language: str) -> int:
    from devops_orchestrator.actions import baseline

    try:
        Path(file).write_text(baseline.write(found, repository), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            Text(f"{file} cannot be written ({error.strerror}).", f"Impossible d'écrire {file} ({error.strerror}).")
        ) from None
    told = Text(f"{len(found)} findings written to {file}.", f"{len(found)} défauts écrits dans {file}.")
    click.echo(told.to(language), err=True)
    return 0


def _shown(found: list[Finding], form: str, language: str, repository: Repository) -> str:
    from devops_orchestrator import __version__
    from devops_orchestrator.interfaces import annotations, data, report, sarif

    if form == "json":
        return json.dumps(data.findings(found, language), ensure_ascii=False, indent=2)
    if form == "sarif":
        return json.dumps(sarif.report(found, language, __version__), ensure_ascii=False, indent=2)
    if form == "github":
        return annotations.report(found, language)
    if not found:
        return Text("No finding.", "Aucun défaut trouvé.").to(language)
    return report.findings(found, language, repository) + "\n\n" + report.count(found, language)


def _fix(
    project: Project, rooms: Sequence[object], language: str, *, unsafe: bool, yes: bool, dry_run: bool, linters: bool
) -> int:
    """The fixes as a proposal like any other: shown, validated, written after a yes, undoable."""
    from devops_orchestrator import orchestrator
    from devops_orchestrator.core.decision import Decision
    from devops_orchestrator.interfaces.finish import finish

    exclude(yes, dry_run)
    proposal = orchestrator.repair(project, rooms, unsafe=unsafe, linters=linters)  # type: ignore[arg-type]
    outcome = orchestrator.Outcome(Decision("devops review --fix", language, "route"), (proposal,), project)
    return finish(outcome, project.repository, yes=yes, dry_run=dry_run, as_json=False)
