"""Terraform and OpenTofu: root modules, state, providers, and what goes wrong with them."""

from __future__ import annotations

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.infrastructure.terraform.create import create
from devops_orchestrator.domains.infrastructure.terraform.evidence import suggest
from devops_orchestrator.domains.infrastructure.terraform.params import TerraformParams
from devops_orchestrator.domains.infrastructure.terraform.rules import RULES
from devops_orchestrator.text import Text, same

SPECIALIST = Specialist(
    id="infrastructure/terraform",
    title=same("Terraform"),
    summary=Text(
        "Terraform and OpenTofu: HCL, modules, state and backends, import, provider versions",
        "Terraform et OpenTofu : HCL, modules, états et backends, import, versions des providers",
    ),
    params=TerraformParams,
    kinds=("terraform", "terraform-vars"),
    files=("**/main.tf", "**/*.tf", "**/*.tfvars", "**/*.tfbackend"),
    suggest=suggest,
    create=create,
    rules=RULES,
    examples=(
        Text("Configure Terraform for AWS", "Configurer Terraform pour AWS"),
        Text(
            "Set up Terraform on Google Cloud in europe-west9 for staging and production",
            "Mettre en place Terraform sur Google Cloud en europe-west9 pour staging et production",
        ),
        Text("Error acquiring the state lock", "Error acquiring the state lock, que faire ?"),
    ),
)
