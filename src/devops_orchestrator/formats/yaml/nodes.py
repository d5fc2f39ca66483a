"""YAML as nodes with positions. PyYAML composes (its C parser where built); nothing is ever dumped back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml as pyyaml

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.formats.yaml.breaks import end_of_block, start_of_line
from devops_orchestrator.text import Text

Loader: type[Any] = getattr(pyyaml, "CSafeLoader", pyyaml.SafeLoader)

# A document that grows past this when its aliases are followed is a bomb, not a manifest.
MAX_NODES = 200_000
# Deeper than any manifest; the C parser overflows its stack far beyond.
MAX_DEPTH = 200

_ANCHOR = re.compile(r"(?:^|[\s\[{,:-])&[^\s&\[\]{},]", re.M)
_DEEP_LINE = re.compile(rf"^[ \t?:-]{{{MAX_DEPTH},}}", re.M)
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
            return end_of_block(self.text, self.start, end) if self.raw.style in ("|", ">") else end
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
        return self.start - start_of_line(self.text, self.start)

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
        # Without an alias there are fewer nodes than characters: most texts need no counting.
        sizes = [_size(raw, {}, set()) if "&" in body or len(body) > MAX_NODES else 0 for raw in raws]
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
    loader = _AliasLoader if "&" in body and _ANCHOR.search(body) else Loader
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
