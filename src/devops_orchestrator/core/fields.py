"""Parameters that several rooms take in the same sense: regions, services, images, storage."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from devops_orchestrator.core.params import Slot
from devops_orchestrator.core.units import days, number

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
        words={"aws": (r"aws", r"amazon(?: web services)?"), "gcp": (r"gcp", r"google(?: cloud(?: platform)?)?")},
        example="aws",
    ),
]  # fmt: skip
_HOST = r"(?:ghcr\.io|docker\.io|quay\.io|registry\.[\w.-]{1,80}|(?<![\w.-])[\w.-]{1,80}\.(?:azurecr\.io|pkg\.dev|amazonaws\.com)|gcr\.io)"
IMAGE_CUES = (
    rf"((?:{_HOST}/)[\w./-]*\w(?::[\w][\w.-]*\w|:\w)?)",
    r"\bimage\s+[\"'`«]?\s?([a-z0-9][\w.-]*(?:/[\w.-]+)+(?::\w[\w.-]*)?)",
    r"\bimage\s+[\"'`«]?\s?([a-z0-9][\w.-]*:\w[\w.-]*)",
    r"(?:^|[\s\"'`(])([a-z0-9][\w.-]*/[a-z][\w.-]*:v?\d[\w.-]*)",
)
_GB = r"(?:gi?[bo]|gigs?|gigas?|giga(?:octets?|bytes?))\b"
_TB = r"(?:ti?[bo]|tera(?:octets?|bytes?)?s?)\b"
# "memory of 16 GB" is no storage; what it spans is passed over, and the group after it is empty.
_MEMORY = rf"\b(?:ram|memoire|memory)\b(?:[\s:=']|\b(?:of|de|d|a|at|to|max|maximum|limit|limite|limitee|is|est|up|jusqu)\b){{0,30}}\d+\s*{_GB}"
_NOT_KEPT = r"(?!\s*(?:/|out\b|per\b|par\b|(?:of |de )?(?:v?ram|memoire|memory|traffic|trafic|transfer\w*|transfert\w*|egress|logs?|journaux)\b))"
_NOT_GO = r"(?!(?<=go)\s+(?:micro)?(?:services?|app\w*|binar\w+|binaires?|modules?|lambdas?|functions?|fonctions?|workers?|apis?|programs?)\b)"
_DISK = r"(?:allocated[ _]storage|storage|stockage|disque|disk|volume)"


def _gigabytes(value: object) -> object:
    """1536 of "1.5 TB", "1,5 To"; anything else as it is. The disks of clouds are counted in powers of two."""
    found = re.fullmatch(rf"([\d.,]+|[a-z]+)\s*{_TB}", value.lower()) if isinstance(value, str) else None
    if found is None:
        return value
    try:
        return round(float(str(number(found[1].replace(",", ".")))) * 1024)
    except ValueError:
        return value


StorageGb = Annotated[
    Annotated[int, BeforeValidator(_gigabytes)] | None,
    Field(ge=1, le=65_536),
    Slot(
        en="Storage in GB", fr="Stockage en Go", unit="GB",
        cue=(
            rf"(?:{_MEMORY}|(?<![\d.,])(?=\d+\s*{_GB}{_NOT_GO}{_NOT_KEPT}))(\d*)",
            rf"(?<![\d.,])((?:\d+(?:[.,]\d+)?|\b(?:one|un)\b)\s*{_TB}){_NOT_KEPT}",
            rf"\b{_DISK}\s*[:=]\s*(\d+)\b(?!\s*[a-z%])",
        ),
        example="50",
    ),
]  # fmt: skip
