"""Python: uv, Poetry, PDM, Pipenv and pip; Django, FastAPI, Flask and the like."""

from __future__ import annotations

import re

from devops_orchestrator.project import services, tasks, versions
from devops_orchestrator.project.code import python_facts
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, ancestors, join

_REQUIREMENTS = ("requirements.txt", "requirements/base.txt", "requirements/production.txt", "requirements/prod.txt", "requirements/main.txt", "requirements.in")
_DEV_FILE = re.compile(r"(dev|test|local|lint|ci|docs)")
_DEV_GROUPS = re.compile(r"^(dev|development|tests?|testing|lint(ing)?|typing|types|docs?|ci|format|check|quality)s?$")
_REQUIREMENT = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*([^;#]*)")


def _finds(tree: Tree) -> list[str]:
    found = set(with_manifest(tree, "pyproject.toml", "requirements.txt", "Pipfile", "setup.py", "setup.cfg", "manage.py"))
    found |= {folder.rpartition("/")[0] or "." for folder in tree.folders if folder.rpartition("/")[2] == "requirements"}
    return sorted(found)


def normalized(name: str) -> str:
    """A package name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    path = tree.first(draft.path, "pyproject.toml")
    pyproject = tree.toml(path)
    places = draft.places
    _dependencies(draft, tree)
    project = pyproject.table("project") if pyproject else {}
    poetry = pyproject.table("tool", "poetry") if pyproject else {}
    sources = [file for file in draft.files if file.endswith(".py")]
    if not (project or poetry or places or tree.first(draft.path, "requirements.txt", "Pipfile", "setup.py", "manage.py", "requirements/base.txt")):
        return False
    if not sources and not places and not project:
        return False  # a workspace's root, or tools alone
    if not sources and pyproject and pyproject.get("tool", "uv", "workspace") is not None:
        return False
    name = project.get("name") or poetry.get("name")
    draft.name = str(name) if name and normalized(str(name)) not in ("app", "api", "backend") else draft.name
    manifest = path if project or poetry else tree.first(draft.path, "requirements.txt", "Pipfile", "setup.py", "setup.cfg", "requirements/base.txt", "pyproject.toml")
    manifest = manifest or tree.first(draft.path, "manage.py")
    draft.offer("manifest", manifest, manifest or "")
    draft.offer("language", "python", manifest or "")
    services.from_packages(draft, services.PYTHON)
    _extras(draft, places)
    _manager(draft, tree)
    _runtime(draft, tree)
    _checks(draft, tree)
    tasks.procfile(draft, tree)
    python_facts.give_code(draft, context, places)
    tasks.offer(draft, tree, "test", "lint", "typecheck", "build")
    versions.last_resorts(draft, tree, "python")
    _build(draft, tree)
    return True


# dependencies


def _add(draft: Draft, places: dict[str, str], requirement: str, evidence: str, *, dev: bool) -> None:
    found = _REQUIREMENT.match(requirement)
    if not found:
        return
    name = normalized(found[1])
    if name in draft.dependencies and name not in draft.dev_dependencies:
        return
    draft.dependencies[name] = ((found[2] or "") + found[3]).strip()
    places[name] = evidence
    if dev:
        draft.dev_dependencies.add(name)
    else:
        draft.dev_dependencies.discard(name)


def _dependencies(draft: Draft, tree: Tree) -> None:
    """Fill the draft's dependencies and the place of each."""
    places = draft.places
    pyproject = tree.toml(tree.first(draft.path, "pyproject.toml"))
    if pyproject:
        for index, entry in enumerate(pyproject.strings("project", "dependencies")):
            _add(draft, places, entry, pyproject.at("project", "dependencies", index), dev=False)
        for keys in (("project", "optional-dependencies"), ("dependency-groups",)):
            for group in pyproject.table(*keys):
                dev = keys[0] == "dependency-groups" or bool(_DEV_GROUPS.match(group))
                for index, entry in enumerate(pyproject.get(*keys, group) or []):
                    if isinstance(entry, str):
                        _add(draft, places, entry, pyproject.at(*keys, group, index), dev=dev)
        for index, entry in enumerate(pyproject.strings("tool", "uv", "dev-dependencies")):
            _add(draft, places, entry, pyproject.at("tool", "uv", "dev-dependencies", index), dev=True)
        groups = [(("tool", "poetry", "dependencies"), False), (("tool", "poetry", "dev-dependencies"), True)]
        groups += [(("tool", "poetry", "group", group, "dependencies"), group != "main") for group in pyproject.table("tool", "poetry", "group")]
        groups += [(("tool", "pdm", "dev-dependencies", group), True) for group in pyproject.table("tool", "pdm", "dev-dependencies")]
        for keys, dev in groups:
            for name, entry in pyproject.table(*keys).items():
                if name != "python":
                    version = entry if isinstance(entry, str) else str(entry.get("version", "")) if isinstance(entry, dict) else ""
                    extras = entry.get("extras", []) if isinstance(entry, dict) else []
                    _add(draft, places, f"{name}[{','.join(map(str, extras))}] {version}" if extras else f"{name} {version}", pyproject.at(*keys, name), dev=dev)
    pipfile = tree.toml(tree.first(draft.path, "Pipfile"))
    for table, dev in (("packages", False), ("dev-packages", True)):
        for name, version in pipfile.table(table).items() if pipfile else ():
            _add(draft, places, f"{name} {version if isinstance(version, str) else ''}", pipfile.at(table, name) if pipfile else "", dev=dev)
    files = [path for name in _REQUIREMENTS if (path := tree.first(draft.path, name))]
    files += [path for path in tree.matching(draft.path, "requirements*.txt", "*requirements.txt") if path not in files]
    files += [path for path in tree.matching(join(draft.path, "requirements"), "*.txt", "*.in") if path not in files]
    for path in files:
        last = path.rpartition("/")[2] if "/requirements/" not in f"/{path}" else path.rpartition("/")[2]
        _requirements(draft, tree, places, path, dev=bool(_DEV_FILE.search(last)), seen=set())
    _setup(draft, tree, places)


def _requirements(draft: Draft, tree: Tree, places: dict[str, str], path: str, *, dev: bool, seen: set[str]) -> None:
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
            _requirements(draft, tree, places, target, dev=dev and bool(_DEV_FILE.search(target.rpartition("/")[2])), seen=seen)
        elif text and not text.startswith(("#", "-", "http:", "https:", "git+", ".", "/")):
            _add(draft, places, text, f"{path}:{number}", dev=dev)


def _setup(draft: Draft, tree: Tree, places: dict[str, str]) -> None:
    path = tree.first(draft.path, "setup.py")
    text = tree.text(path) if path else None
    if not text or not path:
        return
    import ast  # noqa: PLC0415

    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError):
        return
    for node in ast.walk(module):
        if isinstance(node, ast.keyword) and node.arg == "install_requires" and isinstance(node.value, ast.List):
            for entry in node.value.elts:
                if isinstance(entry, ast.Constant) and isinstance(entry.value, str):
                    _add(draft, places, entry.value, f"{path}:{entry.lineno}", dev=False)
        elif isinstance(node, ast.keyword) and node.arg == "python_requires" and isinstance(node.value, ast.Constant):
            draft.offer("_python_requires", str(node.value.value), f"{path}:{node.value.lineno}")


def _extras(draft: Draft, places: dict[str, str]) -> None:
    """Services that an extra brings: `celery[redis]`, `sqlalchemy[asyncpg]`."""
    words = {"redis": "redis", "hiredis": "redis", "asyncpg": "postgresql", "postgresql": "postgresql", "psycopg": "postgresql", "psycopg2": "postgresql",
             "mysql": "mysql", "aiomysql": "mysql", "pymysql": "mysql", "mongodb": "mongodb", "sqs": "", "amqp": "rabbitmq", "rabbitmq": "rabbitmq"}  # fmt: skip
    for package, version in draft.dependencies.items():
        extras = re.match(r"\[([^\]]*)\]", version)
        for extra in extras[1].split(",") if extra_ok(package, extras) else ():
            service = words.get(extra.strip().lower())
            if service and package not in draft.dev_dependencies:
                draft.add("services", service, places.get(package, ""))


def extra_ok(package: str, extras: re.Match[str] | None) -> bool:
    """Whether the extras of a package name services."""
    return extras is not None and package in ("celery", "sqlalchemy", "kombu", "tortoise-orm", "databases", "dramatiq", "taskiq", "sqlmodel", "peewee", "channels")


# package manager and commands


def _manager(draft: Draft, tree: Tree) -> None:
    pyproject = tree.toml(tree.first(draft.path, "pyproject.toml"))
    for folder in ancestors(draft.path):
        for lock, manager in (("uv.lock", "uv"), ("poetry.lock", "poetry"), ("pdm.lock", "pdm"), ("Pipfile.lock", "pipenv")):
            path = tree.first(folder, lock)
            if path and (folder == draft.path or manager == "uv" and _is_member(tree, folder)):
                draft.offer("package_manager", manager, path)
                draft.offer("lockfile", path, path)
                if folder != draft.path:
                    draft.offer("install_path", folder, path)
    if pyproject:
        for tool in ("uv", "poetry", "pdm"):
            if pyproject.get("tool", tool) is not None:
                draft.offer("package_manager", tool, pyproject.at("tool", tool))
    if tree.has(draft.path, "Pipfile"):
        draft.offer("package_manager", "pipenv", join(draft.path, "Pipfile"))
    requirements = tree.first(draft.path, *_REQUIREMENTS)
    if requirements:
        draft.offer("package_manager", "pip", requirements)
    draft.offer("package_manager", "pip", convention("pip comes with Python"))
    _install(draft, tree, requirements)


def _is_member(tree: Tree, folder: str) -> bool:
    root = tree.toml(tree.first(folder, "pyproject.toml"))
    return bool(root and root.get("tool", "uv", "workspace") is not None)


def _install(draft: Draft, tree: Tree, requirements: str | None) -> None:
    manager, lock = draft.get("package_manager"), draft.get("lockfile")
    evidence = lock or draft.evidence("package_manager") or ""
    if manager == "uv":
        draft.offer("install", "uv sync --frozen" if lock else "uv sync", evidence)
    elif manager == "poetry":
        draft.offer("install", "poetry install", evidence)
    elif manager == "pdm":
        draft.offer("install", "pdm sync" if lock else "pdm install", evidence)
    elif manager == "pipenv":
        draft.offer("install", "pipenv sync --dev" if lock else "pipenv install --dev", evidence)
    else:
        dev = next((p for p in tree.matching(draft.path, "*requirements*.txt") if _DEV_FILE.search(p.rpartition("/")[2])), None)
        if requirements:
            draft.trait("requirements", requirements)
            if dev:
                draft.trait("requirements_dev", dev)
            name = requirements if draft.path == "." else requirements.removeprefix(draft.path + "/")
            draft.offer("install", f"pip install -r {name}", requirements)
        elif tree.first(draft.path, "pyproject.toml", "setup.py"):
            draft.offer("install", "pip install .", tree.first(draft.path, "pyproject.toml", "setup.py") or "")


def run(draft: Draft, command: str) -> str:
    """A command as the package manager runs it in the project's environment."""
    manager = draft.get("package_manager")
    return f"{manager} run {command}" if manager in ("uv", "poetry", "pdm", "pipenv") else command


def _runtime(draft: Draft, tree: Tree) -> None:
    versions.pin_files(draft, tree, "python", ".python-version", "runtime.txt")
    versions.tool_files(draft, tree, "python")
    pyproject = tree.toml(tree.first(draft.path, "pyproject.toml"))
    constraints: list[tuple[str, str]] = []
    if pyproject:
        for keys in (("project", "requires-python"), ("tool", "poetry", "dependencies", "python")):
            found = pyproject.get(*keys)
            if isinstance(found, str):
                constraints.append((found, pyproject.at(*keys)))
    pipfile = tree.toml(tree.first(draft.path, "Pipfile"))
    for key in ("python_full_version", "python_version"):
        found = pipfile.get("requires", key) if pipfile else None
        if pipfile and isinstance(found, str):
            constraints.append((found, pipfile.at("requires", key)))
    setup = draft.candidates.pop("_python_requires", [])
    constraints += [(str(entry.value), entry.evidence) for entry in setup]
    for constraint, evidence in constraints:
        draft.trait("runtime_constraint", constraint)
        versions.offer(draft, "python", versions.coarse(constraint, 2), evidence)


def _checks(draft: Draft, tree: Tree) -> None:
    """Tests, lint and types: the tools that are dependencies or are configured."""
    pyproject = tree.toml(tree.first(draft.path, "pyproject.toml"))
    configured = set(pyproject.table("tool")) if pyproject else set()

    def place(tool: str, *files: str) -> str | None:
        path = tree.first(draft.path, *files) if files else None
        if tool in draft.dependencies:
            return draft.place(tool)
        if tool in configured and pyproject:
            return pyproject.at("tool", tool)
        return path

    tests = any(python_facts.is_test_file(path) for path in draft.files)
    evidence = place("pytest", "pytest.ini", ".pytest.ini")
    if tests and (evidence or "pytest" in draft.dependencies):
        draft.offer("test", run(draft, "pytest"), evidence or "")
    if tests and tree.has(draft.path, "tox.ini") and draft.get("test") is None:
        draft.offer("test", "tox", join(draft.path, "tox.ini"))
    if tests and tree.has(draft.path, "noxfile.py"):
        draft.offer("test", "nox", join(draft.path, "noxfile.py"))
    for tool, command, files in (
        ("ruff", "ruff check .", ("ruff.toml", ".ruff.toml")), ("flake8", "flake8", (".flake8",)), ("pylint", "pylint .", (".pylintrc", "pylintrc")),
    ):  # fmt: skip
        evidence = place(tool, *files)
        if evidence:
            draft.offer("lint", run(draft, command), evidence)
    package = next((p for p in ("app", "src", draft.name.replace("-", "_")) if f"{join(draft.path, p)}" in tree.folders), ".")
    for tool, command, files in (
        ("mypy", "mypy", ("mypy.ini", ".mypy.ini")), ("pyright", "pyright", ("pyrightconfig.json",)), ("basedpyright", "basedpyright", ()), ("ty", "ty check", ()),
    ):  # fmt: skip
        if tool in draft.dependencies or (tool in configured and tool != "mypy"):
            where = place(tool, *files) or ""
            listed = tool == "mypy" and pyproject and (pyproject.get("tool", "mypy", "files") or pyproject.get("tool", "mypy", "packages"))
            draft.offer("typecheck", run(draft, command if tool != "mypy" or listed else f"mypy {package}"), where)


def _build(draft: Draft, tree: Tree) -> None:
    pyproject = tree.toml(tree.first(draft.path, "pyproject.toml"))
    if draft.kind in ("library", "command") and pyproject and pyproject.get("build-system") is not None:
        command = {"uv": "uv build", "poetry": "poetry build", "pdm": "pdm build"}.get(draft.get("package_manager"), "python -m build")
        draft.offer("build", command, pyproject.at("build-system"))


ECOSYSTEM = Ecosystem("python", _finds, _read)
