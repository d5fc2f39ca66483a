"""The configuration of Java applications: properties, YAML and HOCON of Spring, Quarkus, Micronaut, Ktor, Dropwizard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Read, Value
from devops_orchestrator.project.tree import Tree, join

if TYPE_CHECKING:
    from devops_orchestrator.formats.yaml import Node

_RESOURCES = lazy(r"(?:^|/)(?:src/(?:main|jvmMain|commonMain)/)?resources/")
_NAMES = ("application", "bootstrap", "microprofile-config")
_VARIABLE = lazy(r"[A-Z][A-Z0-9_]*")


@dataclass
class Config:
    """Settings in the order of their precedence: the first value of a key counts.

    `settings` holds what applies when the application is started as it is, `others` what profiles add.
    """

    settings: dict[str, tuple[str, str]] = field(default_factory=dict)
    others: list[tuple[str, str, str]] = field(default_factory=list)  # (key, value, evidence)
    production: set[str] = field(default_factory=set)  # keys that only Quarkus's `%prod` profile sets

    def get(self, *keys: str) -> tuple[str, str] | None:
        """(value, evidence) of the first of these keys that is set. Dashes and case make no difference, as in Spring."""
        for key in keys:
            found = self.settings.get(relaxed(key))
            if found is not None:
                return found
        return None

    def of_production(self, key: str) -> bool:
        """Whether a key is set for Quarkus's `%prod` profile alone, which tests do not run with."""
        return relaxed(key) in self.production

    def text(self, *keys: str, default: str = "") -> str:
        """The value of the first of these keys, with placeholders resolved; `default` where none is set or known."""
        found = self.get(*keys)
        value = self.resolve(found[0]) if found else None
        return value.constant if value and isinstance(value.constant, str) else default

    def resolve(self, text: str, depth: int = 0) -> Value:
        """A value with its placeholders: `${PORT:8081}`, `${A:${B:1}}`, `${other.key}`, Ktor's `$PORT:8080`."""
        text = text.strip().strip("\"'")
        ktor = re.fullmatch(r"\$\??([A-Z][A-Z0-9_]*)(?::(.*))?", text)
        if ktor:
            return Value(ktor[2], ktor[1])
        found = list(placeholders(text))
        if not found or depth > 5:
            return Value(text or None)
        name, default, start, end = found[0]
        if start > 0 or end < len(text):
            inner = self.resolve(text[start:end], depth + 1)
            known = inner.constant if isinstance(inner.constant, str) else None
            if known is None:
                return Value(None, inner.variable)
            rest = self.resolve(text[:start] + known + text[end:], depth + 1)
            return Value(rest.constant, inner.variable or rest.variable)
        below = self.resolve(default, depth + 1) if default is not None else Value(None)
        if _VARIABLE.fullmatch(name):
            return Value(below.constant, name)
        other = self.settings.get(relaxed(name))
        if other is not None and relaxed(name) not in relaxed(other[0]):
            return self.resolve(other[0], depth + 1)
        return below

    def reads(self) -> Iterator[Read]:
        """The environment variables of all placeholders; required where the value is used as it is and has no default."""
        for value, evidence in self.settings.values():
            yield from _reads(value, evidence, own=True)
        for _, value, evidence in self.others:
            yield from _reads(value, evidence, own=False)

    def values(self) -> Iterator[tuple[str, str, str]]:
        """(key, value, evidence) of everything, profiles too."""
        for key, (value, evidence) in self.settings.items():
            yield key, value, evidence
        yield from self.others


def relaxed(key: str) -> str:
    """A key as Spring compares it: `server.contextPath`, `server.context-path` → `server.contextpath`."""
    return re.sub(r"[-_]", "", key).lower()


def placeholders(text: str) -> Iterator[tuple[str, str | None, int, int]]:
    """(name, default, start, end) of the outermost `${…}` of a text."""
    at = 0
    while (start := text.find("${", at)) >= 0:
        depth, end = 0, start
        while end < len(text):
            if text.startswith("${", end):
                depth += 1
            elif text[end] == "}":
                depth -= 1
                if depth == 0:
                    break
            end += 1
        if end >= len(text):
            return
        name, colon, default = text[start + 2 : end].partition(":")
        yield name.strip().removeprefix("?"), default.removeprefix("-") if colon else None, start, end + 1
        at = end + 1


