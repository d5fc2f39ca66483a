"""What compose services mount, and where the programs in them look."""

from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import compose_services, read

COMPOSE = """\
services:
  prometheus:
    image: docker.io/prom/prometheus:v3.5.0
    command: ["--config.file=/etc/prometheus/prometheus.yml"]
    volumes:
      - ./monitoring:/etc/prometheus:ro
      - data:/prometheus
      - ${PWD}/extra/a.yml:/extra/a.yml
      - type: bind
        source: ./one.yml
        target: /one.yml
      - ${SOMEWHERE}/b.yml:/b.yml
      - /var/run/docker.sock:/var/run/docker.sock
    configs:
      - source: rules
        target: /etc/rules/r.yml
configs:
  rules:
    file: ./monitoring/rules.yml
"""


def test_mounts() -> None:
    files = {
        "compose.yaml": COMPOSE,
        "monitoring/prometheus.yml": "scrape_configs: []\n",
        "monitoring/rules.yml": "x\n",
        "one.yml": "x\n",
    }
    project = read(Repository.of(files))
    [service] = compose_services.everywhere(project)
    assert (service.program, service.tag) == ("prometheus", "v3.5.0")
    assert {mount.target: mount.source for mount in service.mounts} == {
        "/etc/prometheus": "monitoring", "/prometheus": None, "/extra/a.yml": "extra/a.yml", "/one.yml": "one.yml", "/b.yml": None,
        "/var/run/docker.sock": None, "/etc/rules/r.yml": "monitoring/rules.yml",
    }  # fmt: skip
    assert compose_services.files_in(project, service) == {
        "/etc/prometheus/prometheus.yml": "monitoring/prometheus.yml", "/etc/prometheus/rules.yml": "monitoring/rules.yml",
        "/one.yml": "one.yml", "/etc/rules/r.yml": "monitoring/rules.yml",
    }  # fmt: skip
    found = [target for _, target, _ in compose_services.reading(project, "monitoring/rules.yml")]
    assert found == ["/etc/prometheus/rules.yml", "/etc/rules/r.yml"]
    covered = compose_services.covering(project, service, "/prometheus/wal")
    assert covered
    assert covered.source is None
    assert compose_services.covering(project, service, "/etc/other") is None


def test_an_override_adds_its_mounts() -> None:
    plain = "services:\n  loki:\n    image: grafana/loki:3.5.0\n"
    files = {
        "compose.yaml": plain,
        "compose.override.yaml": plain + "    volumes: [./loki.yml:/etc/loki/local-config.yaml]\n",
        "loki.yml": "x: 1\n",
    }
    project = read(Repository.of(files))
    first = compose_services.everywhere(project)[0]
    assert compose_services.covering(project, first, "/etc/loki/local-config.yaml")


def test_a_service_that_is_built_or_extends_is_not_settled() -> None:
    for more in ("build: .", "extends: {service: other}", "<<: *x", "volumes_from: [other]"):
        text = f"x-all: &x {{restart: always}}\nservices:\n  a:\n    image: a\n    {more}\n"
        project = read(Repository.of({"compose.yaml": text}))
        assert not compose_services.settled(project, compose_services.everywhere(project)[0]), more
