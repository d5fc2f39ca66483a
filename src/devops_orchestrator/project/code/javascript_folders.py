"""Folders of a JavaScript server: those that it writes to while it runs, and the one that it serves as it is."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.javascript import JavaScript, argument
from devops_orchestrator.project.code.syntax import Source, children
from devops_orchestrator.project.draft import Draft

Node = Any
_ASIDE = lazy(r"(^|/)(scripts?|tools?|seeds?|migrations?)/|\.config\.[cm]?[jt]s$")
_STATIC = (
    "static",
    "serveStatic",
    "useStaticAssets",
    "koaStatic",
    "serveDir",
    "fastifyStatic",
    "staticPlugin",
    "serve",
)
_STATIC_MODULES = (
    "@fastify/static",
    "fastify-static",
    "koa-static",
    "@elysiajs/static",
    "@nestjs/serve-static",
    "serve-static",
)
_DATABASES = ("better-sqlite3", "bun:sqlite", "node:sqlite", "sqlite3", "sqlite")
_WRITES = (
    "createWriteStream",
    "writeFile",
    "writeFileSync",
    "appendFile",
    "appendFileSync",
    "Deno.writeTextFile",
    "Bun.write",
    "outputFile",
)
_FOLDERS = ("mkdir", "mkdirSync", "ensureDir", "ensureDirSync", "Deno.mkdir")

_WORDS = lazy(
    r"[sS]tatic|serve|Database|open\(|multer|formidable|[uU]pload|winston|DailyRotate|Sequelize|knex|DataSource|[wW]rite|append|mkdir|ensureDir|output"
)


def give(draft: Draft, code: JavaScript) -> None:
    """`assets` and `writable`, where the code names them; only of what runs."""
    if draft.kind not in ("service", "worker"):
        return
    for source in code.sources:
        if _ASIDE.search(source.path) or not code.used(source.path):
            continue
        if not _WORDS.search(source.text):
            continue
        for folder, node in _served(code, source):
            inside = posixpath.join(draft.path, folder) if draft.path != "." else folder
            if any(path.startswith(f"{inside}/") for path in draft.files):
                draft.offer("assets", folder, source.at(node))
        for folder, node in _written(code, source):
            # What TypeScript names from its own folder is beside the compiled file, wherever that is.
            if source.language == "typescript" and folder.split("/")[0] == "src":
                continue
            draft.add("writable", folder, source.at(node))


def _served(code: JavaScript, source: Source) -> Iterator[tuple[str, Node]]:
    modules = {module for _, module, _ in code.imports(source)}
    for call in source.all("call_expression"):
        function = call.field("function")
        word = function.text().rpartition(".")[2] if function is not None else ""
        first = argument(call, 0)
        if word in _STATIC and (
            word not in ("static", "serve")
            or "express" in (function.text() if function else "")
            or modules & set(_STATIC_MODULES)
        ):
            folder = _path(code, source, first) or _option(code, source, call, ("root", "fsRoot", "assets"))
        elif word in ("register", "use", "forRoot") and modules & set(_STATIC_MODULES):
            folder = _option(code, source, call, ("root", "rootPath", "assets"))
        else:
            folder = None
        if folder:
            yield folder, call


def _written(code: JavaScript, source: Source) -> Iterator[tuple[str, Node]]:
    modules = {module for _, module, _ in code.imports(source)}
    for call in source.all("call_expression", "new_expression"):
        function = call.field("function") or call.field("constructor")
        word = re.sub(r"^require\(['\"]([\w-]+)['\"]\)$", r"\1", function.text()) if function is not None else ""
        last = word.rpartition(".")[2]
        found = None
        if last in ("Database", "DatabaseSync", "open") and modules & set(_DATABASES):
            found = _parent(_path(code, source, argument(call, 0)))
        elif word == "multer" or last in ("diskStorage", "formidable", "fileUpload", "IncomingForm"):
            found = _option(code, source, call, ("dest", "destination", "uploadDir", "tempFileDir"))
        elif (last == "File" and "winston" in source.text) or last == "DailyRotateFile":
            found = _option(code, source, call, ("dirname",)) or _parent(_option(code, source, call, ("filename",)))
        elif last in ("Sequelize", "knex", "DataSource"):
            found = _parent(_option(code, source, call, ("storage",)))
        elif word in _WRITES or (last in _WRITES and word.startswith(("fs.", "fsp.", "fsPromises.", "promises."))):
            found = _parent(_path(code, source, argument(call, 0)))
        elif word in _FOLDERS or (last in _FOLDERS and word.startswith(("fs.", "fsp.", "promises."))):
            found = _path(code, source, argument(call, 0))
        if found:
            yield found, call
    for call in source.all("call_expression"):  # multer: destination: (req, file, cb) => cb(null, "uploads")
        function = call.field("function")
        if function is not None and function.text() in ("cb", "callback", "done") and "diskStorage" in source.text:
            within = [above.field("key").text() for above in call.ancestors() if above.kind() == "pair"]
            folder = _path(code, source, argument(call, 1)) if "destination" in within else None
            if folder:
                yield folder, call


def _parent(path: str | None) -> str | None:
    """The folder of a file; the file itself where it stands in the component's own folder."""
    return (posixpath.dirname(path) or path) if path else None


