"""terraform (or tofu): `fmt -check`, and `validate` where the module needs no provider that is not there."""

from __future__ import annotations

import json
import re
from pathlib import PurePosixPath

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator, call, find

PROGRAM = "terraform" if find("terraform") or not find("tofu") else "tofu"


def format_check(batch: Batch) -> list[Problem]:
    """Files that `terraform fmt` would change, at the first line that differs."""
    found = []
    with batch.tree() as root:
        done = call(PROGRAM, "fmt", "-check", "-diff", "-recursive", "-no-color", ".", cwd=root, ok=(0, 2, 3))
        if done.returncode == 2:
            return []  # does not parse: `parse` tells it, with line and column
        hunks = re.split(r"(?m)^--- old/", done.stdout)[1:]
        for hunk in hunks:
            path = hunk.splitlines()[0].strip()
            line = re.search(r"(?m)^@@ -(\d+)", hunk)
            found.append(
                Problem(
                    path,
                    int(line[1]) if line else 1,
                    "Not formatted as `terraform fmt` does.",
                    "fmt",
                    severity=Severity.WARNING,
                )
            )
    return found


def validate(batch: Batch) -> list[Problem]:
    """`terraform validate` of each module, offline. Raises DidNotRun where its providers are not installed."""
    found: list[Problem] = []
    folders = sorted({str(PurePosixPath(path).parent) for path in batch.paths})
    with batch.tree("**/*.tf", "**/*.tofu", "**/*.tfvars", "**/.terraform.lock.hcl") as root:
        for folder in folders:
            init = call(
                PROGRAM, f"-chdir={folder}", "init", "-backend=false", "-input=false", "-no-color", cwd=root, ok=(0, 1)
            )
            if init.returncode:
                raise DidNotRun("its providers are not installed here and the network is not asked")
            done = call(PROGRAM, f"-chdir={folder}", "validate", "-json", "-no-color", cwd=root, ok=(0, 1))
            for entry in json.loads(done.stdout or "{}").get("diagnostics", []):
                place = entry.get("range") or {"filename": "main.tf", "start": {"line": 1, "column": 1}}
                file = str(PurePosixPath(folder) / place["filename"])
                level = Severity.ERROR if entry["severity"] == "error" else Severity.WARNING
                start = place["start"]
                found.append(
                    Problem(file, start["line"], entry["summary"], "validate", start["column"], severity=level)
                )
    return found


FMT = Validator(
    id="terraform-fmt", level="lint", kinds=("terraform", "terraform-vars"), run=format_check, program=PROGRAM,
    version_arguments=("version",),
    adds=Text("the canonical format", "le format canonique"),
)  # fmt: skip
VALIDATE = Validator(
    id="terraform-validate", level="dry-run", kinds=("terraform",), run=validate, program=PROGRAM,
    version_arguments=("version",),
    adds=Text("types and references, where the providers are installed", "les types et références, si les providers sont installés"),
)  # fmt: skip
