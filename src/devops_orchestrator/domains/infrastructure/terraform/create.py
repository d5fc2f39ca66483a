"""A root module: versions, remote state and its bootstrap, provider, variables, outputs, values for each environment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from devops_orchestrator.core.change import Creation, File
from devops_orchestrator.core.project import Project
from devops_orchestrator.domains.infrastructure.terraform import database, resources
from devops_orchestrator.domains.infrastructure.terraform.evidence import label, root_module
from devops_orchestrator.domains.infrastructure.terraform.gitignore import ignores
from devops_orchestrator.domains.infrastructure.terraform.merge import missing_parts
from devops_orchestrator.domains.infrastructure.terraform.params import TerraformParams
from devops_orchestrator.domains.infrastructure.terraform.providers import PROVIDERS, Engine, engine
from devops_orchestrator.domains.infrastructure.terraform.told import next_steps, summary
from devops_orchestrator.formats import hcl
from devops_orchestrator.formats.template import render
from devops_orchestrator.project.terraform_modules import Module, modules
from devops_orchestrator.text import Text

_REGION = {"aws": "eu-west-3", "gcp": "europe-west9"}  # Paris, on both clouds
_BACKEND = {"aws": "s3", "gcp": "gcs"}
_WHY = {
    "network.tf": Text("A private network", "Un réseau privé"),
    "storage.tf": Text("A bucket, closed to the public and versioned", "Un bucket, fermé au public et versionné"),
    "registry.tf": Text(
        "Where images are kept, and for how long", "Où sont conservées les images, et combien de temps"
    ),
    "database.tf": Text("An encrypted, backed-up, protected database", "Une base chiffrée, sauvegardée et protégée"),
    "table.tf": Text("A DynamoDB table", "Une table DynamoDB"),
    "queue.tf": Text("A queue and its dead letters", "Une file et ses messages en échec"),
    "secrets.tf": Text("A secret without its value", "Un secret, sans sa valeur"),
}
_STATE_KEY = {"s3": "key", "azurerm": "key", "gcs": "prefix"}


@dataclass(frozen=True)
class Choices:
    """Everything that the files are made from."""

    cloud: str
    region: str
    region_said: bool
    backend: str
    name: str
    environments: tuple[str, ...]
    plan: resources.Plan
    engine: Engine
    folder: str
    module: Module | None

    def path(self, name: str) -> str:
        """A file of the module."""
        return name if self.folder == "." else f"{self.folder}/{name}"


def create(params: TerraformParams, project: Project) -> Creation:
    """The root module, or what an existing one lacks of it. Asks for the cloud where nothing tells it."""
    if params.cloud is None:
        return _which_cloud()
    if params.region and (params.region[-2] == "-") != (params.cloud == "aws"):
        return _wrong_region(params.cloud, params.region)
    chosen = _choices(params, project)
    files = _files(chosen, project)
    written, edits = missing_parts(files, chosen.module, project.repository)
    written += [File(path, text, merge="improve") for path, text in _existing(chosen, project)]
    written.append(_gitignore(chosen, project))
    return Creation(
        summary=summary(chosen), files=tuple(written), edits=tuple(edits),
        next_steps=next_steps(chosen, {file.path for file in written}),
    )  # fmt: skip


def _which_cloud() -> Creation:
    return Creation(
        summary=Text("The cloud is not known.", "Le cloud n'est pas connu."),
        question=Text(
            "For which cloud? Nothing in the repository tells it, and choosing one is for direction-technique/infrastructure.",
            "Pour quel cloud ? Rien dans le dépôt ne l'indique, et ce choix appartient à direction-technique/infrastructure.",
        ),
        options=("aws", "gcp"),
    )


def _wrong_region(cloud: str, region: str) -> Creation:
    name, other = ("AWS", "Google Cloud") if cloud == "aws" else ("Google Cloud", "AWS")
    return Creation(
        summary=Text("The region and the cloud do not agree.", "La région et le cloud ne concordent pas."),
        question=Text(
            f"{region} is a region of {other}, and the module is for {name}. Which region of {name}?",
            f"{region} est une région {other}, or le module vise {name}. Quelle région {name} ?",
        ),
        options=(_REGION[cloud],),
    )


def _choices(params: TerraformParams, project: Project) -> Choices:
    assert params.cloud is not None
    module = root_module(project)
    return Choices(
        cloud=params.cloud,
        region=params.region or _REGION[params.cloud],
        region_said=params.region is not None,
        backend=params.backend or _BACKEND[params.cloud],
        name=label(params.name or project.name),
        environments=params.environments or ("staging", "production"),
        plan=resources.plan(params.cloud, params.resources),
        engine=engine(project.repository),
        folder=module.folder if module else "infra",
        module=module,
    )


def _existing(chosen: Choices, project: Project) -> list[tuple[str, str]]:
    if chosen.module is None:
        return []
    return [(path, project.repository.read(path) or "") for path in chosen.module.documents]


def _files(chosen: Choices, project: Project) -> list[File]:
    module = chosen.module
    names: list[tuple[str, str, Text]] = []
    if module is None or not _has_versions(module):
        names.append(
            (
                "versions.tf",
                "versions.tf",
                Text("Terraform and provider versions", "Versions de Terraform et du provider"),
            )
        )
    if module is None or module.backend is None:
        names.append(("backend.tf", "backend.tf", Text("Remote state with locking", "État distant verrouillé")))
    if module is None or _ours(module, chosen.cloud):
        names += _module_files(chosen)
    values = _values(chosen, project)
    files = [
        File(chosen.path(name), hcl.fmt(render(__package__, template, **values)), why) for name, template, why in names
    ]
    if module is None or module.backend is None:
        files += _state_files(chosen, project, values)
    if module is None or _ours(module, chosen.cloud):
        files += [_tfvars(chosen, values, environment) for environment in chosen.environments]
    return files


def _has_versions(module: Module) -> bool:
    return bool(module.required_providers) or any(
        "required_version" in place.block.body.attributes for place in module.blocks("terraform")
    )


def _ours(module: Module, cloud: str) -> bool:
    """Whether a module has the layout that this room writes, so that files for it fit in."""
    provider = PROVIDERS[cloud].name
    return {"name", "environment", "region"} <= set(module.variables) and provider in module.named("provider")


def _module_files(chosen: Choices) -> list[tuple[str, str, Text]]:
    cloud, plan = chosen.cloud, chosen.plan
    names = [
        ("providers.tf", f"{cloud}/providers.tf", Text("The provider and what every resource carries", "Le provider et ce que porte chaque ressource")),
        ("variables.tf", "variables.tf", Text("Typed, described, validated", "Typées, décrites, validées")),
        ("main.tf", f"{cloud}/main.tf", Text("Which account a plan is for", "Le compte que vise un plan")),
        ("outputs.tf", f"{cloud}/outputs.tf", Text("What other stacks and people read", "Ce que lisent les autres et les humains")),
    ]  # fmt: skip
    if plan.files:
        names.append(("locals.tf", "locals.tf", Text("The prefix of names", "Le préfixe des noms")))
        if cloud == "gcp":
            names.append(("apis.tf", "gcp/apis.tf", Text("The Google APIs in use", "Les API Google utilisées")))
    names += [(name, f"{cloud}/{name}", _WHY[name]) for name in plan.files]
    return names


def _values(chosen: Choices, project: Project) -> dict[str, Any]:
    apis = sorted({api for name in chosen.plan.files for api in resources.APIS[name]}) if chosen.cloud == "gcp" else []
    found = database.find(project, chosen.cloud) if "database.tf" in chosen.plan.files else None
    return {
        "cloud": chosen.cloud, "region": chosen.region, "backend": chosen.backend, "project": chosen.name,
        "environments": list(chosen.environments), "first": chosen.environments[0], "files": chosen.plan.files, "apis": apis,
        "command": chosen.engine.command, "provider": PROVIDERS[chosen.cloud],
        "engine": {"minor": chosen.engine.minor, "reason": _reason(chosen.engine)},
        "engine_name": found.engine if found else "", "engine_version": found.version if found else None,
        "engine_evidence": found.evidence if found else "", "mysql": bool(found and "mysql" in found.engine.lower()),
        "database": chosen.name.replace("-", "_"),
    }  # fmt: skip


def _reason(found: Engine) -> str:
    if found.evidence.startswith("convention"):
        return f"The oldest {found.title} release that still gets fixes"
    return f"As in {found.evidence}"


def _state_files(chosen: Choices, project: Project, values: dict[str, Any]) -> list[File]:
    files = []
    if key := _STATE_KEY.get(chosen.backend):
        for environment in chosen.environments:
            end = "" if key == "prefix" else "/terraform.tfstate"
            files.append(
                File(
                    chosen.path(f"environments/{environment}.{chosen.backend}.tfbackend"),
                    f'{key} = "{chosen.name}/{environment}{end}"\n',
                    Text(f"Where the state of {environment} is", f"Emplacement de l'état de {environment}"),
                )
            )
    bootstrap = chosen.path("bootstrap")
    if chosen.backend == _BACKEND[chosen.cloud] and bootstrap not in modules(project):
        text = hcl.fmt(render(__package__, f"{chosen.cloud}/bootstrap.tf", **values))
        files.append(
            File(
                f"{bootstrap}/main.tf",
                text,
                Text("Makes the state's bucket, once", "Crée une fois le bucket de l'état"),
            )
        )
    return files


def _tfvars(chosen: Choices, values: dict[str, Any], environment: str) -> File:
    production = environment.startswith("prod") or len(chosen.environments) == 1
    text = render(__package__, "environment.tfvars", **values, environment=environment, production=production)
    return File(
        chosen.path(f"environments/{environment}.tfvars"), hcl.fmt(text),
        Text(f"Values of {environment}", f"Valeurs de {environment}"),
    )  # fmt: skip


def _gitignore(chosen: Choices, project: Project) -> File:
    text = render(__package__, "gitignore")
    values = chosen.path(f"environments/{chosen.environments[0]}.tfvars")
    if ignores(project.repository, values):
        # A rule of the repository hides every tfvars: these hold no secret and belong to the code.
        text += f"!{chosen.path('environments/*.tfvars')}\n"
    return File(
        ".gitignore",
        text,
        Text("State, plans and caches stay out of git", "États, plans et caches restent hors de git"),
        merge="lines",
    )
