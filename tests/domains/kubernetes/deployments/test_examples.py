"""Every application of examples/: manifests with its own port and routes, or one question where nothing runs."""

from pathlib import Path

import pytest

from devops_orchestrator.actions.resolve import resolve
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.domains.kubernetes.deployments import SPECIALIST
from devops_orchestrator.domains.kubernetes.deployments.create import create
from devops_orchestrator.domains.kubernetes.deployments.params import DeploymentsParams
from devops_orchestrator.formats import kubernetes
from devops_orchestrator.project import read

EXAMPLES = Path(__file__).parents[4] / "examples"


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_an_example_gets_manifests_or_a_question(example: str) -> None:
    folder = EXAMPLES / example
    files = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
    project = read(Repository.of(files, name=example))
    params, _ = resolve(SPECIALIST, project, {}, {})
    assert isinstance(params, DeploymentsParams)
    creation = create(params, project)
    if creation.question is not None:
        assert creation.files == () and creation.question.en != creation.question.fr
        assert not project.deployable
        return
    texts = [file.content for file in creation.files]
    found = [one for text in texts for one in kubernetes.objects(text)]
    kinds = {one.kind for one in found}
    assert ("Deployment" in kinds) == bool(project.deployable)
    if not project.deployable:
        assert "Job" in kinds  # a command-line program ends
    written = "\n".join(texts)
    for component in project.deployable:
        if component.kind == "service" and component.port:
            assert f"containerPort: {component.port}\n" in written
            if component.health and component.port_of("health") != component.port:
                assert f"containerPort: {component.port_of('health')}\n" in written
                assert "port: management" in written
        if component.kind == "service" and component.health and component.port:
            assert component.health in written
