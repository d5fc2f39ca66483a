"""The rules of the Docker Compose room."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.containers.docker_compose.rules import (
    data,
    environment,
    health,
    hosts,
    images,
    ports,
    references,
    startup,
    swarm,
)

RULES: tuple[Rule, ...] = (
    *images.RULES,
    *startup.RULES,
    *health.RULES,
    *references.RULES,
    *hosts.RULES,
    *ports.RULES,
    *data.RULES,
    *environment.RULES,
    *swarm.RULES,
)
