"""The compiled table: one file, read by memory map, that holds the linear model and the lexicon.

A row holds one feature's weights for every label as 16-bit lanes of one number, so that summing the features of a
request is adding a few hundred whole numbers: no training library, no matrix, a few dozen microseconds.
"""

from __future__ import annotations

import json
import mmap
import struct
from array import array
from functools import lru_cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("table.bin")
MAGIC = b"DVROUTE1"
BIAS = 128  # a weight is stored as weight + BIAS in an unsigned lane
ROOM = 256  # rows that can be added before a lane could overflow


class Table:
    """The model: `lanes` are its outputs in order, `meta` all that is not a weight."""

    def __init__(self, content: bytes | mmap.mmap) -> None:
        if content[:8] != MAGIC:
            raise ValueError("not a routing table")
        (size,) = struct.unpack("<I", content[8:12])
        self.meta: dict[str, Any] = json.loads(content[12 : 12 + size])
        self.lanes: int = self.meta["lanes"]
        self.width = 2 * self.lanes
        index = 12 + size
        rows = index + 2 * self.meta["buckets"]
        self._index = memoryview(content)[index:rows].cast("H")
        self._content = content
        self._rows = rows
        self._words: dict[str, tuple[int, int]] = {}

    def row(self, feature: int) -> int:
        """The lanes of a hashed feature as one number; 0 for a feature that the model does not know."""
        number = self._index[feature]
        if not number:
            return 0
        start = self._rows + (number - 1) * self.width
        return int.from_bytes(self._content[start : start + self.width], "little")

    def unpack(self, packed: int) -> array[int]:
        """The lanes of a sum of rows, each still with its bias."""
        lanes = array("H")
        lanes.frombytes(packed.to_bytes(self.width, "little"))
        return lanes

    def remember(self, word: str, value: tuple[int, int]) -> None:
        """Keep a word's sum; the memory is bounded, a stream of a million lines meets few new words."""
        if len(self._words) > 20_000:
            self._words.clear()
        self._words[word] = value

    def remembered(self, word: str) -> tuple[int, int] | None:
        return self._words.get(word)


@lru_cache(maxsize=1)
def load() -> Table:
    """The table of this package, mapped once."""
    with PATH.open("rb") as stream:
        return Table(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
