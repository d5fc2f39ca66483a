"""The rules of the room: ranges and doors, load balancers."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.infrastructure.networking.rules.balancers import RULES as BALANCERS
from devops_orchestrator.domains.infrastructure.networking.rules.ranges import RULES as RANGES

RULES: tuple[Rule, ...] = (*RANGES, *BALANCERS)
