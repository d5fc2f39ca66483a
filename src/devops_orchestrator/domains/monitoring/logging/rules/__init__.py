"""The rules of the room: how containers log, what the agents read and where they send it, how long it is kept."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.monitoring.logging.rules.agents import RULES as AGENTS
from devops_orchestrator.domains.monitoring.logging.rules.collector import RULES as COLLECTOR
from devops_orchestrator.domains.monitoring.logging.rules.containers import RULES as CONTAINERS
from devops_orchestrator.domains.monitoring.logging.rules.fluentbit import RULES as FLUENT_BIT
from devops_orchestrator.domains.monitoring.logging.rules.loki import RULES as LOKI

RULES: tuple[Rule, ...] = (*CONTAINERS, *AGENTS, *FLUENT_BIT, *COLLECTOR, *LOKI)
