"""What a deployment strategy is asked with."""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, Field

from devops_orchestrator.core.params import Duration, Environments, Label, Name, Namespace, Params, Slot

_NAME: Any = get_args(Name)[1]  # the cues that every room shares

# What takes the place of what stands before it: "from a rolling update to blue-green", "replace Flux with Argo CD".
_NEXT = r"\s+(?:to|into|vers|a|au|en|par|with|by|pour|for)\s+(?:the |an? |le |la |une? |du |de la |de l')?"
_NOT_INSTEAD = r"(?<!instead of a )(?<!than a )(?<!au lieu d'un )(?<!au lieu du )(?<!plutot qu'un )"
_NOUN = r"(?:[\s-]+(?:updates?|deployments?|deploiements?|releases?|strategy|setup))?"

_STRATEGIES: dict[str, str] = {
    "canary": r"canar(?:y|ies|is?)",
    "blue-green": r"(?:blue[\s/-]*green|bleue?[\s/-]*verte?)",
    "rolling": r"(?:rolling(?:[\s-]*(?:updates?|upgrades?|deployments?|releases?))?|mise a jour (?:progressive|continue)|deploiement roulant)",
    "gitops": r"git[\s-]*ops",
}
_CONTROLLERS: dict[str, str] = {
    "argo-rollouts": r"argo[\s-]*rollouts?",
    "flagger": r"flagger",
    "argo-cd": r"argo[\s-]*cd",
    # « le flux » is a stream in French.
    "flux": r"(?<!\ble )(?<!\bles )(?<!\bdu )(?<!\bun )(?<!\bdes )(?<!\bce )flux(?:[\s-]*(?:cd|v2))?(?! (?:de|d'|http|reseau|entrant|sortant|tendu))",
}


