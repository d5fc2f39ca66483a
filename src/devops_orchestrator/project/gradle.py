"""Gradle build files (Groovy and Kotlin) as statements: enough to read what they declare, without running them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from devops_orchestrator.patterns import lazy

_TOKEN = lazy(
    r"/\*.*?\*/|//[^\n]*|\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|\n|`[^`\n]*`|[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*|\d[\w.]*|[{}()\[\]=,;:+]|[^\s]",
    re.S,
)
# Blocks that only say when their content applies.
_THROUGH = frozenset(
    ["afterEvaluate", "plugins.withId", "plugins.withType", "pluginManager.withPlugin", "project.afterEvaluate"]
)
_GATE = lazy(r"(?:subprojects|allprojects|configure \(|project \()")  # blocks that configure other projects


@dataclass(frozen=True)
class Statement:
    """One statement: the blocks around it (their first words, and their whole heads), its line and its tokens."""

    blocks: tuple[str, ...]
    line: int
    tokens: tuple[str, ...]  # strings keep their quotes
    heads: tuple[str, ...] = ()

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
    heads: list[str] = []
    tokens: list[str] = []
    line, start, depth = 1, 1, 0
    for found in _TOKEN.finditer(text):
        part = found[0]
        if part.startswith(("//", "/*")):
            line += part.count("\n")
            continue
        if part == "{":
            if tokens:
                yield Statement(tuple(blocks), start, tuple(tokens), tuple(heads))
            # `@Suppress("…") plugins {`: the annotation is no name.
            blocks.append((tokens[-1] if tokens[0] == "@" else tokens[0]) if tokens else "")
            heads.append(" ".join(tokens))
            tokens, depth = [], 0
        elif part == "}":
            if tokens:
                yield Statement(tuple(blocks), start, tuple(tokens), tuple(heads))
            tokens, depth = [], 0
            if blocks:
                blocks.pop()
                heads.pop()
        elif part in ("\n", ";") and depth <= 0:
            if tokens and tokens[-1] not in ("=", ","):
                yield Statement(tuple(blocks), start, tuple(tokens), tuple(heads))
                tokens = []
        elif part != "\n":
            if not tokens:
                start = line
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(part, 0)
            tokens.append(part)
        line += part.count("\n")
    if tokens:
        yield Statement(tuple(blocks), start, tuple(tokens), tuple(heads))


def listed(path: str, text: str) -> list[Statement]:
    """The statements of a file, for `Tree.parsed`."""
    return list(statements(text))


@dataclass
class Catalog:
    """Version catalogs: `libs.a.b` → (module, version); the same for plugins, bundles and versions."""

    libraries: dict[str, tuple[str, str]] = field(default_factory=dict)
    plugins: dict[str, tuple[str, str]] = field(default_factory=dict)
    bundles: dict[str, list[str]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=lambda: {"libs"})


def alias(text: str) -> str:
    """An alias of a catalog as it is compared: `libs.ktor.server-core` → `libs-ktor-server-core`."""
    return re.sub(r"[._]", "-", text).lower()


@dataclass
class Build:
    """What a build file declares for one project. Each entry has its line."""

    plugins: dict[str, tuple[str, int, bool]] = field(default_factory=dict)  # id → (version, line, applied)
    dependencies: dict[str, tuple[str, str, int]] = field(
        default_factory=dict
    )  # module → (version, configuration, line)
    projects: dict[str, tuple[str, int]] = field(default_factory=dict)  # `:a:b` or an accessor → (configuration, line)
    java: list[tuple[int, str, int]] = field(default_factory=list)  # (rank, version, line)
    main: tuple[str, int] | None = None
    version: str | None = None
    group: str | None = None
    application_name: str | None = None
    applied_files: list[str] = field(default_factory=list)
    archives: dict[tuple[str, str], str] = field(default_factory=dict)  # (task, property) → value
    manifest_main: tuple[str, int] | None = None
    disabled: set[str] = field(default_factory=set)  # tasks that are switched off
    variables: dict[str, str] = field(default_factory=dict)


def _reaches(head: str, folder: str | None) -> bool:
    """Whether a block of a build file above configures the project in `folder`; `None` is the file's own project."""
    words = head.split(" ")
    named = [name.strip("\"'").strip(":").replace(":", "/") for name in words if name[0] in "\"'"]
    if words[0] == "allprojects":
        return True
    if words[0] == "subprojects" or (words[0] == "configure" and not named):
        return folder is not None
    return folder is not None and any(folder == name or folder.endswith("/" + name) for name in named)


