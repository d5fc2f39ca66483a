"""The forms in which people say numbers, sizes, durations and schedules, read into the contract's value forms."""

from __future__ import annotations

import re

_UNITS = {
    "zero": 0, "un": 1, "une": 1, "one": 1, "deux": 2, "two": 2, "trois": 3, "three": 3, "quatre": 4, "four": 4, "cinq": 5,
    "five": 5, "six": 6, "sept": 7, "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9,
}  # fmt: skip
_TEENS = {
    "dix": 10, "ten": 10, "onze": 11, "eleven": 11, "douze": 12, "twelve": 12, "treize": 13, "thirteen": 13,
    "quatorze": 14, "fourteen": 14, "quinze": 15, "fifteen": 15, "seize": 16, "sixteen": 16, "dix-sept": 17,
    "seventeen": 17, "dix-huit": 18, "eighteen": 18, "dix-neuf": 19, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "vingt": 20, "twenty": 20, "trente": 30, "thirty": 30, "quarante": 40, "forty": 40, "cinquante": 50, "fifty": 50,
    "soixante": 60, "sixty": 60, "soixante-dix": 70, "septante": 70, "seventy": 70, "quatre-vingt": 80,
    "quatre-vingts": 80, "eighty": 80, "quatre-vingt-dix": 90, "nonante": 90, "ninety": 90,
}  # fmt: skip
_ABOUT = {
    "une paire": 2, "a pair": 2, "a couple": 2, "une demi-douzaine": 6, "half a dozen": 6, "une huitaine": 8,
    "une dizaine": 10, "une douzaine": 12, "a dozen": 12, "une quinzaine": 15, "une vingtaine": 20, "two dozen": 24,
    "deux douzaines": 24, "une trentaine": 30, "une cinquantaine": 50, "une centaine": 100,
}  # fmt: skip


def _compounds() -> dict[str, int]:
    """`vingt-cinq`, `twenty-five`: a ten and a unit of the same language."""
    french = "vingt", "trente", "quarante", "cinquante", "soixante", "quatre-vingt"
    found: dict[str, int] = {}
    for ten, tens in _TENS.items():
        for unit, units in (*_UNITS.items(), *(_TEENS.items() if ten in ("soixante", "quatre-vingt") else ())):
            same = (ten in french) == (unit not in ("one", "two", "three", "four", "five", "seven", "eight", "nine"))
            if tens < 100 and (same or unit == "six"):
                found[f"{ten}-{unit}"] = tens + units
                if unit in ("un", "une", "onze"):
                    found[f"{ten} et {unit}"] = tens + units
    return found


# Every number in words, one to a hundred, in both languages, and what people say for about so many.
NUMBERS: dict[str, float] = {
    **_UNITS,
    **_TEENS,
    **_compounds(),
    **_TENS,
    **_ABOUT,
    "a": 1,
    "an": 1,
    "half": 0.5,
    "demi": 0.5,
}
_ARTICLES = frozenset(("a", "an", "un", "une", "one", "half", "demi"))  # numbers only where a unit follows
_ONE = r"(?:un|une|one)\b"

# The places that a cue may name; each is one capturing group, or none where it stands inside another. A sentence is
# read with its number words as digits already (`digits`), but for "one", which is an article too.
PLACES = {
    "n": rf"(\d+|\b{_ONE})",
    "version": r"v?(\d+(?:\.\d+){0,3})",
    "duration": rf"((?:(?:une\s+)?demi[- ]heure|half an hour|(?:a )?quarter of an hour|(?:un )?quart d'heure|an hour|\d+\s?h\s?\d{2}|(?:\d+(?:[.,]\d+)?|\b{_ONE})[\s-]*(?:ms|millisecondes?|milliseconds?|secondes?|seconds?|secs?|s|minutes?|mins?|mn|m|heures?|hours?|hrs?|h|jours?|days?|d|j))\b)",
    "size": r"(\d+(?:[.,]\d+)?\s*(?:[kmgt]i?[bo]?|megs?|gigs?|(?:mega|giga|tera)(?:octets?|bytes?)?|octets|bytes)\b)",
    "days": r"((?:\d+|\b(?:un|une|one|a)\b)[\s-]*(?:jours?|days?|d|j|semaines?|weeks?|fortnight|mois|months?|trimestres?|ans?|annees?|years?)\b)",
    "word": r"([a-z0-9][\w./-]*)",
}
_WORDS = re.compile(r"[a-z]+(?:'[a-z]+)?")
_OF = re.compile(r"\s+(?:de\b|of\b|d')")


