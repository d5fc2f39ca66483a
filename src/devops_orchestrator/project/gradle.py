"""Gradle build files (Groovy and Kotlin) as statements: enough to read what they declare, without running them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"/\*.*?\*/|//[^\n]*|\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|\n|[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*|\d[\w.]*|[{}()\[\]=,;:+]|[^\s]",
    re.S,
)


@dataclass(frozen=True)
class Statement:
    """One statement: the blocks around it, its line and its tokens (strings with their quotes)."""

    blocks: tuple[str, ...]
    line: int
    tokens: tuple[str, ...]

    @property
    def strings(self) -> list[str]:
        """The texts of its string literals."""
        return [part.strip("\"'") for part in self.tokens if part[0] in "\"'"]

    @property
    def text(self) -> str:
        """Its tokens in one line."""
        return " ".join(self.tokens)


def statements(text: str) -> Iterator[Statement]:
    """The statements of a build file, in order; comments are no part of any."""
    blocks: list[str] = []
    tokens: list[str] = []
    line, start, depth = 1, 1, 0
    for found in _TOKEN.finditer(text):
        part = found[0]
        if part.startswith(("//", "/*")):
            line += part.count("\n")
            continue
        if part == "{":
            if tokens:
                yield Statement(tuple(blocks), start, tuple(tokens))
            blocks.append(tokens[0] if tokens else "")
            tokens, depth = [], 0
        elif part == "}":
            if tokens:
                yield Statement(tuple(blocks), start, tuple(tokens))
            tokens, depth = [], 0
            if blocks:
                blocks.pop()
        elif part in ("\n", ";") and depth <= 0:
            if tokens and tokens[-1] not in ("=", ","):
                yield Statement(tuple(blocks), start, tuple(tokens))
                tokens = []
        elif part != "\n":
            if not tokens:
                start = line
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(part, 0)
            tokens.append(part)
        line += part.count("\n")
    if tokens:
        yield Statement(tuple(blocks), start, tuple(tokens))


@dataclass
class Build:
    """What a build file declares. Each entry has its line."""

    plugins: dict[str, tuple[str, int]]
    dependencies: dict[str, tuple[str, str, int]]  # group:artifact → (version, configuration, line)
    java: tuple[str, int] | None = None
    version: str | None = None
    group: str | None = None


def read(text: str, catalog: dict[str, tuple[str, str]], plugins: dict[str, tuple[str, str]]) -> Build:
    """A build file, with the aliases of the version catalog: alias → (module or plugin id, version)."""
    build = Build({}, {})
    for statement in statements(text):
        blocks = [block for block in statement.blocks if block not in ("subprojects", "allprojects")]
        if blocks[:1] == ["plugins"]:
            _plugin(build, statement, plugins)
        elif blocks and blocks[-1] == "dependencies" and "buildscript" not in blocks:
            _dependency(build, statement, catalog)
        _setting(build, statement, blocks)
    return build


def _plugin(build: Build, statement: Statement, plugins: dict[str, tuple[str, str]]) -> None:
    strings = statement.strings
    tokens = statement.tokens
    if tokens[0] == "alias":
        name = next((t.removeprefix("libs.plugins.") for t in tokens if t.startswith("libs.plugins.")), "")
        known = plugins.get(name.replace(".", "-").lower())
        if known:
            build.plugins[known[0]] = (known[1], statement.line)
    elif strings:
        name = f"org.jetbrains.kotlin.{strings[0]}" if tokens[0] == "kotlin" else strings[0]
        build.plugins[name] = (strings[1] if len(strings) > 1 else "", statement.line)
    else:
        build.plugins[tokens[0].strip("`")] = ("", statement.line)


def _dependency(build: Build, statement: Statement, catalog: dict[str, tuple[str, str]]) -> None:
    configuration = statement.tokens[0]
    for text in statement.strings:
        parts = text.split(":")
        if len(parts) >= 2 and re.fullmatch(r"[\w.-]+", parts[0]):
            build.dependencies[f"{parts[0]}:{parts[1]}"] = (
                parts[2] if len(parts) > 2 else "",
                configuration,
                statement.line,
            )
    for part in statement.tokens:
        if part.startswith("libs.") and not part.startswith(("libs.plugins.", "libs.versions.")):
            known = catalog.get(part.removeprefix("libs.").removesuffix(".get").replace(".", "-").lower())
            if known:
                build.dependencies[known[0]] = (known[1], configuration, statement.line)


def _setting(build: Build, statement: Statement, blocks: list[str]) -> None:
    text = statement.text
    found = (
        re.search(r"JavaLanguageVersion\.of \( (\d+)", text)
        or re.search(r"\bjvmToolchain \( (\d+)", text)
        or re.search(r"^(?:java\.)?sourceCompatibility = (?:JavaVersion\.VERSION_)?[\"']?(?:1_|1\.)?(\d+)", text)
        or re.search(r"JavaLanguageVersion\.of \( [\"'](\d+)", text)
        or re.search(r"^options\.release(?:\.set \(|\s=) (\d+)", text)
    )
    if found and (build.java is None or "sourceCompatibility" not in text):
        build.java = (found[1], statement.line)
    if not blocks and len(statement.tokens) > 1 and statement.strings:
        if statement.tokens[0] in ("version", "project.version"):
            build.version = statement.strings[0]
        elif statement.tokens[0] in ("group", "project.group"):
            build.group = statement.strings[0]


def included(text: str) -> list[str]:
    """The folders of the projects that a settings file includes: `include("a", ":b:c")` → a, b/c."""
    found: list[str] = []
    for statement in statements(text):
        if statement.tokens[0] == "include":
            found += [name.strip(":").replace(":", "/") for name in statement.strings]
    return found


def root_name(text: str) -> str | None:
    """`rootProject.name` of a settings file."""
    return next((s.strings[0] for s in statements(text) if s.tokens[0] == "rootProject.name" and s.strings), None)
