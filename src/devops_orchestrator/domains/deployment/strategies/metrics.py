"""Which query says that a version is bad, on the metric names that the application's library really exports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from devops_orchestrator.core import facts

STATUS_LABELS = ("status", "status_code", "code", "http_response_status_code", "http_status_code")


@dataclass(frozen=True)
class Signals:
    """The series of one library: a request counter with its status label, and a duration.

    `requests` is the counter's full name (a histogram's `_count` where the library has no counter), `errors` the
    matcher that picks failures, `duration` the histogram's base name or None, `seconds` what divides it into seconds.
    """

    requests: str
    errors: str
    duration: str | None
    seconds: int = 1
    buckets: bool = True
    note: str = ""


# library (facts/exporters.json) → its request counter, its latency. A test compares every name with the facts.
SIGNALS: Mapping[str, Signals] = {
    "prometheus_fastapi_instrumentator": Signals(
        "http_requests_total", 'status="5xx"', "http_request_duration_highr_seconds",
        note="the instrumentator groups the status codes",
    ),
    "starlette_exporter": Signals("starlette_requests_total", 'status_code=~"5.."', "starlette_request_duration_seconds"),
    "prometheus_flask_exporter": Signals("flask_http_request_total", 'status=~"5.."', "flask_http_request_duration_seconds"),
    "django_prometheus": Signals(
        "django_http_responses_total_by_status_total", 'status=~"5.."',
        "django_http_requests_latency_including_middlewares_seconds",
    ),
    "opentelemetry_python_http_stable": Signals(
        "http_server_request_duration_seconds_count", 'http_response_status_code=~"5.."', "http_server_request_duration_seconds"
    ),
    "opentelemetry_python_http_old": Signals(
        "http_server_duration_milliseconds_count", 'http_status_code=~"5.."', "http_server_duration_milliseconds", 1000,
        note="the old semantic conventions count in milliseconds",
    ),
    "opentelemetry_node_http": Signals(
        "http_server_request_duration_count", 'http_response_status_code=~"5.."', "http_server_request_duration",
        note="the JavaScript exporter adds no unit to the name: these are seconds",
    ),
    "otel_http_semconv_prometheus": Signals(
        "http_server_request_duration_seconds_count", 'http_response_status_code=~"5.."', "http_server_request_duration_seconds"
    ),
    "aspnetcore_opentelemetry": Signals(
        "http_server_request_duration_seconds_count", 'http_response_status_code=~"5.."', "http_server_request_duration_seconds"
    ),
    "express_prom_bundle": Signals("http_request_duration_seconds_count", 'status_code=~"5.."', "http_request_duration_seconds"),
    "fastify_metrics": Signals("http_request_duration_seconds_count", 'status_code=~"5.."', "http_request_duration_seconds"),
    "micrometer_spring_boot": Signals(
        "http_server_requests_seconds_count", 'status=~"5.."', "http_server_requests_seconds", buckets=False,
        note="Micrometer exports no buckets unless percentiles-histogram is set: this is the mean, not the 95th percentile",
    ),
    "prometheus_net_dotnet": Signals("http_requests_received_total", 'code=~"5.."', "http_request_duration_seconds"),
    "ruby_client_rack": Signals("http_server_requests_total", 'code=~"5.."', "http_server_request_duration_seconds"),
}  # fmt: skip


def exported(library: str) -> dict[str, dict[str, Any]]:
    """Every series name of a library (with `_count`, `_sum`, `_bucket`) → its entry in the facts."""
    found: dict[str, dict[str, Any]] = {}
    for metric in facts.load("exporters")["exporters"].get(library, {}).get("metrics", ()):
        for name in series(metric["name"], metric["type"]):
            found[name] = metric
    return found


def series(name: str, kind: str) -> tuple[str, ...]:
    """The series that a metric of a type is scraped as."""
    if "histogram" in kind or "summary" in kind:
        return (name, f"{name}_count", f"{name}_sum", f"{name}_bucket")
    return (name,)


def of(library: str | None) -> Signals | None:
    """The signals of a library; None where it exports no HTTP metric by itself."""
    return SIGNALS.get(library or "")


def error_ratio(signals: Signals, selector: str) -> str:
    """PromQL: the share of failed requests (0..1). No failure at all is 0; no request at all is NaN or no data."""
    bad = f"{signals.requests}{{{selector}, {signals.errors}}}"
    return f"(sum(rate({bad}[2m])) or vector(0))\n/\nsum(rate({signals.requests}{{{selector}}}[2m]))"


def latency(signals: Signals, selector: str) -> str | None:
    """PromQL: the 95th percentile in seconds, or the mean where the library has no buckets."""
    if signals.duration is None:
        return None
    scale = f"\n/ {signals.seconds}" if signals.seconds != 1 else ""
    if not signals.buckets:
        return (
            f"sum(rate({signals.duration}_sum{{{selector}}}[2m]))\n/\n"
            f"sum(rate({signals.duration}_count{{{selector}}}[2m])){scale}"
        )
    return f"histogram_quantile(0.95, sum by (le) (rate({signals.duration}_bucket{{{selector}}}[2m]))){scale}"
