"""What the room says of its work, and what is left for the user to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from devops_orchestrator.text import Text, same

if TYPE_CHECKING:
    from devops_orchestrator.domains.infrastructure.terraform.create import Choices

_BACKENDS = {
    "s3": Text("in S3 with a lock file", "dans S3 avec fichier de verrou"),
    "gcs": Text("in Cloud Storage, which locks by itself", "dans Cloud Storage, qui verrouille de lui-même"),
    "azurerm": Text("in an Azure storage account", "dans un compte de stockage Azure"),
    "http": Text("in GitLab", "dans GitLab"),
    "remote": Text("in HCP Terraform", "dans HCP Terraform"),
    "local": Text("on the machine that applies, as asked", "sur la machine qui applique, comme demandé"),
}


def summary(chosen: Choices) -> Text:
    """One sentence: what, where, for which environments, and what a convention decided."""
    cloud = "AWS" if chosen.cloud == "aws" else "Google Cloud"
    place = "." if chosen.folder == "." else f"{chosen.folder}/"
    state = _BACKENDS[chosen.backend]
    list_ = ", ".join(chosen.environments)
    en = f"{chosen.engine.title} root module for {cloud} in {place}: state {state.en}; environments {list_}."
    fr = f"Module racine {chosen.engine.title} pour {cloud} dans {place} : état {state.fr} ; environnements {list_}."
    if not chosen.region_said:
        en += f" Nobody named a region: {chosen.region} (Paris) is a convention, to change in environments/*.tfvars."
        fr += f" Aucune région n'est indiquée : {chosen.region} (Paris) est une convention, à changer dans environments/*.tfvars."
    return Text(en, fr)


def next_steps(chosen: Choices, written: set[str]) -> tuple[Text, ...]:
    """Commands in order, from the state's bucket to the first plan."""
    command, folder = chosen.engine.command, chosen.folder
    at = "" if folder == "." else f" -chdir={folder}"
    steps: list[Text] = []
    if chosen.cloud == "gcp" and (chosen.module is None or "project_id" in chosen.module.variables):
        steps.append(
            Text(
                "Say which Google Cloud project: export TF_VAR_project_id=…, or a project_id line in each environments/*.tfvars.",
                "Indiquez le projet Google Cloud : export TF_VAR_project_id=…, ou une ligne project_id dans chaque environments/*.tfvars.",
            )
        )
    if chosen.path("bootstrap/main.tf") in written:
        boot = chosen.path("bootstrap")
        target = chosen.path(f"state.{chosen.backend}.tfbackend")
        commands = f"{command} -chdir={boot} init && {command} -chdir={boot} apply && {command} -chdir={boot} output -raw backend > {target}"
        steps.append(
            Text(
                f"Once, the state's bucket: {commands} (commit {target}).",
                f"Une seule fois, le bucket de l'état : {commands} (versionnez {target}).",
            )
        )
    if chosen.backend == "azurerm" and chosen.path("backend.tf") in written:
        steps.append(
            Text(
                f"Write {chosen.path('state.azurerm.tfbackend')} with resource_group_name, storage_account_name and container_name: only you know them.",
                f"Écrivez {chosen.path('state.azurerm.tfbackend')} avec resource_group_name, storage_account_name et container_name : vous seul les connaissez.",
            )
        )
    first = chosen.environments[0]
    if chosen.path("backend.tf") in written:
        steps.append(same(f"{command}{at} init{_init_arguments(chosen)}"))
    if chosen.backend == "remote":
        steps.append(same(f"{command}{at} workspace select -or-create {chosen.name}-{first}"))
    steps.append(same(f"{command}{at} plan -var-file=environments/{first}.tfvars"))
    steps.append(
        Text(
            f"Commit {chosen.path('.terraform.lock.hcl')}; for every platform in use: {command}{at} providers lock -platform=linux_amd64 -platform=darwin_arm64.",
            f"Versionnez {chosen.path('.terraform.lock.hcl')} ; pour chaque plateforme utilisée : {command}{at} providers lock -platform=linux_amd64 -platform=darwin_arm64.",
        )
    )
    steps += _elsewhere(chosen)
    return tuple(steps)


def _init_arguments(chosen: Choices) -> str:
    if chosen.backend not in ("s3", "gcs", "azurerm"):
        return ""
    first = chosen.environments[0]
    return (
        f" -reconfigure -backend-config=state.{chosen.backend}.tfbackend"
        f" -backend-config=environments/{first}.{chosen.backend}.tfbackend"
    )


def _elsewhere(chosen: Choices) -> list[Text]:
    agent = f"infrastructure/{chosen.cloud}"
    told = []
    if names := chosen.plan.elsewhere:
        list_ = ",".join(names)
        told.append(
            Text(
                f"{list_}: the work of {agent} (devops do {agent} create --set resources={list_}).",
                f"{list_} : c'est le travail de {agent} (devops do {agent} create --set resources={list_}).",
            )
        )
    return told
