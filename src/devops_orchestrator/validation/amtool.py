"""amtool: Alertmanager configurations."""

from __future__ import annotations

import re

from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator, call, crashed

_SAID = re.compile(r"^Checking '(.+?)'\s+(SUCCESS|FAILED: (.*(?:\n  .*)*))", re.M)
_LINE = re.compile(r"line (\d+): ")
_NAME = re.compile(r"\"([^\"]+)\"|field (\S+) not found")


def run(batch: Batch) -> list[Problem]:
    """`amtool check-config` of all files, beside the templates that they name."""
    with batch.tree("**/*.tmpl", "**/*.tpl") as root:
        done = call("amtool", "check-config", *batch.arguments, cwd=root, mixed=True)
    said = [(match[1].removeprefix("./"), match[3]) for match in _SAID.finditer(done.stdout)]
    if not said:
        raise DidNotRun(crashed("amtool", done))
    missing = set(batch.paths) - {path for path, _ in said}
    batch.unjudged.update({path: Text("amtool said nothing of it", "amtool n'en a rien dit") for path in missing})
    return [_problem(path, message, batch.files.get(path, "")) for path, message in said if message]


def _problem(path: str, message: str, text: str) -> Problem:
    """At the line that it names, else at the first place of the name that it quotes."""
    told = " ".join(message.split())[:300]
    if line := _LINE.search(told):
        return Problem(path, int(line[1]), told, "amtool")
    name = _NAME.search(told)
    at = re.search(rf"(?<![\w-]){re.escape(name[1] or name[2])}(?![\w-])", text) if name else None
    line_, column = Lines(text).place(at.start()) if at else (1, 1)
    return Problem(path, line_, told, "amtool", column)


VALIDATOR = Validator(
    id="amtool", level="lint", kinds=("alertmanager",), run=run, program="amtool",
    adds=Text("routes and receivers as Alertmanager reads them", "les routes et receveurs tels qu'Alertmanager les lit"),
)  # fmt: skip
