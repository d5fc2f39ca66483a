"""Parameters of `containers/registries`."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from devops_orchestrator.core.fields import AWS_REGION, GCP_REGION, Days
from devops_orchestrator.core.params import Params, Slot

_SAID: dict[str, tuple[str, ...]] = {
    "ghcr": (r"ghcr(?:\.io)?", r"github (?:container |docker )?(?:registry|packages)", r"(?:registre|registry)(?: de conteneurs)? (?:de )?github"),
    "dockerhub": (r"(?:hub\.)?docker ?hub", r"docker\.io", r"hub\.docker\.com", r"hub docker"),
    "ecr": (r"ecr", r"elastic container registry", r"(?:registre|registry) (?:d')?(?:aws|amazon)", r"(?:aws|amazon) (?:container )?registry", r"\d{12}\.dkr\.ecr[\w.-]*"),
    "artifact-registry": (r"artifacts?[ -]registry", r"[\w-]+\.pkg\.dev", r"gcr(?:\.io)?", r"(?:registre|registry) (?:de )?(?:gcp|google(?: cloud)?)", r"(?:gcp|google(?: cloud)?) (?:container )?registry"),
    "gitlab": (
        r"(?:registre|registry)(?: de conteneurs| d'images)? (?:(?:de|du|in|of|on) )?gitlab", r"gitlab(?:'s)? (?:(?:container|docker|image) )?registry", r"registry\.gitlab\.com",
        r"(?:to|vers|sur|dans|in|into|on) gitlab(?! ?-?(?:ci|runners?|pipelines?|jobs?))",
    ),
    "harbor": (r"harbor",),
}  # fmt: skip
_ANY = "|".join(said for words in _SAID.values() for said in words)
# Docker Hub in "from Docker Hub to Harbor", "replace Docker Hub with our GHCR".
_NO_LONGER = rf"(?!\s+(?:to|into|vers|a|par|with|by|pour|for)\s+(?:the |our |notre |le |la |un |an? )?(?:{_ANY})\b)"

_SEGMENT = r"[a-z0-9][\w.-]*"
_TAG = r"(?::\w[\w.-]*)?(?:@sha256:[0-9a-f]{64})?"
_HOST = r"(?:(?!(?:github|gitlab|bitbucket)\.com|kubernetes\.io)(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?|localhost:\d+)"
_REPOSITORY = rf"{_HOST}(?!/v[12]\b|/library/?[\"'\s])(?:/{_SEGMENT})+{_TAG}"
_ON_HUB = rf"(?!w/o\b){_SEGMENT}(?:/{_SEGMENT})+{_TAG}"
_SHORT = rf"{_SEGMENT}:v?\w[\w.-]*"
_HANDLED = r"\b(?:re)?(?:push|pull|tag|pousse[rz]?|tire[rz]?|tague[rz]?|publie[rz]?|publish|promote|copy|copie[rz]?|build)(?:ing|s)?"

_KEPT = (
    r"\b(?:retention|retain(?:ed)?|keep(?:s|ing)?|kept|gard(?:e[rsz]?|ees?|ant|ons)|conserv\w*|stor(?:e[ds]?|ing)|"
    r"delet\w*|remov\w*|supprim\w*|purg\w*|prun\w*|efface\w*|nettoy\w*|nettoie\w*|clean(?:ed|ing|s)?[ -]?(?:up)?|vir(?:e[rsz]?|ees?)|menage|"
    r"older|age[sd]?|anciennes?|vieilles?|vieux|lifecycle|cycle de vie|jet\w*|drop(?:ped|s)?)\b"
)
_PAST = r"(?<!y a )(?<!depuis )(?<!since )(?<!last )"
_LONG = rf"{_PAST}{{days}}(?!\s+ago\b)"


class RegistriesParams(Params):
    """What may be said of a registry and of an image in it."""

    registry: Annotated[
        Literal["ghcr", "dockerhub", "ecr", "artifact-registry", "gitlab", "harbor"] | None,
        Slot(
            en="Registry", fr="Registre",
            words={name: tuple(f"(?:{one}){_NO_LONGER}" for one in said) for name, said in _SAID.items()},
            example="ghcr",
        ),
    ] = None  # fmt: skip
    image: Annotated[
        Annotated[str, Field(pattern=r"^[a-z0-9][\w.:/@-]*$", max_length=255)] | None,
        Slot(
            en="Container image", fr="Image de conteneur",
            cue=(
                rf"(?<![\w./:@-])({_REPOSITORY})",
                rf"\bimages?\s+[\"'`«]?\s?({_ON_HUB}|{_SHORT})",
                rf"{_HANDLED}\s+(?:the |our |l'|notre |une? )?[\"'`«]?\s?({_ON_HUB}|{_SHORT})",
                r"(?:^|[\s\"'`(])([a-z0-9][\w.-]*/[a-z][\w.-]*:v?\d[\w.-]*)",
            ),
            example="ghcr.io/acme/shop:1.4.0",
        ),
    ] = None  # fmt: skip
    retention_days: Annotated[
        Days | None,
        Slot(
            en="Days that it is kept", fr="Durée de conservation en jours",
            cue=(
                rf"{_KEPT}[^.;]{{0,60}}?{_LONG}",
                r"{days}\s+(?:de |of |d')?(?:retention|conservation|historique|history|ttl)\b",
                r"(?<![\w.])(\d+)\s*-\s*days?\s+(?:image |tag )?(?:retention|cleanup|lifecycle|expiry|expiration|history|policy|ttl)",
                rf"\b(?:images?|tags?|layers?|couches?)\b[^.;]{{0,40}}?\b(?:expir\w*|ttl)\b[^.;]{{0,30}}?{_LONG}",
                rf"\b(?:images?|tags?|versions?)\s+(?:(?:de|d'|of|over|past|beyond)\s*)?(?:plus de |plus d'|more than |over )?{_LONG}",
                r"\b(?:apres|after|au bout de|au-dela de|passe|past|beyond)\s+{days}(?!\s+ago\b)",
            ),
            unit="days", example="30",
        ),
    ] = None  # fmt: skip
    region: Annotated[
        Annotated[str, Field(pattern=rf"^({AWS_REGION}|{GCP_REGION})$")] | None,
        Slot(
            en="Region", fr="Région",
            cue=(rf"\b({AWS_REGION})(?![\w-])", rf"\b({GCP_REGION})(?:-docker\.pkg\.dev|(?![\w-]))"),
            example="eu-west-3",
        ),
    ] = None  # fmt: skip
