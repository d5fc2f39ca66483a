"""The compiled table: one file, read by memory map, that holds the network and the lexicon.

A row holds what one feature adds to every lane, one byte each. Rows are added as whole numbers, two of them, each with
every other lane in sixteen bits: no training library, no matrix, a few dozen microseconds a request.
"""

from __future__ import annotations

import json
import mmap
import struct
from array import array
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("table.bin")
MAGIC = b"DVROUTE2"
SLOTS = 1 << 17  # of the index: a slot holds the fingerprint of a feature and the number of its row
BIAS = 128  # a weight is stored as weight + BIAS
ROOM = 257  # rows that can be added before a lane could overflow
HEAD_BIAS = 1 << 10  # a weight of the second layer is stored as weight + HEAD_BIAS
UNIT = 256  # a hidden unit's value 1.0 as a whole number
MOST = (1 << 14) - 1  # the greatest value of a hidden unit, as such a number


@dataclass(frozen=True, slots=True)
class Row:
    """The sum of `count` rows: the even lanes and the odd ones."""

    even: int
    odd: int
    count: int


class Table:
    """The model. `meta` is all that is no row: names, scales, the second layer, the lexicon."""

    def __init__(self, content: bytes | mmap.mmap) -> None:
        if content[:8] != MAGIC:
            raise ValueError("not a routing table")
        (size,) = struct.unpack("<I", content[8:12])
        self.meta: dict[str, Any] = json.loads(content[12 : 12 + size])
        self.lanes: int = self.meta["lanes"]
        index = 12 + size
        self._rows = index + 4 * SLOTS
        self._index = memoryview(content)[index : self._rows].cast("I")
        self._content = content
        self._mask = int.from_bytes(b"\xff\x00" * (self.lanes // 2), "little")
        self._words: dict[str, Row] = {}
        self.heads = [int.from_bytes(array("I", weights).tobytes(), "little") for weights in self.meta["heads"]]

    def row(self, feature: int) -> int:
        """The lanes of a hashed feature, one byte each, as one number; 0 for a feature that the model does not know."""
        slot, print_ = feature % SLOTS, feature >> 16
        while held := self._index[slot]:
            if held >> 16 == print_:
                start = self._rows + ((held & 0xFFFF) - 1) * self.lanes
                return int.from_bytes(self._content[start : start + self.lanes], "little")
            slot = (slot + 1) % SLOTS
        return 0

    def added(self, features: Any) -> Row:
        """The sum of the known rows of some features, at most ROOM of them."""
        even = odd = count = 0
        mask = self._mask
        for feature in features:
            row = self.row(feature)
            if row:
                even += row & mask
                odd += (row >> 8) & mask
                count += 1
        return Row(even, odd, count)

    def unpack(self, row: Row) -> list[int]:
        """The lanes of a sum, without their bias."""
        half = self.lanes // 2
        lanes = [0] * self.lanes
        lanes[0::2] = array("H", row.even.to_bytes(2 * half, "little"))
        lanes[1::2] = array("H", row.odd.to_bytes(2 * half, "little"))
        bias = BIAS * row.count
        return [lane - bias for lane in lanes]

    def second(self, units: list[int]) -> list[int]:
        """The second layer's sums for hidden units (whole numbers, 0 to MOST), without their bias."""
        packed = sum([unit * row for unit, row in zip(units, self.heads, strict=True) if unit])
        sums = array("I", packed.to_bytes(4 * self.meta["outputs"], "little"))
        bias = HEAD_BIAS * sum(units)
        return [value - bias for value in sums]

    def remember(self, word: str, value: Row) -> None:
        """Keep a word's sum; the memory is bounded, a stream of a million lines meets few new words."""
        if len(self._words) > 20_000:
            self._words.clear()
        self._words[word] = value

    def remembered(self, word: str) -> Row | None:
        return self._words.get(word)


@lru_cache(maxsize=1)
def load() -> Table:
    """The table of this package, mapped once."""
    with PATH.open("rb") as stream:
        return Table(mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ))
