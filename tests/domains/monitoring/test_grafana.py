"""What the rules of Grafana leave alone, and where they point; the defects themselves are the guide's."""

import json
from typing import Any

import pytest

from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding
from devops_orchestrator.domains.monitoring.grafana import SPECIALIST
from devops_orchestrator.domains.monitoring.grafana.board import filled, used
from devops_orchestrator.domains.monitoring.grafana.provisioned import made_of
from devops_orchestrator.project import read

BOARD, SOURCES, PROVIDER = "dash/a.json", "grafana/datasources/a.yml", "grafana/dashboards/a.yml"
COMPOSE = """\
services:
  grafana:
    image: grafana/grafana:12.1.0
    volumes:
      - ./grafana:/etc/grafana/provisioning
      - ./dash:/var/lib/grafana/dashboards
  prometheus:
    image: prom/prometheus:v3.5.0
"""
DATA = "apiVersion: 1\ndatasources:\n  - name: Prometheus\n    type: prometheus\n    url: http://prometheus:9090\n"
PROVIDES = "apiVersion: 1\nproviders:\n  - name: a\n    options:\n      path: /var/lib/grafana/dashboards\n"
GIVEN = {"compose.yaml": COMPOSE, SOURCES: DATA, PROVIDER: PROVIDES}


def found(files: dict[str, str]) -> list[Finding]:
    project = read(Repository.of(files))
    return [f for s in sources((SPECIALIST,), project) for f in room_findings(SPECIALIST, s, project)]


def ids(files: dict[str, str]) -> list[str]:
    return sorted(finding.rule.removeprefix("grafana/") for finding in found(files))


def board(uid: object = "P1", expr: str | None = None, **more: Any) -> str:
    panel: dict[str, Any] = {"id": 1, "title": "p", "datasource": {"type": "prometheus", "uid": uid}}
    if expr is not None:
        panel["targets"] = [{"refId": "A", "expr": expr}]
    variables = more.pop("variables", [])
    return json.dumps(
        {"title": "t", "schemaVersion": 41, "templating": {"list": variables}, "panels": [panel], **more}, indent=1
    )


def test_the_uid_that_grafana_makes_of_a_name() -> None:
    assert made_of("Prometheus") == "PBFA97CFB590B2093"
    assert made_of("Loki") == "P8E80F9AEF21F6940"


@pytest.mark.parametrize("uid", ["PBFA97CFB590B2093", "Prometheus", "${datasource}", "-- Mixed --", "grafana", None])
def test_sources_that_are_there(uid: object) -> None:
    variables = [{"name": "datasource", "type": "datasource", "query": "prometheus"}]
    assert ids({**GIVEN, BOARD: board(uid, variables=variables)}) == []


def test_a_source_that_is_not_there_is_told_once() -> None:
    [finding] = found({**GIVEN, BOARD: board("a1B2c3D4e5f6g7")})
    assert finding.rule == "grafana/unknown-datasource"
    assert finding.related[0].file == SOURCES


def test_nothing_is_said_where_sources_come_from_elsewhere() -> None:
    assert ids({BOARD: board("other")}) == []
    assert ids({**GIVEN, SOURCES: DATA.replace("Prometheus", "${NAME}"), BOARD: board("other")}) == []
    assert (
        ids({**GIVEN, "other/a.json": board("other"), BOARD: board("Prometheus")}) == []
    )  # nobody provisions that file


def test_inputs_of_a_dashboard_that_somebody_imports() -> None:
    exported = board("${DS_X}", __inputs=[{"name": "DS_X", "type": "datasource", "pluginId": "prometheus"}])
    assert ids({BOARD: exported}) == []
    assert ids({**GIVEN, BOARD: exported}) == ["unresolved-input"]


@pytest.mark.parametrize(
    "expr",
    [
        "rate(a[$__rate_interval])", "topk(5, a)", "sum by (job) (rate(a[$__interval:]))", "a offset $__range",
        "increase(a[$__range]) / $__range_s", "rate(a[5m:$__interval])",
    ],
)  # fmt: skip
def test_queries_of_grafana(expr: str) -> None:
    assert "broken-query" not in ids({BOARD: board("p", expr)})


