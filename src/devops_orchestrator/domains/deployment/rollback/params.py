"""Parameters of `deployment/rollback`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from devops_orchestrator.core.params import Environments, Label, Namespace, Params, Slot

_NOT = r"(?!(?:helm|to|a|au|aux|de|du|des|la|le|les|the|of|on|in|et|and|en|with|avec|qui|that|which|version|revision|numero|number|precedente?|previous|stable|failed|broken|ratee?|echouee?|from|pour|for|is|est|was|cassee?|d|notes?|prod|production|now|maintenant|hier|yesterday|named|called|nommee?|appelee?|si|if|when|quand|sans|without|via|by|par|dans|sur|automatically|automatique|history)\b)"


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
                "kubectl": (r"kubectl", r"rollout undo"),
            },
            example="kubectl",
        ),
    ] = None  # fmt: skip
    revision: Annotated[
        int | None,
        Field(ge=0),
        Slot(
            en="Revision to go back to", fr="Révision visée",
            cue=(r"\b(?:revision|rev|--to-revision)\s*(?:n°|no\.?|number|numero|=|:|#)?\s*(\d+)\b(?!\.\d)",),
            example="3",
        ),
    ] = None  # fmt: skip
    release: Annotated[
        Label | None,
        Slot(
            en="Helm release", fr="Release Helm",
            cue=(
                rf"\breleases?\s+(?:helm\s+)?(?:named\s+|called\s+|nommee\s+|appelee\s+)?[\"'`«]?\s?{_NOT}([a-z][a-z0-9-]*[a-z0-9])",
                rf"\bhelm rollback\s+(?:de |of |the |la )?(?:release\s+)?{_NOT}([a-z][a-z0-9-]*[a-z0-9])",
                r"\b([a-z][a-z0-9-]*[a-z0-9])\s+helm release",
            ),
            example="shop",
        ),
    ] = None  # fmt: skip
    automatic: Annotated[
        bool | None,
        Slot(
            en="Go back without being asked", fr="Retour arrière automatique",
            words={
                "false": (r"(?:manual|manuel(?:le)?)(?:ly|lement)?",),
                "true": (r"automati(?:c|que|cally|quement)(?:ally|ment)?", r"auto[- ]?rollback", r"tout seul", r"by itself"),
            },
            example="true",
        ),
    ] = None  # fmt: skip
    name: Annotated[
        Label | None,
        Slot(
            en="Name of the application or component", fr="Nom de l'application ou du composant",
            cue=(
                r"\b(?:named|called|nommee?|appelee?|qui s'appelle|du nom de)\s+[\"'`«]?\s*([a-z0-9][a-z0-9-]*[a-z0-9])",
                r"\b(?:deployments?|deploy|statefulset|daemonset)/([a-z0-9][a-z0-9-]*[a-z0-9])",
            ),
            example="shop-api",
        ),
    ] = None  # fmt: skip
    namespace: Namespace = None
    environments: Environments = ()
