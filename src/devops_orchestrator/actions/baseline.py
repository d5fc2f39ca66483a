"""A baseline: what a review found before, so that only what is new is told."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence

from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding
from devops_orchestrator.errors import UsageError
from devops_orchestrator.text import Text

Fingerprint = tuple[str, str, str]  # rule, file, digest of the line's text: a finding that moves stays known


def fingerprint(finding: Finding, repository: Repository) -> Fingerprint:
    """What a finding is, wherever its line moves to."""
    lines = (repository.read(finding.file) or "").splitlines()
    text = " ".join(lines[finding.line - 1].split()) if 1 <= finding.line <= len(lines) else ""
    return finding.rule, finding.file, hashlib.sha256(text.encode()).hexdigest()[:16]


def write(found: Iterable[Finding], repository: Repository) -> str:
    """The text of a baseline file: each finding with how often it occurs, sorted."""
    counted = Counter(fingerprint(finding, repository) for finding in found)
    entries = [
        {"rule": rule, "file": file, "line": digest, "count": count}
        for (rule, file, digest), count in sorted(counted.items())
    ]
    return json.dumps({"version": 1, "findings": entries}, indent=1, ensure_ascii=False) + "\n"


def read(path: str, text: str) -> Counter[Fingerprint]:
    """The findings that a baseline knows. Raises UsageError where it is no baseline."""
    try:
        entries = json.loads(text)["findings"]
        return Counter({(e["rule"], e["file"], e["line"]): int(e["count"]) for e in entries})
    except (ValueError, KeyError, TypeError):
        raise UsageError(
            Text(
                f"{path} is no baseline: write one with `devops review --write-baseline {path}`.",
                f"{path} n'est pas une base de référence : on en écrit une avec `devops review --write-baseline {path}`.",
            )
        ) from None


def new(found: Sequence[Finding], known: Counter[Fingerprint], repository: Repository) -> list[Finding]:
    """The findings that the baseline does not know; of several equal ones, as many as it counts are known."""
    left = Counter(known)
    fresh: list[Finding] = []
    for finding in found:
        key = fingerprint(finding, repository)
        if left[key] > 0:
            left[key] -= 1
        else:
            fresh.append(finding)
    return fresh
