"""amtool: Alertmanager configurations."""

from __future__ import annotations

from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, Problem, Validator, call


def run(batch: Batch) -> list[Problem]:
    """`amtool check-config` of each file."""
    found = []
    with batch.tree() as root:
        for path in batch.paths:
            done = call("amtool", "check-config", path, cwd=root)
            if done.returncode:
                lines = (done.stdout + done.stderr).strip().splitlines()
                message = next((line for line in lines if "FAILED" in line or "error" in line), "refused by amtool")
                found.append(Problem(path, 1, message.strip()[:300], "amtool"))
    return found


VALIDATOR = Validator(
    id="amtool", level="lint", kinds=("alertmanager",), run=run, program="amtool",
    adds=Text("routes and receivers as Alertmanager reads them", "les routes et receveurs tels qu'Alertmanager les lit"),
)  # fmt: skip
