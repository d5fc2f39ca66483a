"""A room's guide: Markdown with fixed headings, read into sections, symptoms and rule pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

CUES = re.compile(r"<!--\s*cues:\s*(.*?)\s*-->", re.S)
FENCE = re.compile(r"^```(\S*)[ \t]*([^\n]*)\n(.*?)^```[ \t]*$", re.M | re.S)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its words (`before`, `after`, `given`), its `path=` and its text."""

    language: str
    words: tuple[str, ...]
    path: str | None
    text: str


@dataclass(frozen=True)
class Section:
    """A `###` section: title, cues (what a user says who means it), body without them."""

    title: str
    cues: tuple[str, ...]
    body: str

    def blocks(self) -> Iterator[Block]:
        """Its fenced blocks, in order."""
        for match in FENCE.finditer(self.body):
            words = match[2].split()
            path = next((word.removeprefix("path=") for word in words if word.startswith("path=")), None)
            yield Block(match[1], tuple(word for word in words if "=" not in word), path, match[3])


@dataclass(frozen=True)
class Guide:
    """A guide in one language."""

    title: str
    when: str
    choices: str
    symptoms: tuple[Section, ...]
    rules: dict[str, Section]


@lru_cache(maxsize=64)
def load(package: str, language: str) -> Guide:
    """The guide of a room's package. Raises FileNotFoundError where it is missing."""
    text = files(package).joinpath(f"guide.{'fr' if language == 'fr' else 'en'}.md").read_text(encoding="utf-8")
    return parse(text)


def parse(text: str) -> Guide:
    """The four `##` parts of a guide, in their order: when, choices, troubleshooting, rules."""
    title = re.search(r"^# +(.+)$", text, re.M)
    parts = [part for _, part in _split(text, 2)]
    parts += [""] * (4 - len(parts))
    symptoms = tuple(_section(name, body) for name, body in _split(parts[2], 3))
    rules = {name.strip("` "): _section(name, body) for name, body in _split(parts[3], 3)}
    return Guide(title[1] if title else "", parts[0].strip(), parts[1].strip(), symptoms, rules)


def _split(text: str, level: int) -> list[tuple[str, str]]:
    """(heading, body) of each heading of a level; headings inside fenced blocks do not count."""
    masked = FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
    heads = list(re.finditer(rf"^{'#' * level} +(.+)$", masked, re.M))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [(head[1].strip(), text[head.end() : end]) for head, end in zip(heads, ends, strict=True)]


def _section(name: str, body: str) -> Section:
    found = CUES.search(body)
    cues = tuple(cue.strip() for cue in found[1].replace("\n", " ").split(",") if cue.strip()) if found else ()
    return Section(name, cues, CUES.sub("", body).strip())
