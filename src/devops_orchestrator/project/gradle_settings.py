"""Gradle's settings file as statements: which projects and builds it includes, and what they are called."""

from __future__ import annotations

import re

from devops_orchestrator.project.gradle import Statement


def included(lines: list[Statement]) -> dict[str, str]:
    """The projects that a settings file includes → their folders: `include(":b:c")` → `:b:c`: b/c, unless moved."""
    found: dict[str, str] = {}
    for statement in lines:
        if statement.tokens[0] == "include":
            for name in statement.strings:
                path = ":" + name.strip(":").replace("/", ":")
                found[path] = path.strip(":").replace(":", "/")
    for statement in lines:
        moved = re.match(
            r"project \( [\"']([^\"']+)[\"'] \) \. projectDir =.*?[\"']([^\"']+)[\"'] \)?$", statement.text
        )
        if moved:
            folder = re.sub(r"^\$\{?(rootDir|settingsDir|rootProject\.projectDir)\}?/", "", moved[2])
            found[":" + moved[1].strip(":")] = folder.removeprefix("./")
    return found


def builds(lines: list[Statement]) -> list[str]:
    """The folders of the builds that a settings file includes: `includeBuild("build-logic")`."""
    return [name.removeprefix("./") for s in lines if s.tokens[0] == "includeBuild" for name in s.strings[:1]]


def root_name(lines: list[Statement]) -> str | None:
    """`rootProject.name` of a settings file."""
    return next((s.strings[0] for s in lines if s.tokens[0] == "rootProject.name" and s.strings), None)


def renames(lines: list[Statement]) -> bool:
    """Whether a settings file gives its projects new names in a loop: `it.name = "shop-${it.name}"`."""
    return any(re.match(r"\w+\.name = [\"'].*\$", s.text) and s.tokens[0] != "rootProject.name" for s in lines)
