"""From Python code to facts: framework, kind, application object, start command, port, health, metrics, migrations."""

from __future__ import annotations

from devops_orchestrator.project import images
from devops_orchestrator.project.code import (
    django,
    facts,
    python_environment,
    python_metrics,
    python_paths,
    python_ports,
    python_processes,
    python_services,
    python_start,
    python_tests,
)
from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_applications import WSGI, Application
from devops_orchestrator.project.code.python_module import called
from devops_orchestrator.project.code.python_said import Said, console_scripts, image_file, said
from devops_orchestrator.project.code.python_web import Web
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context

# In the order in which they serve: an application that has two serves with the first.
_FRAMEWORKS = (
    "django", "fastapi", "litestar", "starlite", "connexion", "flask", "quart", "sanic", "falcon", "pyramid", "blacksheep", "robyn", "starlette",
    "streamlit", "dash", "gradio", "bottle", "aiohttp", "tornado", "faststream", "celery",
)  # fmt: skip
_WORKERS = ("celery", "rq", "dramatiq", "arq", "huey", "taskiq", "faststream")
_SERVERS = (
    "gunicorn",
    "waitress",
    "granian",
    "uvicorn",
    "hypercorn",
)  # in the order in which a start command takes them
# These packages are used by themselves, without an application object: it is enough that the code imports them.
_IMPORTED = ("streamlit", "gradio")


def give_code(draft: Draft, context: Context, places: dict[str, str]) -> None:
    """Everything that the component's modules say."""
    python = Python(context.tree, draft.path, draft.files)
    web = Web(python)
    dockerfile = image_file(draft, context)
    framework = _framework(draft, web, python, places)
    seen = facts.Seen(reads=python_environment.reads(python))
    if framework == "django":
        seen.routes = django.give(draft, python)
    elif framework not in (*_WORKERS, None):
        seen.routes = web.routes
    facts.give(draft, seen)
    python_services.give(draft, python)
    if dockerfile:
        draft.trait("dockerfile", dockerfile)
    _image_command(draft, context, dockerfile)
    commands = said(draft, context, dockerfile)
    python_start.from_said(draft, commands, console_scripts(draft, context), development=False)
    application = _application(web, framework, commands)
    if application:
        draft.offer("entrypoint", application.target, application.evidence)
    _kind(draft, web, python, framework)
    _port(draft, context, python, framework, commands, dockerfile)
    python_metrics.give(draft, python, web.routes if framework != "django" else [])
    _migrate(draft, python, commands)
    made = python_start.Start(draft, context.tree, python, draft.get("port"))
    if framework == "django":
        django.start(made)
    python_start.derive(made, framework, application)
    python_start.from_said(draft, commands, set(), development=True)
    _worker(draft, python, web, commands)
    python_processes.give(draft, python, web.applications, commands)
    python_paths.give(draft, python, application)
    _health_of_framework(draft, framework)
    python_tests.give(draft, python, framework)


def _image_command(draft: Draft, context: Context, dockerfile: str | None) -> None:
    """The command of the image, before the port is settled."""
    probe = Draft(draft.path, draft.ecosystem)
    images.from_dockerfile(probe, context.tree, dockerfile)
    found = probe.traits.get("image_command")
    if found:
        draft.trait("image_command", found, probe.evidence("image_command") or "")


def _framework(draft: Draft, web: Web, python: Python, places: dict[str, str]) -> str | None:
    made = web.makers.made
    for name in _FRAMEWORKS:
        runtime = name in draft.dependencies and name not in draft.dev_dependencies
        imported = name in _IMPORTED and any(python_start.imports(module, name) for module in python.modules)
        if runtime and (name in made or imported or (name == "django" and _is_django(python))):
            draft.offer("framework", name, places.get(name, ""))
    for application in web.applications:
        draft.offer("framework", application.framework, application.evidence)
    for name in _FRAMEWORKS:
        if name in made and not web.applications:
            draft.offer("framework", name, made[name])
    for name in _IMPORTED:
        script = next((m for m in python.modules if python_start.imports(m, name)), None)
        if script and not draft.dependencies:
            draft.offer("framework", name, f"{script.path}:1")
    if django.manager(python) and draft.get("framework") is None and not draft.dependencies:
        draft.offer("framework", "django", django.manager(python) or "")
    for name in _WORKERS[1:]:
        runtime = name in draft.dependencies and name not in draft.dev_dependencies
        if runtime and any(python_start.imports(module, name) for module in python.modules):
            draft.offer("framework", name, places.get(name, ""))
    found = draft.get("framework")
    return str(found) if found else None


def _is_django(python: Python) -> bool:
    return django.manager(python) is not None or any("INSTALLED_APPS" in module.constants for module in python.modules)


def _application(web: Web, framework: str | None, commands: list[Said]) -> Application | None:
    """The application that is served: the one that a command names, else the first of the framework."""
    mine = [a for a in web.applications if a.framework == framework]
    words = {word.strip("'\"") for one in commands if one.serves for word in one.words}
    named = next((a for a in mine if {a.target, a.target.removesuffix("()")} & words), None)
    return named or next(iter(mine), None)


def _kind(draft: Draft, web: Web, python: Python, framework: str | None) -> None:
    ports = python_ports.of_code(python)
    if framework in _WORKERS:
        draft.kind = "worker"
    elif framework == "django":
        draft.kind = "service" if _is_django(python) else "library"
    elif framework in _IMPORTED or framework in web.makers.made or (ports and framework):
        draft.kind = "service"
    elif any(
        python.name(path).endswith("__main__")
        or path.rpartition("/")[2] in ("main.py", "worker.py", "app.py", "run.py", "bot.py", "server.py")
        or (
            "/" not in python.inside(path)
            and python.inside(path) != "setup.py"
            and (python_start.guarded(python, path) or python_start.acts(python, path))
        )
        for path in python.sources
    ):
        draft.kind = "service" if ports else "worker" if _loops(python) else "command"
    else:
        draft.kind = "command" if draft.scripts or python_start.console(python.tree, draft.path) else "library"


