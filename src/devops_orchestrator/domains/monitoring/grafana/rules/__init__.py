"""The rules of the room: dashboards by themselves, against what is provisioned, against what is scraped; the server."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.monitoring.grafana.rules.boards import RULES as BOARDS
from devops_orchestrator.domains.monitoring.grafana.rules.provisioning import RULES as PROVISIONING
from devops_orchestrator.domains.monitoring.grafana.rules.queries import RULES as QUERIES
from devops_orchestrator.domains.monitoring.grafana.rules.server import RULES as SERVER
from devops_orchestrator.domains.monitoring.grafana.rules.sources import RULES as SOURCES

RULES: tuple[Rule, ...] = (*BOARDS, *SOURCES, *QUERIES, *PROVISIONING, *SERVER)
