"""Rate, errors, duration: which metrics each library really exports for HTTP requests, and the rules over them.

Names, labels and types are those of `facts/exporters.json`; a test holds this table against it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from devops_orchestrator.text import Text

QUANTILES = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99))


@dataclass(frozen=True)
class Red:
    """The request metrics of one library.

    `requests` is a counter (`…_total`, or the `_count` of a histogram or summary), `errors` the matcher of its failed
    requests as (label, operator, value), `duration` the base name of the histogram or summary. `route` is the label
    that names the handler, None where there is none; `detail` the histogram for quantiles where it is another one.
    """

    library: str
    requests: str
    errors: tuple[str, str, str]
    duration: str
    route: str | None
    success: str  # a value of the error label for a request that went well: for the unit tests
    failure: str
    excluded: tuple[str, ...] = ()  # values of `route` that are no user traffic, besides the metrics and health paths
    pattern: str = ""  # RE2 that covers more of them than their exact values
    by_path: bool = True  # whether `route` holds URL paths
    detail: str | None = None
    scale: float = 1.0  # units of `duration` in one second
    histogram: bool = True
    missing: Text | None = None  # what must be turned on for quantiles
    source: str = ""  # `file:line` where the application's own code defines them


def _otel(library: str, duration: str, status: str, route: str | None, scale: float = 1.0) -> Red:
    return Red(library, f"{duration}_count", (status, "=~", "5.."), duration, route, "200", "500", scale=scale)


MODELS: Mapping[str, Red] = {
    model.library: model
    for model in (
        Red(
            "prometheus_fastapi_instrumentator", "http_requests_total", ("status", "=", "5xx"),
            "http_request_duration_seconds", "handler", "2xx", "5xx", detail="http_request_duration_highr_seconds",
        ),
        Red(
            "starlette_exporter", "starlette_requests_total", ("status_code", "=~", "5.."),
            "starlette_request_duration_seconds", "path", "200", "500",
        ),
        Red(
            "prometheus_flask_exporter", "flask_http_request_duration_seconds_count", ("status", "=~", "5.."),
            "flask_http_request_duration_seconds", "path", "200", "500",
        ),
        Red(
            "django_prometheus", "django_http_responses_total_by_status_view_method_total", ("status", "=~", "5.."),
            "django_http_requests_latency_seconds_by_view_method", "view", "200", "500",
            excluded=("prometheus-django-metrics",), by_path=False,
        ),
        _otel("opentelemetry_python_http_stable", "http_server_request_duration_seconds", "http_response_status_code", "http_route"),
        _otel("opentelemetry_python_http_old", "http_server_duration_milliseconds", "http_status_code", "http_target", 1000.0),
        _otel("opentelemetry_node_http", "http_server_request_duration", "http_response_status_code", None),
        _otel("otel_http_semconv_prometheus", "http_server_request_duration_seconds", "http_response_status_code", "http_route"),
        _otel("aspnetcore_opentelemetry", "http_server_request_duration_seconds", "http_response_status_code", "http_route"),
        # Path is a label of this library only where it is configured so: nothing here relies on it.
        Red(
            "express_prom_bundle", "http_request_duration_seconds_count", ("status_code", "=~", "5.."),
            "http_request_duration_seconds", None, "200", "500",
        ),
        Red(
            "fastify_metrics", "http_request_duration_seconds_count", ("status_code", "=~", "5.."),
            "http_request_duration_seconds", "route", "200", "500",
        ),
        Red(
            "micrometer_spring_boot", "http_server_requests_seconds_count", ("outcome", "=", "SERVER_ERROR"),
            "http_server_requests_seconds", "uri", "SUCCESS", "SERVER_ERROR", histogram=False,
            excluded=("/actuator/prometheus",), pattern="/actuator/.*",
            missing=Text(
                "Micrometer sends quantile buckets only when asked: set management.metrics.distribution.percentiles-histogram.http.server.requests=true, "
                "deploy, and run this again for the quantile rules.",
                "Micrometer n'envoie les classes d'histogramme que sur demande : ajoutez management.metrics.distribution.percentiles-histogram.http.server.requests=true, "
                "déployez, puis relancez cette commande pour obtenir les règles de quantiles.",
            ),
        ),
        Red(
            "prometheus_net_dotnet", "http_requests_received_total", ("code", "=~", "5.."),
            "http_request_duration_seconds", "endpoint", "200", "500",
        ),
        Red(
            "ruby_client_rack", "http_server_requests_total", ("code", "=~", "5.."),
            "http_server_request_duration_seconds", "path", "200", "500",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One recording rule; `comment` goes above it."""

    record: str
    expr: str
    comment: str = ""


@dataclass(frozen=True)
class Scope:
    """What a component's rules are about: its job, the labels kept (`namespace` too in a cluster), paths left out."""

    job: str
    others: tuple[str, ...] = ()  # further jobs that scrape the same application
    keep: tuple[str, ...] = ("job",)
    namespace: str | None = None
    probes: tuple[str, ...] = ()  # metrics and health paths: no user traffic
    window: str = "5m"

    @property
    def level(self) -> str:
        return "_".join(self.keep)

    @property
    def matchers(self) -> tuple[tuple[str, str, str], ...]:
        return (("job", "=~" if self.others else "=", "|".join((self.job, *self.others))),)


