"""The Prometheus endpoint of a Python application: which library serves it, and at which path."""

from __future__ import annotations

import ast

from devops_orchestrator.project.code.facts import Route
from devops_orchestrator.project.code.python import Python
from devops_orchestrator.project.code.python_module import Module, called, dotted, keyword
from devops_orchestrator.project.draft import Draft

# The distribution → its key in facts/exporters.json, and what of it serves the metrics, imported from which package.
_LIBRARIES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("prometheus-fastapi-instrumentator", "prometheus_fastapi_instrumentator", "prometheus_fastapi_instrumentator", ("expose",)),
    ("starlette-exporter", "starlette_exporter", "starlette_exporter", ("handle_metrics", "handle_openmetrics")),
    ("prometheus-flask-exporter", "prometheus_flask_exporter", "prometheus_flask_exporter",
     ("PrometheusMetrics", "GunicornPrometheusMetrics", "GunicornInternalPrometheusMetrics", "UWsgiPrometheusMetrics", "RESTfulPrometheusMetrics")),
    ("django-prometheus", "django_prometheus", "django_prometheus", ()),
    ("prometheus-client", "python_client", "prometheus_client", ("make_asgi_app", "make_wsgi_app", "start_http_server", "generate_latest")),
)  # fmt: skip


def give(draft: Draft, python: Python, routes: list[Route]) -> None:
    """Offer the endpoint and the library, where the code really serves metrics."""
    route = next((r for r in routes if r.path.rstrip("/").rpartition("/")[2] == "metrics"), None)
    for package, library, module_name, names in _LIBRARIES:
        if package not in draft.dependencies:
            continue
        path, where = _served(python, library, module_name, names)
        if (where and path is None and route) or (route and library == "python_client"):
            path, where = route.path, route.evidence
        if where and path:
            draft.offer("metrics", path, where)
        draft.offer("metrics_library", library, draft.place(package))


def _served(python: Python, library: str, package: str, names: tuple[str, ...]) -> tuple[str | None, str | None]:
    """(path, place) of what serves the metrics; the path is None where only the routes say it."""
    for module in python.modules:
        for node in module.calls():
            if library == "django_prometheus" and called(node) == "include" and node.args:
                if python.string(module, node.args[0]) == "django_prometheus.urls":
                    return _django(python, module, node), module.at(node)
                continue
            if called(node) not in names:
                continue
            if not (_from(module, node, package) or called(node) == "expose"):
                continue
            said = python.string(module, keyword(node, "endpoint", "path"))
            if called(node) == "generate_latest":
                return None, module.at(node)
            if called(node) in ("make_asgi_app", "make_wsgi_app"):
                return _mounted(python, module, node), module.at(node)
            return said or "/metrics", module.at(node)
        if library == "starlette_exporter" and any(
            attribute == "handle_metrics" for _, attribute in module.imports.values()
        ):
            for node in module.calls():
                if any(
                    getattr(part, "id", "") == "handle_metrics"
                    for part in [*node.args, *(k.value for k in node.keywords)]
                ):
                    text = python.string(module, node.args[0]) if node.args else None
                    return text or "/metrics", module.at(node)
    return None, None


def _from(module: Module, node: ast.Call, package: str) -> bool:
    head = dotted(node.func).split(".")[0]
    return module.imports.get(head, ("", None))[0].split(".")[0] == package


def _mounted(python: Python, module: Module, maker: ast.Call) -> str:
    """Where `make_asgi_app()` is mounted: `app.mount("/metrics", metrics_app)`; `/metrics` where that is not said."""
    names = {
        target.id
        for node in module.nodes
        if isinstance(node, ast.Assign) and node.value is maker
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in module.nodes:
        if isinstance(node, ast.Call) and called(node) in ("mount", "Mount") and node.args:
            given = [*node.args[1:], *(word.value for word in node.keywords)]
            if any(part is maker or getattr(part, "id", "") in names for part in given):
                return python.string(module, node.args[0]) or "/metrics"
        elif isinstance(node, ast.Dict):  # DispatcherMiddleware(app, {"/metrics": make_wsgi_app()})
            for key, value in zip(node.keys, node.values, strict=True):
                if (value is maker or getattr(value, "id", "") in names) and (text := python.string(module, key)):
                    return text
    return "/metrics"


def _django(python: Python, module: Module, include: ast.Call) -> str:
    """The prefix of `path("prometheus/", include("django_prometheus.urls"))` before its `metrics`."""
    for node in module.calls():
        if include in node.args and node.args[0] is not include:
            prefix = (python.string(module, node.args[0]) or "").removeprefix("^").strip("/")
            return f"/{prefix}/metrics" if prefix else "/metrics"
    return "/metrics"
