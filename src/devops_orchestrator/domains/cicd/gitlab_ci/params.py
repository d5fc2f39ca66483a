"""Parameters of `cicd/gitlab-ci`."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from devops_orchestrator.core.ci_fields import AND, BRANCHES, KEPT, NO_ENTRY, SCHEDULES, VERSIONS, each
from devops_orchestrator.core.fields import SERVICE_WORDS, Version, Word
from devops_orchestrator.core.params import Cron, Environments, Params, Slot

# Tags of runners, never those of git ("à chaque tag") or of an image.
_TAG = rf"(?:[\"'`«]\s?)?{NO_ENTRY}[a-z][\w.-]*(?:\s?[\"'`»])?"
_TAGS = rf"({_TAG}(?:{AND}{_TAG}){{0,6}})"
_TAGGED = r"(?:tagged|tague[es]*|etiquete[es]*|labell?ed)"
_BEFORE_TAGS = (
    rf"\b(?:runners?|jobs?)\s+(?:\w+\s+)?{_TAGGED}\s*:?",
    r"\b(?:runners?|jobs?)\s+(?:with|having|avec|ayant|portant|qui (?:ont|portent)|that have)\s+(?:the |les? )?tags?\b\s*:?",
    r"\b(?:runner[- _]?tags?|tags? (?:de|du|des) runners?)\b\s*(?:=|:|(?:a|to)\b)?",
    r"\brunners?\s*[:,(]?\s*tags?\b\s*:?",
    r"\btags?\s*[:=]\s*\[?",
)
_RUNNER_TAGS = (
    rf"(?:{'|'.join(_BEFORE_TAGS)})\s*{_TAGS}",
    rf"\btags?\s+{_TAGS}\s+(?:for|on|of|pour|sur|des|aux?|to|de)\s+(?:all |tous )?(?:the |our |les? |nos |notre )?(?:runners?|jobs?)\b",
    r"\brunners?\s+[\"'`«]?\s?(gpu|arm64|amd64|docker|shell|k8s|kubernetes|linux|windows|macos)\b(?![\w-])",
    r"\b(gpu|arm64|amd64|shell)[\"'`»]?\s+runners?\b",
)


class GitlabCiParams(Params):
    """What may be said of a GitLab pipeline."""

    versions: Annotated[
        tuple[Version, ...],
        Slot(en="Runtime versions to test on", fr="Versions du langage à tester", cue=VERSIONS, example="3.12,3.13"),
    ] = ()
    branches: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[\w*][\w./*+-]{0,99}$")], ...],
        BeforeValidator(each),
        Slot(
            en="Branches that run the pipeline",
            fr="Branches qui lancent le pipeline",
            cue=BRANCHES,
            example="main,develop",
        ),
    ] = ()
    schedule: Annotated[
        Cron | None,
        Slot(en="Schedule (UTC)", fr="Planification (UTC)", cue=SCHEDULES, unit="five-field cron", example="0 3 * * 1"),
    ] = None
    services: Annotated[
        tuple[Word, ...],
        Slot(
            en="Services that run beside the application",
            fr="Services à côté de l'application",
            words={name: tuple(KEPT + said for said in forms) for name, forms in SERVICE_WORDS.items()},
            example="postgresql,redis",
        ),
    ] = ()
    runner_tags: Annotated[
        tuple[Word, ...],
        BeforeValidator(each),
        Slot(en="Tags of the runners", fr="Tags des runners", cue=_RUNNER_TAGS, example="docker,linux"),
    ] = ()
    environments: Environments = ()
