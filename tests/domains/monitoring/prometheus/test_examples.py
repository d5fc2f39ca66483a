"""Every application of examples/: its metrics are scraped on the port that serves them, or how to add them is told."""

from pathlib import Path

import pytest

from devops_orchestrator.actions.resolve import resolve
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.domains.monitoring.prometheus import SPECIALIST
from devops_orchestrator.domains.monitoring.prometheus.params import PrometheusParams
from devops_orchestrator.project import read

EXAMPLES = Path(__file__).parents[4] / "examples"


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_an_example_gets_its_own_port_and_path(example: str) -> None:
    folder = EXAMPLES / example
    files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    project = read(Repository.of(files, name=example))
    params, _ = resolve(SPECIALIST, project, {}, {})
    assert isinstance(params, PrometheusParams)
    assert SPECIALIST.create is not None
    creation = SPECIALIST.create(params, project)
    if creation.question is not None:
        assert creation.question.en != creation.question.fr
        return
    written = "\n".join(file.content for file in creation.files)
    for component in project.deployable:
        if component.metrics and component.kind == "service":
            assert component.metrics == "/metrics" or f"metrics_path: {component.metrics}\n" in written
            port = component.port_of("metrics")
            assert f":{port}\n" in written or "compose" in written
