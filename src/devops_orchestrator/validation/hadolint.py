"""hadolint: Dockerfiles, with shellcheck on their scripts."""

from __future__ import annotations

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, Problem, Validator, call, json_of

LEVELS = {"error": Severity.ERROR, "warning": Severity.WARNING}
CONFIGURATION = (".hadolint.yaml", ".hadolint.yml")


def run(batch: Batch) -> list[Problem]:
    """hadolint's findings over all Dockerfiles in one call."""
    with batch.tree(*CONFIGURATION) as root:
        done = call("hadolint", "--no-color", "--no-fail", "--format", "json", *batch.arguments, cwd=root, ok=(0,))
    return [
        Problem(
            file=entry["file"], line=entry["line"], column=entry["column"], rule=entry["code"],
            message=entry["message"], severity=LEVELS.get(entry["level"], Severity.INFO),
            url=f"https://github.com/hadolint/hadolint/wiki/{entry['code']}" if entry["code"].startswith("DL") else "",
        )
        for entry in json_of("hadolint", done)
    ]  # fmt: skip


VALIDATOR = Validator(
    id="hadolint", level="lint", kinds=("dockerfile",), run=run, program="hadolint",
    adds=Text("Dockerfile practice, and shellcheck on RUN", "les bonnes pratiques des Dockerfiles, et shellcheck sur les RUN"),
)  # fmt: skip
