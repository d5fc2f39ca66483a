"""The room `monitoring/grafana`: dashboards, data sources, provisioning."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.monitoring.grafana.params import GrafanaParams
from devops_orchestrator.domains.monitoring.grafana.rules import RULES
from devops_orchestrator.text import Text, same

SPECIALIST = Specialist(
    id="monitoring/grafana",
    title=same("Grafana"),
    summary=Text(
        "dashboards, panels, data sources, provisioning", "tableaux de bord, panneaux, sources de données, provisioning"
    ),
    params=GrafanaParams,
    kinds=("grafana-dashboard", "grafana-provisioning", "compose"),
    rules=RULES,
    examples=(
        Text("My Grafana panel shows No data", "Mon panneau Grafana affiche No data"),
        Text("Review our Grafana dashboards", "Relire nos tableaux de bord Grafana"),
    ),
)
