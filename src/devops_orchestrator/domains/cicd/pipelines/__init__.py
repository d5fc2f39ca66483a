"""The room `cicd/pipelines`: patterns of no one system, the other CI systems, and moves between them."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.cicd.pipelines.params import PipelinesParams
from devops_orchestrator.domains.cicd.pipelines.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="cicd/pipelines",
    title=Text("Pipelines of any system", "Pipelines, tous systèmes"),
    summary=Text(
        "stages, caching, monorepo pipelines; Jenkins, CircleCI, Azure Pipelines; moves between CI systems",
        "étapes, caches, pipelines de monorepo ; Jenkins, CircleCI, Azure Pipelines ; passage d'une CI à une autre",
    ),
    params=PipelinesParams,
    kinds=("circleci", "azure-pipelines", "travis", "manifest"),
    rules=RULES,
    examples=(
        Text("How do I move from Jenkins to GitHub Actions?", "Comment passer de Jenkins à GitHub Actions ?"),
        Text("Review our CircleCI configuration", "Relire notre configuration CircleCI"),
    ),
)
