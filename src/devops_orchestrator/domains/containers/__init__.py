"""The domain of Docker and images."""

from __future__ import annotations

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.specialist import Choice, Domain
from devops_orchestrator.text import Text


def pick(project: Project, request: str) -> Choice:
    """An image comes first; once it is there, the compose file that runs it with its services."""
    dockerfiles, composes = project.of_kind("dockerfile"), project.of_kind("compose")
    if not dockerfiles:
        return Choice("containers/docker", Text("there is no Dockerfile yet", "il n'y a pas encore de Dockerfile"))
    services = [service for component in project.components for service in component.services]
    if composes or not services:
        path = (composes or dockerfiles)[0]
        agent = "containers/docker-compose" if composes else "containers/docker"
        return Choice(agent, Text(f"{path} is there", f"{path} est présent"))
    needed = ", ".join(sorted(set(services)))
    return Choice(
        "containers/docker-compose",
        Text(
            f"{dockerfiles[0]} is there, and the application needs {needed}",
            f"{dockerfiles[0]} est présent, et l'application a besoin de {needed}",
        ),
    )


DOMAIN = Domain(
    id="containers",
    title=Text("Docker and images", "Docker et images"),
    summary=Text(
        "how the application is packed, run locally and published",
        "comment l'application est empaquetée, lancée en local et publiée",
    ),
    specialists=("docker", "docker-compose", "registries", "security"),
    pick=pick,
)
