"""Health checks of compose files and Dockerfiles as commands: what runs, and what it asks for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from devops_orchestrator.formats import shell

_URL = re.compile(
    r"https?://(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\])(?::(?P<port>\d+))?(?P<path>/[^\s\"'\\;|)?]*)?(?=[\s\"'\\;|)?]|$)"
)


@dataclass(frozen=True)
class Check:
    """What a health check runs: a script for a shell, or the words of one program."""

    script: str | None
    words: tuple[str, ...] = ()

    @cached_property
    def commands(self) -> tuple[tuple[str, ...], ...]:
        """The programs with their arguments, in order."""
        if self.script is None:
            return (self.words,) if self.words else ()
        return tuple(command.values for command in shell.commands(self.script))

    @property
    def text(self) -> str:
        return self.script if self.script is not None else " ".join(self.words)

    @cached_property
    def address(self) -> tuple[int, str] | None:
        """(port, path) of the one address of this container that it asks; None where there is none or several."""
        found = {
            (int(m["port"] or (443 if m[0].startswith("https") else 80)), m["path"] or "/")
            for m in _URL.finditer(self.text)
        }
        return next(iter(found)) if len(found) == 1 else None

    @property
    def passes_in_any_case(self) -> bool:
        """Whether its last word is a success: `|| true`, `|| exit 0`, `; true`."""
        return self.script is not None and bool(re.search(r"(\|\||;)\s*(true|:|exit 0)\s*;?\s*$", self.script))

    @property
    def takes_errors_for_health(self) -> bool:
        """Whether curl decides and does not fail on an answer of 400 and above."""
        if self.script is None:
            return bool(self.words) and _curl(self.words)
        found = shell.commands(self.script)
        deciding = [c for c in found if c.name not in ("exit", "true", "false", "echo")]
        if len(deciding) != 1 or deciding[0].pipe or deciding[0].conditional or re.search(r"\$\(|`", self.script):
            return False
        return _curl(deciding[0].values)


def _curl(words: tuple[str, ...]) -> bool:
    if words[0].rpartition("/")[2] != "curl":
        return False
    if not any(re.match(r"https?://", word) or re.match(r"(localhost|127\.0\.0\.1)\b", word) for word in words):
        return False  # a socket, another protocol
    return not any(
        word.startswith("--fail") or re.match(r"-[a-zA-Z#]*f", word)
        for word in words[1:]
        if not word.startswith("--") or word.startswith("--fail")
    )
