"""Parameters of `containers/docker-compose`."""

from __future__ import annotations

from typing import Annotated

from devops_orchestrator.core.fields import SERVICE_WORDS, Word
from devops_orchestrator.core.params import Name, Params, Port, Slot

# What runs beside an application on a developer's machine, and how people shorten it.
_MORE_SERVICES: dict[str, tuple[str, ...]] = {
    "postgresql": (*SERVICE_WORDS["postgresql"], r"pg", r"postgis"),
    "mongodb": (*SERVICE_WORDS["mongodb"], r"mongos"),
    "rabbitmq": (r"rabbit(?: ?mq)?",),
    "elasticsearch": (r"elastic(?: ?search)?",),
    "memcached": (r"mem ?cached?",),
    "nginx": (r"nginx",),
    "traefik": (r"traefik(?! labels?)",),
    "mailpit": (r"mailpit",),
    "mailhog": (r"mail ?hog",),
    "adminer": (r"adminer",),
    "pgadmin": (r"pg ?admin",),
    "keycloak": (r"keycloak",),
    "localstack": (r"local ?stack",),
    "opensearch": (r"open ?search",),
    "kibana": (r"kibana",),
    "clickhouse": (r"click ?house",),
    "cassandra": (r"cassandra",),
    "meilisearch": (r"meili ?search",),
    "zookeeper": (r"zoo ?keeper",),
    "mssql": (r"ms ?sql", r"sql server"),
    "influxdb": (r"influx(?: ?db)?",),
    "prometheus": (r"prometheus",),
    "grafana": (r"grafana",),
}
_ALL = SERVICE_WORDS | _MORE_SERVICES
_ANY = "|".join(said for words in _ALL.values() for said in words)
_KEPT = r"(?<!\bsans )(?<!\bwithout )(?<!\bno )(?<!pas de )(?<!\bni )(?<!\bdrop )"
_NO_LONGER = rf"(?!\s+(?:to|for|par|with|by|vers|pour|a)\s+(?:{_ANY})\b)"

_NET = r"(?<![\d.,:/])(?!(?:19|20)\d\d\b)(\d{4,5}|80|443)(?![\w%]|[.,-]\d|\s*(?:%|[kmg]i?[bo]\b|ms\b|images?|li(?:nes|gnes)|files?|fichiers?))"
_OPENS = r"\b(?:listen\w*|ecout\w*|expos\w*|publi\w*|reachable|available|accessible|dispo\w*|joignable|mapp\w*|repond\w*|serv(?:e[sd]?|ing|ie))"


class DockerComposeParams(Params):
    """What may be said of a compose file."""

    services: Annotated[
        tuple[Word, ...],
        Slot(
            en="Services that run beside the application", fr="Services à côté de l'application",
            words={name: tuple(f"{_KEPT}(?:{one}){_NO_LONGER}" for one in said) for name, said in _ALL.items()},
            example="postgresql,redis",
        ),
    ] = ()  # fmt: skip
    port: Annotated[
        Port | None,
        Slot(
            en="Port", fr="Port",
            cue=(
                r"\bports?\s*(?:n°|is|est|=|:|\()?\s*(?:to |a |en |le |on |sur )?(\d{2,5})(?![\w%]|\.\d)",
                rf"{_OPENS}\s+(?:on\s+|sur\s+|at\s+|en\s+)?(?:le\s+|the\s+)?(?:port\s+)?:?(\d{{2,5}})(?![\w%]|[.,]\d|\s*(?:services?|conteneurs?|containers?))",
                rf"\b(?:ports?|{_OPENS[2:]})\b[^.;\n]{{0,40}}?{_NET}",
                rf"(?:^|[\s(])(?:on|sur|at)\s+(?:le\s+|the\s+)?:?{_NET}",
                r"(?:^|[\s(]|localhost|0\.0\.0\.0|127\.0\.0\.1):(\d{2,5})\b(?!:)",
                r"(?<![\d:.])(\d{4,5}):\d{2,5}(?![\d:])",
            ),
            example="8080",
        ),
    ] = None  # fmt: skip
    name: Name = None
