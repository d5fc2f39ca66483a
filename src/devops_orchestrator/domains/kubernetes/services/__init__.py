"""The room `kubernetes/services`: Service, Ingress, Gateway API, NetworkPolicy."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.kubernetes.services.params import ServicesParams
from devops_orchestrator.domains.kubernetes.services.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="kubernetes/services",
    title=Text("Services and ingress", "Services et ingress"),
    summary=Text(
        "Service, Ingress, Gateway API, cluster DNS, TLS, NetworkPolicy",
        "Service, Ingress, Gateway API, DNS du cluster, TLS, NetworkPolicy",
    ),
    params=ServicesParams,
    kinds=("kubernetes",),
    rules=RULES,
    examples=(
        Text("My ingress answers 502 Bad Gateway", "Mon ingress répond 502 Bad Gateway"),
        Text("Review the ingress and services of my manifests", "Relire les ingress et services de mes manifestes"),
    ),
)
