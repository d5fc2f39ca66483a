"""The rules of artifacts and releases."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule
from devops_orchestrator.domains.cicd.artifacts.rules.publishing import (
    kept_by_default,
    long_lived_token,
    shallow_release,
)
from devops_orchestrator.domains.cicd.artifacts.rules.uploads import (
    colliding_name,
    hidden_files_left_out,
    unordered_download,
    unwritten_path,
)

RULES: tuple[Rule, ...] = (
    long_lived_token,
    kept_by_default,
    shallow_release,
    hidden_files_left_out,
    colliding_name,
    unordered_download,
    unwritten_path,
)
