"""actionlint: GitHub workflows, their expressions and scripts."""

from __future__ import annotations

import json

from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, Problem, Validator, call, find


def run(batch: Batch) -> list[Problem]:
    """actionlint's findings over all workflows in one call (with shellcheck where it is there)."""
    with batch.tree(".github/actions/**") as root:
        done = call(
            "actionlint", "-no-color", "-format", "{{json .}}", "-shellcheck", find("shellcheck") or "", "-pyflakes", "",
            *batch.paths, cwd=root,
        )  # fmt: skip
    return [
        Problem(entry["filepath"], entry["line"], entry["message"], entry["kind"], entry["column"])
        for entry in json.loads(done.stdout or "[]")
    ]


VALIDATOR = Validator(
    id="actionlint", level="lint", kinds=("github-workflow",), run=run, program="actionlint",
    version_arguments=("-version",),
    adds=Text(
        "types of workflow expressions, inputs of actions, scripts",
        "le typage des expressions, les entrées des actions et les scripts des workflows",
    ),
)  # fmt: skip
