"""Does the file parse at all? Embedded, always run."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable

from devops_orchestrator.core.rule import Severity
from devops_orchestrator.errors import ParseError
from devops_orchestrator.text import Text
from devops_orchestrator.validation.validator import Batch, Problem, Validator

YAML = (
    "compose", "github-workflow", "github-action", "dependabot", "gitlab-ci", "circleci", "azure-pipelines", "travis",
    "helm-chart", "helm-values", "kustomization", "kubernetes", "prometheus", "prometheus-rules", "prometheus-tests",
    "alertmanager",
)  # fmt: skip


def _parser(path: str, kind: str) -> Callable[[str], object] | None:
    if kind in YAML or (path.endswith((".yml", ".yaml")) and kind != "helm-template"):
        from devops_orchestrator.formats import yaml

        return yaml.parse
    if kind == "dockerfile":
        from devops_orchestrator.formats import dockerfile

        return dockerfile.parse
    if kind in ("terraform", "terraform-vars") or path.endswith((".tfbackend", ".hcl")):
        from devops_orchestrator.formats import hcl

        return hcl.parse
    if path.endswith(".json"):
        return json.loads
    if path.endswith(".toml"):
        return tomllib.loads
    return None


def run(batch: Batch) -> list[Problem]:
    """Syntax errors, one a file at most, with line and column."""
    problems: list[Problem] = []
    for path, text in batch.files.items():
        parse = _parser(path, batch.kind(path))
        if parse is None:
            continue
        try:
            parse(text)
        except ParseError as error:
            problems.append(Problem(path, error.line, error.text.en, "syntax", error.column, severity=Severity.ERROR))
        except json.JSONDecodeError as error:
            problems.append(Problem(path, error.lineno, f"Invalid JSON: {error.msg}.", "syntax", error.colno))
        except tomllib.TOMLDecodeError as error:
            problems.append(Problem(path, 1, f"Invalid TOML: {error}.", "syntax"))
    return problems


def takes(path: str, kind: str) -> bool:
    """Whether there is a parser for this file."""
    return _parser(path, kind) is not None


class _EveryKind(tuple[str, ...]):
    """All kinds, the unknown one too: `takes` decides by the path."""

    __slots__ = ()

    def __contains__(self, kind: object) -> bool:
        return True


VALIDATOR = Validator(
    id="parse", level="parse", kinds=_EveryKind(), run=run, takes=takes,
    adds=Text("syntax, with line and column", "la syntaxe, avec ligne et colonne"),
)  # fmt: skip
