"""Parameters of `kubernetes/config`."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal, get_args

from pydantic import Field

from devops_orchestrator.core.params import Environments, Label, Name, Namespace, Params, Slot

Key = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{1,127}$")]

_EXTERNAL = r"external[- ]?secrets?|secrets? externes?"
_SEALED = r"sealed[- ]?secrets?|secrets? scelles?|kubeseal"
_TURNED = r"(?!\s+(?:en|into|to|a|vers|par)\s+(?:une? |an? |des |the |les? )?(?:secret|external|sealed))"

# Keys in a row: the words after "keys", the word between two sure ones, NAME=value.
_SEP = r"\s*(?:,|/|&|\bet\b|\band\b)\s*"
_SURE = r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+"
_KEYS = r"(?<![\w-])(?<!ssh )(?<!api )(?<!gpg )(?:keys?|cles?|variables?(?: d'environnement)?|(?:env(?:ironment)?|env\.?) ?vars?|entrees?|entries|valeurs?)\b\s*:?\s*[\"'`«]?\s?"
_NO_KEY = (
    r"(?!(?:in|dans|de|du|des|d|of|not|no|to|a|an|as|at|is|are|est|sont|for|pour|and|et|or|ou|on|sur|en|par|by|from|with|avec|the|le|la|les|l|our|my|nos|mes|this|that|which|qui|que|has|have|"
    r"ssh|api|age|gpg|prive\w*|privat\w*|public\w*|name|value|vault|rotat\w*|missing|manquante?s?|value|pair|store|staging|prod|production|preprod|dev|recette|test|namespace|please|svp|stp|merci|thanks|urgent\w*|asap|"
    r"uses?|using|utilis\w*|mount\w*|monte\w*|mets|put|add|ajoute\w*|inject\w*|conten\w*|contain\w*|hold\w*|every|each|chaque|leak\w*|expir\w*|fuit\w*|configmap|config|secrets?|stor\w*|stock\w*|must|should|doi\w+|can|peu\w+|will|were|was)\b(?![._]\w))"
)
_KEY = rf"{_NO_KEY}[a-z][\w.-]*\w"
_FILE = r"[a-z][\w-]*\.(?:ya?ml|json|conf|cnf|cfg|ini|properties|crt|key|pem|toml|xml|txt|sql)"

_NAME: Slot = get_args(Name)[1]
_OBJECT = r"(?:config[- ]?map|(?:external|sealed)?[- ]?secret|(?:cluster ?)?role(?: ?binding)?|service ?account|compte de service)"
_DASHED = r"(?!(?:read|cluster|non|key|cert|external|sealed|least)-)([a-z][a-z0-9]*(?:-[a-z0-9]+)+)(?![\w./:=])"


class ConfigParams(Params):
    """What may be said of configuration, secrets and rights."""

    kind: Annotated[
        Literal["configmap", "secret", "external-secret", "sealed-secret", "rbac"] | None,
        Slot(
            en="Kind of object", fr="Type d'objet",
            words={
                "external-secret": (_EXTERNAL, r"eso"),
                "sealed-secret": (_SEALED,),
                "configmap": (rf"config[- ]?maps?{_TURNED}",),
                "rbac": (r"rbac", r"(?:cluster ?)?role ?bindings?", r"cluster ?roles?", r"service ?accounts?", r"comptes? de service", r"(?<!iam )(?<!aws )roles?(?! (?:iam|aws))", r"cluster-admin", r"read-only access"),
                # A plain secret only where no better one is said: "move these secrets to ExternalSecret".
                "secret": (rf"(?<!external )(?<!sealed )(?<!external-)(?<!sealed-)secrets?(?! (?:manager|externes?|scelles?|store|operator))(?![^\n]*(?:{_EXTERNAL}|{_SEALED}|\brbac\b))",),
            },
            example="configmap",
        ),
    ] = None  # fmt: skip
    keys: Annotated[
        tuple[Key, ...],
        Slot(
            en="Keys", fr="Clés",
            cue=(
                rf"(?<![\w$])({_SURE})(?![\w(])",
                r"(?<![\w$./-])([a-z][a-z0-9_]*)=(?=[^\s=])",
                rf"(?<![\w.-])({_KEY})\s*,\s*{_KEY}{_SEP}{_SURE}\b",
                rf"(?:[,:]|\b(?:et|and|with|avec))\s*({_KEY})(?={_SEP}{_SURE}\b)",
                rf"\b{_SURE}{_SEP}({_KEY})(?=\s*(?:$|[.;,)]|(?:pour|for|in|dans)\b))",
                r"\b(?:with|avec|containing|contenant|holding|et|and)\s+(?:an? |une? |the |le |la )?(username|user|password|passwd|token|login)\b(?=\s*(?:$|[,.;)]|(?:et|and|in|dans|for|pour)\b))",
                *(rf"{_KEYS}(?:{_KEY}[\"'`»]?{_SEP}){{{n}}}({_KEY})" for n in range(4)),
                rf"\b(?:with|avec|contenant|containing|holding|et|and|file|fichier|monte\w*|mount\w*)\s+(?:(?:the|un|le|a|file|fichier)\s+){{0,2}}(?!values|kustomization|chart|deployment|secrets?\.|configmap)({_FILE})\b",
            ),
            example="DATABASE_URL,LOG_LEVEL",
        ),
    ] = ()  # fmt: skip
    name: Annotated[
        Label | None,
        replace(
            _NAME,
            cue=(
                rf"\b{_OBJECT}(?:/|\s+[\"'`«]\s?)([a-z0-9][a-z0-9-]*[a-z0-9])",
                rf"\b{_OBJECT}\s+{_DASHED}",
                rf"\b(?:the|our|my|la|le|notre|mon)\s+{_DASHED}\s+{_OBJECT}\b",
                *_NAME.cues,
            ),
        ),
    ] = None  # fmt: skip
    namespace: Namespace = None
    environments: Environments = ()
