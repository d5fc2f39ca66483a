"""Manifests with the line of each key: JSON, TOML and properties. Values come from the parsers, places from a scan."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from devops_orchestrator.errors import ParseError
from devops_orchestrator.patterns import lazy
from devops_orchestrator.text import Text

Key = tuple[str | int, ...]


@dataclass
class Document:
    """A parsed manifest: `value`, and the line (from 1) of each path of keys in it."""

    path: str
    value: dict[str, Any]
    places: dict[Key, int] = field(default_factory=dict)

    def get(self, *keys: str | int, default: Any = None) -> Any:
        """The value at a path, or `default`."""
        found: Any = self.value
        for key in keys:
            if isinstance(found, dict) and key in found:
                found = found[key]
                continue
            if not isinstance(found, list) or not isinstance(key, int) or not -len(found) <= key < len(found):
                return default
            found = found[key]
        return found

    def table(self, *keys: str | int) -> dict[str, Any]:
        """The mapping at a path; empty where there is none."""
        found = self.get(*keys)
        return found if isinstance(found, dict) else {}

    def strings(self, *keys: str | int) -> list[str]:
        """The strings of the list at a path; empty where there is none."""
        found = self.get(*keys)
        return [entry for entry in found if isinstance(entry, str)] if isinstance(found, list) else []

    def text(self, *keys: str | int) -> str | None:
        """The string at a path, or None."""
        found = self.get(*keys)
        return found if isinstance(found, str) else None

    def line(self, *keys: str | int) -> int:
        """The line of a path; of its nearest parent where the path itself has no place; else 1."""
        key = tuple(keys)
        while key and key not in self.places:
            key = key[:-1]
        return self.places.get(key, 1)

    def at(self, *keys: str | int) -> str:
        """The evidence of a path: `file:line`."""
        return f"{self.path}:{self.line(*keys)}"


def _starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


def _fail(path: str, line: int, column: int, language: str, problem: str) -> ParseError:
    return ParseError(
        Text(f"Invalid {language}: {problem}.", f"{language} invalide : {problem}."),
        file=path,
        line=line,
        column=column,
    )


# JSON

_JSON_TOKEN = lazy(r'"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/|[{}\[\],:]|[^\s{}\[\],:"/]+|/', re.S)


def read_json(path: str, text: str, *, comments: bool = False) -> Document:
    """A JSON object with the place of each key. With `comments`, those and trailing commas are allowed (JSONC).

    Raises ParseError with the line; a text whose top is no object is an error too.
    """
    body = text.removeprefix("\ufeff")
    plain = _without_comments(body) if comments else body
    try:
        value = json.loads(plain)
    except json.JSONDecodeError as error:
        raise _fail(path, error.lineno, error.colno, "JSON", error.msg) from error
    except RecursionError as error:
        raise _fail(path, 1, 1, "JSON", "nested too deeply") from error
    if not isinstance(value, dict):
        raise _fail(path, 1, 1, "JSON", "an object is expected")
    return Document(path, value, dict(_json_places(plain)))


def _without_comments(text: str) -> str:
    """The text with comments blanked (line breaks stay) and trailing commas taken out."""
    parts: list[str] = []
    end, comma = 0, -1
    for found in _JSON_TOKEN.finditer(text):
        parts.append(text[end : found.start()])
        end = found.end()
        part = found[0]
        if part.startswith(("//", "/*")):
            parts.append(re.sub(r"[^\n]", " ", part))
            continue
        if part in "}]" and comma >= 0:
            parts[comma] = " "
        parts.append(part)
        comma = len(parts) - 1 if part == "," else -1
    return "".join(parts) + text[end:]


def _json_places(text: str) -> Iterator[tuple[Key, int]]:
    starts = _starts(text)
    stack: list[tuple[str | int, bool]] = []  # (current key or index, whether it is a list)
    expect_key = False
    for found in _JSON_TOKEN.finditer(text):
        part = found[0]
        if part == "{":
            stack.append(("", False))
            expect_key = True
        elif part == "[":
            stack.append((0, True))
            yield tuple(key for key, _ in stack), bisect_right(starts, found.end())
        elif part in "}]":
            if stack:
                stack.pop()
            expect_key = False
        elif part == "," and stack:
            key, is_list = stack[-1]
            if is_list and isinstance(key, int):
                stack[-1] = (key + 1, True)
            expect_key = not is_list
        elif part[0] == '"' and expect_key and stack:
            stack[-1] = (str(json.loads(part, strict=False)), False)
            yield tuple(key for key, _ in stack), bisect_right(starts, found.start())
            expect_key = False
        elif stack and stack[-1][1] and part != ":":
            yield tuple(key for key, _ in stack), bisect_right(starts, found.start())


# TOML

_TOML_TOKEN = lazy(
    r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*|\n|\[\[|\]\]|[\[\]{},=.]|[^\s\[\]{},=.#"\']+',
    re.S,
)


def read_toml(path: str, text: str) -> Document:
    """A TOML document with the place of each key and array entry. Raises ParseError with the line."""
    import tomllib

    body = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        value = tomllib.loads(body)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        line, column = (int(found[1]), int(found[2])) if found else (max(1, body.count("\n")), 1)
        problem = re.sub(r"\s*\(at .*\)$", "", str(error))
        raise _fail(path, line, column, "TOML", problem) from error
    except RecursionError as error:
        raise _fail(path, 1, 1, "TOML", "nested too deeply") from error
    return Document(path, value, dict(_TomlPlaces(body).places()))


def _bare(part: str) -> str:
    return part[1:-1] if part[:1] in ("'", '"') and len(part) > 1 else part


class _TomlPlaces:
    """Walks the parts: table headers, `key = value` lines, arrays and inline tables."""

    def __init__(self, text: str) -> None:
        starts = _starts(text)
        self.parts = [(found[0], bisect_right(starts, found.start())) for found in _TOML_TOKEN.finditer(text)]
        self.index = 0
        self.counts: dict[Key, int] = {}

    def places(self) -> Iterator[tuple[Key, int]]:
        table: Key = ()
        while self.index < len(self.parts):
            part, line = self.parts[self.index]
            if part in ("[", "[["):
                table = self._header(part)
                yield table, line
            elif part == "\n" or part.startswith("#"):
                self.index += 1
            else:
                yield from self._pair(table)

    def _header(self, opening: str) -> Key:
        self.index += 1
        keys = self._keys(("]", "]]"))
        self.index += 1
        if opening == "[[":
            count = self.counts.get(keys, 0)
            self.counts[keys] = count + 1
            return (*keys, count)
        return keys

    def _keys(self, until: tuple[str, ...]) -> Key:
        keys: list[str | int] = []
        while self.index < len(self.parts) and self.parts[self.index][0] not in (*until, "\n"):
            part = self.parts[self.index][0]
            if part != ".":
                keys.append(_bare(part))
            self.index += 1
        return tuple(keys)

    def _pair(self, table: Key) -> Iterator[tuple[Key, int]]:
        line = self.parts[self.index][1]
        keys = (*table, *self._keys(("=",)))
        self.index += 1
        yield keys, line
        yield from self._value(keys)

    def _value(self, keys: Key) -> Iterator[tuple[Key, int]]:
        if self.index >= len(self.parts):
            return
        part = self.parts[self.index][0]
        if part in ("[", "[["):
            # `[[` at the start of a value is two arrays, one in the other
            self.parts[self.index : self.index + 1] = [("[", self.parts[self.index][1])] * len(part)
            self.index += 1
            yield from self._array(keys)
        elif part == "{":
            self.index += 1
            yield from self._inline(keys)
        else:
            while self.index < len(self.parts) and self.parts[self.index][0] not in ("\n", ",", "]", "]]", "}"):
                self.index += 1

    def _array(self, keys: Key) -> Iterator[tuple[Key, int]]:
        count = 0
        while self.index < len(self.parts):
            part, line = self.parts[self.index]
            if part == "]]":
                self.parts[self.index : self.index + 1] = [("]", line), ("]", line)]
                part = "]"
            if part == "]":
                self.index += 1
                return
            if part in (",", "\n") or part.startswith("#"):
                self.index += 1
                continue
            yield (*keys, count), line
            before = self.index
            yield from self._value((*keys, count))
            count += 1
            if self.index == before:
                self.index += 1

    def _inline(self, keys: Key) -> Iterator[tuple[Key, int]]:
        while self.index < len(self.parts):
            part = self.parts[self.index][0]
            if part == "}":
                self.index += 1
                return
            if part in (",", "\n") or part.startswith("#"):
                self.index += 1
                continue
            before = self.index
            yield from self._pair(keys)
            if self.index == before:
                self.index += 1


# key=value files


def read_properties(text: str) -> dict[str, tuple[str, int]]:
    """A Java properties or dotenv text: key → (value, line). Comments do not count; a later key wins in Java too."""
    found: dict[str, tuple[str, int]] = {}
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    index = 0
    while index < len(lines):
        start = index + 1
        line = lines[index].strip()
        while line.endswith("\\") and index + 1 < len(lines):
            index += 1
            line = line[:-1] + lines[index].strip()
        index += 1
        if not line or line[0] in "#!":
            continue
        pair = re.match(r"(?:export\s+)?([\w.\-\[\]/%,*\"]+)\s*[=:]\s*(.*)", line)
        if pair:
            value = pair[2].strip()
            if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
                value = value[1:-1]
            found[pair[1]] = (value, start)
    return found
