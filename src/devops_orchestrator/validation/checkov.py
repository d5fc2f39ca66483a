"""checkov: policies over Terraform, Kubernetes, Dockerfiles and workflows. Slow to start: only where it is asked for."""

from __future__ import annotations

import re
from typing import Any

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text
from devops_orchestrator.validation import objects
from devops_orchestrator.validation.validator import Batch, Problem, Validator, call, json_of

CONFIGURATION = (".checkov.y*ml",)
SECONDS = 300


def run(batch: Batch) -> list[Problem]:
    """checkov's failed policies over all files in one call; modules and policies of elsewhere are not fetched."""
    with batch.tree(*CONFIGURATION, "**/*.tf", "**/*.tfvars") as root:
        done = call(
            "checkov", "--directory", ".", "--output", "json", "--quiet", "--compact", "--skip-download",
            cwd=root, seconds=SECONDS,
        )  # fmt: skip
    said = json_of("checkov", done)
    found = []
    for part in said if isinstance(said, list) else [said]:
        results = part.get("results", {})
        for error in results.get("parsing_errors", ()):
            batch.unjudged.update({p: _UNREAD for p in batch.paths if str(error).endswith(p)})
        for entry in results.get("failed_checks", ()):
            file = entry["file_path"].lstrip("/")
            if file in batch.files and entry["check_id"]:
                found.append(_problem(file, batch.files[file], entry))
    return found


_UNREAD = Text("checkov cannot read it", "checkov n'arrive pas à le lire")


def _problem(file: str, text: str, entry: dict[str, Any]) -> Problem:
    first, last = entry.get("file_line_range") or (1, 1)
    first, column = max(1, first), 1
    lines = Lines(text)
    # The range is the whole object: the key that was looked at is nearer, where the file has it.
    for key in entry["check_result"].get("evaluated_keys") or ():
        node = next((one for one in objects.documents(text) if first <= lines.place(one.end - 1)[0] + 1), None)
        for step in re.findall(r"[^/\[\]]+", key):
            below = (
                node.get(int(step) if node.kind == "list" and step.isdigit() else step) if node is not None else None
            )
            if below is None:
                break
            node = below
        if node is not None and first <= lines.place(node.start)[0] <= max(first, last):
            first, column = lines.place(node.start)
            break
    name = entry.get("resource") or file
    return Problem(
        file, first, f"{entry['check_name']} ({name})", entry["check_id"], column, end_line=max(first, last),
        severity=Severity.INFO, url=entry.get("guideline") or "",
    )  # fmt: skip


VALIDATOR = Validator(
    id="checkov", level="lint", kinds=("terraform", "kubernetes", "dockerfile", "github-workflow"), run=run,
    program="checkov", inner=False,
    adds=Text("policies over infrastructure, manifests and workflows", "des règles sur l'infrastructure, les manifestes et les workflows"),
)  # fmt: skip
