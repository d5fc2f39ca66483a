"""Schedules that no clock meets."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Hit, Severity, Source, rule
from devops_orchestrator.domains.kubernetes.deployments.rules import index
from devops_orchestrator.text import Text

# (name, lowest, highest, names) of the five fields, as the CronJob controller reads them.
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, _MONTHS),
    ("weekday", 0, 7, _DAYS),
)
_MACROS = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_PART = re.compile(r"(?:\*|\?|(\w+)(?:-(\w+))?)(?:/(\d+))?")


@rule(
    "deployments/invalid-schedule", Severity.ERROR, on="kubernetes",
    url="https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax",
    title=Text("A schedule that is none", "Une planification qui n'en est pas une"),
    advice=Text(
        "The API refuses the CronJob: it never runs.",
        "L'API refuse le CronJob : il ne s'exécute jamais.",
    ),
)  # fmt: skip
def invalid_schedule(source: Source, project: Project) -> Iterator[Hit]:
    """A `schedule` with a number of fields other than five, or with a value outside of its field."""
    for one in index.objects(source, project):
        node = one.get("spec", "schedule") if one.kind == "CronJob" and one.group == "batch" else None
        if node is None or not isinstance(node.value, str) or "$" in node.value or "{{" in node.value:
            continue
        wrong = fault(node.value)
        if wrong:
            yield Hit(
                node.start, node.end,
                Text(f"CronJob {one.called}: {wrong.en}.", f"CronJob {one.called} : {wrong.fr}."),
            )  # fmt: skip


def fault(schedule: str) -> Text | None:
    """What is wrong with a schedule, or None."""
    text = schedule.strip()
    if text.startswith("@every ") or text in _MACROS:
        return None
    words = text.split()
    if words and words[0].startswith(("TZ=", "CRON_TZ=")):
        return Text("a time zone belongs into timeZone", "le fuseau horaire se met dans timeZone")
    if len(words) != 5:
        return Text(f"{schedule} has {len(words)} fields, not 5", f"{schedule} a {len(words)} champs, pas 5")
    for word, (name, low, high, names) in zip(words, _FIELDS, strict=True):
        for part in word.split(","):
            found = _PART.fullmatch(part)
            numbers = [_number(one, names) for one in (found[1], found[2]) if one] if found else [None]
            if any(number is None or not low <= number <= high for number in numbers) or (found and found[3] == "0"):
                return Text(
                    f"{part} is no {name} ({low}-{high})", f"{part} n'est pas une valeur de {name} ({low}-{high})"
                )
            if len(numbers) == 2 and (numbers[0] or 0) > (numbers[1] or 0):
                return Text(f"{part} goes backwards", f"{part} va à reculons")
    return None


def _number(word: str, names: tuple[str, ...]) -> int | None:
    if word.isdigit():
        return int(word)
    lower = word.lower()
    return (names.index(lower) + (1 if names is _MONTHS else 0)) if lower in names else None


RULES = (invalid_schedule,)
