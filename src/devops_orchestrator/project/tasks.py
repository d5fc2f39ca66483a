"""Commands that a repository gives names to: Makefile, justfile, Taskfile, tox, nox, Procfile."""

from __future__ import annotations

import re

from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree

_TARGET = re.compile(r"^([A-Za-z0-9][\w./ -]*?)\s*:(?![:=])")
_RECIPE = re.compile(r"^([A-Za-z_][\w-]*)(?:\s+[^:=]*)?:(?!=)")


def targets(tree: Tree, folder: str) -> dict[str, tuple[str, str]]:
    """Task name → (command, evidence) of the task runners in a folder; Makefile first."""
    found: dict[str, tuple[str, str]] = {}
    path = tree.first(folder, "Makefile", "makefile", "GNUmakefile")
    for number, line in tree.lines(path):
        target = _TARGET.match(line)
        if target:
            for name in target[1].split():
                found.setdefault(name, (f"make {name}", f"{path}:{number}"))
    path = tree.first(folder, "justfile", "Justfile", ".justfile")
    for number, line in tree.lines(path):
        recipe = _RECIPE.match(line)
        if recipe and not line.startswith(("set ", "alias ", "export ", "import ", "mod ")):
            found.setdefault(recipe[1], (f"just {recipe[1]}", f"{path}:{number}"))
    path = tree.first(folder, "Taskfile.yml", "Taskfile.yaml", "taskfile.yml")
    for document in tree.yaml(path):
        tasks = document.get("tasks")
        for key, _ in tasks.items() if tasks else ():
            line_number = key.text.count("\n", 0, key.start) + 1
            found.setdefault(str(key.value), (f"task {key.value}", f"{path}:{line_number}"))
    return found


def offer(draft: Draft, tree: Tree, *facts: str) -> None:
    """Offer the tasks named like these facts (test, lint, build…), after what the language's own files said."""
    found = targets(tree, draft.path)
    names = {"typecheck": ("typecheck", "type-check", "types", "mypy"), "start": ("run", "start", "serve")}
    for fact in facts:
        for name in names.get(fact, (fact,)):
            if name in found:
                draft.offer(fact, *found[name])


def procfile(draft: Draft, tree: Tree) -> None:
    """Offer the Procfile's `web` process as the start command; `release` as the migration."""
    path = tree.first(draft.path, "Procfile")
    for number, line in tree.lines(path):
        name, colon, command = line.partition(":")
        if colon and name.strip() == "web":
            draft.offer("start", command.strip(), f"{path}:{number}")
        elif colon and name.strip() == "release":
            draft.offer("migrate", command.strip(), f"{path}:{number}")
