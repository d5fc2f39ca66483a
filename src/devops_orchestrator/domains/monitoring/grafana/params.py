"""Parameters of `monitoring/grafana`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from devops_orchestrator.core.fields import Word
from devops_orchestrator.core.params import Name, Namespace, Params, Slot

_SOURCE = r"(?:data ?-?sources?|sources? de donnees)"
_NAMED = (
    r"(prometheus|loki|tempo|mimir|elastic ?search|elastic|influx ?db|influx|cloud ?watch|postgres(?:ql)?|mysql|mssql|sql server|graphite|jaeger|zipkin|opensearch|clickhouse|pyroscope|"
    r"victoria ?metrics)\b"
)
_SPELT = {"postgres": "postgresql", "elastic": "elasticsearch", "influx": "influxdb", "sqlserver": "mssql"}
_QUERIES = r"(?:promql|sql|logql|traceql|prometheus|loki|grafana|lentes?|langua|duration|latenc|time|errors?|limits?)"


def _source(value: object) -> object:
    """`postgresql` of "Postgres", `elasticsearch` of "Elastic Search"; a source's own name as it is."""
    if not isinstance(value, str):
        return value
    said = value.lower().replace(" ", "")
    return _SPELT.get(said, said)


def _shown(words: str) -> str:
    """Words that are a panel unless a value stands beside them: "p99 at 12 seconds", "errors: 502", "40 % CPU" are measurements."""
    return rf"(?<!%)(?<!% )(?<!% of )(?<!% de )(?<!ms )(?<!ms of )(?<!ms de )(?:{words})(?!\s*(?:(?:at|is|was|of|a|est|de|=|>|:)\s*)?\d)"


class GrafanaParams(Params):
    """What may be said of a dashboard."""

    panels: Annotated[
        tuple[Word, ...],
        Slot(
            en="What the panels show", fr="Ce que montrent les panneaux",
            words={
                "latency": (_shown(r"latenc(?:y|es?|ies)|response times?|temps de reponse|p(?:50|75|90|95|99|999)"), r"requests? durations?", r"durees? des? (?:requetes|reponses?)", r"lenteurs?"),
                "errors": (_shown(r"errors|erreurs|5xx|4xx|http errors?"), r"error (?:rates?|ratios?|counts?|budgets?|percentage|panels?|graphs?)", r"(?:taux|budget|nombre|part|pourcentage|panneau|graphe|courbe) d'erreurs?", r"failure rates?", r"taux d'echecs?"),
                "traffic": (
                    _shown(r"(?<!network )traffic"), _shown(r"trafic(?! reseau)"), r"throughput", r"debits?(?! (?:reseau|disque))", r"req/s", r"[rq]ps",
                    r"requests?(?: rates?| per second|/s| counts?| volumes?)", _shown(rf"(?<!cpu )(?<!memory )(?<!resource )(?<!pull )(?<!merge )requests(?! {_QUERIES})"),
                    r"requetes? (?:par|a la) seconde", r"requetes?/s", _shown(rf"(?<!duree des )requetes(?! {_QUERIES})"),
                ),
                "saturation": (r"saturation",),
                "cpu": (_shown(r"cpus?"), r"processeurs?"),
                "memory": (_shown(r"memory|memoire|ram"),),
                "disk": (_shown(r"disks?|disques?"), r"iops", r"(?:disk )?i/o", r"stockage", r"storage", r"filesystems?"),
                "network": (r"network", r"reseaux?", r"bandwidth", r"bande passante"),
                "restarts": (_shown(r"restarts"), r"(?:pod|container) restarts?", r"restart (?:counts?|rates?)", _shown(r"redemarrages?")),
                "uptime": (r"uptime",),
                "availability": (r"availability", r"disponibilite"),
                "connections": (r"connections(?! (?:refused|reset))", r"connexions"),
                "queue": (r"queue (?:lengths?|depths?|sizes?)", r"queues?", r"files? d'attente"),
            },
            example="latency,errors,traffic",
        ),
    ] = ()  # fmt: skip
    datasource: Annotated[
        Annotated[
            Literal[
                "prometheus", "loki", "tempo", "elasticsearch", "influxdb", "cloudwatch", "postgresql", "mysql", "mimir",
                "mssql", "graphite", "jaeger", "zipkin", "opensearch", "clickhouse", "pyroscope", "victoriametrics",
            ],
            BeforeValidator(_source),
        ]
        | None,
        Slot(
            en="Data source", fr="Source de données",
            # What is called the source goes before what is merely named.
            cue=(
                rf"\b{_SOURCE}\s*(?:(?:is|est|sera|to|a|of|de|type|:|=|=>)\s*){{0,2}}[\"'`«]?{_NAMED}",
                rf"\b{_NAMED}\s+{_SOURCE}",
                rf"\b{_NAMED}\s+(?:database\s+|server\s+)?(?:as|comme|en|for|pour|is|est|sera|a)\s+(?:(?:a|an|the|our|new|main|default|une?|la|notre|nouvelle|unique)\s+){{0,2}}{_SOURCE}",
                rf"\b(?:branch\w*|connect\w*|plugg?\w*|adoss\w*|aliment\w*|fed|powered|based|basee?s?|back(?:ed|s))\s+(?:grafana\s+)?(?:on|to|by|sur|a|par|with|from|avec)?\s*(?:our |the |notre |la |le )?{_NAMED}",
                rf"\b(?:from|depuis|a partir de|off|out of)\s+(?:our |the |notre |la |le )?{_NAMED}",
            ),
            # A database alone may be what the dashboard is about.
            words={
                "prometheus": (r"prometheus", r"promql"),
                "loki": (r"loki", r"logql"),
                "tempo": (r"tempo", r"traceql"),
                "influxdb": (r"influx ?(?:db)?", r"influxql"),
                "cloudwatch": (r"cloud ?watch",),
                "mimir": (r"mimir",),
                "graphite": (r"graphite",),
                "jaeger": (r"jaeger",),
                "zipkin": (r"zipkin",),
                "pyroscope": (r"pyroscope",),
                "victoriametrics": (r"victoria ?metrics",),
            },
            example="prometheus",
        ),
    ] = None  # fmt: skip
    name: Name = None
    namespace: Namespace = None
