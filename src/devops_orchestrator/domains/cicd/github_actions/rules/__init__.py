"""The rules of GitHub Actions workflows and Dependabot files."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.cicd.github_actions.rules.actions import outdated_action, unpinned_action
from devops_orchestrator.domains.cicd.github_actions.rules.caching import missing_cache, static_cache_key, unused_cache
from devops_orchestrator.domains.cicd.github_actions.rules.contexts import (
    moving_branch,
    unknown_input,
    unknown_job,
    unknown_output,
)
from devops_orchestrator.domains.cicd.github_actions.rules.delivering import (
    delivered_untested,
    deploy_anywhere,
    deploy_without_concurrency,
    shared_concurrency_group,
)
from devops_orchestrator.domains.cicd.github_actions.rules.drift import untested_version, version_drift
from devops_orchestrator.domains.cicd.github_actions.rules.misplaced import (
    excluded_code,
    misplaced_environment,
    misplaced_key,
)
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
from devops_orchestrator.domains.cicd.github_actions.rules.service_containers import (
    moving_service,
    service_mismatch,
    unready_service,
)
from devops_orchestrator.domains.cicd.github_actions.rules.token import (
    inherited_secrets,
    missing_permissions,
    persisted_credentials,
    printed_secret,
    untrusted_checkout,
)
from devops_orchestrator.domains.cicd.github_actions.rules.tools import tool_mismatch, unpinned_tool
from devops_orchestrator.domains.cicd.github_actions.rules.updates import (
    dependabot_empty_directory,
    dependabot_missing_directory,
    dependabot_missing_ecosystem,
)
from devops_orchestrator.domains.cicd.github_actions.rules.versions import runtime_mismatch, tests_never_run
from devops_orchestrator.domains.cicd.github_actions.rules.wiring import (
    empty_hash,
    service_address,
    unknown_target,
    unknown_workflow,
    unused_cache_path,
)

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
    unused_cache,
    runtime_mismatch,
    tests_never_run,
    missing_path,
    missing_script,
    unknown_artifact,
    dependabot_empty_directory,
    dependabot_missing_ecosystem,
    dependabot_missing_directory,
    unknown_job,
    unknown_output,
    unknown_input,
    moving_branch,
    delivered_untested,
    deploy_without_concurrency,
    shared_concurrency_group,
    unready_service,
    moving_service,
    service_mismatch,
    unpinned_tool,
    tool_mismatch,
    version_drift,
    untested_version,
    misplaced_key,
    misplaced_environment,
    excluded_code,
    unknown_workflow,
    empty_hash,
    unused_cache_path,
    service_address,
    unknown_target,
    deploy_anywhere,
)
