"""The order of work: whose files are read by whose. A plan's steps are sorted by it."""

from __future__ import annotations

from collections.abc import Iterable

WORK: tuple[str, ...] = (
    "infrastructure/orchestrator", "infrastructure/terraform", "infrastructure/networking", "infrastructure/aws", "infrastructure/gcp",
    "containers/orchestrator", "containers/docker", "containers/docker-compose", "containers/security", "containers/registries",
    "cicd/orchestrator", "cicd/pipelines", "cicd/github-actions", "cicd/gitlab-ci", "cicd/quality-gates", "cicd/artifacts",
    "kubernetes/orchestrator", "kubernetes/config", "kubernetes/deployments", "kubernetes/services", "kubernetes/scaling", "kubernetes/helm",
    "deployment/orchestrator", "deployment/strategies", "deployment/rollback",
    "monitoring/orchestrator", "monitoring/prometheus", "monitoring/alerting", "monitoring/grafana", "monitoring/logging",
)  # fmt: skip
_RANK = {agent: rank for rank, agent in enumerate(WORK)}


def by_work(agents: Iterable[str]) -> list[str]:
    """The agents, each once, in the order in which their work is done."""
    return sorted(dict.fromkeys(agents), key=lambda agent: _RANK.get(agent, len(WORK)))
