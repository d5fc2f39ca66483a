"""Every PromQL expression of rule files parses. Embedded (promql-parser)."""

from __future__ import annotations

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, Problem, Validator


def run(batch: Batch) -> list[Problem]:
    """Expressions that PromQL refuses, at their node."""
    import promql_parser

    from devops_orchestrator.formats import yaml

    found: list[Problem] = []
    for path, text in batch.files.items():
        try:
            documents = yaml.parse(text)
        except ParseError:
            continue
        for document in documents:
            for group in (document.get("groups") or document.get("spec", "groups") or document).children():
                for entry in getattr(group.get("rules"), "children", list)():
                    expression = entry.get("expr")
                    if expression is None:
                        continue
                    try:
                        promql_parser.parse(str(expression.value))
                    except ValueError as error:
                        line, column = Lines(text).place(expression.start)
                        found.append(Problem(path, line, f"PromQL: {error}", "promql", column))
    return found


VALIDATOR = Validator(
    id="promql", level="schema", kinds=("prometheus-rules",), run=run,
    adds=Text("the syntax of every PromQL expression", "la syntaxe de chaque expression PromQL"),
)  # fmt: skip
