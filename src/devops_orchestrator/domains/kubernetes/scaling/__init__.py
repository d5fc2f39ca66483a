"""The room `kubernetes/scaling`: HPA, VPA, KEDA, disruption budgets."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.kubernetes.scaling.params import ScalingParams
from devops_orchestrator.domains.kubernetes.scaling.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="kubernetes/scaling",
    title=Text("Autoscaling", "Mise à l'échelle automatique"),
    summary=Text(
        "HPA, VPA, KEDA, cluster autoscaler, disruption budgets",
        "HPA, VPA, KEDA, autoscaler de cluster, budgets d'interruption",
    ),
    params=ScalingParams,
    kinds=("kubernetes",),
    rules=RULES,
    examples=(
        Text("My HPA shows <unknown>/80 %", "Mon HPA affiche <unknown>/80 %"),
        Text("Review the autoscaling of my application", "Relire l'autoscaling de mon application"),
    ),
)
