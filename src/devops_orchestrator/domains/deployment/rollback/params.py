"""Parameters of `deployment/rollback`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from devops_orchestrator.core.params import Environments, Label, Namespace, Params, Slot

# What stands where the name of a release or of an application would, and is none.
_NOT = (
    r"(?!(?:helm|argo|argocd|kubectl|to|a|an|au|aux|de|du|des|d|l|la|le|les|un|une|the|our|my|your|its|of|on|in|at|it|et|and|or|ou|en|with|avec|qui|que|that|this|which|"
    r"is|est|was|are|has|have|had|does|did|do|can|cannot|could|will|would|must|should|not|ne|n|pas|plus|doit|peut|ont|reste|fail|fails|failed|failing|echoue|plante|broke|breaks|"
    r"version|revision|numero|number|id|precedente?|previous|last|latest|dernier|derniere|current|actuelle?|first|next|new|nouvelle?|old|ancienne?|same|stable|bad|broken|good|working|"
    r"ratee?|echouee?|cassee?|mauvaise?|bonne|stuck|from|pour|for|depuis|since|after|apres|before|avant|during|notes?|process|train|candidate|manager|branch|tag|day|prod|production|"
    r"staging|preprod|dev|test|now|maintenant|hier|yesterday|today|automatically|automatique|automatic|manual|manuel|manuelle|if|si|when|quand|quoi|what|sans|without|via|by|par|dans|"
    r"sur|vers|history|procedure|procedures|plan|runbook|script|strategy|strategie|policy|deployment|deployments|deploiement|release|rollout|pods?|app|appli|application|service|services|"
    r"rollbacks?|undo|auto|only|every|each|all|max|exists|ends|goes|mais|but|fait|deployed|deployee|playbook|daemonset|statefulset|jobs?|button|bouton|merge|pipeline|folder|directory|snapshot|page|workflow|cycle|update|settings|canary|canari|database|migrations?|changes?|everything|tout|everyone|us|me|them|cette|ce|notre|nos|mon|ma|votre|fast|quickly|vite|please|stp|svp|"
    r"friday|monday|tuesday|wednesday|thursday|weekly|monthly|v\d[\w-]*)(?![\w-]))"
)
_ONE = rf"{_NOT}([a-z][a-z0-9-]*[a-z0-9])(?![\w./=]|:\S)"
# After a name that stands alone, not after the verb of "the release failed to" or "the app says".
_ENDS = (
    r"(?=[\"'`»]?\s*(?:$|[,;:.)(]|-n\b|#?\d|(?:to|a (?:la|l')|au|en|in|on|at|sur|dans|vers|with|avec|using|via|back|from|de|du|depuis|since|after|apres|before|avant|for|pour|and|et|or|ou|if|si|"
    r"que|qui|is|est|was|has|failed|namespace|revision|uniquement|only|pods?|release|prod|production|staging|precedente?|manually|automatically|automatiquement)\b))"
)
# After the name in "roll back NAME", which may also be "rollback takes 20 minutes".
_THERE = r"(?=\s*(?:$|--|-n\b|(?:to|a (?:la|l')|en|in|on|sur|dans|with|avec|using|via|and|et)\b))"
_QUOTE = r"[\"'`«]?\s?"
_REVISION = r"\b(?:revision|rev\.?|--to-revision|history id)\s*(?:n°|no\.?|number|numero|id|=|:|#)?\s*"
_UNDO = r"(?:^\s*|[,;:.]\s*|\b(?:please|svp|stp|then|puis|faut|to|and|et)\s+)(?:roll(?:ing)?[ -]?back|revert(?:ing)?|undo|ramene[rz]?|rollbacke?[rz]?)"
_NO = r"(?:sans|without|no|not|rien d'|pas d'|pas de|plus de|aucun|disable|turn off|desactive[rz]?|coupe[rz]?|stop|non)"
_BACK = r"(?:roll[ -]?backs?|retours? (?:en )?arriere)"
# … of a backup or of a check is none of the rollback.
_AUTO = (
    r"(?<!sauvegarde )(?<!verification )(?<!controle )(?<!backup )(?<!tester )(?<!prevenir )(?<!test )(?<!tests )"
    r"automati(?:c(?:ally)?|ques?|quement|se[rd]?|sation)(?! (?:deploy|deploi|scal|test|sync|build|backup|check|snapshot|update|migration))"
)
_BY_HAND = r"manu(?:al(?:ly)?|el(?:le)?s?(?:lement)?)(?! (?:steps?|changes?|edits?|work|intervention|to automatic|a automatique))"


class RollbackParams(Params):
    """What may be said of going back."""

    tool: Annotated[
        Literal["kubectl", "helm", "argo-rollouts", "argo-cd"] | None,
        Slot(
            en="Tool", fr="Outil",
            words={
                "argo-rollouts": (r"argo[ -]?rollouts?",),
                "argo-cd": (r"argo[ -]?cd",),
                "helm": (r"helm",),
                "kubectl": (r"kubectl(?! argo)", r"rollout undo"),
            },
            example="kubectl",
        ),
    ] = None  # fmt: skip
    revision: Annotated[
        int | None,
        Field(ge=0),
        Slot(
            en="Revision to go back to", fr="Révision visée",
            cue=(
                rf"{_REVISION}\d+\s*(?:to|a|vers)\s*(?:la\s+|the\s+)?(?:revision\s+)?(?:n°\s*)?(\d+)\b(?!\.\d)",
                rf"{_REVISION}\d+\b[^;\n]{{0,40}}?\b(?:il (?:nous )?faut|on veut|je veux|should be|must be|needs? to be|we (?:want|need)|i want|mais|but)\s+(?:la |le |the |it )?(?:revision )?(?:n°\s*)?(\d+)\b(?!\.\d)",
                rf"\b(?:to|a|vers|on|sur)\s+(?:la |the )?{_REVISION}(\d+)\b(?!\.\d)",
                rf"{_REVISION}(\d+)\b(?!\.\d)",
                r"\b(\d+)(?:e|eme|st|nd|rd|th)\s+revision\b",
                r"\b(?:helm|app)\s+rollback\s+[a-z][\w-]*\s+(\d+)\b(?!\.\d)",
                r"\brevision\b[^.;\n\d]{0,20}?\b(?:a|to|est|is|sera)\s+(?:la\s+|the\s+)?(\d+)\b(?!\.\d)",
            ),
            example="3",
        ),
    ] = None  # fmt: skip
    release: Annotated[
        Label | None,
        Slot(
            en="Helm release", fr="Release Helm",
            cue=(
                rf"\brelease\s+(?:helm\s+)?(?:is\s+|est\s+|named\s+|called\s+|nommee\s+|appelee\s+|:\s*)?{_QUOTE}{_ONE}{_ENDS}",
                rf"\bhelm (?:rollback|history|status|undo)\s+(?:de |d'|du |of |the |la |on |sur )?(?:la |the )?(?:release\s+|chart\s+)?{_QUOTE}{_ONE}{_ENDS}",
                rf"(?<![\w-]){_ONE}\s+helm release",
                rf"\b(?:rollback|retour arriere) helm (?:de |d'|du |of |sur |on |pour |for )(?:la |the )?(?:release\s+|chart\s+)?{_QUOTE}{_ONE}{_ENDS}",
                rf"\b(?:the|our|la|notre)\s+{_QUOTE}{_ONE}[\"'`]?\s+release\b(?! (?:notes?|process|train|candidate|manager|branch))",
            ),
            example="shop",
        ),
    ] = None  # fmt: skip
    automatic: Annotated[
        bool | None,
        Slot(
            en="Go back without being asked", fr="Retour arrière automatique",
            words={
                "false": (
                    rf"{_NO}\s*(?:the |le |les |any |an )?(?:{_BACK} )?(?:{_AUTO}|auto\b)",
                    _BY_HAND, r"a la main", r"by hand", r"on demand", r"a la demande",
                ),
                "true": (
                    _AUTO, rf"auto[ -]?{_BACK}", rf"{_BACK} auto", r"tout seul", r"by itself", r"on its own", r"itself back", r"de lui-meme",
                    r"sans (?:intervention|action)(?: humaine| manuelle)?", r"without (?:any )?(?:human|manual|intervention)(?: intervention| action)?",
                ),
            },
            example="true",
        ),
    ] = None  # fmt: skip
    name: Annotated[
        Label | None,
        Slot(
            en="Name of the application or component", fr="Nom de l'application ou du composant",
            cue=(
                r"(?<![\w/.-])(?:deploy(?:ment)?s?(?:\.apps)?|statefulset|daemonset|svc|service|rollout)/([a-z0-9][a-z0-9-]*[a-z0-9])",
                rf"(?<!release )\b(?:named|called|nommee?|appelee?|qui s'appelle|du nom de)\s+{_QUOTE}([a-z0-9][a-z0-9-]*[a-z0-9])",
                rf"\b(?:appli|application|app|service|microservice|composant|component|workload)\s+{_QUOTE}{_ONE}{_ENDS}",
                rf"\b(?:the|our|my|la|le|notre|mon)\s+{_QUOTE}{_ONE}[\"'`]? (?:app|application|service|microservice|deployment|rollout|pods?|workload|component)\b",
                r"\b(?:(?:for|of|pour|de)\s+|d')((?:[a-z0-9]+-)+(?:api|app|service|svc|worker|web|front|back|backend|frontend|gateway|job))\b",
                rf"{_UNDO}\s+(?:of\s+|de\s+|du\s+|d'|the\s+|le\s+|la\s+)?{_ONE}{_THERE}",
                rf"\b(?:rollouts? (?:undo|abort)|app rollback)\s+(?:(?:deploy|deployment|rollout|statefulset|daemonset|sts|ds)\s+)?{_ONE}(?:{_THERE}|(?=\s+\d))",
                rf"\b(?:previous|last|derniere?|precedente?) (?:version|deployment|deploiement|rollout|revision) (?:(?:of|de|du)\s+|d'){_QUOTE}{_ONE}",
                rf"\brevision\s+\d+\s+(?:(?:of|de|du)\s+|d'){_QUOTE}{_ONE}",
            ),
            example="shop-api",
        ),
    ] = None  # fmt: skip
    namespace: Namespace = None
    environments: Environments = ()
