"""Rules over ConfigMaps, Secrets, claims and rights."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.kubernetes.config.rules import objects, rights, secrets

RULES: tuple[Rule, ...] = (*secrets.RULES, *rights.RULES, *objects.RULES)
