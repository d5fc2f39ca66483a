"""From Python code to facts: framework, application object, start command, port, health, metrics, migrations, tests."""

from __future__ import annotations

import ast

from devops_orchestrator.project import images
from devops_orchestrator.project.code import django, facts, python_environment
from devops_orchestrator.project.code.python import Python, called, dotted, is_test, keyword
from devops_orchestrator.project.code.python_web import Application, Web
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context
from devops_orchestrator.project.services import PYTHON
from devops_orchestrator.project.tree import join

_PORTS = {
    "fastapi": (8000, "Uvicorn's default port"), "starlette": (8000, "Uvicorn's default port"), "litestar": (8000, "Uvicorn's default port"),
    "django": (8000, "Django's and Gunicorn's default port"), "flask": (5000, "Flask's default port"), "quart": (5000, "Quart's default port"),
    "streamlit": (8501, "Streamlit's default port"), "gradio": (7860, "Gradio's default port"), "sanic": (8000, "Sanic's default port"),
    "dash": (8050, "Dash's default port"), "bottle": (8080, "Bottle's default port"),
}  # fmt: skip
_FRAMEWORKS = (
    "django",
    "fastapi",
    "litestar",
    "flask",
    "quart",
    "sanic",
    "starlette",
    "streamlit",
    "gradio",
    "dash",
    "bottle",
    "aiohttp",
    "tornado",
    "celery",
)
_METRICS = {
    "prometheus-fastapi-instrumentator": ("prometheus_fastapi_instrumentator", "/metrics"), "starlette-exporter": ("starlette_exporter", "/metrics"),
    "prometheus-flask-exporter": ("prometheus_flask_exporter", "/metrics"), "django-prometheus": ("django_prometheus", "/metrics"),
    "prometheus-client": ("python_client", "/metrics"),
}  # fmt: skip

_MAX_TESTS = 60  # what so many tests do not reach, the others seldom do


def is_test_file(path: str) -> bool:
    """Whether a file of the component is a Python test."""
    return path.endswith(".py") and is_test(path) and not path.endswith(("conftest.py", "__init__.py"))


def give_code(draft: Draft, context: Context, places: dict[str, str]) -> None:
    """Everything that the component's modules say."""
    python = Python(context.tree, draft.path, draft.files)
    web = Web(python)
    framework = _framework(draft, web, places)
    application = next((a for a in web.applications if a.framework == framework), None)
    seen = facts.Seen(ports=web.ports, reads=python_environment.reads(python))
    if framework == "django":
        seen.routes = django.give(draft, python)
    elif framework not in ("celery", None):
        seen.routes = web.routes
    if application:
        draft.offer("entrypoint", application.target, application.evidence)
    facts.give(draft, seen)
    images.from_dockerfile(
        draft, context.tree, images.dockerfile_of(context.tree, draft.path, alone=len(context.folders) == 1)
    )
    _kind(draft, web, python, framework)
    if framework in _PORTS and draft.kind == "service":
        port, why = _PORTS[framework]
        if framework in ("flask", "quart", "dash") and draft.depends_on("gunicorn", "uvicorn", "hypercorn"):
            port, why = 8000, "Gunicorn's default port"
        draft.offer("port", port, convention(why))
    _metrics(draft, web, python, places)
    _migrate(draft, context, python)
    _start(draft, context, python, framework, application)
    _tests(draft, python, framework)


def _framework(draft: Draft, web: Web, places: dict[str, str]) -> str | None:
    made = {a.framework: a.evidence for a in reversed(web.applications)}
    for name in _FRAMEWORKS:
        if (
            name in draft.dependencies
            and name not in draft.dev_dependencies
            and (name in made or name in ("django", "streamlit", "gradio", "aiohttp", "tornado"))
        ):
            draft.offer("framework", name, places.get(name, ""))
    for name, evidence in made.items():
        draft.offer("framework", name, evidence)
    found = draft.get("framework")
    return str(found) if found else None