def _reads(value: str, evidence: str, *, own: bool, depth: int = 0) -> Iterator[Read]:
    ktor = re.fullmatch(r"\$(\??)([A-Z][A-Z0-9_]*)(?::(.*))?", value.strip().strip("\"'"))
    if ktor:
        yield Read(ktor[2], evidence, own and not ktor[1] and ktor[3] is None)
    for name, default, start, _ in placeholders(value):
        if _VARIABLE.fullmatch(name):
            optional = default is not None or value.startswith("${?", start)
            yield Read(name, evidence, own and not optional)
        if default and depth < 10:
            yield from _reads(default, evidence, own=False, depth=depth + 1)


def read_config(tree: Tree, folder: str, files: Iterable[str], names: Iterable[str] = ()) -> Config:
    """The configuration among a component's files, `folder` first. Files of tests are left out.

    `names` are those that the code gives to Spring's configuration beside `application`.
    """
    pattern = _pattern(*names)
    config = Config()
    sources = sorted(
        (rank, path, profile)
        for path in files
        if (rank := _rank(path, folder, pattern))
        for profile in (_profile(path, pattern),)
    )
    pending: list[tuple[str, str, str, str]] = []  # (profile, key, value, evidence)
    taken: dict[str, tuple[int, ...]] = {}
    for rank, path, profile in sources:
        # Of files with one name in several jars, the first on the class path is read: the application's own.
        if taken.setdefault(path.rpartition("/")[2], rank)[0] != rank[0]:
            continue
        for inner, key, value, evidence in _entries(tree, path):
            name = inner or profile
            if name:
                pending.append((name, key, value, evidence))
            else:
                config.settings.setdefault(relaxed(key), (value, evidence))
    active = _active(config)
    for name, key, value, evidence in pending:
        negated = name.startswith("!") and name[1:] not in active
        if negated or name == "prod!" or any(word.strip() in active for word in name.split(",")):
            if name == "prod!" and relaxed(key) not in config.settings:
                config.production.add(relaxed(key))
            config.settings[relaxed(key)] = (value, evidence)
        else:
            config.others.append((key, value, evidence))
    return config


def _active(config: Config) -> set[str]:
    """The profiles that the configuration itself switches on."""
    found: set[str] = set()
    for key in ("spring.profiles.active", "spring.profiles.default", "spring.profiles.include", "quarkus.profile"):
        found |= {word.strip() for word in config.text(key).split(",") if word.strip()}
    groups = [f"spring.profiles.group.{name}" for name in found]
    for key in groups:
        found |= {word.strip() for word in config.text(key).split(",") if word.strip()}
    return found


def _pattern(*names: str) -> re.Pattern[str]:
    known = "|".join(re.escape(name) for name in (*_NAMES, *names))
    return re.compile(rf"({known})(?:-([\w.-]+))?\.(properties|ya?ml|conf)")


def _profile(path: str, pattern: re.Pattern[str]) -> str | None:
    name = pattern.fullmatch(path.rpartition("/")[2])
    return name[2] if name else None


def _rank(path: str, folder: str, pattern: re.Pattern[str]) -> tuple[int, ...] | None:
    """Where a file stands among those of its kind, smallest first; None for another file."""
    below = path.removeprefix(folder + "/") if folder != "." else path
    own = below != path or folder == "."
    at, _, name = below.rpartition("/")
    found = pattern.fullmatch(name)
    if not found or re.search(r"(^|/)(src/(test|it)\w*|test|tests)/", below):
        return None
    if at in ("", "config") and not _RESOURCES.search(below):
        place = 0 if at == "config" else 1  # Spring reads these two beside the jar, before what is in it
    elif _RESOURCES.search(below):
        inside = _RESOURCES.split(below)[-1].rpartition("/")[0]
        if inside not in ("", "config", "META-INF"):
            return None
        place = 2 if inside == "config" else 3
    else:
        return None
    kinds = {"properties": 0, "yml": 1, "yaml": 1, "conf": 2}
    return (
        0 if own else 1,
        place,
        _NAMES.index(found[1]) if found[1] in _NAMES else 0,
        kinds[found[3]],
    )


