"""The parameters of the Terraform room."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from devops_orchestrator.core.params import Environments, Name, Params, Slot

_GCP = r"(?:europe|us|asia|northamerica|southamerica|australia|africa|me)-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)\d{1,2}"
_AWS = r"(?:eu|us|us-gov|ap|ca|sa|me|af|il|mx|cn)-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-\d"

# "state in a GCS bucket" names the backend, "a GCS bucket" a resource. Lookbehinds have one width each, so all are spelled out.
_LINKS = (
    "",
    " in",
    " on",
    " sur",
    " dans",
    " en",
    " in a",
    " in an",
    " on a",
    " on an",
    " sur un",
    " dans un",
    " in a bucket",
    " sur un bucket",
    " dans un bucket",
)
_NOT_STATE = "".join(f"(?<!{noun}{link} )" for noun in ("state", "etat", "backend") for link in _LINKS)


def _backend(name: str) -> tuple[str, ...]:
    """The ways to say that the state is kept in a bucket of that kind."""
    return (
        rf"(?:backend|state|etat)s?(?: distant| remote| partage)?(?: terraform)?(?: (?:est|is|sur|on|dans|in|en|:))?(?: (?:un|an?))?(?: bucket)? {name}",
        rf"{name} (?:backend|remote state|bucket for (?:the )?state|state)",
        rf"bucket {name} pour (?:le |l')?(?:state|etat|tfstate)",
    )


Resource = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]


class TerraformParams(Params):
    """What may be said of a root module; all of it is optional."""

    name: Name = None
    environments: Environments = ()
    cloud: Annotated[
        Literal["aws", "gcp"] | None,
        Slot(
            en="Cloud provider", fr="Fournisseur cloud",
            words={
                "aws": (r"aws", r"amazon(?: web services)?"),
                "gcp": (r"gcp", r"google cloud(?: platform)?", r"google"),
            },
            example="aws",
        ),
    ] = None  # fmt: skip
    region: Annotated[
        Annotated[str, Field(pattern=rf"^({_AWS}|{_GCP})$")] | None,
        Slot(en="Region", fr="Région", cue=(rf"\b({_AWS})\b", rf"\b({_GCP})\b"), example="eu-west-3"),
    ] = None
    backend: Annotated[
        Literal["s3", "gcs", "azurerm", "http", "remote", "local"] | None,
        Slot(
            en="Where the state is kept (`http`: GitLab, `remote`: HCP Terraform)",
            fr="Où l'état est conservé (`http` : GitLab, `remote` : HCP Terraform)",
            words={
                "s3": _backend("s3"),
                "gcs": _backend("gcs"),
                "azurerm": (r"azurerm", r"(?:backend|state|etat) (?:sur |on |in |dans )?azure"),
                "http": (
                    r"(?:backend|state|etat) http", r"http backend", r"gitlab[- ]managed (?:terraform )?state",
                    r"(?:state|etat|backend) (?:gere par |dans |sur |in |on |de )?gitlab", r"gitlab (?:backend|state)",
                ),
                "remote": (r"hcp terraform", r"terraform cloud", r"terraform enterprise", r"(?:backend|cloud) remote"),
                "local": (r"(?:backend|state|etat) local", r"local (?:backend|state)"),
            },
            example="s3",
        ),
    ] = None  # fmt: skip
    resources: Annotated[
        tuple[Resource, ...],
        Slot(
            en="Resources", fr="Ressources",
            words={
                "vpc": (r"vpc", r"reseau prive", r"private network"),
                "s3": (_NOT_STATE + r"s3(?! (?:backend|remote state|state|bucket for (?:the )?state|pour (?:le |l')?(?:state|etat|tfstate)))",),
                "ecr": (r"ecr", r"elastic container registry"),
                "rds": (r"rds",),
                "dynamodb": (r"dynamodb", r"dynamo db"),
                "sqs": (r"sqs",),
                "secrets-manager": (r"secrets manager",),
                "ecs": (r"ecs", r"fargate"),
                "eks": (r"eks",),
                "ec2": (r"ec2",),
                "lambda": (r"lambdas?",),
                "cloudfront": (r"cloudfront",),
                "elasticache": (r"elasticache",),
                "cloud-storage": (r"cloud storage", _NOT_STATE + r"gcs(?! (?:backend|remote state|state|pour (?:le |l')?(?:state|etat|tfstate)))"),
                "cloud-sql": (r"cloud sql", r"cloudsql", r"cloud-sql"),
                "artifact-registry": (r"artifact registry", r"artifact-registry"),
                "pubsub": (r"pub/?sub",),
                "secret-manager": (r"secret manager",),
                "cloud-run": (r"cloud run", r"cloud-run"),
                "gke": (r"gke",),
                "gce": (r"gce", r"compute engine"),
            },
            example="vpc,rds,ecr",
        ),
    ] = ()  # fmt: skip
