"""Parameters of `monitoring/alerting`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from devops_orchestrator.core.params import Duration, Name, Namespace, Params, Slot
from devops_orchestrator.core.units import NUMBERS
from devops_orchestrator.core.units import quantile as read_quantile

_PERCENT = r"(?:%|pour ?(?:cents?|100)\b|percent\b)"
_TIME = r"(?:ms\b|milli(?:seconde?)?s?\b|secondes?\b|seconds?\b|secs?\b|s\b(?!/))"
_RATE = r"(?:req(?:uests?|uetes?)?\.?\s*(?:/|per |par |a |a la |each )\s*s(?:ec(?:onde?)?)?\b|[rq]ps\b)"
_BYTES = r"(?:[kmgt]i?[bo]\b|[kmgt]i\b|[gt]\b|octets?\b|bytes\b|megas?\b|gigas?\b|megs?\b|gigs?\b)"
_UNIT = rf"(?:{_PERCENT}|{_TIME}|{_RATE}|{_BYTES})"
_NUMBER = r"(?<![\w.,#])(?:\d{1,3}(?:[ ,]\d{3}){1,3}(?!\d)|\d+(?:[.,]\d+)?k?|(?:une )?demi-?|half a|une?|one|a(?=\s+second\b(?! alert)))"
_OVER = (
    r"(?:[<>≤≥]=?|\b(?:above|over|beyond|exceed(?:s|ing|ed)?|(?:greater|more|higher|bigger|longer|slower|less|lower|fewer) th[ae]n|below|under|past|at least|at most|reach(?:es)?|hits?|"
    r"depass\w*|franchi\w*|au[- ]dessus d[eu']|superieure?s? a|plus (?:grande?s? |elevee?s? |lente?s? )?(?:de|que)|au[- ]dela d[eu']|en[- ]?dessous d[eu']|sous|moins d[eu']|inferieure?s? a|atteint|atteignent|"
    r"excede\w*|passe (?:a|sous)|monte a|grimpe a|descend a|tombe a|au moins)\b'?)\s*(?:(?:les|le|la|the|a|un|une|of|de|d'|to|seuil|threshold)\s+){0,4}"
)
_LIMIT = r"\b(?:seuils?|thresholds?|limite?s?|plafond|plancher|cap)\b"
_FULL = r"(?:errors?|erreurs?|echecs?|failures?|failed|5xx|4xx|cpu|memory|memoire|ram|disks?|disques?|heap|swap|saturation|space|espace|usage|utilis\w*|load|charge|rate|taux|full|pleine?s?|filesystem|volume|pvc|inodes?|queue|buffer|pool)"
_SLOW = r"(?:latenc\w*|response times?|temps de reponse|p(?:50|75|9\d|999)\b|percentile|centile|quantile|medi[a]ne?|lenteurs?|slow\w*|durations?|durees? des requetes)"
_HOLDS = r"(?:pendant|durant|for|during|depuis|since|attend\w*|wait\w*|every|each|toutes|tous|chaque|over|sur|by|apres|after|group\w*|repeat\w*|ago)"

# Where an amount is said. `{amount}` is filled twice: the number and its unit are read from the same place.
_AMOUNT_CUES = (
    rf"\b(?:from|de)\s+\d+(?:[.,]\d+)?\s*{_UNIT}?\s*(?:to|a)\s+{{amount}}",
    rf"{_OVER}{{amount}}",
    rf"{_LIMIT}[^.;]{{0,60}}?{{amount}}",
    rf"\b{_FULL}\b(?![^.;,\d]{{0,40}}\b{_HOLDS}\b)[^.;,\d]{{0,40}}?{{amount:share}}",
    rf"{{amount:share}}\s*(?:(?:d'|de|du|of|the|la|le|l'|en|in)\s*){{0,2}}{_FULL}\b",
    rf"\b{_SLOW}(?![^.;\d]{{0,50}}\b{_HOLDS}\b)[^.;\d]{{0,50}}?{{amount:time}}",
    rf"{{amount:time}}\s+(?:de |of |d')?(?:p\d+ |median )?{_SLOW}\b",
    r"{amount:rate}",
    r"\b(?:at|to|a)\s+{amount}(?!\s*(?:of|de|des|d')\b)",
)  # fmt: skip
_KINDS = {"": _UNIT, ":share": rf"(?:{_PERCENT}|{_BYTES})", ":time": _TIME, ":rate": _RATE}
_UNITS = (
    (r"%|pour ?cents?|pour ?100|percent", "percent"),
    (r"ms|milli.*", "ms"),
    (r"s|sec.*", "s"),
    (r"[rq]ps|req.*", "requests_per_second"),
    (r"[kmgt]i?[bo]?|octets?|bytes|mega?s?|giga?s?", "bytes"),
)
_COUNTED_ALERTS = r"(?!\s*(?:min|m\b|h\b|heures?|hours?|jours?|days?|d\b|weeks?|semaines?|fois|times|x\b|alert\w*|notif\w*|e?-?mails?|pages?|tickets?|rules?|regles?|services?|teams?|equipes?|people|personnes))"

# A time that something else takes: how often, how long ago, how long an incident lasted.
_NO_FOR = (
    r"\b(?:every|each|chaque|tou(?:te)?s les|repeat\w*|repet\w*|rappel\w*|remind\w*|group_?\w*|resolv\w*|resolu\w*|expir\w*|maintenance|incident\w*|panne|outage|downtime|firing|fired|sonn\w*|"
    r"broken|casse\w*|il y a|before|avant|retention)\b[^.;,:\d]{0,25}:?\s*\d+\s*[a-z]+"
)
_LONG = r"(?!(?:\d+(?:[.,]\d+)?|une?|one|a)\s*(?:ms|milli\w*|s|secs?|secondes?|seconds?)\b)"
_AFTER = (
    r"(?!\s*(?:ago|earlier|plus tot|d'incident|de panne|de coupure|of (?:outage|downtime)|incident|outage|maintenance))"
)
_FOR_FILL = r"(?:(?:plus d[e']|more than|at least|au moins|the last|les|une?|a|window of|(?:une )?fenetre de|a period of|period of|of)\s*){0,3}"


def _number(value: object) -> object:
    """500 of "500 ms", 0.5 of "half a second", 1200 of "1 200 req/s", 2147483648 of "2 Gio"; other values as they are."""
    found = re.fullmatch(
        r"(\d[\d ,.]*?|half a|(?:une )?demi-?|une?|one|a)(k?)(?:\s*([^\d\s.,].*))?", str(value).strip().lower()
    )
    if not isinstance(value, str) or not found:
        return value
    unit = _unit(found[3] or "")
    said = found[1].strip()
    if re.fullmatch(r"\d{1,3}( \d{3})+", said) or (re.fullmatch(r"[1-9]\d{0,2}([.,]\d{3})+", said) and unit != "s"):
        said = re.sub(r"[ .,]", "", said)  # the thousands' mark
    half = said.startswith("half") or "demi" in said
    count = 0.5 if half else NUMBERS.get(said)
    if count is None:
        try:
            count = float(said.replace(",", "."))
        except ValueError:
            return value
    if unit == "bytes" and (found[3] or "")[0] in "kmgt":
        count *= 1024.0 ** ("kmgt".index((found[3] or "")[0]) + 1)
    return count * 1000 if found[2] else count


def _unit(value: object) -> object:
    """The unit's name of the way that it is said."""
    if isinstance(value, str):
        return next((name for said, name in _UNITS if re.fullmatch(said, value.strip().lower())), value)
    return value


