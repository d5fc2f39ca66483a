"""The rules of the room: access, containers on ECS, databases, regions."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.infrastructure.aws.rules.access import RULES as ACCESS
from devops_orchestrator.domains.infrastructure.aws.rules.containers import RULES as CONTAINERS
from devops_orchestrator.domains.infrastructure.aws.rules.places import RULES as PLACES

RULES: tuple[Rule, ...] = (*ACCESS, *CONTAINERS, *PLACES)
