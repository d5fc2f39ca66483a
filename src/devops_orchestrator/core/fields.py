"""Parameters that several rooms take in the same sense: regions, services, schedules, ports, images, retention."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from devops_orchestrator.core.params import Cron, Port, Slot
from devops_orchestrator.core.units import days

_SIDES = r"(?:north|south|east|west|central|northeast|southeast|northwest|southwest)"
GCP_REGION = rf"(?:europe|us|asia|northamerica|southamerica|australia|africa|me)-{_SIDES}\d{{1,2}}"
AWS_REGION = rf"(?:us-gov|us|eu|ap|ca|sa|me|af|il|mx|cn)-{_SIDES}-\d"

Word = Annotated[str, Field(pattern=r"^\w[\w./*+-]{0,99}$")]
Version = Annotated[str, Field(pattern=r"^\d+(\.(\d+|x)){0,3}$")]
Days = Annotated[int, BeforeValidator(days), Field(ge=1, le=3650)]

SERVICE_WORDS: dict[str, tuple[str, ...]] = {
    "postgresql": (r"postgres(?:ql)?", r"pgsql"),
    "mysql": (r"mysql",),
    "mariadb": (r"maria ?db",),
    "mongodb": (r"mongo(?: ?db)?",),
    "redis": (r"redis", r"valkey"),
    "rabbitmq": (r"rabbit ?mq",),
    "kafka": (r"kafka",),
    "elasticsearch": (r"elastic ?search",),
    "memcached": (r"memcached?",),
    "nats": (r"nats",),
    "minio": (r"minio",),
}

Services = Annotated[
    tuple[Word, ...],
    Slot(
        en="Services that run beside the application",
        fr="Services à côté de l'application",
        words=SERVICE_WORDS,
        example="postgresql,redis",
    ),
]
AnyRegion = Annotated[
    Annotated[str, Field(pattern=rf"^({AWS_REGION}|{GCP_REGION})$")] | None,
    Slot(
        en="Region",
        fr="Région",
        cue=(rf"\b({AWS_REGION})(?![\w-])", rf"\b({GCP_REGION})(?![\w-])"),
        example="eu-west-3",
    ),
]
AwsRegion = Annotated[
    Annotated[str, Field(pattern=rf"^{AWS_REGION}$")] | None,
    Slot(en="AWS region", fr="Région AWS", cue=rf"\b({AWS_REGION})(?![\w-])", example="eu-west-3"),
]
GcpRegion = Annotated[
    Annotated[str, Field(pattern=rf"^{GCP_REGION}$")] | None,
    Slot(en="Google Cloud region", fr="Région Google Cloud", cue=rf"\b({GCP_REGION})(?![\w-])", example="europe-west9"),
]
Cloud = Annotated[
    Literal["aws", "gcp"] | None,
    Slot(
        en="Cloud provider", fr="Fournisseur cloud",
        words={"aws": (r"aws", r"amazon(?: web services)?"), "gcp": (r"gcp", r"google cloud(?: platform)?")},
        example="aws",
    ),
]  # fmt: skip
_DAY = r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?"
_SPAN = rf"(?:{_DAY}|jours?(?: ouvres)?|nuits?|soirs?|matins?|semaines?|mois|heures?|days?|nights?|evenings?|mornings?|weeks?|weekdays?|months?|hours?|minutes?)"
_AT = r"(?:\s+(?:a|at|@|vers)\s*\d{1,2}\s*(?:h|:|heures?)?\s*(?:\d{2})?\s*(?:am|pm|du soir|du matin)?(?![\w%]))?"
SCHEDULE_CUES = (
    r"((?:[\d*][\d*/,-]*\s+){4}[\d*][\d*/,-]*)(?![\w*])",
    rf"\b((?:tous|toutes|every|each|chaque)\s+(?:les?\s+)?(?:\d+\s+)?{_SPAN}{_AT})",
    rf"\b((?:nightly|daily|weekly|monthly|hourly|quotidien(?:ne)?(?:ment)?|hebdomadaire(?:ment)?){_AT})",
)
Schedule = Annotated[
    Cron | None,
    Slot(en="Schedule (UTC)", fr="Planification (UTC)", cue=SCHEDULE_CUES, unit="five-field cron", example="0 3 * * 1"),
]
PORT_CUES = (
    r"\bports?\s+(?:n°\s*|is\s+|est\s+(?:le\s+)?|le\s+|=\s*|:\s*|a\s+|to\s+)?(\d{2,5})\b",
    r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0):(\d{2,5})\b",
    r"(?:^|[\s(])sur\s+(?:le\s+)?:?(\d{2,5})\b(?!\s*(?:%|pods?|replicas?|jours|derniers))",
    r"(?:^|[\s(])on\s+:?(\d{4,5})\b",
    r"\b(?:listen(?:s|ing)?|ecoute|expose[rsd]?)\s+(?:on|sur)?\s*(?:le\s+)?:?(\d{2,5})\b",
)
SaidPort = Annotated[Port | None, Slot(en="Port", fr="Port", cue=PORT_CUES, example="8080")]
_HOST = r"(?:ghcr\.io|docker\.io|quay\.io|registry\.[\w.-]+|[\w.-]+\.(?:azurecr\.io|pkg\.dev|amazonaws\.com)|gcr\.io)"
IMAGE_CUES = (
    rf"((?:{_HOST}/)[\w./-]*\w(?::[\w][\w.-]*\w|:\w)?)",
    r"\bimage\s+[\"'`«]?\s?([a-z0-9][\w.-]*(?:/[\w.-]+)+(?::\w[\w.-]*)?)",
    r"\bimage\s+[\"'`«]?\s?([a-z0-9][\w.-]*:\w[\w.-]*)",
    r"(?:^|[\s\"'`(])([a-z0-9][\w.-]*/[a-z][\w.-]*:v?\d[\w.-]*)",
)
Image = Annotated[
    Annotated[str, Field(pattern=r"^[a-z0-9][\w.:/@-]*$", max_length=255)] | None,
    Slot(en="Container image", fr="Image de conteneur", cue=IMAGE_CUES, example="ghcr.io/acme/shop:1.4.0"),
]
RetentionDays = Annotated[
    Days | None,
    Slot(
        en="Days that it is kept", fr="Durée de conservation en jours",
        cue=(
            r"\b(?:retention|rétention|keep|kept|garde[rsz]?|gardes?|gardees?|conserve[rsz]?|conserves?|conservees?|conservation|store[ds]?|retain(?:ed)?|delete[ds]?|supprim\w*|purge[rd]?|expire[rsd]?|efface\w*|older|plus)\b[^.;]{0,60}?{days}",
            r"{days}\s+(?:de |of )?(?:retention|conservation|historique|history|logs?|journaux)\b",
        ),
        unit="days", example="30",
    ),
]  # fmt: skip
