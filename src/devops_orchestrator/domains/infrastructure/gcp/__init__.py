"""The room `infrastructure/gcp`: resources of Google Cloud."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.infrastructure.gcp.params import GcpParams
from devops_orchestrator.domains.infrastructure.gcp.rules import RULES
from devops_orchestrator.text import Text, same

SPECIALIST = Specialist(
    id="infrastructure/gcp",
    title=same("Google Cloud"),
    summary=Text(
        "GCE, GKE, Cloud SQL, Cloud Run, Cloud Storage, Pub/Sub, IAM",
        "GCE, GKE, Cloud SQL, Cloud Run, Cloud Storage, Pub/Sub, IAM",
    ),
    params=GcpParams,
    kinds=("terraform",),
    rules=RULES,
    examples=(
        Text(
            "Cloud Run says the container failed to listen", "Cloud Run dit que le conteneur n'écoute pas sur le port"
        ),
        Text(
            "Review the Google Cloud resources of my Terraform", "Relire les ressources Google Cloud de mon Terraform"
        ),
    ),
)
