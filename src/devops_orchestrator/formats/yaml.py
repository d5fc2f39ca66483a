"""YAML as nodes with positions, and the edits that keep every other byte.

PyYAML composes (its C parser where built); nothing is ever dumped back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml as pyyaml

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.lines import Lines, newline
from devops_orchestrator.text import Text

Loader: type[Any] = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)

# A document that grows past this when its aliases are followed is a bomb, not a manifest.
MAX_NODES = 200_000


@dataclass(frozen=True, eq=False)
class Node:
    """A YAML node: `kind` is `map`, `list` or `scalar`; `start`/`end` are offsets into the text."""

    raw: Any = field(repr=False)
    text: str = field(repr=False)
    shift: int = 0

    @property
    def kind(self) -> str:
        return {"mapping": "map", "sequence": "list"}.get(self.raw.id, "scalar")

    @property
    def start(self) -> int:
        return int(self.raw.start_mark.index) + self.shift

    @cached_property
    def end(self) -> int:
        """End of the node's own text; a block collection ends with its last line, not at the next key."""
        end = int(self.raw.end_mark.index) + self.shift
        if self.raw.id == "scalar" and self.raw.style in ("|", ">"):
            return len(self.text[:end].rstrip("\r\n ")) if end <= len(self.text) else end
        if self.raw.id != "scalar" and not self.raw.flow_style:
            children = [v for _, v in self.raw.value] if self.raw.id == "mapping" else self.raw.value
            return max([Node(c, self.text, self.shift).end for c in children] + [self.start]) if children else end
        return end

    @property
    def flow(self) -> bool:
        return bool(self.raw.id != "scalar" and self.raw.flow_style)

    @cached_property
    def value(self) -> Any:
        """The plain Python value (a number that YAML reads as one is a number)."""
        return _plain(self.raw)

    @property
    def column(self) -> int:
        """Column of the node's first character, from 0: the indentation of a block mapping's keys."""
        return self.start - (self.text.rfind("\n", 0, self.start) + 1)

    def items(self) -> Iterator[tuple[Node, Node]]:
        """(key, value) nodes of a mapping, in order; nothing for another node."""
        if self.raw.id == "mapping":
            for key, value in self.raw.value:
                yield Node(key, self.text, self.shift), Node(value, self.text, self.shift)

    def children(self) -> Iterator[Node]:
        """The entries of a list; nothing for another node."""
        if self.raw.id == "sequence":
            for child in self.raw.value:
                yield Node(child, self.text, self.shift)

    def pair(self, key: str) -> tuple[Node, Node] | None:
        """The key and value nodes of `key`, or None."""
        return next(((k, v) for k, v in self.items() if k.raw.id == "scalar" and k.raw.value == key), None)

    def get(self, *path: str | int) -> Node | None:
        """The node at a path of keys and list positions, or None."""
        node: Node | None = self
        for step in path:
            if node is None:
                return None
            if isinstance(step, int):
                entries = list(node.children())
                node = entries[step] if -len(entries) <= step < len(entries) else None
            else:
                pair = node.pair(step)
                node = pair[1] if pair else None
        return node

    def at(self, *path: str | int, default: Any = None) -> Any:
        """The plain value at a path, or `default`."""
        node = self.get(*path)
        return default if node is None else node.value

    def walk(self) -> Iterator[Node]:
        """This node and every node below it, each alias target once."""
        seen: set[int] = set()
        stack = [self]
        while stack:
            node = stack.pop()
            if id(node.raw) in seen:
                continue
            seen.add(id(node.raw))
            yield node
            below = list(node.children()) + [value for _, value in node.items()]
            stack.extend(reversed(below))


def parse(text: str) -> list[Node]:
    """The documents of a YAML text, empty ones left out.

    Raises ParseError with line and column: bad syntax, or a document that explodes when its aliases are followed.
    """
    shift = 1 if text.startswith("\ufeff") else 0
    body = text[shift:]
    if "\x00" in body:
        place = Lines(text).place(text.index("\x00"))
        raise ParseError(
            Text("This is a binary file, not YAML.", "C'est un fichier binaire, pas du YAML."),
            line=place[0],
            column=place[1],
        )
    try:
        raws = [raw for raw in pyyaml.compose_all(body, Loader=Loader) if raw is not None]
    except pyyaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "invalid YAML"
        raise ParseError(
            Text(f"Invalid YAML: {problem}.", f"YAML invalide : {problem}."),
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
        ) from error
    except (pyyaml.YAMLError, UnicodeError, RecursionError) as error:
        raise ParseError(Text(f"Invalid YAML: {error}.", f"YAML invalide : {error}.")) from error
    for raw in raws:
        if _size(raw, {}, set()) > MAX_NODES:
            line = raw.start_mark.line + 1
            raise ParseError(
                Text(
                    f"This document expands to more than {MAX_NODES:,} nodes through its aliases.",
                    f"Ce document dépasse {MAX_NODES:,} nœuds une fois ses alias développés.".replace(",", " "),
                ),
                line=line,
            )
    return [Node(raw, text, shift) for raw in raws]


