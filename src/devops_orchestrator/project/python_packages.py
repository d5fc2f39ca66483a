"""The dependencies of a Python project: PEP 621 and 735, Poetry, PDM, Pipenv, requirements files, setup.py."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.python_module import parsed
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree, ancestors, join

REQUIREMENTS = (
    "requirements.txt", "requirements/production.txt", "requirements/prod.txt", "requirements/base.txt", "requirements/main.txt",
    "requirements/requirements.txt", "requirements/default.txt", "requirements/common.txt", "requirements.in",
)  # fmt: skip
DEV_FILE = lazy(r"(dev|test|local|lint|ci|docs)")
_DEV_GROUP = lazy(r"^(dev|development|tests?|testing|lint(ing)?|typing|types|docs?|ci|format|check|quality)s?$")
# Groups that an installation in production asks for; every other one is for development.
_RUN_GROUP = lazy(
    r"^(main|prod|production|docker|deploy|deployment|runtime|server|web|worker|api|app|postgres|postgresql|mysql|redis|gunicorn|uvicorn)$"
)
_REQUIREMENT = lazy(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*([^;#]*)")
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


def sections(tree: Tree, path: str) -> dict[str, int]:
    """Section → line of an INI file (`setup.cfg`, `tox.ini`)."""
    found: dict[str, int] = {}
    for number, line in tree.lines(path):
        section = re.match(r"\[([^\]]+)\]\s*$", line)
        if section:
            found.setdefault(section[1], number)
    return found


def _is_setup(tree: Tree, path: str) -> bool:
    """Whether a `setup.py` is a package's: it calls `setup(…)` at its top. A module of that name is another thing."""
    module = _parse(tree, path)
    return module is not None and any(
        isinstance(node, ast.Call) and (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) == "setup"
        for node in ast.walk(module)
    )


def has_manifest(tree: Tree, folder: str) -> bool:
    """Whether a folder's own files say that it is a Python project: tools' settings alone do not."""
    pyproject = tree.toml(tree.first(folder, "pyproject.toml"))
    if pyproject and any(
        pyproject.get(*keys) is not None for keys in (("project",), ("tool", "poetry"), ("dependency-groups",))
    ):
        return True
    if tree.first(folder, "Pipfile", *REQUIREMENTS) or tree.matching(join(folder, "requirements"), "*.txt", "*.in"):
        return True
    path, config = tree.first(folder, "setup.py"), tree.first(folder, "setup.cfg")
    if path and _is_setup(tree, path):
        return True
    return bool(config) and {"metadata", "options"} <= sections(tree, config or "").keys()


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
    for package in sorted(_WITH_EXTRAS & (draft.dependencies.keys() - draft.dev_dependencies)):
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
    for path in dict.fromkeys(path for path in files if "constraint" not in path.rpartition("/")[2]):
        yield from _requirements(tree, path, bool(DEV_FILE.search(path.rpartition("/")[2])), set())
    yield from _setup(draft, tree)


def _lists(pyproject: Document) -> Iterator[Entry]:
    """PEP 621 dependencies and extras, PEP 735 groups, uv's and PDM's lists."""
    keys: list[tuple[tuple[str, ...], bool]] = [(("project", "dependencies"), False)]
    keys += [
        (("project", "optional-dependencies", group), bool(_DEV_GROUP.match(group)))
        for group in pyproject.table("project", "optional-dependencies")
    ]
    keys += [
        (("dependency-groups", group), not _RUN_GROUP.match(group)) for group in pyproject.table("dependency-groups")
    ]
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
        (("tool", "poetry", "group", group, "dependencies"), not _RUN_GROUP.match(group))
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
    indirect = _indirect(tree, path)
    for number, line in tree.lines(path):
        text = line.split(" #")[0].strip()
        if number in indirect:
            continue
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


def _indirect(tree: Tree, path: str) -> set[int]:
    """The lines of a compiled file (pip-compile, uv) that name what another package needs: `# via kombu`."""
    found: set[int] = set()
    current, via = 0, ""
    for number, line in [*tree.lines(path), (0, "end")]:
        text = line.strip()
        if text.startswith("#"):
            via += text.lstrip("# ") + " "
            continue
        if current and via.startswith("via ") and not re.search(r"-r |-c .*-r |\.toml|\.in\b|setup\.(py|cfg)", via):
            found.add(current)
        if text and not text.startswith("-"):
            inline = line.partition(" # ")[2].strip()
            current, via = number, f"{inline} " if inline.startswith("via ") else ""
        elif not text:
            via = via if via.startswith("via ") else ""
    return found


