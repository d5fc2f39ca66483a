"""Rules over autoscalers: what they scale, between which numbers, beside what."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.kubernetes.scaling.rules import horizontal, targets

RULES: tuple[Rule, ...] = (*horizontal.RULES, *targets.RULES)
