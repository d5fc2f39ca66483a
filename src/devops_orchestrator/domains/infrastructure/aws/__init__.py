"""The room `infrastructure/aws`: resources of AWS."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.infrastructure.aws.params import AwsParams
from devops_orchestrator.domains.infrastructure.aws.rules import RULES
from devops_orchestrator.text import Text, same

SPECIALIST = Specialist(
    id="infrastructure/aws",
    title=same("AWS"),
    summary=Text(
        "EC2, RDS, S3, EKS, ECS, Lambda, IAM, CloudFront, Route 53",
        "EC2, RDS, S3, EKS, ECS, Lambda, IAM, CloudFront, Route 53",
    ),
    params=AwsParams,
    kinds=("terraform",),
    rules=RULES,
    examples=(
        Text("My Lambda gets AccessDenied on S3", "Ma Lambda reçoit AccessDenied sur S3"),
        Text("Review the AWS resources of my Terraform", "Relire les ressources AWS de mon Terraform"),
    ),
)
