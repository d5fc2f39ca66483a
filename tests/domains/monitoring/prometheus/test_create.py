"""Creation for compose, a machine, a cluster and the operator; promtool judges where it is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from devops_orchestrator.core import facts
from devops_orchestrator.core.change import Creation, apply_edits
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.domains.monitoring.prometheus import SPECIALIST, recording, red
from devops_orchestrator.domains.monitoring.prometheus.params import PrometheusParams
from devops_orchestrator.project import read

EXAMPLES = Path(__file__).parents[4] / "examples"
PYPROJECT = """[project]
name = "shop"
version = "1.0.0"
requires-python = ">=3.12"
dependencies = ["fastapi", "prometheus-fastapi-instrumentator", "asyncpg"]
"""
MAIN = """from fastapi import FastAPI
from prometheus_fastapi_instrumentator import Instrumentator

app = FastAPI()
Instrumentator().instrument(app).expose(app)


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}
"""
APP = {"pyproject.toml": PYPROJECT, "main.py": MAIN}
COMPOSE = """services:
  api:
    build: .
    ports: ["8000:8000"]
    networks: [front, back]
  db:
    image: postgres:17
    networks: [back]
  cache:
    image: redis:8
    command: redis-server --requirepass ${CACHE_PASSWORD}
    networks: [back]
  queue:
    image: rabbitmq:4-management
    networks: [back]
"""
SERVICE = """apiVersion: v1
kind: Service
metadata:
  name: shop
  labels:
    app.kubernetes.io/name: shop
spec:
  selector:
    app.kubernetes.io/name: shop
  ports:
    - name: http
      port: 80
      targetPort: 8000
"""
MONITOR = """apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: other
  labels:
    release: kps
spec:
  selector: {}
  podMetricsEndpoints: []
"""


def project(files: dict[str, str]) -> Project:
    return read(Repository.of(files, name="shop"))


def create(files: dict[str, str], **given: object) -> tuple[Creation, dict[str, str]]:
    """The creation, and the repository's files with it made."""
    found = project(files)
    values = {name: s.value for name, s in SPECIALIST.suggest(found).items()} | given
    assert SPECIALIST.create
    creation = SPECIALIST.create(PrometheusParams.checked(values, SPECIALIST.id), found)
    after = files | {file.path: file.content for file in creation.files if file.path not in files}
    for path in {edit.file for edit in creation.edits}:
        after[path] = apply_edits(files.get(path, ""), [e for e in creation.edits if e.file == path])
    return creation, after


