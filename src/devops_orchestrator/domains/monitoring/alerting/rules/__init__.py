"""The rules of the room: what alerts ask and say, whom they reach, and whether they get there."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.monitoring.alerting.rules.alerts import RULES as ALERTS
from devops_orchestrator.domains.monitoring.alerting.rules.annotations import RULES as ANNOTATIONS
from devops_orchestrator.domains.monitoring.alerting.rules.delivery import RULES as DELIVERY
from devops_orchestrator.domains.monitoring.alerting.rules.inhibitions import RULES as INHIBITIONS
from devops_orchestrator.domains.monitoring.alerting.rules.receivers import RULES as RECEIVERS
from devops_orchestrator.domains.monitoring.alerting.rules.routes import RULES as ROUTES

RULES: tuple[Rule, ...] = (*ALERTS, *ANNOTATIONS, *ROUTES, *RECEIVERS, *INHIBITIONS, *DELIVERY)
