"""The structure of an HCL file: bodies of attributes and blocks, with character positions, and edits as spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from devops_orchestrator.formats.hcl.expressions import Expression
from devops_orchestrator.formats.hcl.tokens import Token
from devops_orchestrator.formats.lines import newline

Change = tuple[int, int, str]  # (start, end, replacement)


@dataclass(frozen=True, eq=False)
class Attribute:
    """`name = value`; `start` is the name's, `end` the value's, `equals` the place of the sign."""

    name: str
    start: int
    end: int
    equals: int
    value: Expression


@dataclass(frozen=True)
class Label:
    """A label of a block; `start:end` with its quotes."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Body:
    """Attributes and blocks in order; `start:end` is what lies between the braces."""

    items: tuple[Attribute | Block, ...]
    start: int
    end: int

    @cached_property
    def attributes(self) -> dict[str, Attribute]:
        """name → attribute, in order."""
        return {item.name: item for item in self.items if isinstance(item, Attribute)}

    def blocks(self, *types: str) -> Iterator[Block]:
        """The blocks directly inside, of these types (all where none is named), in order."""
        return (item for item in self.items if isinstance(item, Block) and (not types or item.type in types))

    def block(self, *path: str) -> Block | None:
        """The first block at a path of types, or None."""
        found = next(self.blocks(path[0]), None)
        return found if found is None or len(path) == 1 else found.body.block(*path[1:])

    def value(self, name: str) -> Expression | None:
        """The expression of an attribute, or None."""
        attribute = self.attributes.get(name)
        return attribute.value if attribute else None

    def constant(self, name: str) -> str | int | float | bool | None:
        """The constant value of an attribute; None where it is absent or computed."""
        value = self.value(name)
        return value.constant if value else None

    def has(self, name: str) -> bool:
        """Whether an attribute or a block (a dynamic one too) of that name is there."""
        return name in self.attributes or any(
            b.type == name or (b.type == "dynamic" and b.label == name) for b in self.blocks()
        )

    def walk(self) -> Iterator[Block]:
        """Every block below, nested ones too."""
        for block in self.blocks():
            yield block
            yield from block.body.walk()

    def expressions(self) -> Iterator[Expression]:
        """The expression of every attribute below, nested blocks included."""
        for item in self.items:
            if isinstance(item, Attribute):
                yield item.value
            else:
                yield from item.body.expressions()

    @property
    def references(self) -> Iterator[Expression]:
        """Every reference below."""
        return (reference for value in self.expressions() for reference in value.references)


@dataclass(frozen=True, eq=False)
class Block:
    """`type "label" { … }`. `start` is the type's, `end` just after the closing brace; `opened`, `closed` the braces'."""

    type: str
    labels: tuple[Label, ...]
    start: int
    end: int
    opened: int
    closed: int
    body: Body

    @property
    def label(self) -> str:
        """The first label, or an empty string."""
        return self.labels[0].value if self.labels else ""

    @property
    def name(self) -> str:
        """The last label, or an empty string: a resource's own name."""
        return self.labels[-1].value if self.labels else ""

    @property
    def header_end(self) -> int:
        """End of the type and its labels."""
        return self.labels[-1].end if self.labels else self.start + len(self.type)


@dataclass(frozen=True, eq=False)
class Document(Body):
    """A whole file, with its tokens."""

    text: str = field(default="", repr=False)
    tokens: tuple[Token, ...] = field(default=(), repr=False)

    @cached_property
    def comments(self) -> tuple[Token, ...]:
        """The comments, in order."""
        return tuple(token for token in self.tokens if token.kind == "comment")

    def indent(self, offset: int) -> str:
        """The blanks that begin the line of an offset."""
        start = self.text.rfind("\n", 0, offset) + 1
        line = self.text[start:offset]
        return line[: len(line) - len(line.lstrip())]


# Edits. The format is made whole afterwards by `layout.realigned`, which touches the lines of the same block alone.


def set_value(attribute: Attribute, value: str) -> Change:
    """Put an expression in the place of an attribute's value."""
    return attribute.value.start, attribute.value.end, value


def insert(document: Document, block: Block, lines: str, *, after: str | None = None) -> Change:
    """Put lines (at indentation 0) into a block: after the attribute `after`, else before its closing brace.

    A block on one line is opened up. Attributes and nested blocks are told apart by a blank line, as `terraform fmt`
    leaves them.
    """
    text = document.text
    eol = newline(text)
    indent = document.indent(block.start)
    body = eol.join((f"{indent}  {line}" if line else "") for line in lines.rstrip("\n").split("\n"))
    attribute = block.body.attributes.get(after) if after else None
    if attribute is not None:
        end = _line_end(text, attribute.end)
        return end, end, eol + body
    if "\n" not in text[block.opened : block.closed]:
        inside = text[block.opened + 1 : block.closed].strip()
        kept = f"{indent}  {inside}{eol}" if inside else ""
        return block.opened + 1, block.closed, f"{eol}{kept}{body}{eol}{indent}"
    at = text.rfind("\n", 0, block.closed) + 1
    last = block.body.items[-1] if block.body.items else None
    gap = eol if isinstance(last, Block) or (last is not None and "{" in lines.split("\n")[0]) else ""
    return at, at, gap + body + eol


def insert_first(document: Document, block: Block, lines: str) -> Change:
    """Put lines (at indentation 0) at the top of a block, a blank line after them unless only an attribute follows."""
    text = document.text
    eol = newline(text)
    indent = document.indent(block.start)
    if "\n" not in text[block.opened : block.closed] or not block.body.items:
        return insert(document, block, lines)
    body = eol.join((f"{indent}  {line}" if line else "") for line in lines.rstrip("\n").split("\n"))
    at = text.index("\n", block.opened)
    at -= text[at - 1] == "\r"
    gap = eol if isinstance(block.body.items[0], Block) else ""
    return at, at, eol + body + gap


def remove(document: Document, item: Attribute | Block) -> Change:
    """Take an attribute or a block out with its own line and the comment behind it, not with comments above it."""
    text = document.text
    start = text.rfind("\n", 0, item.start) + 1
    end = _line_end(text, item.end)
    if text[start : item.start].strip():  # on a line with others
        return item.start, item.end, ""
    if end < len(text):
        end += 2 if text.startswith("\r\n", end) else 1
    return start, end, ""


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    if end < 0:
        return len(text)
    return end - 1 if end > 0 and text[end - 1] == "\r" else end
