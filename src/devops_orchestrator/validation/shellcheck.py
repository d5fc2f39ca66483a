"""shellcheck: the bash and sh scripts inside workflows, composite actions and GitLab jobs."""

from __future__ import annotations

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text
from devops_orchestrator.validation.scripts import ShellScript, scripts
from devops_orchestrator.validation.validator import Batch, Problem, Validator, call, json_of

LEVELS = {"error": Severity.ERROR, "warning": Severity.WARNING}
# Files of elsewhere; variables that the pipeline sets; a body that the caller ends.
_NEVER = "SC1091,SC2153,SC2154"
# A masked expression looks like a constant: no finding where one stands in the script.
_CONSTANT = frozenset({2043, 2050, 2078, 2157, 2158, 2159, 2160, 2161, 2170, 2193, 2194, 2242, 2252, 2309})


def run(batch: Batch) -> list[Problem]:
    """shellcheck's findings over all scripts of all files in one call, each at its place in the file."""
    found = [(path, script) for path in batch.paths for script in scripts(batch.kind(path), batch.files[path])]
    if not found:
        return []
    with batch.tree(".shellcheckrc", "shellcheckrc") as root:
        named: dict[str, tuple[str, ShellScript]] = {}
        for number, (path, script) in enumerate(found):
            name = f"{number:05}.{script.shell}"
            head = f"#!/bin/{script.shell}{' -e' if script.strict else ''}\n"
            (root / name).write_text(head + script.text, encoding="utf-8", newline="")
            named[name] = (path, script)
        done = call("shellcheck", "--format", "json1", "--exclude", _NEVER, *named, cwd=root, ok=(0, 1))
    lines = {path: Lines(text) for path, text in batch.files.items()}
    problems: dict[tuple[str, int, int, int], Problem] = {}
    for entry in json_of("shellcheck", done)["comments"]:
        path, script = named[entry["file"]]
        if entry["code"] in _CONSTANT and script.templated:
            continue
        line, column = lines[path].place(script.place(max(1, entry["line"] - 1), entry["column"]))
        end, _ = lines[path].place(script.place(max(1, entry["endLine"] - 1), entry["endColumn"]))
        problems.setdefault(
            (path, line, column, entry["code"]),
            Problem(
                path, line, entry["message"], f"SC{entry['code']}", column, end_line=max(line, end),
                severity=LEVELS.get(entry["level"], Severity.INFO),
                url=f"https://www.shellcheck.net/wiki/SC{entry['code']}",
            ),
        )  # fmt: skip
    return list(problems.values())


VALIDATOR = Validator(
    id="shellcheck", level="lint", kinds=("github-workflow", "github-action", "gitlab-ci"), run=run, program="shellcheck",
    adds=Text("the shell scripts of workflows, actions and GitLab jobs", "les scripts shell des workflows, des actions et des jobs GitLab"),
)  # fmt: skip
