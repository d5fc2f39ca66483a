"""The domain of observability."""

from __future__ import annotations

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.specialist import Choice, Domain
from devops_orchestrator.text import Text


def pick(project: Project, request: str) -> Choice:
    """Metrics first, then alerts on them, then dashboards."""
    scraped = project.of_kind("prometheus", "prometheus-rules")
    if not scraped:
        return Choice(
            "monitoring/prometheus", Text("nothing collects metrics yet", "rien ne collecte encore de métriques")
        )
    if not project.of_kind("alertmanager"):
        return Choice(
            "monitoring/alerting",
            Text(
                f"{scraped[0]} collects metrics, nobody is alerted",
                f"{scraped[0]} collecte des métriques, mais personne n'est alerté",
            ),
        )
    return Choice(
        "monitoring/grafana",
        Text(
            "metrics and alerts are there, dashboards come next",
            "métriques et alertes sont là, les tableaux de bord viennent ensuite",
        ),
    )


DOMAIN = Domain(
    id="monitoring",
    title=Text("Observability", "Observabilité"),
    summary=Text("metrics, dashboards, logs, alerts", "métriques, tableaux de bord, logs, alertes"),
    specialists=("prometheus", "grafana", "logging", "alerting"),
    pick=pick,
)
