"""Tasks that a Python manifest gives names to: poe, PDM, taskipy, Hatch, Rye, Pipenv."""

from __future__ import annotations

from dataclasses import dataclass

from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree

_TABLES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("tool", "poe", "tasks"), "poe"), (("tool", "pdm", "scripts"), "pdm run"), (("tool", "taskipy", "tasks"), "task"),
    (("tool", "rye", "scripts"), "rye run"),
)  # fmt: skip


@dataclass(frozen=True)
class Task:
    """A task: `runs` is what it runs, `runner` what it is called with."""

    name: str
    runs: str
    runner: str
    evidence: str

    def command(self, draft: Draft) -> str:
        """The task as the project calls it."""
        manager = draft.get("package_manager")
        inside = self.runner in ("poe", "task") and manager in ("uv", "poetry", "pdm", "pipenv")
        text = f"{self.runner}{'' if self.runner.endswith(':') else ' '}{self.name}"
        return f"{manager} run {text}" if inside else text


def tasks(draft: Draft, tree: Tree) -> list[Task]:
    """The tasks of the component's manifest, in its order."""
    found: list[Task] = []
    pyproject = tree.toml(tree.first(draft.path, "pyproject.toml"))
    if pyproject:
        tables = list(_TABLES)
        for name in pyproject.table("tool", "hatch", "envs"):
            runner = "hatch run" if name == "default" else f"hatch run {name}:"
            tables.append((("tool", "hatch", "envs", name, "scripts"), runner))
        for keys, runner in tables:
            for name, entry in pyproject.table(*keys).items():
                value = _runs(entry)
                if value:
                    found.append(Task(name, value, runner, pyproject.at(*keys, name)))
    pipfile = tree.toml(tree.first(draft.path, "Pipfile"))
    for name, entry in pipfile.table("scripts").items() if pipfile else ():
        if isinstance(entry, str) and pipfile:
            found.append(Task(name, entry, "pipenv run", pipfile.at("scripts", name)))
    return found


def _runs(entry: object) -> str | None:
    if isinstance(entry, list):
        return " && ".join(part for part in entry if isinstance(part, str)) or None
    if isinstance(entry, dict):
        entry = next((entry[key] for key in ("cmd", "shell", "command") if isinstance(entry.get(key), str)), None)
    return entry if isinstance(entry, str) else None
