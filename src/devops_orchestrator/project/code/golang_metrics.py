"""Where a Go program serves its Prometheus metrics."""

from __future__ import annotations

import re

from devops_orchestrator.project.code.golang_nodes import callee, literal
from devops_orchestrator.project.code.golang_routes import prefix
from devops_orchestrator.project.code.golang_web import Web
from devops_orchestrator.project.code.syntax import children


def metrics(web: Web) -> tuple[str, str] | None:
    """(path, evidence) of the route that serves Prometheus metrics, or None."""
    packages = {path for source in web.values.sources for path in web.code.imported(source)}
    served = any(
        re.search(
            r"client_golang/prometheus/promhttp|echo-contrib/(echo)?prometheus|fiberprometheus|go-gin-prometheus|VictoriaMetrics/metrics",
            p,
        )
        for p in packages
    )
    if not served:
        return None
    for name in ("RegisterAt",):
        for source, call in web.values.calls.get(name, []):
            text = next((found for one in children(call.field("arguments")) if (found := literal(one))), None)
            if text and text.startswith("/"):
                return text, source.at(call)
    for route in sorted(web.routes, key=lambda one: not one.path.endswith("metrics")):
        if route.method in ("GET", "ANY") and re.fullmatch(r"/(?:[\w-]+/)*(?:metrics|prometheus)/?", route.path):
            return route.path, route.evidence
    return _chained(web) or _default(web, packages)


def _chained(web: Web) -> tuple[str, str] | None:
    """A route of another name whose handler is `promhttp`'s."""
    for source, call in web.values.nodes("call_expression"):
        function = call.field("function")
        if function is None or function.kind() != "selector_expression" or "promhttp." not in call.text():
            continue
        if (
            callee(call) in ("Handle", "HandleFunc", "GET", "Get", "Any", "Mount")
            and "promhttp." not in function.text()
        ):
            first = next(children(call.field("arguments")), None)
            text = web.values.value(source, first).constant
            if isinstance(text, str) and re.fullmatch(r"(GET )?/.*[\w}]", text):
                return prefix(web.values, source, function.field("operand")) + text.rpartition(" ")[2], source.at(call)
        chained = re.search(r'\.Path\("([^"]+)"\)', function.text())
        if chained:
            return chained[1], source.at(call)
    return None


def _default(web: Web, packages: set[str]) -> tuple[str, str] | None:
    """`prometheus.NewPrometheus("gin").Use(router)`: both libraries serve `/metrics` unless told otherwise."""
    if not any(re.search(r"echo-contrib/prometheus|go-gin-prometheus", one) for one in packages):
        return None
    for source, call in web.values.calls.get("NewPrometheus", []):
        return "/metrics", source.at(call)
    return None
