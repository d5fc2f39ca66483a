"""Sources, rules, findings, fixes. A rule is a value: `@rule` registers nothing, a room lists its RULES."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeVar

from devops_orchestrator.core.kinds import family
from devops_orchestrator.core.project import Project
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text

T = TypeVar("T")


class Severity(StrEnum):
    """How bad: error (broken or exploitable), warning (will hurt), info (could be better)."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        return ("info", "warning", "error").index(self.value)


@dataclass(frozen=True)
class Edit:
    """Replace the characters `start:end` of a file; a file that does not exist is created (0, 0)."""

    file: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Fix:
    """Edits that are applied together or not at all. Only a `safe` one is applied without asking.

    `title` says what it does; for an unsafe one, `needs` says what must be true or done with it.
    """

    edits: tuple[Edit, ...]
    safe: bool
    title: Text
    needs: Text | None = None


@dataclass(frozen=True)
class Related:
    """Another place that belongs to a finding (line from 1)."""

    file: str
    line: int
    message: Text


@dataclass(frozen=True)
class Hit:
    """What a rule reports: a span of the source and why it is reported here."""

    start: int
    end: int
    message: Text
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    severity: Severity | None = None  # only where this hit differs from its rule


@dataclass(frozen=True)
class Finding:
    """One finding of a review, from a rule of ours or a wrapped linter. Lines and columns count from 1."""

    rule: str
    severity: Severity
    file: str
    line: int
    column: int
    end_line: int
    message: Text
    why: Text
    url: str = ""
    fix: Fix | None = None
    source: str = "devops"
    related: tuple[Related, ...] = ()
    confidence: str = "high"  # high | medium | low: how sure it is, apart from how bad


@dataclass(eq=False)
class Source:
    """One file under review: parsed at most once for each format."""

    path: str
    text: str
    kind: str
    _parsed: dict[Any, Any] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.kind = family(self.kind)  # rules are written for families of kinds

    def parsed(self, parse: Callable[[str], T]) -> T:
        """`parse(text)`, remembered. Raises what `parse` raises (ParseError)."""
        if parse not in self._parsed:
            self._parsed[parse] = parse(self.text)
        found: T = self._parsed[parse]
        return found

    @cached_property
    def lines(self) -> Lines:
        return Lines(self.text)

    def edit(self, start: int, end: int, text: str) -> Edit:
        """An edit of this file."""
        return Edit(self.path, start, end, text)


Check = Callable[[Source, Project], Iterable[Hit]]


@dataclass(frozen=True)
class Rule:
    """A declared rule. `id` is `agent/defect`; `on` are the kinds of file that it reads (`core.kinds`)."""

    id: str
    severity: Severity
    on: tuple[str, ...]
    title: Text
    advice: Text
    check: Check
    url: str = ""
    confidence: str = "high"

    def findings(self, source: Source, project: Project) -> Iterator[Finding]:
        """The findings of this rule on one source; nothing for a source of another kind."""
        if source.kind not in self.on:
            return
        for hit in self.check(source, project):
            line, column = source.lines.place(hit.start)
            end_line, _ = source.lines.place(max(hit.start, hit.end - 1))
            yield Finding(
                rule=self.id, severity=hit.severity or self.severity, file=source.path, line=line, column=column,
                end_line=end_line, message=hit.message, why=self.advice, url=self.url, fix=hit.fix, related=hit.related,
                confidence=self.confidence,
            )  # fmt: skip


def rule(
    id: str,
    severity: Severity,
    *,
    on: str | tuple[str, ...],
    title: Text,
    advice: Text,
    url: str = "",
    confidence: str = "high",
) -> Callable[[Check], Rule]:
    """Make a Rule of a function `(source, project) → hits`. `advice` is the why: what happens if it stays."""
    kinds = (on,) if isinstance(on, str) else on

    def make(check: Check) -> Rule:
        return Rule(
            id=id, severity=severity, on=kinds, title=title, advice=advice, check=check, url=url, confidence=confidence
        )

    return make
