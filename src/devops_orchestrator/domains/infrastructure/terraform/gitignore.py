"""What a repository's .gitignore files leave out of git."""

from __future__ import annotations

import re
from functools import lru_cache

from devops_orchestrator.core.repository import Repository


def ignores(repository: Repository, path: str) -> tuple[str, int] | None:
    """(the .gitignore, its line) whose rule leaves `path` out, or None. A path that ends with `/` is a folder."""
    folders = path.strip("/").split("/")[:-1]
    found: tuple[str, int] | None = None
    for depth in range(len(folders) + 1):
        base = "/".join(folders[:depth])
        file = f"{base}/.gitignore" if base else ".gitignore"
        text = repository.read(file)
        if text is None:
            continue
        inside = path[len(base) + 1 :] if base else path
        for number, line in enumerate(text.splitlines(), 1):
            rule = line.rstrip()
            if not rule or rule.startswith("#"):
                continue
            kept = rule.startswith("!")
            if _pattern(rule.removeprefix("!")).fullmatch(inside):
                found = None if kept else (file, number)
    return found


@lru_cache(maxsize=1024)
def _pattern(rule: str) -> re.Pattern[str]:
    """A rule of .gitignore as an expression over paths below its folder; what matches a folder matches all in it."""
    folder = rule.endswith("/")
    rule = rule.rstrip("/")
    anchored = "/" in rule
    parts = []
    for part in re.split(r"(/?\*\*/?|\*|\?|\[[^]]+\])", rule.lstrip("/")):
        if part.strip("/") == "**":
            parts.append(r"(?:/.*)?/?" if part.startswith("/") else r"(?:.*/)?")
        elif part == "*":
            parts.append("[^/]*")
        elif part == "?":
            parts.append("[^/]")
        elif part.startswith("["):
            parts.append(part.replace("[!", "[^"))
        else:
            parts.append(re.escape(part))
    start = "" if anchored else "(?:.*/)?"
    return re.compile(start + "".join(parts) + ("/.*" if folder else "(?:/.*)?"))
