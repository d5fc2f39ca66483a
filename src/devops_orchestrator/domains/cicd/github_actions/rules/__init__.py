"""The rules of GitHub Actions workflows and Dependabot files."""

from __future__ import annotations

from devops_orchestrator.core.rule import Rule

RULES: tuple[Rule, ...] = ()
