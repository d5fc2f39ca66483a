"""The command that starts a Python component: the one that the repository runs, else the one that its server documents."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from devops_orchestrator.project.code import python_roots
from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_applications import ASGI, WSGI, Application
from devops_orchestrator.project.code.python_module import Module, called, dotted, is_main_guard
from devops_orchestrator.project.code.python_said import Said
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree, join

_SCRIPTS = ("main.py", "app.py", "run.py", "server.py", "worker.py", "bot.py", "wsgi.py", "start.py")
_STREAMLIT = ("streamlit_app.py", "app.py", "main.py", "Home.py", "home.py", "Hello.py")
_GUNICORN = ("gunicorn.conf.py", "gunicorn.py", "gunicorn_config.py", "gunicorn_conf.py", "gunicorn.config.py")


@dataclass
class Start:
    """What the start command of one component is made from."""

    draft: Draft
    tree: Tree
    python: Python
    port: int | None

    def run(self, text: str) -> str:
        """A command in the environment of the package manager."""
        manager = self.draft.get("package_manager")
        return f"{manager} run {text}" if manager in ("uv", "poetry", "pdm", "pipenv") else text

    def offer(self, text: str | None, evidence: str) -> None:
        """Offer a command as the package manager runs it."""
        if text:
            self.draft.offer("start", self.run(text), evidence)

    def away(self, module: Module) -> str | None:
        """The folder that has to be on the path for a module to be found, None where it is found anyway."""
        return self.away_of(module.path)

    def away_of(self, path: str) -> str | None:
        """The same for a file."""
        root = self.python.root(path)
        return None if python_roots.on_path(self.tree, self.draft.path, root) else root


def from_said(draft: Draft, said: Iterable[Said], own: set[str], *, development: bool) -> None:
    """Offer the server's commands that the repository runs; one in several steps is offered as the step that serves."""
    mine = _last_first([one for one in said if one.development == development and one.kind is None])
    for one in mine:
        if one.serves and one.name == "web" and "Procfile" in one.evidence:
            draft.prefer("start", one.text, one.evidence)  # of a process in several steps, the one that serves
    for one in mine:
        if one.serves and (development or "--reload" not in one.words):
            draft.offer("start", one.text, one.evidence)
    for one in mine:
        words = one.words
        script = words[:1] in (["python"], ["python3"]) and len(words) > 1 and not one.runs_django
        if not development and words[:1] and words[0] in own:
            draft.offer("start", one.text, one.evidence)
        if script and not development and not any(word.endswith("manage.py") for word in words):
            draft.offer("start", _from_here(draft, one.text), one.evidence)
    for one in mine:
        if one.serves or (one.runs_django and development):
            draft.offer("start", one.text, one.evidence)


def _last_first(said: list[Said]) -> list[Said]:
    """The commands of one script in reverse: the last one is what runs when nothing else is asked for."""
    files = [one.evidence.rpartition(":")[0] for one in said]
    found: list[Said] = []
    for file in dict.fromkeys(files):
        group = [one for one, at in zip(said, files, strict=True) if at == file]
        found += group if file.endswith((".yml", ".yaml", "Procfile", ".toml", "Pipfile")) else group[::-1]
    return found


def _from_here(draft: Draft, text: str) -> str:
    """A command with its script's path in the image as the path in the repository."""
    words = text.split()
    for index, word in enumerate(words):
        parts = word.split("/")
        for start in range(1, len(parts)) if word.startswith("/") and word.endswith(".py") else ():
            tail = "/".join(parts[start:])
            if join(draft.path, tail) in draft.files:
                words[index] = tail
                break
    return " ".join(words)


def depends(draft: Draft, *packages: str) -> bool:
    """Whether one of these packages is there when the application runs; what only development needs is not."""
    return any(package in draft.dependencies and package not in draft.dev_dependencies for package in packages)


def derive(start: Start, framework: str | None, application: Application | None) -> None:
    """Offer the documented command of the server that is a dependency, for the application that the code makes."""
    draft = start.draft
    if application and framework == "dash":
        application = _server_of_dash(application)
    if framework == "streamlit":
        _streamlit(start)
    elif application and framework == "litestar" and not depends(draft, "uvicorn", "hypercorn", "granian"):
        where = start.away(application.module)
        option = f" --app-dir {where}" if where else ""
        start.offer(
            f"litestar --app {application.target.removesuffix('()')}{option} run --host 0.0.0.0 --port {start.port}",
            application.evidence,
        )
    elif application and (framework in ASGI or application.asgi):
        _asgi(start, framework or "", application)
    elif application and framework in WSGI:
        _wsgi(start, application)
    if draft.kind not in ("library", None):
        _script(start, framework, application)
        _console(start)


