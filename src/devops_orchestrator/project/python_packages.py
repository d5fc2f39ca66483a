"""The dependencies of a Python project: PEP 621 and 735, Poetry, PDM, Pipenv, requirements files, setup.py."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree, join

REQUIREMENTS = (
    "requirements.txt", "requirements/base.txt", "requirements/production.txt", "requirements/prod.txt", "requirements/main.txt", "requirements.in",
)  # fmt: skip
DEV_FILE = re.compile(r"(dev|test|local|lint|ci|docs)")
_DEV_GROUP = re.compile(r"^(dev|development|tests?|testing|lint(ing)?|typing|types|docs?|ci|format|check|quality)s?$")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*([^;#]*)")
# What an extra of these packages brings.
_WITH_EXTRAS = {
    "celery", "sqlalchemy", "kombu", "tortoise-orm", "databases", "dramatiq", "taskiq", "sqlmodel", "peewee", "channels", "limits",
}  # fmt: skip
_EXTRAS = {
    "redis": "redis", "hiredis": "redis", "asyncpg": "postgresql", "postgresql": "postgresql", "psycopg": "postgresql", "psycopg2": "postgresql",
    "postgresql-asyncpg": "postgresql", "mysql": "mysql", "aiomysql": "mysql", "pymysql": "mysql", "mongodb": "mongodb", "amqp": "rabbitmq",
    "rabbitmq": "rabbitmq",
}  # fmt: skip

Entry = tuple[str, str, bool]  # requirement, place, whether it is for development


def normalized(name: str) -> str:
    """A package name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def give(draft: Draft, tree: Tree) -> None:
    """Fill the draft's dependencies with their places, and the services that extras name."""
    for requirement, place, dev in _entries(draft, tree):
        found = _REQUIREMENT.match(requirement)
        if not found:
            continue
        name = normalized(found[1])
        if name in draft.dependencies and name not in draft.dev_dependencies:
            continue
        draft.dependencies[name] = ((found[2] or "") + found[3]).strip()
        draft.places[name] = place
        if dev:
            draft.dev_dependencies.add(name)
        else:
            draft.dev_dependencies.discard(name)
    for package in _WITH_EXTRAS & (draft.dependencies.keys() - draft.dev_dependencies):
        extras = re.match(r"\[([^\]]*)\]", draft.dependencies[package])
        for extra in extras[1].split(",") if extras else ():
            service = _EXTRAS.get(normalized(extra.strip()))
            if service:
                draft.add("services", service, draft.place(package))


def _entries(draft: Draft, tree: Tree) -> Iterator[Entry]:
    pyproject = tree.toml(tree.first(draft.path, "pyproject.toml"))
    if pyproject:
        yield from _lists(pyproject)
        yield from _tables(pyproject)
    pipfile = tree.toml(tree.first(draft.path, "Pipfile"))
    for table, dev in (("packages", False), ("dev-packages", True)):
        if pipfile:
            for name, version in pipfile.table(table).items():
                yield f"{name} {version if isinstance(version, str) else ''}", pipfile.at(table, name), dev
    files = [path for name in REQUIREMENTS if (path := tree.first(draft.path, name))]
    files += tree.matching(draft.path, "requirements*.txt", "*requirements.txt")
    files += tree.matching(join(draft.path, "requirements"), "*.txt", "*.in")
    for path in dict.fromkeys(files):
        yield from _requirements(tree, path, bool(DEV_FILE.search(path.rpartition("/")[2])), set())
    yield from _setup(draft, tree)


def _lists(pyproject: Document) -> Iterator[Entry]:
    """PEP 621 dependencies and extras, PEP 735 groups, uv's and PDM's lists."""
    keys: list[tuple[tuple[str, ...], bool]] = [(("project", "dependencies"), False)]
    keys += [
        (("project", "optional-dependencies", group), bool(_DEV_GROUP.match(group)))
        for group in pyproject.table("project", "optional-dependencies")
    ]
    keys += [(("dependency-groups", group), True) for group in pyproject.table("dependency-groups")]
    keys += [(("tool", "uv", "dev-dependencies"), True)]
    keys += [
        (("tool", "pdm", "dev-dependencies", group), True)
        for group in pyproject.table("tool", "pdm", "dev-dependencies")
    ]
    for key, dev in keys:
        for index, entry in enumerate(pyproject.strings(*key)):
            yield entry, pyproject.at(*key, index), dev


def _tables(pyproject: Document) -> Iterator[Entry]:
    """Poetry's tables."""
    keys: list[tuple[tuple[str, ...], bool]] = [
        (("tool", "poetry", "dependencies"), False),
        (("tool", "poetry", "dev-dependencies"), True),
    ]
    keys += [
        (("tool", "poetry", "group", group, "dependencies"), group != "main")
        for group in pyproject.table("tool", "poetry", "group")
    ]
    for key, dev in keys:
        for name, entry in pyproject.table(*key).items():
            if name == "python":
                continue
            given = entry if isinstance(entry, dict) else {"version": entry}
            version = given.get("version")
            extras = ",".join(map(str, given.get("extras", [])))
            text = f"{name}{f'[{extras}]' if extras else ''} {version if isinstance(version, str) else ''}"
            yield text, pyproject.at(*key, name), dev


def _requirements(tree: Tree, path: str, dev: bool, seen: set[str]) -> Iterator[Entry]:
    if path in seen:
        return
    seen.add(path)
    for number, line in tree.lines(path):
        text = line.split(" #")[0].strip()
        include = re.match(r"(?:-r|--requirement)[ =]\s*(\S+)", text)
        if include:
            folder = path.rpartition("/")[0] or "."
            name = include[1].removeprefix("./")
            while name.startswith("../"):
                name, folder = name[3:], folder.rpartition("/")[0] or "."
            target = join(folder, name)
            yield from _requirements(tree, target, dev and bool(DEV_FILE.search(target.rpartition("/")[2])), seen)
        elif text and not text.startswith(("#", "-", "http:", "https:", "git+", ".", "/")):
            yield text, f"{path}:{number}", dev


def _setup(draft: Draft, tree: Tree) -> Iterator[Entry]:
    path = tree.first(draft.path, "setup.py")
    text = tree.text(path) if path else None
    try:
        module = ast.parse(text or "")
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(module):
        if isinstance(node, ast.keyword) and node.arg == "install_requires" and isinstance(node.value, ast.List):
            for entry in node.value.elts:
                if isinstance(entry, ast.Constant) and isinstance(entry.value, str):
                    yield entry.value, f"{path}:{entry.lineno}", False
        elif isinstance(node, ast.keyword) and node.arg == "python_requires" and isinstance(node.value, ast.Constant):
            draft.offer("_python_requires", str(node.value.value), f"{path}:{node.value.lineno}")
