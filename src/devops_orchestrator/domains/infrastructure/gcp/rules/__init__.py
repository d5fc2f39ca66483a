"""The rules of the room: access, places and releases."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.infrastructure.gcp.rules.access import RULES as ACCESS
from devops_orchestrator.domains.infrastructure.gcp.rules.places import RULES as PLACES

RULES: tuple[Rule, ...] = (*ACCESS, *PLACES)
