"""Fluent Bit's configuration, in its own format and in YAML, as one view: inputs, filters and outputs with their fields."""

from __future__ import annotations

import re
from dataclasses import dataclass

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.kubernetes import text_of
from devops_orchestrator.text import Text

_SECTION = re.compile(r"[ \t]*\[(\w+)\][ \t]*\r?$")
_ENTRY = re.compile(r"[ \t]+(\S+)[ \t]+(\S.*?)[ \t]*\r?$")


@dataclass(frozen=True)
class Field:
    """`Name  value`: `start:end` is the value's place."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Section:
    """`[INPUT]`, `[FILTER]`, `[OUTPUT]`…: `kind` in lower case, `start:end` its header or its name."""

    kind: str
    fields: tuple[Field, ...]
    start: int
    end: int

    def get(self, name: str) -> Field | None:
        """A field by its name, whatever its case; the last one counts."""
        return next((f for f in reversed(self.fields) if f.name.lower() == name.lower()), None)

    def text(self, name: str) -> str:
        found = self.get(name)
        return found.value if found else ""


@dataclass(frozen=True)
class Config:
    """The sections in order. `includes`: other files belong to it, so not all of them are here."""

    sections: tuple[Section, ...]
    includes: bool

    def of(self, *kinds: str) -> list[Section]:
        return [section for section in self.sections if section.kind in kinds]


def parse(text: str) -> Config:
    """Read a configuration of either format. Raises ParseError."""
    return _classic(text) if re.search(r"^[ \t]*\[\w+\]", text, re.M) else _yaml(text)


def _classic(text: str) -> Config:
    sections: list[Section] = []
    fields: list[Field] = []
    head: tuple[str, int, int] | None = None
    includes = False
    offset = 0
    for number, line in enumerate(text.splitlines(keepends=True), 1):
        bare = line.rstrip("\n")
        start, offset = offset, offset + len(line)
        if not bare.strip() or bare.lstrip().startswith("#"):
            continue
        if bare.lstrip().startswith("@"):
            includes = includes or bare.lstrip().upper().startswith("@INCLUDE")
            continue
        if found := _SECTION.match(bare):
            if head:
                sections.append(Section(head[0], tuple(fields), head[1], head[2]))
            head, fields = (found[1].lower(), start + found.start(1) - 1, start + found.end(1) + 1), []
        elif head and (entry := _ENTRY.match(bare)):
            fields.append(Field(entry[1], entry[2], start + entry.start(2), start + entry.end(2)))
        elif not head:
            raise ParseError(Text("A section is expected.", "Une section est attendue."), line=number)
    if head:
        sections.append(Section(head[0], tuple(fields), head[1], head[2]))
    return Config(tuple(sections), includes)


def _yaml(text: str) -> Config:
    documents = yaml.parse(text)
    sections: list[Section] = []
    for key, kind in (("inputs", "input"), ("filters", "filter"), ("outputs", "output")):
        entries = documents[0].get("pipeline", key) if documents else None
        for entry in entries.children() if entries else ():
            fields = tuple(
                Field(k.scalar, text_of(v.value), v.start, v.end) for k, v in entry.items() if v.kind == "scalar"
            )
            name = entry.get("name") or entry
            sections.append(Section(kind, fields, name.start, name.end if name is not entry else entry.start + 1))
    includes = bool(documents and documents[0].pair("includes"))
    return Config(tuple(sections), includes)
