"""The before and after blocks of every guide, run: `before` has the finding, `after` has not."""

import pytest

from devops_orchestrator import catalog, orchestrator
from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core import guide
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Rule
from devops_orchestrator.core.specialist import Specialist

CASES = [(catalog.specialist(agent), rule) for agent in catalog.SPECIALISTS for rule in catalog.specialist(agent).rules]


def found(room: Specialist, rule: Rule, files: dict[str, str]) -> list[str]:
    project = orchestrator.inspect(Repository.of(files, git={"symbolic-ref --short HEAD": "main\n"}))
    return [
        finding.rule
        for source in sources((room,), project)
        for finding in room_findings(room, source, project)
        if finding.rule == rule.id
    ]


@pytest.mark.parametrize(("room", "rule"), CASES, ids=[rule.id for _, rule in CASES])
def test_before_has_the_finding_and_after_has_not(room: Specialist, rule: Rule) -> None:
    blocks = list(guide.load(room.package, "en").rules[rule.id].blocks())
    default = next((path for path in room.files if "*" not in path), None)
    files: dict[str, dict[str, str]] = {"before": {}, "after": {}, "given": {}}
    for block in blocks:
        for word in block.words:
            if word in files:
                path = block.path or default
                assert path, f"{rule.id}: a block needs path="
                files[word][path] = block.text
    assert files["before"], f"{rule.id} has no `before` block"
    assert files["after"], f"{rule.id} has no `after` block"
    assert found(room, rule, files["given"] | files["before"])
    assert not found(room, rule, files["given"] | files["after"])
