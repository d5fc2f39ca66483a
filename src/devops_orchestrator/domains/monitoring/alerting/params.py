"""Parameters of `monitoring/alerting`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from devops_orchestrator.core.params import Duration, Name, Namespace, Params, Slot
from devops_orchestrator.core.units import quantile as read_quantile

_UNIT = r"(?:%|pour ?cents?|percent|ms|millisecondes?|milliseconds?|secondes?|seconds?|s\b|req/s|rps|requests? per second|requetes? par seconde|[kmgt]i?[bo]\b)"
_OVER = r"(?:>=?|<=?|above|over|exceeds?|greater than|more than|higher than|below|under|less than|depass\w*|au[- ]dessus de|superieure?s? a|plus de|au[- ]dela de|en dessous de|sous|moins de|inferieure?s? a|reaches|atteint|seuil (?:de|a)|threshold (?:of|to|at)|(?:seuil|threshold)\s*:?)"
_NUMBER = r"(\d+(?:[.,]\d+)?)"
_UNITS = (
    (r"%|pour ?cents?|percent", "percent"),
    (r"ms|milli.*", "ms"),
    (r"s|sec.*", "s"),
    (r"req/s|rps|req.*", "requests_per_second"),
    (r"[kmgt]i?[bo]|bytes|octets", "bytes"),
)


def _unit(value: object) -> object:
    """The unit's name of the way that it is said."""
    if isinstance(value, str):
        return next((name for said, name in _UNITS if re.fullmatch(said, value.strip().lower())), value)
    return value


class AlertingParams(Params):
    """What may be said of an alert."""

    signal: Annotated[
        Literal["latency", "errors", "traffic", "saturation", "down"] | None,
        Slot(
            en="Signal", fr="Signal",
            words={
                "latency": (r"latenc(?:y|es?)", r"response times?", r"temps de reponse", r"p(?:50|75|90|95|99|999)", r"trop lente?", r"lenteurs?"),
                "errors": (r"errors?(?: rates?)?", r"(?:taux d')?erreurs?", r"5xx", r"http 500", r"burn[- ]?rate"),
                "traffic": (r"traffic", r"trafic", r"requests? per second", r"requetes? par seconde", r"rps"),
                "saturation": (r"saturation", r"(?:disk|disque)s?(?= (?:is |est |plein|full|usage|space|a |au|over|above|>|depass))", r"disque plein", r"cpu", r"memory", r"memoire", r"ram", r"queue length", r"file d'attente"),
                "down": (r"(?:is |est |goes |go |tombe |site )down", r"ne repond(?:ent)? plus", r"tombe(?:nt)?", r"unreachable", r"injoignable", r"unavailable", r"indisponible", r"up == 0", r"hors service"),
            },
            example="latency",
        ),
    ] = None  # fmt: skip
    quantile: Annotated[
        Annotated[float, BeforeValidator(read_quantile), Field(gt=0, lt=1)] | None,
        Slot(
            en="Quantile (0..1)", fr="Quantile (0..1)",
            cue=(r"\bp(50|75|90|95|99|999|99\.9)\b", r"\b(50|75|90|95|99|99[.,]9)(?:th|e|eme)?\s+(?:percentile|centile)", r"\bquantile\s+(?:of |de |=\s*)?(0[.,]\d+)"),
            example="0.95",
        ),
    ] = None  # fmt: skip
    threshold: Annotated[
        float | None,
        Field(ge=0),
        Slot(
            en="Threshold", fr="Seuil",
            cue=(
                rf"{_OVER}\s*(?:les |the |a |to |de |d')*{_NUMBER}(?=\s*{_UNIT})",
                rf"(?:seuil|threshold)[^.;\d]{{0,20}}{_NUMBER}(?=\s*{_UNIT})",
                rf"{_OVER}\s*{_NUMBER}(?!\s*(?:min|h\b|heures?|hours?|jours?|days?|fois|x\b))(?![\w%])",
                rf"(?<!p){_NUMBER}(?=\s*(?:%|pour ?cent|percent)\s*(?:d'|of |de )?(?:erreurs?|errors?|5xx|cpu|memoire|memory))",
            ),
            example="500",
        ),
    ] = None  # fmt: skip
    unit: Annotated[
        Annotated[Literal["ms", "s", "percent", "requests_per_second", "bytes"], BeforeValidator(_unit)] | None,
        Slot(
            en="Unit of the threshold", fr="Unité du seuil",
            cue=(
                rf"{_OVER}\s*(?:les |the |a |to |de |d')*\d+(?:[.,]\d+)?\s*({_UNIT})",
                rf"(?:seuil|threshold)[^.;\d]{{0,20}}\d+(?:[.,]\d+)?\s*({_UNIT})",
                r"(?<![a-z])\d+(?:[.,]\d+)?\s*(%|pour ?cents?|percent)\s*(?:d'|of |de )?(?:erreurs?|errors?|5xx|cpu|memoire|memory)",
            ),
            example="ms",
        ),
    ] = None  # fmt: skip
    duration: Annotated[
        Duration | None,
        Slot(
            en="How long before it fires", fr="Durée avant déclenchement",
            cue=(
                r"\b(?:pendant|durant|depuis|for|during|lasting|over the last|attend(?:s|re|ez)?|wait|apres|after|sur)\s+(?:plus de |more than |at least |au moins |un |une |a |the last )?{duration}",
                r"\b(?:for)\s*:\s*{duration}",
            ),
            example="5m",
        ),
    ] = None  # fmt: skip
    severity: Annotated[
        Literal["info", "warning", "critical"] | None,
        Slot(
            en="Severity", fr="Gravité",
            words={
                "critical": (r"critical", r"critiques?"),
                "warning": (r"warnings?", r"avertissements?"),
                "info": (r"(?:severity|gravite|severite|niveau) info(?:rmation)?",),
            },
            example="critical",
        ),
    ] = None  # fmt: skip
    channel: Annotated[
        Annotated[str, Field(pattern=r"^#?[\w.@+-]+$", max_length=100)] | None,
        Slot(
            en="Where it is sent", fr="Destination",
            cue=(r"(?:^|[\s(\"'`«])(#[a-z][\w-]*)", r"\b([\w.+-]+@[\w-]+\.[a-z]{2,})\b"),
            words={
                "pagerduty": (r"pager ?duty",),
                "slack": (r"slack",),
                "opsgenie": (r"opsgenie",),
                "teams": (r"(?:ms|microsoft )?teams(?=$|[ ,.;:!?])(?<!the teams)(?<!other teams)",),
                "email": (r"e-?mails?", r"mails?", r"courriel"),
            },
            example="#ops-alerts",
        ),
    ] = None  # fmt: skip
    name: Name = None
    namespace: Namespace = None