def digits(folded: str) -> str:
    """A folded sentence with its number words as digits, of the same length: `vingt-cinq pods` → `25         pods`."""
    spans = [found.span() for found in _WORDS.finditer(folded)]
    place = 0
    while place < len(spans):
        start = spans[place][0]
        for size in (3, 2, 1):
            if place + size > len(spans):
                continue
            end = spans[place + size - 1][1]
            said = _plain(folded[start:end])
            if said in NUMBERS and said not in _ARTICLES:
                more = _OF.match(folded, end) if said in _ABOUT else None
                end = more.end() if more else end
                folded = folded[:start] + f"{NUMBERS[said]:.0f}".ljust(end - start) + folded[end:]
                place += size - 1
                break
        place += 1
    return _HUNDREDS.sub(_hundreds, folded)


_HUNDREDS = re.compile(
    r"(?<!pour )(?<!per )(?:\b(\d{1,3}|a|une?)(\s+))?\b(cents?|hundred|mille|thousand)\b(?:\s+(?:et\s+|and\s+)?(\d{1,2})\b)?"
)


def _hundreds(found: re.Match[str]) -> str:
    """`2   hundred and 50` → `250            `; "cent" that stands for a percentage or a coin is left alone."""
    if found[3] == "cents" and found[1] is None:
        return found[0]
    count = int(found[1]) if found[1] and found[1].isdigit() else 1
    value = count * (100 if found[3].startswith(("cent", "hundred")) else 1000) + int(found[4] or 0)
    return str(value).ljust(len(found[0]))


def number(value: object) -> object:
    """3 of "3" or "trois"; anything else as it is."""
    if isinstance(value, str):
        found = NUMBERS.get(_plain(value))
        if found is not None:
            return int(found) if found == int(found) else found
    return value


def _plain(value: str) -> str:
    """A number in words as `NUMBERS` writes it: `quatre vingt dix` → `quatre-vingt-dix`."""
    text = " ".join(value.lower().split())
    return text if text in NUMBERS else text.replace(" ", "-")


_TIME = (
    (("ms", "milliseconde", "millisecond"), "ms"),
    (("s", "sec", "seconde", "second"), "s"),
    (("m", "mn", "min", "minute"), "m"),
    (("h", "hr", "heure", "hour"), "h"),
    (("d", "j", "jour", "day"), "d"),
)
_HOURS = {
    "une demi heure": "30 min", "demi heure": "30 min", "half an hour": "30 min", "un quart d'heure": "15 min",
    "quart d'heure": "15 min", "a quarter of an hour": "15 min", "quarter of an hour": "15 min", "an hour": "1 h",
}  # fmt: skip


def duration(value: object) -> object:
    """`"5m"` of "5 minutes", "5min", "cinq minutes"; a bare number is seconds; None as it is."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value}s"
    if not isinstance(value, str):
        return value
    text = " ".join(value.lower().replace("-", " ").split())
    text = next((minutes for said, minutes in _HOURS.items() if text == said), text)
    clock = re.fullmatch(r"(\d+) ?h ?(\d\d)", text)
    if clock:
        return f"{int(clock[1]) * 60 + int(clock[2])}m"
    found = re.fullmatch(r"([\d.,]+|[^\W\d]+(?: [^\W\d]+)*?) ?([a-zé]*)", text)
    if not found:
        return value
    amount = number(found[1].replace(",", "."))
    word = found[2] if found[2] in ("", "ms", "s") else found[2].rstrip("s")
    word = word or "s"
    unit = next((unit for words, unit in _TIME if word in words), None)
    try:
        count = float(str(amount))
    except ValueError:
        return value
    if unit is None:
        return value
    smaller = {"d": ("h", 24), "h": ("m", 60), "m": ("s", 60), "s": ("ms", 1000)}
    while count != int(count) and unit in smaller:
        unit, factor = smaller[unit]
        count *= factor
    return f"{int(count)}{unit}"


_DAYS_IN = (
    (("jour", "day", "d", "j", ""), 1),
    (("semaine", "week"), 7),
    (("fortnight",), 14),
    (("mois", "moi", "month"), 30),
    (("trimestre",), 90),
    (("an", "annee", "année", "year"), 365),
)


def days(value: object) -> object:
    """Whole days: 14 of "two weeks", "14 jours"; 90 of "3 mois"; a bare number as it is."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"\s*(\d+|[^\W\d]+(?:-[^\W\d]+)*?)[\s-]*([^\W\d]*)\s*", value.lower())
    if not found:
        return value
    amount = number(found[1])
    word = found[2].removesuffix("s") if len(found[2]) > 1 else found[2]
    factor = next((factor for words, factor in _DAYS_IN if word in words), None)
    try:
        return int(str(amount)) * factor if factor else value
    except ValueError:
        return value


