"""promtool: rule files, their unit tests, and the configuration with the rule files that it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator, call, crashed

AROUND = ("**/*.yml", "**/*.yaml", "**/*.json")
_FILE = re.compile(r"^(?:Checking|Unit Testing:) +(\S.*?)$", re.M)
_TELLING = re.compile(r"FAILED|error|exp:|got:|not|invalid|duplicate|line \d+")
_IN_GROUP = re.compile(r'group "([^"]*)", rule (\d+)')
_IN_EXPRESSION = re.compile(r"could not parse expression: (\d+):(\d+)")
_PLACE = re.compile(r"(?:\bline |: ?)(\d+)(?::(\d+))?")
Locate = Callable[[str, str], tuple[int, int]]


def _run(batch: Batch, locate: Locate, *command: str) -> list[Problem]:
    """Run promtool on all files at once, beside the files they refer to; what it says is split at its headings."""
    found = []
    with batch.tree(*AROUND) as root:
        done = call("promtool", *command, *batch.arguments, cwd=root, ok=(0, 1, 3), mixed=True)
    text = done.stdout.replace(str(root) + "/", "")
    # Distributions build Prometheus without some kinds of service discovery: that is no fault of the file.
    if absent := re.search(r"field (\w+_sd_configs) not found", text):
        raise DidNotRun(
            Text(f"this promtool was built without {absent[1]}", f"ce promtool a été compilé sans {absent[1]}")
        )
    parts = _FILE.split(text)
    if done.returncode and len(parts) < 3:
        raise DidNotRun(crashed("promtool", done))
    for path, said in zip(parts[1::2], parts[2::2], strict=False):
        file = path.removeprefix("./")
        if "FAILED" in said and file in batch.files:
            for message in _messages(said, file):
                line, column = locate(batch.files[file], message)
                found.append(Problem(file, line, message, "promtool", column))
    if done.returncode and "FAILED" not in text:
        raise DidNotRun(crashed("promtool", done))
    return found


def _messages(said: str, file: str) -> Iterator[str]:
    """What it objects to in one file: one message for each rule of it that does not parse, else one in all."""
    lines = [line.strip().removeprefix(f"{file}: ") for line in said.splitlines()]
    rules = [line for line in lines if _IN_GROUP.search(line)]
    if rules:
        yield from (line[:400] for line in rules)
        return
    told = [line.removeprefix("FAILED:").strip() for line in lines if _TELLING.search(line)]
    yield "; ".join(line for line in told if line)[:400] or "refused by promtool"


def _in_rules(text: str, message: str) -> tuple[int, int]:
    """The place of an objection to a rule file: the expression that is named, with the column inside it."""
    named = _IN_GROUP.search(message)
    rule = _rule(text, named[1], int(named[2])) if named else None
    if rule is None:
        return _stated(text, message)
    lines = Lines(text)
    inside = _IN_EXPRESSION.search(message)
    expression = rule.get("expr")
    if inside is None or expression is None:
        return lines.place(rule.start)
    line, column = lines.place(expression.start)
    plain = "\n" not in text[expression.start : expression.end] and text[expression.start] not in "'\"|>"
    return (line, column + int(inside[2]) - 1) if plain else (line, column)


def _rule(text: str, group: str, number: int) -> Node | None:
    from devops_orchestrator.formats import yaml

    try:
        documents = yaml.parse(text)
    except ParseError:
        return None
    groups = documents[0].get("groups") if documents else None
    found = [entry for entry in groups.children() if entry.at("name") == group] if groups is not None else []
    return found[0].get("rules", number - 1) if found else None


def _stated(text: str, message: str) -> tuple[int, int]:
    """The line (and column) in a message."""
    place = _PLACE.search(message)
    return (int(place[1]), int(place[2] or 1)) if place else (1, 1)


def _in_tests(text: str, message: str) -> tuple[int, int]:
    """The place of a failed unit test: the alert or expression that it names."""
    named = re.search(r"(?:alertname|expr): ?\"?(.+?)\"?(?:, ?time|;|$)", message)
    at = text.find(named[1].strip()) if named else -1
    return Lines(text).place(at) if at >= 0 else _stated(text, message)


def rules(batch: Batch) -> list[Problem]:
    """`promtool check rules`."""
    return _run(batch, _in_rules, "check", "rules", "--lint=none")


def tests(batch: Batch) -> list[Problem]:
    """`promtool test rules`."""
    return _run(batch, _in_tests, "test", "rules")


def config(batch: Batch) -> list[Problem]:
    """`promtool check config`, without reading credentials that are only on the server."""
    return _run(batch, _stated, "check", "config", "--lint=none", "--syntax-only")


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
