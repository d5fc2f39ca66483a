"""helm lint --strict on each chart."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator, call, crashed

LINE = re.compile(r"^\[(ERROR|WARNING)\]\s+(?:(\S+?):\s+)?(.*)$")
_CHART = re.compile(r"^==> Linting (.+)$")
_TEMPLATE = re.compile(r"(?:template: |\()(?:[\w.-]+/)?(templates/[^:\s]+|values\.ya?ml):(\d+)(?::(\d+))?")
_KEY = re.compile(r"^(?:validation: chart\.metadata\.)?(\w+) ")
_NO_DEPENDENCIES = Text("its dependencies are not fetched", "ses dépendances ne sont pas téléchargées")


def run(batch: Batch) -> list[Problem]:
    """Errors and warnings of `helm lint` over all charts of the batch in one call."""
    folders = sorted({str(PurePosixPath(path).parent) for path in batch.paths})
    found: list[tuple[str, Problem]] = []
    with batch.tree(*("**" if folder == "." else f"{folder}/**" for folder in folders)) as root:
        done = call("helm", "lint", "--strict", *(f"./{folder}" for folder in folders), cwd=root)
    folder = None
    without: set[str] = set()
    for line in done.stdout.splitlines():
        if folder is not None and "missing these dependencies" in line:
            without.add(_below(str(folder), "Chart.yaml"))  # they are fetched before a release, and not here
        if heading := _CHART.match(line):
            folder = PurePosixPath(heading[1].strip())
        elif folder is not None and (match := LINE.match(line)) and "unable to load chart" not in line:
            found.append((_below(str(folder), "Chart.yaml"), _problem(batch, str(folder), *match.groups())))
    if folder is None:
        raise DidNotRun(crashed("helm", done))
    batch.unjudged.update(dict.fromkeys(without, _NO_DEPENDENCIES))
    return [problem for chart, problem in found if chart not in without]


def _problem(batch: Batch, folder: str, level: str, about: str | None, message: str) -> Problem:
    """In the template that the message names, at the key of Chart.yaml that it speaks of, else at the chart."""
    chart = _below(folder, "Chart.yaml")
    severity = Severity.ERROR if level == "ERROR" else Severity.WARNING
    told = Problem(chart, 1, message, "helm-lint", severity=severity)
    if place := _TEMPLATE.search(message):
        file, line, column = _below(folder, place[1]), int(place[2]), int(place[3] or 0) + 1
        return Problem(file, line, message, told.rule, column, severity=severity)
    text = batch.files.get(chart, "")
    key = _KEY.match(message)
    at = re.search(rf"(?m)^{key[1]}\s*:", text) if key else None
    line = text.count("\n", 0, at.start()) + 1 if at else 1
    return Problem(chart, line, message, told.rule, severity=severity)


def _below(folder: str, name: str) -> str:
    return str(PurePosixPath(folder) / name)


VALIDATOR = Validator(
    id="helm-lint", level="lint", kinds=("helm-chart",), run=run, program="helm", version_arguments=("version", "--short"),
    adds=Text("charts, rendered and linted", "les charts, rendus et vérifiés"),
)  # fmt: skip
