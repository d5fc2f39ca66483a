"""Parameters of `monitoring/logging`."""

from __future__ import annotations

from typing import Annotated, Literal

from devops_orchestrator.core.fields import RetentionDays
from devops_orchestrator.core.params import Name, Namespace, Params, Slot


class LoggingParams(Params):
    """What may be said of the way that logs take."""

    stack: Annotated[
        Literal["loki", "elk", "efk"] | None,
        Slot(
            en="Log stack", fr="Pile de logs",
            words={
                "loki": (r"loki", r"promtail", r"(?:grafana )?alloy", r"logql"),
                "efk": (r"efk", r"fluent-?d", r"fluent[ -]?bit(?= .{0,30}elastic)"),
                "elk": (r"elk", r"elastic stack", r"logstash", r"kibana"),
            },
            example="loki",
        ),
    ] = None  # fmt: skip
    retention_days: RetentionDays = None
    name: Name = None
    namespace: Namespace = None
