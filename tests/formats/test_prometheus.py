"""Views over Prometheus' files, and what an expression reads."""

import pytest

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import prometheus, promql

CONFIG = """global:
  scrape_interval: 30s
rule_files:
  - rules/*.yml
scrape_configs:
  - job_name: a
    static_configs:
      - targets: ['db:9187', "http://[::1]:8080/x", plain]
  - job_name: b
    scrape_interval: 5s
    kubernetes_sd_configs:
      - role: pod
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("15s", 15),
        ("1m30s", 90),
        ("500ms", 0.5),
        ("1d", 86400),
        ("0", 0),
        ("", None),
        ("5", None),
        ("soon", None),
        (None, None),
    ],
)
def test_durations(text: object, expected: float | None) -> None:
    assert prometheus.seconds(text) == expected


def test_jobs_and_targets() -> None:
    config = prometheus.config(CONFIG)
    assert config
    first, second = config.jobs
    assert (first.name, first.interval, first.path, first.discovers) == ("a", "30s", "/metrics", False)
    assert (second.interval, second.discovers, second.targets) == ("5s", True, ())
    assert [(t.host, t.port) for t in first.targets] == [("db", 9187), ("::1", 8080), ("plain", None)]
    target = first.targets[0].node
    assert CONFIG[target.start : target.end] == "'db:9187'"
    assert config.evaluation_interval == "1m"


def test_an_empty_file_is_no_configuration() -> None:
    assert prometheus.config("# nothing\n") is None
    assert prometheus.groups("") == []


def test_groups_of_a_rule_file_and_of_a_custom_resource() -> None:
    rules = "groups:\n  - name: g\n    rules:\n      - record: a:b:c\n        expr: sum(up)\n        labels: {x: y}\n"
    [group] = prometheus.groups(rules)
    assert [(r.record, r.alert, r.expr, r.labels) for r in group.rules] == [("a:b:c", None, "sum(up)", {"x": "y"})]
    custom = "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\nspec:\n"
    custom += "".join(f"  {line}\n" for line in rules.splitlines())
    assert [g.name for g in prometheus.groups(custom)] == ["g"]


def test_what_an_expression_reads() -> None:
    text = 'histogram_quantile(0.9, sum by (le, job) (rate(x_bucket{job="a", code!~"5.."}[5m])))'
    [selector] = promql.parse(text).selectors
    assert (selector.metric, selector.window, selector.inner) == ("x_bucket", 300, "rate")
    assert selector.functions == ("histogram_quantile", "sum", "rate")
    assert selector.around[1].labels == ("le", "job")
    assert selector.labels == {"job", "code"}
    assert [(m.op, m.value) for m in selector.matchers] == [("=", "a"), ("!~", "5..")]


def test_joins_and_subqueries() -> None:
    assert promql.parse("a * on (pod) group_left (node) b").writes_labels
    assert not promql.parse("a / on (pod) b").writes_labels
    assert promql.parse('label_replace(a, "x", "$1", "y", "(.*)")').writes_labels
    [selector] = promql.parse("rate(sum(a)[5m:])").selectors
    assert selector.functions == ("rate", "subquery", "sum")
    assert promql.parse('{__name__="a"}').metrics() == {"a"}


def test_what_is_no_promql_is_told() -> None:
    with pytest.raises(ParseError):
        promql.parse("sum(")
    assert promql.try_parse("rate(a[$__rate_interval])") is None
