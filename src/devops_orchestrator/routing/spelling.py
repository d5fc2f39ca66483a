"""Misspelt names of the trade: `kubernetis`, `dokcer`, `terrafrom`. One letter wrong, missing, added or swapped."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from zlib import crc32

from devops_orchestrator.routing.table import Table
from devops_orchestrator.routing.words import stem

SHORTEST = 6  # shorter words lie too near to one another


def known(word: str, table: Table) -> bool:
    """Whether the examples or the lexicon hold a word, or it is too short to be read as another."""
    if len(word) < SHORTEST or not word.isalpha():
        return True
    plain = stem(word)
    return plain in table.meta["lexicon"] or table.row(crc32(plain.encode())) != 0


def meant(word: str, table: Table) -> str:
    """The one name of the trade that is a letter away from an unknown word, or the word itself."""
    names = _names(table)
    found = {name for form in _forms(stem(word)) for name in names.get(form, ())}
    return found.pop() if len(found) == 1 else word


@lru_cache(maxsize=1)
def _names(table: Table) -> dict[str, tuple[str, ...]]:
    """Every name with each of its letters left out → the names; built at the first unknown word."""
    outside = len(table.meta["labels"]) - 1
    forms: dict[str, tuple[str, ...]] = {}
    for name, owners in table.meta["lexicon"].items():
        if len(name) >= SHORTEST and name.isalpha() and any(int(label) != outside for label, _ in owners):
            for form in set(_forms(name)):
                forms[form] = (*forms.get(form, ()), name)
    return forms


def _forms(word: str) -> Iterator[str]:
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
