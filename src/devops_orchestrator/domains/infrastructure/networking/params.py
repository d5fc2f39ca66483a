"""Parameters of `infrastructure/networking`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from devops_orchestrator.core.fields import AnyRegion, Cloud
from devops_orchestrator.core.params import Environments, Name, Params, Port, Slot


class NetworkingParams(Params):
    """What may be said of a network."""

    cloud: Cloud = None
    region: AnyRegion = None
    cidr: Annotated[
        Annotated[str, Field(pattern=r"^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)/(3[0-2]|[12]?\d)$")] | None,
        Slot(en="Address range", fr="Plage d'adresses", cue=r"(?<![\d.])((?:\d{1,3}\.){3}\d{1,3}/\d{1,2})(?!\d)", unit="CIDR", example="10.0.0.0/16"),
    ] = None  # fmt: skip
    zones: Annotated[
        int | None,
        Field(ge=1, le=6),
        Slot(
            en="Number of availability zones", fr="Nombre de zones de disponibilité",
            cue=(r"{n}\s+(?:availability |dispo )?(?:zones?|azs?)\b(?! dns)",),
            example="2",
        ),
    ] = None  # fmt: skip
    ports: Annotated[
        tuple[Port, ...],
        Slot(
            en="Open ports", fr="Ports ouverts",
            cue=(
                r"\bports?\s+(?:tcp |udp )?(\d{2,5})\b",
                r"\b(?:only|que|seulement|uniquement|ouvr(?:ir|e|ez)|open|autorise[rsz]?|allow(?:ing)?|laisse[rz]?|authori[sz]e)\s+(?:the |le |les |ports? |tcp |passer )*(\d{2,5})\b(?!\.\d)(?!\s*(?:hosts?|machines|ips?))",
            ),
            words={"22": (r"(?:ouvrir|open|allow|autoriser) ssh",), "443": (r"(?:ouvrir|open|allow|autoriser) https",)},
            example="80,443",
        ),
    ] = ()  # fmt: skip
    nat: Annotated[
        bool | None,
        Slot(
            en="NAT for the private subnets", fr="NAT pour les sous-réseaux privés",
            words={"false": (r"(?:without|no|sans|pas de) (?:a |passerelle )?nat",), "true": (r"(?:cloud )?nat(?: gateway)?",)},
            example="true",
        ),
    ] = None  # fmt: skip
    name: Name = None
    environments: Environments = ()
