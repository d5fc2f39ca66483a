"""The lines that differ from a git revision: a review of a change tells only what the change touches."""

from __future__ import annotations

import re
from collections.abc import Iterable

from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding
from devops_orchestrator.errors import UsageError
from devops_orchestrator.text import Text

_HUNK = re.compile(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@")
Lines = dict[str, list[range]]


def lines(repository: Repository, base: str) -> Lines:
    """Path → ranges of changed lines since the merge base with `base`; new and untracked files are changed whole.

    Raises UsageError where git does not know the revision.
    """
    since = (repository.git("merge-base", base, "HEAD") or "").strip() or base
    if base.startswith("-") or repository.git("rev-parse", "--verify", "--quiet", f"{since}^{{commit}}") is None:
        raise UsageError(
            Text(
                f"--diff {base}: git knows no such revision here.", f"--diff {base} : git ne connaît pas cette révision ici."
            )
        )  # fmt: skip
    said = repository.git(
        "-c", "core.quotePath=false", "diff", "--unified=0", "--no-color", "--no-ext-diff", "--relative", since, "--"
    )
    found: Lines = {}
    path = None
    for line in (said or "").splitlines():
        if line.startswith("+++ "):
            path = line[6:].rstrip("\t") if line.startswith("+++ b/") else None
        elif path is not None and (hunk := _HUNK.match(line)):
            start, count = int(hunk[1]), int(hunk[2] or "1")
            # Where lines were only taken out, the two around the cut are what the change touches.
            found.setdefault(path, []).append(range(start, start + count) if count else range(start, start + 2))
    for path in (repository.git("ls-files", "--others", "--exclude-standard", "-z") or "").split("\0"):
        if path:
            found[path] = [range(1, 10**9)]
    return found


def touched(findings: Iterable[Finding], changed: Lines) -> list[Finding]:
    """The findings on a changed line, or with a related place on one: the other half of a contradiction."""
    return [
        finding
        for finding in findings
        if _on(changed, finding.file, finding.line, finding.end_line)
        or any(_on(changed, place.file, place.line, place.line) for place in finding.related)
    ]


def _on(changed: Lines, file: str, start: int, end: int) -> bool:
    return any(span.start <= max(start, end) and start < span.stop for span in changed.get(file, ()))
