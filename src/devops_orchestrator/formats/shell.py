"""Shell scripts as simple commands with character positions (a real bash grammar, so a comment is never a command)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_ARGUMENTS = frozenset(
    [
        "word",
        "string",
        "raw_string",
        "concatenation",
        "number",
        "simple_expansion",
        "expansion",
        "ansi_c_string",
        "command_substitution",
    ]
)


@dataclass(frozen=True)
class Argument:
    """A word of a command: `value` without quotes; `start:end` in the script that was parsed."""

    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Command:
    """One simple command: `words[0]` is its name. `pipe` is the name of the command that reads its output, if any.

    `conditional` says that it stands inside an if, a loop, a case or a function: it may never run.
    """

    words: tuple[Argument, ...]
    start: int
    end: int
    pipe: str | None = None
    conditional: bool = False
    environment: tuple[str, ...] = ()
    after: str = ""  # the operator that follows it: && || ; | or nothing

    @property
    def name(self) -> str:
        """The command's name without its folder: `curl` of `/usr/bin/curl`."""
        return self.words[0].value.rsplit("/", 1)[-1]

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(word.value for word in self.words)

    @property
    def options(self) -> tuple[str, ...]:
        """The words that begin with a dash."""
        return tuple(value for value in self.values[1:] if value.startswith("-"))

    @property
    def operands(self) -> tuple[str, ...]:
        """The words after the name that are no options."""
        return tuple(value for value in self.values[1:] if not value.startswith("-"))


@lru_cache(maxsize=256)
def commands(script: str, offset: int = 0) -> tuple[Command, ...]:
    """The simple commands of a script, in order, positions moved by `offset`; nested ones (subshells, ifs) included."""
    from ast_grep_py import SgRoot

    return tuple(_walk(SgRoot(script, "bash").root(), offset, False))


def _walk(node: Any, offset: int, conditional: bool) -> Iterator[Command]:
    kind = node.kind()
    if kind == "command":
        if found := _command(node, offset, conditional):
            yield found
    elif kind in ("if_statement", "while_statement", "for_statement", "case_statement", "function_definition"):
        conditional = True
    for child in node.children():
        yield from _walk(child, offset, conditional)


def _command(node: Any, offset: int, conditional: bool) -> Command | None:
    words: list[Argument] = []
    environment: list[str] = []
    for child in node.children():
        kind = child.kind()
        if kind == "variable_assignment":
            environment.append(child.text())
        elif kind == "command_name" or kind in _ARGUMENTS:
            place = child.range()
            words.append(Argument(_value(child), place.start.index + offset, place.end.index + offset))
    if not words:
        return None
    place = node.range()
    following = _next(node)
    operator = following.kind() if following is not None else ""
    pipe = None
    if operator in ("|", "|&"):
        reader = following.next()
        name = reader.find(kind="command_name") if reader is not None else None
        pipe = name.text().rsplit("/", 1)[-1] if name is not None else None
    return Command(
        tuple(words),
        place.start.index + offset,
        place.end.index + offset,
        pipe,
        conditional,
        tuple(environment),
        operator,
    )


def _next(node: Any) -> Any:
    """The operator after a command, also where the command ends a list (`a && b | c`) or is redirected."""
    while node is not None:
        following = node.next()
        if following is not None:
            return following
        node = node.parent()
        if node is None or node.kind() not in ("list", "pipeline", "redirected_statement"):
            return None
    return None


def _value(node: Any) -> str:
    kind = node.kind()
    text = str(node.text())
    if kind in ("command_name", "concatenation"):
        return "".join(_value(child) for child in node.children()) or text
    if kind == "string":
        return text.strip('"')
    if kind == "raw_string":
        return text.strip("'")
    return text
