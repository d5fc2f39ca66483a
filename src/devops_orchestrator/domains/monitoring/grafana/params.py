"""Parameters of `monitoring/grafana`."""

from __future__ import annotations

from typing import Annotated, Literal

from devops_orchestrator.core.fields import Word
from devops_orchestrator.core.params import Name, Namespace, Params, Slot


class GrafanaParams(Params):
    """What may be said of a dashboard."""

    panels: Annotated[
        tuple[Word, ...],
        Slot(
            en="What the panels show", fr="Ce que montrent les panneaux",
            words={
                "latency": (r"latenc(?:y|es?)", r"response times?", r"temps de reponse", r"p9[059]"),
                "errors": (r"errors?(?: rates?)?", r"(?:taux d')?erreurs?"),
                "traffic": (r"traffic", r"trafic", r"requests?(?: rates?| per second)?", r"requetes?(?: par seconde)?", r"debit", r"throughput"),
                "saturation": (r"saturation",),
                "cpu": (r"cpu", r"processeur"),
                "memory": (r"memory", r"memoire", r"ram"),
                "disk": (r"disks?", r"disques?"),
                "network": (r"network", r"reseau"),
                "restarts": (r"restarts?", r"redemarrages?"),
                "uptime": (r"uptime", r"availability", r"disponibilite"),
            },
            example="latency,errors,traffic",
        ),
    ] = ()  # fmt: skip
    datasource: Annotated[
        Literal["prometheus", "loki", "tempo", "elasticsearch", "influxdb", "cloudwatch", "postgresql", "mysql", "mimir"] | None,
        Slot(
            en="Data source", fr="Source de données",
            words={
                "prometheus": (r"prometheus",),
                "loki": (r"loki",),
                "tempo": (r"tempo",),
                "elasticsearch": (r"elastic ?search",),
                "influxdb": (r"influx ?db",),
                "cloudwatch": (r"cloudwatch",),
                "postgresql": (r"postgres(?:ql)?",),
                "mysql": (r"mysql",),
                "mimir": (r"mimir",),
            },
            example="prometheus",
        ),
    ] = None  # fmt: skip
    name: Name = None
    namespace: Namespace = None
