"""Parameters: one field, four surfaces (`--set`, JSON, MCP schema, the sentence). Pydantic alone validates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Self, Union, get_args, get_origin

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from devops_orchestrator.core import units
from devops_orchestrator.errors import UsageError
from devops_orchestrator.text import Text


@dataclass(frozen=True)
class Slot:
    """How a field is called and how a sentence says it.

    `cue`: regular expressions over the sentence (lower case, accents folded); group 1 is the value. They may hold the
    places of `units.PLACES`: `{n}` a whole number, also in words, `{duration}`, `{size}`, `{version}`, `{word}`…
    `words`: value → the expressions that say it ("redis": (r"redis", r"valkey")). A list takes all that it finds.
    """

    en: str
    fr: str
    cue: str | tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unit: str = ""
    example: str = ""

    @property
    def cues(self) -> tuple[str, ...]:
        return (self.cue,) if isinstance(self.cue, str) else self.cue

    @property
    def label(self) -> Text:
        return Text(en=self.en, fr=self.fr)


Port = Annotated[int, Field(ge=1, le=65535)]
Percent = Annotated[float, Field(ge=0, le=100)]
Duration = Annotated[str, BeforeValidator(units.duration), Field(pattern=r"^\d+(ms|s|m|h|d)$")]
Cpu = Annotated[str, BeforeValidator(units.cpu), Field(pattern=r"^\d+(\.\d+)?m?$")]
Memory = Annotated[str, BeforeValidator(units.memory), Field(pattern=r"^\d+(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$")]
Cron = Annotated[str, BeforeValidator(units.cron), Field(pattern=r"^(\S+\s+){4}\S+$")]
Label = Annotated[str, Field(pattern=r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]  # RFC 1123

# A word that stands where a name would, and is none.
_NO_NAME = (
    r"(?!(?:a|an|the|in|on|at|of|to|for|with|and|or|is|are|was|has|have|does|did|do|not|can|can't|cannot|will|should|must|that|which|when|if|so|but|as|by|from|it|its|this|"
    r"un|une|le|la|les|l|de|des|du|d|en|dans|sur|sous|avec|pour|par|et|ou|a|au|aux|est|sont|ne|n|qui|que|quand|si|se|s|ca|ce|cette|il|elle|y|doit|peut|n'est|plus|pas|deja|tourne|repond|"
    r"me|te|configmap|config|secret|chart|release|image|garde|renvoie|pointing|listening|lb|vers|chez|sans|contre|entre|kube|new|same|whole|other|another|each|every|any|only|first|second|old|current|main|right|wrong|default|running|web|"
    r"kubernetes|k8s|docker|compose|helm|spring|spring-boot|django|flask|fastapi|node|nodejs|express|nest|nestjs|next|react|vue|angular|rails|laravel|symfony|php|python|go|golang|java|kotlin|ruby|rust|dotnet|"
    r"aws|gcp|azure|ecs|eks|gke|cloud|cloud-run|fargate|redis|postgres|postgresql|mysql|mongo|mongodb|rabbitmq|kafka|elasticsearch|nginx|traefik|prometheus|grafana|loki|"
    r"canary|rolling|blue-green|stateless|stateful|headless|external|internal|public|private|account|accounts|mesh|type|port|ports|monitor|discovery|interne|externe|publique?|prive|"
    r"clusterip|nodeport|loadbalancer|systemd|production|prod|staging|dev|test|failed|stuck|crashing|down|up|mobile|desktop|client|clients|customer|support|engine|runner|last|previous|next|dernier|derniere|precedente?|"
    r"pass(?:e|ent)|ecoute|exposes?|listens?|says|stays|keeps|needs|responds?|available|pls|please|marche|plante|crashe?s?|utilise|uses|sort|rend|met|nomme|called|named|dedie)\b)"
)
# Where a name ends: a word that goes on with the sentence, or nothing.
_ENDS = (
    r"(?=[\"'`»]?\s*(?:$|[,;:.)(\n]|(?:to|au|aux|a|en|in|on|at|sur|dans|vers|with|avec|using|via|from|de|du|depuis|since|for|pour|and|et|or|ou|if|si|is|est|"
    r"namespace|ns|port|release|image|version|must|doit|should|per|par|over|under|through|behind|derriere|v?\d|[0-9])(?![\w])|\d))"
)
_CALLED = rf"{_NO_NAME}([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?![\w./:=])"

# Fields that mean the same in every room.
Name = Annotated[
    Label | None,
    Slot(
        en="Name of the application or component", fr="Nom de l'application ou du composant",
        cue=(
            r"(?<![\w/.])(?:deploy(?:ment)?|statefulset|daemonset|svc|service|rollout|cronjob|job)/([a-z0-9][a-z0-9-]*[a-z0-9])",
            r"(?<!user )(?<!utilisateur )\b(?:named(?! volumes?| ports?)|called|nommee?|appelee?|qui s'appelle|du nom de)\s+[\"'`«]?\s*([a-z0-9][a-z0-9-]*[a-z0-9])",
            rf"\b(?:l'|notre |mon |the |our |my )?(?:appli|application|app|service|microservice|composant|component|workload)\s+[\"'`«]?\s?{_CALLED}{_ENDS}",
            rf"\b(?:the|our|my|la|le|notre|mon) {_CALLED} (?:app|application|service|microservice|deployment|pods?|workload|component)\b(?!-)",
            r"\b(?:(?:for|of|pour|de)\s+|d')((?:[a-z0-9]+-)+(?:api|app|service|svc|worker|web|front|back|backend|frontend|gateway|job))\b",
        ),
        example="shop-api",
    ),
]  # fmt: skip
Namespace = Annotated[
    Label | None,
    Slot(
        en="Kubernetes namespace", fr="Namespace Kubernetes",
        cue=(
            r"(?:^|\s)(?:-n|--namespace)[ =]([a-z0-9][a-z0-9-]*)",
            r"\b(?:namespace|ns|espace de noms?)\s+[\"'`«]?(?!(?:of|de|du|pour|for|is|est|from|to|and|et|or|ou|in|dans|dedie|restaure|with|avec|that|qui|where|stuck|has|a|le|la|the|quota|name|isolation)\b)([a-z0-9][a-z0-9-]*[a-z0-9])",
            r"\b(?!(?:the|a|an|this|that|our|my|same|one|each|every|per|another|other|kubernetes|k8s|new|any|whole|default|and|or|which|what|le|un|du|ce|mon|notre|par|chaque|autre|nouveau)\b)([a-z0-9][a-z0-9-]*[a-z0-9]) namespace\b",
        ),
        example="shop",
    ),
]  # fmt: skip
Environments = Annotated[
    tuple[Label, ...],
    Slot(
        en="Environments", fr="Environnements",
        words={
            "dev": (r"(?<!\.)dev(?:elopment)?(?=\s*(?:,|/|\+|and\b|et\b|env))", r"(?<=and )dev(?:elopment)?", r"(?<=et )dev(?:eloppement)?", r"(?:en|in|for|pour|env(?:ironnement)?s?) dev(?:eloppement|elopment)?"),
            "test": (r"(?:environnements?|environments?|envs?) (?:de )?test",),
            "staging": (r"(?<!\.)staging(?!\.)", r"(?<!\.)preprod(?:uction)?", r"pre-prod(?:uction)?", r"recette"),
            "production": (r"(?<!\.)prod(?:uction)?(?!\.)",),
        },
        example="staging,production",
    ),
]  # fmt: skip


class Params(BaseModel):
    """A room's parameters. Every field has a default (None or empty: not said) and one Slot."""

    # python-re: the default engine spends a tenth of a second on the Unicode classes of a few patterns.
    model_config = ConfigDict(extra="forbid", frozen=True, validate_default=False, regex_engine="python-re")

    @classmethod
    def slots(cls) -> dict[str, Slot]:
        """name → Slot, in the order of declaration. Raises LookupError where a field has none."""
        return {name: slot_of(name, info) for name, info in cls.model_fields.items()}

    @classmethod
    def checked(cls, values: Mapping[str, object], agent: str) -> Self:
        """The parameters, validated. Raises UsageError that names the parameter and what is allowed."""
        for name in values:
            if name not in cls.model_fields:
                known = ", ".join(cls.model_fields)
                raise UsageError(
                    Text(
                        f"{agent} has no parameter '{name}'. It takes: {known}.",
                        f"{agent} n'a pas de paramètre « {name} ». Paramètres possibles : {known}.",
                    )
                )
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            name = str(first["loc"][0]) if first["loc"] else "?"
            allowed = describe(cls.model_fields[name]) if name in cls.model_fields else ""
            given = values.get(name)
            raise UsageError(
                Text(
                    f"Parameter '{name}' of {agent} cannot be {given!r}. Allowed: {allowed}.",
                    f"Le paramètre « {name} » de {agent} ne peut pas valoir {given!r}. Valeurs permises : {allowed}.",
                )
            ) from None

    @classmethod
    def read(cls, name: str, value: str) -> object:
        """The value of `--set name=value`: a list is split at commas, the rest is left to validation."""
        info = cls.model_fields.get(name)
        if info is None:
            return value
        if is_list(info):
            text = value.strip()
            if text.startswith("["):
                try:
                    return json.loads(text)
                except json.JSONDecodeError:
                    pass
            return [part.strip() for part in text.strip("[]").split(",") if part.strip()]
        if value.strip().lower() in ("oui", "non"):
            return value.strip().lower() == "oui"
        return value


