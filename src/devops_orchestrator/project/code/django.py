"""Django: settings, URL configurations with their includes, WSGI and ASGI modules."""

from __future__ import annotations

import ast

from devops_orchestrator.project.code.facts import Route, normal
from devops_orchestrator.project.code.python import Module, Python, called, keyword
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.services import of_url

_ENGINES = {
    "postgresql": "postgresql",
    "postgresql_psycopg2": "postgresql",
    "postgis": "postgresql",
    "mysql": "mysql",
    "sqlite3": None,
}


def give(draft: Draft, python: Python) -> list[Route]:
    """Put what the settings say into the draft; the routes of the root URL configuration."""
    settings = [
        module
        for module in python.modules
        if "INSTALLED_APPS" in module.constants or "ROOT_URLCONF" in module.constants
    ]
    settings += [
        m
        for m in python.modules
        if m not in settings and "settings" in m.name.split(".") and "DATABASES" in m.constants
    ]
    for module in settings:
        _settings(draft, python, module)
    urlconf = next((name for m in settings if (name := python.string(m, m.constants.get("ROOT_URLCONF")))), None)
    root = python.named(urlconf) if urlconf else None
    return list(_routes(python, root, "", 0)) if root else []


def _settings(draft: Draft, python: Python, module: Module) -> None:
    for name, trait in (("WSGI_APPLICATION", "wsgi"), ("ASGI_APPLICATION", "asgi")):
        value = python.string(module, module.constants.get(name))
        if value:
            draft.trait(trait, ":".join(value.rsplit(".", 1)), module.at(module.constants[name]))
    if module.name.rpartition(".")[2] not in ("test", "testing", "tests", "ci"):
        draft.trait("settings", module.name, f"{module.path}:1")
    if "STATIC_ROOT" in module.constants:
        draft.trait(
            "static_root",
            _folder(python, module, module.constants["STATIC_ROOT"]) or "staticfiles",
            module.at(module.constants["STATIC_ROOT"]),
        )
    databases = module.constants.get("DATABASES")
    for node in ast.walk(databases) if databases is not None else ():
        text = python.string(module, node) if isinstance(node, ast.Constant) else None
        if (text and text.startswith("django.db.backends.")) or (
            text and text.startswith("django.contrib.gis.db.backends.")
        ):
            engine = text.rpartition(".")[2]
            service = _ENGINES.get(engine)
            if service:
                draft.add("services", service, module.at(node))
        elif (service := of_url(text)) is not None:
            draft.add("services", service, module.at(node))


def _folder(python: Python, module: Module, node: ast.expr) -> str | None:
    """The folder's name at the end of `BASE_DIR / "staticfiles"` or `os.path.join(BASE_DIR, "staticfiles")`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return python.string(module, node.right)
    if isinstance(node, ast.Call) and called(node) in ("join", "path", "root", "Path", "str"):
        return _folder(python, module, node.args[-1]) if node.args else None
    return python.string(module, node)


def _routes(python: Python, module: Module, prefix: str, depth: int) -> list[Route]:
    found: list[Route] = []
    for node in module.calls():
        name = called(node)
        if name not in ("path", "re_path", "url") or not node.args:
            continue
        pattern = python.string(module, node.args[0])
        if pattern is None:
            continue
        if name != "path":
            pattern = pattern.removeprefix("^").removesuffix("$").removesuffix("/?").replace("\\.", ".")
            if set(pattern) & set("()[]?+*|\\"):
                continue
        view = node.args[1] if len(node.args) > 1 else keyword(node, "view")
        if isinstance(view, ast.Call) and called(view) == "include":
            target = view.args[0] if view.args else None
            text = python.string(module, target.elts[0] if isinstance(target, ast.Tuple) and target.elts else target)
            below = python.named(text) if text else None
            if text == "health_check.urls":
                found.append(Route(normal(prefix, pattern), module.at(node), "ANY"))
            if below and depth < 8:
                found += _routes(python, below, prefix + pattern, depth + 1)
        else:
            found.append(Route(normal(prefix + pattern), module.at(node), "ANY"))
    return found


def start(draft: Draft, python: Python, port: int) -> None:
    """The start command: the WSGI or ASGI module by the server that is a dependency."""
    wsgi, asgi = draft.traits.get("wsgi"), draft.traits.get("asgi")
    for name, word in (("wsgi", "get_wsgi_application"), ("asgi", "get_asgi_application")):
        for module in python.modules:
            if module.name.rpartition(".")[2] == name and "application" in module.constants and word in module.imports:
                draft.trait(name, f"{module.name}:application", module.at(module.constants["application"]))
    wsgi, asgi = draft.traits.get("wsgi"), draft.traits.get("asgi")
    manager = draft.get("package_manager")
    run = f"{manager} run " if manager in ("uv", "poetry", "pdm", "pipenv") else ""
    if asgi and draft.depends_on("daphne") and draft.traits.get("asgi"):
        draft.offer("start", f"{run}daphne -b 0.0.0.0 -p {port} {asgi}", draft.evidence("asgi") or "")
    if wsgi and draft.depends_on("gunicorn"):
        draft.offer("start", f"{run}gunicorn {wsgi} --bind 0.0.0.0:{port}", draft.evidence("wsgi") or "")
    if asgi and draft.depends_on("uvicorn"):
        draft.offer("start", f"{run}uvicorn {asgi} --host 0.0.0.0 --port {port}", draft.evidence("asgi") or "")
    manage = next((m.path for m in python.modules if m.name == "manage"), None)
    if manage:
        draft.offer("start", f"{run}python manage.py runserver 0.0.0.0:{port}", manage)
    if wsgi:
        draft.offer("entrypoint", wsgi, draft.evidence("wsgi") or "")
    if asgi:
        draft.offer("entrypoint", asgi, draft.evidence("asgi") or "")
    middleware = [m for m in python.modules if "MIDDLEWARE" in m.constants]
    for module in middleware:
        for node in ast.walk(module.constants["MIDDLEWARE"]):
            if isinstance(node, ast.Constant) and node.value == "whitenoise.middleware.WhiteNoiseMiddleware":
                draft.trait("whitenoise", "true", module.at(node))