def _kind(draft: Draft, web: Web, python: Python, framework: str | None) -> None:
    if framework == "celery":
        draft.kind = "worker"
    elif (
        framework in ("django", "streamlit", "gradio")
        or any(a.framework == framework for a in web.applications)
        or (web.ports and framework)
    ):
        draft.kind = "service"
    elif any(
        python.name(path).endswith("__main__")
        or path.rpartition("/")[2] in ("main.py", "worker.py", "app.py", "run.py")
        for path in python.sources
    ):
        draft.kind = "service" if web.ports else "worker" if _loops(python) else "command"
    else:
        draft.kind = "library"


def _loops(python: Python) -> bool:
    """Whether a main module runs for ever: `while True`, a scheduler, a consumer."""
    for path in python.sources:
        if path.rpartition("/")[2] in ("__main__.py", "main.py", "worker.py", "app.py", "run.py", "consumer.py"):
            module = python.module(path, always=True)
            for node in module.nodes if module else ():
                if isinstance(node, ast.While) and isinstance(node.test, ast.Constant) and node.test.value:
                    return True
                if isinstance(node, ast.Call) and called(node) in (
                    "run_forever",
                    "start_consuming",
                    "run_worker",
                    "BlockingScheduler",
                    "start_polling",
                    "run_polling",
                    "infinity_polling",
                ):
                    return True
    return False


def _metrics(draft: Draft, web: Web, python: Python, places: dict[str, str]) -> None:
    for package, (library, path) in _METRICS.items():
        if package not in draft.dependencies:
            continue
        route = next((r for r in web.routes if r.path.rstrip("/").endswith("/metrics")), None)
        where = None
        for module in python.modules:
            for node in module.calls():
                name = called(node)
                if name in (
                    "expose",
                    "PrometheusMetrics",
                    "GunicornPrometheusMetrics",
                    "make_asgi_app",
                    "make_wsgi_app",
                    "start_http_server",
                    "handle_metrics",
                    "PrometheusMiddleware",
                ):
                    where = where or module.at(node)
                    path = python.string(module, keyword(node, "endpoint", "path")) or path
                if (
                    name in ("include",)
                    and node.args
                    and python.string(module, node.args[0]) == "django_prometheus.urls"
                ):
                    where = module.at(node)
        if route:
            draft.offer("metrics", route.path, route.evidence)
        if where:
            draft.offer("metrics", path, where)
        draft.offer("metrics_library", library, places.get(package, ""))


def _migrate(draft: Draft, context: Context, python: Python) -> None:
    tree = context.tree
    ini = tree.first(draft.path, "alembic.ini", "app/alembic.ini", "src/alembic.ini")
    if ini and draft.depends_on("alembic", "flask-migrate"):
        folder = ini.rpartition("/")[0]
        inside = ini if draft.path == "." else ini.removeprefix(draft.path + "/")
        draft.offer(
            "migrate",
            command(
                draft, "alembic upgrade head" if folder in ("", draft.path) else f"alembic -c {inside} upgrade head"
            ),
            ini,
        )
    elif draft.depends_on("flask-migrate") or draft.depends_on("flask-db"):
        draft.offer("migrate", command(draft, "flask db upgrade"), draft.get("manifest") or "")
    if draft.get("framework") == "django" and tree.has(draft.path, "manage.py"):
        draft.offer("migrate", command(draft, "python manage.py migrate --noinput"), join(draft.path, "manage.py"))


def command(draft: Draft, text: str) -> str:
    """A command in the environment of the package manager."""
    manager = draft.get("package_manager")
    return f"{manager} run {text}" if manager in ("uv", "poetry", "pdm", "pipenv") else text