def _asgi(start: Start, framework: str, application: Application) -> None:
    draft, target, place = start.draft, application.target.removesuffix("()"), application.evidence
    where = start.away(application.module)
    path = start.python.inside(application.module.path)
    extra = draft.dependencies.get("fastapi", "")
    standard = "[standard]" in extra or "[all]" in extra or depends(draft, "fastapi-cli")
    if framework == "fastapi" and not application.factory and standard:
        number = "" if start.port == 8000 else f" --port {start.port}"
        start.offer(f"fastapi run {path}{number}", place)
    if framework == "sanic" and not guarded(start.python, application.module.path):
        start.offer(f"sanic {target} --host=0.0.0.0 --port={start.port}", place)
    elif framework == "sanic":
        return
    factory = "--factory " if application.factory else ""
    if depends(draft, "gunicorn") and (config := _gunicorn_file(start)):
        module = start.python.module(config, always=True)
        worker = "" if module and "worker_class" in module.constants else " -k uvicorn.workers.UvicornWorker"
        quoted = f"'{application.target}'" if application.factory else target
        start.offer(f"{gunicorn(start, quoted, where)}{worker}", place)
    if depends(draft, "uvicorn") or (framework == "fastapi" and not depends(draft, "hypercorn", "granian")):
        option = f" --app-dir {where}" if where else ""
        start.offer(f"uvicorn {factory}{target} --host 0.0.0.0 --port {start.port}{option}", place)
    elif depends(draft, "granian"):
        option = f" --working-dir {where}" if where else ""
        start.offer(f"granian --interface asgi {factory}{target} --host 0.0.0.0 --port {start.port}{option}", place)
    elif depends(draft, "hypercorn", "quart"):
        quoted = f"'{application.target}'" if application.factory else target
        options = "-c hypercorn.toml " if start.tree.has(draft.path, "hypercorn.toml") else ""
        bind = "" if options else f" --bind 0.0.0.0:{start.port}"
        start.offer(f"hypercorn {options}{quoted}{bind}", place)
    elif depends(draft, "daphne") and not application.factory:
        start.offer(f"daphne -b 0.0.0.0 -p {start.port} {target}", place)


def _gunicorn_file(start: Start) -> str | None:
    files = [path for path in start.draft.files if path.rpartition("/")[2] in _GUNICORN]
    return min(files, key=lambda p: (p.count("/"), p)) if files else None


def gunicorn(start: Start, target: str, where: str | None) -> str:
    """Gunicorn with the configuration file that is there; it reads `gunicorn.conf.py` of its folder by itself."""
    config = _gunicorn_file(start)
    if config and config == join(start.draft.path, "gunicorn.conf.py"):
        bind = ""
    elif config:
        bind = f" -c {start.python.inside(config)}"
    else:
        bind = f" --bind 0.0.0.0:{start.port}"
    return f"gunicorn{bind}{f' --chdir {where}' if where else ''} {target}"


def _wsgi(start: Start, application: Application) -> None:
    draft, place = start.draft, application.evidence
    quoted = f"'{application.target}'" if application.factory else application.target
    bare = application.target.removesuffix("()")
    where = start.away(application.module)
    runs = _runs_itself(application)
    script = None if runs else _runner(start.python, application)
    if depends(draft, "gunicorn"):
        start.offer(gunicorn(start, quoted, where), place)
    elif depends(draft, "waitress"):
        call = "--call " if application.factory else ""
        start.offer(f"waitress-serve --port={start.port} {call}{bare}", place)
    elif depends(draft, "granian"):
        factory = "--factory " if application.factory else ""
        start.offer(f"granian --interface wsgi {factory}{bare} --host 0.0.0.0 --port {start.port}", place)
    elif script:
        start.offer(f"python {start.python.inside(script)}", script)
    elif application.framework == "flask" and not runs:
        module = f"{where}/{application.module.name.replace('.', '/')}" if where else application.module.name
        named = (
            ""
            if application.variable in ("app", "application", "create_app()", "make_app()")
            else f":{bare.partition(':')[2]}"
        )
        start.offer(f"flask --app {module}{named} run --host 0.0.0.0 --port {start.port}", place)
    ini = (
        start.tree.first(draft.path, "production.ini", "development.ini")
        if application.framework == "pyramid"
        else None
    )
    if ini:
        start.offer(f"pserve {start.python.inside(ini)}", ini)


def _server_of_dash(application: Application) -> Application:
    """Dash's `server = app.server` is what a WSGI server takes."""
    for name, node in application.module.constants.items():
        if dotted(node) == f"{application.variable}.server":
            return Application("dash", application.module, name, node.lineno)
    return application


