"""Fixes as edits that leave a formatted file formatted."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import lru_cache

from devops_orchestrator.core.rule import Edit, Source
from devops_orchestrator.formats import hcl
from devops_orchestrator.formats.hcl import Change
from devops_orchestrator.project.terraform_modules import parsed


@lru_cache(maxsize=256)
def canonical(text: str) -> str:
    """The text in canonical format. Raises ParseError."""
    return hcl.fmt(text, parsed(text))


def edits(source: Source, changes: Iterable[Change]) -> tuple[Edit, ...]:
    """The changes as edits. Where the file is in canonical format it stays so: lines around them are realigned."""
    listed = sorted(changes)
    if all("\n" not in source.text[start:end] + text for start, end, text in listed) and not any(
        "#" in source.lines.line(source.lines.place(start)[0]) for start, _, _ in listed
    ):
        return tuple(source.edit(*change) for change in listed)  # in one line, without a comment: nothing to realign
    if canonical(source.text) != source.text:
        return tuple(source.edit(*change) for change in listed)
    text = source.text
    for start, end, new in reversed(listed):
        text = text[:start] + new + text[end:]
    return difference(source, canonical(text))


def difference(source: Source, after: str) -> tuple[Edit, ...]:
    """The lines that differ between a source and a text, as edits."""
    old, new = source.text.splitlines(keepends=True), after.splitlines(keepends=True)
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if len(middle_old) == len(middle_new):
        return tuple(
            source.edit(starts[head + i], starts[head + i + 1], b)
            for i, (a, b) in enumerate(zip(middle_old, middle_new, strict=True))
            if a != b
        )
    matcher = difflib.SequenceMatcher(None, middle_old, middle_new, autojunk=False)
    return tuple(
        source.edit(starts[head + a], starts[head + b], "".join(middle_new[c:d]))
        for tag, a, b, c, d in matcher.get_opcodes()
        if tag != "equal"
    )
