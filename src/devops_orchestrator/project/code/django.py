"""Django: settings, URL configurations with their includes, WSGI and ASGI modules."""

from __future__ import annotations

import ast

from devops_orchestrator.project.code.facts import Route, normal
from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_module import Module, called, dotted, keyword
from devops_orchestrator.project.code.python_paths import folder
from devops_orchestrator.project.code.python_start import Start, depends, gunicorn
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.services import of_url

_TESTING = ("test", "testing", "tests", "ci")
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
    return _named_list(draft, python, root, "urlpatterns", "", 0) if root else []


def _settings(draft: Draft, python: Python, module: Module) -> None:
    for name, trait in (("WSGI_APPLICATION", "wsgi"), ("ASGI_APPLICATION", "asgi")):
        value = python.string(module, module.constants.get(name))
        if value and python.named(value.rpartition(".")[0]):
            draft.trait(trait, ":".join(value.rsplit(".", 1)), module.at(module.constants[name]))
    if module.name.rpartition(".")[2] not in _TESTING:
        draft.trait("settings", module.name, f"{module.path}:1")
    if "STATIC_ROOT" in module.constants:
        draft.trait(
            "static_root",
            folder(python, module, module.constants["STATIC_ROOT"])
            or _folder(python, module, module.constants["STATIC_ROOT"])
            or "staticfiles",
            module.at(module.constants["STATIC_ROOT"]),
        )
    if module.name.rpartition(".")[2] not in _TESTING:
        _caches(draft, module)
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


# What a cache or channel layer is kept in.
_BACKENDS = {
    "django_redis.cache.RedisCache": "redis", "django.core.cache.backends.redis.RedisCache": "redis", "redis_cache.RedisCache": "redis",
    "django.core.cache.backends.memcached.PyMemcacheCache": "memcached", "django.core.cache.backends.memcached.PyLibMCCache": "memcached",
    "django.core.cache.backends.memcached.MemcachedCache": "memcached", "channels_redis.core.RedisChannelLayer": "redis",
    "django_redis_cache.RedisCache": "redis",
}  # fmt: skip


def _caches(draft: Draft, module: Module) -> None:
    for name in ("CACHES", "CHANNEL_LAYERS"):
        said = module.constants.get(name)
        for node in ast.walk(said) if said is not None else ():
            if isinstance(node, ast.Constant) and node.value in _BACKENDS:
                draft.add("services", _BACKENDS[node.value], module.at(node))


def _folder(python: Python, module: Module, node: ast.expr) -> str | None:
    """The folder's name at the end of `BASE_DIR / "staticfiles"` or `os.path.join(BASE_DIR, "staticfiles")`."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
        return python.string(module, node.right)
    if isinstance(node, ast.Call) and called(node) in ("join", "path", "root", "Path", "str"):
        return _folder(python, module, node.args[-1]) if node.args else None
    return python.string(module, node)


_HEALTH_URLS = {"health_check.urls": "", "watchman.urls": "", "health_checker.urls": "", "django_healthchecks.urls": ""}
_HEALTH_VIEWS = ("HealthCheckView", "MainView")


def _routes(draft: Draft, python: Python, module: Module, node: ast.AST | None, prefix: str, depth: int) -> list[Route]:
    """The routes of a list of patterns: names, sums, `include` of modules, lists and tuples, `i18n_patterns`."""
    found: list[Route] = []
    if node is None or depth > 12:
        return found
    if isinstance(node, ast.List | ast.Tuple):
        for entry in node.elts:
            found += _routes(draft, python, module, entry, prefix, depth + 1)
    elif isinstance(node, ast.Starred):
        found += _routes(draft, python, module, node.value, prefix, depth + 1)
    elif isinstance(node, ast.BinOp):
        found += _routes(draft, python, module, node.left, prefix, depth + 1)
        found += _routes(draft, python, module, node.right, prefix, depth + 1)
    elif isinstance(node, ast.Call):
        found += _pattern(draft, python, module, node, prefix, depth)
    elif name := dotted(node):
        place = python.resolve(module, name)
        if place and (place[0] is not module or place[1] in module.constants):
            found += _named_list(draft, python, place[0], place[1], prefix, depth)
    return found


def _named_list(draft: Draft, python: Python, module: Module, name: str, prefix: str, depth: int) -> list[Route]:
    """A list of patterns by its name: all that is assigned, added or appended to it in its module."""
    found: list[Route] = []
    for node in module.nodes:
        value: ast.AST | None = None
        if (isinstance(node, ast.Assign) and any(dotted(target) == name for target in node.targets)) or (
            isinstance(node, ast.AnnAssign | ast.AugAssign) and dotted(node.target) == name
        ):
            value = node.value
        elif (
            called(node) in ("append", "extend", "insert")
            and dotted(getattr(node, "func", None)) == f"{name}.{called(node)}"
        ):
            value = node.args[-1] if isinstance(node, ast.Call) and node.args else None
        if value is not None and dotted(value) != name:
            found += _routes(draft, python, module, value, prefix, depth + 1)
    return found


def _pattern(draft: Draft, python: Python, module: Module, node: ast.Call, prefix: str, depth: int) -> list[Route]:
    name = called(node)
    if name in ("i18n_patterns", "tuple", "list", "decorator_include", "format_suffix_patterns"):
        return [
            route
            for argument in node.args
            for route in _routes(draft, python, module, argument, "" if name != "i18n_patterns" else prefix, depth + 1)
            if name != "i18n_patterns"  # its routes carry the language before them
        ]
    if name not in ("path", "re_path", "url", "decorated_re_path") or not node.args:
        return []
    pattern = python.string(module, node.args[0])
    if pattern is None:
        return []
    if name != "path":
        pattern = pattern.removeprefix("^").removesuffix("$").removesuffix("/?").replace("\\.", ".")
        if set(pattern) & set("()[]?+*|\\"):
            return []
    view = node.args[1] if len(node.args) > 1 else keyword(node, "view")
    if isinstance(view, ast.Call) and called(view) == "include":
        return _included(draft, python, module, node, view, prefix + pattern, depth)
    if _is_health_view(view):
        draft.offer("health", normal(prefix + pattern), module.at(node))
    return [Route(normal(prefix + pattern), module.at(node), "ANY")]


def _included(
    draft: Draft, python: Python, module: Module, node: ast.Call, view: ast.Call, prefix: str, depth: int,
) -> list[Route]:  # fmt: skip
    target = view.args[0] if view.args else None
    if isinstance(target, ast.Tuple) and target.elts:
        target = target.elts[0]
    text = python.string(module, target)
    if text in _HEALTH_URLS:
        draft.offer("health", normal(prefix), module.at(node))
        return []
    below = python.named(text) if text else None
    if below is None and text is None and target is not None:
        place = python.resolve(module, dotted(target)) if dotted(target) else None
        below = python.named(f"{place[0].name}.{place[1]}") if place else None
        if below is None:
            return _routes(draft, python, module, target, prefix, depth + 1)
    return _named_list(draft, python, below, "urlpatterns", prefix, depth + 1) if below and depth < 10 else []


def _is_health_view(view: ast.AST | None) -> bool:
    """django-health-check's `HealthCheckView.as_view(…)`."""
    name = dotted(view.func) if isinstance(view, ast.Call) else dotted(view)
    return name.removesuffix(".as_view").rpartition(".")[2] in _HEALTH_VIEWS[:1]


