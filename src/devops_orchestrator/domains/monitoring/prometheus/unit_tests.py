"""Unit tests of the recording rules, for `promtool test rules`: series as the library sends them, values worked out here.

The traffic: 100 requests a second to one route, 10 of them failing; 50 answer within 0.1 s, 90 within 0.5 s, all within
1 s. Probes ask a thousand times a second and must not count.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.domains.monitoring.prometheus.red import QUANTILES, Record, Red, Scope, excluded, stem

ROUTE = "/orders"
OK, FAILED, PROBES = 90, 10, 1000  # requests per second
OK_SUM, FAILED_SUM = 15, 10  # seconds spent per second: 0.25 s a request
BUCKETS = ((0.1, 50, 0), (0.5, 90, 0), (1.0, 90, 10), (None, 90, 10))  # bound, successes, failures below it
EXPECTED = {"p50": 0.1, "p95": 0.75, "p99": 0.95}


@dataclass(frozen=True)
class Series:
    """An input series: `rate` is its increase per second."""

    series: str
    rate: int

    def values(self, samples: int) -> str:
        """promtool's notation, one sample a minute."""
        return f"0+{self.rate * 60}x{samples}"


@dataclass(frozen=True)
class Sample:
    """What an expression must give: `labels` and `value`."""

    expr: str
    labels: str
    value: float


def series(model: Red, scope: Scope, *, failures: bool = True) -> Iterator[Series]:
    """The input series of a component's rules; without failures, only those of the counter."""
    label = model.errors[0]
    for status, rate, spent in ((model.success, OK, OK_SUM), (model.failure, FAILED, FAILED_SUM)):
        if status == model.failure and not failures:
            continue
        labels = _labels(model, scope, ROUTE, (label, status))
        yield Series(f"{model.requests}{labels}", rate)
        if failures and model.requests == f"{model.duration}_count":
            yield Series(f"{model.duration}_sum{labels}", round(spent * model.scale))
            if model.histogram:
                yield from _buckets(model.duration, model, scope, labels, failed=status == model.failure)
    for value in excluded(model, scope):
        yield Series(f"{model.requests}{_labels(model, scope, value, (label, model.success))}", PROBES)
    if failures and model.requests != f"{model.duration}_count":
        yield from _apart(model, scope)


def _apart(model: Red, scope: Scope) -> Iterator[Series]:
    """The durations of a library that counts requests in a metric of its own."""
    labels = _labels(model, scope, ROUTE)
    yield Series(f"{model.duration}_sum{labels}", round((OK_SUM + FAILED_SUM) * model.scale))
    yield Series(f"{model.duration}_count{labels}", OK + FAILED)
    histogram = model.detail or model.duration
    below = _labels(model, scope, None) if model.detail else labels
    yield from _buckets(histogram, model, scope, below, failed=None)


def _buckets(histogram: str, model: Red, scope: Scope, labels: str, *, failed: bool | None) -> Iterator[Series]:
    for bound, ok, bad in BUCKETS:
        rate = ok + bad if failed is None else bad if failed else ok
        le = "+Inf" if bound is None else f"{bound * model.scale:g}"
        yield Series(f'{histogram}_bucket{labels[:-1]}, le="{le}"}}', rate)


def _labels(model: Red, scope: Scope, route: str | None, *more: tuple[str, str]) -> str:
    """The label set of a series, in braces."""
    pairs = _kept(scope)
    if model.route and route is not None:
        pairs.append((model.route, route))
    return "{" + ", ".join(f'{name}="{value}"' for name, value in (*pairs, *more)) + "}"


def _kept(scope: Scope) -> list[tuple[str, str]]:
    values = {"job": scope.job, "namespace": scope.namespace or "default"}
    return [(name, values[name]) for name in scope.keep]


def samples(model: Red, scope: Scope, records: list[Record], *, failures: bool = True) -> Iterator[Sample]:
    """What each record must hold; without failures, only that the share of errors is 0."""
    name = stem(model.requests)
    level, window = scope.level, scope.window
    bad = FAILED if failures else 0
    values: dict[str, float] = {
        f"{level}:{name}:rate{window}": OK + bad,
        f"{level}:{name}_errors:rate{window}": bad,
        f"{level}:{name}_errors:ratio_rate{window}": bad / (OK + bad),
    }
    if not failures:
        yield from (_sample(model, scope, record, value) for record, value in list(values.items())[1:])
        return
    routed = f"{level}_{model.route}" if model.route else level
    values[f"{routed}:{name}:rate{window}"] = OK + bad
    values[f"{routed}:{model.duration}:mean{window}"] = (OK_SUM + FAILED_SUM) * model.scale / (OK + FAILED)
    histogram = model.detail or model.duration
    for short, _ in QUANTILES:
        values[f"{level}:{histogram}:{short}_rate{window}"] = EXPECTED[short] * model.scale
    for record in records:
        if record.record in values:
            yield _sample(model, scope, record.record, values[record.record])


def _sample(model: Red, scope: Scope, record: str, value: float) -> Sample:
    level = record.split(":")[0]
    route = ROUTE if model.route and level == f"{scope.level}_{model.route}" else None
    return Sample(record, f"{record}{_labels(model, scope, route)}", value)
