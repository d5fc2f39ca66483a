"""The room `kubernetes/helm`: charts, their values and templates."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.kubernetes.helm.params import HelmParams
from devops_orchestrator.domains.kubernetes.helm.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="kubernetes/helm",
    title=Text("Helm charts", "Charts Helm"),
    summary=Text(
        "charts, values, templates, dependencies, install and upgrade",
        "charts, values, templates, dépendances, install et upgrade",
    ),
    params=HelmParams,
    kinds=("helm-chart", "helm-template", "helm-values"),
    rules=RULES,
    examples=(
        Text(
            "helm upgrade says another operation is in progress", "helm upgrade dit qu'une autre opération est en cours"
        ),
        Text("Review my Helm chart", "Relire mon chart Helm"),
    ),
)