def start(made: Start) -> None:
    """Offer the WSGI or ASGI module by the server that is a dependency; Django's own server where there is none."""
    draft, python = made.draft, made.python
    for name, word in (("wsgi", "get_wsgi_application"), ("asgi", "get_asgi_application")):
        for module in python.modules:
            if module.name.rpartition(".")[2] == name and "application" in module.constants and word in module.imports:
                draft.trait(name, f"{module.name}:application", module.at(module.constants["application"]))
    wsgi, asgi = draft.traits.get("wsgi"), draft.traits.get("asgi")
    where = _away(made, wsgi or asgi)
    said_wsgi, said_asgi = draft.evidence("wsgi") or "", draft.evidence("asgi") or ""
    if asgi and depends(draft, "daphne"):
        made.offer(f"daphne -b 0.0.0.0 -p {made.port} {asgi}", said_asgi)
    if wsgi and depends(draft, "gunicorn"):
        if any(
            path.rpartition("/")[2] in ("gunicorn.conf.py", "gunicorn.py", "gunicorn_config.py") for path in draft.files
        ):
            made.offer(gunicorn(made, wsgi, where), said_wsgi)
        else:
            chdir = f" --chdir {where}" if where else ""
            made.offer(f"gunicorn {wsgi} --bind 0.0.0.0:{made.port}{chdir}", said_wsgi)
    if asgi and depends(draft, "uvicorn"):
        option = f" --app-dir {where}" if where else ""
        made.offer(f"uvicorn {asgi} --host 0.0.0.0 --port {made.port}{option}", said_asgi)
    if depends(draft, "granian") and (asgi or wsgi):
        option = f" --working-dir {where}" if where else ""
        kind, target, place = ("asgi", asgi, said_asgi) if asgi else ("wsgi", wsgi, said_wsgi)
        made.offer(f"granian --interface {kind} {target} --host 0.0.0.0 --port {made.port}{option}", place)
    if wsgi and depends(draft, "waitress"):
        made.offer(f"waitress-serve --port={made.port} {wsgi}", said_wsgi)
    manage = manager(python)
    if manage:
        made.offer(f"python {python.inside(manage)} runserver 0.0.0.0:{made.port}", manage)
    if wsgi:
        draft.offer("entrypoint", wsgi, said_wsgi)
    if asgi:
        draft.offer("entrypoint", asgi, said_asgi)
    for module in [m for m in python.modules if "MIDDLEWARE" in m.constants]:
        for node in ast.walk(module.constants["MIDDLEWARE"]):
            if isinstance(node, ast.Constant) and node.value == "whitenoise.middleware.WhiteNoiseMiddleware":
                draft.trait("whitenoise", "true", module.at(node))


def _away(made: Start, target: str | None) -> str | None:
    """The folder from which `config.wsgi` is imported, None where that is the component's."""
    found = made.python.named(target.partition(":")[0]) if target else None
    return made.away(found) if found else None


def manager(python: Python) -> str | None:
    """The path of `manage.py`, the nearest to the component's folder."""
    found = [path for path in python.paths if path.rpartition("/")[2] == "manage.py"]
    return min(found, key=lambda path: (path.count("/"), path)) if found else None
