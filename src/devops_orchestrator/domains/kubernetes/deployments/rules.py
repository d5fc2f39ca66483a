"""Rules over Kubernetes manifests."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule

RULES: tuple[Rule, ...] = ()
