"""Python: uv, Poetry, PDM, Pipenv and pip; Django, FastAPI, Flask and the like."""

from __future__ import annotations

from devops_orchestrator.project import services, tasks, versions
from devops_orchestrator.project.code import python_facts
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.python_packages import DEV_FILE, REQUIREMENTS, give, normalized
from devops_orchestrator.project.tree import Tree, ancestors, join


def _finds(tree: Tree) -> list[str]:
    found = set(
        with_manifest(tree, "pyproject.toml", "requirements.txt", "Pipfile", "setup.py", "setup.cfg", "manage.py")
    )
    found |= {
        folder.rpartition("/")[0] or "." for folder in tree.folders if folder.rpartition("/")[2] == "requirements"
    }
    return sorted(found)


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    path = tree.first(draft.path, "pyproject.toml")
    pyproject = tree.toml(path)
    give(draft, tree)
    places = draft.places
    project = pyproject.table("project") if pyproject else {}
    poetry = pyproject.table("tool", "poetry") if pyproject else {}
    sources = [file for file in draft.files if file.endswith(".py")]
    if not (
        project
        or poetry
        or places
        or tree.first(draft.path, "requirements.txt", "Pipfile", "setup.py", "manage.py", "requirements/base.txt")
    ):
        return False
    if not sources and not places and not project:
        return False  # a workspace's root, or tools alone
    if (
        not draft.dependencies.keys() - draft.dev_dependencies
        and pyproject
        and pyproject.get("tool", "uv", "workspace") is not None
    ):
        return False
    name = project.get("name") or poetry.get("name")
    draft.name = str(name) if name and normalized(str(name)) not in ("app", "api", "backend") else draft.name
    manifest = (
        path
        if project or poetry
        else tree.first(
            draft.path,
            "requirements.txt",
            "Pipfile",
            "setup.py",
            "setup.cfg",
            "requirements/base.txt",
            "pyproject.toml",
        )
    )
    manifest = manifest or tree.first(draft.path, "manage.py")
    draft.offer("manifest", manifest, manifest or "")
    draft.offer("language", "python", manifest or "")
    services.from_packages(draft, services.PYTHON)
    _manager(draft, tree)
    _runtime(draft, tree)
    _checks(draft, tree)
    tasks.procfile(draft, tree)
    python_facts.give_code(draft, context, places)
    tasks.offer(draft, tree, "test", "lint", "typecheck", "build")
    versions.last_resorts(draft, tree, "python")
    _build(draft, tree)
    return True


# package manager and commands


def _manager(draft: Draft, tree: Tree) -> None:
    pyproject = tree.toml(tree.first(draft.path, "pyproject.toml"))
    for folder in ancestors(draft.path):
        for lock, manager in (
            ("uv.lock", "uv"),
            ("poetry.lock", "poetry"),
            ("pdm.lock", "pdm"),
            ("Pipfile.lock", "pipenv"),
        ):
            path = tree.first(folder, lock)
            if path and (folder == draft.path or (manager == "uv" and _is_member(tree, folder))):
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
    requirements = tree.first(draft.path, *REQUIREMENTS)
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
        dev = next(
            (p for p in tree.matching(draft.path, "*requirements*.txt") if DEV_FILE.search(p.rpartition("/")[2])), None
        )
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
    linters: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("ruff", "ruff check .", ("ruff.toml", ".ruff.toml")), ("flake8", "flake8", (".flake8",)), ("pylint", "pylint .", (".pylintrc", "pylintrc")),
    )  # fmt: skip
    for tool, command, files in linters:
        evidence = place(tool, *files)
        if evidence:
            draft.offer("lint", run(draft, command), evidence)
    package = next(
        (p for p in ("app", "src", draft.name.replace("-", "_")) if f"{join(draft.path, p)}" in tree.folders), "."
    )
    checkers: tuple[tuple[str, str, tuple[str, ...]], ...] = (
        ("mypy", "mypy", ("mypy.ini", ".mypy.ini")), ("pyright", "pyright", ("pyrightconfig.json",)), ("basedpyright", "basedpyright", ()), ("ty", "ty check", ()),
    )  # fmt: skip
    for tool, command, files in checkers:
        if tool in draft.dependencies or (tool in configured and tool != "mypy"):
            where = place(tool, *files) or ""
            listed = (
                tool == "mypy"
                and pyproject
                and (pyproject.get("tool", "mypy", "files") or pyproject.get("tool", "mypy", "packages"))
            )
            draft.offer("typecheck", run(draft, command if tool != "mypy" or listed else f"mypy {package}"), where)


def _build(draft: Draft, tree: Tree) -> None:
    pyproject = tree.toml(tree.first(draft.path, "pyproject.toml"))
    if draft.kind in ("library", "command") and pyproject and pyproject.get("build-system") is not None:
        command = {"uv": "uv build", "poetry": "poetry build", "pdm": "pdm build"}.get(
            draft.get("package_manager"), "python -m build"
        )
        draft.offer("build", command, pyproject.at("build-system"))


def _bare(draft: Draft, context: Context) -> bool:
    """Scripts without a manifest: what they serve and read, and how they are run."""
    script = next(path for path in draft.files if path.endswith(".py"))
    draft.offer("language", "python", script)
    python_facts.give_code(draft, context, draft.places)
    versions.last_resorts(draft, context.tree, "python")
    if draft.kind == "library":
        draft.kind = "command"
    return True


ECOSYSTEM = Ecosystem("python", _finds, _read, _bare)