def _parse(tree: Tree, path: str) -> ast.Module | None:
    return parsed(tree.text(path) or "")


def _setup(draft: Draft, tree: Tree) -> Iterator[Entry]:
    path = tree.first(draft.path, "setup.py")
    module = _parse(tree, path) if path else None
    if module is None:
        return
    for node in ast.walk(module):
        if isinstance(node, ast.keyword) and node.arg == "install_requires":
            listed = node.value
            if isinstance(listed, ast.Name):  # install_requires = [...] at the top
                listed = next(
                    (
                        n.value
                        for n in module.body
                        if isinstance(n, ast.Assign) and getattr(n.targets[0], "id", "") == listed.id
                    ),
                    listed,
                )
            for entry in listed.elts if isinstance(listed, ast.List | ast.Tuple) else ():
                if isinstance(entry, ast.Constant) and isinstance(entry.value, str):
                    yield entry.value, f"{path}:{entry.lineno}", False
        elif isinstance(node, ast.keyword) and node.arg == "python_requires" and isinstance(node.value, ast.Constant):
            draft.offer("_python_requires", str(node.value.value), f"{path}:{node.value.lineno}")


def members(draft: Draft, tree: Tree) -> None:
    """Note the dependencies that are other folders of this repository.

    uv's workspace and path sources, Poetry's and PDM's path dependencies, `-e ../library` of a requirements file.
    """
    pyproject = tree.toml(tree.first(draft.path, "pyproject.toml"))
    if pyproject:
        for name, source in pyproject.table("tool", "uv", "sources").items():
            if isinstance(source, dict) and source.get("workspace") is True:
                _member(draft, name, _folder_of(tree, name))
            elif isinstance(source, dict) and isinstance(source.get("path"), str):
                _member(draft, name, _below(draft.path, source["path"]))
        root = _workspace(draft, tree)
        for name, source in root.table("tool", "uv", "sources").items() if root else ():
            if isinstance(source, dict) and source.get("workspace") is True and normalized(name) in draft.dependencies:
                _member(draft, name, _folder_of(tree, name))
        tables: list[tuple[str, ...]] = [("tool", "poetry", "dependencies")]
        tables += [("tool", "poetry", "group", g, "dependencies") for g in pyproject.table("tool", "poetry", "group")]
        for keys in tables:
            for name, entry in pyproject.table(*keys).items():
                if isinstance(entry, dict) and isinstance(entry.get("path"), str):
                    _member(draft, name, _below(draft.path, entry["path"]))
    for path in tree.matching(draft.path, "requirements*.txt"):
        for _, line in tree.lines(path):
            local = re.match(
                r"(?:-e\s+|--editable[ =])?(\.{1,2}/[\w./-]+|\.\.)\s*(?:\[[^\]]*\])?\s*(?:#.*)?$", line.strip()
            )
            if local:
                folder = _below(draft.path, local[1])
                _member(draft, (folder or "").rpartition("/")[2], folder)


def _member(draft: Draft, name: str, folder: str | None) -> None:
    if folder and folder != draft.path:
        draft.members[normalized(name)] = folder


def _workspace(draft: Draft, tree: Tree) -> Document | None:
    """The manifest of the uv workspace that a component belongs to."""
    for folder in ancestors(draft.path)[1:]:
        root = tree.toml(tree.first(folder, "pyproject.toml"))
        if root and root.get("tool", "uv", "workspace") is not None:
            return root
    return None


def _folder_of(tree: Tree, name: str) -> str | None:
    """The folder whose manifest has this project name."""
    for folder, names in sorted(tree.folders.items()):
        if "pyproject.toml" in names:
            pyproject = tree.toml(tree.first(folder, "pyproject.toml"))
            said = pyproject.get("project", "name") if pyproject else None
            if isinstance(said, str) and normalized(said) == normalized(name):
                return folder
    return None


def _below(folder: str, path: str) -> str | None:
    """A relative path from a folder; None where it leaves the repository."""
    found = posixpath.normpath(posixpath.join(folder, path))
    return None if found.startswith(("..", "/")) else found
