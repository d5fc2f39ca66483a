"""promtool: rule files, their unit tests, and the configuration with the rule files that it names."""

from __future__ import annotations

import re

from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator, call

AROUND = ("**/*.yml", "**/*.yaml", "**/*.json")


def _run(batch: Batch, *command: str) -> list[Problem]:
    """Run promtool on each file (a message names no file when several are given) beside the files it refers to."""
    found = []
    with batch.tree(*AROUND) as root:
        for path in batch.paths:
            done = call("promtool", *command, path, cwd=root, ok=(0, 1, 3))
            if done.returncode:
                text = (done.stderr + done.stdout).replace(str(root) + "/", "")
                # Distributions build Prometheus without some kinds of service discovery: that is no fault of the file.
                absent = re.search(r"field (\w+_sd_configs) not found", text)
                if absent:
                    raise DidNotRun(f"this promtool was built without {absent[1]}")
                lines = [
                    line.strip() for line in text.splitlines() if re.search(r"FAILED|error|exp:|got:|not|invalid", line)
                ]
                message = (
                    "; ".join(line for line in lines if line not in ("FAILED:", "FAILED"))[:400]
                    or "refused by promtool"
                )
                place = re.search(r"(?:line|:)\s?(\d+)(?::(\d+))?", message)
                found.append(Problem(path, int(place[1]) if place else 1, message, "promtool"))
    return found


def rules(batch: Batch) -> list[Problem]:
    """`promtool check rules`."""
    return _run(batch, "check", "rules", "--lint=none")


def tests(batch: Batch) -> list[Problem]:
    """`promtool test rules`."""
    return _run(batch, "test", "rules")


def config(batch: Batch) -> list[Problem]:
    """`promtool check config`, without reading credentials that are only on the server."""
    return _run(batch, "check", "config", "--lint=none", "--syntax-only")


RULES = Validator(
    id="promtool-rules", level="lint", kinds=("prometheus-rules",), run=rules, program="promtool",
    adds=Text("rule files as Prometheus reads them", "les règles telles que Prometheus les lit"),
)  # fmt: skip
TESTS = Validator(
    id="promtool-tests", level="execute", kinds=("prometheus-tests",), run=tests, program="promtool",
    adds=Text("the unit tests of rules, run", "les tests unitaires des règles, exécutés"),
)  # fmt: skip
CONFIG = Validator(
    id="promtool-config", level="lint", kinds=("prometheus",), run=config, program="promtool",
    adds=Text("the configuration as Prometheus reads it", "la configuration telle que Prometheus la lit"),
)  # fmt: skip
