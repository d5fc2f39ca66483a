"""Parameters of `infrastructure/networking`."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from devops_orchestrator.core.fields import AnyRegion, Cloud
from devops_orchestrator.core.params import Environments, Name, Params, Port, Slot

# What stands after a port that is named by its number alone; "allow 20 users" has none of it.
_ENDS = r"(?=\s*(?:$|[.,;:!?)/&+\"'»]|\b(?:and|et|or|ou|on|in|into|sur|dans|from|depuis|to|vers|for|pour|through|via|en|at|au|aux|only|uniquement|seulement|open|ouverts?|inbound|entrants?|tcp|udp|with|avec)\b))"
_NUMBER = r"(\d{2,5})\b(?![.:-]?\d|/\d\d?\s*(?:$|[,;]))"
_LETS = (
    r"\b(?:open(?:s|ing|ed)?|ouvr\w+|allow\w*|autoris\w+|authori[sz]e\w*|permit\w*|permet\w*|accept\w*|expos\w+|laiss\w+|lets?"
    r"|block\w*|bloqu\w+|clos\w+|ferm\w+|den(?:y|ies)|refus\w+|interdi\w+|only|que|seulement|uniquement|sauf|hormis|except\w*|but|(?:a|mis a) part)\b"
)
_BETWEEN = r"(?:[\s:,/+&'(]|\b(?:the|le|les|l|ports?|tcp|udp|ssh|https?|rdp|dns|and|et|passer|through|only|que|seulement|uniquement|just|inbound|incoming|outbound|entrants?|sortants?|traffic|trafic|flux|for|pour|on|sur|to|vers|du|de)\b){1,60}"
_FIREWALL = r"\b(?:security groups?|groupes? de securite|sg|firewall|pare-?feu|nacl)(?: rules?)?"
_AZ = r"(?:availability zones?|zones? de disponibilite|azs?)"
_APART = r"(?:seules?|dispo|different|distinct|separate)"
_NO_NAT = (
    r"(?:without|(?<!have )(?<!has )no|sans|aucune?|ni|(?<!n'a )(?<!n'ont )(?<!y a )pas (?:besoin )?d[e'u]|no need (?:for|of)|(?:don't|not) (?:need|want)"
    r"|remov(?:e|ing)|delet(?:e|ing)|disabl(?:e|ing)|drop|supprim\w+|enlev\w+|retir\w+|desactiv\w+)"
    r"\s*(?:a |an |any |the |our |la |le |les |une? |d'une? |notre |passerelles? |gateways? |cloud |managed )*nat"
)


class NetworkingParams(Params):
    """What may be said of a network."""

    cloud: Cloud = None
    region: AnyRegion = None
    cidr: Annotated[
        Annotated[str, Field(pattern=r"^((25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(25[0-5]|2[0-4]\d|1?\d?\d)/(3[0-2]|[12]?\d)$")] | None,
        Slot(en="Address range", fr="Plage d'adresses", cue=r"(?<![\d.])(?!0\.0\.0\.0/0)((?:\d{1,3}\.){3}\d{1,3}/\d{1,2})(?!\d)", unit="CIDR", example="10.0.0.0/16"),
    ] = None  # fmt: skip
    zones: Annotated[
        int | None,
        Field(ge=1, le=6),
        Slot(
            en="Number of availability zones", fr="Nombre de zones de disponibilité",
            cue=(
                rf"(?<!\d)(\d+)[\s-]+(?:{_APART}\s+)?{_AZ}\b",
                rf"(?<!\d)(\d+)[\s-]+(?:{_APART}\s+)?zones?\b(?!\s+(?:dns|priv|publi|heberg|hosted|route|inverse|de recherche))",
                rf"\b(?:{_AZ}|zones?)\s*[:=]\s*(\d)\b(?![\d.])",
            ),
            words={"1": (rf"(?:single|mono|une? seule?|(?<!add )(?<!another )one)[ -]{_AZ}", r"(?:single|une? seule?)[ -]zone(?! (?:dns|priv|heberg|hosted))")},
            example="2",
        ),
    ] = None  # fmt: skip
    ports: Annotated[
        tuple[Port, ...],
        Slot(
            en="Open ports", fr="Ports ouverts",
            cue=(
                rf"\bports?\b(?:[\s:=°]|\b(?:n|numero|number|tcp|udp|entrants?|sortants?|inbound|outbound)\b){{1,20}}{_NUMBER}",
                rf"\b(?:tcp|udp)[\s/:]+{_NUMBER}",
                r"(?<![\w./:-])(\d{2,5})\s*/\s*(?:tcp|udp)\b",
                rf"{_LETS}{_BETWEEN}(?<![\w.]){_NUMBER}{_ENDS}",
                rf"{_FIREWALL}\s*(?:sur|on|for|pour|:)\s+(?:the |le |les )?{_NUMBER}{_ENDS}",
                r"(?<![\w./:-])(\d{2,5})\s+(?:only|uniquement|seulement)\b",
            ),
            words={
                "22": (rf"{_LETS}{_BETWEEN}ssh",),
                "80": (rf"{_LETS}{_BETWEEN}http",),
                "443": (rf"{_LETS}{_BETWEEN}https",),
            },
            example="80,443",
        ),
    ] = ()  # fmt: skip
    nat: Annotated[
        bool | None,
        Slot(
            en="NAT for the private subnets", fr="NAT pour les sous-réseaux privés",
            words={
                "false": (_NO_NAT, r"nat(?: gateways?)?\s*[:=]?\s*(?:disabled|desactivee?|off|false|non?)"),
                "true": (r"(?:cloud )?nat(?: gateways?)?",),
            },
            example="true",
        ),
    ] = None  # fmt: skip
    name: Name = None
    environments: Environments = ()
