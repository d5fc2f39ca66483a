"""A sentence for the user: always a pair, English and French."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["en", "fr"]


class Text(NamedTuple):
    """One sentence in both languages; it cannot be built with one of them missing."""

    en: str
    fr: str

    def to(self, language: str) -> str:
        """The sentence in `language` (`"fr"` or anything else for English)."""
        return self.fr if language == "fr" else self.en

    def fill(self, **values: object) -> Text:
        """Both sentences with their `{name}` places filled."""
        return Text(en=self.en.format(**values), fr=self.fr.format(**values))


def same(word: str) -> Text:
    """A name that both languages spell alike (a tool, a path, a command)."""
    return Text(en=word, fr=word)
