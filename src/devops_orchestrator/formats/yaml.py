"""YAML as nodes with positions, and the edits that keep every other byte.

PyYAML composes (its C parser where built); nothing is ever dumped back.
"""

from __future__ import annotations

import re
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
# Deeper than any manifest; the C parser overflows its stack far beyond.
MAX_DEPTH = 200

_ANCHOR = re.compile(r"(?:^|[\s\[{,:-])&[^\s&\[\]{},]", re.M)
_DEEP_LINE = re.compile(rf"^[ \t?:-]{{{MAX_DEPTH},}}", re.M)
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")  # what YAML 1.1 ends a line with
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*(?:[ \t]+|(?=[\r\n\x85\u2028\u2029]|$)))+")
_BLANK = re.compile("(?:[ \t\r\n\x85\u2028\u2029]|(?<![^\\s])#[^\r\n\x85\u2028\u2029]*)*")
_VALUES = {"bool", "int", "float", "null"}  # the other tags keep the words that the user wrote


class _Alias:
    """An alias as a node of its own place: everything else is its anchor's."""

    def __init__(self, target: Any, start_mark: Any, end_mark: Any) -> None:
        self.target = target
        self.start_mark = start_mark
        self.end_mark = end_mark

    def __getattr__(self, name: str) -> Any:
        return getattr(self.target, name)


class _AliasLoader(pyyaml.composer.Composer, Loader):  # type: ignore[misc]
    """Composes in Python, to know where aliases stand: the C composer forgets it."""

    def __init__(self, stream: str) -> None:
        Loader.__init__(self, stream)
        pyyaml.composer.Composer.__init__(self)

    def compose_node(self, parent: Any, index: Any) -> Any:
        if not self.check_event(pyyaml.AliasEvent):
            self.anchors.pop(self.peek_event().anchor, None)  # an anchor may be given anew
            return super().compose_node(parent, index)
        event = self.get_event()
        if event.anchor not in self.anchors:
            raise pyyaml.composer.ComposerError(None, None, f"found undefined alias '{event.anchor}'", event.start_mark)
        return _Alias(self.anchors[event.anchor], event.start_mark, event.end_mark)


@dataclass(frozen=True, eq=False)
class Node:
    """A YAML node: `kind` is `map`, `list` or `scalar`; `start`/`end` are offsets into the text.

    Its anchor and tag stand before `start`. An alias has its own place; its items have those of the anchor's.
    """

    raw: Any = field(repr=False)
    text: str = field(repr=False)
    shift: int = 0

    @property
    def kind(self) -> str:
        return {"mapping": "map", "sequence": "list"}.get(self.raw.id, "scalar")

    @property
    def alias(self) -> bool:
        """Whether this is `*name`."""
        return isinstance(self.raw, _Alias)

    @cached_property
    def start(self) -> int:
        """First character of the node's content, behind its anchor and tag."""
        start = int(self.raw.start_mark.index) + self.shift
        if self.alias or self.text[start : start + 1] not in ("&", "!"):
            return start
        end = int(self.raw.end_mark.index) + self.shift
        found = _PROPERTIES.match(self.text, start, end)
        blank = _BLANK.match(self.text, found.end() if found else start, end)
        return blank.end() if blank else start

    @cached_property
    def end(self) -> int:
        """End of the node's own text; a block collection ends with its last line, not at the next key."""
        end = int(self.raw.end_mark.index) + self.shift
        if self.alias:
            return end
        if self.raw.id == "scalar":
            return _end_of_block(self.text, self.start, end) if self.raw.style in ("|", ">") else end
        if self.raw.flow_style or not self.raw.value:
            return end
        last = self.raw.value[-1]
        below = last if self.raw.id == "mapping" else (last,)
        return max(Node(raw, self.text, self.shift).end for raw in below)

    @property
    def flow(self) -> bool:
        return bool(self.raw.id != "scalar" and self.raw.flow_style)

    @cached_property
    def value(self) -> Any:
        """The plain Python value (a number that YAML reads as one is a number)."""
        return _plain(self.raw)

    @property
    def scalar(self) -> str:
        """A scalar's text without its quotes (`3.10` stays `3.10`); empty for another node."""
        return str(self.raw.value) if self.raw.id == "scalar" else ""

    @property
    def column(self) -> int:
        """Column of the node's first character, from 0: the indentation of a block mapping's keys."""
        return self.start - _start_of_line(self.text, self.start)

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
            key = id(_target(node.raw))
            if key in seen:
                continue
            seen.add(key)
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
        raws = _compose(body)
        sizes = [_size(raw, {}, set()) for raw in raws]
    except pyyaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problem = error.problem or "invalid YAML"
        raise ParseError(
            Text(f"Invalid YAML: {problem}.", f"YAML invalide : {problem}."),
            line=mark.line + 1 if mark else 1,
            column=mark.column + 1 if mark else 1,
        ) from error
    except (pyyaml.YAMLError, UnicodeError, RecursionError) as error:
        problem = " ".join(str(error).split("\n")[0].split())
        raise ParseError(Text(f"Invalid YAML: {problem}.", f"YAML invalide : {problem}.")) from error
    for raw, size in zip(raws, sizes, strict=True):
        if size > MAX_NODES:
            raise ParseError(
                Text(
                    f"This document expands to more than {MAX_NODES:,} nodes through its aliases.",
                    f"Ce document dépasse {MAX_NODES:,} nœuds une fois ses alias développés.".replace(",", " "),
                ),
                line=raw.start_mark.line + 1,
            )
    return [Node(raw, text, shift) for raw in raws]


