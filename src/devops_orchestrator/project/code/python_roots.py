"""Where `import` starts in a Python component: its folder, `src`, the folder of `manage.py`, what the manifest says."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping

from devops_orchestrator.project.code.python_module import parsed
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.tree import Tree, join


def declared(tree: Tree, folder: str, files: Iterable[str]) -> list[str]:
    """The source roots that are said, the deepest first, from the component's folder.

    Those of the build backend (setuptools, Poetry, Hatch, PDM, uv), pytest's `pythonpath`, and the folders of a
    `manage.py`: Python puts the script's folder first in `sys.path`.
    """
    found: set[str] = set()
    pyproject = tree.toml(tree.first(folder, "pyproject.toml"))
    if pyproject:
        found.update(_of_manifest(pyproject))
    for path in files:
        if path.rpartition("/")[2] == "manage.py":
            at = path.rpartition("/")[0] or "."
            if _imports_beside(tree, path, at):
                found.add(inside(folder, at))
    known = {root.strip("/").removeprefix("./") or "." for root in found} - {"."}
    return sorted(known, key=lambda root: (-root.count("/"), root))


def _imports_beside(tree: Tree, path: str, at: str) -> bool:
    """Whether the settings that a `manage.py` names are found from its own folder; in doubt it is no package."""
    module = parsed(tree.text(path) or "")
    if module is None:
        return False
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and len(node.args) > 1 and isinstance(node.args[0], ast.Constant):
            name = node.args[1].value if isinstance(node.args[1], ast.Constant) else None
            if node.args[0].value == "DJANGO_SETTINGS_MODULE" and isinstance(name, str):
                target = join(at, name.replace(".", "/"))
                return tree.text(f"{target}.py") is not None or tree.text(f"{target}/__init__.py") is not None
    return not tree.has(at, "__init__.py")


def inside(folder: str, path: str) -> str:
    """A path as it is called from the component's folder."""
    if folder == "." or path == folder:
        return path if folder == "." else "."
    return path.removeprefix(folder + "/")


def _of_manifest(pyproject: Document) -> Iterable[str]:
    for package in pyproject.get("tool", "poetry", "packages") or []:
        if isinstance(package, dict) and isinstance(package.get("from"), str):
            yield package["from"]
    folders = pyproject.table("tool", "setuptools", "package-dir")
    if isinstance(folders.get(""), str):
        yield folders[""]
    yield from pyproject.strings("tool", "setuptools", "packages", "find", "where")
    for package in pyproject.strings("tool", "hatch", "build", "targets", "wheel", "packages"):
        yield package.rpartition("/")[0] or "."
    for keys in (("tool", "pdm", "build", "package-dir"), ("tool", "uv", "build-backend", "module-root")):
        said = pyproject.get(*keys)
        if isinstance(said, str):
            yield said
    paths = pyproject.get("tool", "pytest", "ini_options", "pythonpath")
    for path in paths.split() if isinstance(paths, str) else paths if isinstance(paths, list) else ():
        if isinstance(path, str) and not path.startswith(".."):
            yield path


def names(path: str, roots: Iterable[str], packages: frozenset[str]) -> dict[str, str]:
    """Root → the module's name from there, for every folder above a file that can be a root, the outermost first.

    `path` and `packages` (the folders that have an `__init__.py`) are from the component's folder.
    """
    parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
    found: dict[str, str] = {}
    for depth in range(len(path.split("/"))):
        root = "/".join(parts[:depth]) or "."
        if (root == "." or root not in packages or root in roots) and parts[depth:]:
            found[root] = ".".join(parts[depth:])
    return found


def chosen(candidates: Mapping[str, str], said: Iterable[str], imported: frozenset[str]) -> str:
    """The root of a module among `names(...)`: a said one, else the one by which the code imports its package.

    `imported` are all dotted names that the code imports, with what is before each dot.
    """
    for root in said:
        if root in candidates:
            return root
    best, score = ".", 0
    for root, name in candidates.items():
        parts = name.split(".")
        known = 0
        while known < len(parts) and ".".join(parts[: known + 1]) in imported:
            known += 1
        if known > score:
            best, score = root, known
    return "src" if not score and "src" in candidates else best


def on_path(tree: Tree, folder: str, root: str) -> bool:
    """Whether the modules below a root are importable from the component's folder: it is the root, or is installed."""
    if root == ".":
        return True
    pyproject = tree.toml(tree.first(folder, "pyproject.toml"))
    built = pyproject is not None and pyproject.get("build-system") is not None
    return (built or tree.has(folder, "setup.py")) and not tree.has(join(folder, root), "manage.py")
