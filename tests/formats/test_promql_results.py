"""The labels and ranges of PromQL results: what holds for every series, and silence elsewhere."""

import pytest

from devops_orchestrator.formats import promql, promql_results


@pytest.mark.parametrize(
    ("expr", "labels"),
    [
        ("up == 0", None),
        ("sum(rate(a[5m]))", set()),
        ("sum by (job, code) (rate(a[5m]))", {"job", "code"}),
        ("sum without (pod) (rate(a[5m]))", None),
        ("topk(3, sum by (job) (a))", {"job"}),
        ("sum by (job) (a) / on (job) group_left (team) sum by (job, team) (b)", {"job", "team"}),
        ("sum by (job, code) (a) / ignoring (code) sum by (job) (b)", {"job"}),
        ("a / on (instance) b", {"instance"}),
        ("a / ignoring (code) sum by (job) (b)", {"job"}),
        ("sum by (job) (a) and on () vector(1)", {"job"}),
        ("sum by (job) (a) or sum by (pod) (b)", {"job", "pod"}),
        ("sum by (job) (a) or b", None),
        ('absent(up{job="shop", env=~"p.*"})', {"job"}),
        ('absent(up{job="shop", job!="x"})', {"job"}),
        ("histogram_quantile(0.9, sum by (le, job) (rate(a_bucket[5m])))", {"job"}),
        ('label_replace(sum(a), "team", "$1", "job", "(.*)")', None),
        ('count_values("version", a)', None),
        ("100 * sum by (job) (a) > 3", {"job"}),
        ("vector(1)", set()),
    ],
)
def test_labels(expr: str, labels: set[str] | None) -> None:
    found = promql_results.labels(promql.parse(expr).tree)
    assert found == (None if labels is None else frozenset(labels))


@pytest.mark.parametrize(
    ("expr", "never"),
    [
        ("up > 1", True),
        ("up >= 1", False),
        ("up == 2", True),
        ("avg by (job) (up) < 0", True),
        ("1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes > 90", True),
        ("(1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes) * 100 > 90", False),
        ('sum(rate(a_total{code=~"5.."}[5m])) / sum(rate(a_total[5m])) > 5', True),
        ('sum(rate(a_total{code=~"5.."}[5m])) / sum(rate(b_total[5m])) > 5', False),
        ('sum(rate(a_total[5m])) / sum(rate(a_total{code=~"5.."}[5m])) > 5', False),
        ('sum(rate(a_total{code=~"5.."}[1m])) / sum(rate(a_total[5m])) > 5', False),
        ("rate(node_cpu_seconds_total[5m]) > 80", True),
        ("rate(container_cpu_usage_seconds_total[5m]) > 80", False),
        ("(node_filesystem_size_bytes - node_filesystem_avail_bytes) / node_filesystem_size_bytes > 80", True),
        ("node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1", False),
        ("up > 1 or absent(up)", False),
        ("up > 1 and on (job) b", True),
        ("b unless up > 1", False),
        ("up > bool 1", False),
        ("rate(a[5m]) < 0", True),
    ],
)
def test_impossible(expr: str, never: bool) -> None:
    assert (promql_results.impossible(promql.parse(expr).tree) is not None) is never


@pytest.mark.parametrize(
    ("expr", "hundred"),
    [
        ("a / b * 100 > 5", True),
        ("100 * a", True),
        ("100 - avg(rate(a[5m])) * 100 > 90", True),
        ("100 - a", False),
        ("a / b > 0.9", False),
        ("avg by (job) (a * 100)", True),
        ("a * 1000", False),
    ],
)
def test_multiplied(expr: str, hundred: bool) -> None:
    assert promql_results.multiplied(promql.parse(expr).tree, 100) is hundred
