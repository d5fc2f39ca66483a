"""What the rules of logging leave alone, and where they point; the defects themselves are the guide's."""

import pytest

from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding
from devops_orchestrator.domains.monitoring.logging import SPECIALIST
from devops_orchestrator.project import read

PROMTAIL = """\
positions: {filename: /run/promtail/p.yml}
clients:
  - url: http://loki:3100/loki/api/v1/push
scrape_configs:
  - job_name: a
    static_configs:
      - targets: [localhost]
        labels: {__path__: /var/log/a/*.log}
"""
COMPOSE = """\
services:
  promtail:
    image: acme/promtail:1
    volumes:
      - ./p.yml:/etc/promtail/config.yml
      - /var/log:/var/log:ro
      - positions:/run/promtail
  loki:
    image: grafana/loki:3.5.0
    ports: ["3101:3100"]
"""


def found(files: dict[str, str]) -> list[Finding]:
    project = read(Repository.of(files))
    return [f for s in sources((SPECIALIST,), project) for f in room_findings(SPECIALIST, s, project)]


def ids(files: dict[str, str]) -> list[str]:
    return sorted(finding.rule.removeprefix("logging/") for finding in found(files))


def test_an_agent_that_works() -> None:
    assert ids({"compose.yaml": COMPOSE, "p.yml": PROMTAIL}) == []
    assert ids({"p.yml": PROMTAIL.replace("loki:3100", "localhost:3100")}) == []  # nobody says where it runs


@pytest.mark.parametrize(
    "url", ["http://logs.example.com:3100", "http://${LOKI}:3100", "http://host.docker.internal:3100"]
)
def test_outputs_of_elsewhere(url: str) -> None:
    assert ids({"compose.yaml": COMPOSE, "p.yml": PROMTAIL.replace("http://loki:3100", url)}) == []


def test_the_published_port_is_of_the_host() -> None:
    [finding] = found({"compose.yaml": COMPOSE, "p.yml": PROMTAIL.replace("loki:3100", "loki:3101")})
    assert finding.rule == "logging/unreachable-output"
    assert finding.fix
    assert [edit.text for edit in finding.fix.edits] == ["loki:3100"]


def test_a_mount_above_at_or_below_is_enough() -> None:
    for mount in ("/var/log:/var/log", "logs:/var/log/a", "./x.log:/var/log/a/x.log"):
        assert ids({"compose.yaml": COMPOSE.replace("/var/log:/var/log:ro", mount), "p.yml": PROMTAIL}) == [], mount
    assert ids({"compose.yaml": COMPOSE.replace("/var/log:/var/log:ro", "/srv:/srv"), "p.yml": PROMTAIL}) == [
        "path-not-mounted"
    ]


def test_the_socket_of_docker() -> None:
    text = "clients:\n  - url: http://loki:3100\nscrape_configs:\n  - job_name: a\n    docker_sd_configs:\n      - host: unix:///var/run/docker.sock\n"
    assert ids({"compose.yaml": COMPOSE, "p.yml": text}) == ["path-not-mounted"]
    for socket in ("/var/run/docker.sock", "/run/docker.sock"):
        mounted = COMPOSE.replace("/var/log:/var/log:ro", f"/var/run/docker.sock:{socket}")
        assert ids({"compose.yaml": mounted, "p.yml": text}) == [], socket


def test_services_that_are_limited() -> None:
    limited = "x-l: &l\n  logging:\n    options: {max-size: 10m}\nservices:\n  a:\n    <<: *l\n    image: a\n    restart: always\n"
    assert ids({"compose.yaml": limited}) == []
    two = "services:\n  a:\n    image: a\n    restart: always\n  b:\n    image: b\n    restart: unless-stopped\n  c:\n    image: c\n"
    [finding] = found({"compose.yaml": two})
    assert "a, b grow" in finding.message.en


def test_a_driver_may_name_the_host() -> None:
    text = "services:\n  fluentd:\n    image: fluent/fluentd\n  a:\n    image: a\n    logging:\n      driver: fluentd\n      options: {fluentd-address: '%s'}\n"
    for address in ("localhost:24224", "127.0.0.1:24224", "logs.example.com:24224", "${HOST}:24224"):
        assert ids({"compose.yaml": text % address}) == [], address
    assert ids({"compose.yaml": text % "tcp://fluentd:24224"}) == ["driver-cannot-resolve"]


def fluent(inputs: str, match: str, filters: str = "") -> dict[str, str]:
    return {
        "fluent-bit.conf": f"[INPUT]\n    Name tail\n{inputs}\n{filters}[OUTPUT]\n    Name stdout\n    Match {match}\n"
    }


