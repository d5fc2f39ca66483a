"""Commands that a repository gives names to: Makefile, justfile, Taskfile, tox, nox, Procfile."""

from __future__ import annotations

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree

_TARGET = lazy(r"^([A-Za-z0-9][\w./ -]*?)\s*:(?![:=])")
_RECIPE = lazy(r"^@?([A-Za-z_][\w-]*)(?:\s+[^:]*)?:(?!=)")


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


# What a process of a Procfile is called where it runs on a schedule; every other one that is not `web` is a worker.
_SCHEDULED = lazy(r"(^|[-_])(cron|clock|beat|celerybeat|scheduler?|periodic|timer)")
# Web servers under another name: they serve, and are no workers.
_SERVES = lazy(r"(^|[-_])web([-_]|$)")


def procfile(draft: Draft, tree: Tree) -> None:
    """The Procfile's `web` process as the start command, `release` as the migration, the others as processes."""
    path = tree.first(draft.path, "Procfile")
    for number, line in tree.lines(path):
        name, colon, command = (part.strip() for part in line.partition(":"))
        if not colon or name.startswith("#") or not command:
            continue
        evidence = f"{path}:{number}"
        if name == "web":
            draft.offer("start", command, evidence)
        elif name == "release":
            draft.offer("migrate", command, evidence)
        elif not _SERVES.search(name):
            draft.process(name, "schedule" if _SCHEDULED.search(name) else "worker", command, evidence)
    _platforms(draft, tree)


def _platforms(draft: Draft, tree: Tree) -> None:
    """The start command that a file of a hosting platform gives."""
    for file, keys in (
        ("railway.json", ("deploy", "startCommand")),
        ("railpack.json", ("deploy", "startCommand")),
        ("nixpacks.json", ("start", "cmd")),
    ):
        document = tree.jsonc(tree.first(draft.path, file))
        if document:
            draft.offer("start", document.text(*keys), document.at(*keys))
    for file, keys in (("railway.toml", ("deploy", "startCommand")), ("nixpacks.toml", ("start", "cmd"))):
        document = tree.toml(tree.first(draft.path, file))
        if document:
            draft.offer("start", document.text(*keys), document.at(*keys))