def _loops(python: Python) -> bool:
    """Whether a script runs for ever: `while True`, a scheduler, a consumer."""
    import ast

    for path in python.sources:
        if path.rpartition("/")[2] in (
            "__main__.py",
            "main.py",
            "worker.py",
            "app.py",
            "run.py",
            "consumer.py",
            "bot.py",
            "scheduler.py",
        ):
            module = python.module(path, always=True)
            for node in module.nodes if module else ():
                if isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and node.test.value:
                    return True
                if isinstance(node, ast.Call) and called(node) in (
                    "run_forever", "start_consuming", "run_worker", "BlockingScheduler", "start_polling", "run_polling", "infinity_polling",
                ):  # fmt: skip
                    return True
    return False


def _port(
    draft: Draft, context: Context, python: Python, framework: str | None, commands: list[Said], dockerfile: str | None
) -> None:
    """The port: of the command that starts it, the server's files, the code, the image, settings, then a default."""
    serving = [one for one in commands if one.serves or one.runs_django]
    start = draft.get("start")
    own = [one for one in serving if not one.development]
    for one in sorted(own, key=lambda one: one.text != start):
        python_ports.offer(draft, python_ports.of_command(one, draft, context))
    code = python_ports.of_code(python)
    server = own[0].words[0] if own else None
    scripts = [port for port in code if port.script] if server else []
    for port in code:
        if port not in scripts:
            python_ports.offer(draft, (port.value, port.evidence))
    for found in python_ports.of_files(context.tree, draft.path):
        python_ports.offer(draft, found)
    _image(draft, context, dockerfile)
    for port in scripts:
        python_ports.offer(draft, (port.value, port.evidence))
    for one in serving:
        if one.development:
            python_ports.offer(draft, python_ports.of_command(one, draft, context))
    if framework and framework not in _WORKERS:
        for value, evidence in python_ports.of_settings(python):
            python_ports.offer(draft, (Value(value.port, value.variable), evidence))
    if draft.kind != "service":
        return
    default = python_ports.FRAMEWORKS.get(framework or "")
    if server in python_ports.DEFAULTS:
        default = python_ports.DEFAULTS[server]
    elif framework in (*WSGI, "quart"):
        made = next((name for name in _SERVERS if python_start.depends(draft, name)), None)
        default = python_ports.DEFAULTS["waitress-serve" if made == "waitress" else made] if made else default
    elif framework == "aiohttp" and any(called(n) == "run_app" for m in python.modules for n in m.calls()):
        default = (8080, "the default port of aiohttp's run_app")
    if default:
        draft.offer("port", default[0], convention(default[1]))


def _image(draft: Draft, context: Context, dockerfile: str | None) -> None:
    """Port and health route of the image. Its command is known already."""
    images.from_dockerfile(draft, context.tree, dockerfile)


def _migrate(draft: Draft, python: Python, commands: list[Said]) -> None:
    inside = draft.path if draft.path != "." else ""
    ini = next(
        iter(
            sorted((p for p in draft.files if p.rpartition("/")[2] == "alembic.ini"), key=lambda p: (p.count("/"), p))
        ),
        None,
    )
    if ini and draft.depends_on("alembic", "flask-migrate") and not _flask_migrate(draft, python):
        folder = ini.rpartition("/")[0]
        name = python.inside(ini)
        text = "alembic upgrade head" if folder == inside else f"alembic -c {name} upgrade head"
        draft.offer("migrate", command(draft, text), ini)
    elif draft.depends_on("flask-migrate"):
        draft.offer("migrate", command(draft, "flask db upgrade"), draft.place("flask-migrate"))
    elif draft.depends_on("aerich"):
        draft.offer("migrate", command(draft, "aerich upgrade"), draft.place("aerich"))
    manage = django.manager(python)
    if draft.get("framework") == "django" and manage:
        draft.offer("migrate", command(draft, f"python {python.inside(manage)} migrate --noinput"), manage)
    for one in commands:
        if "alembic" in one.words[:1] and "upgrade" in one.words:
            draft.offer("migrate", one.text, one.evidence)


def _flask_migrate(draft: Draft, python: Python) -> bool:
    """Whether Flask-Migrate's folder is there: an `env.py` that asks the running application for its database."""
    return bool(draft.depends_on("flask-migrate")) and any(path.endswith("migrations/env.py") for path in python.paths)


def command(draft: Draft, text: str) -> str:
    """A command in the environment of the package manager."""
    return python_tests.command(draft, text)


def _worker(draft: Draft, python: Python, web: Web, commands: list[Said]) -> None:
    """The start command of a component that is a worker alone: its first consumer."""
    if draft.kind != "worker" or draft.get("start"):
        return
    named = next((one for one in draft.processes.values() if one.kind == "worker"), None)  # of the Procfile
    if named:
        del draft.processes[named.name]
        draft.offer("start", named.command, named.evidence)
    for said_ in commands:
        if said_.kind == "worker":
            draft.offer("start", said_.text, said_.evidence)
    for _, kind, text, evidence in python_processes.defined(draft, python, web.applications):
        if kind == "worker":
            draft.offer("start", text, evidence)


def _health_of_framework(draft: Draft, framework: str | None) -> None:
    """The health route that a framework serves by itself."""
    if framework == "streamlit" and draft.kind == "service":
        draft.offer("health", "/_stcore/health", convention("Streamlit's health route"))
