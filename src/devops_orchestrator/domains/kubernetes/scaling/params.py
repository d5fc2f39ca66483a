"""Parameters of `kubernetes/scaling`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from devops_orchestrator.core.params import Name, Namespace, Params, Slot

_PODS = r"(?:replicas?|repliques?|pods?|instances?|copies|exemplaires)"
_RANGE_LOW = r"(?:between|entre|from|de)\s+{n}\s+(?:and|et|to|a|-)\s+\d+(?!\s*(?:%|h\b|heures|am|pm|min))"
_RANGE_HIGH = r"(?:between|entre|from|de)\s+(?:\d+|un|une|one|deux|two|trois|three)\s+(?:and|et|to|a|-)\s+{n}(?!\s*(?:%|h\b|heures|am|pm|min))"
_P = r"(\d{1,3})\s*(?:%|pour ?cent|percent)?"
_CPU, _MEMORY = r"(?:v?cpu|processeur)", r"(?:memory|memoire|mem|ram)"
Share = Annotated[int, Field(ge=1, le=100)]
Pods = Annotated[int, Field(ge=0, le=10_000)]


class ScalingParams(Params):
    """What may be said of a workload that grows and shrinks."""

    kind: Annotated[
        Literal["hpa", "vpa", "keda"] | None,
        Slot(
            en="Kind of autoscaler", fr="Type d'autoscaler",
            words={
                "hpa": (r"hpa", r"horizontal ?pod ?autoscal(?:er|ing)"),
                "vpa": (r"vpa", r"vertical ?pod ?autoscal(?:er|ing)"),
                "keda": (r"keda", r"scaled ?objects?"),
            },
            example="hpa",
        ),
    ] = None  # fmt: skip
    min_replicas: Annotated[
        Pods | None,
        Slot(
            en="Least number of pods", fr="Nombre minimal de pods",
            cue=(
                rf"{_RANGE_LOW}\s*(?:{_PODS})?",
                r"\bmin(?:imum|imal)?(?:[ _]?replicas?)?\s*(?:=|:|of|de|a|is)?\s*{n}",
                r"\b(?:at least|au moins|never below|jamais moins de)\s+{n}\s+" + _PODS,
                rf"{{n}}\s+(?:{_PODS}\s+)?(?:minimum|min|au minimum)\b",
                rf"\b{{n}}\s*(?:-|a|to)\s*\d+\s+{_PODS}",
            ),
            example="2",
        ),
    ] = None  # fmt: skip
    max_replicas: Annotated[
        Pods | None,
        Slot(
            en="Greatest number of pods", fr="Nombre maximal de pods",
            cue=(
                rf"{_RANGE_HIGH}\s*(?:{_PODS})?",
                r"\bmax(?:imum|imal)?(?:[ _]?replicas?)?\s*(?:=|:|of|de|a|is)?\s*{n}",
                r"\b(?:up to|at most|jusqu'a|au plus|no more than|pas plus de)\s+{n}\s*" + _PODS,
                rf"{{n}}\s+(?:{_PODS}\s+)?(?:maximum|max|au maximum)\b",
                rf"\b\d+\s*(?:-|a|to)\s*{{n}}\s+{_PODS}",
            ),
            example="10",
        ),
    ] = None  # fmt: skip
    cpu_percent: Annotated[
        Share | None,
        Slot(
            en="CPU target, percent of the request", fr="Cible CPU, en pourcentage de la demande", unit="percent",
            cue=(
                rf"(\d{{1,3}})\s*(?:%|pour ?cent|percent)\s*(?:of |de |d')?(?:utilisation (?:de |du )?|usage )?(?:la |le |the )?{_CPU}",
                rf"{_CPU}\b(?!\s+(?:or|ou|et|and)\b)[^,.;\d]{{0,40}}?{_P}(?!\d)(?!\s*(?:pods?|replicas?|min|m\b|s\b|to\s+\d|a\s+\d+\s*pods?))",
            ),
            example="70",
        ),
    ] = None  # fmt: skip
    memory_percent: Annotated[
        Share | None,
        Slot(
            en="Memory target, percent of the request", fr="Cible mémoire, en pourcentage de la demande", unit="percent",
            cue=(
                rf"(\d{{1,3}})\s*(?:%|pour ?cent|percent)\s*(?:of |de )?(?:utilisation (?:de |du )?|usage )?(?:la |le |the )?{_MEMORY}",
                rf"{_MEMORY}\b[^,.;\d]{{0,40}}?{_P}(?!\d)(?!\s*(?:pods?|replicas?|min|[mg]i?[bo]?\b|s\b))",
            ),
            example="80",
        ),
    ] = None  # fmt: skip
    name: Name = None
    namespace: Namespace = None
