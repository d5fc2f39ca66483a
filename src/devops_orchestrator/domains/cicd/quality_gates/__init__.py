"""The room `cicd/quality-gates`: a chosen gate, in force."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.cicd.quality_gates.params import QualityGatesParams
from devops_orchestrator.domains.cicd.quality_gates.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="cicd/quality-gates",
    title=Text("Quality gates", "Contrôles qualité"),
    summary=Text(
        "coverage thresholds, SonarQube, lint, type and test gates, required checks",
        "seuils de couverture, SonarQube, lint, types et tests exigés, contrôles obligatoires",
    ),
    params=QualityGatesParams,
    kinds=("github-workflow", "gitlab-ci", "sonar", "codecov", "manifest"),
    rules=RULES,
    examples=(
        Text(
            "The SonarQube quality gate fails but the pipeline is green",
            "Le quality gate SonarQube échoue mais le pipeline est vert",
        ),
        Text("Review our quality gates", "Relire nos contrôles qualité"),
    ),
)
