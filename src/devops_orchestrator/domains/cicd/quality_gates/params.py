"""Parameters of `cicd/quality-gates`."""

from __future__ import annotations

from typing import Annotated, Literal

from devops_orchestrator.core.params import Params, Percent, Slot

_COVERAGE = r"(?:couvert\w*|(?:code)?cov(?:erage)?)"
_SIGN = r"\s*(?:%|pct\b|pour ?(?:cent|100)\b|per ?cent\b|percents?\b)"  # the house reads "cent" as 100
_AMOUNT = r"(?<![\d.,])(\d{1,3}(?:[.,]\d+)?)"
# What a coverage is, or may lose, is not what it shall be.
_NOW = "".join(
    rf"(?<!\b{said} )"
    for said in (
        "est a", "est de", "is at", "is", "now at", "now", "dropped to", "fell to", "down to", "tombee a", "descendue a", "passee a", "actuellement a", "currently", "currently at",
        "plus de", "more than", "only", "seulement", "drops by", "baisse de",
    )
)  # fmt: skip
_LEAST = (
    r"(?:at least|no less than|a minimum of|minimum(?: of| de| a)?|minimale?(?: de| a)?|min\.?|au moins|au minimum|seuil(?: minim\w+)?(?: de couverture)?(?: a| de)?|"
    r"th?reshold(?: of| at| to)?|floor of|plancher (?:de|a)|under|below|less than|lower than|sous(?: les| la barre des?)?|en dessous d[eu']s?|en-dessous de|inferieure? a|moins de|"
    r"requires?|require|exige[rz]?|impose[rz]?|enforce|demande[rz]?|reach(?:es)?|atteigne|atteindre|>=?|≥|<)"
)
_SETS = r"(?:\s*(?:gate|th?reshold|minimum|min|level|target|seuil|minimale?|de code|de tests?|du code|des tests|of|at|a|de|to|is|est|[<>]=?|[≥≤:=]|under|below|sous|falls?|drops?|at least|d'au moins|au moins|par|set|fixee?|,))"

_LINT = r"(?:lint(?:er|ers|ing|s)?|eslint|ruff|flake8|pylint|golangci-lint|phpcs|rubocop|checkstyle|clippy|stylelint)"
_FORMAT = r"(?:(?<!au )(?<!message )(?<!messages )format(?:age|tage|ting)?(?! (?:json|xml|lcov|cobertura|sarif|html|de |du |des ))|prettier|black|gofmt|rustfmt)"
_TYPES = r"(?:type-?checks?|type[ -]checking|typage|typing|verification (?:de|des) types|controle (?:de|des) types|mypy|pyright|tsc|phpstan)"
_TEST = r"(?<!couverture de )(?<!couverture des )(?<!couverture par les )(?<!taux de )(?<!job de )(?<!red )(?<!flaky )(?<!of )(?:tests?(?: unitaires?| d'integration| e2e)?|unit tests?|pytest|jest|vitest|phpunit)(?! (?:coverage|cov|couverts?|jobs?|suites?|reports?|rouges?))"
_SECURITY = r"(?:(?<!equipe )securite|security(?! (?:team|officer))|vulnerabilit(?:es|y|ies) (?:scans?|checks?)|gitleaks|sast|codeql|semgrep|npm audit|pip-audit)"
_CHECK = rf"(?:{_LINT}|{_FORMAT}|{_TYPES}|tests?|{_SECURITY}|commitlint)"
_AND = r"\s*(?:,|/|\+|&|\bet\b|\band\b)\s*(?:le |la |les |the |de |du )?"
_AFTER = (
    "(?:"
    + "|".join(
        rf"(?<={said})"
        for said in (", ", "/", "and ", "and the ", "et ", "et le ", "et la ", ", le ", ", la ", ", the ")
    )
    + ")"
)
_OF_CHECK = (
    "(?:"
    + "|".join(
        rf"(?<={kind}{mark})"
        for kind in ("check ", "checks ", "check: ", "checks: ", "checks : ", "controle ", "controles ", "controles : ")
        for mark in ("", "'", '"', "`")
    )
    + ")"
)
_PASSES = r"(?=[\"'`»]?\s+(?:must|has to|have to|needs? to|should|doit|doivent)\s+(?:be (?:green|successful)|pass|succeed|passer|etre verte?|reussir))"
_NUMBER_FOLLOWS = r"(?![^.,;\n]{0,30}\d)(?! (?:gate|th?reshold|minim\w+|seuil|report|rapport))"


