"""How a sentence says the versions, branches and schedules of a pipeline, whatever system runs it."""

from __future__ import annotations

import re

# Versions: "node 18, 20 and 22" (the house goes on from the first), never the one that is left.
_LANGUAGE = r"(?<![\w-])(?:python|node(?:\.?js)?|golang|go|java|jdk|temurin|php|ruby|rust|dotnet|\.net|elixir|deno|bun)"
_JOIN = r"(?:[-_ ]versions?\s*[:=]?\s*[\[(\"']*|\s*[:=@(]\s*|\s+(?:(?:en|in)\s+)?(?:versions?\s+)?|-)?"
_NUMBER = r"v?\d+(?:\.(?:\d+|x))*(?![\w]|\.\d)"
_VERSION = r"v?(\d+(?:\.(?:\d+|x)){0,3})(?!\w|\.\d)(?!\s*(?:%|[gmk]i?[bo]|min|minutes?|s|secondes?|seconds?|h|heures?|hours?|fois|times|jobs?)(?!\w))"
_BECOMES = r"(?:->|=>|→|to|a|vers|par|with|by|en)"
_CHANGE = r"(?:mov|bump|upgrad|switch|pass|mont|migr|remont)\w*(?:-l[ae]s?)?\s+(?:(?:it|them|tout|everything|la|le|les)\s+)?(?:(?:to|a|vers|en|sur)\s+)?"
_STAYS = (
    rf"(?!\s*{_BECOMES}\s+(?:{_LANGUAGE}\s*)?v?\d)(?!\s+(?:is|are|est|sont|n'est)\b)"
    rf"(?![^.;\n]{{0,30}}?\b{_CHANGE}(?:{_LANGUAGE}\s*)?v?\d)"
)
KEPT = "".join(
    rf"(?<!\b{verb} )"
    for verb in (
        "drop",
        "remove",
        "without",
        "except",
        "no",
        "sans",
        "sauf",
        "retire",
        "retirer",
        "enleve",
        "enlever",
        "supprime",
        "supprimer",
    )
)
VERSIONS = (
    rf"{KEPT}{_LANGUAGE}{_JOIN}{_VERSION}{_STAYS}",
    rf"{_LANGUAGE}{_JOIN}{_NUMBER}\s*{_BECOMES}\s+{_VERSION}",
    rf"{_LANGUAGE}{_JOIN}{_NUMBER}[^.;\n]{{0,30}}?\b{_CHANGE}{_VERSION}",
    rf"\bversions\s+(?:v?[\d.]+\s+(?:a|to)\s+)?{_VERSION}",
    rf"\bversions\s+{_VERSION}(?=\s+(?:a|to)\s+\d)",
    rf"\b{_VERSION}(?=\s+(?:to|a|dans|in)\s+(?:the |our |la |notre )?matri(?:x|ce)\b)",
    rf"\bversion\s+{_VERSION}(?=\s+(?:de|of)\s+{_LANGUAGE})",
    r"(?<![\w./-])(\d+(?:\.\d+)?\.x)\b",
    r"(?<![\w.])(\d\.\d{1,2})(?=\s*(?:,|/|et\b|and\b|&)\s*\d\.\d{1,2}(?![\w.]))",
)

# Branches: what follows the word, what is called as branches are, and patterns such as `release/*`.
_TRUNK = r"(?:main|master|develop|trunk)"
_GLOB = r"(?:releases?|hotfix(?:es)?|feature|feat|fix|bugfix|support)/[\w*.-]*[\w*](?!\.\w)"
NO_ENTRY = (
    r"(?!(?:un|une|le|la|les|l|de|des|du|d|par|pour|avec|et|en|au|aux|a|dans|sur|sans|est|sont|doit|doivent|ont|qui|que|the|an|on|in|of|to|for|from|with|and|or|is|are|has|have|should|must|"
    r"only|uniquement|seulement|puis|then|also|aussi|plus|please|svp|stp|merci|as|at|by|when|that|which|if|si|quand|tous|toutes|chaque|every|each|nightly|daily|weekly|cron|branch\w*|tags?|runners?|"
    r"protection|protegee?s?|protected|principale?s?|courante|default|defaut|names?|filters?|rules?|pipelines?|workflows?|jobs?|builds?|"
    r"deploy\w*|deploie\w*|runs?|lance\w*|teste?s?|tests|postgres\w*|pg|mysql|mariadb|mongo\w*|redis|valkey|rabbit\w*|kafka|elastic\w*|memcached?|nats|minio|codecov|sonar\w*|"
    r"python|node(?:js)?|java|go|golang|php|ruby|ubuntu|v?\d[\d.]*)(?![\w-]))"
)
_BRANCH = rf"(?:[\"'`«]\s?)?{NO_ENTRY}(?!(?:linux|windows|macos|docker)\b)[a-z0-9*][\w./*-]*(?:\s?[\"'`»])?"
AND = r"\s*(?:,\s*(?:(?:et|and|ou|or)\s+)?|/\s|\+|&|\b(?:et|and|ou|or|puis)\s)\s*(?:la |the )?"
BRANCHES = (
    rf"\bbranches\s+(?:nommees |named |: ?)?({_BRANCH}(?:{AND}{_BRANCH}){{0,6}})",
    rf"\bbranche?\s*(?:nommee |named |called |: ?)?\s(?:the |la )?({_BRANCH}(?:{AND}(?:{_TRUNK}|{_GLOB})\b){{0,6}})",
    rf"(?<![\w./-])({_GLOB})",
    rf"(?<![\w./-])((?:{_TRUNK}|{_GLOB})(?:{AND}(?:{_TRUNK}|{_GLOB})(?![\w/.-])){{1,6}})",
    rf"\b(?:on|sur|from|depuis|to|vers|into|against|targeting|ciblant|of|de|pour|for|only|uniquement|seulement|que)\s+(?:the\s+)?[\"'`«]?\s?({_TRUNK})(?![\w./-])(?!\s+(?:workflows?|jobs?|pipelines?|repo\w*|files?|app\w*)\b)",
    rf"(?<![\w./-])({_TRUNK}|production|staging|development|dev|next|stable|beta)[\"'`»]?\s+branch(?:es)?\b",
)