def _entries(tree: Tree, path: str) -> Iterator[tuple[str | None, str, str, str]]:
    """(profile, key, value, evidence) of a file. Quarkus's `%prod.` is what a packaged application runs with: `prod!`."""
    if path.endswith(".properties"):
        for key, (value, line) in tree.properties(path).items():
            inner = re.match(r"%([\w,-]+)\.", key)
            profile = _quarkus(inner[1]) if inner else None
            yield profile, key[inner.end() :] if inner else key, value, f"{path}:{line}"
    elif path.endswith(".conf"):
        for key, values in (tree.parsed(path, _hocon) or {}).items():
            value, line = _last(values)
            yield None, key, value, f"{path}:{line}"
    else:
        for document in tree.parsed(path, filtered_yaml) or []:
            entries = list(flat(document, ""))
            on = {relaxed(key): value for key, value, _ in entries}
            name = on.get("spring.config.activate.onprofile") or on.get("spring.profiles")
            for key, value, node in entries:
                line = node.text.count("\n", 0, node.start) + 1
                inner = re.match(r"%([\w,-]+)\.", key)
                profile = _quarkus(inner[1]) if inner else name
                yield profile, key[inner.end() :] if inner else key, value, f"{path}:{line}"


def _quarkus(names: str) -> str:
    return "prod!" if "prod" in names.split(",") else names


def _last(values: list[tuple[str, int]]) -> tuple[str, int]:
    """A HOCON key's value: `port = 8080` and then `port = ${?PORT}` is `${PORT:8080}`."""
    value, line = values[0]
    for text, at in values[1:]:
        optional = re.fullmatch(r"\$\{\?([\w.]+)\}", text)
        value, line = (f"${{{optional[1]}:{value}}}", line) if optional else (text, at)
    return value, line


def _hocon(path: str, text: str) -> dict[str, list[tuple[str, int]]]:
    from devops_orchestrator.project.hocon import read_hocon

    return read_hocon(path, text)


def filtered_yaml(path: str, text: str) -> list[Node]:
    """YAML as the build leaves it: Maven's `@property@` and Gradle's `\\$` are no YAML until resources are processed."""
    from devops_orchestrator.formats.yaml import parse

    return parse(re.sub(r"(?m)((?::|-)[ \t]+)@(?=[\w.-]+@)", r"\1_", text.replace("\\$", " $")))


def flat(node: Any, prefix: str) -> Iterator[tuple[str, str, Any]]:
    """(key with dots, value, the key's node) of every value of a YAML document; lists are joined by commas."""
    for key, value in node.items():
        name = f"{prefix}{key.raw.value}"
        if value.kind == "map":
            yield from flat(value, name + ".")
        elif value.kind == "list":
            yield (
                name,
                ",".join(str(child.raw.value) for child in value.children() if child.kind not in ("map", "list")),
                key,
            )
        else:
            yield name, str(value.raw.value), key


def served_by_config_server(tree: Tree, name: str, folder: str) -> Iterator[tuple[str, str, str]]:
    """(key, value, evidence) that a Spring Cloud config server of this repository has for an application.

    A server with a native store keeps one file a client below its resources, `<application>.yml`, beside one for all.
    """
    for at in sorted(path for path in tree.folders if "src/main/resources" in path):
        names = tree.names(at)
        if at == folder or "/src/main/resources" not in f"/{at}" or "/test" in at or at.startswith(folder + "/"):
            continue
        for file in (f"{name}.yml", f"{name}.yaml", f"{name}.properties"):
            if file in names and name not in ("application", "bootstrap"):
                for profile, key, value, evidence in _entries(tree, join(at, file)):
                    if not profile:
                        yield key, value, evidence
