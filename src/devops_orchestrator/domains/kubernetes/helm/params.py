"""Parameters of `kubernetes/helm`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from devops_orchestrator.core.fields import Image, SaidPort
from devops_orchestrator.core.params import Environments, Label, Namespace, Params, Slot


class HelmParams(Params):
    """What may be said of a chart."""

    name: Annotated[
        Label | None,
        Slot(
            en="Name of the chart", fr="Nom du chart",
            cue=(
                r"\b(?:named|called|nommee?|appelee?|qui s'appelle|du nom de)\s+[\"'`«]?\s*([a-z0-9][a-z0-9-]*[a-z0-9])",
                r"\b(?:chart|release)\s+[\"'`«](?:\s)?([a-z0-9][a-z0-9-]*[a-z0-9])\s?[\"'`»]",
                r"\b(?:release|chart)\s+(?!(?:helm|for|pour|of|de|du|des|d|a|an|the|le|la|les|our|notre|mon|my|with|avec|et|and|en|in|name|version|museum|commun|qui|that|which|is|est|on|sur|dans|from|bitnami|postgres|redis|yaml|has|already|to|as|generique|common|generic|dependenc\w*|test\w*|hook\w*|value\w*|template\w*|upgrade\w*|install\w*|parent|dont|chart|lint)\b)([a-z][a-z0-9]*(?:-[a-z0-9]+)+)\b",
            ),
            example="shop",
        ),
    ] = None  # fmt: skip
    version: Annotated[
        Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+([-+][0-9A-Za-z.-]+)?$")] | None,
        Slot(
            en="Version of the chart", fr="Version du chart",
            cue=(
                r"\bchart\b[^.;\n]{0,40}?\b(?:version\s*:?\s*|v|en version\s+|at |a la version |@ ?)(\d+\.\d+\.\d+(?:-[\w.]+)?)",
                r"\b(?:version\s+(?:du chart|of the chart)?\s*:?\s*)(\d+\.\d+\.\d+(?:-[\w.]+)?)",
            ),
            example="0.1.0",
        ),
    ] = None  # fmt: skip
    image: Image = None
    replicas: Annotated[
        int | None,
        Field(ge=0, le=1000),
        Slot(
            en="Number of pods", fr="Nombre de pods",
            cue=(r"{n}\s+(?:replicas?|repliques?|pods?|instances?|copies)\b", r"\breplica(?:s|count)?\s*(?:=|:|to|a)?\s*{n}"),
            example="2",
        ),
    ] = None  # fmt: skip
    port: SaidPort = None
    namespace: Namespace = None
    environments: Environments = ()
