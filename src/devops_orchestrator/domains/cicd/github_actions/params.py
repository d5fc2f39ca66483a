"""What a request may say of a GitHub Actions workflow."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator, Field

from devops_orchestrator.core.ci_fields import BRANCHES, KEPT, SCHEDULES, VERSIONS, each
from devops_orchestrator.core.fields import SERVICE_WORDS
from devops_orchestrator.core.params import Cron, Params, Slot


def _runner(value: object) -> object:
    """`ubuntu-24.04` of "Ubuntu 24.04"."""
    return re.sub(r"\s+", "-", value.strip().lower()) if isinstance(value, str) else value


Version = Annotated[str, Field(pattern=r"^[\w.*^~>=<| -]{1,40}$")]
Word = Annotated[str, Field(pattern=r"^[\w*][\w./*+-]{0,99}$")]
System = Annotated[Word, BeforeValidator(_runner)]
_IMAGE = r"(?:-latest|[- ]\d{2,4}(?:\.\d\d)?(?:-arm|-large|-xlarge)?)\b"


class GithubActionsParams(Params):
    """Nothing said means: one version (the project's), Ubuntu, the default branch, the services that the tests need."""

    versions: Annotated[
        tuple[Version, ...],
        Slot(
            en="Runtime versions to test on (several make a matrix)",
            fr="Versions du langage à tester (plusieurs forment une matrice)",
            cue=VERSIONS,
            example="3.12,3.13",
        ),
    ] = ()
    os: Annotated[
        tuple[System, ...],
        Slot(
            en="Operating systems of the runners",
            fr="Systèmes des runners",
            cue=rf"\b((?:ubuntu|windows|macos){_IMAGE})",
            words={
                "ubuntu": (rf"{KEPT}(?:ubuntu(?!{_IMAGE})|linux(?!/))",),
                "windows": (rf"{KEPT}windows(?!{_IMAGE})",),
                "macos": (rf"{KEPT}(?:mac(?: ?os)?(?: x)?|osx)(?!{_IMAGE})",),
            },
            example="ubuntu,windows",
        ),
    ] = ()
    branches: Annotated[
        tuple[Word, ...],
        BeforeValidator(each),
        Slot(
            en="Branches whose pushes run the workflow",
            fr="Branches dont les push lancent le workflow",
            cue=BRANCHES,
            example="main,develop",
        ),
    ] = ()
    schedule: Annotated[
        Cron | None,
        Slot(
            en="Schedule of an extra run (UTC)",
            fr="Planification d'une exécution supplémentaire (UTC)",
            cue=SCHEDULES,
            unit="five-field cron",
            example="0 3 * * 1",
        ),
    ] = None
    services: Annotated[
        tuple[Word, ...],
        Slot(
            en="Services that the tests need, beside those that they show",
            fr="Services dont les tests ont besoin, en plus de ceux que le code montre",
            words={name: tuple(KEPT + said for said in forms) for name, forms in SERVICE_WORDS.items()},
            example="postgresql,redis",
        ),
    ] = ()