def _compose(body: str) -> list[Any]:
    """The root nodes of the documents. Raises YAMLError, or ParseError where they are nested too deeply."""
    if body.count("[") + body.count("{") > MAX_DEPTH or _DEEP_LINE.search(body):
        _refuse_depth(body)
    loader = _AliasLoader if _ANCHOR.search(body) else Loader
    return [raw for raw in pyyaml.compose_all(body, Loader=loader) if raw is not None]


def _refuse_depth(body: str) -> None:
    """Raises ParseError at the place where collections are nested more than MAX_DEPTH deep."""
    depth = 0
    event: Any
    for event in pyyaml.parse(body, Loader=Loader):
        if isinstance(event, pyyaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, pyyaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise ParseError(
                Text(
                    f"This document is nested more than {MAX_DEPTH} levels deep.",
                    f"Ce document dépasse {MAX_DEPTH} niveaux d'imbrication.",
                ),
                line=event.start_mark.line + 1,
                column=event.start_mark.column + 1,
            )


def _target(raw: Any) -> Any:
    return raw.target if isinstance(raw, _Alias) else raw


def _size(raw: Any, known: dict[int, int], open_: set[int]) -> int:
    """Nodes of a document once its aliases are expanded; a node inside itself counts as infinite."""
    raw = _target(raw)
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
    """`true`, numbers and null as such; `on:`, dates, `12:30` and custom tags stay the words that the user wrote."""
    kind = raw.tag.removeprefix("tag:yaml.org,2002:")
    if kind not in _VALUES or (kind == "bool" and raw.value.lower() not in ("true", "false")):
        return raw.value
    if kind in ("int", "float") and ":" in raw.value:  # base 60, which YAML 1.2 dropped
        return raw.value
    try:
        return getattr(_CONSTRUCTOR, f"construct_yaml_{kind}")(_target(raw))
    except (pyyaml.YAMLError, ValueError, KeyError):
        return raw.value


_CONSTRUCTOR = pyyaml.constructor.SafeConstructor()


# Edits. Each returns (start, end, replacement) on the text of the node.

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
        before = text[_start_of_line(text, last.start) : last.start]
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
    start = _start_of_line(text, pair[0].start)
    end = _end_of_line(text, last)
    if text[start : pair[0].start].strip():  # first key after a dash: keep the dash, pull up the next key
        start = pair[0].start
        if len(pairs) == 1:
            return start, last, "{}"
        following = _BREAK.match(text, end)
        blank = re.compile(r"\s*").match(text, following.end() if following else end)
        return start, blank.end() if blank else end, ""
    following = _BREAK.match(text, end)
    return start, following.end() if following else end, ""


def _after(text: str, offset: int, lines: list[str]) -> Change:
    """Whole lines behind the line of `offset`."""
    eol = newline(text)
    end = _end_of_line(text, offset)
    return end, end, "".join(eol + line for line in lines)


def _end_of_block(text: str, start: int, end: int) -> int:
    """End of a block scalar: without the empty lines behind it, unless its header keeps them (`|+`)."""
    header = _BREAK.search(text, start)
    if header and "+" in text[start : header.start()].split("#")[0]:
        while end > header.start() and text[end - 1] in " \t":  # the next key's indentation
            end -= 1
        if end > header.start() and text[end - 1] in "\r\n":
            end -= 2 if text[end - 2 : end] == "\r\n" else 1
        return end
    while end > start and text[end - 1] in "\r\n ":
        end -= 1
    return end


def _start_of_line(text: str, offset: int) -> int:
    start = max(text.rfind(mark, 0, offset) for mark in "\n\r\x85\u2028\u2029") + 1
    return 1 if start == 0 and text.startswith("\ufeff") else start


def _end_of_line(text: str, offset: int) -> int:
    """Offset of the line break that ends the line of `offset` (a comment behind the value stays with it)."""
    found = _BREAK.search(text, offset)
    return found.start() if found else len(text)
