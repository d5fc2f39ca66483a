"""hadolint: Dockerfiles, with shellcheck on their scripts."""

from __future__ import annotations

import json

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, Problem, Validator, call

LEVELS = {"error": Severity.ERROR, "warning": Severity.WARNING}


def run(batch: Batch) -> list[Problem]:
    """hadolint's findings over all Dockerfiles in one call."""
    with batch.tree() as root:
        done = call("hadolint", "--no-color", "--format", "json", *batch.paths, cwd=root)
    return [
        Problem(
            file=entry["file"], line=entry["line"], column=entry["column"], rule=entry["code"],
            message=entry["message"], severity=LEVELS.get(entry["level"], Severity.INFO),
            url=f"https://github.com/hadolint/hadolint/wiki/{entry['code']}" if entry["code"].startswith("DL") else "",
        )
        for entry in json.loads(done.stdout or "[]")
    ]  # fmt: skip


VALIDATOR = Validator(
    id="hadolint", level="lint", kinds=("dockerfile",), run=run, program="hadolint",
    adds=Text("Dockerfile practice, and shellcheck on RUN", "les bonnes pratiques des Dockerfiles, et shellcheck sur les RUN"),
)  # fmt: skip
