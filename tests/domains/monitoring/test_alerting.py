"""What the rules of alerting leave alone, and where they point; the defects themselves are the guide's."""

import pytest

from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding
from devops_orchestrator.domains.monitoring.alerting import SPECIALIST
from devops_orchestrator.project import read

RULES, CONFIG, PROMETHEUS = "monitoring/rules/a.yml", "monitoring/alertmanager.yml", "monitoring/prometheus.yml"
COMPOSE = """\
services:
  prometheus:
    image: prom/prometheus:v3.5.0
    volumes:
      - ./monitoring/prometheus.yml:/etc/prometheus/prometheus.yml
      - ./monitoring/rules:/etc/prometheus/rules
  alertmanager:
    image: prom/alertmanager:v0.28.1
    volumes: [./monitoring/alertmanager.yml:/etc/alertmanager/alertmanager.yml]
"""
SCRAPES = "scrape_configs:\n  - job_name: shop\n    static_configs:\n      - targets: [shop:8000]\n"
SENDS = "alerting:\n  alertmanagers:\n    - static_configs:\n        - targets: ['alertmanager:9093']\n"
LOADS = "rule_files: [rules/*.yml]\n"
RECEIVERS = "receivers:\n  - name: team\n    webhook_configs:\n      - url: http://hook:8080/\n  - name: page\n    webhook_configs:\n      - url: http://hook:8080/\n"


def found(files: dict[str, str]) -> list[Finding]:
    project = read(Repository.of(files))
    return [f for s in sources((SPECIALIST,), project) for f in room_findings(SPECIALIST, s, project)]


def ids(files: dict[str, str]) -> list[str]:
    return sorted(finding.rule.removeprefix("alerting/") for finding in found(files))


def alert(
    expr: str = "up == 0", more: str = "", summary: str = "down", severity: str = "critical", name: str = "A"
) -> str:
    return (
        f"groups:\n  - name: g\n    rules:\n      - alert: {name}\n        expr: |-\n          {expr}\n        for: 5m\n{more}"
        f"        labels:\n          severity: {severity}\n        annotations:\n          summary: '{summary}'\n"
    )


@pytest.mark.parametrize(
    "summary",
    [
        "{{ $labels.instance }}", "{{ $value | humanizePercentage }}", "{{ $externalLabels.cluster }}", "$labels.job is text",
        "{{ with query \"up\" }}{{ . | first | label \"x\" }}{{ end }}",
    ],
)  # fmt: skip
def test_a_message_that_says_what_there_is(summary: str) -> None:
    assert ids({RULES: alert(summary=summary)}) == []


@pytest.mark.parametrize(
    ("expr", "label"),
    [
        ("sum by (job) (rate(a[5m])) > 1", "job"),
        ("sum without (pod) (rate(a[5m])) > 1", "anything"),
        ('absent(up{job="shop"})', "job"),
        ("label_replace(sum(a), \"team\", \"x\", \"\", \"\") > 0", "team"),
        ("sum by (job) (a) * on (job) group_left (version) b > 1", "version"),
        ("ALERTS{alertstate=\"firing\"} == 1", "alertname"),
    ],
)  # fmt: skip
def test_labels_that_the_result_may_have(expr: str, label: str) -> None:
    assert "label-dropped" not in ids({RULES: alert(expr, summary=f"{{{{ $labels.{label} }}}}")})


def test_labels_of_the_rule_itself_are_not_in_the_message() -> None:
    [finding] = found({RULES: alert(summary="{{ $labels.severity }}")})
    assert finding.rule == "alerting/label-dropped"
    assert "comes from the rule" in finding.message.en


def test_a_prometheus_rule_is_read_like_a_file() -> None:
    spec = "\n".join("  " + line for line in alert("sum(a) > 1", summary="{{ $labels.pod }}").splitlines())
    text = f"apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata:\n  name: a\nspec:\n{spec}\n"
    assert ids({"k8s/rule.yaml": text}) == ["label-dropped"]


@pytest.mark.parametrize(
    "expr",
    [
        "increase(errors_total[1h]) > 0", "changes(a[15m]) > 3", "time() - a > 300", "vector(1)", "absent(up)",
        "certificate_expiry_seconds < 86400", "node_md_state == 1",
    ],
)  # fmt: skip
def test_what_needs_no_for(expr: str) -> None:
    assert ids({RULES: alert(expr).replace("        for: 5m\n", "")}) == []


def test_routes_that_are_asked() -> None:
    routes = (
        "route:\n  receiver: team\n  routes:\n    - receiver: page\n      matchers: [severity=\"critical\"]\n      continue: true\n"
        "    - receiver: team\n      matchers: [severity=\"critical\", team=\"a\"]\n    - receiver: page\n      match_re: {severity: 'crit.*|warning'}\n"
    )  # fmt: skip
    assert ids({CONFIG: routes + RECEIVERS}) == []


def test_a_pattern_hides_its_values() -> None:
    routes = (
        "route:\n  receiver: team\n  routes:\n    - receiver: team\n      matchers: [severity=~\"critical|warning\"]\n"
        "    - receiver: page\n      matchers: [severity=\"critical\"]\n"
    )  # fmt: skip
    [finding] = found({CONFIG: routes + RECEIVERS})
    assert (finding.rule, finding.line, finding.related[0].line) == ("alerting/shadowed-route", 6, 4)


