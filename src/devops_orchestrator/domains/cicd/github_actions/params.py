"""What a request may say of a GitHub Actions workflow."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from devops_orchestrator.core.params import Cron, Params, Slot

_LANGUAGE = r"\b(?:python|node(?:\.?js)?|golang|go|java|jdk|php|ruby|versions?)\s+(?:versions?\s+)?"
_AND = r"\s*(?:,\s*(?:et|and|ou|or)?|et|and|ou|or|&|/)\s*(?:python|node|go|java|php|ruby)?\s*"
_V = r"v?\d+(?:\.\d+){0,2}"
_DAYS = (
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"jour|nuit|soir|matin|semaine|mois|heure|day|night|evening|morning|week|month|hour|weekday|minute)s?"
)
_AT = r"(?:\s+(?:a|at|@|vers)\s*\d{1,2}\s*(?:h|:|heures?)?\s*(?:\d{2})?\s*(?:am|pm|du soir)?)?"

Version = Annotated[str, Field(pattern=r"^[\w.*^~>=<| -]{1,40}$")]
Word = Annotated[str, Field(pattern=r"^[\w][\w./*+-]{0,99}$")]


class GithubActionsParams(Params):
    """Nothing said means: one version (the project's), Ubuntu, the default branch, the services that the tests need."""

    versions: Annotated[
        tuple[Version, ...],
        Slot(
            en="Runtime versions to test on (several make a matrix)",
            fr="Versions du langage à tester (plusieurs forment une matrice)",
            cue=(
                _LANGUAGE + r"{version}",
                _LANGUAGE + _V + _AND + r"{version}",
                _LANGUAGE + _V + _AND + _V + _AND + r"{version}",
                _LANGUAGE + _V + _AND + _V + _AND + _V + _AND + r"{version}",
            ),
            example="3.12,3.13",
        ),
    ] = ()
    os: Annotated[
        tuple[Word, ...],
        Slot(
            en="Operating systems of the runners",
            fr="Systèmes des runners",
            words={"ubuntu": (r"ubuntu", r"linux"), "windows": (r"windows",), "macos": (r"mac ?os", r"osx")},
            example="ubuntu,windows",
        ),
    ] = ()
    branches: Annotated[
        tuple[Word, ...],
        Slot(
            en="Branches whose pushes run the workflow",
            fr="Branches dont les push lancent le workflow",
            cue=(
                r"\bbranch(?:e|es)?\s+[\"'`«]?\s*(?!(?:par|protection|protegee|principale|courante|est|et|is|and|on|for|de|du|des)\b)([a-z0-9][\w./-]*)",
                r"\bbranch(?:es)\s+[\"'`«]?\s*[a-z0-9][\w./-]*[\"'`»]?\s*(?:,|et|and|&)\s*[\"'`«]?\s*([a-z0-9][\w./-]*)",
                r"\b(?:on|sur)\s+(?:the\s+|la\s+)?[\"'`«]?(main|master|develop|trunk)\b",
            ),
            example="main,develop",
        ),
    ] = ()
    schedule: Annotated[
        Cron | None,
        Slot(
            en="Schedule of an extra run (UTC)",
            fr="Planification d'une exécution supplémentaire (UTC)",
            cue=(
                r"\b(?:cron|schedule|planification)\s*:?\s*[\"'`«]?\s*((?:[\d*/,-]+\s+){4}[\d*/,-]+)",
                rf"\b((?:tous|toutes|every|each|chaque)\s+(?:les?\s+)?(?:\d+\s+)?{_DAYS}{_AT})",
                rf"\b((?:nightly|daily|weekly|monthly|hourly|quotidien(?:ne)?(?:ment)?|hebdomadaire){_AT})",
            ),
            unit="five-field cron",
            example="0 3 * * 1",
        ),
    ] = None
    services: Annotated[
        tuple[Word, ...],
        Slot(
            en="Services that the tests need, beside those that they show",
            fr="Services dont les tests ont besoin, en plus de ceux que le code montre",
            words={
                "postgresql": (r"postgres(?:ql)?", r"pg(?:sql)?"),
                "mysql": (r"mysql",),
                "mariadb": (r"maria ?db",),
                "mongodb": (r"mongo(?:db)?",),
                "redis": (r"redis", r"valkey"),
                "rabbitmq": (r"rabbit ?mq",),
                "kafka": (r"kafka",),
                "elasticsearch": (r"elastic ?search",),
                "memcached": (r"memcached?",),
                "nats": (r"nats",),
                "minio": (r"minio",),
            },
            example="postgresql,redis",
        ),
    ] = ()
