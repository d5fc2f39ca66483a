"""kubectl kustomize: each kustomization builds, with the files that it names."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator, call

REMOTE = re.compile(r"https?://|github\.com|\?ref=")


def run(batch: Batch) -> list[Problem]:
    """Kustomizations that do not build. One that fetches a remote base is not judged."""
    found = []
    remote = 0
    with batch.tree("**/*.yaml", "**/*.yml", "**/*.properties", "**/*.env", "**/*.json") as root:
        for path in batch.paths:
            if REMOTE.search(batch.files[path]):
                remote += 1
                continue
            folder = str(PurePosixPath(path).parent)
            done = call("kubectl", "kustomize", folder, cwd=root, ok=(0, 1))
            if done.returncode:
                message = (done.stderr.strip().splitlines() or ["does not build"])[-1].replace(str(root) + "/", "")
                found.append(Problem(path, 1, message[:300], "kustomize"))
    if remote == len(batch.paths):
        raise DidNotRun("remote bases are not fetched")
    return found


VALIDATOR = Validator(
    id="kustomize", level="dry-run", kinds=("kustomization",), run=run, program="kubectl",
    version_arguments=("version", "--client"),
    adds=Text("that each kustomization builds", "que chaque kustomization se construit"),
)  # fmt: skip
