"""Parameters of `infrastructure/aws`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from devops_orchestrator.core.fields import AwsRegion, StorageGb, Word
from devops_orchestrator.core.params import Environments, Name, Params, Slot

_INSTANCE = (
    r"(?:(?:db\.|cache\.)?[a-z]{1,4}\d{1,2}[a-z]{0,4}(?:-flex)?\.(?:nano|micro|small|medium|large|\d{0,3}xlarge|metal(?:-\d{1,3}xl)?)"
    r"|db\.serverless)"
)


class AwsParams(Params):
    """What may be said of resources on AWS."""

    resources: Annotated[
        tuple[Word, ...],
        Slot(
            en="Resources", fr="Ressources",
            words={
                "ec2": (r"ec2", r"vms?", r"machines? virtuelles?", r"virtual machines?"),
                "rds": (r"rds",),
                "aurora": (r"aurora(?:-(?:mysql|postgres(?:ql)?))?",),
                "s3": (r"(?<!backend )s3(?! (?:backend|state))", r"(?<!backend )buckets?"),
                "eks": (r"eks",),
                "ecs": (r"ecs", r"fargate"),
                "lambda": (r"(?<!utilisateur )(?<!utilisateurs )lambdas?",),
                "iam": (r"iam",),
                "cloudfront": (r"cloud[ -]?front",),
                "route53": (r"route[ -]?53",),
                "dynamodb": (r"dynamo(?:[ -]?db)?",),
                "sqs": (r"sqs",),
                "sns": (r"sns",),
                "eventbridge": (r"event[ -]?bridge",),
                "step-functions": (r"step[ -]?functions?",),
                "kinesis": (r"kinesis",),
                "msk": (r"msk",),
                "elasticache": (r"elasti[ -]?cache",),
                "documentdb": (r"document[ -]?db",),
                "redshift": (r"redshift",),
                "athena": (r"athena",),
                "opensearch": (r"open[ -]?search",),
                "ecr": (r"ecr", r"elastic container registry"),
                "alb": (r"albs?", r"application load balancers?"),
                "nlb": (r"nlbs?", r"network load balancers?"),
                "api-gateway": (r"api[ -]?gateway",),
                "app-runner": (r"app[ -]?runner",),
                "elastic-beanstalk": (r"(?:elastic[ -])?beanstalk",),
                "secrets-manager": (r"secrets?[ -]manager",),
                "parameter-store": (r"(?:ssm )?parameter[ -]store",),
                "kms": (r"kms",),
                "cognito": (r"cognito",),
                "waf": (r"waf",),
                "acm": (r"acm",),
                "ebs": (r"ebs",),
                "efs": (r"efs",),
                "cloudwatch": (r"cloud[ -]?watch",),
                "cloudtrail": (r"cloud[ -]?trail",),
            },
            example="rds,s3",
        ),
    ] = ()  # fmt: skip
    region: AwsRegion = None
    instance_type: Annotated[
        Annotated[str, Field(pattern=rf"^{_INSTANCE}$")] | None,
        Slot(
            en="Instance type", fr="Type d'instance",
            cue=rf"\b({_INSTANCE})(?![\w-])",
            example="t3.large",
        ),
    ] = None  # fmt: skip
    engine: Annotated[
        Word | None,
        Slot(
            en="Database engine", fr="Moteur de base de données",
            words={
                "postgresql": (r"(?:aurora-)?postgre(?:s|sql)?(?:[ :-]?\d+)?",),
                "mysql": (r"(?:aurora-)?mysql(?:[ :-]?\d+)?",),
                "mariadb": (r"maria[ -]?db(?:[ :-]?\d+)?",),
                "redis": (r"redis",),
                "valkey": (r"valkey",),
                "memcached": (r"memcached?",),
                "oracle": (r"oracle",),
                "sqlserver": (r"(?:ms ?|microsoft )?sql[ -]?server", r"mssql"),
                "db2": (r"db2",),
            },
            example="postgresql",
        ),
    ] = None  # fmt: skip
    storage_gb: StorageGb = None
    name: Name = None
    environments: Environments = ()
