"""Rules over Services, routes to them, the policies between them and the addresses under which they are called."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.kubernetes.services.rules import addresses, policies, ports, routes

RULES: tuple[Rule, ...] = (*routes.RULES, *ports.RULES, *policies.RULES, *addresses.RULES)
