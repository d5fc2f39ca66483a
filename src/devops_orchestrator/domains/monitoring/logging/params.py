"""Parameters of `monitoring/logging`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from devops_orchestrator.core.params import Name, Namespace, Params, Slot
from devops_orchestrator.core.units import days

_SPAN = (
    r"((?:\d+|(?<!half )\b(?:une?|one)\b|(?<!half )\ba(?=\s+(?:week|fortnight|month|quarter|year)))[\s-]*"
    r"(?:jours?|days?|d|j|semaines?|weeks?|fortnights?|mois|months?|trimestres?|quarters?|semestres?|ans?|annees?|years?|heures?|hours?|h)\b(?:\s+et demie?\b)?)"
)
_KEEP = (
    r"\b(?:retention\w*|keep(?:s|ing)?|kept|gard\w*|conserv\w*|stor(?:e[ds]?|ing|age)|stock\w*|retain\w*|archiv\w*|delet\w*|supprim\w*|purg\w*|expir\w*|effac\w*|drop\w*|"
    r"rest(?:e|ent|er)\b|stays?\b|remain\w*|ttl|older|histor\w*|consultables?|available|disponibles?|searchable)"
)
# Spans that tell when something happened or how often.
_NO_RETENTION = (
    r"(?:depuis|since|il y a|last|past|dernier\w*|every|each|chaque|tou(?:te)?s les|perdu\w*|lost|missing|manqu\w*)"
)
_HAPPENED = r"(?!\s+(?:ago|late|de retard|de decalage|d'ecart|par\b))"
_FLUENT = r"fluent[ -]?(?:d|bit)"
_LEAVE = r"(?<!quitte )(?<!quitter )(?<!leave )(?<!leaving )(?<!off )(?<!abandonne )(?<!abandonner )"


def _days(value: object) -> object:
    """Whole days as `units.days` reads them, and also of "90-day", "744h", "2 quarters", "un semestre"."""
    if not isinstance(value, str):
        return value
    text = value.replace("-", " ").strip()
    whole, and_half, _ = text.partition(" et demi")
    if and_half:  # "un mois et demi": its unit counts once more by half
        one = days(re.sub(r"\S+", "2", whole, count=1))
        most = days(whole)
        return most + one // 4 if isinstance(one, int) and isinstance(most, int) else value
    for unit, factor in ((r"h\w*", 1 / 24), (r"quarters?", 90), (r"semestres?", 180)):
        found = re.fullmatch(rf"\s*(\d+|une?|one|a)\s*{unit}\s*", text.lower())
        if found:
            count = (int(found[1]) if found[1].isdigit() else 1) * factor
            return int(count) if count == int(count) else value
    return days(text)


class LoggingParams(Params):
    """What may be said of the way that logs take."""

    stack: Annotated[
        Literal["loki", "elk", "efk"] | None,
        Slot(
            en="Log stack", fr="Pile de logs",
            # Fluentd, Fluent Bit, Kibana and Elasticsearch alone belong to more than one stack.
            words={
                "loki": (rf"{_LEAVE}loki", r"promtail", r"grafana alloy", r"logql"),
                "efk": (
                    rf"{_LEAVE}efk", rf"{_FLUENT}(?=[^.;]{{0,40}}(?:elastic|kibana))",
                    rf"(?:elastic ?(?:search)?|kibana)(?=[^.;]{{0,40}}{_FLUENT})",
                ),
                "elk": (
                    rf"{_LEAVE}elk", r"elastic stack", r"logstash",
                    rf"elastic ?(?:search)?(?=\s*(?:,|/|\+|et|and|avec|with)\s*kibana)(?![^.;]{{0,40}}{_FLUENT})",
                ),
            },
            example="loki",
        ),
    ] = None  # fmt: skip
    retention_days: Annotated[
        Annotated[int, BeforeValidator(_days), Field(ge=1, le=3650)] | None,
        Slot(
            en="Days that it is kept", fr="Durée de conservation en jours",
            cue=(
                rf"\b(?:from|de|of)\s+\d+\s*(?:[a-z]+\s+)?(?:to|a)\s+{_SPAN}",
                # The first alternative has no value: it passes over what is no retention.
                rf"{_NO_RETENTION}\s+(?:les |the )?\d+\s*[a-z]+|{_KEEP}[^.;]{{0,60}}?(?<![\w.,]){_SPAN}{_HAPPENED}",
                rf"(?<![\w.,]){_SPAN}\s+(?:de |of |d')?(?:\w+\s+)?(?:retention|conservation|historique|history|logs?|journaux|archiv\w*|max\w*)\b",
                rf"\b(?:pendant|durant|for|sur|over|a|to|than|jusqu'a)\s+(?:\w+\s+)?(?<![\w.,]){_SPAN}{_HAPPENED}",
                # The old value of a change is blanked together with its "to".
                rf"\b(?:logs?|journaux|loki|elk|efk|index\w*|indices)\b[^.;,\d]{{0,20}}?\s{{3,}}{_SPAN}",
                rf"(?:^|[,;:(]|\b(?:with|avec|and|et)\b)\s*(?<![\w.,]){_SPAN}(?=\s*(?:$|[,.;)!]|et\b|and\b|pour\b|for\b))",
                r"\bretention(?:_days|_period)?\s*[:=]?\s*(?:(?:is|est|of|de|a|to)\s+)?(\d{1,4})(?![\w.,%])(?!\s*(?:[kmgt]i?[bo]\b|%))",
            ),
            unit="days", example="30",
        ),
    ] = None  # fmt: skip
    name: Name = None
    namespace: Namespace = None
