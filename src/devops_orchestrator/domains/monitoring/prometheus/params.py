"""Parameters of `monitoring/prometheus`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from devops_orchestrator.core.params import Duration, Name, Namespace, Params, Port, Slot

ExporterName = Annotated[str, Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$")]


class PrometheusParams(Params):
    """What a scrape configuration needs to be told."""

    name: Name = None
    namespace: Namespace = None
    port: Annotated[
        Port | None,
        Slot(
            en="Port that serves the application's metrics",
            fr="Port qui sert les métriques de l'application",
            cue=(
                r"\bport\s+(?:is\s+|est\s+|:\s*|=\s*)?(\d{2,5})\b",
                r"(?:^|[\s`'\"(])(?:localhost|127\.0\.0\.1|0\.0\.0\.0)?:(\d{2,5})(?:/|\b)",
                r"\b[a-z][a-z0-9.-]*:(\d{4,5})/[a-z]",
            ),
            example="9464",
        ),
    ] = None
    metrics_path: Annotated[
        Annotated[str, Field(pattern=r"^/[^\s?#]*$", max_length=200)] | None,
        Slot(
            en="Path of the metrics",
            fr="Chemin des métriques",
            cue=(
                r"(?:\bpath|\bchemin|\bendpoint|\broute)\s+(?:is\s+|est\s+|:\s*)?[`'\"«]?\s*(/[\w./-]*\w)",
                r":\d{2,5}(/[\w./-]*\w)",
                r"[\s`'\"«(](/(?:[\w-]+/)*(?:metrics|prometheus))\b",
            ),
            example="/metrics",
        ),
    ] = None
    scrape_interval: Annotated[
        Duration | None,
        Slot(
            en="How often targets are scraped",
            fr="Intervalle de collecte",
            cue=(
                r"(?:scrap\w*|collect\w*|releve\w*|interro\w*|mesur\w*|interval\w*)\b[^.;]{0,40}?(?:every|each|toutes les|chaque|tous les|of|de|a|at|to|=|:)\s*{duration}",
                r"\b(?:every|toutes les)\s+{duration}",
                r"{duration}\s+(?:scrape\s+)?interval",
                r"\binterval\w*(?: de collecte| de scrape| de scraping)?\s+(?:of|de|a|=|:)?\s*{duration}",
            ),
            unit="duration",
            example="15s",
        ),
    ] = None
    exporters: Annotated[
        tuple[ExporterName, ...],
        Slot(
            en="Exporters, by their official names",
            fr="Exporteurs, par leur nom officiel",
            words={
                "node_exporter": (r"node[ _-]?exporters?",),
                "postgres_exporter": (
                    r"(?:postgres(?:ql)?|pg)[ _-]?exporters?",
                    r"exporte(?:u)?rs? (?:de |pour )?postgres(?:ql)?",
                ),
                "redis_exporter": (r"redis[ _-]?exporters?", r"exporte(?:u)?rs? (?:de |pour )?redis"),
                "mysqld_exporter": (
                    r"mysqld?[ _-]?exporters?",
                    r"mariadb[ _-]?exporters?",
                    r"exporte(?:u)?rs? (?:de |pour )?(?:mysql|mariadb)",
                ),
                "nginx-prometheus-exporter": (
                    r"nginx[ _-]?(?:prometheus[ _-]?)?exporters?",
                    r"exporte(?:u)?rs? (?:de |pour )?nginx",
                ),
                "mongodb_exporter": (r"mongo(?:db)?[ _-]?exporters?", r"exporte(?:u)?rs? (?:de |pour )?mongo(?:db)?"),
                "kafka_exporter": (r"kafka[ _-]?exporters?", r"exporte(?:u)?rs? (?:de |pour )?kafka"),
                "elasticsearch_exporter": (r"elastic(?:search)?[ _-]?exporters?",),
                "memcached_exporter": (r"memcached?[ _-]?exporters?",),
                "blackbox_exporter": (r"blackbox(?:[ _-]?exporters?)?",),
                "php-fpm_exporter": (r"(?:php[ _-]?)?fpm[ _-]?exporters?",),
                "rabbitmq": (r"rabbitmq[ _-]?(?:exporters?|plugin)", r"rabbitmq_prometheus"),
                "cadvisor": (r"cadvisor",),
                "kube-state-metrics": (r"kube[ _-]state[ _-]metrics",),
                "pushgateway": (r"push[ _-]?gateway",),
                "jmx_exporter": (r"jmx[ _-]?exporters?", r"exporte(?:u)?rs? jmx"),
                "statsd_exporter": (r"statsd[ _-]?exporters?",),
                "snmp_exporter": (r"snmp[ _-]?exporters?",),
                "windows_exporter": (r"windows[ _-]?exporters?",),
            },
            example="node_exporter,postgres_exporter",
        ),
    ] = ()
