"""Parameters of `cicd/pipelines`."""

from __future__ import annotations

from typing import Annotated, Literal

from devops_orchestrator.core.fields import Word
from devops_orchestrator.core.params import Params, Slot

System = Literal["jenkins", "circleci", "azure-pipelines", "github-actions", "gitlab-ci"]
_SAID = {
    "jenkins": (r"jenkins(?:file)?",),
    "circleci": (r"circle ?ci",),
    "azure-pipelines": (r"azure[ -]pipelines?(?:\.yml)?", r"azure devops"),
    "github-actions": (r"github[ -]actions?", r"github", r"gha"),
    "gitlab-ci": (r"\.?gitlab[ -]ci(?:\.yml)?", r"gitlab"),
}
_MOVE = r"(?:migrat\w*|migre[rz]?|mov(?:e|ing)|port(?:er|ing|e)?|convert\w*|switch\w*|pass(?:er|e|ons|age)|bascul\w*|remplac\w*|replace|quitt\w*|translate|traduire|transform\w*)"
_TO = r"(?:to|vers|en|into|par|with|pour|->|→|a)"
_SOURCE = {
    system: tuple(
        form
        for said in forms
        for form in (
            rf"{_MOVE}\b[^.;]{{0,40}}?\b(?:from|off|depuis|de|du|d')\s*(?:our |notre |nos |the |la |le |l')?(?:ci |pipelines? )?{said}",
            rf"{_MOVE}\s+(?:our |notre |nos |the |la |le |les |my |mon |ma |mes |this |ce |\d+ )*(?:jobs? |pipelines? |config\w* |builds? |ci |de |du )*{said}",
            rf"{said}\s+{_TO}\s+(?=\.?(?:jenkins|circle|azure|git))",
        )
    )
    for system, forms in _SAID.items()
}
_TARGET = {
    system: tuple(
        rf"(?:{_MOVE}\b|from\b|de\b)[^.;]{{0,80}}?\b{_TO}\s+(?:un |une |a |an |des |our |notre )?{said}"
        for said in forms
    )
    for system, forms in _SAID.items()
}
# A system that is left or reached is no plain `system`: only a request without a move names one.
_PLAIN = {
    system: tuple(
        rf"(?<!from )(?<!depuis )(?<!vers )(?<!to )(?<!en )(?<!en gitlab )(?<!par ){said}(?!\s+(?:to|vers|->|→)\b)(?!\s+config to)"
        for said in forms
    )
    for system, forms in _SAID.items()
    if system not in ("github-actions", "gitlab-ci")
}
_STAGE = r"(lint|build|test|package|deploy|publish|release|scan)s?"
_STAGE_PLAIN = r"(?:lint|build|tests?|package|deploy|publish|release|scan)"
_THEN = r"\s*(?:,\s*(?:et|and|puis|then)?|->|→|>|/|\bet\b|\band\b|\bpuis\b|\bthen\b)\s*"


class PipelinesParams(Params):
    """What may be said of a pipeline of another system, or of a move between two."""

    system: Annotated[System | None, Slot(en="CI system", fr="Système de CI", words=_PLAIN, example="jenkins")] = None
    source_system: Annotated[
        System | None, Slot(en="System that is left", fr="Système quitté", words=_SOURCE, example="jenkins")
    ] = None
    target_system: Annotated[
        System | None, Slot(en="System that is moved to", fr="Système visé", words=_TARGET, example="github-actions")
    ] = None
    stages: Annotated[
        tuple[Word, ...],
        Slot(
            en="Stages, in order", fr="Étapes, dans l'ordre",
            cue=(
                rf"\b{_STAGE}(?={_THEN}{_STAGE_PLAIN}\b)",
                rf"\b{_STAGE_PLAIN}(?={_THEN}{_STAGE}\b)",
            ),
            example="build,test,deploy",
        ),
    ] = ()  # fmt: skip
