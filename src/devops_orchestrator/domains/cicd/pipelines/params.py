"""Parameters of `cicd/pipelines`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from devops_orchestrator.core.params import Params, Slot

_SYSTEMS = {
    "jenkins": r"jenkins(?:files?)?",
    "circleci": r"circle ?ci",
    "azure-pipelines": r"(?:azure[ -]pipelines?(?:\.yml)?|azure devops)",
    "github-actions": r"(?:github[ -]actions?|gha)",
    "gitlab-ci": r"\.?gitlab[ -]ci(?:\.yml)?",
}
_FULL = "(?:" + "|".join(_SYSTEMS.values()) + r")(?![\w-])"
# Beside a verb that moves, the forge alone says its CI.
_ANY = "(?:" + "|".join((*_SYSTEMS.values(), "github", "gitlab")) + r")(?![\w-])"

_LEAVE = r"\b(?:migr\w*|quitt\w*|leav(?:e|ing)|abandon\w*|ditch|rid of|sort(?:ir|ons)|part(?:ir|ons)?(?= d))"
_MOVE = (
    rf"(?:{_LEAVE}|\b(?:mov(?:e|ing)|port(?:er|ing|e|ez)?|convert\w*|switch\w*|pass(?:er|e|ez|ons|age)|bascul\w*|remplac\w*|replac\w*|"
    r"translat\w*|tradui\w*|transform\w*|transpos\w*|rewrit\w*|reecri\w*|turn|all(?:er|ons)|adopt\w*|repren(?:d|ds|dre|ez)))\b"
)
_TO = r"(?:\b(?:to|vers|en|into|onto|par|with|by|pour|for|sur|sous|a)\s|->|=>|→)\s*"
_OFF = r"\b(?:from|off|out of|depuis|de|du|d')\s*"
_ITS = r"(?:(?:our|the|my|this|an|a|notre|nos|les?|la|l'|un|une|mon|mes|ce|cette|des|old|ci|pipelines?|jobs?|builds?|workflows?|config\w*|files?|fichiers?|de|du|\d+)\s*){0,4}"
_GAP = r"(?:[^.;\n]|\.(?=\S)){0,40}?"
_BLANKED = r"(?<![\d\s])\s{4,}"  # where the house took the X of "from X to Y" away

# `@` is the system meant.
_LEFT = (
    rf"{_MOVE}{_GAP}\b(?:from|off|out of|depuis)\s+{_ITS}@",
    rf"{_LEAVE}\s+{_ITS}@",
    rf"{_LEAVE}{_GAP}{_OFF}{_ITS}@",
    rf"{_MOVE}\s{_GAP}\b@{_GAP}{_TO}{_ITS}{_ANY}",
    rf"\b@\s*(?:{_ITS})(?:\b(?:to|vers)\s|->|=>|→)\s*{_ITS}{_FULL}",
    rf"\b(?:instead of|rather than|au lieu d[eu']|plutot qu[e'])\s*{_ITS}@",
    rf"\bequivalent\b{_GAP}\b(?:of|for|to|de|du|d')\s*{_ITS}@",
)
_REACHED = (
    rf"{_MOVE}(?:[^.;\n]|\.(?=\S)){{0,80}}?{_TO}{_ITS}@",
    rf"{_BLANKED}{_ITS}@",
    rf"\b{_FULL}\s*{_ITS}(?:\b(?:to|vers)\s|->|=>|→)\s*{_ITS}@",
    r"\b@\s{8,}",
    r"\bequivalent\s+(?:en\s+|in\s+)?@",
)
# A system that is left or reached is no plain `system`: only a request without a move names one.
_MOVES = "|".join(cue.replace("@", _ANY) for cue in (*_LEFT, *_REACHED))
_PLAIN = rf"\A(?![\s\S]*?(?:{_MOVES}))[\s\S]*?(?<![\w-])({_FULL}|gitlab(?=\s+pipelines?\b)|(?<=pipeline )gitlab\b)"

_SAID = {
    "test": ("tests unitaires", "unit tests", "tests", "testing"), "build": ("builds", "compilation", "construction"), "lint": ("linting", "linter"),
    "deploy": ("deployment", "deploiement", "déploiement", "deploie", "déploie"), "package": ("packaging",), "install": ("installation",),
    "publish": ("publication", "publie"), "scan": ("scan de securite", "scan de sécurité", "security scan", "scans"), "security": ("securite", "sécurité"), "release": ("releases",),
}  # fmt: skip
_STAGE = rf"(?:{'|'.join((*(form for forms in _SAID.values() for form in forms), *_SAID))}|checkout|e2e|integration|staging|notify|sonar|push|verify|quality|coverage|analyse|analysis)"
_NAMED = r"(?:[\"'`«]\s?)?(?!(?:un|une|le|la|les|de|des|du|pour|avec|en|au|dans|sur|the|a|an|on|in|of|to|for|with|from|that|which|qui|que|is|are|jenkins\w*|circleci|azure|github|gitlab)\b)[a-z][\w-]*[\"'`»]?"
_THEN = r"\s*(?:,\s*(?:(?:et|and|puis|then|ensuite)\s+)?|->|→|>|/|\b(?:et|and)\s+(?:puis\s+|then\s+)?|\b(?:puis|then|ensuite)\s+)\s*(?:(?:le|la|les|un|une|the|a)\s+)?"
_PLAIN_THEN = _THEN.replace("|/", "")
_SEVERAL = rf"\b{_STAGE}\b(?:{_THEN}{_STAGE}\b){{1,9}}"
_STAGES = r"\b(?:stages?|etapes?|steps?|phases?)"


def _system(value: object) -> object:
    """`jenkins` of "Jenkinsfile", `gitlab-ci` of "GitLab"."""
    if not isinstance(value, str):
        return value
    said = value.strip().lower()
    alone = {"github": "github-actions", "gitlab": "gitlab-ci"}
    return alone.get(said) or next((name for name, form in _SYSTEMS.items() if re.fullmatch(form, said)), value)


def _stages(values: object) -> object:
    """Every stage of "build, tests puis déploiement", by its usual name."""
    if not isinstance(values, list | tuple):
        return values
    found: list[str] = []
    for value in values:
        text = str(value)
        # A stage may be called "deploy/prod": a slash parts only stages that are known.
        parts = re.split(_THEN, text) if re.fullmatch(_SEVERAL, text.lower()) else re.split(_PLAIN_THEN, text)
        found += [part.strip(" \"'`«»").lower() for part in parts]
    return tuple(next((name for name, forms in _SAID.items() if item in forms), item) for item in found if item)


System = Annotated[
    Literal["jenkins", "circleci", "azure-pipelines", "github-actions", "gitlab-ci"], BeforeValidator(_system)
]
Stage = Annotated[str, Field(pattern=r"^\w[\w./*+-]{0,99}$")]


class PipelinesParams(Params):
    """What may be said of a pipeline of another system, or of a move between two."""

    system: Annotated[System | None, Slot(en="CI system", fr="Système de CI", cue=_PLAIN, example="jenkins")] = None
    source_system: Annotated[
        System | None,
        Slot(
            en="System that is left",
            fr="Système quitté",
            cue=tuple(cue.replace("@", f"({_ANY})") for cue in _LEFT),
            example="jenkins",
        ),
    ] = None
    target_system: Annotated[
        System | None,
        Slot(
            en="System that is moved to",
            fr="Système visé",
            cue=tuple(cue.replace("@", f"({_ANY})") for cue in _REACHED),
            example="github-actions",
        ),
    ] = None
    stages: Annotated[
        tuple[Stage, ...],
        BeforeValidator(_stages),
        Slot(
            en="Stages, in order",
            fr="Étapes, dans l'ordre",
            cue=(
                rf"{_STAGES}\s*(?::|named|called|nommees|suivante?s|are|sont|de|=)?\s*:?\s*({_NAMED}(?:{_THEN}{_NAMED}){{1,9}})",
                rf"(?<!entre )(?<!between )({_SEVERAL})",
                rf"{_STAGES}\s+(?:de |d'|named |called |nommee? )?[\"'`«]?({_STAGE})\b(?!{_THEN}{_STAGE}\b)(?![\s\S]{{0,200}}?{_SEVERAL})",
                rf"\b(?:a|an|the|une?)\s+[\"'`]?({_STAGE})[\"'`]?\s+(?:stage|step|phase)\b(?![\s\S]{{0,200}}?{_SEVERAL})",
            ),
            example="build,test,deploy",
        ),
    ] = ()
