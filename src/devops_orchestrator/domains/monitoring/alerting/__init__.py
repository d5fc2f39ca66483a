"""The room `monitoring/alerting`: alert rules, Alertmanager, SLO."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.monitoring.alerting.params import AlertingParams
from devops_orchestrator.domains.monitoring.alerting.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="monitoring/alerting",
    title=Text("Alerting", "Alertes"),
    summary=Text(
        "alert rules, Alertmanager, routes to Slack, PagerDuty and e-mail, silences, SLO burn rates",
        "règles d'alerte, Alertmanager, routes vers Slack, PagerDuty et e-mail, silences, burn rate de SLO",
    ),
    params=AlertingParams,
    kinds=("prometheus-rules", "prometheus", "kubernetes", "alertmanager"),
    rules=RULES,
    examples=(
        Text("We get the same alert forty times a night", "Nous recevons la même alerte quarante fois par nuit"),
        Text("Review our alert rules", "Relire nos règles d'alerte"),
    ),
)
