"""Where the lines of a YAML text begin and end: more than line feeds break a line there."""

from __future__ import annotations

import re

BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML 1.1 ends a line with


def end_of_block(text: str, start: int, end: int) -> int:
    """End of a block scalar: without the empty lines behind it, unless its header keeps them (`|+`)."""
    header = BREAK.search(text, start)
    if header and "+" in text[start : header.start()].split("#")[0]:
        while end > header.start() and text[end - 1] in " \t":  # the next key's indentation
            end -= 1
        if end > header.start() and text[end - 1] in "\r\n":
            end -= 2 if text[end - 2 : end] == "\r\n" else 1
        return end
    while end > start and text[end - 1] in "\r\n ":
        end -= 1
    return end


def start_of_line(text: str, offset: int) -> int:
    start = max(text.rfind(mark, 0, offset) for mark in "\n\r\x85\u2028\u2029") + 1
    return 1 if start == 0 and text.startswith("\ufeff") else start


def end_of_line(text: str, offset: int) -> int:
    """Offset of the line break that ends the line of `offset` (a comment behind the value stays with it)."""
    found = BREAK.search(text, offset)
    return found.start() if found else len(text)
