"""Rules on the stacks of a Swarm."""

from __future__ import annotations

from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Severity, Source, rule
from devops_orchestrator.domains.containers.docker_compose.rules.reading import once, services
from devops_orchestrator.text import Text


@rule(
    "docker-compose/unlimited-service", Severity.INFO, on="compose", url="https://docs.docker.com/reference/compose-file/deploy/#resources",
    title=Text("A service of a Swarm without a memory limit", "Un service Swarm sans limite de mémoire"),
    advice=Text(
        "The scheduler fills a node without knowing what a task needs; one that leaks takes the memory of all others there.",
        "L'ordonnanceur remplit un nœud sans savoir ce qu'il faut à une tâche ; celle qui fuit prend la mémoire de toutes les autres.",
    ),
)  # fmt: skip
@once
def unlimited_service(source: Source, project: Project) -> Iterator[Hit]:
    """`deploy` without `resources.limits.memory`, in a file that only a Swarm reads: rolling updates or placement."""
    found = list(services(source))
    if not any(
        s.get("deploy", key) is not None for s in found for key in ("update_config", "rollback_config", "placement")
    ):
        return
    for service in found:
        deploy = service.node.pair("deploy")
        if (
            deploy is None
            or service.get("deploy", "resources", "limits", "memory") is not None
            or service.get("mem_limit") is not None
        ):
            continue
        yield Hit(
            deploy[0].start, deploy[0].end,
            Text(f"{service.name} has no memory limit.", f"{service.name} n'a pas de limite de mémoire."),
        )  # fmt: skip


RULES = (unlimited_service,)
