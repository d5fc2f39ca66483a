"""The rules of the Docker room."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.containers.docker.rules import (
    bases,
    cache,
    context,
    health,
    installs,
    packages,
    running,
    secrets,
    stages,
    starting,
    toolchain,
)

RULES: tuple[Rule, ...] = (
    *bases.RULES,
    *cache.RULES,
    *installs.RULES,
    *packages.RULES,
    *secrets.RULES,
    *context.RULES,
    *running.RULES,
    *health.RULES,
    *starting.RULES,
    *stages.RULES,
    *toolchain.RULES,
)
