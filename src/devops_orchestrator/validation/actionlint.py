"""actionlint: GitHub workflows and their expressions. Their scripts are shellcheck's own (`validation.shellcheck`)."""

from __future__ import annotations

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, Problem, Validator, call, json_of

AROUND = (
    ".github/actionlint.y*ml", ".github/workflows/*.y*ml", ".github/actions/**/action.y*ml", "action.y*ml",
    "**/action.y*ml",
)  # fmt: skip
# GitHub takes a number where the name of a port stands: `job.services.db.ports[5432]` is its documentation's own example.
_NUMBER = 'property access of object must be type of string but got "number"'
# It runs all the same: runners of other providers are unknown here, a default that is never read does no harm.
_MILD = (
    ("is unknown. available labels are", Severity.INFO),
    ("it is also required", Severity.WARNING),
    ("action is too old to run on GitHub Actions", Severity.WARNING),
    ("is required in metadata of", Severity.WARNING),
)


def run(batch: Batch) -> list[Problem]:
    """actionlint's findings over all workflows in one call, beside the actions and workflows that they call."""
    with batch.tree(*AROUND) as root:
        (root / ".git").mkdir(exist_ok=True)  # without it, it takes the folder for none of a project
        done = call(
            "actionlint", "-no-color", "-format", "{{json .}}", "-shellcheck", "", "-pyflakes", "", *batch.arguments,
            cwd=root,
        )  # fmt: skip
    return [
        Problem(
            entry["filepath"], entry["line"], entry["message"], entry["kind"], entry["column"],
            severity=next((level for told, level in _MILD if told in entry["message"]), Severity.ERROR),
        )
        for entry in json_of("actionlint", done) or ()
        if not (_NUMBER in entry["message"] and ".ports[" in entry.get("snippet", ""))
    ]  # fmt: skip


VALIDATOR = Validator(
    id="actionlint", level="lint", kinds=("github-workflow",), run=run, program="actionlint",
    version_arguments=("-version",),
    adds=Text(
        "types of workflow expressions, inputs of actions and of reusable workflows",
        "le typage des expressions, les entrées des actions et des workflows réutilisables",
    ),
)  # fmt: skip
