"""The rules of quality gates: failures that are swallowed, checks that judge nothing or are not run, reports of nothing."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.cicd.quality_gates.rules.lint import (
    blind_wait,
    fixing_check,
    optional_check,
    unfailing_curl,
)
from devops_orchestrator.domains.cicd.quality_gates.rules.reports import (
    stale_requirement,
    unknown_coverage_path,
    unknown_sources,
    unwritten_report,
)
from devops_orchestrator.domains.cicd.quality_gates.rules.running import no_pipeline, unrun_check
from devops_orchestrator.domains.cicd.quality_gates.rules.swallowed import allowed_failure, swallowed_failure

RULES: tuple[Rule, ...] = (
    swallowed_failure,
    allowed_failure,
    optional_check,
    fixing_check,
    unfailing_curl,
    blind_wait,
    no_pipeline,
    unrun_check,
    unknown_sources,
    unknown_coverage_path,
    unwritten_report,
    stale_requirement,
)
