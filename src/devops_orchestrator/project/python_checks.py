"""What checks a Python project: tests, lint and types, by the tools that are dependencies or are configured."""

from __future__ import annotations

from collections.abc import Callable

from devops_orchestrator.project.code.python_tests import command as run
from devops_orchestrator.project.code.python_tests import is_test_file
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.python_packages import sections
from devops_orchestrator.project.python_tasks import tasks
from devops_orchestrator.project.tree import Tree, join

_LINTERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("ruff", "ruff check .", ("ruff.toml", ".ruff.toml")), ("flake8", "flake8", (".flake8",)), ("pylint", "pylint .", (".pylintrc", "pylintrc")),
)  # fmt: skip
_CHECKERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("mypy", "mypy", ("mypy.ini", ".mypy.ini")), ("pyright", "pyright", ("pyrightconfig.json",)), ("basedpyright", "basedpyright", ()),
    ("ty", "ty check", ()), ("pyrefly", "pyrefly check", ()),
)  # fmt: skip
_NAMES = {
    "test": ("test", "tests"),
    "lint": ("lint", "check"),
    "typecheck": ("typecheck", "type-check", "types", "mypy"),
}


def give(draft: Draft, tree: Tree) -> None:
    """Offer the test, lint and type-check commands."""
    place = _places(draft, tree)
    tests = any(is_test_file(path) for path in draft.files)
    evidence = place("pytest", "pytest.ini", ".pytest.ini")
    if tests and (evidence or "pytest" in draft.dependencies):
        draft.offer("test", run(draft, "pytest"), evidence or "")
    if tests and tree.has(draft.path, "tox.ini") and "testenv" in sections(tree, join(draft.path, "tox.ini")):
        draft.offer("test", "tox", join(draft.path, "tox.ini"))
    if tests and tree.has(draft.path, "noxfile.py"):
        draft.offer("test", "nox", join(draft.path, "noxfile.py"))
    for tool, text, files in _LINTERS:
        found = place(tool, *files)
        if found:
            draft.offer("lint", run(draft, text), found)
    _types(draft, tree, place)
    for fact, names in _NAMES.items():
        for task in tasks(draft, tree):
            if task.name in names and (fact != "test" or tests):
                draft.offer(fact, task.command(draft), task.evidence)


def _places(draft: Draft, tree: Tree) -> Callable[..., str | None]:
    pyproject = tree.toml(tree.first(draft.path, "pyproject.toml"))
    configured = set(pyproject.table("tool")) if pyproject else set()
    old = {
        name.removeprefix("tool:"): f"{path}:{line}"
        for file in ("tox.ini", "setup.cfg")
        if (path := tree.first(draft.path, file))
        for name, line in sections(tree, path).items()
    }

    def place(tool: str, *files: str) -> str | None:
        if tool in draft.dependencies:
            return draft.place(tool)
        if tool in configured and pyproject:
            return pyproject.at("tool", tool)
        return (tree.first(draft.path, *files) if files else None) or old.get(tool)

    return place


def _types(draft: Draft, tree: Tree, place: Callable[..., str | None]) -> None:
    pyproject = tree.toml(tree.first(draft.path, "pyproject.toml"))
    configured = set(pyproject.table("tool")) if pyproject else set()
    package = next((p for p in ("app", "src", draft.name.replace("-", "_")) if _holds(draft, join(draft.path, p))), ".")
    for tool, text, files in _CHECKERS:
        if tool in draft.dependencies or (tool in configured and tool != "mypy"):
            listed = (
                tool == "mypy"
                and pyproject
                and (pyproject.get("tool", "mypy", "files") or pyproject.get("tool", "mypy", "packages"))
            )
            full = text if tool != "mypy" or listed else f"mypy {package}"
            draft.offer("typecheck", run(draft, full), place(tool, *files) or "")


def _holds(draft: Draft, folder: str) -> bool:
    return any(path.startswith(folder + "/") for path in draft.files)
