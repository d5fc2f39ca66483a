"""The rules of the Terraform room."""

from __future__ import annotations

from devops_orchestrator.domains.infrastructure.terraform.rules import (
    calls,
    durability,
    exposure,
    ignored,
    layout,
    secrets,
    state,
    variables,
    versions,
)

# The format comes last: what it changes may be changed for a better reason by another rule.
RULES = (
    *versions.RULES,
    *state.RULES,
    *ignored.RULES,
    *secrets.RULES,
    *variables.RULES,
    *calls.RULES,
    *exposure.RULES,
    *durability.RULES,
    *layout.RULES,
)