def slot_of(name: str, info: FieldInfo) -> Slot:
    """The Slot of a field. Raises LookupError."""
    for meta in info.metadata:
        if isinstance(meta, Slot):
            return meta
    raise LookupError(f"field {name} has no Slot")


def bare(annotation: Any) -> Any:
    """A type without `Annotated` and `| None`."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        left = [bare(part) for part in get_args(annotation) if part is not NoneType]
        return left[0] if len(left) == 1 else annotation
    return annotation


def is_list(info: FieldInfo) -> bool:
    """Whether a field takes several values."""
    return get_origin(bare(info.annotation)) in (list, tuple)


def item_type(info: FieldInfo) -> Any:
    """The bare type of a field, or of one entry of a list field."""
    kind = bare(info.annotation)
    return bare(get_args(kind)[0]) if get_origin(kind) in (list, tuple) else kind


def measured(info: FieldInfo) -> bool:
    """Whether a field is a number, an amount with a unit, or a schedule."""
    return item_type(info) in (int, float) or limits(info).get("pattern") in MEASURES


def limits(info: FieldInfo) -> dict[str, Any]:
    """The constraints of a field or of its entries: ge, le, pattern."""
    found: dict[str, Any] = {}
    stack: list[Any] = [info.annotation, *info.metadata]
    while stack:
        part = stack.pop()
        if isinstance(part, FieldInfo):
            stack.extend(part.metadata)
        elif get_origin(part) is Annotated or get_origin(part) in (Union, UnionType, list, tuple):
            stack.extend(get_args(part))
        for key in ("ge", "le", "gt", "lt", "pattern"):
            value = getattr(part, key, None)
            if isinstance(value, int | float | str):
                found.setdefault(key, value)
    return found


def describe(info: FieldInfo) -> str:
    """A field's type in a few words: `1–65535`, `canary | blue-green`, `duration such as 30s, 5m, 1h`."""
    kind = item_type(info)
    found = limits(info)
    if get_origin(kind) is Literal:
        text = " | ".join(str(value) for value in get_args(kind))
    elif kind is bool:
        text = "true | false"
    elif kind in (int, float):
        low, high = found.get("ge", found.get("gt")), found.get("le", found.get("lt"))
        number = "integer" if kind is int else "number"
        text = f"{number} {low}–{high}" if low is not None and high is not None else number
        text = f"{number} ≥ {low}" if low is not None and high is None else text
    else:
        text = PATTERNS.get(str(found.get("pattern", "")), "text")
    return f"list of {text}" if is_list(info) else text


MEASURES = {
    r"^\d+(ms|s|m|h|d)$": "duration such as 30s, 5m, 1h",
    r"^\d+(\.\d+)?m?$": "CPU such as 500m or 1.5",
    r"^\d+(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)?$": "memory such as 512Mi or 1Gi",
    r"^(\S+\s+){4}\S+$": 'five-field cron such as "0 3 * * 1"',
}
PATTERNS = MEASURES | {
    r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$": "lower-case name of letters, digits and dashes",
}