def test_a_silent_receiver_says_so() -> None:
    for name in ("'null'", "blackhole", "empty-receiver", "devnull"):
        config = f"route:\n  receiver: {name}\nreceivers:\n  - name: {name}\n"
        assert ids({CONFIG: config}) == [], name


@pytest.mark.parametrize(
    "value",
    [
        "<webhook>", "https://hooks.slack.com/services/<id>", "${SLACK_URL}", "https://hooks.slack.com/services/XXXX/XXXX/XXXX",
        "https://api.eu.opsgenie.com/", "url",
    ],
)  # fmt: skip
def test_what_is_no_secret(value: str) -> None:
    slack = f"route:\n  receiver: a\nreceivers:\n  - name: a\n    slack_configs:\n      - channel: x\n        api_url: '{value}'\n"
    assert ids({CONFIG: slack}) == []


def test_a_secret_is_never_shown() -> None:
    secret = "https://hooks.slack.com/services/T0AB/B0CD/s3cr3t9value"
    [finding] = found(
        {CONFIG: f"route:\n  receiver: a\nreceivers:\n  - name: a\n    slack_configs:\n      - api_url: {secret}\n"}
    )
    assert "s3cr3t9value" not in f"{finding.message}{finding.why}"


def test_another_sender_may_have_other_alerts() -> None:
    route = "route:\n  receiver: team\n  routes:\n    - receiver: page\n      matchers: [severity=\"page\"]\n"  # fmt: skip
    files = {CONFIG: route + RECEIVERS, RULES: alert(), PROMETHEUS: LOADS + SENDS + SCRAPES}
    assert ids(files) == []  # nobody says that this Alertmanager belongs to that Prometheus
    assert ids({**files, "compose.yaml": COMPOSE}) == ["matches-no-alert"]
    second = COMPOSE + "  thanos-prometheus:\n    image: quay.io/prometheus/prometheus:v3.5.0\n"
    assert ids({**files, "compose.yaml": second}) == []
    assert ids({**files, "compose.yaml": COMPOSE, "monitoring/loki/rules.yml": alert("rate({a=\"b\"}[5m]) > 1")}) == []  # fmt: skip


def test_alerts_that_are_not_loaded_need_no_alertmanager() -> None:
    assert ids({PROMETHEUS: SCRAPES, RULES: alert()}) == []
    assert (
        ids(
            {
                PROMETHEUS: LOADS + SCRAPES,
                RULES: "groups:\n  - name: g\n    rules:\n      - record: a:b:c\n        expr: up\n",
            }
        )
        == []
    )
    sd = "alerting:\n  alertmanagers:\n    - dns_sd_configs:\n        - names: [alertmanager]\n"
    assert ids({PROMETHEUS: LOADS + sd + SCRAPES, RULES: alert()}) == []


def test_an_alertmanager_of_elsewhere() -> None:
    for target in ("alerts.example.com:9093", "10.0.0.2:9093", "alertmanager:9093"):
        config = LOADS + SENDS.replace("alertmanager:9093", target) + SCRAPES
        assert (
            ids(
                {
                    PROMETHEUS: config,
                    RULES: alert(),
                    "compose.yaml": COMPOSE,
                    CONFIG: "route:\n  receiver: team\n" + RECEIVERS.partition("  - name: page")[0],
                }
            )
            == []
        ), target
    on_host = COMPOSE.replace("v3.5.0\n", "v3.5.0\n    network_mode: host\n")
    config = LOADS + SENDS.replace("alertmanager:9093", "localhost:9093") + SCRAPES
    assert ids({PROMETHEUS: config, RULES: alert(), "compose.yaml": on_host}) == []


def test_the_default_and_the_named_configuration_are_read() -> None:
    config = "route:\n  receiver: team\n" + RECEIVERS.partition("  - name: page")[0]
    named = COMPOSE.replace(
        "/etc/alertmanager/alertmanager.yml]", "/etc/am.yml]\n    command: ['--config.file=/etc/am.yml']"
    )
    assert ids({CONFIG: config, "compose.yaml": COMPOSE}) == []
    assert ids({CONFIG: config, "compose.yaml": named}) == []
    variable = named.replace("=/etc/am.yml", "=${FILE}")
    assert ids({CONFIG: config, "compose.yaml": variable}) == []


def test_grouped_labels() -> None:
    text = "    webhook_configs:\n      - url: http://hook/\n        title: '{{ .GroupLabels.job }}'\n"
    config = f"route:\n  receiver: a\n  group_by: [alertname]\n  routes:\n    - receiver: a\n      group_by: [job]\nreceivers:\n  - name: a\n{text}"
    assert ids({CONFIG: config}) == []
    assert ids({CONFIG: config.replace("[job]", "['...']")}) == []
    assert ids({CONFIG: config.replace("[job]", "[pod]")}) == ["label-not-grouped"]


def test_templates_of_alertmanager_and_of_the_file() -> None:
    text = "route:\n  receiver: a\nreceivers:\n  - name: a\n    slack_configs:\n      - channel: x\n        title: '{{ template \"%s\" . }}'\n"
    assert ids({CONFIG: text % "slack.default.title"}) == []
    assert ids({CONFIG: text % "__subject"}) == []
    assert ids({CONFIG: text % "mine"}) == ["unknown-template"]
    assert ids({CONFIG: "templates: [/etc/x/*.tmpl]\n" + text % "mine"}) == []  # the files are elsewhere
