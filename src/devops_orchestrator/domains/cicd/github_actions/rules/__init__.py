"""The rules of GitHub Actions workflows and Dependabot files."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.cicd.github_actions.rules.actions import outdated_action, unpinned_action
from devops_orchestrator.domains.cicd.github_actions.rules.caching import missing_cache, static_cache_key
from devops_orchestrator.domains.cicd.github_actions.rules.references import (
    missing_path,
    missing_script,
    unknown_artifact,
)
from devops_orchestrator.domains.cicd.github_actions.rules.running import (
    branch_without_default,
    duplicate_runs,
    missing_concurrency,
    missing_timeout,
    retired_runner,
)
from devops_orchestrator.domains.cicd.github_actions.rules.scripts import (
    hidden_test_failure,
    removed_command,
    script_injection,
)
from devops_orchestrator.domains.cicd.github_actions.rules.token import (
    inherited_secrets,
    missing_permissions,
    persisted_credentials,
    printed_secret,
    untrusted_checkout,
)
from devops_orchestrator.domains.cicd.github_actions.rules.updates import (
    dependabot_empty_directory,
    dependabot_missing_ecosystem,
)
from devops_orchestrator.domains.cicd.github_actions.rules.versions import runtime_mismatch, tests_never_run

RULES: tuple[Rule, ...] = (
    unpinned_action,
    outdated_action,
    missing_permissions,
    persisted_credentials,
    script_injection,
    untrusted_checkout,
    inherited_secrets,
    printed_secret,
    removed_command,
    hidden_test_failure,
    retired_runner,
    missing_timeout,
    missing_concurrency,
    duplicate_runs,
    branch_without_default,
    missing_cache,
    static_cache_key,
    runtime_mismatch,
    tests_never_run,
    missing_path,
    missing_script,
    unknown_artifact,
    dependabot_empty_directory,
    dependabot_missing_ecosystem,
)
