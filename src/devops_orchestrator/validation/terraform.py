"""terraform (or tofu): `fmt -check`, and `validate` where the module needs no provider that is not there."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, Problem, Validator, call, find, json_of

_NO_PROVIDERS = Text(
    "its providers are not installed here and the network is not asked",
    "ses providers ne sont pas installés ici et le réseau n'est pas sollicité",
)
_UNFORMATTED = Text("Not formatted as `terraform fmt` does.", "Mise en forme différente de celle de `terraform fmt`.")


def _program() -> str:
    """terraform, or tofu where only that is there."""
    return "tofu" if find("tofu") and not find("terraform") else "terraform"


def format_check(batch: Batch) -> list[Problem]:
    """Files that `terraform fmt` would change, at the first line that differs."""
    found = []
    with batch.tree() as root:
        done = call(
            _program(), "fmt", "-check", "-diff", "-recursive", "-no-color", ".", cwd=root, ok=(0, 2, 3), personal=True
        )
        if done.returncode == 2:  # one that does not parse: `parse` tells it, with line and column
            broken = Text("it does not parse", "il n'est pas lisible")
            batch.unjudged.update({path: broken for path in batch.paths if path in done.stderr})
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
                    told=_UNFORMATTED,
                )
            )
    return found


def validate(batch: Batch) -> list[Problem]:
    """`terraform validate` of each module, offline. One whose providers are not installed is not judged."""
    found: list[Problem] = []
    folders = sorted({str(PurePosixPath(path).parent) for path in batch.paths})
    with batch.tree("**/*.tf", "**/*.tofu", "**/*.tfvars", "**/.terraform.lock.hcl") as root:
        for folder in folders:
            init = call(
                _program(), f"-chdir={folder}", "init", "-backend=false", "-input=false", "-no-color", cwd=root,
                ok=(0, 1), personal=True,
            )  # fmt: skip
            if init.returncode:
                its = [path for path in batch.paths if str(PurePosixPath(path).parent) == folder]
                batch.unjudged.update(dict.fromkeys(its, _NO_PROVIDERS))
                continue
            done = call(
                _program(), f"-chdir={folder}", "validate", "-json", "-no-color", cwd=root, ok=(0, 1), personal=True
            )
            for entry in json_of(_program(), done).get("diagnostics", []):
                place = entry.get("range") or {"filename": "main.tf", "start": {"line": 1, "column": 1}}
                file = str(PurePosixPath(folder) / place["filename"])
                level = Severity.ERROR if entry["severity"] == "error" else Severity.WARNING
                start = place["start"]
                found.append(
                    Problem(file, start["line"], entry["summary"], "validate", start["column"], severity=level)
                )
    return found


FMT = Validator(
    id="terraform-fmt", level="lint", kinds=("terraform", "terraform-vars"), run=format_check, program="terraform", others=("tofu",),
    version_arguments=("version",),
    adds=Text("the canonical format", "le format canonique"),
)  # fmt: skip
VALIDATE = Validator(
    id="terraform-validate", level="dry-run", kinds=("terraform",), run=validate, program="terraform", others=("tofu",),
    version_arguments=("version",),
    adds=Text("types and references, where the providers are installed", "les types et références, si les providers sont installés"),
)  # fmt: skip