def _size(raw: Any, known: dict[int, int], open_: set[int]) -> int:
    """Nodes of a document once its aliases are expanded; a node inside itself counts as infinite."""
    key = id(raw)
    if key in known:
        return known[key]
    if key in open_:
        return MAX_NODES + 1
    open_.add(key)
    size = 1
    if raw.id == "mapping":
        size += sum(_size(k, known, open_) + _size(v, known, open_) for k, v in raw.value)
    elif raw.id == "sequence":
        size += sum(_size(v, known, open_) for v in raw.value)
    open_.discard(key)
    known[key] = size
    return size


def _plain(raw: Any) -> Any:
    if raw.id == "mapping":
        plain: dict[Any, Any] = {}
        for key, value in raw.value:
            if key.tag == "tag:yaml.org,2002:merge":
                merged = _plain(value)
                for source in merged if isinstance(merged, list) else [merged]:
                    if isinstance(source, dict):
                        plain = {**source, **plain}
                continue
            name = _plain(key)
            plain[name if isinstance(name, str | int | float | bool | None) else str(name)] = _plain(value)
        return plain
    if raw.id == "sequence":
        return [_plain(value) for value in raw.value]
    return _scalar(raw)


def _scalar(raw: Any) -> Any:
    if raw.tag == "tag:yaml.org,2002:str" or not raw.tag.startswith("tag:yaml.org"):
        return raw.value
    try:
        return _CONSTRUCTOR.construct_object(raw, deep=True)
    except (pyyaml.YAMLError, ValueError):
        return raw.value


_CONSTRUCTOR = pyyaml.constructor.SafeConstructor()
# `on:` of a workflow and dates stay the words that the user wrote.
_CONSTRUCTOR.yaml_constructors = {
    **pyyaml.constructor.SafeConstructor.yaml_constructors,
    "tag:yaml.org,2002:timestamp": lambda _loader, node: node.value,
    "tag:yaml.org,2002:bool": lambda loader, node: (
        loader.construct_yaml_bool(node) if node.value.lower() in ("true", "false") else node.value
    ),
}


# Edits. Each returns (start, end, replacement) on the text of the node.

Change = tuple[int, int, str]


def replace(node: Node, value: str) -> Change:
    """Put the YAML text `value` in the place of a node."""
    return node.start, node.end, value


def insert_after_key(mapping: Node, after: str | None, block: str) -> Change:
    """Put the lines of `block` (keys at indentation 0) into a block mapping.

    After the key `after` where it is there, at the top of the mapping where `after` is None, else at its end.
    """
    text = mapping.text
    eol = newline(text)
    pairs = list(mapping.items())
    indent = " " * mapping.column
    lines = [line for line in block.rstrip("\n").split("\n")]
    if mapping.flow or not pairs:
        raise ValueError("a block mapping with at least one key is needed")
    if after is None:
        body = (eol + indent).join(lines)
        body = eol.join((indent + line if line else "") for line in lines).lstrip(" ")
        return mapping.start, mapping.start, body + eol + indent
    pair = mapping.pair(after) or pairs[-1]
    end = _end_of_line(text, max(pair[1].end, pair[0].end))
    body = eol.join((indent + line if line else "") for line in lines)
    return end, end, eol + body


def append_item(sequence: Node, item: str) -> Change:
    """Put one more entry (YAML text, first line without its dash) at the end of a block list."""
    entries = list(sequence.children())
    if sequence.flow:
        at = sequence.end - 1
        return at, at, (", " if entries else "") + item
    text = sequence.text
    eol = newline(text)
    indent = " " * sequence.column
    lines = item.rstrip("\n").split("\n")
    body = eol.join((indent + ("- " if i == 0 else "  ") + line if line else "") for i, line in enumerate(lines))
    end = _end_of_line(text, entries[-1].end)
    return end, end, eol + body


def remove_pair(mapping: Node, key: str) -> Change:
    """Take a key and its value, with its whole lines, out of a block mapping."""
    pair = mapping.pair(key)
    if pair is None:
        raise KeyError(key)
    text = mapping.text
    start = text.rfind("\n", 0, pair[0].start) + 1
    end = _end_of_line(text, max(pair[1].end, pair[0].end))
    if text[start : pair[0].start].strip():  # first key after a dash: keep the dash, pull up the next key
        start = pair[0].start
        following = text[end:]
        end += len(following) - len(following.lstrip("\r\n "))
        return start, end, ""
    if end < len(text):
        end += 2 if text[end : end + 2] == "\r\n" else 1
    return start, end, ""


def _end_of_line(text: str, offset: int) -> int:
    """Offset of the line break that ends the line of `offset` (a comment behind the value stays with it)."""
    end = text.find("\n", offset)
    if end < 0:
        return len(text)
    return end - 1 if end > 0 and text[end - 1] == "\r" else end
