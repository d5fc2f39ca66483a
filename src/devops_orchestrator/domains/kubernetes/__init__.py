"""The domain of Kubernetes."""

from __future__ import annotations

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.specialist import Choice, Domain
from devops_orchestrator.text import Text


def pick(project: Project, request: str) -> Choice:
    """A chart is helm's; everything else begins with the workload."""
    if charts := project.of_kind("helm-chart"):
        return Choice("kubernetes/helm", Text(f"{charts[0]} is there", f"{charts[0]} est présent"))
    if manifests := project.of_kind("kubernetes", "kustomization"):
        return Choice("kubernetes/deployments", Text(f"{manifests[0]} is there", f"{manifests[0]} est présent"))
    return Choice(
        "kubernetes/deployments",
        Text(
            "there is no manifest yet, and the workload comes first",
            "il n'y a pas encore de manifeste, et la charge de travail vient en premier",
        ),
    )


DOMAIN = Domain(
    id="kubernetes",
    title=Text("Kubernetes", "Kubernetes"),
    summary=Text("how the application runs in a cluster", "comment l'application tourne dans un cluster"),
    specialists=("deployments", "services", "helm", "scaling", "config"),
    pick=pick,
)
