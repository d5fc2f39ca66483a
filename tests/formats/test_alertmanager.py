"""Alertmanager's configuration as views."""

from devops_orchestrator.formats import alertmanager

TEXT = """\
route:
  receiver: default
  group_by: [alertname, job]
  routes:
    - match: {severity: critical}
      match_re: {service: "a|b"}
      continue: true
    - matchers:
        - severity = "warning"
        - '{team=~"web|api", env!="dev"}'
      group_by: [team]
      receiver: team
receivers:
  - name: default
  - name: team
    slack_configs:
      - channel: "#x"
inhibit_rules:
  - source_matchers: [severity="critical"]
    target_match: {severity: warning}
    equal: [alertname]
"""


def test_routes_and_matchers() -> None:
    config = alertmanager.config(TEXT)
    assert config
    assert config.route
    first, second = config.route.routes
    assert [m.key for m in first.matchers] == [("severity", "=", "critical"), ("service", "=~", "a|b")]
    assert (first.receiver, first.grouped, first.goes_on) == ("default", ("alertname", "job"), True)
    assert [m.key for m in second.matchers] == [
        ("severity", "=", "warning"),
        ("team", "=~", "web|api"),
        ("env", "!=", "dev"),
    ]
    assert (second.receiver, second.grouped, second.goes_on) == ("team", ("team",), False)
    assert [r.notifies for r in config.receivers] == [False, True]
    [inhibition] = config.inhibitions
    assert [m.key for m in (*inhibition.source, *inhibition.target)] == [
        ("severity", "=", "critical"),
        ("severity", "=", "warning"),
    ]


def test_what_matchers_accept() -> None:
    config = alertmanager.config(TEXT)
    assert config
    assert config.route
    team, env = config.route.routes[1].matchers[1:]
    assert team.accepts("api")
    assert not team.accepts("apis")
    assert env.accepts("")
    assert not env.accepts("dev")