def promtool(files: dict[str, str], folder: Path, *command: str) -> None:
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed")
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    done = subprocess.run(["promtool", *command], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("library", sorted(red.MODELS))
@pytest.mark.parametrize("keep", [("job",), ("namespace", "job")], ids=["job", "namespace"])
def test_the_rules_of_every_library_pass_their_own_tests(library: str, keep: tuple[str, ...], tmp_path: Path) -> None:
    scope = red.Scope("shop", keep=keep, probes=("/metrics", "/health.z"), window="5m" if keep == ("job",) else "8m")
    pair = recording.files("shop", red.MODELS[library], scope, "rules")
    files = {file.path: file.content for file in pair}
    promtool(files, tmp_path, "check", "rules", "rules/shop.rules.yml")
    promtool(files, tmp_path, "test", "rules", "rules/shop.test.yml")


@pytest.mark.parametrize("library", sorted(red.MODELS))
def test_every_name_and_label_is_in_the_facts(library: str) -> None:
    model = red.MODELS[library]
    known = {m["name"]: m for m in facts.load("exporters")["exporters"][library]["metrics"]}
    requests = known.get(model.requests) or known[model.requests.removesuffix("_count")]
    assert model.errors[0] in requests["labels"]
    assert model.route is None or model.route in requests["labels"]
    assert known[model.duration]["type"] in ("histogram", "summary", "summary or histogram")
    assert model.detail is None or known[model.detail]["type"] == "histogram"


def test_compose_scrapes_the_container_and_adds_exporters(tmp_path: Path) -> None:
    creation, after = create(APP | {"compose.yaml": COMPOSE})
    config = after["monitoring/prometheus.yml"]
    for target in ("api:8000", "postgres-exporter:9187", "redis-exporter:9121", "queue:15692", "localhost:9090"):
        assert f"- {target}\n" in config
    stack = after["monitoring/compose.yaml"]
    assert "REDIS_PASSWORD: ${CACHE_PASSWORD}" in stack
    assert "DATA_SOURCE_URI: db:5432/postgres?sslmode=disable" in stack
    assert "front" not in stack, "one network reaches everything"
    assert ":latest" not in stack
    assert any("pg_monitor" in step.fr for step in creation.next_steps)
    promtool(after, tmp_path, "check", "config", "monitoring/prometheus.yml")
    promtool(after, tmp_path, "test", "rules", "monitoring/rules/shop.test.yml")


def test_every_tag_of_an_exporter_is_a_fact() -> None:
    from devops_orchestrator.domains.monitoring.prometheus.exporters import EXPORTERS

    known = facts.load("exporter_images")["images"].values()
    tags = {f"{entry['image']}:{entry['tag']}" for entry in known}
    assert {e.image for e in EXPORTERS if e.image} <= tags


def test_a_database_alone_in_compose_leaves_the_application_on_the_machine() -> None:
    _, after = create(APP | {"compose.yaml": "services:\n  db:\n    image: postgres:17\n"})
    assert "- host.docker.internal:8000\n" in after["monitoring/prometheus.yml"]
    assert "host.docker.internal:host-gateway" in after["monitoring/compose.yaml"]


def test_given_parameters_win() -> None:
    _, after = create(
        APP, port=9464, metrics_path="/internal/metrics", scrape_interval="2m", exporters=("node_exporter",), name="web"
    )
    config = after["monitoring/prometheus.yml"]
    for text in (
        "scrape_interval: 2m",
        "job_name: web",
        "metrics_path: /internal/metrics",
        "localhost:9464",
        "localhost:9100",
    ):
        assert text in config
    assert "[8m]" in after["monitoring/rules/web.rules.yml"], "four scrapes in a range"


def test_a_bad_value_is_refused() -> None:
    from devops_orchestrator.errors import UsageError

    for name, value in (
        ("port", 0),
        ("metrics_path", "metrics"),
        ("scrape_interval", "soon"),
        ("exporters", ["No Such"]),
    ):
        with pytest.raises(UsageError):
            PrometheusParams.checked({name: value}, SPECIALIST.id)


def test_an_unknown_exporter_is_told_and_not_invented() -> None:
    creation, after = create(APP, exporters=("snmp_exporter",))
    assert "snmp" not in after["monitoring/prometheus.yml"]
    assert any("snmp_exporter" in step.en for step in creation.next_steps)


def test_a_cluster_without_the_operator_gets_discovery() -> None:
    _, after = create(APP | {"k8s/service.yaml": SERVICE})
    config = after["monitoring/prometheus.yml"]
    assert "role: endpointslice" in config
    assert "regex: shop;http" in config
    assert "namespace_job:http_requests:rate5m" in after["monitoring/rules/shop.rules.yml"]


def test_the_operator_gets_a_monitor_that_selects_the_service() -> None:
    files = APP | {
        "k8s/base/service.yaml": SERVICE.replace("    - name: http\n      port: 80\n", "    - port: 80 # web\n"),
        "k8s/base/kustomization.yaml": "resources:\n  - service.yaml # first\n",
        "k8s/other.yaml": MONITOR,
    }
    _, after = create(files)
    monitor = after["k8s/base/servicemonitor.yaml"]
    assert "port: http" in monitor
    assert "release: kps" in monitor
    assert "- name: http\n      port: 80 # web\n" in after["k8s/base/service.yaml"]
    assert after["k8s/base/kustomization.yaml"] == (
        "resources:\n  - service.yaml # first\n  - servicemonitor.yaml\n  - prometheusrule.yaml\n"
    )
    assert "monitoring/prometheus.yml" not in after


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_an_existing_configuration_gets_what_it_lacks(eol: str) -> None:
    before = (
        "# mine ✓\nglobal:\n  scrape_interval: 30s # slow\n\nrule_files:\n  # - first.yml\n\nscrape_configs:\n"
        "  - job_name: 'prometheus'\n    static_configs:\n      - targets: ['localhost:9090'] # self\n# end\n"
    ).replace("\n", eol)
    _, after = create(APP | {"deploy/prometheus.yml": before})
    text = after["deploy/prometheus.yml"]
    assert "- rules/*.rules.yml" in text
    assert "job_name: shop" in text
    for kept in ("# mine ✓", "30s # slow", "# - first.yml", "# self", "# end"):
        assert kept in text
    assert (eol == "\r\n") == ("\r\n" in text)
    assert "\n" not in text.replace(eol, "") if eol == "\r\n" else True
    assert "deploy/rules/shop.rules.yml" in after


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"compose.yaml": COMPOSE},
        {"k8s/service.yaml": SERVICE},
        {"k8s/service.yaml": SERVICE, "k8s/o.yaml": MONITOR},
    ],
    ids=["plain", "compose", "cluster", "operator"],
)
def test_a_second_run_changes_nothing_and_nothing_is_found(more: dict[str, str]) -> None:
    _, after = create(APP | more)
    assert create(after)[1] == after
    found = project(after)
    from devops_orchestrator.actions.review import room_findings, sources

    assert [f for s in sources((SPECIALIST,), found) for f in room_findings(SPECIALIST, s, found)] == []


def test_an_application_without_metrics_is_told_how_and_gets_no_rules() -> None:
    plain = PYPROJECT.replace(', "prometheus-fastapi-instrumentator"', "")
    creation, after = create({"pyproject.toml": plain, "main.py": "from fastapi import FastAPI\n\napp = FastAPI()\n"})
    assert not any(path.endswith(".rules.yml") for path in after)
    assert "rule_files" not in after["monitoring/prometheus.yml"]
    assert any("Instrumentator().instrument(app).expose(app)" in step.fr for step in creation.next_steps)


def test_metrics_of_the_code_make_rules() -> None:
    found = read(Repository.at(EXAMPLES / "express"))
    assert SPECIALIST.create
    values = {name: s.value for name, s in SPECIALIST.suggest(found).items()}
    creation = SPECIALIST.create(PrometheusParams.checked(values, SPECIALIST.id), found)
    rules = next(file.content for file in creation.files if file.path.endswith(".rules.yml"))
    assert "sum by (job, route)" in rules
    assert 'route!~"/metrics|/health"' in rules


def test_spring_gets_quantiles_only_where_buckets_are_sent() -> None:
    from devops_orchestrator.core.project import Component
    from devops_orchestrator.domains.monitoring.prometheus import models

    component = Component(name="a", language="java", framework="spring-boot", metrics_library="micrometer_spring_boot")
    switch = "management:\n  metrics:\n    distribution:\n      percentiles-histogram:\n        '[http.server.requests]': true\n"
    for text, expected in ((switch, True), (switch.replace("true", "false"), False), ("a: 1\n", False)):
        repository = Repository.of({"src/main/resources/application.yml": text})
        model = models.of(component, Project(repository=repository, name="a", components=(component,)))
        assert model is not None
        assert model.histogram is expected
