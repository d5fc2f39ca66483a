"""`.dockerignore` files: patterns with their lines, and what they leave out of a build context."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cached_property

from devops_orchestrator.formats.lines import Lines


@dataclass(frozen=True)
class Pattern:
    """One line: `glob` cleaned as Docker does, `kept` True for a `!` exception; `start:end` is the line's text."""

    glob: str
    kept: bool
    line: int
    start: int
    end: int

    @cached_property
    def expression(self) -> re.Pattern[str]:
        return re.compile(_translate(self.glob))


@dataclass(frozen=True)
class Dockerignore:
    """A parsed `.dockerignore`: the last pattern that matches a path or one of its folders decides."""

    patterns: tuple[Pattern, ...]

    def excludes(self, path: str) -> Pattern | None:
        """The pattern that leaves a path (from the context's root) out of the context, or None."""
        decided: Pattern | None = None
        folders = path.split("/")
        candidates = ["/".join(folders[: i + 1]) for i in range(len(folders))]
        for pattern in self.patterns:
            if any(pattern.expression.fullmatch(candidate) for candidate in candidates):
                decided = None if pattern.kept else pattern
        return decided


def parse(text: str) -> Dockerignore:
    """The patterns of a `.dockerignore`; every text is one."""
    lines = Lines(text)
    patterns = []
    for number in range(1, len(lines) + 1):
        raw = lines.line(number).removeprefix("\ufeff") if number == 1 else lines.line(number)
        glob = raw.strip()
        if not glob or glob.startswith("#"):
            continue
        kept = glob.startswith("!")
        cleaned = posixpath.normpath(glob.removeprefix("!").strip()).lstrip("/")
        if cleaned in ("", "."):
            continue
        patterns.append(Pattern(cleaned, kept, number, lines.start(number), lines.end(number)))
    return Dockerignore(tuple(patterns))


def _translate(glob: str) -> str:
    """A pattern of Go's filepath.Match with Docker's `**`, as a regular expression over a whole path."""
    out = ""
    i = 0
    while i < len(glob):
        char = glob[i]
        if glob.startswith("**", i):
            i += 2
            if glob.startswith("/", i):
                i += 1
                out += "(?:.*/)?"
            else:
                out += ".*"
            continue
        if char == "*":
            out += "[^/]*"
        elif char == "?":
            out += "[^/]"
        elif char == "[" and (close := glob.find("]", i + 1)) > 0:
            inner = glob[i + 1 : close]
            out += "[" + ("^" + re.escape(inner[1:]) if inner[:1] in "^!" else inner.replace("\\", "\\\\")) + "]"
            i = close
        elif char == "\\" and i + 1 < len(glob):
            i += 1
            out += re.escape(glob[i])
        else:
            out += re.escape(char)
        i += 1
    return out


def match(glob: str, path: str) -> bool:
    """Whether a path matches a COPY source: Go's filepath.Match, where `*` stays within a folder."""
    return re.fullmatch(_translate(glob.replace("**", "*")), path) is not None
