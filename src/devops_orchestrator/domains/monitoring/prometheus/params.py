"""Parameters of `monitoring/prometheus`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from devops_orchestrator.core.params import Duration, Name, Namespace, Params, Port, Slot

# What an exporter reads, as people say it → the exporter's official name.
_OFFICIAL = {
    r"node": "node_exporter",
    r"postgres(?:ql)?|pg": "postgres_exporter",
    r"redis|valkey": "redis_exporter",
    r"mysqld?|mariadb": "mysqld_exporter",
    r"nginx(?:[ _-]prometheus)?": "nginx-prometheus-exporter",
    r"mongo(?:db)?": "mongodb_exporter",
    r"kafka": "kafka_exporter",
    r"elastic ?(?:search)?": "elasticsearch_exporter",
    r"memcached?": "memcached_exporter",
    r"rabbit ?mq": "rabbitmq_exporter",
    r"(?:php[ _-]?)?fpm": "php-fpm_exporter",
    r"blackbox": "blackbox_exporter",
    r"jmx": "jmx_exporter",
    r"statsd": "statsd_exporter",
    r"snmp": "snmp_exporter",
    r"windows": "windows_exporter",
    r"haproxy": "haproxy_exporter",
    r"apache|httpd": "apache_exporter",
    r"process": "process-exporter",
    r"dcgm": "dcgm-exporter",
}
_THING = "(?:" + "|".join(_OFFICIAL) + ")"
_EXPORTER = r"exporte(?:u)?rs?"
_AND = r"\s*(?:,|/|\+|&|\bet\b|\band\b)\s*(?:(?:et|and|the|les?|la|de|d'|pour|for)\s+)?"
_ITEM = r"[a-z][\w-]*"

_EVERY = r"\b(?:every|each|chaque|tou(?:te)?s les)\s+"
_SPAN = r"(?<![\w.,])(?!\d+\s*(?:j|d|jours?|days?)\b){duration}"  # nobody scrapes by the day: that is a retention
_SCRAPE = (
    r"\b(?:scrap\w*|collect\w*|relev\w*|interro\w*|mesur\w*|poll\w*|prob(?:e|es|ing)\b|sond\w*|frequen\w*|cadence)"
)
_INTERVAL = r"(?<!evaluation )(?<!evaluation_)interval(?!\w* (?:d'|des? )(?:evaluation|regles))\w*"
_NO_SCRAPE = r"(?:evalu|time[- ]?out|retention|reload|recharg|restart|redemarr|crash|backup|sauvegard|depuis|since)"
_COUNTED = r"(?!\s*(?:%|series|metri|targets?|cibles?|pods|samples?|req|ms\b|s\b|sec|min|jours|days|h\b)|[.:]?\d)"


def _official(value: object) -> object:
    """`postgres_exporter` of "Postgres", "postgresql exporter", "pg-exporter"; a name that is not known as it is."""
    if not isinstance(value, str):
        return value
    said = re.sub(rf"[ _-]?{_EXPORTER}$", "", value.strip().lower())
    return next((name for thing, name in _OFFICIAL.items() if re.fullmatch(thing, said)), value)


ExporterName = Annotated[str, BeforeValidator(_official), Field(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$")]


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
                rf"\bports?\b[^.;,\d]{{0,25}}?(?<![\w.])(\d{{2,5}})\b{_COUNTED}",
                r"(?:^|[\s`'\"(])(?:localhost|127\.0\.0\.1|0\.0\.0\.0)?:(\d{2,5})(?:/|\b)",
                r"(?<![\w./-])(?![\w.-]*(?:exporter|prometheus|grafana|alertmanager|pushgateway)[\w.-]*:)[a-z0-9][\w.-]*:(\d{4,5})\b",
                rf"\b(?:metri\w*|listen\w*|ecoute\w*|expos\w*|serv\w*|sert|scrap\w*)\b[^.;\d]{{0,50}}?\b(?:on|at|sur|sur le)\s+:?(\d{{4,5}})\b{_COUNTED}",
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
                r"(?:\bpath|\bchemin|\bendpoint|\broute|metrics_path)\b\s*(?:(?:is|est|now|devient|to|a|of|de|:|=)\s*){0,2}[`'\"«]?\s*(/[\w./-]*\w)",
                r":\d{2,5}(/[\w./-]*\w)",
                r"[\s`'\"«(](/(?!(?:etc|var|opt|usr|home|data|srv|mnt|tmp|proc)/)(?:[\w-]+/)*(?:metrics|prometheus)(?:/[\w-]+)*)(?![\w./-]*\.\w)",
                r"\b(?:metri\w*|expos\w*|serv\w*|sert|scrap\w*)\b[^.;/]{0,50}?\b(?:on|at|under|from|via|sur|sous|dans|a|in)\s+[`'\"«]?(/(?!(?:etc|var|opt|usr|home|data|srv|mnt|tmp|proc)/)[\w/-]*\w)(?![\w.])",
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
                # The first alternative has no value: it passes over the rhythm of something else.
                rf"{_NO_SCRAPE}\w*[^.;,\d]{{0,30}}\d+\s*[a-z]+|{_SCRAPE}(?!\w*[_ ]time[- ]?out)[^.;]{{0,60}}?{_EVERY}{_SPAN}",
                rf"{_INTERVAL}[^.;,\d]{{0,30}}?{_SPAN}",
                rf"{_SPAN}\s+(?:of |de )?(?:scrap\w+\s+|collecte?\w*\s+|d')?interval",
                rf"{_NO_SCRAPE}\w*[^.;,\d]{{0,30}}\d+\s*[a-z]+|{_EVERY}{_SPAN}",
                rf"{_NO_SCRAPE}\w*[^.;,\d]{{0,30}}\d+\s*[a-z]+|{_SCRAPE}(?![^.;,\d]*(?:time[- ]?out|\bfor\b|pendant|durant))[^.;,\d]{{0,30}}?{_SPAN}",
            ),
            words={
                "30s": (r"2\s+(?:fois par|times (?:a|per)) minute", r"twice (?:a|per) minute", r"(?:toutes les|every) (?:half|demi)[ -](?:a )?minutes?"),
                "1m": (r"(?:every|each|chaque) minute", r"toutes les minutes", r"(?:une fois par|once (?:a|per)|(?:one|an?|une?) (?:scrape|probe|sample|sonde|collecte|mesure|releve) (?:a|per|par)) minute"),
            },
            unit="duration",
            example="15s",
        ),
    ] = None  # fmt: skip
    exporters: Annotated[
        tuple[ExporterName, ...],
        Slot(
            en="Exporters, by their official names",
            fr="Exporteurs, par leur nom officiel",
            cue=(
                rf"(?<![\w-])({_THING})(?=[ _-]?{_EXPORTER}\b)",
                rf"(?<![\w-])({_THING})(?=(?:{_AND}{_ITEM}){{1,5}}[ _-]{_EXPORTER}\b)",
                rf"(?<![\w-])({_THING})(?=(?:{_AND}{_ITEM}){{0,5}}\s+(?:with their|avec leurs?)\s+{_EXPORTER}\b)",
                # "exporters for X, Y and Z": one cue a place in the enumeration.
                *(
                    rf"\b{_EXPORTER}\s*:?\s+(?:(?:for|of|de|pour|du)\s+)?(?:(?:the|les?|la)\s+)?(?:{_ITEM}{_AND}){{{place}}}({_THING})(?![\w-])"
                    for place in range(6)
                ),
                r"(?<![\w-])([a-z][a-z0-9_]*_exporter)\b",
            ),
            words={
                "blackbox_exporter": (r"blackbox",),
                "rabbitmq_exporter": (r"rabbitmq[ _-]?plugin", r"rabbitmq_prometheus"),
                "cadvisor": (r"cadvisor",),
                "kube-state-metrics": (r"kube[ _-]state[ _-]metrics",),
                "pushgateway": (r"push[ _-]?gateway",),
            },
            example="node_exporter,postgres_exporter",
        ),
    ] = ()
