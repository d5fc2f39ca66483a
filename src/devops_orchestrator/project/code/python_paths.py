"""Folders that Python code names: what it writes while it runs, and the static files that it serves as they are."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_applications import Application
from devops_orchestrator.project.code.python_module import Module, called, dotted, keyword
from devops_orchestrator.project.code.python_services import is_settings
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import join

# Settings that name a folder or a file which the application writes.
_WRITTEN = frozenset(
    {
        "MEDIA_ROOT", "UPLOAD_FOLDER", "UPLOAD_DIR", "UPLOADS_DIR", "UPLOAD_PATH", "UPLOAD_DIRECTORY", "UPLOADS_FOLDER", "UPLOADED_PHOTOS_DEST",
        "MEDIA_DIR", "DATA_DIR", "DATA_FOLDER", "DATA_PATH", "STORAGE_DIR", "STORAGE_PATH", "CACHE_DIR", "OUTPUT_DIR", "EXPORT_DIR", "LOG_DIR",
        "WHOOSH_BASE",
    }
)  # fmt: skip
_TOOLS = lazy(r"(^|/)(scripts?|tools?|extras?|bin|contrib|deploy|management)/")
_RELATIONAL = frozenset({"postgresql", "mysql", "mariadb"})


def give(draft: Draft, python: Python, application: Application | None) -> None:
    """Add the writable folders and files, and offer the folder of static files."""
    for path, place in [*_settings(python), *_sqlite(draft, python)]:
        draft.add("writable", path, place)
    for path, place in _static(python, application):
        if path not in ("", ".") and draft_has(draft, path):
            draft.offer("assets", path, place)


def draft_has(draft: Draft, folder: str) -> bool:
    """Whether the component has files below a folder."""
    start = join(draft.path, folder) + "/"
    return any(path.startswith(start) for path in draft.files)


def folder(python: Python, module: Module, node: ast.AST | None, depth: int = 0) -> str | None:
    """A path expression from the component's folder; None where the code does not say it or it is elsewhere.

    `BASE_DIR / "media"`, `os.path.join(BASE_DIR, "media")`, `Path(__file__).resolve().parent.parent`; a text that is no
    absolute path stands for a path from the folder in which the application is started.
    """
    found = _folder(python, module, node, depth)
    if found is None or found.startswith(("/", "..", "~")) or "://" in found:
        return None
    return posixpath.normpath(found) if found else "."


def _folder(python: Python, module: Module, node: ast.AST | None, depth: int) -> str | None:
    if node is None or depth > 12:
        return None
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        left, right = _folder(python, module, node.left, depth + 1), python.string(module, node.right)
        return posixpath.join(left, right) if left is not None and right is not None else None
    if isinstance(node, ast.Attribute) and node.attr == "parent":
        return _up(_folder(python, module, node.value, depth + 1))
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute) and node.value.attr == "parents":
        found, count = _folder(python, module, node.value.value, depth + 1), python.value(module, node.slice).constant
        for _ in range(count + 1 if isinstance(count, int) else 0):
            found = _up(found)
        return found if isinstance(count, int) else None
    if isinstance(node, ast.Call):
        return _called(python, module, node, depth)
    name = dotted(node)
    if name == "__file__":
        return python.inside(module.path)
    if name:
        place = python.resolve(module, name)
        for at, key in ((place[0], place[1]) if place else (module, name), (module, name)):
            if key in at.constants:
                return _folder(python, at, at.constants[key], depth + 1)
        if name in module.locals:
            return _folder(python, module, module.locals[name], depth + 1)
        return None
    return python.string(module, node)


def _called(python: Python, module: Module, node: ast.Call, depth: int) -> str | None:
    name, full = called(node), dotted(node.func)
    first = node.args[0] if node.args else None
    if name in ("Path", "PurePath", "str", "abspath", "realpath", "normpath", "expanduser") and first is not None:
        parts = [_folder(python, module, part, depth + 1) for part in node.args]
        return posixpath.join(*[p for p in parts if p]) if all(part is not None for part in parts) else None
    if name == "dirname" and first is not None:
        return _up(_folder(python, module, first, depth + 1))
    if name == "join" and "path" in full and node.args:
        parts = [_folder(python, module, part, depth + 1) for part in node.args]
        return posixpath.join(*[p for p in parts if p is not None]) if all(part is not None for part in parts) else None
    if name in ("resolve", "absolute", "as_posix") and isinstance(node.func, ast.Attribute) and not node.args:
        return _folder(python, module, node.func.value, depth + 1)
    if name == "joinpath" and isinstance(node.func, ast.Attribute):
        left = _folder(python, module, node.func.value, depth + 1)
        texts = [python.string(module, part) for part in node.args]
        return posixpath.join(left, *[t for t in texts if t]) if left is not None and all(texts) else None
    if name in ("getcwd", "cwd"):
        return "."
    return python.string(module, node)


def _up(path: str | None) -> str | None:
    return None if path in (None, ".", "") else posixpath.dirname(path or "") or "."


def _settings(python: Python) -> Iterator[tuple[str, str]]:
    for module in python.modules:
        at_top = python.inside(module.path).count("/") < 2 and not _TOOLS.search(module.path)
        named = [
            (name, node)
            for name, node in module.constants.items()
            if (name in _WRITTEN and (at_top or is_settings(module)))
            or (name.upper() in _WRITTEN and is_settings(module))
        ]
        for node in module.nodes:  # app.config["UPLOAD_FOLDER"] = …, dict(UPLOAD_FOLDER=…)
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
                key = python.string(module, node.targets[0].slice)
                if key in _WRITTEN and dotted(node.targets[0].value).endswith("config"):
                    named.append((str(key), node.value))
        for _, node in named:
            path = folder(python, module, node)
            if path not in (None, "."):
                yield str(path), module.at(node)


def _sqlite(draft: Draft, python: Python) -> Iterator[tuple[str, str]]:
    """The file of an SQLite database, where the application has no database server."""
    if _RELATIONAL & draft.many("services").keys():
        return
    for module in python.modules:
        for node in module.nodes if "DATABASES" in module.constants else ():
            if isinstance(node, ast.Dict):
                keys = {
                    python.string(module, key): value for key, value in zip(node.keys, node.values, strict=True) if key
                }
                if python.string(module, keys.get("ENGINE")) == "django.db.backends.sqlite3":
                    path = folder(python, module, keys.get("NAME"))
                    if path not in (None, ".", ":memory:"):
                        yield str(path), module.at(keys["NAME"])
        for node in module.nodes:
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
            found = re.fullmatch(r"sqlite(?:\+\w+)?:///(?:\./)?([\w.-][\w./-]*)(?:\?.*)?", text or "")
            if found and isinstance(node, ast.Constant) and ":memory:" not in found[1]:
                # Flask-SQLAlchemy resolves a relative path from the instance folder.
                inside = f"instance/{found[1]}" if "flask-sqlalchemy" in draft.dependencies else found[1]
                yield inside, module.at(node)
            elif isinstance(node, ast.Call) and dotted(node.func) == "sqlite3.connect" and node.args:
                path = folder(python, module, node.args[0])
                if path and re.fullmatch(r"[\w./-]*\w", path) and not _TOOLS.search(module.path):
                    yield path, module.at(node)


def _static(python: Python, application: Application | None) -> Iterator[tuple[str, str]]:
    for module in python.modules:
        for node in module.calls():
            name = called(node)
            given = None
            if name in ("StaticFiles", "NoCacheStaticFiles"):
                given = keyword(node, "directory") or (node.args[0] if node.args else None)
            elif name in ("create_static_files_router", "StaticFilesConfig"):
                listed = keyword(node, "directories")
                given = listed.elts[0] if isinstance(listed, ast.List | ast.Tuple) and listed.elts else None
            elif name in ("add_static", "static") and len(node.args) > 1 and isinstance(node.func, ast.Attribute):
                given = node.args[1]
            if given is not None and (path := folder(python, module, given)):
                yield path, module.at(node)
        for name in ("STATIC_ROOT", "STATICFILES_DIRS"):
            said = module.constants.get(name)
            for one in said.elts if isinstance(said, ast.List | ast.Tuple) else [said]:
                if one is not None and (path := folder(python, module, one)):
                    yield path, module.at(one)
    if application and application.framework in ("flask", "quart"):
        yield from _flask(python, application)


def _flask(python: Python, application: Application) -> Iterator[tuple[str, str]]:
    """Flask serves `static` beside the module that makes the application, or its `static_folder`."""
    for module in [application.module, *python.modules]:
        for node in module.calls():
            if called(node) in ("Flask", "Quart"):
                said = keyword(node, "static_folder")
                name = python.string(module, said) if said is not None else "static"
                base = posixpath.dirname(python.inside(module.path))
                if name:
                    yield posixpath.normpath(posixpath.join(base, name)), module.at(node)
