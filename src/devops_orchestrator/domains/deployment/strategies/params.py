"""What a deployment strategy is asked with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from devops_orchestrator.core.params import Duration, Environments, Name, Namespace, Params, Slot

# A number that belongs to a list ending in a percent sign: « 10, 50 puis 100 % », "10%, 25% and 50%", "10/50/100".
_PERCENT = r"(?:%|pour ?cents?\b|percent\b)"
_BETWEEN = r"(?:,|/|;|->|→|puis|then|and|et|ensuite|a|to)"
_IN_LIST = rf"(?<![\d.,])(\d{{1,3}})(?=(?:\s*{_PERCENT})?(?:\s*(?:{_BETWEEN}\s*)+\d{{1,3}}(?:\s*{_PERCENT})?)*\s*(?<!\d\d\d){_PERCENT})"


def _each_once(steps: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(steps))


Weight = Annotated[int, Field(ge=1, le=100)]


class StrategiesParams(Params):
    """The parameters of `deployment/strategies`."""

    strategy: Annotated[
        Literal["canary", "blue-green", "rolling", "gitops"] | None,
        Slot(
            en="Strategy", fr="Stratégie",
            words={
                "canary": (r"canary", r"canaries", r"canari", r"canaris", r"(?:livraison|deploiement|delivery) progressi(?:f|ve)", r"progressive delivery"),
                "blue-green": (r"blue[\s/-]*green", r"bleu[\s/-]*vert", r"bluegreen"),
                "rolling": (r"rolling(?:[\s-]*update)?s?", r"mise a jour (?:progressive|continue)", r"deploiement roulant"),
                "gitops": (r"git[\s-]*ops",),
            },
            example="canary",
        ),
    ] = None  # fmt: skip
    steps: Annotated[
        tuple[Weight, ...],
        AfterValidator(_each_once),
        Slot(
            en="Share of the traffic at each step", fr="Part du trafic à chaque étape",
            cue=(_IN_LIST, r"(?<!\d)(\d{1,2})(?=(?:/\d{1,2})*/100(?![\d/]))", r"(?<=\d/)(100)(?![\d/])"),
            unit="percent", example="10,50,100",
        ),
    ] = ()  # fmt: skip
    pause: Annotated[
        Duration | None,
        Slot(
            en="Pause between two steps", fr="Pause entre deux étapes",
            cue=(
                r"\b(?:pauses?|wait(?:ing|s)?|attente|attendre|attends|palier|paliers|intervalle|interval)\s+(?:de |of |d'|for |pendant |chaque |toutes les )?{duration}",
                r"{duration}\s+(?:de |d'|of )?(?:pause|attente|wait|entre|between|par (?:palier|etape)|per step|a chaque|at each|each)",
                r"(?:toutes les|every|each)\s+{duration}",
            ),
            example="5m",
        ),
    ] = None  # fmt: skip
    controller: Annotated[
        Literal["argo-rollouts", "flagger", "argo-cd", "flux"] | None,
        Slot(
            en="Controller", fr="Contrôleur",
            words={
                "argo-rollouts": (r"argo[\s-]*rollouts?",),
                "flagger": (r"flagger",),
                "argo-cd": (r"argo[\s-]*cd",),
                "flux": (r"flux[\s-]*(?:cd|v?2)?",),
            },
            example="argo-rollouts",
        ),
    ] = None  # fmt: skip
    name: Name = None
    namespace: Namespace = None
    environments: Environments = ()
