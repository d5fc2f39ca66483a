"""Rules over Kubernetes manifests and kustomizations."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.kubernetes.deployments.rules import (
    batch,
    disruption,
    environment,
    filesystem,
    hardening,
    image_names,
    kustomize,
    kustomize_targets,
    ports,
    probes,
    resources,
    schedule,
    selectors,
    spelling,
    storage,
    versions,
)

RULES: tuple[Rule, ...] = (
    *versions.RULES,
    *selectors.RULES,
    *ports.RULES,
    *probes.RULES,
    *resources.RULES,
    *hardening.RULES,
    *filesystem.RULES,
    *environment.RULES,
    *image_names.RULES,
    *disruption.RULES,
    *batch.RULES,
    *kustomize.RULES,
    *kustomize_targets.RULES,
    *storage.RULES,
    *schedule.RULES,
    *spelling.RULES,
)
