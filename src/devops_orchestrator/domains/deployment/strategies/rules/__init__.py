"""The rules of the room, by what they read."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.deployment.strategies.rules import analysis, argocd, flux, rolling, rollout, steps

RULES: tuple[Rule, ...] = (
    *rollout.RULES,
    *steps.RULES,
    *analysis.RULES,
    *rolling.RULES,
    *argocd.RULES,
    *flux.RULES,
)
