"""Parameters of `cicd/gitlab-ci`."""

from __future__ import annotations

from typing import Annotated

from devops_orchestrator.core.fields import Schedule, Services, Version, Word
from devops_orchestrator.core.params import Environments, Params, Slot


class GitlabCiParams(Params):
    """What may be said of a GitLab pipeline."""

    versions: Annotated[
        tuple[Version, ...],
        Slot(
            en="Runtime versions to test on", fr="Versions du langage à tester",
            cue=r"\b(?:python|node(?:\.?js)?|golang|go|java|jdk|php|ruby)\s+(?:versions?\s+)?{version}(?!\.)",
            example="3.12,3.13",
        ),
    ] = ()  # fmt: skip
    branches: Annotated[
        tuple[Word, ...],
        Slot(
            en="Branches that run the pipeline", fr="Branches qui lancent le pipeline",
            cue=(
                r"\bbranch(?:e|es)?\s+[\"'`«]?\s*(?!(?:par|protegee|principale|courante|est|et|is|and|on|for|de|du|des|pipelines?)\b)([a-z0-9][\w./-]*)",
                r"\b(?:on|sur)\s+(?:the\s+|la\s+)?[\"'`«]?(main|master|develop|trunk)\b",
            ),
            example="main,develop",
        ),
    ] = ()  # fmt: skip
    schedule: Schedule = None
    services: Services = ()
    runner_tags: Annotated[
        tuple[Word, ...],
        Slot(
            en="Tags of the runners", fr="Tags des runners",
            cue=(
                r"\brunners?\s+(?:with (?:the )?tags?|tagged|avec (?:le |les )?tags?|tagues?|portant le tag|tags?)\s*:?\s*[\"'`«]?\s*([a-z0-9][\w.-]*)",
                r"\b(?:runner tags?|tags? (?:de|du|des) runners?)\s*:?\s*[\"'`«]?\s*([a-z0-9][\w.-]*)",
            ),
            example="docker,linux",
        ),
    ] = ()  # fmt: skip
    environments: Environments = ()
