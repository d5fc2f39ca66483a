"""What a sentence says of old values: "from X to Y", "X instead of Y", "not X". Only the value that shall be is kept.

Every function takes a folded sentence and gives one of the same length, with blanks where an old value stood, so that
what is left reads as if the new value alone had been said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_UNIT = (
    r"(?:%|ms|s|secondes?|seconds?|min|minutes?|h|heures?|hours?|jours?|days?|semaines?|weeks?|mois|months?|[kmgt]i?[bo]?|"
    r"pods?|replicas?|cores?|percent|pour cent)"
)
_VALUE = rf"[\w./:-]{{0,60}}[\w/](?![\w/])(?:[.,]\d+)?(?:\s*{_UNIT}(?!\w))?"
_NOUNS = r"(?:(?!(?:de|des|du|from)\b)[a-z][\w'.-]*\s+){0,3}?"  # "from the current port 8080"
_VERB = (
    r"\b(?:pass(?:e[rz]?|ent|ons)|change[rz]?|remont(?:e[rz]?|ons)|monte[rz]?|(?:a?baiss)e[rz]?|augmente[rz]?|diminue[rz]?|reduire|reduis|descend\w*|migre[rz]?|migrate|migration|"
    r"bascule[rz]?|decale[rz]?|deplace[rz]?|transfere[rz]?|agrandi[rst]?\w*|redimensionne[rz]?|etend\w*|raise|lower|increase|decrease|reduce|bump|moved?|switch|upgrade|update|drop|"
    r"extend|expand|grow|resize|downsize|shorten|shift|(?:r?al|pro)longe[rz]?|raccourci[rst]?\w*)\b"
)
_TO = r"(?:to|a|au|aux|vers|par)\s+(?!(?:en|in|on|sur|de|d|pour|for|of|the same)\b)|en\s+(?=v?\d)"
_FROM_TO = re.compile(rf"(\b(?:(?:from|depuis|des|de|du)\s+|d'){_NOUNS}({_VALUE})\s+(?:{_TO}))\s*(?=(\S+))")
_SAID_VERB = re.compile(_VERB)
_NEAR = 60  # characters between the verb of a change and its old value
_REPLACED = re.compile(
    r"\b(?:remplace[rz]?|replace|substitue[rz]?|troque[rz]?|swap)\s+(?:(?:the|le|la|les|our|notre|nos)\s+|l')?(?:(?:port|version|image|label|tag|region|host|hote)\s+)?((?:[\w./:'-]+\s+){1,5}?(?:par|with|by|for|contre)\s+(?:(?:the|an?|une?|le|la|les)\s+|l')?)(?=\S)"
)
_ARROW = re.compile(r"(?<![\w.%/:-])([\w.%/:-]{0,40}\d[\w.%/:-]{0,40}\s*(?:->|=>|→)\s*)(?=[\w.])")
_INSTEAD = re.compile(
    r"\b((?:au lieu (?:de\s+|d')|plutot que (?:de\s+)?|plutot qu'|instead of|rather than)\s*(?:(?:the|an?|une?|le|la|les|du|des)\s+|l')?[\w.:/-]+(?:\s*%)?)"
)
_NOT = re.compile(
    rf"((?:\b(?:et\s+)?(?:pas|non pas|not)\s+(?:(?:on|sur|in|en|a|le|la|the)\s+)?\d[\w.:/-]{{0,60}}(?:\s*{_UNIT}(?!\w))?)"
    r"|,\s*(?:pas|not|et non(?: pas)?)\s+(?!(?:de|d|des|du|besoin|need|needed|want|yet|encore|only|seulement|just|even|plus|the|on|sur|in|en|trop|too|to|a|more|less)\b)[a-z][\w.:/-]*)"
)


def without_old(folded: str) -> str:
    """The sentence without the X of every change that a verb or a word announces."""
    for pattern in (_REPLACED, _INSTEAD, _NOT):
        folded = _blanked(folded, pattern.finditer(folded))
    if len(_ARROW.findall(folded)) == 1:  # more of them are a sequence: "5% → 20% → 100%"
        folded = _blanked(folded, _ARROW.finditer(folded))
    return _blanked(folded, (match for match in _from_to(folded) if _announced(folded, match.start(1))))


def without_ranges(folded: str) -> str:
    """The sentence without the X of any "from X to Y" of two amounts: for what cannot be a range."""
    return _blanked(folded, (match for match in _from_to(folded) if any(map(str.isdigit, match[2]))))


def _from_to(folded: str) -> Iterator[re.Match[str]]:
    """The "from X to Y" whose X is of Y's kind: an amount where Y is one."""
    for match in _FROM_TO.finditer(folded):
        if any(map(str.isdigit, match[2])) or not match[3][0].isdigit():
            yield match


def _announced(folded: str, start: int) -> bool:
    verbs = list(_SAID_VERB.finditer(folded, 0, start))
    return bool(verbs) and start - verbs[-1].end() <= _NEAR and not set(".;\n") & set(folded[verbs[-1].end() : start])


def _blanked(folded: str, matches: Iterator[re.Match[str]]) -> str:
    for match in list(matches):
        start, end = match.span(1)
        folded = folded[:start] + " " * (end - start) + folded[end:]
    return folded
