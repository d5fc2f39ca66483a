"""What silences a finding: a comment of ours beside it, a linter's own comment, the settings of the repository."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from devops_orchestrator.actions.settings import Settings, names
from devops_orchestrator.core.repository import matches
from devops_orchestrator.core.rule import Finding, Related, Severity, Source
from devops_orchestrator.text import Text
from devops_orchestrator.validation.aliases import tool_rules

_OURS = re.compile(r"devops:\s*ignore\[([\w/*., -]+)\](?:\s+until=(\S+))?")
# The comments by which a linter is told to be quiet; a rule of ours that reports the same defect is quiet with it.
_THEIRS = (
    re.compile(r"hadolint\s+(?:global\s+)?ignore\s*=\s*([\w, ]+)"),
    re.compile(r"zizmor:\s*ignore\[([\w, -]+)\]"),
    re.compile(r"shellcheck\s+disable=([\w, ]+)"),
    re.compile(r"checkov:skip=(\w+)"),
    re.compile(r"trivy:ignore:([\w-]+)"),
    re.compile(r"tfsec:ignore:([\w:*-]+)"),
)


@dataclass(frozen=True)
class Comment:
    """One ignore comment: its line, the names in it, its last day; `text` is that day as it was written."""

    line: int
    names: frozenset[str]
    until: date | None = None
    text: str = ""


def today() -> date:
    """The day by which an ignore has ended: SOURCE_DATE_EPOCH's where it is set, so that a run can be repeated."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC).date() if epoch.isdigit() else datetime.now(UTC).date()


def comments(source: Source) -> list[Comment]:
    """The ignore comments of a file, ours."""
    found: list[Comment] = []
    for match in _OURS.finditer(source.text):
        line, _ = source.lines.place(match.start())
        named = frozenset(name.strip() for name in match[1].split(",") if name.strip())
        found.append(Comment(line, named, _day(match[2]), match[2] or ""))
    return found


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def unreadable(source: Source) -> Iterator[Finding]:
    """Ignore comments whose day is no day: they would silence for ever, so they silence nothing."""
    for comment in comments(source):
        if comment.text and comment.until is None:
            yield Finding(
                rule="devops/ignore-date", severity=Severity.WARNING, file=source.path, line=comment.line, column=1,
                end_line=comment.line,
                message=Text(
                    f"until={comment.text} is not a day: write until=2027-01-31. The comment silences nothing.",
                    f"until={comment.text} n'est pas un jour : écrivez until=2027-01-31. Le commentaire ne fait rien taire.",
                ),
                why=Text(
                    "An exception without a readable end is an exception for ever.",
                    "Une exception dont on ne peut pas lire la fin dure toujours.",
                ),
            )  # fmt: skip


def by_comments(findings: Iterable[Finding], source: Source, day: date) -> Iterator[Finding]:
    """The findings of one file that no comment on their line, the line above or (for a whole file) silences.

    One whose comment has ended is told again, with the comment as a related place.
    """
    mine = comments(source)
    theirs = list(_tools(source))
    for finding in findings:
        ended = None
        silent = any(finding.line in (line, line + 1) and names_ & tool_rules(finding.rule) for line, names_ in theirs)
        for comment in mine:
            if finding.line not in (comment.line, comment.line + 1) or not any(
                names(finding.rule, n) for n in comment.names
            ):
                continue
            if comment.text and (comment.until is None or comment.until < day):
                ended = comment
            else:
                silent = True
        if silent:
            continue
        if ended is not None and ended.until is not None:
            told = Text(f"its ignore ended on {ended.until}", f"l'exception a pris fin le {ended.until}")
            finding = replace(finding, related=(*finding.related, Related(finding.file, ended.line, told)))
        yield finding


def _tools(source: Source) -> Iterator[tuple[int, frozenset[str]]]:
    for pattern in _THEIRS:
        for match in pattern.finditer(source.text):
            line, _ = source.lines.place(match.start())
            yield line, frozenset(name.strip() for name in match[1].split(",") if name.strip())


def by_settings(findings: Iterable[Finding], settings: Settings, day: date) -> Iterator[Finding]:
    """The findings that the settings leave, with the severity that they give."""
    for finding in findings:
        if settings.exclude and matches(finding.file, *settings.exclude):
            continue
        if any(ignore.covers(finding.rule, finding.file, day) for ignore in settings.ignores):
            continue
        severity = settings.severity.get(finding.rule)
        yield finding if severity is None else replace(finding, severity=severity)