def read(
    lines: list[Statement], catalog: Catalog, properties: Mapping[str, str], *, of: str | None = None,
    shared: bool = False,
) -> Build:  # fmt: skip
    """What `lines` say of the file's own project, or (`shared`) of the project in the folder `of` below it."""
    build = Build()
    build.variables.update(properties)
    for statement in lines:
        _variable(build, statement)
    for statement in lines:
        gates = [at for at, head in enumerate(statement.heads) if _GATE.match(head)]
        if gates and not all(_reaches(statement.heads[at], of if shared else None) for at in gates):
            continue
        if shared and not gates:
            _version_of_plugin(build, statement, catalog)
            continue
        kept = [at for at, block in enumerate(statement.blocks) if block not in _THROUGH and at not in gates]
        blocks = [statement.blocks[at] for at in kept]
        heads = [statement.heads[at] for at in kept]
        if blocks[:1] == ["plugins"]:
            _plugin(build, statement, catalog)
        elif not blocks and statement.tokens[0] in ("apply", "plugins.apply", "pluginManager.apply"):
            _apply(build, statement)
        elif blocks and blocks[-1].endswith("dependencies") and "buildscript" not in blocks:
            _dependency(build, statement, catalog)
        elif blocks[:1] == ["buildscript"]:
            _classpath(build, statement)
        _java(build, statement, catalog)
        _setting(build, statement, blocks, heads)
    return build


def _version_of_plugin(build: Build, statement: Statement, catalog: Catalog) -> None:
    """The root's `plugins` block gives its children versions, though not the plugins."""
    if statement.blocks[:1] == ("plugins",):
        before = dict(build.plugins)
        _plugin(build, statement, catalog)
        for name, (version, line, _) in build.plugins.items():
            if name not in before:
                build.plugins[name] = (version, line, False)


def _classpath(build: Build, statement: Statement) -> None:
    """The version of a plugin that the build script has on its class path, for `apply plugin:`."""
    for text in statement.strings:
        group, _, rest = _fill(text, build.variables).partition(":")
        name, _, version = rest.partition(":")
        if name == "spring-boot-gradle-plugin":
            build.plugins.setdefault(group, (version if "$" not in version else "", statement.line, False))


def _plugin(build: Build, statement: Statement, catalog: Catalog) -> None:
    strings, tokens = statement.strings, statement.tokens
    words = statement.text
    applied = not re.search(r"\bapply (\( )?false\b", words)
    if tokens[0] == "alias":
        name = next((alias(t) for t in tokens if ".plugins." in t), "")
        catalog_name, _, rest = name.partition("-plugins-")
        known = catalog.plugins.get(name) or (
            ("io.ktor.plugin", "") if (catalog_name, rest) == ("ktorlibs", "ktor") else None
        )
        if known:
            build.plugins[known[0]] = (known[1], statement.line, applied)
    elif strings:
        name = f"org.jetbrains.kotlin.{strings[0]}" if tokens[0] == "kotlin" else strings[0]
        build.plugins[name] = (strings[1] if len(strings) > 1 else "", statement.line, applied)
    else:
        build.plugins[tokens[0].strip("`")] = ("", statement.line, applied)


def _apply(build: Build, statement: Statement) -> None:
    text = statement.text
    if re.match(r"apply (\( )?from\b", text):
        build.applied_files += statement.strings[:1]
    elif statement.strings:
        known = build.plugins.get(statement.strings[0])
        build.plugins[statement.strings[0]] = (known[0] if known else "", statement.line, True)


