"""helm lint --strict on each chart."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, Problem, Validator, call

LINE = re.compile(r"^\[(ERROR|WARNING)\]\s+(?:(\S+?):\s+)?(.*)$")


def run(batch: Batch) -> list[Problem]:
    """Errors and warnings of `helm lint` for each chart of the batch."""
    found = []
    with batch.tree(*(f"{PurePosixPath(path).parent}/**" for path in batch.paths)) as root:
        for path in batch.paths:
            folder = PurePosixPath(path).parent
            done = call("helm", "lint", "--strict", str(folder), cwd=root)
            for line in done.stdout.splitlines():
                if match := LINE.match(line):
                    level = Severity.ERROR if match[1] == "ERROR" else Severity.WARNING
                    found.append(Problem(path, 1, match[3], f"helm-lint:{match[2] or ''}", severity=level))
    return found


VALIDATOR = Validator(
    id="helm-lint", level="lint", kinds=("helm-chart",), run=run, program="helm", version_arguments=("version", "--short"),
    adds=Text("charts, rendered and linted", "les charts, rendus et vérifiés"),
)  # fmt: skip