def _filled(number: str, unit: str) -> tuple[str, ...]:
    """The places of an amount, with a pattern whose group is the number or the unit."""
    cues: tuple[str, ...] = _AMOUNT_CUES
    for kind, units in _KINDS.items():
        amount = number + r"\s*" + unit.replace("UNIT", units)
        cues = tuple(
            cue.replace(f"{{amount{kind}}}", f"({amount})" if "(UNIT)" not in unit else amount) for cue in cues
        )
    return cues


class AlertingParams(Params):
    """What may be said of an alert."""

    signal: Annotated[
        Literal["latency", "errors", "traffic", "saturation", "down"] | None,
        Slot(
            en="Signal", fr="Signal",
            words={
                "latency": (r"latenc(?:y|ies|es?)", r"(?:response|request) (?:times?|durations?)", r"(?:temps|delais?|durees?) (?:de reponse|des requetes)", r"p(?:50|75|9\d|999)", r"(?:per)?centiles?", r"(?:trop |very |too )?(?:lente?s?|slow)", r"lenteurs?", r"slowness"),
                "errors": (r"errors?(?: rates?)?", r"(?:taux d')?erreurs?", r"[45]xx", r"http 500", r"burn[- ]?rate", r"failure rates?", r"failed requests", r"taux d'echecs?", r"requetes en echec", r"exceptions"),
                "traffic": (r"(?<!network )traffic", r"trafic", r"debits?", r"throughput", r"requests?(?: per second|/s| rates?)", r"requetes? (?:par|a la) seconde", r"req(?:uetes)?/s", r"[rq]ps"),
                "saturation": (
                    r"saturation", r"satur(?:e|es|ed|ee|ent)", r"(?:disk|disque)s?(?! (?:controller|controleur))", r"espace (?:disque|libre)", r"free space", r"filesystems?", r"inodes?", r"cpu", r"memory", r"memoire", r"ram", r"heap", r"swap",
                    r"load average", r"charge(?= (?:systeme|cpu|depass\w*|est|passe|monte|du|>))", r"load(?= (?:is|goes|above|over|exceeds|>))", r"queues?(?: lengths?| depths?| sizes?)?", r"files? d'attente", r"connection pools?", r"pool de connexions",
                ),
                "down": (
                    r"(?:is|are|est|sont|goes|go|going|gets|tombe|tombent|site|service|target|instance|host|cible) down", r"ne repond(?:ent)? (?:plus|pas)", r"(?:not|stops?|stopped) respond(?:ing|s)?",
                    r"(?:does not|doesn't) (?:respond|answer)", r"tombe(?:nt)?(?! (?:a|au|sous|en dessous|de)\b)", r"en panne", r"unreachable", r"inaccessibles?", r"injoignables?", r"n'est plus (?:joignable|accessible|disponible)",
                    r"unavailable", r"indisponib(?:les?|ilite)", r"up == 0", r"hors (?:service|ligne)", r"offline", r"disappears?", r"disparait", r"dies", r"is dead", r"down alerts?", r"alertes? (?:de )?down", r"downtime",
                ),
            },
            example="latency",
        ),
    ] = None  # fmt: skip
    quantile: Annotated[
        Annotated[float, BeforeValidator(read_quantile), Field(gt=0, lt=1)] | None,
        Slot(
            en="Quantile (0..1)", fr="Quantile (0..1)",
            cue=(
                r"\bp\s?(99[.,]9|50|75|9\d|999)\b(?![.,]\d)",
                r"\b(99[.,]\d+|\d\d)\s*(?:th|st|nd|rd|e|eme|ieme)?[ -]\s*(?:per)?centile",
                r"\b(?:per)?centile\s+(?:of |de |=\s*|a |at )?(99[.,]9|\d\d)\b(?!\s*(?:ms|s\b|%))",
                r"\bquantile\s*(?:of |de |a |at |=\s*|:\s*)?(0?[.,]\d+)",
                r"\b(0[.,]\d+)[ -]quantile",
            ),
            words={"0.5": (r"median(?:e|s)?", r"mediane")},
            example="0.95",
        ),
    ] = None  # fmt: skip
    threshold: Annotated[
        Annotated[float, BeforeValidator(_number), Field(ge=0)] | None,
        Slot(
            en="Threshold", fr="Seuil",
            cue=(
                *_filled(_NUMBER, "UNIT"),
                rf"{_OVER}({_NUMBER})(?![\w%]|[.,]\d){_COUNTED_ALERTS}",
                rf"{_LIMIT}[^.;,\d]{{0,40}}?(?<![\w.,])(\d+(?:[.,]\d+)?)(?![\w%]|[.,]\d){_COUNTED_ALERTS}",
            ),
            example="500",
        ),
    ] = None  # fmt: skip
    unit: Annotated[
        Annotated[Literal["ms", "s", "percent", "requests_per_second", "bytes"], BeforeValidator(_unit)] | None,
        Slot(en="Unit of the threshold", fr="Unité du seuil", cue=_filled(_NUMBER, "(UNIT)"), example="ms"),
    ] = None  # fmt: skip
    duration: Annotated[
        Duration | None,
        Slot(
            en="How long before it fires", fr="Durée avant déclenchement",
            cue=(
                # The first alternatives have no value: they pass over other times.
                rf"{_NO_FOR}|\b(?:pendant|durant|depuis|for|during|lasting|lasts?|persist\w*|dur(?:e|er|ent|ant|ee)|attend(?:s|re|ez)?|wait|apres|after|au bout de|tient|delai de)\s*:?\s*{_FOR_FILL}{{duration}}{_AFTER}",
                rf"{_NO_FOR}|\b(?:sur|over|in|en|within|dans|plus de|more than|longer than|au moins|at least)\s+{_FOR_FILL}{_LONG}{{duration}}{_AFTER}",
                rf"{_NO_FOR}|(?<![\w.,]){_LONG}(?!\d+\s*(?:j|d|jours?|days?)\b){{duration}}{_AFTER}(?!\s*(?:before|avant))",
            ),
            example="5m",
        ),
    ] = None  # fmt: skip
    severity: Annotated[
        Literal["info", "warning", "critical"] | None,
        Slot(
            en="Severity", fr="Gravité",
            words={
                "critical": (r"(?<!not )(?<!non )(?<!non-)(?<!pas )(?:critical|critiques?|crit)(?! (?:to|a|vers|en) (?:warning|info))(?! (?:path|service|applications?|app|systems?|users?|chemin))",),
                "warning": (r"warnings?(?! (?:to|a|vers|en) (?:critical|critique|info))", r"avertissements?", r"(?:severity|level|gravite|severite|niveau|as|en)\s*[:=]?\s*warn"),
                "info": (
                    r"(?:severity|gravite|severite|niveau|level|as|en|just|simple|only)\s*(?:[:=]|an? |of |de )?\s*(?:alerte )?info(?:rmation(?:nel(?:le)?|al)?)?",
                    r"info(?:rmational|rmation)?[ -](?:level|severity|alerts?)", r"alertes? info(?:rmatives?)?", r"informational", r"informatives?", r"(?<=, )info(?=$|[,.;])",
                ),
            },
            example="critical",
        ),
    ] = None  # fmt: skip
    channel: Annotated[
        Annotated[str, Field(pattern=r"^#?[\w.@+-]+$", max_length=100)] | None,
        Slot(
            en="Where it is sent", fr="Destination",
            cue=(
                r"(?:^|[\s(\"'`«/:])(#[a-z][\w-]*)",
                r"\b([\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,})\b",
                r"\b(?:canal|channel|salon)\s+(?:(?:slack|teams|discord|mattermost)\s+)?[\"'`«]?\s?(?!(?:slack|teams|discord|mattermost|telegram|on|in|of|for|to|is|and|or|when|if|de|des|du|pour|sur|est|et|ou|si|quand|par|qui|that|with|avec|dedie|commun|prive)\b)([a-z][\w-]*)",
            ),
            words={
                "pagerduty": (r"pager ?duty",),
                "slack": (r"slack",),
                "opsgenie": (r"ops ?genie",),
                "teams": (r"(?:ms|microsoft) teams", r"(?:to|on|via|through|in|sur|vers|dans|par|alertes?|canal|channel) teams"),
                "discord": (r"discord",),
                "telegram": (r"telegram",),
                "mattermost": (r"mattermost",),
                "webhook": (r"webhooks?",),
                "sms": (r"sms", r"textos?"),
                "email": (r"e-?mails?", r"mails?(?! (?:service|server|queue|relay))", r"courriels?"),
            },
            example="#ops-alerts",
        ),
    ] = None  # fmt: skip
    name: Name = None
    namespace: Namespace = None
