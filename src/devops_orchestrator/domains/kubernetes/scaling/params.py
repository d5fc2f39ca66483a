"""Parameters of `kubernetes/scaling`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal, get_args

from pydantic import Field

from devops_orchestrator.core.params import Label, Name, Namespace, Params, Slot

_PODS = r"(?:replicas?|repliques?|pods?|instances?|copies|exemplaires)\b"
# What follows a number of pods: no further digit and no other unit ("min" is one, but not in "10 min 2" or "2 min, 10 max").
_BARE = (
    r"(?![\d.,:/-]*\d|\s*(?:%|pour ?cent|percent|ms\b|s\b|m\b|sec|min(?:utes?)?\b(?!\W+(?:et |and )?\d)|mn\b|h\b|heures?|hours?|jours?|days?|weeks?|semaines?|[kmgt]i?[bo]\b|"
    r"v?cpus?\b(?!\s*(?:[:=>]|a\s|at\s|to\s|\d|target|cible|utili))|cores?|coeurs?|noeuds?|nodes?|machines?|messages?|req|rps|fois|times|x\b|euros?|clients?|users?|utilis))"
)
_DASH = r"\s*(?:-|a\s|to\s|\.\.\.?)\s*"
_FROM = r"(?<!max )(?<!maximum )(?<!min )(?<!minimum )\b(?:from|de)"
_MIN = r"\b(?:min(?:i|imum|imale?)?(?:[ _-]?(?:replica(?:s|count)?|pods))?|lower (?:limit|bound)|(?:borne|limite) basse|floor|plancher)\b"
_MAX = r"\b(?:max(?:i|imum|imale?)?(?:[ _-]?(?:replica(?:s|count)?|pods))?|upper (?:limit|bound)|(?:borne|limite) haute|ceiling|plafon\w*|cap(?:ped)?)\b"
_GAP = r"(?:(?!max|min|cpu|mem|ram)[^.;,\d%]){0,40}?[\s:=]"
_DOWN = r"\b(?:(?:re)?descen\w*|scal\w* (?:down|in)|shrink\w*|down)"
_UP = r"\b(?:(?:re)?mont\w*|grimp\w*|grow\w*|scal\w* (?:up|out)|burst\w*)"
_TO = r"(?:to|a|jusqu'a)"

_SHARE = r"(\d{1,3})\s*(?:%|pour ?cent\b|percent\b)"
_CPU, _RAM = r"(?:v?cpus?|processeurs?)\b", r"(?:memory|memoire|mem|ram)\b"
_USE = r"[^.;,\d]{0,40}?"
_OF = r"\s*(?:(?:of|de|du|la|the|use|usage|used|utili[sz]ation|average|avg|moyenne?|mean|charge|load|consommation|requested|target)\s+|[dl]'){0,5}"
_AND = r"(?:\s*(?:[,/&+]|(?:et|and|ou|or)\b))?\s*(?:la |the |le |de )?"


def _target(mine: str, other: str) -> tuple[str, ...]:
    """The ways to say the target of one resource: "cpu 60%, memory 80%", "60% cpu", "cpu and memory at 70%", "cpu target 60"."""
    return (
        rf"\b{mine}{_USE}{_SHARE}{_AND}{other}{_USE}\d+\s*%",
        rf"\b{other}{_USE}\d+\s*%{_AND}{mine}{_USE}{_SHARE}",
        rf"\b{mine}{_USE}\d+\s*%?\s+(?:down |up )?(?:to|a|vers)\s+{_SHARE}",
        rf"\b{_SHARE}{_OF}(?:{other}{_AND})?{mine}",
        rf"\b{mine}{_USE}{_SHARE}",
        rf"\b{mine}(?:\s+(?:target|cible|threshold|seuil|utili[sz]ation))?(?:\s*(?:=|:|>|\b(?:a|at|de|of|to)\s))?\s*(\d{{2,3}})\b(?![.,]\d|\s*(?:[mgk]i?[bo]?\b|s\b|min|max|-|a\s|to\s|\w*pods|replicas?|instances?))",
        rf"(?<![\w.-])(\d{{2,3}})\s+(?:for|pour)\s+(?:the |le |la )?{mine}",
    )


Target = Annotated[int, Field(ge=1, le=100)]
Pods = Annotated[int, Field(ge=0, le=10_000)]
_NO_NAME = r"(?!(?:deployment|statefulset|kubernetes|k8s|helm|is|est|has|a|en|in|dans|with|avec|that|which|qui|to|for|pour|of|de|du|on|sur|and|et|or|ou|must|should|doit|can|named|called|nommee?|appelee?|controller|strategy|spec|yaml|cpu|memory|memoire|ram|mem|max\w*|min\w*|target|production|prod|staging|dev|recette|test|queue|file|load|charge|our|my|the|its|their|this|that|these|notre|nos|mon|mes|ses|leurs?|vos|ce|ces|cette|le|la|les|l|un|une|an|every|each|all|chaque|tous|redis|rabbitmq|kafka|requests|requetes|rps|traffic|trafic|latency|latence|demand|lag|metrics|metriques|peaks?|pics?|jobs|workers|plante|fail\w*|crash\w*|stuck|down|at|daily|nightly|weekly|hourly|monthly|runs?|running|tourne\w*|listen\w*|ecoute\w*|uses?|needs?|works?|marche|echoue|reste|stays?|deploye\w*|create\w*|cree\w*|bloque\w*|pending|ready|here|too|aussi|please|svp|manifests?|files?|fichiers?)\b)"
_ENDS = (
    r"(?![\w./:=])(?=\s*(?:$|[,.;:!?(]|(?:with|avec|in|dans|en|from|between|entre|and|et|using|min|max|namespace)\b))"
)
_NAME: Slot = get_args(Name)[1]


class ScalingParams(Params):
    """What may be said of a workload that grows and shrinks."""

    kind: Annotated[
        Literal["hpa", "vpa", "keda"] | None,
        Slot(
            en="Kind of autoscaler", fr="Type d'autoscaler",
            words={
                "hpa": (r"hpas?", r"horizontal ?(?:pod ?)?autoscal(?:er|ing)s?", r"autoscal(?:er|ing) horizontal"),
                "vpa": (r"vpas?", r"vertical ?(?:pod ?)?autoscal(?:er|ing)s?", r"autoscal(?:er|ing) vertical"),
                "keda": (r"keda", r"scaled ?(?:object|job)s?"),
            },
            example="hpa",
        ),
    ] = None  # fmt: skip
    min_replicas: Annotated[
        Pods | None,
        Slot(
            en="Least number of pods", fr="Nombre minimal de pods",
            cue=(
                rf"\b(?:between|entre)\s+{{n}}\s+(?:{_PODS}\s+)?(?:minimum |min )?(?:and|et)\s+\d+{_BARE}",
                rf"{_FROM}\s+{{n}}\s+(?:to|a|jusqu'a|up to)\s+\d+\s+{_PODS}",
                rf"(?<![\w.,:/-]){{n}}{_DASH}\d+\s+{_PODS}",
                rf"{_MIN}\s*(?:/|-|et|and)\s*max\w*(?:\s*(?:{_TO}|of|de|:|=))?\s*{{n}}\b",
                rf"\b(?:hpa|keda|\w*scal\w*|replicas?|pods)\b{_GAP}(?:(?:de|from)\s+)?(\d+){_DASH}\d+{_BARE}",
                rf"(?<![\w.,:/-])(\d+|one)\s+(?:{_PODS}\s+(?:au |at |a )?(?:the )?(?:min(?:i|imum)?|least|moins)\b|(?:au |at )?(?:mini(?:mum)?|min(?=\W+(?:et |and )?\d+\s+(?:{_PODS}\s+)?(?:au )?max)|least|moins)\b)(?!(?:\s*[:=])?\s*\d)",
                rf"{_MAX}(?:\s*(?:[:=]|a\s|of\s|de\s))?\s*\d+(?:\s*[,/])?\s*(?:et |and )?min\w*(?:\s*(?:[:=]|a\s|of\s|de\s))?\s*{{n}}{_BARE}",
                rf"(?<!\d )(?<!\d){_MIN}(?:{_GAP}|\s*)(\d+|(?<= )(?:un|une|one)\b){_BARE}",
                rf"\b(?:at least|au moins|au minimum|(?:never|jamais|not|pas) (?:go |drop |fall |descend\w* |passer? )?(?:below|under|sous|en dessous de|fewer than|less than|moins de)|(?:no |pas )(?:fewer|less|moins) (?:than|de)|(?:start|demarr)\w* (?:at|a|with|avec))\s+{{n}}{_BARE}",
                rf"{_DOWN}\s+(?:{_TO}|sous|en dessous de|below)\s+{{n}}{_BARE}",
            ),
            words={
                "0": (
                    r"scal\w*[- ](?:down )?to[- ](?:zero|0)", r"(?:down|descen\w*|redescen\w*|scal\w*|passer?) (?:to|a|jusqu'a) (?:zero|0)", r"scale[- ]to[- ]zero",
                    r"(?:between|entre|from|de) (?:zero|0)(?=\s+(?:and|et|to|a)\s)", r"min\w*(?:\s(?:replicas?|pods|a|of|de|to))?(?:\s*[:=])?\s*zero", r"(?:zero|0) (?:pods?|replicas?|repliques?|instances?)",
                ),
                "1": (r"(?:at least|au moins) (?:a single|un seul|une seule) (?:pod|replica|replique|instance)",),
            },
            example="2",
        ),
    ] = None  # fmt: skip
    max_replicas: Annotated[
        Pods | None,
        Slot(
            en="Greatest number of pods", fr="Nombre maximal de pods",
            cue=(
                rf"\b(?:between|entre)\s+(?:\d+|un|une|one|zero)\s+(?:{_PODS}\s+)?(?:minimum |min )?(?:and|et)\s+{{n}}{_BARE}",
                rf"{_FROM}\s+(?:\d+|un|une|one|zero)\s+(?:to|a|jusqu'a|up to)\s+{{n}}\s+{_PODS}",
                rf"(?<![\w.,:/-])(?:\d+|un|une|one|zero){_DASH}{{n}}\s+{_PODS}",
                rf"{_MIN}\s*(?:/|-|et|and)\s*max\w*(?:\s*(?:{_TO}|of|de|:|=))?\s*\d+\s*(?:/|-|,|et|and|a)\s*{{n}}{_BARE}",
                rf"\b(?:hpa|keda|\w*scal\w*|replicas?|pods)\b{_GAP}(?:(?:de|from)\s+)?\d+{_DASH}(\d+){_BARE}",
                rf"(?<![\w.,:/-])(\d+|one(?=\s+{_PODS}))\s+(?:{_PODS}\s+)?(?:au |at |a )?(?:the )?(?:max(?:i|imum)?|most|plus)\b(?!(?:\s*[:=])?\s*\d)(?! (?:de|tard))",
                rf"{_MAX}\s+(?:from|de)\s+\d+\s+(?:to|a)\s+{{n}}{_BARE}",
                rf"{_MAX}(?:{_GAP}|\s*)(\d+|(?<= )(?:un|une|one)\b){_BARE}",
                rf"\b(?:up to|at most|(?<!descendre )jusqu'a|au plus|au maximum|(?:never|jamais|not|no|pas) (?:go |exceed |scale )?(?:more than|plus de|plus que|above|over|beyond|au[- ]dela de|au[- ]dessus de)|(?:jamais|pas|sans|never|not|without) (?:depass\w*|exceed\w*)|limit\w* (?:it )?(?:to|a))\s*{{n}}{_BARE}",
                rf"{_UP}\s+(?:up )?{_TO}\s+{{n}}{_BARE}",
            ),
            example="10",
        ),
    ] = None  # fmt: skip
    cpu_percent: Annotated[
        Target | None,
        Slot(en="CPU target, percent of the request", fr="Cible CPU, en pourcentage de la demande", unit="percent", cue=_target(_CPU, _RAM), example="70"),
    ] = None  # fmt: skip
    memory_percent: Annotated[
        Target | None,
        Slot(en="Memory target, percent of the request", fr="Cible mémoire, en pourcentage de la demande", unit="percent", cue=_target(_RAM, _CPU), example="80"),
    ] = None  # fmt: skip
    name: Annotated[
        Label | None,
        replace(
            _NAME,
            cue=(
                *_NAME.cues,
                rf"\b(?:(?:hpa|vpa|scaled ?object|autoscal(?:er|ing))\s+(?:for|pour|of|de)|deployment|statefulset)\s+(?:the |le |la |l')?{_NO_NAME}([a-z][a-z0-9]*(?:-[a-z0-9]+)*){_ENDS}",
            ),
        ),
    ] = None  # fmt: skip
    namespace: Namespace = None
