"""Jobs, mounted rules and metrics that hosts decide: what is left alone."""

import pytest

from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.domains.monitoring.prometheus import SPECIALIST
from devops_orchestrator.domains.monitoring.prometheus.exporters import EXPORTERS
from devops_orchestrator.project import read
from devops_orchestrator.project.exports import EXPORTER_PORTS

CONFIG, RULES = "m/prometheus.yml", "m/rules/a.yml"


def ids(files: dict[str, str]) -> list[str]:
    project = read(Repository.of(files))
    found = [f for s in sources((SPECIALIST,), project) for f in room_findings(SPECIALIST, s, project)]
    return sorted(finding.rule.removeprefix("prometheus/") for finding in found)


def config(more: str = "", top: str = "rule_files: [rules/*.yml]\n") -> str:
    return f"{top}scrape_configs:\n  - job_name: node-exporter\n    static_configs:\n      - targets: ['node-exporter:9100']\n{more}"


def rule(expr: str) -> str:
    return f"groups:\n  - name: a\n    rules:\n      - record: job:a:b\n        expr: |-\n          {expr}\n"


def test_ports_are_those_of_the_exporters() -> None:
    assert {e.port: e.key for e in EXPORTERS if e.name != "cadvisor"} == EXPORTER_PORTS


def test_a_job_that_nobody_scrapes() -> None:
    assert ids({CONFIG: config(), RULES: rule('sum by (job) (node_load1{job="node"})')}) == ["unknown-job"]


@pytest.mark.parametrize("matcher", ['job="node-exporter"', 'job=~"node.*"', 'job!="node"', 'job=~"$job"'])
def test_jobs_that_are_there(matcher: str) -> None:
    assert ids({CONFIG: config(), RULES: rule(f"sum by (job) (node_load1{{{matcher}}})")}) == []


@pytest.mark.parametrize(
    "more",
    [
        "    relabel_configs:\n      - target_label: job\n        replacement: node\n",
        "        labels: {job: node}\n",
        "  - job_name: push\n    honor_labels: true\n    static_configs:\n      - targets: ['pushgateway:9091']\n",
        "  - job_name: files\n    file_sd_configs:\n      - files: [a.json]\n",
    ],
)  # fmt: skip
def test_jobs_that_may_come_from_elsewhere(more: str) -> None:
    assert "unknown-job" not in ids({CONFIG: config(more), RULES: rule('sum by (job) (node_load1{job="node"})')})


def test_jobs_of_a_collector_that_writes() -> None:
    files = {CONFIG: config(), RULES: rule('sum by (job) (node_load1{job="node"})')}
    compose = "services:\n  node-exporter:\n    image: prom/node-exporter\n  p:\n    image: prom/prometheus\n    command: [--web.enable-remote-write-receiver]\n"
    assert ids({**files, "compose.yaml": compose}) == []


COMPOSE = "services:\n  node-exporter:\n    image: prom/node-exporter\n  prometheus:\n    image: prom/prometheus:v3.5.0\n    volumes:\n      - ./m/prometheus.yml:/etc/prometheus/prometheus.yml\n%s"


@pytest.mark.parametrize(
    "more",
    ["      - ./m/rules:/etc/prometheus/rules\n", "      - rules:/etc/prometheus/rules\n", "      - ./m/rules/a.yml:/etc/prometheus/rules/a.yml\n",
     "      - ./m:/etc/prometheus\n"],
)  # fmt: skip
def test_rules_that_are_mounted(more: str) -> None:
    files = {CONFIG: config(), RULES: rule("sum by (job) (node_load1)"), "compose.yaml": COMPOSE % more}
    assert ids(files) == []


def test_rules_that_are_not_mounted() -> None:
    files = {CONFIG: config(), RULES: rule("sum by (job) (node_load1)"), "compose.yaml": COMPOSE % ""}
    assert ids(files) == ["rules-not-mounted"]
    built = files["compose.yaml"].replace("    volumes", "    build: .\n    volumes")
    assert ids({**files, "compose.yaml": built}) == []


def test_rules_that_a_config_of_compose_brings() -> None:
    compose = (
        "services:\n  p:\n    image: acme/prometheus\n    configs:\n      - source: a\n        target: /etc/prometheus/node.yml\n"
        "configs:\n  a:\n    file: ./m/rules/a.yml\n"
    )  # fmt: skip
    files = {
        CONFIG: config(top="rule_files: [node.yml]\n"),
        "compose.yaml": compose,
        RULES: rule("sum by (job) (node_load1)"),
    }
    assert "rule-files-match-nothing" not in ids(files)


@pytest.mark.parametrize(
    "expr", ["sum by (job) (node_md_disks)", "sum by (job) (process_open_fds)", "sum by (job) (node_pressure_irq_stalled_seconds_total)", "sum by (job) (app_build_info)"]
)  # fmt: skip
def test_metrics_that_the_host_decides(expr: str) -> None:
    assert ids({CONFIG: config(), RULES: rule(expr)}) == []


def test_labels_of_containers() -> None:
    scrapes = config("  - job_name: cadvisor\n    static_configs:\n      - targets: ['cadvisor:8080']\n")
    assert (
        ids(
            {
                CONFIG: scrapes,
                RULES: rule('sum by (job) (container_memory_usage_bytes{container_label_com_acme_x="y"})'),
            }
        )
        == []
    )


def test_a_label_s_short_name() -> None:
    text = rule("sum by (service_name) (rate(a_total[5m]))").replace("job:a:b", "service:a:rate5m")
    assert ids({RULES: text}) == []


def test_jobs_that_have_targets() -> None:
    discovered = (
        "scrape_configs:\n  - job_name: a\n    dns_sd_configs:\n      - names: [a]\n        type: A\n        port: 80\n"
    )
    assert ids({CONFIG: discovered}) == []
    assert ids({CONFIG: "scrape_configs:\n  - job_name: a\n"}) == ["empty-job"]
    assert (
        ids({CONFIG: "x: &x\n  static_configs:\n    - targets: [a:80]\nscrape_configs:\n  - job_name: a\n    <<: *x\n"})
        == []
    )