def _streamlit(start: Start) -> None:
    pages = [
        path
        for path in start.python.sources
        if "/pages/" not in f"/{path}" and (module := start.python.module(path)) and imports(module, "streamlit")
    ]
    ranked = sorted(
        pages,
        key=lambda p: (
            p.count("/"),
            _STREAMLIT.index(n) if (n := p.rpartition("/")[2]) in _STREAMLIT else len(_STREAMLIT),
            p,
        ),
    )
    beside = [
        path for path in ranked if any(q.startswith(path.rpartition("/")[0] + "/pages/") for q in start.python.sources)
    ]
    main = next(iter(beside or ranked), None)
    if main:
        start.offer(f"streamlit run {start.python.inside(main)}", main)
        start.draft.offer("entrypoint", start.python.inside(main), main)


def imports(module: Module, package: str) -> bool:
    """Whether a module imports a package or what is below it."""
    return any(base.split(".")[0] == package for base, _ in module.imports.values())


def _runs_itself(application: Application) -> bool:
    return any(
        called(node) in ("run", "run_server") and dotted(node.func).split(".")[0] == application.variable
        for node in application.module.calls()
    )


def _runner(python: Python, application: Application) -> str | None:
    """A script at the top that runs the application (`run.py`: `from shop import app; app.run()`)."""
    for path in python.sources:
        inside = python.inside(path)
        if "/" in inside or not guarded(python, path) or inside == "manage.py":
            continue
        module = python.module(path, always=True)
        for node in module.calls() if module and module is not application.module else ():
            name = dotted(node.func)
            if called(node) in ("run", "main") and python.resolve(module, name.split(".")[0]):  # type: ignore[arg-type]
                return path
    return None


def _script(start: Start, framework: str | None, application: Application | None) -> None:
    """`python main.py` of what has `if __name__ == "__main__"`, `python -m package` of a package's `__main__.py`."""
    python = start.python
    found: list[tuple[str, str]] = []  # (path, how it is called)
    if application and not application.factory and guarded(python, application.module.path):
        found.append((application.module.path, _call(python, application.module.path)))
    ranked = sorted(python.sources, key=lambda p: (p.count("/"), p))
    for path in ranked:
        inside = python.inside(path)
        if inside.endswith("__main__.py") and python.name(path).count(".") == 1 and start.away_of(path) is None:
            found.append((path, f"-m {python.name(path).removesuffix('.__main__')}"))
    for path in ranked:
        if path.rpartition("/")[2] in _SCRIPTS and guarded(python, path):
            found.append((path, _call(python, path)))
    top = [
        path
        for path in ranked
        if "/" not in python.inside(path) and guarded(python, path) and python.inside(path) != "manage.py"
    ]
    if len(top) == 1:
        found.append((top[0], _call(python, top[0])))
    if not found and start.draft.kind == "command" and start.tree.first(start.draft.path, "Dockerfile") is None:
        beside = [path for path in ranked if "/" not in python.inside(path) and acts(python, path)]
        named = [path for path in beside if python.inside(path) in _SCRIPTS] or beside
        found += [
            (path, _call(python, path)) for path in named[:1] if len(named) == 1 or python.inside(path) in _SCRIPTS
        ]
    for path, call in found:
        start.offer(f"python {call}", path)
        start.draft.offer("entrypoint", call.removeprefix("-m "), path)


def _call(python: Python, path: str) -> str:
    """How a script is run: by its path, or as a module where it imports what is beside it relatively."""
    module = python.module(path, always=True)
    relative = any(isinstance(n, ast.ImportFrom) and n.level for n in (module.nodes if module else ()))
    return f"-m {python.name(path)}" if relative else python.inside(path)


def _console(start: Start) -> None:
    """The only console script of the manifest."""
    for name, evidence in console(start.tree, start.draft.path):
        start.offer(name, evidence)


def console(tree: Tree, folder: str) -> list[tuple[str, str]]:
    """(name, evidence) of the console script of a manifest that has only one."""
    pyproject = tree.toml(tree.first(folder, "pyproject.toml"))
    found: list[tuple[str, str]] = []
    for keys in (("project", "scripts"), ("tool", "poetry", "scripts")):
        scripts = pyproject.table(*keys) if pyproject else {}
        if len(scripts) == 1 and pyproject:
            name = next(iter(scripts))
            found.append((name, pyproject.at(*keys, name)))
    return found


def acts(python: Python, path: str) -> bool:
    """Whether a module does its work as it is run: calls, loops or prints at its top, and nothing here imports it."""
    module = python.module(path, always=True)
    works = (ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.While)
    if not any(
        isinstance(node, works) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call))
        for node in (module.tree.body if module else ())
    ):
        return False
    name = python.name(path)
    others = (python.module(other, always=True) for other in python.sources if other != path)
    return not any(imports(other, name) for other in others if other)


def guarded(python: Python, path: str) -> bool:
    """Whether a module is a script: it has `if __name__ == "__main__":`, or loops at its top."""
    module = python.module(path, always=True)
    return any(is_main_guard(node) or isinstance(node, ast.While) for node in (module.tree.body if module else ()))
