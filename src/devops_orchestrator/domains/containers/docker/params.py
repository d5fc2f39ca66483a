"""The parameters of the Docker room."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from devops_orchestrator.core.params import Name, Params, Port, Slot


class DockerParams(Params):
    """What may be said of an image; all of it is optional."""

    name: Name = None
    base_image: Annotated[
        Annotated[str, Field(pattern=r"^[a-z0-9][\w.-]*(:\d+)?(/[\w.-]+)*(:[\w][\w.-]*)?(@sha256:[0-9a-f]{64})?$")]
        | None,
        Slot(
            en="Base image of the final stage",
            fr="Image de base de l'étape finale",
            cue=(
                r"\b(?:base image|image de base|base(?= [\w./-]+:)|based on(?: the)?(?: image)?|a partir de(?: l'image)?|basee? sur(?: l'image)?|base d'image)\s+(?:est |is |: ?|= ?)?[\"'`«]?\s*([a-z0-9][\w./-]*(?::[\w.-]+)?(?:@sha256:[0-9a-f]{64})?)",
                r"\bfrom ((?:[\w.-]+/)*(?:python|node|golang|php|ruby|nginx|eclipse-temurin|alpine|debian|ubuntu|gcr\.io/distroless/[\w-]+):[\w.-]+)",
            ),
            example="python:3.14-slim-trixie",
        ),
    ] = None
    version: Annotated[
        Annotated[str, Field(pattern=r"^\d+(\.\d+){0,3}$")] | None,
        Slot(
            en="Version of the language runtime",
            fr="Version du langage",
            cue=(
                r"\b(?:python|node(?:\.?js)?|golang|go|java|jdk|jre|php|openjdk|temurin)\s*(?:version|en version|v)?\s*v?(\d+(?:\.\d+){0,2})\b",
                r"\bversion\s+{version}",
            ),
            example="3.14",
        ),
    ] = None
    port: Annotated[
        Port | None,
        Slot(
            en="Port the application listens on",
            fr="Port d'écoute de l'application",
            cue=(
                r"\bports?\s+(?:n°\s*|is\s+|est\s+(?:le\s+)?|le\s+|=\s*|:\s*)?(\d{2,5})\b",
                r"\b(?:listen(?:s|ing)?|ecoute(?:r|nt)?|expose[rsd]?)\s+(?:on|sur)?\s*(?:le\s+|the\s+)?(?:port\s+)?:?(\d{2,5})\b",
            ),
            example="8080",
        ),
    ] = None
    user: Annotated[
        Annotated[str, Field(pattern=r"^([a-z_][a-z0-9_-]{0,31}|\d{1,10})(:([a-z_][a-z0-9_-]{0,31}|\d{1,10}))?$")]
        | None,
        Slot(
            en="User of the running container (name or numeric UID)",
            fr="Utilisateur du conteneur (nom ou UID numérique)",
            cue=(
                r"\buid\s*(?:=|:|is|est)?\s*(\d{1,10})\b",
                r"\b(?:user|utilisateur|utilisatrice)\s+(?:called\s+|named\s+|appelee?\s+|nommee?\s+)?[\"'`«]?\s*(?!(?:called|named|appelee?|nommee?|non|root|nonroot|id|sans|without|with|avec|name|nom|in|dans|of|du|de|for|pour|is|est|et|and|a|as)\b)([a-z_][a-z0-9_-]*|\d{1,10})",
            ),
            example="10001",
        ),
    ] = None
    platforms: Annotated[
        tuple[Annotated[str, Field(pattern=r"^(linux|windows)/[a-z0-9]+(/v\d+)?$")], ...],
        Slot(
            en="Platforms to build for",
            fr="Plateformes visées",
            words={
                "linux/amd64": (r"linux/amd64", r"amd64", r"x86[_-]64", r"intel"),
                "linux/arm64": (r"linux/arm64", r"arm64", r"aarch64", r"graviton", r"apple silicon", r"\bm[1-4]\b"),
                "linux/arm/v7": (r"linux/arm/v7", r"armv7", r"armhf"),
            },
            example="linux/amd64,linux/arm64",
        ),
    ] = ()
