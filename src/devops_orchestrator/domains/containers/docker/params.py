"""The parameters of the Docker room."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from devops_orchestrator.core.params import Name, Params, Port, Slot

_THE = r"(?:(?:the|our|le|la|l'|notre|du|un|une|a|an|dedicated|dedie)\s*\b)?"
_IS = r"(?:\s*(?:=|:|\bis|\best|\bmust be|\bshould be|\bdoit etre|\bsera)\s*|\s+)"

# Images by name: with a tag they are a base wherever they are said; without one only those of a distribution are.
_FAMILY = (
    r"(?:python|node|golang|php|ruby|rust|openjdk|eclipse-temurin|amazoncorretto|maven|gradle|nginx|httpd|caddy|alpine|debian|ubuntu|"
    r"busybox|fedora|rockylinux|almalinux|amazonlinux|wolfi-base|bun|deno|elixir|perl)"
)
_TAG = r"(?::\w[\w.-]*(?:@sha256:[0-9a-f]{64})?)"
_PATH = r"[a-z0-9][\w.-]*(?::\d+)?(?:/[\w.-]+)+"
_BARE = r"(?:alpine|debian|ubuntu|nginx|httpd|caddy|busybox|scratch|fedora|amazonlinux)(?![\w.:/-])(?!\s+v?\d)"
_BASE = r"(?:base image|image de base|base d'image|base|based on|on top of|built on|starting from|a partir de|en partant de|par[st] de|basee? sur|\bfrom|use|utilise)"

# Runtimes, as they are written before their version; "go 2" is rather a verb.
_RUNTIME = (
    r"(?<![\w./:])(?:python|py|node(?:\.?js)?|golang|java(?: se)?|jdk|jre|openjdk|(?:eclipse[ -])?temurin|corretto|php(?:-fpm)?|ruby|rust|"
    r"\.net(?: core)?|dotnet|kotlin|scala|elixir|erlang|deno|bun|perl|swift|go(?=\s*(?:version\s*)?v?1\.\d|\b[^.;\n]{0,30}?\b1\.\d\d))"
)
_NUMBER = r"v?(\d{1,2}(?:\.\d+){0,2})(?![\w%]|:\d|\.\d|\s*(?:%|[kmg]i?[bo]\b|stages?\b|etapes?\b|ms\b|s\b|min|sec|h\b|replicas?\b|pods?\b|x\b))"
_SAID = r"[\s-]*(?:\s[:=]\s*)?(?:,?\s*(?:en |in )?(?:version|lts)\s*)?"
_CHANGE = r"\b(?:upgrade|update|bump|move|migrate|switch|migre[rz]?|pass(?:e[rz]?|ons)|mont(?:e[rz]?|ons)|met(?:s|tre|tez)?|bascule[rz]?)\b"

_NET = r"(?<![\d.,:/])(?!(?:19|20)\d\d\b)(\d{4,5}|80|443)(?![\w%]|[.,-]\d|\s*(?:%|[kmg]i?[bo]\b|ms\b|images?|li(?:nes|gnes)|files?|fichiers?|requ?et?e?s?ts?))"

# What stands where the name of an account would, and is none.
_NO_USER = (
    r"(?!(?:a|an|and|or|the|as|at|by|in|is|it|its|of|on|to|for|from|with|without|that|this|which|who|can|must|should|not|no|new|same|whole|single|only|"
    r"non|root|unprivileged|privileged|dedicated|default|system|normal|regular|ordinary|current|service|simple|limited|daemon|pid|cmd|command|entrypoint|"
    r"id|uid|gid|right|one-shot|process|name|nom|called|named|appelee?|nommee?|sans|avec|dans|de|du|des|d|un|une|le|la|les|l|en|et|ou|est|pour|par|qui|sur|ne|n|au|aux|dedie|systeme|"
    r"api|app service|services|management|auth|authentication|interface|account|accounts|profile|data|input|namespace|instead|image|dockerfile|please|stp|svp)\b(?!-(?!root)))"
)
_ACCOUNT = rf"{_NO_USER}([a-z_][a-z0-9_-]*(?::[a-z_][a-z0-9_-]*)?|\d{{1,10}}(?::\d{{1,10}})?)(?![\w./@])"
_WELL_KNOWN = r"(?:www-data|nobody|node|nginx|app|appuser|app-user|nonroot|runner|django|rails|spring|web|deploy)"
# After a name that stands alone, not after the verb of "the user reports that".
_ENDS = r"(?=[\"'`»]?\s*(?:$|[,;.:)(/+&]|(?:and|et|on|sur|in|dans|en|with|avec|without|sans|instead|au lieu|plutot|rather|not|pas|inside|for|pour|of|de|du|by|par|port|listening|exposing|user|then|puis)\b))"

_OUT = r"(?<!\bsans )(?<!\bwithout )(?<!\bno )(?<!pas d')(?<!pas de )(?<!/)"


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
                rf"{_BASE}{_IS}{_THE}(?:image\s+)?[\"'`«]?\s?({_PATH}{_TAG}?|[a-z0-9][\w.-]*{_TAG})",
                rf"(?<![\w./:@-])((?:[\w.-]+/)*{_FAMILY}{_TAG})",
                r"(?<![\w./:@-])((?:gcr\.io/distroless|cgr\.dev/chainguard|mcr\.microsoft\.com)/[\w./-]*\w(?::\w[\w.-]*)?)",
                rf"{_BASE}{_IS}{_THE}(?:image\s+)?[\"'`«]?\s?({_BARE})",
                rf"\b({_BARE})\s+(?:base image|as (?:the |a )?base|comme (?:image de )?base|en (?:image de )?base)",
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
                rf"{_RUNTIME}{_SAID}v?\d[\d.]*\s*(?:to|a|vers|en)\s+(?:la\s+)?(?:version\s+)?(?:{_RUNTIME}\s*)?{_NUMBER}",
                rf"{_RUNTIME}{_SAID}{_NUMBER}",
                rf"\bversion\s+v?(\d+(?:\.\d+){{0,2}})\s+(?:of|de|du|d')\s*{_RUNTIME}",
                rf"{_CHANGE}[^.;\n]{{0,40}}?{_RUNTIME}\b[^.;\n\d]{{0,30}}?\b(?:to|a|en|vers)\s+(?:la\s+|the\s+)?(?:version\s+)?{_NUMBER}",
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
                rf"\bports?\b(?:\s+d'ecoute)?(?:\s*n°|{_IS}(?:le |la |a |to |en |sur |on )?)\s*(\d{{2,5}})(?![\w%]|\.\d)",
                r"\b(?:listen\w*|ecout\w*|expos\w*|serv(?:e[sd]?|ing|ant))\s+(?:on\s+|sur\s+|at\s+)?(?:le\s+|the\s+)?(?:port\s+)?:?(\d{2,5})(?![\w%]|\.\d)",
                rf"\b(?:ports?|listen\w*|ecout\w*|expos\w*)\b[^.;\n]{{0,40}}?{_NET}",
                rf"(?:^|[\s(])(?:on|sur|at)\s+(?:le\s+|the\s+)?:?{_NET}",
                r"(?:^|[\s(]|localhost|0\.0\.0\.0|127\.0\.0\.1):(\d{2,5})\b(?!:)",
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
                r"\buid(?::gid)?\s*(?:=|:|is|est|a|to)?\s*(\d{1,10}(?::\d{1,10})?)\b",
                rf"\b(?:user|utilisateur|utilisatrice)(?:\s+(?:id|called|named|dedie|dedicated|systeme|appelee?|nommee?))?{_IS}[\"'`«]?\s?{_ACCOUNT}{_ENDS}",
                rf"\b(?:run|start|launch|execut|lanc|tourn|demarr)[a-z]*\s+(?:[a-z']+\s+){{0,4}}?(?:as|en tant que|(?:sous|under)(?=\s+(?:the |le |l')?(?:user|utilisateur|compte|account)))\s+{_THE}\s*(?:(?:user|utilisateur|compte|account)\s+)?[\"'«]?{_ACCOUNT}{_ENDS}",
                rf"\b(?:but|mais|rather|plutot)\s+(?:as|en tant que|sous)\s+{_THE}\s*[\"'`«]?{_ACCOUNT}{_ENDS}",
                rf"\b(?:as|en tant que|sous)\s+({_WELL_KNOWN})(?![\w./-])(?!\s+(?:image|server|service))",
                rf"\b(?:the|a|with|as|under)\s+[\"'`]?{_NO_USER}([a-z_][a-z0-9_-]*)[\"'`]?\s+user\b(?!\s+(?:service|interface|account|api))",
                r"\b(?:non[- ]?root|unprivileged|non[- ]privilegie)\s*\(?(?:user\s+|utilisateur\s+)?(\d{3,10})\b",
            ),
            example="10001",
        ),
    ] = None
    platforms: Annotated[
        tuple[Annotated[str, Field(pattern=r"^(linux|windows)/[a-z0-9]+(/v\d+)?$")], ...],
        Slot(
            en="Platforms to build for",
            fr="Plateformes visées",
            cue=r"(?<![\w/])((?:linux|windows)/(?!arm64|amd64)[a-z0-9]+(?:/v\d)?|windows/amd64)\b",
            words={
                "linux/amd64": (rf"{_OUT}(?:linux/)?(?:amd(?:[ -]?64)?|x86[_-]64|x86|x64|intel)",),
                "linux/arm64": (
                    rf"{_OUT}(?:linux/)?(?:arm[ -]?64(?:/v8)?|arm(?![ /-]?v?\d)|aarch64)",
                    rf"{_OUT}(?:graviton\d?|apple silicon|(?<!-)m[1-5](?! ?[mgk]o))",
                ),
                "linux/arm/v7": (rf"{_OUT}(?:linux/arm/v7|arm[ -]?v7|armhf)",),
            },
            example="linux/amd64,linux/arm64",
        ),
    ] = ()
