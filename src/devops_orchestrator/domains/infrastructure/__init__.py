"""The domain of infrastructure as code and clouds."""

from __future__ import annotations

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.specialist import Choice, Domain
from devops_orchestrator.text import Text


def pick(project: Project, request: str) -> Choice:
    """Terraform, whether it is there or not: a cloud's agent is for a resource that is named."""
    if modules := project.of_kind("terraform"):
        return Choice("infrastructure/terraform", Text(f"{modules[0]} is there", f"{modules[0]} est présent"))
    return Choice(
        "infrastructure/terraform",
        Text(
            "no resource is named: a Terraform module comes first",
            "aucune ressource n'est nommée : un module Terraform vient en premier",
        ),
    )


DOMAIN = Domain(
    id="infrastructure",
    title=Text("Infrastructure as code, clouds", "Infrastructure as code, clouds"),
    summary=Text(
        "networks, machines, managed services, as code", "réseaux, machines et services managés, sous forme de code"
    ),
    specialists=("terraform", "aws", "gcp", "networking"),
    pick=pick,
)
