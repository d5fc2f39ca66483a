"""`monitoring/prometheus`: what is scraped, what is recorded of it, and the exporters beside it."""

from __future__ import annotations

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.monitoring.prometheus.create import create, suggest
from devops_orchestrator.domains.monitoring.prometheus.params import PrometheusParams
from devops_orchestrator.domains.monitoring.prometheus.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="monitoring/prometheus",
    title=Text("Prometheus", "Prometheus"),
    summary=Text(
        "metrics: scrape configuration, exporters, ServiceMonitor, tested recording rules, instrumentation",
        "métriques : configuration de collecte, exporteurs, ServiceMonitor, règles d'enregistrement testées, instrumentation",
    ),
    params=PrometheusParams,
    kinds=("prometheus", "prometheus-rules", "kubernetes"),
    files=(
        "monitoring/prometheus.yml",
        "monitoring/rules/*.rules.yml",
        "monitoring/rules/*.test.yml",
        "monitoring/compose.yaml",
        "**/*servicemonitor.yaml",
        "**/*prometheusrule.yaml",
    ),
    suggest=suggest,
    create=create,
    rules=RULES,
    examples=(
        Text(
            "Set up Prometheus, scrape every 30 seconds, with node_exporter",
            "Mettre en place Prometheus, collecte toutes les 30 secondes, avec node_exporter",
        ),
        Text(
            "Add recording rules for the request rate of my API", "Ajouter des recording rules pour le débit de mon API"
        ),
        Text("Why is my target down in Prometheus?", "Pourquoi ma cible est-elle DOWN dans Prometheus ?"),
    ),
    after=("containers/docker", "containers/docker-compose", "kubernetes/deployments", "kubernetes/services"),
)