# Schedules: a cron line, a day with its hour on either side, a rhythm, a bare "nightly" that is not "our nightly".
_CRON = r"((?:[\d*][\d*/,-]*\s+){4}(?:[\d*][\d*/,-]*|(?:sun|mon|tue|wed|thu|fri|sat)(?:[,-](?:sun|mon|tue|wed|thu|fri|sat))*))(?![\w*])"
_DAY = (
    r"(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
)
_SPAN = rf"(?:{_DAY}s?|jours?(?: ouvres)?|nuits?|soirs?|matins?|semaines?|mois|heures?|days?|nights?|evenings?|mornings?|weeks?|weekdays?|months?|hours?|minutes?)"
_RHYTHM = r"(?:nightly|daily|weekly|monthly|hourly|quotidien(?:ne)?(?:ment)?|hebdomadaire(?:ment)?)"
_EACH = rf"(?:tous|toutes|every|each|chaque)\s+(?:les?\s+)?{_SPAN}"
_OFTEN = (
    rf"(?:{_EACH}|{_RHYTHM}|en semaine|weekdays|(?:les )?jours ouvres|du lundi au vendredi|monday to friday|{_DAY}s|"
    rf"(?:on|le|les)\s+{_DAY}s?|l[ae]\s+(?:nuit|soir|matin)|(?:une fois par|once (?:a|per))\s+(?:jour|nuit|day|night)|"
    r"(?:tous les|chaque|les?|au)\s+(?:premier|1er)\s+(?:du|de chaque)\s+mois|first (?:day )?of (?:the|each|every) month)\b"
)
_HALF = r"\s*(?:am|pm|du matin|du soir|utc)?(?![\w%])"
_AT = rf"(?:a|at|@|vers|around)\s*(?:midi|minuit|noon|midnight|\d{{1,2}}\s*(?:(?:h|heures?|:)\s*(?:\d{{2}})?)?{_HALF})"
_CLOCK = rf"(?:{_AT}|\d{{1,2}}\s*(?:h\s*(?:\d{{2}})?{_HALF}|:\d{{2}}{_HALF}|[ap]m\b))"
SCHEDULES = (
    rf"(?:\b(?:a|to|vers|par|with|by)|->|=>|→)\s*[\"'`«]?\s*{_CRON}",
    _CRON,
    rf"(?<![\w-])({_AT},?\s+{_OFTEN})",
    rf"\b({_OFTEN},?[^.,;\n\d]{{0,40}}?\s{_CLOCK})",
    r"\b((?:tou(?:te)?s les|every|chaque)\s+\d+\s*(?:min(?:ute)?s?|mn|h|heures?|hours?))\b",
    rf"\b({_EACH})\b",
    rf"(?<!\bour )(?<!\bthe )(?<!\bmy )(?<!\bnotre )(?<!\bnos )(?<!\ble )(?<!\bla )(?<!\bles )(?<!\bdu )(?<!\bdes )(?<!\d )\b({_RHYTHM})\b",
    rf"\b(on {_DAY}s|weekdays)\b",
)


def each(values: object) -> object:
    """Every entry of "main, develop and trunk", which a sentence says in one breath."""
    if not isinstance(values, list | tuple):
        return values
    said = (re.split(r"\s*(?:,|\s[+&]\s|/\s|\s(?:et|and|ou|or|puis|la|the)\s)\s*", str(value)) for value in values)
    return tuple(item.strip(" \"'`«»") for items in said for item in items if item.strip(" \"'`«»"))