class QualityGatesParams(Params):
    """What may be said of a gate that is to be put in force."""

    coverage: Annotated[
        Percent | None,
        Slot(
            en="Least coverage", fr="Couverture minimale", unit="percent",
            cue=(
                rf"{_COVERAGE}\b(?:(?!duplic)[^.;\n]){{0,60}}?{_LEAST}\s*{_AMOUNT}{_SIGN}",
                rf"{_LEAST}\s*{_AMOUNT}{_SIGN}[^.;,\n]{{0,25}}\b{_COVERAGE}",
                r"(?:cov[-_]fail[-_]under|fail[-_ ]under)(?: to| a| at)?[ =:]*(\d{1,3})\b",
                rf"\b{_COVERAGE}[^.;\n]{{0,60}}?{_AMOUNT}{_SIGN}\s*(?:minimum|min|or more|au moins|ou plus|au minimum)\b",
                rf"{_NOW}{_AMOUNT}{_SIGN}\s*(?:minimum |min )?(?:(?:de|of|test|code|line|branch|la|in|en) )*{_COVERAGE}",
                rf"\b{_COVERAGE}{_SETS}{{1,5}}\s+{_NOW}{_AMOUNT}(?![\w.,]?\d)(?!\s*(?:points?|pts?|prs?|fois|times|minutes?|min|jours?|days?|files?|fichiers?)\b)",
                rf"\b{_COVERAGE}[^.;\n]{{0,60}}?{_NOW}{_AMOUNT}{_SIGN}",
                rf"{_NOW}{_AMOUNT}{_SIGN}[^.;,\n]{{0,25}}\b{_COVERAGE}",
            ),
            example="80",
        ),
    ] = None  # fmt: skip
    tool: Annotated[
        Literal["sonarqube", "codecov", "native"] | None,
        Slot(
            en="Tool that judges", fr="Outil qui juge",
            words={
                "sonarqube": (r"(?<!sans )(?<!without )(?<!no )sonar(?:[ -]?(?:qube|cloud|source))?", r"sonar-project\.properties"),
                "codecov": (r"(?<!sans )(?<!without )(?<!no )codecov(?:\.yml|\.io)?",),
                "native": (r"(?:sans|without) (?:aucun |any )?(?:outil|service|tool|external|third-party)s? (?:externes?|tiers|external|tools?|services?)", r"native(?:ment|ly)?", r"natifs?"),
            },
            example="sonarqube",
        ),
    ] = None  # fmt: skip
    checks: Annotated[
        tuple[Literal["lint", "format", "test", "typecheck", "build", "coverage", "security", "commits"], ...],
        Slot(
            en="Checks that must pass", fr="Contrôles qui doivent passer",
            words={
                "lint": (_LINT,),
                "format": (_FORMAT,),
                "test": (_TEST,),
                "typecheck": (_TYPES, rf"types(?={_AND}{_CHECK})", rf"(?:{_AFTER})types"),
                "build": (
                    rf"(?:{_OF_CHECK})(?:build|compilation)",
                    rf"(?:build|compilation)(?={_AND}{_CHECK})",
                    rf"(?:{_AFTER})(?:build|compilation)(?! (?:jobs?|pipelines?))",
                    rf"(?:build|compilation){_PASSES}",
                ),
                "coverage": (
                    rf"(?:{_OF_CHECK})(?:coverage|couverture){_NUMBER_FOLLOWS}",
                    rf"(?:coverage|couverture)(?={_AND}{_CHECK})",
                    rf"(?:{_AFTER})(?:coverage|couverture){_NUMBER_FOLLOWS}",
                ),
                "security": (_SECURITY,),
                "commits": (r"commitlint", r"conventional commits", r"commit messages?", r"messages? de commits?"),
            },
            example="lint,test,typecheck",
        ),
    ] = ()  # fmt: skip
