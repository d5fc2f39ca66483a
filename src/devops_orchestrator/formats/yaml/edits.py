"""Edits of a YAML text. Each returns (start, end, replacement) on the text of the node: every other byte stays."""

from __future__ import annotations

import re

from devops_orchestrator.formats.lines import newline
from devops_orchestrator.formats.yaml.breaks import BREAK, end_of_line, start_of_line
from devops_orchestrator.formats.yaml.nodes import Node

Change = tuple[int, int, str]


def replace(node: Node, value: str) -> Change:
    """Put the YAML text `value` in the place of a node; its anchor and tag stay."""
    if node.start == node.end and not node.text[node.start - 1 : node.start].isspace():  # nothing behind `key:` or `-`
        return node.start, node.end, f" {value}"
    return node.start, node.end, value


def insert_after_key(mapping: Node, after: str | None, block: str) -> Change:
    """Put the lines of `block` (keys at indentation 0) into a mapping.

    After the key `after` where it is there, at the top of the mapping where `after` is None, else at its end.
    Raises ValueError for an empty mapping, an alias, and for several lines in a flow mapping.
    """
    text = mapping.text
    eol = newline(text)
    pairs = list(mapping.items())
    lines = block.rstrip("\n").split("\n")
    if mapping.alias or not pairs:
        raise ValueError("a mapping with at least one key is needed")
    pair = mapping.pair(after) if after is not None else None
    pair = pair or pairs[-1]
    if mapping.flow:
        if len(lines) > 1:
            raise ValueError("several lines do not fit into a flow mapping")
        if after is None:
            return pairs[0][0].start, pairs[0][0].start, f"{block.strip()}, "
        at = max(pair[1].end, pair[0].end)
        return at, at, f", {block.strip()}"
    indent = " " * mapping.column
    if after is None:
        body = eol.join((indent + line if line else "") for line in lines).lstrip(" ")
        return mapping.start, mapping.start, body + eol + indent
    return _after(text, max(pair[1].end, pair[0].end), [indent + line if line else "" for line in lines])


def append_item(sequence: Node, item: str) -> Change:
    """Put one more entry (YAML text, first line without its dash) at the end of a list.

    Raises ValueError for an alias, and for several lines in a flow list.
    """
    entries = list(sequence.children())
    lines = item.rstrip("\n").split("\n")
    text = sequence.text
    if sequence.alias:
        raise ValueError("an alias has no entries of its own")
    if sequence.flow:
        if len(lines) > 1:
            raise ValueError("several lines do not fit into a flow list")
        if not entries:
            return sequence.start + 1, sequence.start + 1, item
        last = entries[-1]
        before = text[start_of_line(text, last.start) : last.start]
        gap = f",{newline(text)}{before}" if not before.strip() and before else ", "
        return last.end, last.end, gap + item
    indent = " " * sequence.column
    shown = [(indent + ("- " if i == 0 else "  ") + line if line else "") for i, line in enumerate(lines)]
    return _after(text, entries[-1].end, shown)


def remove_pair(mapping: Node, key: str) -> Change:
    """Take a key and its value, with its whole lines, out of a mapping; comments above it stay.

    The only key behind a dash leaves `{}`; the only key on a line of its own leaves nothing (null).
    Raises KeyError where the key is absent, ValueError for an alias.
    """
    pairs = list(mapping.items())
    place = next((i for i, (k, _) in enumerate(pairs) if k.raw.id == "scalar" and k.raw.value == key), None)
    if place is None:
        raise KeyError(key)
    if mapping.alias:
        raise ValueError("an alias has no keys of its own")
    text = mapping.text
    pair = pairs[place]
    last = max(pair[1].end, pair[0].end)
    if mapping.flow:
        if place + 1 < len(pairs):
            return pair[0].start, pairs[place + 1][0].start, ""
        if place:
            return max(node.end for node in pairs[place - 1]), last, ""
        return pair[0].start, last, ""
    start = start_of_line(text, pair[0].start)
    end = end_of_line(text, last)
    if text[start : pair[0].start].strip():  # first key after a dash: keep the dash, pull up the next key
        start = pair[0].start
        if len(pairs) == 1:
            return start, last, "{}"
        following = BREAK.match(text, end)
        blank = re.compile(r"\s*").match(text, following.end() if following else end)
        return start, blank.end() if blank else end, ""
    following = BREAK.match(text, end)
    return start, following.end() if following else end, ""


def _after(text: str, offset: int, lines: list[str]) -> Change:
    """Whole lines behind the line of `offset`."""
    eol = newline(text)
    end = end_of_line(text, offset)
    return end, end, "".join(eol + line for line in lines)
