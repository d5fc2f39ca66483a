"""Rules over charts: values, templates, dependencies, and what the chart renders to."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.kubernetes.helm.rules import (
    chart,
    defaults,
    overrides,
    pods,
    rendered,
    templates,
    values,
)

RULES: tuple[Rule, ...] = (
    *values.RULES,
    *overrides.RULES,
    *templates.RULES,
    *chart.RULES,
    *defaults.RULES,
    *rendered.RULES,
    *pods.RULES,
)