def stem(metric: str) -> str:
    """A metric's name in the name of a record: `rate` strips `_total` off a counter; what a histogram counts is requests."""
    counted = re.fullmatch(r"(\w+?)(?:_duration(?:_seconds|_milliseconds)?|s_seconds)_count", metric)
    return f"{counted[1]}s" if counted else metric.removesuffix("_total")


def excluded(model: Red, scope: Scope) -> tuple[str, ...]:
    """The values of the route label that are no user traffic."""
    if model.route is None:
        return ()
    return tuple(dict.fromkeys((*model.excluded, *(scope.probes if model.by_path else ()))))


def selector(metric: str, *matchers: tuple[str, str, str]) -> str:
    """`metric{a="b"}`."""
    inner = ", ".join(f'{name}{op}"{value}"' for name, op, value in matchers)
    return f"{metric}{{{inner}}}" if inner else metric


def _traffic(model: Red, scope: Scope) -> tuple[tuple[str, str, str], ...]:
    left_out = excluded(model, scope)
    if not left_out:
        return scope.matchers
    exact = [_regex(value) for value in left_out if not (model.pattern and re.fullmatch(model.pattern, value))]
    return (*scope.matchers, (model.route or "", "!~", "|".join(([model.pattern] if model.pattern else []) + exact)))


def _regex(value: str) -> str:
    """A literal inside an RE2 expression inside a PromQL string: a dot must stay a dot."""
    return "".join("\\\\" + char if char in ".+*?()[]{}^$|" else char for char in value)


def records(model: Red, scope: Scope) -> Iterator[Record]:
    """The recording rules of a component, in the order in which they build on each other."""
    traffic = _traffic(model, scope)
    keep, level, window = ", ".join(scope.keep), scope.level, scope.window
    name = stem(model.requests)
    total = f"{level}:{name}:rate{window}"
    left_out = excluded(model, scope)
    note = f"Requests per second{', ' + ' and '.join(left_out) + ' left out' if left_out else ''}."
    if model.route:
        per_route = f"{level}_{model.route}:{name}:rate{window}"
        counted = f"rate({selector(model.requests, *traffic)}[{window}])"
        yield Record(per_route, f"sum by ({keep}, {model.route}) ({counted})", note)
        yield Record(total, f"sum by ({keep}) ({per_route}{{{_job(scope)}}})")
    else:
        yield Record(total, f"sum by ({keep}) (rate({selector(model.requests, *traffic)}[{window}]))", note)
    errors = f"{level}:{name}_errors:rate{window}"
    failed = f"rate({selector(model.requests, *traffic, model.errors)}[{window}])"
    yield Record(
        errors,
        f"sum by ({keep}) ({failed})\nor\n{total}{{{_job(scope)}}} * 0",
        "Failed requests per second; 0, not nothing, while no request has failed yet.",
    )
    yield Record(
        f"{level}:{name}_errors:ratio_rate{window}",
        f"{errors}{{{_job(scope)}}} / ({total}{{{_job(scope)}}} > 0)",
        "Share of failed requests, 0..1; no value without traffic.",
    )
    yield from _durations(model, scope, traffic)


def _durations(model: Red, scope: Scope, traffic: tuple[tuple[str, str, str], ...]) -> Iterator[Record]:
    keep, level, window = ", ".join(scope.keep), scope.level, scope.window
    by = f"{keep}, {model.route}" if model.route else keep
    mean_level = f"{level}_{model.route}" if model.route else level
    sums = f"sum by ({by}) (rate({selector(model.duration + '_sum', *traffic)}[{window}]))"
    counts = f"sum by ({by}) (rate({selector(model.duration + '_count', *traffic)}[{window}]))"
    unit = "milliseconds" if model.scale == 1000.0 else "seconds"
    yield Record(
        f"{mean_level}:{model.duration}:mean{window}",
        f"{sums}\n/\n({counts} > 0)",
        f"Mean duration in {unit}{' of each ' + model.route if model.route else ''}.",
    )
    if not model.histogram:
        return
    histogram = model.detail or model.duration
    matchers = scope.matchers if model.detail else traffic
    buckets = f"{level}_le:{histogram}_bucket:rate{window}"
    yield Record(
        buckets,
        f"sum by ({keep}, le) (rate({selector(histogram + '_bucket', *matchers)}[{window}]))",
        f"Buckets of all instances added up before the quantile: quantiles cannot be averaged.{_detail(model)}",
    )
    for short, quantile in QUANTILES:
        yield Record(
            f"{level}:{histogram}:{short}_rate{window}",
            f"histogram_quantile({quantile:g}, {buckets}{{{_job(scope)}}})",
        )


def _detail(model: Red) -> str:
    if model.detail is None:
        return ""
    return f"\nThis histogram has fine buckets and no labels; {model.duration} has labels and only a few buckets."


def _job(scope: Scope) -> str:
    return ", ".join(f'{name}{op}"{value}"' for name, op, value in scope.matchers)