def _option(code: JavaScript, source: Source, call: Node, names: tuple[str, ...]) -> str | None:
    for node in children(call.field("arguments")):
        for pair in children(node) if node.kind() == "object" else ():
            if pair.kind() == "pair" and pair.field("key").text() in names:
                found = _path(code, source, pair.field("value"))
                if found:
                    return found
    return None


def _path(code: JavaScript, source: Source, node: Node | None, depth: int = 0) -> str | None:
    """A path below the component that an expression names, from the component's folder; None for any other."""
    if node is None or depth > 4:
        return None
    kind, text = node.kind(), node.text()
    here = posixpath.relpath(posixpath.dirname(source.path) or ".", code.folder)
    if kind == "identifier":
        declared = code.declared(source, text)
        if declared is not None:
            return _path(code, source, declared, depth + 1)
    if kind == "template_string":
        found = re.fullmatch(r"`\$\{(__dirname|process\.cwd\(\)|import\.meta\.dirname)\}/([\w./-]+)`", text)
        return _inside(posixpath.join("." if "cwd" in found[1] else here, found[2])) if found else _literal(text)
    if kind == "call_expression":
        function = node.field("function")
        word = function.text() if function is not None else ""
        if word in ("path.join", "path.resolve", "join", "resolve"):
            parts = [_part(code, source, part, here) for part in children(node.field("arguments"))]
            return (
                _inside(posixpath.join(*[p for p in parts if p]))
                if parts and all(p is not None for p in parts)
                else None
            )
        if word == "fileURLToPath":
            return _path(code, source, argument(node, 0), depth + 1)
    if kind == "new_expression" and text.startswith("new URL("):
        first = code.text_argument(node, 0)
        return _inside(posixpath.join(here, first)) if first else None
    value = code.value(source, node).constant
    return _literal(f'"{value}"') if isinstance(value, str) else None


def _part(code: JavaScript, source: Source, node: Node, here: str) -> str | None:
    text = node.text()
    if text in ("__dirname", "import.meta.dirname"):
        return here
    if text == "process.cwd()":
        return "."
    value = code.value(source, node).constant
    return value if isinstance(value, str) else None


def _literal(text: str) -> str | None:
    found = re.fullmatch(r"[\"'`](?:file:)?([\w.@/-]+)[\"'`]", text)
    return _inside(found[1]) if found else None


def _inside(path: str) -> str | None:
    """A normal path, or None where it leaves the component or is the component itself."""
    normal = posixpath.normpath(path)
    return None if normal.startswith(("..", "/")) or normal == "." or ":memory:" in normal else normal
