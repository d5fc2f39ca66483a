"""A Go template as a tree: text, outputs, blocks; each with its offsets. Nothing here has an opinion."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field


class Unreadable(Exception):
    """The text is no template that this reader knows; it is left alone."""


@dataclass(frozen=True)
class Field:
    """`.a.b` of the dot (`root` empty), of `$` or of a variable (`$x`); a bare dot has no `names`."""

    root: str
    names: tuple[str, ...]
    start: int
    end: int

    @property
    def value(self) -> str | None:
        """The path below `.Values`, dotted; None for another field. A variable with `.Values` is the root, kept."""
        if len(self.names) < 2 or self.names[0] != "Values":
            return None
        return ".".join(self.names[1:])


@dataclass(frozen=True)
class Literal:
    """A string, a number, a truth value or nil."""

    value: object
    start: int
    end: int


@dataclass(frozen=True)
class Call:
    """A function and its arguments, or one argument alone (`name` empty)."""

    name: str
    arguments: tuple[Term, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Pipeline:
    """Calls joined by `|`; `names` are the fields read from the result: `(…).a`. `sets` are assigned variables."""

    calls: tuple[Call, ...]
    start: int
    end: int
    sets: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def fields(self) -> Iterator[Field]:
        """Every field that it reads, in order."""
        for call in self.calls:
            for argument in call.arguments:
                if isinstance(argument, Field):
                    yield argument
                elif isinstance(argument, Pipeline):
                    yield from argument.fields()

    def functions(self) -> Iterator[Call]:
        """Every function that it calls, in order."""
        for call in self.calls:
            if call.name:
                yield call
            for argument in call.arguments:
                if isinstance(argument, Pipeline):
                    yield from argument.functions()


Term = Field | Literal | Pipeline


@dataclass(frozen=True)
class Words:
    """Text that is written as it is, whitespace that the actions beside it trim already taken off."""

    text: str
    start: int


@dataclass(frozen=True)
class Output:
    """`{{ pipeline }}`: what it gives is written, unless it only sets a variable."""

    pipeline: Pipeline
    start: int
    end: int


@dataclass
class Block:
    """`if`, `with`, `range`, `block`: branches of (pipeline or None for `else`, body)."""

    kind: str
    start: int
    branches: list[tuple[Pipeline | None, list[Action]]] = field(default_factory=list)


@dataclass
class Define:
    """A named template."""

    name: str
    start: int
    body: list[Action] = field(default_factory=list)


Action = Words | Output | Block | Define

_OPEN = re.compile(r"\{\{(-(?=\s))?")
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|\'(?:[^\'\\]|\\.)*\'')
_TOKEN = re.compile(
    r"(?P<space>\s+)|(?P<string>\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`|'(?:[^'\\]|\\.)*')|(?P<number>[-+]?\d[\w.]*)"
    r"|(?P<variable>\$\w*(?:\.\w+)*)|(?P<field>\.(?:\w+(?:\.\w+)*)?)|(?P<word>\w+)|(?P<mark>:=|=|\||\(|\)|,)"
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "'": "'"}


def parse(text: str) -> list[Action]:
    """The tree of a template. Raises Unreadable."""
    top: list[Action] = []
    stack: list[tuple[Block | Define | None, list[Action]]] = [(None, top)]
    position = 0
    trim = False  # whether the action before ended in `-}}`
    for start, open_end, inner_end, end, left, right in _actions(text):
        words, offset = text[position:start], position
        if trim:
            kept = words.lstrip(" \t\r\n")
            offset += len(words) - len(kept)
            words = kept
        if left:
            words = words.rstrip(" \t\r\n")
        if words:
            stack[-1][1].append(Words(words, offset))
        position, trim = end, right
        inner = text[open_end:inner_end]
        if inner.strip().startswith("/*"):
            continue
        _place(stack, inner, open_end, start, end)
    rest = text[position:]
    if trim:
        kept = rest.lstrip(" \t\r\n")
        position += len(rest) - len(kept)
        rest = kept
    if rest:
        stack[-1][1].append(Words(rest, position))
    if len(stack) != 1:
        raise Unreadable("a block is not closed")
    return top


def _actions(text: str) -> Iterator[tuple[int, int, int, int, bool, bool]]:
    """(start, start of the inside, its end, end, trims left, trims right) of each action."""
    position = 0
    while found := _OPEN.search(text, position):
        inside = found.end()
        comment = re.compile(r"\s*/\*.*?\*/", re.S).match(text, inside)
        at = comment.end() if comment else inside
        while not text.startswith("}}", at):
            if at >= len(text):
                raise Unreadable("an action is not closed")
            string = _STRING.match(text, at)
            at = string.end() if string else at + 1
        right = text[at - 1] == "-" and at - 1 > inside and text[at - 2].isspace()
        yield found.start(), inside, at - 1 if right else at, at + 2, bool(found[1]), right
        position = at + 2


def _place(
    stack: list[tuple[Block | Define | None, list[Action]]], inner: str, offset: int, start: int, end: int
) -> None:
    """Put one action into the tree."""
    first = re.match(r"\s*(\w+)", inner)
    word = first[1] if first else ""
    after = offset + (first.end() if first else 0)
    block = stack[-1][0]
    if word in ("if", "with", "range"):
        opened = Block(word, start)
        body: list[Action] = []
        opened.branches.append((_pipeline(inner[first.end() :] if first else "", after), body))
        stack[-1][1].append(opened)
        stack.append((opened, body))
    elif word == "else":
        if not isinstance(block, Block):
            raise Unreadable("else without a block")
        rest = inner[first.end() :] if first else ""
        more = re.match(r"\s*(if|with)\b", rest)
        body = []
        block.branches.append((_pipeline(rest[more.end() :], after + more.end()) if more else None, body))
        stack[-1] = (block, body)
    elif word == "end":
        if len(stack) == 1:
            raise Unreadable("end without a block")
        stack.pop()
    elif word in ("define", "block"):
        name = _STRING.search(inner)
        if name is None:
            raise Unreadable("a template without a name")
        made = Define(name[0][1:-1], start)
        stack[-1][1].append(made)
        stack.append((made, made.body))
    elif word in ("break", "continue"):
        raise Unreadable(word)
    elif inner.strip():
        stack[-1][1].append(Output(_pipeline(inner, offset, word == "template"), start, end))


def _pipeline(text: str, offset: int, template: bool = False) -> Pipeline:
    tokens: list[tuple[str, str, int]] = []
    position = 0
    while position < len(text):
        found = _TOKEN.match(text, position)
        if found is None:
            raise Unreadable(f"unknown character {text[position]!r}")
        if found.lastgroup and found.lastgroup != "space":
            tokens.append((found.lastgroup, found[0], offset + position))
        position = found.end()
    pipeline, rest = _read(tokens, 0)
    if rest != len(tokens):
        raise Unreadable("a parenthesis too many")
    return pipeline


def _read(tokens: list[tuple[str, str, int]], at: int) -> tuple[Pipeline, int]:
    """One pipeline from a position on, to its closing parenthesis or the end."""
    begin = tokens[at][2] if at < len(tokens) else 0
    sets: list[str] = []
    mark = next((i for i in range(at, min(at + 4, len(tokens))) if tokens[i][1] in (":=", "=")), None)
    if mark is not None and all(kind == "variable" or text == "," for kind, text, _ in tokens[at:mark]):
        sets = [text for kind, text, _ in tokens[at:mark] if kind == "variable"]
        at = mark + 1
    calls: list[Call] = []
    name, start, end = "", begin, begin
    pending: list[Term] = []
    fresh = True
    while at < len(tokens) and tokens[at][1] != ")":
        kind, text, place = tokens[at]
        stop = place + len(text)
        if kind == "mark" and text == "|":
            calls.append(Call(name, tuple(pending), start, end))
            name, pending, fresh = "", [], True
            at += 1
            continue
        if fresh:
            start = place
        if kind == "mark" and text == "(":
            below, at = _read(tokens, at + 1)
            if at >= len(tokens):
                raise Unreadable("a parenthesis is not closed")
            closing = tokens[at][2] + 1
            if at + 1 < len(tokens) and tokens[at + 1][0] == "field" and tokens[at + 1][2] == closing:
                at += 1
                below = Pipeline(below.calls, below.start, below.end, names=tuple(tokens[at][1][1:].split(".")))
                closing += len(tokens[at][1])
            pending.append(below)
            stop = closing
        elif kind == "word" and text not in ("true", "false", "nil"):
            if fresh:
                name = text
            else:
                pending.append(Pipeline((Call(text, (), place, stop),), place, stop))
        elif kind == "mark":
            raise Unreadable(f"{text} in the middle")
        else:
            pending.append(_term(kind, text, place))
        fresh, end = False, stop
        at += 1
    calls.append(Call(name, tuple(pending), start, end))
    return Pipeline(tuple(calls), begin, end, tuple(sets)), at


def _term(kind: str, text: str, place: int) -> Field | Literal:
    end = place + len(text)
    if kind == "field":
        return Field("", tuple(part for part in text[1:].split(".") if part), place, end)
    if kind == "variable":
        root, *names = text.split(".")
        return Field(root, tuple(names), place, end)
    if kind == "string":
        body = text[1:-1]
        value = body if text[0] == "`" else re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), body)
        return Literal(value, place, end)
    if kind == "number":
        try:
            return Literal(int(text, 0), place, end)
        except ValueError:
            return (
                Literal(float(text), place, end) if re.fullmatch(r"[-+]?\d+\.\d+", text) else Literal(text, place, end)
            )
    return Literal({"true": True, "false": False}.get(text), place, end)
