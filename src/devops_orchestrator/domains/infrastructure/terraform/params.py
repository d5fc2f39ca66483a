"""The parameters of the Terraform room."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from devops_orchestrator.core.params import Environments, Name, Params, Slot

_GCP = r"(?:europe|us|asia|northamerica|southamerica|australia|africa|me)-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)\d{1,2}"
_AWS = r"(?:eu|us|us-gov|ap|ca|sa|me|af|il|mx|cn)-(?:north|south|east|west|central|northeast|southeast|northwest|southwest)-\d"

# Between the state and the place that keeps it: "state is stored in an S3 bucket", "S3 bucket for the remote state".
_TO = (
    r"(?:[\s:=\"'`«(]|\b(?:terraform|tf|distant|remote|partage|shared|stored?|stocke|kept|keep|conserve|heberge|hosted|managed|gere|lives?|is|est|sera|should|be"
    r"|on|in|into|sur|dans|en|chez|cote|by|par|to|vers|with|avec|via|a|an|un|le|the|our|notre|type|de|aws|amazon|google|bucket"
    r"|(?:local|s3|gcs|gitlab|http|remote)\s+(?:to|vers|a))\b){1,60}"
)
_FROM = r"(?:[\s\"'`»-]|\b(?:backed|bucket|as|for|pour|comme|le|the|our|notre|l|d|de|du|remote|terraform|tf|stocker|garder|heberger|conserver|store|keep|hold|to)\b){1,60}"
_STATE = r"\b(?:tf)?(?:state|etat|backend)s?\b"
_LEAVES = r"(?!\s+(?:to|vers|into|a)\b)"
_BUCKET = r"(?:s3|gcs|cloud[ -]storage)\b"
_LOCKS = ("lock", "locks", "locking", "verrou", "verrouillage")
_NOT_LOCK = "".join(
    f"(?<!{lock}{link} )"
    for lock in _LOCKS
    for link in ("", " in", " on", " via", " with", " by", " dans", " sur", " avec", " par")
)


def _backend(name: str) -> tuple[str, ...]:
    """The ways to say that the state is kept there, and not moved away from there."""
    return rf"{_STATE}{_TO}(?:{name})\b{_LEAVES}", rf"(?:{name})\b{_LEAVES}{_FROM}{_STATE}{_LEAVES}"


def _resource(value: object) -> object:
    """Cloud Storage by one name."""
    return "cloud-storage" if value in ("gcs", "cloud storage") else value


Resource = Annotated[str, BeforeValidator(_resource), Field(pattern=r"^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$")]


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
                "gcs": _backend(r"gcs|(?:google )?cloud storage"),
                "azurerm": (r"azurerm", *_backend("azure")),
                "http": _backend("http|gitlab"),
                "remote": (r"hcp(?: terraform)?", r"terraform cloud(?! ?(?:sql|run|storage|function|armor|cdn|dns|build))", r"terraform enterprise", r"backend remote"),
                "local": _backend("local|localement|locally"),
            },
            example="s3",
        ),
    ] = None  # fmt: skip
    resources: Annotated[
        tuple[Resource, ...],
        Slot(
            en="Resources", fr="Ressources",
            # The bucket that keeps the state is none of the resources: it is passed over, and the group after it is empty.
            cue=rf"(?:{_STATE}{_TO}{_BUCKET}|(?=\b{_BUCKET}))((?:{_BUCKET}(?!{_FROM}{_STATE}))?)",
            words={
                "vpc": (r"vpcs?", r"reseau prive", r"private network"),
                "ecr": (r"ecr", r"elastic container registry"),
                "rds": (r"rds",),
                "aurora": (r"aurora",),
                "dynamodb": (_NOT_LOCK + r"dynamo[ -]?db(?!\s+(?:locks?|locking|(?:for|pour) (?:the |le |les )?(?:state )?(?:lock|verrou)))",),
                "sqs": (r"sqs",),
                "sns": (r"sns",),
                "eventbridge": (r"event[ -]?bridge",),
                "secrets-manager": (r"secrets manager",),
                "kms": (r"kms",),
                "iam": (r"iam",),
                "ecs": (r"ecs", r"fargate"),
                "eks": (r"eks",),
                "ec2": (r"ec2",),
                "lambda": (r"lambdas?",),
                "alb": (r"albs?", r"application load balancers?"),
                "nlb": (r"nlbs?", r"network load balancers?"),
                "api-gateway": (r"api[ -]gateway",),
                "route53": (r"route[ -]?53",),
                "acm": (r"acm",),
                "cloudfront": (r"cloud[ -]?front",),
                "cloudwatch": (r"cloud[ -]?watch",),
                "elasticache": (r"elasticache",),
                "opensearch": (r"opensearch",),
                "efs": (r"efs",),
                "cloud-sql": (r"cloud[ -]?sql",),
                "artifact-registry": (r"artifact[ -]registry",),
                "pubsub": (r"pub ?[/-]? ?sub",),
                "secret-manager": (r"secret[ -]manager",),
                "cloud-run": (r"cloud[ -]?run",),
                "cloud-functions": (r"cloud[ -]?functions?",),
                "memorystore": (r"memorystore",),
                "bigquery": (r"big[ -]?query",),
                "firestore": (r"firestore",),
                "cloud-dns": (r"cloud[ -]dns",),
                "gke": (r"gke",),
                "gce": (r"gce", r"compute engine"),
            },
            example="vpc,rds,ecr",
        ),
    ] = ()  # fmt: skip
