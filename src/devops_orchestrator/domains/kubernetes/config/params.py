"""Parameters of `kubernetes/config`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from devops_orchestrator.core.params import Environments, Name, Namespace, Params, Slot

Key = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_.-]{1,127}$")]


class ConfigParams(Params):
    """What may be said of configuration, secrets and rights."""

    kind: Annotated[
        Literal["configmap", "secret", "external-secret", "sealed-secret", "rbac"] | None,
        Slot(
            en="Kind of object", fr="Type d'objet",
            words={
                "external-secret": (r"external[- ]?secrets?", r"secrets? externes?", r"eso"),
                "sealed-secret": (r"sealed[- ]?secrets?", r"kubeseal", r"secrets? scelles?"),
                "configmap": (r"config[- ]?maps?",),
                "rbac": (r"rbac", r"role ?bindings?", r"cluster ?roles?", r"service ?accounts?", r"comptes? de service", r"roles?(?= (?:kubernetes|k8s|en lecture|in namespace|read))", r"read-only (?:role|access)"),
                "secret": (r"(?<!external )(?<!sealed )(?<!external-)(?<!sealed-)secrets?(?! (?:manager|externes?|scelles?|store))",),
            },
            example="configmap",
        ),
    ] = None  # fmt: skip
    keys: Annotated[
        tuple[Key, ...],
        Slot(
            en="Keys", fr="Clés",
            cue=(
                r"(?<![\w$])([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?![\w(])",
                r"\b(?:keys?|cles?)\s+[\"'`«]?\s?(?!(?:in|dans|de|du|of|not|to|a|is|est|for|pour|and|et|ssh|api|age|prive\w*|privee|public\w*)\b)([a-z][\w.-]+)",
            ),
            example="DATABASE_URL,LOG_LEVEL",
        ),
    ] = ()  # fmt: skip
    name: Name = None
    namespace: Namespace = None
    environments: Environments = ()
