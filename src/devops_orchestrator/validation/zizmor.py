"""zizmor: the security of GitHub workflows, actions and Dependabot files."""

from __future__ import annotations

import json

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, Problem, Validator, call

LEVELS = {"High": Severity.ERROR, "Medium": Severity.WARNING, "Low": Severity.WARNING}


def run(batch: Batch) -> list[Problem]:
    """zizmor's findings, regular persona, offline, over all files in one call."""
    with batch.tree() as root:
        done = call(
            "zizmor", "--offline", "--no-progress", "--quiet", "--format", "json", *batch.paths, cwd=root,
            ok=(0, 3, 10, 11, 12, 13, 14),
        )  # fmt: skip
    found = []
    for entry in json.loads(done.stdout or "[]"):
        places = [place for place in entry["locations"] if place["symbolic"].get("kind") == "Primary"] or entry[
            "locations"
        ]
        symbolic, start = places[0]["symbolic"], places[0]["concrete"]["location"]["start_point"]
        key = symbolic["key"]
        path = (key.get("Local") or key.get("Remote") or {}).get("given_path", "") if isinstance(key, dict) else ""
        file = next((known for known in batch.paths if path.endswith(known)), path)
        message = f"{entry['desc']}: {symbolic['annotation']}"
        severity = LEVELS.get(entry["determinations"]["severity"], Severity.INFO)
        found.append(
            Problem(
                file,
                start["row"] + 1,
                message,
                entry["ident"],
                start["column"] + 1,
                severity=severity,
                url=entry["url"],
            )
        )
    return found


VALIDATOR = Validator(
    id="zizmor", level="lint", kinds=("github-workflow", "github-action", "dependabot"), run=run, program="zizmor",
    adds=Text("the security of workflows and actions", "la sécurité des workflows et des actions"),
)  # fmt: skip