def test_a_broken_query_with_a_variable_is_not_judged() -> None:
    assert ids({BOARD: board("p", "sum($x", variables=[{"name": "x"}])}) == []
    assert ids({BOARD: board("p", "sum(x")}) == ["broken-query"]
    loki = board("p", "{a=\"b\"} |= \"x\" | json").replace('"prometheus"', '"loki"')  # fmt: skip
    assert ids({BOARD: loki}) == []


def test_variables() -> None:
    assert used("a{b=\"$c\", d=~\"${e:regex}\"} [[f]] $__interval $1 ${__from}") == {"c", "e", "f"}  # fmt: skip
    assert filled("rate(a[$__rate_interval])") == "rate(a[5m])"
    assert ids({BOARD: board("p", "a{x=\"$x\", y=\"$y\"}", variables=[{"name": "x"}])}) == ["unknown-variable"]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "right"),
    [
        ("http://prometheus:9090", None), ("http://prometheus:9090/path", None), ("https://metrics.example.com", None),
        ("http://localhost:9090", "prometheus:9090"), ("http://promethues:9090", "prometheus:9090"), ("$URL", None),
    ],
)  # fmt: skip
def test_addresses(url: str, right: str | None) -> None:
    findings = found({**GIVEN, SOURCES: DATA.replace("http://prometheus:9090", url), BOARD: board("Prometheus")})
    assert [f.fix.edits[0].text for f in findings if f.fix] == ([right] if right else [])


def test_localhost_on_the_host_s_network() -> None:
    files = {**GIVEN, BOARD: board("Prometheus"), SOURCES: DATA.replace("prometheus:9090", "localhost:9090")}
    files["compose.yaml"] = COMPOSE.replace("12.1.0\n", "12.1.0\n    network_mode: host\n")
    assert ids(files) == []


def test_a_published_port_is_of_the_host() -> None:
    files = {**GIVEN, BOARD: board("Prometheus"), SOURCES: DATA.replace("prometheus:9090", "prometheus:9091")}
    files["compose.yaml"] = COMPOSE + '    ports: ["9091:9090"]\n'
    [finding] = found(files)
    assert "only its published port" in finding.message.en


def test_two_defaults_are_of_one_organisation() -> None:
    two = (
        DATA
        + "    isDefault: true\n  - name: L\n    type: loki\n    url: http://loki:3100\n    orgId: 2\n    isDefault: true\n"
    )
    assert ids({SOURCES: two}) == []
    assert ids({SOURCES: two.replace("    orgId: 2\n", "")}) == ["two-defaults"]


def test_dashboards_in_a_volume_or_an_image_are_not_judged() -> None:
    files = {**GIVEN, BOARD: board("Prometheus"), PROVIDER: PROVIDES.replace("/var/lib/grafana/dashboards", "/data")}
    assert ids(files) == ["no-dashboards"]
    assert ids({**files, "compose.yaml": COMPOSE.replace("./dash:/var/lib/grafana/dashboards", "boards:/data")}) == []
    assert (
        ids(
            {
                **files,
                "compose.yaml": COMPOSE.replace(
                    "    image: grafana/grafana:12.1.0\n", "    image: grafana/grafana:12.1.0\n    build: .\n"
                ),
            }
        )
        == []
    )


def test_only_a_published_port_is_open() -> None:
    text = "services:\n  g:\n    image: grafana/grafana:12\n    ports: [%s]\n    environment:\n      GF_SECURITY_ADMIN_PASSWORD: %s\n"
    assert ids({"compose.yaml": text % ("'127.0.0.1:3000:3000'", "admin")}) == []
    assert ids({"compose.yaml": text % ("'3000:3000'", "${PASSWORD:?}")}) == []
    assert ids({"compose.yaml": text % ("'3000:3000'", "${PASSWORD:-admin}")}) == ["default-password"]
    assert (
        ids({"compose.yaml": (text % ("'3000:3000'", "admin")).replace("grafana/grafana", "acme/grafana-agent")}) == []
    )
