"""The room `monitoring/logging`: collecting, keeping and reading logs."""

from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.domains.monitoring.logging.params import LoggingParams
from devops_orchestrator.domains.monitoring.logging.rules import RULES
from devops_orchestrator.text import Text

SPECIALIST = Specialist(
    id="monitoring/logging",
    title=Text("Logs", "Journaux"),
    summary=Text(
        "Loki, ELK, EFK, Alloy, Fluent Bit, Vector; structured logs, retention",
        "Loki, ELK, EFK, Alloy, Fluent Bit, Vector ; journaux structurés, rétention",
    ),
    params=LoggingParams,
    kinds=("compose", "dockerfile", "promtail", "filebeat", "fluent-bit", "otel-collector", "loki"),
    rules=RULES,
    examples=(
        Text("The disk is full of container logs", "Le disque est plein de journaux de conteneurs"),
        Text("Review how our containers log", "Relire la journalisation de nos conteneurs"),
    ),
)
