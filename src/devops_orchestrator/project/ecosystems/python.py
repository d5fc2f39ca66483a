"""Python: uv, Poetry, PDM, Pipenv and pip; Django, FastAPI, Flask and the like."""

from __future__ import annotations

from devops_orchestrator.project import python_checks, services, tasks, versions
from devops_orchestrator.project.code import python_facts
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.python_packages import DEV_FILE, REQUIREMENTS, give, has_manifest, members, normalized
from devops_orchestrator.project.tree import Tree, ancestors, join, parent

_MARKS = ("pyproject.toml", "requirements.txt", "Pipfile", "setup.py", "setup.cfg", "manage.py")


def _finds(tree: Tree) -> list[str]:
    """The folders with a manifest, or with a `manage.py` that no manifest above covers."""
    marked = set(with_manifest(tree, *_MARKS))
    marked |= {
        parent(folder)
        for folder, names in tree.folders.items()
        if folder.rpartition("/")[2] == "requirements" and any(name.endswith((".txt", ".in")) for name in names)
    }
    strong = {folder for folder in marked if has_manifest(tree, folder)}
    weak = {
        folder
        for folder in marked - strong
        if tree.has(folder, "manage.py") and not any(above in strong for above in ancestors(folder))
    }
    return sorted(strong | weak)


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
        or tree.first(draft.path, "requirements.txt", "Pipfile", "setup.py", "manage.py", *REQUIREMENTS[1:])
    ):
        return False
    if not sources and not project and not any(file.endswith(".ipynb") for file in draft.files):
        return False  # a workspace's root, tools alone, what another language's build needs
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
            *REQUIREMENTS[1:],
            "pyproject.toml",
        )
    )
    manifest = manifest or tree.first(draft.path, "manage.py")
    draft.offer("manifest", manifest, manifest or "")
    draft.offer("language", "python", manifest or "")
    members(draft, tree)
    services.from_packages(draft, services.PYTHON)
    _manager(draft, tree)
    _runtime(draft, tree)
    python_checks.give(draft, tree)
    tasks.procfile(draft, tree)
    python_facts.give_code(draft, context, places)
    tasks.offer(
        draft, tree, "test", "lint", "typecheck", "build", *(("start",) if draft.kind in ("service", "worker") else ())
    )
    _lint_hooks(draft, tree)
    if draft.get("runtime") is None and (dockerfile := draft.traits.get("dockerfile")):
        versions.of_dockerfile(draft, tree, "python", dockerfile)
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
        backend = pyproject.get("build-system", "build-backend")
        own = {"poetry.core.masonry.api": "poetry", "pdm.backend": "pdm", "uv_build": "uv"}.get(str(backend))
        if own:
            draft.offer("package_manager", own, pyproject.at("build-system", "build-backend"))
        for tool, keys in (
            ("uv", ("tool", "uv", "required-version")),
            ("poetry", ("tool", "poetry", "requires-poetry")),
        ):
            said = pyproject.get(*keys)
            if draft.get("package_manager") == tool and isinstance(said, str):
                draft.offer("package_manager_version", versions.coarse(said, 3), pyproject.at(*keys))
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


def _lint_hooks(draft: Draft, tree: Tree) -> None:
    """pre-commit, where its hooks are the only linter."""
    path = tree.first(draft.path, ".pre-commit-config.yaml")
    if path and draft.get("lint") is None:
        draft.offer("lint", "pre-commit run --all-files", path)


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
