"""Shell scripts and command lines: the simple commands that they run, read from a syntax tree."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

from devops_orchestrator.project.tree import Tree

# Programs that only start the one after them.
_RUNNERS = {
    "exec": 1, "tini": 1, "dumb-init": 1, "ddtrace-run": 1, "opentelemetry-instrument": 1, "nohup": 1, "time": 1, "env": 1, "gosu": 2, "su-exec": 2, "setpriv": 1,
}  # fmt: skip
_PROJECT_RUNNERS = (
    ("uv", "run"),
    ("poetry", "run"),
    ("pdm", "run"),
    ("pipenv", "run"),
    ("newrelic-admin", "run-program"),
)


@dataclass(frozen=True)
class Command:
    """One simple command as it is written, on one line, and the line of the text where it stands (from 1)."""

    text: str
    line: int


def commands(text: str) -> list[Command]:
    """The simple commands of a script or a command line, in the order of the text; comments are none."""
    from ast_grep_py import SgRoot

    root = SgRoot(text, "bash").root()
    found: list[Command] = []
    for node in sorted(root.find_all(kind="command"), key=lambda n: n.range().start.index):
        line = " ".join(re.sub(r"\\\r?\n", " ", node.text()).split())
        words = split(line)
        if words[:1] in (["sh"], ["bash"]) and len(words) > 2 and words[1] in ("-c", "-ec", "-lc"):
            found += [Command(inner.text, node.range().start.line + 1) for inner in commands(words[2])]
        else:
            found.append(Command(line, node.range().start.line + 1))
    return found


def split(text: str) -> list[str]:
    """The words of a command, without their quotes; split at blanks where the quotes do not match."""
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def program(words: list[str]) -> list[str]:
    """The words from the program on: without `exec`, variables, `uv run`, `tini --` and the like."""
    while words:
        known = next((runner for runner in _PROJECT_RUNNERS if tuple(words[:2]) == runner), None)
        if known:
            words = words[2:]
        elif words[0].rpartition("/")[2] in _RUNNERS:
            words = words[_RUNNERS[words[0].rpartition("/")[2]] :]
        elif words[0].startswith("-") or re.fullmatch(r"[A-Za-z_]\w*=.*", words[0]):
            words = words[1:]
        else:
            return [words[0].rpartition("/")[2], *words[1:]]
    return []


def without_exec(text: str) -> str:
    """A command without the `exec`, `tini --`, `dumb-init --` before it."""
    return re.sub(r"^((exec|tini|dumb-init|/[\w/.-]*/(tini|dumb-init)|--)\s+)+", "", text)


def script(tree: Tree, path: str | None) -> list[Command]:
    """The commands of a shell script of the repository; none where it is absent or another language's."""
    text = tree.text(path) if path else None
    if text is None or len(text) > 100_000:
        return []
    first = text.partition("\n")[0]
    if first.startswith("#!") and not re.search(r"\b(sh|bash|dash|ash|with-contenv)\b", first):
        return []
    return commands(text)


def value(text: str) -> tuple[str | None, str | None]:
    """(text, variable) of a word: `8000`; (None, PORT) of `$PORT`; (8000, PORT) of `${PORT:-8000}`."""
    found = re.fullmatch(r"\$(?:(\w+)|\{(\w+)(?::?[-=]([^}]*))?\})", text)
    if not found:
        return text, None
    return found[3] or None, found[1] or found[2]
