"""The rules of CircleCI, Azure and Travis pipelines, and of the scripts that every pipeline runs."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.cicd.pipelines.rules.circleci import (
    legacy_image,
    moving_image,
    static_cache,
    unknown_job,
    unknown_orb,
    unknown_requirement,
    unmatched_cache,
)
from devops_orchestrator.domains.cicd.pipelines.rules.others import (
    forgotten_travis,
    missing_template,
    outgrown_runtime,
    retired_pool,
    unknown_dependency,
    unpinned_download,
)

RULES: tuple[Rule, ...] = (
    moving_image,
    legacy_image,
    unknown_job,
    unknown_orb,
    unknown_requirement,
    unmatched_cache,
    static_cache,
    forgotten_travis,
    outgrown_runtime,
    retired_pool,
    unknown_dependency,
    missing_template,
    unpinned_download,
)