def _kept(said: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """The words of each value, where no other value takes its place."""
    every = "|".join(said.values())
    return {value: (rf"{_NOT_INSTEAD}{one}(?!{_NOUN}{_NEXT}(?:{every})\b)",) for value, one in said.items()}


# A share of the traffic: « 10, 50 puis 100 % », "10%, 25% and 50%", "10/50/100", "20 percent, then 60, then 100".
_PERCENT = r"(?:%|pour\s*(?:cents?|100)\b|per\s*(?:cent|100)\b)"
_THEN = r"\s*(?:[,;/]\s*(?:puis|then|et|and|ensuite)?|->|→|\b(?:puis|then|and|et|ensuite|a|to)\b)\s*(?:(?:a|at|to)\s+)?"
_SHARE = r"\d{1,3}(?![\d.])"
# … and not one of errors, of CPU, or of a limit.
_NO_LIMIT = r"(?<![\d.,])(?<!pour )(?<!per )(?<!> )(?<![<>=~])(?<!= )(?<!than )(?<!above )(?<!below )(?<!over )(?<!under )(?<!exceeds )(?<!exceed )(?<!depasse )(?<!depassent )(?<!sous )(?<!dessus de )(?<!plus de )(?<!moins de )"
_OF_TRAFFIC = (
    r"(?!\s*(?:de|des|du|of|d')\b(?!\s*(?:the |our |l'|la |les |le |nos )?(?:traff?ic|users?|utilisateurs?|requests?|requetes?|clients?|customers?|pods?|flux|charge|visit|appels|calls|usagers?)))"
    r"(?!\s*(?:cpu|memory|ram|errors?|erreurs?|failures?|success|availability|dispo|uptime|packet|slo|fail|echou))"
)
_IN_LIST = rf"{_NO_LIMIT}(\d{{1,3}})(?=(?:\s*{_PERCENT})?(?:{_THEN}\d{{1,3}}(?:\s*{_PERCENT})?){{0,9}}\s*(?<!\d\d\d){_PERCENT}{_OF_TRAFFIC})"
_LAST = rf"(?=\s*(?:{_PERCENT}|[,;/.)]|\b(?:puis|then|and|et|ensuite|with|avec|on|sur|for|pour|in|en)\b|$))"
# … or announced: "steps 1, 5, 25", « paliers 10/30/60 ».
_STEPS = (
    r"\b(?:steps?|etapes?|paliers?|weights?|poids|canary|canari)\s*(?:of |de |d'|are |sont )?\s*[:=]?\s*(?:at |a )?"
)
_ANNOUNCED = (
    rf"{_STEPS}(\d{{1,3}})(?={_THEN}\d)",
    *(rf"{_STEPS}{_SHARE}" + rf"{_THEN}{_SHARE}" * before + rf"{_THEN}({_SHARE}){_LAST}" for before in range(4)),
)
_AFTER = tuple(
    rf"\d\s*{_PERCENT}[^.;\n\d%]{{0,40}}?" + rf"{_THEN}{_SHARE}" * before + rf"{_THEN}({_SHARE}){_LAST}"
    for before in range(4)
)

_PAUSE = r"\b(?:pauses?|paus(?:ing|ant)|wait(?:ing|s)?|attente|attend\w*|palier|paliers|(?<!flux )(?<!sync )interval(?:le)?|hold(?:ing)?|bake(?: time)?|soak(?:ing)?|observation|observe[rz]?|espace[rs]?|espacees?|delai|delay)"
_EACH = r"(?:pauses?|attente|wait|de palier|d'observation|entre|between|in between|par (?:palier|etape)|per step|par pas|(?:a|at|on|sur) (?:chaque|each|every) (?:step|etape|palier|increment|stage|fois|weight)s?|each|apart|chacune?|d'ecart|d'intervalle|intervals?|intervalles?)\b"
_DASHED = r"((?:\d+|\bone)\s*-\s*(?:seconds?|secs?|minutes?|mins?|hours?))"

_NOT = (
    r"(?!(?:a|an|the|our|my|your|its|it|this|that|all|each|every|un|une|le|la|les|l|de|des|du|d|notre|nos|mon|ma|new|old|same|production|prod|staging|preprod|dev|test|"
    r"traffic|trafic|users?|deployments?|deploiements?|pods?|services?|application|applications|app|appli|argo|flagger|flux|kubernetes|k8s|steps?|etapes?|"
    r"canary|blue|green|rolling|gitops|last|yesterday|today|monday|friday|\d+)(?![\w-]))"
)


def _each_once(steps: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(steps))


Weight = Annotated[int, Field(ge=1, le=100)]


class StrategiesParams(Params):
    """The parameters of `deployment/strategies`."""

    strategy: Annotated[
        Literal["canary", "blue-green", "rolling", "gitops"] | None,
        Slot(en="Strategy", fr="Stratégie", words=_kept(_STRATEGIES), example="canary"),
    ] = None
    steps: Annotated[
        tuple[Weight, ...],
        AfterValidator(_each_once),
        Slot(
            en="Share of the traffic at each step", fr="Part du trafic à chaque étape",
            cue=(
                _IN_LIST, *_AFTER, *_ANNOUNCED, r"(?<!\d)(\d{1,2})(?=(?:[/-]\d{1,2}){0,9}[/-]100(?![\d/]))", r"(?<=\d[/-])(100)(?![\d/-])",
            ),
            unit="percent", example="10,50,100",
        ),
    ] = ()  # fmt: skip
    pause: Annotated[
        Duration | None,
        Slot(
            en="Pause between two steps", fr="Pause entre deux étapes",
            cue=(
                rf"{_PAUSE}\s*(?::|=|\bof\b|\bde\b|\bd'|\bfor\b|\bpendant\b|\bis\b|\best\b|\bchaque\b|\btoutes les\b|\bpar\b)?\s*(?:about |environ )?{{duration}}",
                rf"{{duration}}\s+(?:(?:de|d'|of|a)\s*)?{_EACH}",
                rf"{_DASHED}\s+(?:long\s+)?(?:pauses?|waits?|steps?|intervals?|gaps?|holds?|soak|bake|delays?)\b",
                r"\b(?:entre (?:chaque|les|deux)|between|par|per|each|every|a chaque)\s+(?:the\s+|two\s+)?(?:steps?|etapes?|paliers?|increments?|hausses?|weights?)\s*(?:,|:|=|of|de|d'|is|est|waits?|attend\w*)?\s*{duration}",
                r"(?<!sync )(?<!syncs )(?<!synchronise )(?<!reconcile )(?<!reconciles )\b(?:toutes les|every|each)\s+{duration}",
                r"\b(?:steps?|etapes?|paliers?)\s+(?:of|de|d')\s*{duration}",
            ),
            example="5m",
        ),
    ] = None  # fmt: skip
    controller: Annotated[
        Literal["argo-rollouts", "flagger", "argo-cd", "flux"] | None,
        Slot(en="Controller", fr="Contrôleur", words=_kept(_CONTROLLERS), example="argo-rollouts"),
    ] = None
    name: Annotated[
        Label | None,
        Slot(
            en=_NAME.en, fr=_NAME.fr,
            cue=(
                *_NAME.cues,
                rf"\b(?:canary|canari|blue[ /-]?green|rolling update|rollout|release|strategy|config(?:uration)?|mise en production)s? (?:(?:of|de)\s+|d')[\"'`«]?\s?{_NOT}([a-z][a-z0-9-]*[a-z0-9])(?![\w./=]|:\S)(?!\s+\d)",
            ),
            example="shop-api",
        ),
    ] = None  # fmt: skip
    namespace: Namespace = None
    environments: Environments = ()
