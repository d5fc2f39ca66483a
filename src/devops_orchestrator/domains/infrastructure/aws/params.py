"""Parameters of `infrastructure/aws`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from devops_orchestrator.core.fields import AwsRegion, Word
from devops_orchestrator.core.params import Environments, Name, Params, Slot


class AwsParams(Params):
    """What may be said of resources on AWS."""

    resources: Annotated[
        tuple[Word, ...],
        Slot(
            en="Resources", fr="Ressources",
            words={
                "ec2": (r"ec2",),
                "rds": (r"rds",),
                "aurora": (r"aurora",),
                "s3": (r"(?<!backend )s3(?! (?:backend|state))",),
                "eks": (r"eks",),
                "ecs": (r"ecs", r"fargate"),
                "lambda": (r"lambdas?",),
                "iam": (r"iam",),
                "cloudfront": (r"cloud ?front",),
                "route53": (r"route ?53",),
                "dynamodb": (r"dynamo ?db",),
                "sqs": (r"sqs",),
                "sns": (r"sns",),
                "elasticache": (r"elasticache",),
                "ecr": (r"ecr",),
                "alb": (r"alb", r"application load balancer"),
                "api-gateway": (r"api gateway",),
                "secrets-manager": (r"secrets manager",),
                "ebs": (r"ebs",),
                "efs": (r"efs",),
                "opensearch": (r"opensearch",),
                "acm": (r"acm",),
                "cloudwatch": (r"cloudwatch",),
            },
            example="rds,s3",
        ),
    ] = ()  # fmt: skip
    region: AwsRegion = None
    instance_type: Annotated[
        Annotated[str, Field(pattern=r"^(db\.|cache\.)?[a-z]{1,2}\d{1,2}[a-z]{0,4}\.(nano|micro|small|medium|large|metal|\d{0,2}xlarge)$")] | None,
        Slot(
            en="Instance type", fr="Type d'instance",
            cue=r"\b((?:db\.|cache\.)?[a-z]{1,2}\d{1,2}[a-z]{0,4}\.(?:nano|micro|small|medium|large|metal|\d{0,2}xlarge))\b",
            example="t3.large",
        ),
    ] = None  # fmt: skip
    engine: Annotated[
        Word | None,
        Slot(
            en="Database engine", fr="Moteur de base de données",
            words={
                "postgresql": (r"postgres(?:ql)?",),
                "mysql": (r"mysql",),
                "mariadb": (r"maria ?db",),
                "redis": (r"redis",),
                "valkey": (r"valkey",),
                "oracle": (r"oracle",),
                "sqlserver": (r"sql ?server",),
            },
            example="postgresql",
        ),
    ] = None  # fmt: skip
    storage_gb: Annotated[
        int | None,
        Field(ge=1, le=65_536),
        Slot(
            en="Storage in GB", fr="Stockage en Go", unit="GB",
            cue=r"\b(\d+)\s*(?:gi?b|go|gigas?|gigs?)\b(?!\s*(?:de |of )?(?:ram|memoire|memory))",
            example="50",
        ),
    ] = None  # fmt: skip
    name: Name = None
    environments: Environments = ()
