"""Files, checks and change sets: what an action proposes. Data until `actions.apply`."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from devops_orchestrator.core.rule import Edit, Finding
from devops_orchestrator.errors import RefusedError
from devops_orchestrator.formats.lines import newline
from devops_orchestrator.text import Text

Level = Literal["parse", "schema", "lint", "project", "dry-run", "execute"]
Status = Literal["passed", "failed", "absent"]


NOTHING = Text("", "")


@dataclass(frozen=True)
class File:
    """A file that a room wants to be there. `why` explains it in one sentence.

    `merge`: what to do when the file is there already: `improve` runs the room's review on it (the default), `lines`
    adds the lines that it lacks (`.gitignore`), `replace` is for files that we own and regenerate.
    """

    path: str
    content: str
    why: Text | None = None
    merge: Literal["improve", "lines", "replace"] = "improve"


@dataclass(frozen=True)
class Creation:
    """What a room's `create` returns: files, edits of existing files, what it did and what comes next.

    `question` filled means that something that only the user knows is missing: then no file is written.
    """

    summary: Text
    files: tuple[File, ...] = ()
    edits: tuple[Edit, ...] = ()
    next_steps: tuple[Text, ...] = ()
    question: Text | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Change:
    """One file's change: `before` is None for a new file."""

    path: str
    before: str | None
    after: str

    @property
    def kind(self) -> Literal["create", "update", "unchanged"]:
        if self.before is None:
            return "create"
        return "unchanged" if self.before == self.after else "update"

    @property
    def diff(self) -> str:
        """A unified diff that `git apply` takes."""
        if self.kind == "unchanged":
            return ""
        old, new = _lines(self.before or ""), _lines(self.after)
        name = "/dev/null" if self.before is None else f"a/{self.path}"
        parts: list[str] = []
        for line in difflib.unified_diff(old, new, name, f"b/{self.path}", n=3):
            parts.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
        return "".join(parts)


def _lines(text: str) -> list[str]:
    """Split at line feeds alone: str.splitlines would also split at form feeds and U+2028."""
    lines = text.split("\n")
    return [line + "\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


@dataclass(frozen=True)
class Check:
    """What one validator said of one file. `absent` is never `passed`."""

    file: str
    validator: str
    level: Level
    status: Status
    message: Text = NOTHING


@dataclass(frozen=True)
class ChangeSet:
    """What one step proposes."""

    agent: str
    summary: Text
    changes: tuple[Change, ...] = ()
    checks: tuple[Check, ...] = ()
    findings: tuple[Finding, ...] = ()
    next_steps: tuple[Text, ...] = ()
    answer: Text | None = None
    question: Text | None = None
    options: tuple[str, ...] = ()
    parameters: Mapping[str, tuple[object, str]] = field(default_factory=dict)  # name → (value, where it came from)

    @property
    def failed(self) -> tuple[Check, ...]:
        return tuple(check for check in self.checks if check.status == "failed")

    def files(self) -> dict[str, str]:
        """path → new content, of the changes that change something."""
        return {change.path: change.after for change in self.changes if change.kind != "unchanged"}


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with its edits made, bottom-up, with the text's own line breaks. Raises RefusedError where two edits overlap."""
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    for left, right in pairwise(ordered):
        if right.start < left.end:
            raise RefusedError(
                Text(f"Two edits of {left.file} overlap.", f"Deux modifications de {left.file} se chevauchent.")
            )
    eol = newline(text)
    for edit in reversed(ordered):
        # A fix is written with line feeds; the file's own line breaks win.
        put = edit.text if eol == "\n" else edit.text.replace("\r\n", "\n").replace("\n", eol)
        text = text[: edit.start] + put + text[edit.end :]
    return text
