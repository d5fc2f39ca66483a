"""Parameters of `cicd/quality-gates`."""

from __future__ import annotations

from typing import Annotated, Literal

from devops_orchestrator.core.params import Params, Percent, Slot

_PERCENT = r"(\d{1,3}(?:[.,]\d+)?)\s*(?:%|pour ?cent|percent)"
_COVERAGE = r"(?:couverture|coverage|cov|tests? couverts?)"


class QualityGatesParams(Params):
    """What may be said of a gate that is to be put in force."""

    coverage: Annotated[
        Percent | None,
        Slot(
            en="Least coverage", fr="Couverture minimale", unit="percent",
            cue=(
                rf"{_PERCENT}\s*(?:de |of |test |code |line |branch )*{_COVERAGE}",
                rf"{_COVERAGE}[^.;\n]{{0,60}}?{_PERCENT}",
                rf"{_PERCENT}[^.;,\n]{{0,25}}\b{_COVERAGE}",
                r"(?:--cov-fail-under|fail_under|fail under)[ =:]*(\d{1,3})\b",
            ),
            example="80",
        ),
    ] = None  # fmt: skip
    tool: Annotated[
        Literal["sonarqube", "codecov", "native"] | None,
        Slot(
            en="Tool that judges", fr="Outil qui juge",
            words={
                "sonarqube": (r"sonar(?:qube|cloud)?", r"sonar-project\.properties"),
                "codecov": (r"codecov(?:\.yml)?",),
                "native": (r"(?:sans|without) (?:outil|service|tool)s? (?:externes?|tiers|external)", r"native"),
            },
            example="sonarqube",
        ),
    ] = None  # fmt: skip
    checks: Annotated[
        tuple[Literal["lint", "format", "test", "typecheck", "build", "coverage", "security", "commits"], ...],
        Slot(
            en="Checks that must pass", fr="Contrôles qui doivent passer",
            words={
                "lint": (r"lint(?:er|ing|s)?", r"eslint", r"ruff", r"flake8", r"golangci-lint", r"phpcs"),
                "format": (r"format(?:tage|ting)?", r"prettier", r"black"),
                "test": (r"(?<!couverture de )(?<!taux de )(?:tests?(?: unitaires?)?|unit tests?)(?! (?:coverage|couverts?))",),
                "typecheck": (r"type-?checks?", r"type checking", r"typage", r"types", r"mypy", r"tsc", r"phpstan"),
                "build": (r"(?<=check )build", r"(?<=checks )build",),
                "security": (r"gitleaks", r"sast", r"codeql", r"semgrep"),
                "commits": (r"commitlint", r"conventional commits"),
            },
            example="lint,test,typecheck",
        ),
    ] = ()  # fmt: skip
