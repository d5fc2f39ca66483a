"""The metrics of the API and of the worker."""

from prometheus_client import Counter, Gauge, Histogram

ORDERS_CREATED = Counter("orders_created_total", "Orders accepted.", ["channel"])
REQUEST_SECONDS = Histogram(
    "orders_http_request_duration_seconds",
    "Duration of HTTP requests.",
    ["method", "route", "status"],
)
CONFIRMATIONS = Counter("orders_confirmations_total", "Confirmations handled.", ["outcome"])
EXPORT_AGE = Gauge(
    "orders_export_last_success_timestamp_seconds", "When the last export ended well."
)