def _start(
    draft: Draft, context: Context, python: Python, framework: str | None, application: Application | None
) -> None:
    image = draft.traits.get("image_command")
    if image and not image.endswith(".sh"):
        draft.offer("start", image, draft.evidence("image_command") or "")
    port = draft.get("port")
    if framework == "django":
        django.start(draft, python, port or 8000)
    elif application and framework in ("fastapi", "starlette", "litestar", "quart", "sanic"):
        extra = draft.dependencies.get("fastapi", "")
        path = application.module.path if draft.path == "." else application.module.path.removeprefix(draft.path + "/")
        if (
            framework == "fastapi"
            and not application.factory
            and ("[standard]" in extra or "[all]" in extra or draft.depends_on("fastapi-cli"))
        ):
            number = "" if port == 8000 else f" --port {port}"
            draft.offer("start", command(draft, f"fastapi run {path}{number}"), application.evidence)
        target = f"--factory {application.target.removesuffix('()')}" if application.factory else application.target
        if draft.depends_on("uvicorn", "fastapi"):
            draft.offer("start", command(draft, f"uvicorn {target} --host 0.0.0.0 --port {port}"), application.evidence)
        elif draft.depends_on("hypercorn"):
            draft.offer(
                "start", command(draft, f"hypercorn {application.target} --bind 0.0.0.0:{port}"), application.evidence
            )
    elif application and framework in ("flask", "dash", "bottle"):
        _start_wsgi(draft, context, application, port or 8000)
    elif framework == "streamlit":
        main = next(
            (p for p in python.sources if p.rpartition("/")[2] in ("app.py", "main.py", "streamlit_app.py", "Home.py")),
            None,
        )
        inside = main if main is None or draft.path == "." else main.removeprefix(draft.path + "/")
        draft.offer("start", command(draft, f"streamlit run {inside}") if inside else None, main or "")
    elif application and framework == "celery":
        draft.offer("start", command(draft, f"celery -A {application.module.name} worker"), application.evidence)
    _start_script(draft, python)


def _start_wsgi(draft: Draft, context: Context, application: Application, port: int) -> None:
    quoted = f"'{application.target}'" if application.factory else application.target
    if draft.depends_on("gunicorn"):
        config = next(
            (
                p
                for p in draft.files
                if p.rpartition("/")[2] in ("gunicorn.conf.py", "gunicorn.py", "gunicorn_config.py")
            ),
            None,
        )
        if config and config == join(draft.path, "gunicorn.conf.py"):
            bind = ""  # gunicorn reads this file by itself
        elif config:
            inside = config if draft.path == "." else config.removeprefix(draft.path + "/")
            bind = f" -c {inside}"
        else:
            bind = f" --bind 0.0.0.0:{port}"
        draft.offer("start", command(draft, f"gunicorn{bind} {quoted}"), application.evidence)
    elif draft.depends_on("waitress"):
        draft.offer(
            "start",
            command(
                draft,
                f"waitress-serve --port={port} {'--call ' if application.factory else ''}{application.target.removesuffix('()')}",
            ),
            application.evidence,
        )
    elif application.framework == "flask" and not _runs_itself(application):
        draft.offer(
            "start",
            command(draft, f"flask --app {application.module.name} run --host 0.0.0.0 --port {port}"),
            application.evidence,
        )


def _runs_itself(application: Application) -> bool:
    return any(
        called(node) == "run" and dotted(node.func).split(".")[0] == application.variable
        for node in application.module.calls()
    )


def _start_script(draft: Draft, python: Python) -> None:
    """`python main.py` of the module with `if __name__ == "__main__"`, `python -m package` of a `__main__.py`."""
    if draft.kind == "library":
        return
    for path in sorted(python.sources, key=lambda p: (p.count("/"), p)):
        name = path.rpartition("/")[2]
        inside = path if draft.path == "." else path.removeprefix(draft.path + "/")
        if name == "__main__.py" and "/" in inside:
            draft.offer("start", command(draft, f"python -m {python.name(path).removesuffix('.__main__')}"), path)
            draft.offer("entrypoint", python.name(path).removesuffix(".__main__"), path)
        elif name in ("main.py", "app.py", "worker.py", "run.py", "server.py", "bot.py") and _guarded(python, path):
            draft.offer("start", command(draft, f"python {inside}"), path)
            draft.offer("entrypoint", inside, path)


