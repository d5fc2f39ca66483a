"""Rules over Kubernetes manifests and kustomizations."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.kubernetes.deployments.rules import probes

RULES: tuple[Rule, ...] = (*probes.RULES,)
