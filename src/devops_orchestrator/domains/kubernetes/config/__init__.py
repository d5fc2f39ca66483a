"""The room `kubernetes/config`: ConfigMaps, Secrets, RBAC."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.kubernetes.config.params import ConfigParams
from devops_orchestrator.domains.kubernetes.config.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="kubernetes/config",
    title=Text("Configuration and secrets", "Configuration et secrets"),
    summary=Text(
        "ConfigMap, Secret, external secrets, kustomize overlays, RBAC",
        "ConfigMap, Secret, secrets externes, overlays kustomize, RBAC",
    ),
    params=ConfigParams,
    kinds=("kubernetes",),
    rules=RULES,
    examples=(
        Text("The pod does not see my new ConfigMap value", "Le pod ne voit pas la nouvelle valeur de ma ConfigMap"),
        Text("Review the secrets and RBAC of my manifests", "Relire les secrets et le RBAC de mes manifestes"),
    ),
)