@pytest.mark.parametrize(
    ("inputs", "match"),
    [("    Tag kube.*", "kube.*"), ("    Tag kube.*", "*"), ("", "tail.*"), ("    Tag a.b", "a.*"), ("    Tag a.b", "*.b"), ("    Tag ${T}", "x")],
)  # fmt: skip
def test_tags_that_match(inputs: str, match: str) -> None:
    assert ids(fluent(inputs, match)) == []


def test_tags_that_come_from_elsewhere() -> None:
    assert ids(fluent("    Tag a", "b", "[FILTER]\n    Name rewrite_tag\n    Match a\n")) == []
    assert ids({"fluent-bit.conf": "[INPUT]\n    Name forward\n[OUTPUT]\n    Name stdout\n    Match app\n"}) == []
    assert (
        ids(
            {
                "fluent-bit.conf": "@INCLUDE more.conf\n[INPUT]\n    Name tail\n    Tag a\n[OUTPUT]\n    Name stdout\n    Match b\n"
            }
        )
        == []
    )


def test_an_input_and_its_output_are_both_told() -> None:
    assert ids(fluent("    Tag a", "b")) == ["unmatched-tag", "unmatched-tag"]
    assert [f.severity.value for f in found(fluent("    Tag a", "a", "[FILTER]\n    Name grep\n    Match b\n"))] == [
        "warning"
    ]


OTEL = (
    "receivers:\n  otlp: {protocols: {grpc: %s}}\nconnectors:\n  spanmetrics: {}\nexporters:\n  debug: {}\nservice:\n  pipelines:\n"
    "    traces: {receivers: [otlp], exporters: [spanmetrics]}\n    metrics: {receivers: [spanmetrics], exporters: [debug]}\n"
)  # fmt: skip


def collector(tag: str, more: str = "") -> str:
    return f"services:\n  c:\n    image: otel/opentelemetry-collector:{tag}\n{more}    command: [--config=/c.yml]\n    volumes: [./otel.yml:/c.yml]\n"


def test_connectors_are_both_ends() -> None:
    assert ids({"otel.yml": OTEL % "{endpoint: 0.0.0.0:4317}"}) == []


def test_older_collectors_listen_everywhere() -> None:
    text = OTEL % "{}"
    assert ids({"otel.yml": text, "compose.yaml": collector("0.100.0")}) == []
    assert ids({"otel.yml": text, "compose.yaml": collector("0.104.0")}) == ["local-receiver"]
    assert ids({"otel.yml": text, "compose.yaml": collector("latest")}) == ["local-receiver"]
    assert ids({"otel.yml": text, "compose.yaml": collector("${TAG}")}) == []
    assert ids({"otel.yml": text, "compose.yaml": collector("0.110.0", "    network_mode: host\n")}) == []


def test_configurations_that_are_put_together() -> None:
    half = "receivers: {otlp: {}}\nexporters: {debug: {}}\nservice:\n  pipelines:\n    logs: {receivers: [otlp], exporters: [other]}\n"
    assert ids({"o/a.yml": half}) == ["undefined-component", "unused-component"]
    assert ids({"o/a.yml": half, "o/b.yml": half.replace("debug", "other")}) == []


def test_loki_of_another_release() -> None:
    text = "schema_config:\n  configs:\n    - {from: '2020-01-01', store: boltdb-shipper, schema: v11}\n"
    compose = "services:\n  loki:\n    image: grafana/loki:%s\n    volumes: [./loki.yml:/etc/loki/local-config.yaml]\n"
    assert ids({"loki.yml": text}) == []
    assert ids({"loki.yml": text, "compose.yaml": compose % "2.9.8"}) == []
    assert ids({"loki.yml": text, "compose.yaml": compose % "3.0.0"}) == ["loki-refuses"]
    allowed = text + "limits_config: {allow_structured_metadata: false}\n"
    assert ids({"loki.yml": allowed, "compose.yaml": compose % "3.0.0"}) == []
    newer = text + "    - {from: '2026-01-01', store: tsdb, schema: v13}\n"
    assert ids({"loki.yml": newer, "compose.yaml": compose % "latest"}) == []


def test_retention_by_the_table_manager_counts() -> None:
    text = "schema_config: {configs: [{from: '2026-01-01'}]}\nlimits_config: {retention_period: %s}\n"
    assert ids({"loki.yml": text % "744h" + "table_manager: {retention_deletes_enabled: true}\n"}) == []
    assert ids({"loki.yml": text % "0s"}) == []