def _guarded(python: Python, path: str) -> bool:
    module = python.module(path, always=True)
    for node in module.tree.body if module else ():
        if isinstance(node, ast.If) and isinstance(node.test, ast.Compare) and dotted(node.test.left) == "__name__":
            return True
        if isinstance(node, ast.While):
            return True
    return False


def _tests(draft: Draft, python: Python, framework: str | None) -> None:
    tests = [path for path in python.tests if is_test_file(path)]
    if framework == "django" and any(python.module(path, always=True) and _has_tests(python, path) for path in tests):
        draft.offer("test", command(draft, "python manage.py test"), tests[0])
    elif draft.get("test") is None and any(_imports(python, path, "unittest") for path in tests):
        draft.offer(
            "test", command(draft, "python -m unittest"), next(p for p in tests if _imports(python, p, "unittest"))
        )
    _test_services(draft, python, framework)


def _has_tests(python: Python, path: str) -> bool:
    module = python.module(path, always=True)
    return any(
        isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.name.startswith("test")
        for n in (module.nodes if module else ())
    )


def _imports(python: Python, path: str, package: str) -> bool:
    module = python.module(path, always=True)
    return any(base.split(".")[0] == package for base, _ in module.imports.values()) if module else False


def _test_services(draft: Draft, python: Python, framework: str | None) -> None:
    """The services that the tests reach: those whose driver the tests import, by themselves or through the code.

    Tests with a database of their own (SQLite in the tests, testcontainers, fakes) need none.
    """
    wanted = dict(draft.many("services"))
    if (
        not wanted
        or not python.tests
        or draft.depends_on("testcontainers", "pytest-docker", "pytest-postgresql", "pytest-mysql")
    ):
        return
    reached: dict[str, str] = {}
    tests = sorted(
        (path for path in python.tests if path.endswith("conftest.py") or is_test_file(path)),
        key=lambda p: (not p.endswith("conftest.py"), p),
    )
    stack = tests[:_MAX_TESTS]
    known: set[str] = set()
    sqlite = False
    while stack and len(known) < 2 * _MAX_TESTS:
        path = stack.pop()
        if path in known:
            continue
        known.add(path)
        module = python.module(path, always=True)
        if module is None:
            continue
        sqlite = sqlite or (
            is_test(path)
            and any(
                isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value.startswith("sqlite")
                for n in module.nodes
            )
        )
        for base, attribute in module.imports.values():
            reached.setdefault(base.split(".")[0], module.path)
            for name in (base, f"{base}.{attribute}"):
                parts = name.split(".")
                stack += [
                    target for end in range(1, len(parts) + 1) if (target := python.names.get(".".join(parts[:end])))
                ]
    fakes = {
        "redis": ("fakeredis",),
        "mongodb": ("mongomock", "mongomock-motor"),
        "elasticsearch": (),
        "kafka": (),
        "rabbitmq": (),
    }
    relational = {"postgresql", "mysql", "mariadb"}
    orm = (
        framework == "django"
        or "sqlalchemy" in reached
        or "sqlmodel" in reached
        or "flask_sqlalchemy" in reached
        or "tortoise" in reached
        or "peewee" in reached
    )
    for service, evidence in wanted.items():
        if draft.depends_on(*fakes.get(service, ())) or (sqlite and service in relational):
            continue
        modules = {package.replace("-", "_") for package, name in PYTHON.items() if name == service}
        direct = next((where for name, where in reached.items() if name in modules), None)
        if direct or (orm and service in relational):
            draft.add("test_services", service, direct or evidence)
