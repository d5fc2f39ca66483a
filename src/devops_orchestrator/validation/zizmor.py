"""zizmor: the security of GitHub workflows, actions and Dependabot files."""

from __future__ import annotations

import re
from typing import Any

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator, call, json_of

LEVELS = {"High": Severity.ERROR, "Medium": Severity.WARNING, "Low": Severity.WARNING}
CONFIGURATION = (".github/zizmor.y*ml", "zizmor.y*ml", ".zizmor.y*ml")
_CHOSEN = {
    "unpinned-uses": Severity.WARNING,
    "unpinned-images": Severity.WARNING,
    "dangerous-triggers": Severity.WARNING,
    "github-app": Severity.WARNING,
    "excessive-permissions": Severity.WARNING,
    "dependabot-cooldown": Severity.INFO,
}
_PATH = ("verbatim_path", "given_path")  # as it was given, in newer and older versions
_REFUSED = re.compile(r"failed to (?:validate|parse|load) (?:file://)?(\S+)")
_UNREAD = Text("zizmor cannot read it", "zizmor n'arrive pas à le lire")


def run(batch: Batch) -> list[Problem]:
    """zizmor's findings, regular persona, offline, over all files in one call."""
    with batch.tree(*CONFIGURATION) as root:
        done = call(
            "zizmor", "--offline", "--no-progress", "--format", "json", *batch.arguments, cwd=root,
            ok=(0, 1, 3, 10, 11, 12, 13, 14),
        )  # fmt: skip
    for refused in _REFUSED.finditer(done.stderr):
        batch.unjudged.update({path: _UNREAD for path in batch.paths if refused[1].endswith(path)})
    if done.returncode == 3:  # nothing was collected
        raise DidNotRun(_UNREAD)
    return [_problem(entry, batch) for entry in json_of("zizmor", done)]


def _problem(entry: dict[str, Any], batch: Batch) -> Problem:
    places = [place for place in entry["locations"] if place["symbolic"].get("kind") == "Primary"] or entry["locations"]
    symbolic, where = places[0]["symbolic"], places[0]["concrete"]["location"]
    start, end = where["start_point"], where["end_point"]
    key = symbolic["key"]
    local = (key.get("Local") or {}) if isinstance(key, dict) else {}
    path = next((str(local[name]) for name in _PATH if name in local), "")
    file = next((known for known in batch.paths if path.removeprefix("./") == known), path)
    return Problem(
        file, start["row"] + 1, f"{entry['desc']}: {symbolic['annotation']}", entry["ident"],
        _column(batch.files.get(file, ""), start["row"], start["column"]),
        end_line=max(start["row"], end["row"] - (end["column"] == 0)) + 1, severity=_severity(entry), url=entry["url"],
        confidence=entry["determinations"]["confidence"].lower(),
    )  # fmt: skip


def _severity(entry: dict[str, Any]) -> Severity:
    """zizmor's, a step lower where it is not sure, and for what most repositories choose with open eyes."""
    if entry["ident"] in _CHOSEN:
        return _CHOSEN[entry["ident"]]
    severity = LEVELS.get(entry["determinations"]["severity"], Severity.INFO)
    confidence = entry["determinations"]["confidence"]
    if confidence == "Low":
        return Severity.WARNING if severity is Severity.ERROR else Severity.INFO
    return Severity.WARNING if severity is Severity.ERROR and confidence != "High" else severity


def _column(text: str, row: int, column: int) -> int:
    """The column in characters of one in bytes, which is how zizmor counts."""
    lines = text.split("\n")
    before = lines[row].encode()[:column] if row < len(lines) else b""
    return len(before.decode(errors="ignore")) + 1 if before else column + 1


VALIDATOR = Validator(
    id="zizmor", level="lint", kinds=("github-workflow", "github-action", "dependabot"), run=run, program="zizmor",
    adds=Text("the security of workflows and actions", "la sécurité des workflows et des actions"),
)  # fmt: skip
