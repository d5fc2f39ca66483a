"""The rules of the room, by what they read."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.monitoring.prometheus.rules.expressions import RULES as EXPRESSIONS
from devops_orchestrator.domains.monitoring.prometheus.rules.loading import RULES as LOADING
from devops_orchestrator.domains.monitoring.prometheus.rules.metrics import RULES as METRICS
from devops_orchestrator.domains.monitoring.prometheus.rules.monitors import RULES as MONITORS
from devops_orchestrator.domains.monitoring.prometheus.rules.records import RULES as RECORDS
from devops_orchestrator.domains.monitoring.prometheus.rules.scraping import RULES as SCRAPING
from devops_orchestrator.domains.monitoring.prometheus.rules.series import RULES as SERIES
from devops_orchestrator.domains.monitoring.prometheus.rules.targets import RULES as TARGETS

RULES: tuple[Rule, ...] = (*SCRAPING, *TARGETS, *LOADING, *RECORDS, *EXPRESSIONS, *METRICS, *SERIES, *MONITORS)
