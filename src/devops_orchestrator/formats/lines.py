"""Offsets in a text ↔ lines and columns (both counted from 1)."""

from __future__ import annotations

from bisect import bisect_right


class Lines:
    """The line table of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0]
        for index, char in enumerate(text):
            if char == "\n":
                self._starts.append(index + 1)

    def place(self, offset: int) -> tuple[int, int]:
        """(line, column) of an offset, both from 1."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start(self, line: int) -> int:
        """Offset of the first character of `line` (from 1); the end of the text past the last line."""
        return self._starts[line - 1] if line <= len(self._starts) else len(self.text)

    def end(self, line: int) -> int:
        """Offset just after the last character of `line`, its line break left out."""
        end = self.start(line + 1)
        if line < len(self._starts):
            end -= 1
            if end > 0 and self.text[end - 1] == "\r":
                end -= 1
        return end

    def line(self, number: int) -> str:
        """The text of line `number`, without its line break."""
        return self.text[self.start(number) : self.end(number)]

    def __len__(self) -> int:
        return len(self._starts)


def newline(text: str) -> str:
    """The line break that a text uses."""
    return "\r\n" if "\r\n" in text else "\n"
