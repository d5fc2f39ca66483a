"""`.devops.toml`: what a team has decided about its reviews. Every key has its line in an error."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from devops_orchestrator.core.repository import Repository, matches
from devops_orchestrator.core.rule import Severity
from devops_orchestrator.errors import ParseError, UsageError
from devops_orchestrator.project.documents import Document, read_toml
from devops_orchestrator.text import Text

FILE = ".devops.toml"
_KEYS = ("fail-on", "baseline", "exclude", "ignore", "severity", "linters")
_IGNORE_KEYS = ("rule", "paths", "until", "reason")
FAIL_ON = ("error", "warning", "info", "never")


@dataclass(frozen=True)
class Ignore:
    """A rule that is not reported: in these paths (everywhere where empty), until a day (included), for a reason."""

    rule: str
    paths: tuple[str, ...] = ()
    until: date | None = None
    reason: str = ""
    line: int = 1

    def covers(self, rule: str, path: str, today: date) -> bool:
        """Whether it silences this rule in this file today."""
        return (
            names(rule, self.rule)
            and (not self.paths or matches(path, *self.paths))
            and (self.until is None or today <= self.until)
        )


@dataclass(frozen=True)
class Settings:
    """The `[review]` table: what fails a review, what is left out, whose severity is another one."""

    fail_on: str | None = None
    baseline: str | None = None
    linters: bool | None = None
    exclude: tuple[str, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    severity: dict[str, Severity] = field(default_factory=dict)


DEFAULT = Settings()


def names(rule: str, wanted: str) -> bool:
    """Whether an ignore's name means this rule: `docker/root-user`, `root-user`, `docker/*` or `*`."""
    if wanted in ("*", rule) or rule.rpartition("/")[2] == wanted:
        return True
    return wanted.endswith("/*") and rule.startswith(wanted[:-1])


def read(repository: Repository) -> Settings:
    """The settings of a repository; the defaults where it has none.

    Raises UsageError for a key, a value or a date that is not allowed, with its line.
    """
    text = repository.read(FILE)
    if text is None:
        return DEFAULT
    try:
        document = read_toml(FILE, text)
    except ParseError as error:
        raise UsageError(
            Text(f"{FILE}:{error.line}: {error.text.en}", f"{FILE}:{error.line} : {error.text.fr}")
        ) from None
    for key in document.value:
        _allowed(document, (key,), key, ("review",))
    review = document.table("review")
    for key in review:
        _allowed(document, ("review", key), key, _KEYS)
    fail_on = _typed(document, ("review", "fail-on"), str, "a word", "un mot")
    if fail_on is not None:
        _allowed(document, ("review", "fail-on"), fail_on, FAIL_ON)
    return Settings(
        fail_on=fail_on,
        baseline=_typed(document, ("review", "baseline"), str, "a path", "un chemin"),
        linters=_typed(document, ("review", "linters"), bool, "true or false", "true ou false"),
        exclude=_strings(document, ("review", "exclude")),
        ignores=tuple(_ignores(document)),
        severity={rule: _severity(document, rule) for rule in document.table("review", "severity")},
    )


def _ignores(document: Document) -> list[Ignore]:
    entries = document.get("review", "ignore", default=[])
    if not isinstance(entries, list):
        raise _wrong(document, ("review", "ignore"), "a list of rules or tables", "une liste de règles ou de tables")
    found: list[Ignore] = []
    for number, entry in enumerate(entries):
        place = ("review", "ignore", number)
        line = document.line(*place)
        if isinstance(entry, str):
            found.append(Ignore(entry, line=line))
            continue
        if not isinstance(entry, dict) or not isinstance(entry.get("rule"), str):
            raise _wrong(document, place, "a rule, or a table with `rule`", "une règle, ou une table avec `rule`")
        for key in entry:
            _allowed(document, (*place, key), key, _IGNORE_KEYS)
        until = entry.get("until")
        if isinstance(until, str):
            until = _day(document, (*place, "until"), until)
        if until is not None and not isinstance(until, date):
            raise _wrong(document, (*place, "until"), "a day (2027-01-31)", "un jour (2027-01-31)")
        paths = _strings(document, (*place, "paths"))
        found.append(Ignore(entry["rule"], paths, until, str(entry.get("reason", "")), line))
    return found


def _day(document: Document, keys: tuple[str | int, ...], text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _wrong(document, keys, "a day (2027-01-31)", "un jour (2027-01-31)") from None


def _severity(document: Document, rule: str) -> Severity:
    value = document.get("review", "severity", rule)
    allowed = tuple(level.value for level in Severity)
    if value not in allowed:
        raise _wrong(document, ("review", "severity", rule), " | ".join(allowed), " | ".join(allowed))
    return Severity(value)


def _strings(document: Document, keys: tuple[str | int, ...]) -> tuple[str, ...]:
    value = document.get(*keys, default=[])
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise _wrong(document, keys, "a list of patterns", "une liste de motifs")
    return tuple(value)


def _typed(document: Document, keys: tuple[str | int, ...], kind: type, en: str, fr: str) -> Any:
    value = document.get(*keys)
    if value is not None and not isinstance(value, kind):
        raise _wrong(document, keys, en, fr)
    return value


def _wrong(document: Document, keys: tuple[str | int, ...], en: str, fr: str) -> UsageError:
    where = f"{FILE}:{document.line(*keys)}"
    name = ".".join(str(key) for key in keys)
    return UsageError(Text(f"{where}: {name} must be {en}.", f"{where} : {name} doit être {fr}."))


def _allowed(document: Document, keys: tuple[str | int, ...], word: str, allowed: tuple[str, ...]) -> None:
    if word not in allowed:
        where, known = f"{FILE}:{document.line(*keys)}", ", ".join(allowed)
        raise UsageError(
            Text(f"{where}: {word} is not known here. Allowed: {known}.", f"{where} : {word} n'est pas connu ici. Permis : {known}.")
        )  # fmt: skip
