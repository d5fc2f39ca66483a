"""What a person reads: the decision, the diff, the checks, the findings. click leaves colours out where they do not belong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from devops_orchestrator.text import Text

if TYPE_CHECKING:
    from devops_orchestrator.core.change import ChangeSet
    from devops_orchestrator.core.decision import Decision
    from devops_orchestrator.core.repository import Repository
    from devops_orchestrator.core.rule import Finding
    from devops_orchestrator.validation.judge import Absent

SEVERITY = {"error": "red", "warning": "yellow", "info": "cyan"}
SEVERITY_WORD = {
    "error": Text("error", "erreur"),
    "warning": Text("warning", "avertissement"),
    "info": Text("info", "info"),
}
ACTION = {
    "create": Text("create", "créer"),
    "improve": Text("improve", "améliorer"),
    "review": Text("review", "relire"),
    "answer": Text("answer", "répondre"),
}
FIX = {
    True: Text("fix: made by `improve`", "correction : faite par `improve`"),
    False: Text("fix proposed, it changes how it runs", "correction proposée, elle change le fonctionnement"),
}


def decision(made: Decision) -> str:
    """Who does what, and why."""
    language = made.language
    lines = []
    for number, step in enumerate(made.steps, 1):
        who = step.resolved or step.agent
        label = f"{number}. " if len(made.steps) > 1 else ""
        lines.append(
            f"{label}{click.style(who, bold=True)}  {ACTION[step.action].to(language)}  {click.style(f'{step.confidence:.0%}', dim=True)}"
        )
        if step.parameters:
            said = ", ".join(f"{name}={value}" for name, value in step.parameters.items())
            lines.append(f"   {click.style(said, dim=True)}")
    for handed in made.escalations:
        told = Text("a decision for", "une décision pour").to(language)
        lines.append(f"⚑ {told} {click.style(handed.authority, bold=True)} ({handed.topic})")
    lines += [click.style(f"  {reason}", dim=True) for reason in made.why]
    if made.question:
        lines.append("")
        lines.append(click.style(made.question, bold=True))
        lines += [f"  • {option}" for option in made.options]
    return "\n".join(lines)


def diff(text: str) -> str:
    """A coloured diff."""
    styled = []
    for line in text.splitlines():
        if line.startswith(("+++", "---")):
            styled.append(click.style(line, bold=True))
        elif line.startswith("+"):
            styled.append(click.style(line, fg="green"))
        elif line.startswith("-"):
            styled.append(click.style(line, fg="red"))
        elif line.startswith("@@"):
            styled.append(click.style(line, fg="cyan"))
        else:
            styled.append(line)
    return "\n".join(styled)


def proposal(one: ChangeSet, language: str, repository: Repository | None = None) -> str:
    """A step's proposal: summary, parameters and their origin, diffs, checks, findings, what comes next."""
    lines = [click.style(f"── {one.agent} ", bold=True) + one.summary.to(language)]
    for name, (value, origin) in one.parameters.items():
        shown = ", ".join(map(str, value)) if isinstance(value, tuple | list) else value
        lines.append(click.style(f"   {name} = {shown}  ({origin})", dim=True))
    if one.answer is not None:
        lines += ["", one.answer.to(language)]
    for change in one.changes:
        if change.kind == "unchanged":
            lines.append(Text(f"   {change.path}: already right", f"   {change.path} : déjà bon").to(language))
        else:
            lines += ["", diff(change.diff)]
    if one.checks:
        lines += ["", checks(one, language)]
    if one.findings:
        lines += ["", findings(one.findings, language, repository)]
    if one.question is not None:
        lines += ["", click.style(one.question.to(language), bold=True)]
        lines += [f"  • {option}" for option in one.options]
    if one.next_steps:
        lines += ["", click.style(Text("Next:", "Ensuite :").to(language), bold=True)]
        lines += [f"  → {step.to(language)}" for step in one.next_steps]
    return "\n".join(lines)


