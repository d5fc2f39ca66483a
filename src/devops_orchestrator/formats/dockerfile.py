"""Dockerfiles as instructions with character positions. Text ↔ nodes, no opinion.

Line continuations and the comments between them are masked with NUL in a copy of the same length, so that every
offset is an offset of the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text

INSTRUCTIONS = frozenset(
    "FROM RUN CMD LABEL MAINTAINER EXPOSE ENV ADD COPY ENTRYPOINT VOLUME USER WORKDIR ARG ONBUILD STOPSIGNAL HEALTHCHECK SHELL".split()
)
_FLAGGED = frozenset("FROM RUN ADD COPY HEALTHCHECK".split())
_HEREDOCS = frozenset("RUN ADD COPY".split())
_DIRECTIVE = re.compile(r"\s*#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*")
_HEREDOC = re.compile(r"\d*<<(-?)([^<]+)")
_WORD = re.compile(r"(?:\\.|\"(?:\\.|[^\"\\])*\"?|'[^']*'?|[^\s\"'\\]|\\)+", re.S)
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
        return tuple(_words(self.masked, self.args_start, self.args_end))

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
        if not (self.heredocs and _HEREDOC.fullmatch(self.arguments)):
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


def parse(text: str) -> Dockerfile:
    """The Dockerfile as instructions and stages.

    Raises ParseError with the line: an unknown instruction, no FROM, a FROM without an image, an instruction before
    the first FROM, a here-document without its end, a binary file.
    """
    return _Reader(text).read()


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


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.masked = list(text)
        self.escape = "\\"
        self.directives: dict[str, str] = {}
        self.comments: list[tuple[int, int]] = []
        self.found: list[tuple[str, int, int, int, tuple[tuple[int, int, str, bool], ...]]] = []

    def read(self) -> Dockerfile:
        if "\0" in self.text:
            raise self._error(
                self.lines.place(self.text.index("\0"))[0],
                Text("This is a binary file, not a Dockerfile.", "C'est un fichier binaire, pas un Dockerfile."),
            )
        number = self._read_directives()
        while number <= len(self.lines):
            line = self.lines.line(number)
            if number == 1:
                line = line.removeprefix("\ufeff")
            if not line.strip():
                number += 1
            elif line.lstrip().startswith("#"):
                self.comments.append((self.lines.start(number), self.lines.end(number)))
                number += 1
            else:
                number = self._read_instruction(number)
        return self._build()

    def _read_directives(self) -> int:
        number = 1
        while number <= len(self.lines):
            found = _DIRECTIVE.fullmatch(self.lines.line(number).removeprefix("\ufeff"))
            if not found:
                break
            self.directives.setdefault(found[1].lower(), found[2])
            self.comments.append((self.lines.start(number), self.lines.end(number)))
            number += 1
        if self.directives.get("escape") == "`":
            self.escape = "`"
        return number

    def _read_instruction(self, number: int) -> int:
        """Read the instruction that begins on a line; the number of the line after it."""
        first = number
        continuation = re.compile(rf"(?<!{re.escape(self.escape)}){re.escape(self.escape)}[ \t]*$")
        while True:
            start, end = self.lines.start(number), self.lines.end(number)
            found = continuation.search(self.text, start, end) if end > start else None
            if not found or found.start() < start:
                break
            self._mask(found.start(), self.lines.start(number + 1))
            number += 1
            while number <= len(self.lines) and self._between(number):
                self._mask(self.lines.start(number), self.lines.start(number + 1))
                number += 1
            if number > len(self.lines):
                number = len(self.lines)
                break
        start, end = self.lines.start(first), self.lines.end(number)
        start += len(self.text[start:end]) - len(self.text[start:end].lstrip("\ufeff \t"))
        masked = "".join(self.masked[start:end])
        name = re.match(r"[^\s\0]+", masked)
        if name is None or name[0].upper() not in INSTRUCTIONS:
            shown = (name[0] if name else masked)[:40]
            raise self._error(
                first,
                Text(f"Unknown Dockerfile instruction '{shown}'.", f"Instruction Dockerfile inconnue : « {shown} »."),
            )
        keyword = name[0].upper()
        bodies, after = self._read_heredocs(keyword, masked[name.end() :], number + 1, first)
        self.found.append((keyword, start, start + name.end(), end, bodies))
        return after

    def _between(self, number: int) -> bool:
        """Whether a line inside a continuation is left out: a comment or an empty line."""
        line = self.lines.line(number).strip()
        return line.startswith("#") or (not line and number < len(self.lines))

    def _mask(self, start: int, end: int) -> None:
        self.masked[start:end] = ["\0"] * (end - start)

    def _read_heredocs(
        self, keyword: str, arguments: str, number: int, first: int
    ) -> tuple[tuple[tuple[int, int, str, bool], ...], int]:
        if keyword not in _HEREDOCS or "<<" not in arguments or arguments.replace("\0", "").strip().startswith("["):
            return (), number
        bodies = []
        for word in _WORD.finditer(arguments):
            found = _HEREDOC.fullmatch(word[0].replace("\0", ""))
            if not found:
                continue
            name = found[2].strip("\"'").removesuffix(";")
            body_start = self.lines.start(number)
            while number <= len(self.lines):
                line = self.lines.line(number)
                if (line.lstrip("\t") if found[1] else line) == name:
                    break
                number += 1
            else:
                raise self._error(
                    first,
                    Text(
                        f"The here-document '{name}' is never closed.",
                        f"Le here-document « {name} » n'est jamais fermé.",
                    ),
                )
            bodies.append((body_start, self.lines.start(number), name, not found[2].startswith(("'", '"'))))
            number += 1
        return tuple(bodies), number

    def _build(self) -> Dockerfile:
        masked = "".join(self.masked)
        instructions = tuple(self._instruction(masked, *found) for found in self.found)
        origins = [i for i, instruction in enumerate(instructions) if instruction.name == "FROM"]
        if not origins:
            raise self._error(
                1, Text("A Dockerfile needs a FROM instruction.", "Un Dockerfile a besoin d'une instruction FROM.")
            )
        head = instructions[: origins[0]]
        for item in head:
            if item.name != "ARG":
                raise self._error(
                    item.line,
                    Text(
                        f"{item.name} stands before the first FROM; only ARG may.",
                        f"{item.name} précède le premier FROM ; seul ARG peut s'y trouver.",
                    ),
                )
        ends = [*origins[1:], len(instructions)]
        stages = tuple(
            self._stage(index, instructions[origin], instructions[origin + 1 : end])
            for index, (origin, end) in enumerate(zip(origins, ends, strict=True))
        )
        return Dockerfile(self.text, self.escape, self.directives, head, stages, instructions, tuple(self.comments))

    def _instruction(
        self,
        masked: str,
        name: str,
        start: int,
        args_start: int,
        end: int,
        bodies: tuple[tuple[int, int, str, bool], ...],
    ) -> Instruction:
        flags: list[Flag] = []
        while name in _FLAGGED:
            word = next(_words(masked, args_start, end), None)
            if word is None or not re.match(r"--[a-z]", word.value):
                break
            key, _, value = word.value[2:].partition("=")
            flags.append(Flag(key, value, word.start, word.end))
            args_start = word.end
        while args_start < end and masked[args_start] in " \t\0":
            args_start += 1
        heredocs = tuple(Heredoc(n, s, e, self.text[s:e], expands) for s, e, n, expands in bodies)
        last = self.lines.end(self.lines.place(bodies[-1][1])[0]) if bodies else end
        line = self.lines.place(start)[0]
        return Instruction(name, start, last, args_start, end, tuple(flags), heredocs, masked, line)

    def _stage(self, index: int, origin: Instruction, instructions: tuple[Instruction, ...]) -> Stage:
        words = origin.words
        named = len(words) == 3 and words[1].value.lower() == "as"
        if not words or (len(words) != 1 and not named):
            raise self._error(
                origin.line,
                Text(
                    "FROM takes an image and perhaps AS with a name.",
                    "FROM attend une image, et éventuellement AS suivi d'un nom.",
                ),
            )
        platform = origin.flag("platform")
        return Stage(
            index, words[2].value.lower() if named else None, words[0].value, platform.value if platform else None,
            origin, instructions,
        )  # fmt: skip

    def _error(self, line: int, text: Text) -> ParseError:
        return ParseError(text, line=line)


def _words(masked: str, start: int, end: int) -> Iterator[Word]:
    for found in _WORD.finditer(masked, start, end):
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
