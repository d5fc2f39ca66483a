"""The domain of deployment strategies."""

from __future__ import annotations

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.specialist import Choice, Domain
from devops_orchestrator.text import Text


def pick(project: Project, request: str) -> Choice:
    """How a version arrives comes before how it is taken back."""
    return Choice(
        "deployment/strategies",
        Text("how a version goes out comes first", "la façon de mettre une version en ligne vient en premier"),
    )


DOMAIN = Domain(
    id="deployment",
    title=Text("Deployment strategies", "Stratégies de déploiement"),
    summary=Text(
        "how a version reaches its users, and how it is taken back",
        "comment une version arrive aux utilisateurs, et comment on revient en arrière",
    ),
    specialists=("strategies", "rollback"),
    pick=pick,
)