def cpu(value: object) -> object:
    """A Kubernetes CPU quantity: `"500m"` of 0.5, "half a core", "un demi-cœur"; `"2"` of "2 cores"."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return value
    text = value.strip().lower().replace(",", ".")
    if re.search(r"\b(half|demi)", text):
        return "500m"
    found = re.match(r"(\d+(?:\.\d+)?|[^\W\d]+)\s*(m(?![a-z])|millicores?|millicpus?)?", text)
    if not found:
        return value
    amount = number(found[1])
    try:
        count = float(str(amount))
    except ValueError:
        return value
    if found[2]:
        return f"{int(count)}m"
    return str(int(count)) if count == int(count) else f"{round(count * 1000)}m"


def memory(value: object) -> object:
    """A Kubernetes memory quantity: `"1Gi"` of "1 Go", "1GB", "1 gig"; `"512Mi"` of "512 Mo"."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(
        r"\s*(\d+(?:[.,]\d+)?|[^\W\d]+?)\s*([kmgt])(i?)(?:[bo]|igs?|egs?|igas?|egas?|éga|éga[bo])?(?:ytes?|ctets?|its?|abytes?|aoctets?)?\s*",
        value.lower(),
    )
    if not found or re.fullmatch(r"\d+(\.\d+)?(Ki|Mi|Gi|Ti|k|M|G|T)", value.strip()):
        return value.strip()
    amount = number(found[1].replace(",", "."))
    try:
        count = float(str(amount))
    except ValueError:
        return value
    unit = found[2].upper()
    if count != int(count):
        count, unit = count * 1024, {"T": "G", "G": "M", "M": "K", "K": ""}[unit]
    return f"{int(count)}{unit}i"


_DAYS = {
    "dimanche": 0, "sunday": 0, "lundi": 1, "monday": 1, "mardi": 2, "tuesday": 2, "mercredi": 3, "wednesday": 3,
    "jeudi": 4, "thursday": 4, "vendredi": 5, "friday": 5, "samedi": 6, "saturday": 6,
}  # fmt: skip


def cron(value: object) -> object:
    """A five-field cron string of "tous les lundis à 3h", "every day at 2:30 am", "toutes les 15 minutes", "nightly"."""
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    if re.fullmatch(r"([\d*/,-]+\s+){4}[\w*/,-]+", text):
        return value.strip()
    text = digits(text)
    step = re.search(rf"(?:toutes les|every|tous les|chaque)\s+{PLACES['n']}\s*(min|mn|h|heure|hour)", text)
    if step:
        count = number(step[1])
        return f"*/{count} * * * *" if step[2] in ("min", "mn") else f"0 */{count} * * *"
    days_apart = re.search(r"(?:tous les|every)\s+(\d+)\s+(?:jours|days)", text)
    if days_apart:
        hour, minute = _clock(text[days_apart.end() :])
        return f"{minute} {hour} */{days_apart[1]} * *"
    if re.search(r"toutes les minutes|every minute|chaque minute", text):
        return "* * * * *"
    if re.search(r"toutes les heures|every hour|hourly|chaque heure", text):
        return "0 * * * *"
    hour, minute = _clock(text)
    first = re.search(
        r"premier du mois|1er du mois|first (?:day )?of (?:the|each|every) month|monthly|mensuel|every month|once a month|chaque mois|tous les mois",
        text,
    )
    if first:
        return f"{minute} {hour} 1 * *"
    if re.search(r"weekdays?|jours? ouvr[eé]s?|en semaine|du lundi au vendredi|monday to friday", text):
        return f"{minute} {hour} * * 1-5"
    named = dict.fromkeys(str(number) for name, number in _DAYS.items() if re.search(rf"\b{name}s?\b", text))
    if named:
        return f"{minute} {hour} * * {','.join(named)}"
    if re.search(r"weekly|every week\b|once a week|toutes les semaines|chaque semaine|hebdo", text):
        return f"{minute} {hour} * * 1"
    if re.search(
        r"jours?|nuits?|soirs?|matins?|day|night|daily|nightly|evening|morning|quotidien|nocturne|minuit|midnight", text
    ):
        return f"{minute} {hour} * * *"
    return value


def _clock(text: str) -> tuple[int, int]:
    """(hour, minute) said in a schedule; 3:00 where only "nightly" or "every Monday" is said."""
    if re.search(r"minuit|midnight", text):
        return 0, 0
    if re.search(r"\bmidi\b|\bnoon\b", text):
        return 12, 0
    found = re.search(r"(?:\ba|à|at|@|vers)\s*(\d{1,2})\s*(?:heures?|h|:)?\s*(\d{2})?\s*(am|pm)?", text) or re.search(
        r"(\d{1,2})\s*(?:h|:)\s*(\d{2})?\s*(am|pm)?|(\d{1,2})\s*(?=am|pm)", text
    )
    if not found or found[1] is None:
        return 3, 0
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if (half == "pm" and hour < 12) or (re.search(r"du soir", text) and hour < 12):
        hour += 12
    if half == "am" and hour == 12:
        hour = 0
    return hour % 24, minute % 60


def quantile(value: object) -> object:
    """0.95 of "95" or "p95"; 0.999 of "999" or "99.9"; a share below 1 as it is."""
    if isinstance(value, str):
        try:
            value = float(value.strip().lower().removeprefix("p").replace(",", "."))
        except ValueError:
            return value
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 1:
        return round(value / (1000 if value > 100 else 100), 6)
    return value