def _dependency(build: Build, statement: Statement, catalog: Catalog) -> None:
    configuration = statement.tokens[0].strip("\"'")
    names = dict(re.findall(r"\b(group|name|version|path) [:=] [\"']([^\"']+)[\"']", statement.text))
    if "project" in statement.tokens:
        for name in statement.strings:
            _note(build.projects, name, configuration, (configuration, statement.line))
        return
    if "group" in names and "name" in names:
        version = _fill(names.get("version", ""), build.variables)
        _note(
            build.dependencies,
            f"{names['group']}:{names['name']}",
            configuration,
            (version, configuration, statement.line),
        )
    for text in statement.strings:
        parts = _fill(text, build.variables).split(":")
        if len(parts) >= 2 and re.fullmatch(r"[\w.-]+", parts[0]):
            version = parts[2] if len(parts) > 2 else ""
            _note(build.dependencies, f"{parts[0]}:{parts[1]}", configuration, (version, configuration, statement.line))
    for part in statement.tokens:
        for module, version in _aliased(part, catalog):
            _note(build.dependencies, module, configuration, (version, configuration, statement.line))
        if part.startswith("projects."):
            _note(build.projects, part, configuration, (configuration, statement.line))


def _note(known: dict[str, Any], name: str, configuration: str, entry: tuple[Any, ...]) -> None:
    """Note a dependency; one of the application is not replaced by the same one of its tests."""
    if name not in known or "test" not in configuration.lower():
        known[name] = entry


def _aliased(part: str, catalog: Catalog) -> list[tuple[str, str]]:
    """The modules that a token such as `libs.ktor.server.core` or `libs.bundles.web` stands for."""
    name, dot, rest = part.partition(".")
    if not dot or rest.startswith(("plugins.", "versions.")):
        return []
    rest = rest.removesuffix(".get")
    # The catalogs that Ktor and Micronaut publish name each module after its artifact.
    if name == "ktorLibs":
        return [(f"io.ktor:ktor-{alias(rest)}", "")]
    if name == "mn" and rest.startswith("micronaut."):
        return [(f"io.micronaut:{alias(rest)}", "")]
    if name not in catalog.names:
        return []
    if rest.startswith("bundles."):
        bundle = catalog.bundles.get(alias(f"{name}.{rest.removeprefix('bundles.')}"), [])
        return [catalog.libraries[entry] for entry in bundle if entry in catalog.libraries]
    known = catalog.libraries.get(alias(f"{name}.{rest}"))
    return [known] if known else []


def _variable(build: Build, statement: Statement) -> None:
    """`def x = '1'`, `val x = "1"`, `ext.x = '1'`, `x = '1'` or `set('x', '1')` in `ext`, `extra["x"] = "1"`."""
    tokens = [token for token in statement.tokens if token not in ("private", "const", "final", "String", "int")]
    text = " ".join(tokens)
    found = (
        re.fullmatch(r"(?:def|val|var|ext\.|extra\.)? ?([\w.]+)(?: : \w+)? = [\"']?([\w.$+-]+)[\"']?", text)
        or re.fullmatch(r"(?:ext|extra|project\.ext) \[ [\"']([\w.]+)[\"'] \] = [\"']?([\w.+-]+)[\"']?", text)
        or re.fullmatch(r"set \( [\"']([\w.]+)[\"'] , [\"']([\w.+-]+)[\"'] \)", text)
    )
    plain = not statement.blocks or statement.blocks[-1] in ("ext", "buildscript", "allprojects", "subprojects")
    if found and plain:
        build.variables.setdefault(found[1].removeprefix("ext.").removeprefix("project.ext."), found[2])


def _fill(text: str, variables: Mapping[str, str]) -> str:
    """Text with `$name` and `${name}` replaced where the name is known."""
    return re.sub(
        r"\$\{?(?:rootProject\.|project\.)?(?:ext\.|extra\.)?([A-Za-z_][\w.]*)\}?",
        lambda found: variables.get(found[1], found[0]),
        text,
    )


_JAVA = (
    (0, re.compile(r"JavaLanguageVersion\.of \( (?:Integer\.parseInt \( |Integer\.valueOf \( )?(\S+)")),
    (0, re.compile(r"\bjvmToolchain \( (\S+)")),
    (1, re.compile(r"\b(?:options\.)?release(?:\.set \(| =) (\S+)")),
    (2, re.compile(r"^(?:java\.|project\.)?sourceCompatibility (?:=|:)?\s?(?:JavaVersion\.toVersion \( )?(\S+)")),
    (3, re.compile(r"^(?:java\.|project\.)?targetCompatibility (?:=|:)?\s?(?:JavaVersion\.toVersion \( )?(\S+)")),
    (4, re.compile(r"\bjvmTarget(?:\.set \(| =) (\S+)")),
)


