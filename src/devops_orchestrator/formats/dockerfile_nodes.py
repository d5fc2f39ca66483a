"""What a Dockerfile is made of: words, flags, instructions, stages, each with its place in the text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

HEREDOC = re.compile(r"\d*<<(-?)([^<]+)")
WORD = re.compile(r"(?:\\.|\"(?:\\.|[^\"\\])*\"?|'[^']*'?|[^\s\"'\\]|\\)+", re.S)
_VARIABLE = re.compile(r"\\(.)|\$(?:(\w+)|\{(\w+)(?:(:?[-+?])((?:[^{}]|\{[^{}]*\})*))?\})", re.S)


@dataclass(frozen=True)
class Word:
    """One word of an instruction: `raw` as written, `value` without quotes and continuations."""

    raw: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Flag:
    """A flag of an instruction: `--mount=type=cache` is name `mount`, value `type=cache`; `start:end` is all of it."""

    name: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Pair:
    """A `key=value` of ENV, ARG or LABEL. `value` is None where ARG gives no default."""

    key: str
    value: str | None
    start: int
    end: int
    value_start: int


@dataclass(frozen=True)
class Heredoc:
    """A here-document: `start:end` is its body, without the terminator. `expands` is False for a quoted name."""

    name: str
    start: int
    end: int
    body: str
    expands: bool


@dataclass(frozen=True, eq=False)
class Instruction:
    """One instruction. `start:end` runs from its keyword to its last character, here-documents included.

    `args_start:args_end` is what follows the keyword and the flags, without the here-documents' bodies.
    """

    name: str
    start: int
    end: int
    args_start: int
    args_end: int
    flags: tuple[Flag, ...]
    heredocs: tuple[Heredoc, ...]
    masked: str = field(repr=False)  # the whole file with continuations and comments between them as NUL
    line: int = 1

    @cached_property
    def arguments(self) -> str:
        """The arguments on one line: continuations and the comments between them taken out."""
        return self.masked[self.args_start : self.args_end].replace("\0", "").strip()

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The arguments split at blanks outside quotes."""
        return tuple(words_of(self.masked, self.args_start, self.args_end))

    @cached_property
    def json(self) -> tuple[Word, ...] | None:
        """The words of the JSON (exec) form, None for the shell form."""
        if not self.arguments.startswith("["):
            return None
        try:
            values = json.loads(self.arguments)
        except json.JSONDecodeError:
            return None
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            return None
        places = re.finditer(r'"(?:\\.|[^"\\])*"', self.masked[self.args_start : self.args_end])
        return tuple(
            Word(found[0], value, self.args_start + found.start(), self.args_start + found.end())
            for found, value in zip(places, values, strict=False)
        )

    @cached_property
    def operands(self) -> tuple[Word, ...]:
        """The JSON form's words where it is one, else the words of the line."""
        return self.words if self.json is None else self.json

    def flag(self, name: str) -> Flag | None:
        """The first flag of that name, or None."""
        return next((flag for flag in self.flags if flag.name == name), None)

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The keys and values of ENV, LABEL and ARG; of `ENV key the rest` too."""
        if not self.words:
            return ()
        first = self.words[0]
        if self.name in ("ENV", "LABEL") and "=" not in first.raw:
            if len(self.words) == 1:
                return (Pair(first.value, "", first.start, first.end, first.end),)
            second = self.words[1]
            value = self.masked[second.start : self.args_end].replace("\0", "").strip()
            return (Pair(first.value, value, first.start, self.args_end, second.start),)
        return tuple(_pair(word) for word in self.words)

    @property
    def scripts(self) -> tuple[tuple[int, str], ...]:
        """The shell scripts of a RUN, CMD or ENTRYPOINT in shell form, as (offset, text of the file's own length).

        A here-document that is the whole command is a script too, unless it names another interpreter.
        """
        if self.json is not None:
            return ()
        found = []
        line = self.masked[self.args_start : self.args_end]
        if not (self.heredocs and HEREDOC.fullmatch(self.arguments)):
            found.append((self.args_start, line.replace("\0", " ")))
        elif not self.heredocs[0].body.startswith("#!"):
            found.append((self.heredocs[0].start, self.masked[self.heredocs[0].start : self.heredocs[0].end]))
        return tuple(found)


@dataclass(frozen=True, eq=False)
class Stage:
    """A build stage: its FROM and what follows, up to the next FROM."""

    index: int
    name: str | None
    image: str  # as written
    platform: str | None
    origin: Instruction
    instructions: tuple[Instruction, ...]

    def of(self, *names: str) -> Iterator[Instruction]:
        """The stage's instructions of these names, in order."""
        return (instruction for instruction in self.instructions if instruction.name in names)


@dataclass(frozen=True, eq=False)
class Dockerfile:
    """A parsed Dockerfile. `head` are the instructions before the first FROM (global ARG)."""

    text: str
    escape: str
    directives: Mapping[str, str]
    head: tuple[Instruction, ...]
    stages: tuple[Stage, ...]
    instructions: tuple[Instruction, ...]
    comments: tuple[tuple[int, int], ...]  # spans of whole-line comments outside instructions

    @property
    def final(self) -> Stage:
        """The stage that `docker build` makes an image of."""
        return self.stages[-1]

    @cached_property
    def globals(self) -> dict[str, str | None]:
        """The global ARGs and their default values."""
        return {pair.key: pair.value for item in self.head for pair in item.pairs}

    def image(self, stage: Stage) -> str | None:
        """The stage's base as the build sees it; None where an ARG without a default decides."""
        return expand(stage.image, self.globals)

    def parent(self, stage: Stage) -> Stage | None:
        """The earlier stage that this one is built on, or None for an image."""
        return self.stage(self.image(stage) or "", before=stage.index)

    def stage(self, reference: str, before: int | None = None) -> Stage | None:
        """The stage of that name or number among those before `before`, or None (an image, or another build context)."""
        known = self.stages if before is None else self.stages[:before]
        if reference.isdigit() and int(reference) < len(known):
            return known[int(reference)]
        return next((s for s in reversed(known) if s.name and s.name == reference.lower()), None)

    def lineage(self, stage: Stage) -> tuple[Stage, ...]:
        """The stage and the stages that it is built on, the oldest first."""
        chain = [stage]
        while parent := self.parent(chain[0]):
            chain.insert(0, parent)
        return tuple(chain)

    def base(self, stage: Stage) -> str | None:
        """The external image at the root of a stage's lineage, as the build sees it."""
        return self.image(self.lineage(stage)[0])


def expand(value: str, scope: Mapping[str, str | None]) -> str | None:
    """A word with its `$VAR`, `${VAR}`, `${VAR:-default}` and `${VAR:+other}` filled; None where a value is not known."""
    unknown = False

    def fill(found: re.Match[str]) -> str:
        nonlocal unknown
        if found[1] is not None:
            return str(found[1])
        name, how, other = found[2] or found[3], found[4] or "", found[5] or ""
        known = scope.get(name)
        if "+" in how:
            return (expand(other, scope) or "") if known else ""
        if known or (known == "" and how != ":-"):
            return known
        if "-" in how and (inner := expand(other, scope)) is not None:
            return inner
        unknown = True
        return ""

    filled = _VARIABLE.sub(fill, value)
    return None if unknown else filled


def words_of(masked: str, start: int, end: int) -> Iterator[Word]:
    """The words of a span of the masked text, split at blanks outside quotes."""
    for found in WORD.finditer(masked, start, end):
        word_start, word_end = found.span()
        while word_start < word_end and masked[word_start] == "\0":
            word_start += 1
        while word_end > word_start and masked[word_end - 1] == "\0":
            word_end -= 1
        raw = masked[word_start:word_end].replace("\0", "")
        if raw:
            yield Word(raw, unquoted(raw), word_start, word_end)


def unquoted(raw: str) -> str:
    """A word without its quotes; a backslash keeps the dollar that it protects."""
    out: list[str] = []
    for part in re.finditer(r"\"((?:\\.|[^\"\\])*)\"?|'([^']*)'?|\\(.)|(.)", raw, re.S):
        if part[1] is not None:
            out.append(re.sub(r"\\([\"\\])", r"\1", part[1]))
        elif part[2] is not None:
            out.append(part[2])
        elif part[3] is not None:
            out.append("\\$" if part[3] == "$" else part[3])
        else:
            out.append(part[4])
    return "".join(out)


def _pair(word: Word) -> Pair:
    key, equals, _ = word.raw.partition("=")
    value_start = word.start + len(key) + len(equals)
    value = unquoted(word.raw[len(key) + 1 :]) if equals else None
    return Pair(key, value, word.start, word.end, value_start)
