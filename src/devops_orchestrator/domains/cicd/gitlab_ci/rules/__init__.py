"""The rules of GitLab pipelines."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.cicd.gitlab_ci.rules.naming import (
    deploy_anywhere,
    missing_script,
    runtime_mismatch,
    unknown_host,
)
from devops_orchestrator.domains.cicd.gitlab_ci.rules.references import (
    later_need,
    missing_include,
    unknown_need,
    unknown_stage,
    unknown_template,
)
from devops_orchestrator.domains.cicd.gitlab_ci.rules.running import (
    archived_kaniko,
    delivered_untested,
    deploy_without_resource_group,
    duplicate_pipelines,
    mixed_rules,
    moving_image,
    moving_service,
    static_cache_key,
)

RULES: tuple[Rule, ...] = (
    unknown_stage,
    unknown_need,
    unknown_template,
    missing_include,
    later_need,
    mixed_rules,
    duplicate_pipelines,
    moving_image,
    moving_service,
    archived_kaniko,
    static_cache_key,
    deploy_without_resource_group,
    delivered_untested,
    missing_script,
    runtime_mismatch,
    unknown_host,
    deploy_anywhere,
)