def _java(build: Build, statement: Statement, catalog: Catalog) -> None:
    for rank, pattern in _JAVA:
        found = pattern.search(statement.text)
        version = _version(found[1], build, catalog) if found else None
        if version:
            build.java.append((rank, version, statement.line))


def _version(word: str, build: Build, catalog: Catalog) -> str | None:
    """The number that a word of a build file means: 17, "17", JavaVersion.VERSION_1_8, a variable, `libs.versions.java`."""
    word = word.strip("\"'")
    number = re.fullmatch(r"(?:(?:JavaVersion\.)?VERSION_|(?:JvmTarget\.)?JVM_)?(?:1[_.])?(\d{1,2})(?:\.0)?", word)
    if number:
        return number[1]
    name, _, rest = word.partition(".versions.")
    if rest and name in catalog.names:
        return _plain(catalog.versions.get(alias(f"{name}.{rest.removesuffix('.get')}"), ""))
    return _plain(
        build.variables.get(word.removeprefix("rootProject.").removeprefix("project.").removeprefix("ext."), "")
    )


def _plain(text: str) -> str | None:
    found = re.fullmatch(r"(?:JavaVersion\.VERSION_)?(?:1[._])?(\d{1,2})", text)
    return found[1] if found else None


_PROPERTIES = {
    "archiveFileName": "file", "archiveName": "file", "archiveBaseName": "base", "baseName": "base", "archivesName": "base",
    "archivesBaseName": "base", "archiveVersion": "version", "archiveClassifier": "classifier", "classifier": "classifier",
}  # fmt: skip


def _setting(build: Build, statement: Statement, blocks: list[str], heads: list[str]) -> None:
    tokens, strings, text = statement.tokens, statement.strings, statement.text
    first = tokens[0].removesuffix(".set")
    if not blocks and len(tokens) > 1 and strings:
        if first in ("version", "project.version"):
            build.version = _fill(strings[0], build.variables)
        elif first in ("group", "project.group"):
            build.group = strings[0]
    where = _task(heads)
    last = first.rpartition(".")[2]
    value = strings[0] if strings else build.variables.get(tokens[-1].strip(")"))
    if (
        last in ("mainClass", "mainClassName")
        and (strings or value)
        and where in ("", "application", "springBoot", "bootJar")
    ):
        build.main = (value or "", statement.line)
    elif first == "application.mainClass" and strings:
        build.main = (strings[0], statement.line)
    elif last == "applicationName" and strings:
        build.application_name = strings[0]
    elif last in _PROPERTIES and strings:
        task = first.rpartition(".")[0].removeprefix("tasks.") or where
        build.archives[("" if task in ("base", "java") else task, _PROPERTIES[last])] = _fill(
            strings[0], build.variables
        )
    elif last in ("destinationDirectory", "destinationDir", "libsDirectory") and strings:
        folder = re.sub(
            r"^\$\{?(projectDir|buildDir|project\.buildDir)\}?/",
            lambda found: "" if found[1][:7] == "project" and "build" not in found[1] else "build/",
            strings[0],
        )
        build.archives[first.rpartition(".")[0].removeprefix("tasks.") or where, "folder"] = folder
    elif re.search(r"\b(enabled|isEnabled) = false", text):
        build.disabled.add(first.rpartition(".")[0].removeprefix("tasks.") or where)
    if "Main-Class" in strings and len(strings) > 1 and where in ("jar", "", "shadowJar", "fatJar"):
        build.manifest_main = (strings[strings.index("Main-Class") + 1], statement.line)
    elif "Main-Class" in strings and "application.mainClass" in text and where == "jar":
        build.manifest_main = build.main or ("", statement.line)


def _task(heads: list[str]) -> str:
    """The task or extension that the innermost block configures: `tasks.named<Jar>("jar")`, `bootJar`, `application`."""
    for head in reversed(heads):
        words = head.split(" ")
        if words[0] in ("manifest", "attributes", "archiveFileName"):
            continue
        named = [word.strip("\"'") for word in words if word[:1] in "\"'"]
        if words[0].startswith("tasks.") and named:
            return named[0]
        typed = re.search(r"withType [<(] (\w+)", head)
        if typed:
            return {"Jar": "jar", "BootJar": "bootJar", "ShadowJar": "shadowJar"}.get(typed[1], typed[1])
        return words[0].removeprefix("tasks.") if words[0] != "tasks" else ""
    return ""