def checks(one: ChangeSet, language: str) -> str:
    """A line a file: the levels that it passed; failures in full; the validators that were absent."""
    by_file: dict[str, list[str]] = defaultdict(list)
    failures: list[str] = []
    absent: set[str] = set()
    for check in one.checks:
        if check.status == "passed":
            by_file[check.file].append(f"{check.level} ({check.validator})")
        elif check.status == "absent":
            reason = check.message.to(language)
            absent.add(f"{check.validator} ({reason})" if reason else check.validator)
            by_file.setdefault(check.file, [])
        else:
            by_file.setdefault(check.file, [])
            failures.append(
                click.style(f"   ✗ {check.file}  {check.validator}: {check.message.to(language)}", fg="red")
            )
    failed = {check.file for check in one.failed}
    lines = [
        f"   {click.style('✓', fg='green')} {file}  {click.style(', '.join(levels), dim=True)}"
        for file, levels in by_file.items()
        if file not in failed
    ]
    lines += failures
    if absent:
        told = Text("not run: ", "non exécuté : ").to(language) + "; ".join(sorted(absent))
        lines.append(click.style(f"   – {told}", dim=True))
    return "\n".join(lines)


def absent(left: Sequence[Absent], language: str) -> str:
    """What a review did not judge: the tools that are not there in one line, then one for each validator and reason."""
    lines = []
    missing = sorted({one.validator for one in left if one.reason.en.endswith("is not installed")})
    if missing:
        told = Text(
            "did not run, not installed (`devops doctor`): ", "non exécutés, pas installés (`devops doctor`) : "
        )
        lines.append(f"– {told.to(language)}{', '.join(missing)}")
    for one in left:
        if one.validator not in missing:
            files = ", ".join(one.files[:3]) + (f" (+{len(one.files) - 3})" if len(one.files) > 3 else "")
            told = Text("did not run: ", "non exécuté : ")
            lines.append(f"– {one.validator} {told.to(language)}{one.reason.to(language)} [{files}]")
    return "\n".join(click.style(line, dim=True) for line in lines)


def count(found: Sequence[Finding], language: str) -> str:
    """The last line of a review: how many of each severity, and how many `--fix` makes."""
    parts = []
    for level, one, many in (
        ("error", Text("error", "erreur"), Text("errors", "erreurs")),
        ("warning", Text("warning", "avertissement"), Text("warnings", "avertissements")),
        ("info", Text("information", "information"), Text("informations", "informations")),
    ):
        number = sum(finding.severity.value == level for finding in found)
        if number:
            parts.append(click.style(f"{number} {(one if number == 1 else many).to(language)}", fg=SEVERITY[level]))
    safe = sum(finding.fix is not None and finding.fix.safe for finding in found)
    if safe:
        told = Text("`devops review --fix` makes {n}", "`devops review --fix` en corrige {n}").to(language)
        parts.append(click.style(told.format(n=safe), fg="green"))
    return ", ".join(parts)


def findings(found: Sequence[Finding], language: str, repository: Repository | None = None) -> str:
    """Findings grouped by file, each with its source line."""
    lines: list[str] = []
    texts: dict[str, list[str]] = {}
    current = ""
    for one in found:
        if one.file != current:
            current = one.file
            lines += ["", click.style(one.file, bold=True)] if lines else [click.style(one.file, bold=True)]
            text = repository.read(one.file) if repository else None
            texts[one.file] = text.split("\n") if text else []
        word = click.style(SEVERITY_WORD[one.severity.value].to(language), fg=SEVERITY[one.severity.value], bold=True)
        lines.append(
            f"  {one.line}:{one.column}  {word}  {one.message.to(language)}  {click.style(one.rule, dim=True)}"
        )
        source = texts.get(one.file, [])
        if 1 <= one.line <= len(source) and source[one.line - 1].strip():
            lines.append(click.style(f"     │ {source[one.line - 1].rstrip()[:150]}", dim=True))
        for place in one.related:
            lines.append(f"     ↳ {place.file}:{place.line}  {place.message.to(language)}")
        if one.source == "devops":
            lines.append(click.style(f"     {one.why.to(language)}", dim=True))
        if one.fix is not None:
            title = FIX[one.fix.safe].to(language)
            needs = f" ({one.fix.needs.to(language)})" if one.fix.needs else ""
            lines.append(click.style(f"     {title} — {one.fix.title.to(language)}{needs}", fg="green"))
    return "\n".join(lines)
