"""Dockerfiles as instructions with character positions. Text ↔ nodes, no opinion.

Line continuations and the comments between them are masked with NUL in a copy of the same length, so that every
offset is an offset of the file.
"""

from __future__ import annotations

import re

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.dockerfile_nodes import (
    HEREDOC,
    WORD,
    Dockerfile,
    Flag,
    Heredoc,
    Instruction,
    Pair,
    Stage,
    Word,
    expand,
    unquoted,
    words_of,
)
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.patterns import lazy
from devops_orchestrator.text import Text

__all__ = [
    "INSTRUCTIONS",
    "Dockerfile",
    "Flag",
    "Heredoc",
    "Instruction",
    "Pair",
    "Stage",
    "Word",
    "expand",
    "parse",
    "unquoted",
]

INSTRUCTIONS = frozenset(
    [
        "FROM",
        "RUN",
        "CMD",
        "LABEL",
        "MAINTAINER",
        "EXPOSE",
        "ENV",
        "ADD",
        "COPY",
        "ENTRYPOINT",
        "VOLUME",
        "USER",
        "WORKDIR",
        "ARG",
        "ONBUILD",
        "STOPSIGNAL",
        "HEALTHCHECK",
        "SHELL",
    ]
)
_FLAGGED = frozenset(["FROM", "RUN", "ADD", "COPY", "HEALTHCHECK"])
_HEREDOCS = frozenset(["RUN", "ADD", "COPY"])
_DIRECTIVE = lazy(r"\s*#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(.+?)\s*")


def parse(text: str) -> Dockerfile:
    """The Dockerfile as instructions and stages.

    Raises ParseError with the line: an unknown instruction, no FROM, a FROM without an image, an instruction before
    the first FROM, a here-document without its end, a binary file.
    """
    return _Reader(text).read()


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
        for word in WORD.finditer(arguments):
            found = HEREDOC.fullmatch(word[0].replace("\0", ""))
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
            word = next(words_of(masked, args_start, end), None)
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
