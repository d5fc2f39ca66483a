"""What the rooms write for the example applications: unchanged, accepted by the real linters, clean for our own review."""

import pytest

from devops_orchestrator import catalog
from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.text import Text
from devops_orchestrator.validation import VALIDATORS, Validator
from devops_orchestrator.validation.judge import outcomes
from tests import golden

# What a validator may honestly say instead of judging.
NOT_JUDGED = ("not installed here", "not fetched", "built without", "only custom resources")
AGENTS = [agent for agent, _ in golden.PLAN]


@pytest.mark.parametrize("example", golden.EXAMPLES)
def test_files_are_as_kept(example: str) -> None:
    for agent, proposal, _ in golden.produced(example):
        assert proposal.files() == golden.kept(agent, example), (
            f"{agent} on {example}: run `make golden` and read the diff"
        )


@pytest.mark.parametrize("agent", AGENTS)
def test_every_room_of_the_plan_has_golden_files(agent: str) -> None:
    assert any(golden.kept(agent, example) for example in golden.EXAMPLES)


@pytest.mark.parametrize("example", golden.EXAMPLES)
def test_our_own_review_finds_nothing(example: str) -> None:
    steps = golden.produced(example)
    final = steps[-1][2]
    written = {path for _, proposal, _ in steps for path in proposal.files()}
    rooms = [catalog.specialist(agent) for agent in catalog.SPECIALISTS]
    found = [
        f"{finding.file}:{finding.line} {finding.rule} {finding.message.en}"
        for source in sources(rooms, final)
        if source.path in written
        for room in rooms
        for finding in room_findings(room, source, final)
    ]
    assert found == []


@pytest.mark.parametrize("validator", VALIDATORS, ids=lambda validator: validator.id)
@pytest.mark.parametrize("example", golden.EXAMPLES)
def test_the_linter_finds_nothing(validator: Validator, example: str) -> None:
    if validator.found is None:
        pytest.skip(f"{validator.program} is absent")
    files = {path: text for _, proposal, _ in golden.produced(example) for path, text in proposal.files().items()}
    around = golden.repository(example).overlay(files)
    for _, _, said in outcomes(files, around, [validator]):
        if isinstance(said, Text):
            assert any(reason in said.en for reason in NOT_JUDGED), said.en
        else:
            assert [f"{problem.file}:{problem.line} {problem.rule} {problem.message}" for problem in said] == []


def test_creating_again_changes_nothing() -> None:
    for example in golden.EXAMPLES:
        files: dict[str, str] = {}
        for _, proposal, _ in golden.produced(example):
            files |= proposal.files()
        again = golden.repository(example).overlay(files)
        assert isinstance(again, Repository)
        for agent, settings in golden.PLAN:
            room = catalog.specialist(agent)
            from devops_orchestrator.actions.create import create
            from devops_orchestrator.actions.resolve import resolve

            project = golden.project(example).overlaid(files)
            params, _ = resolve(room, project, golden.OTHER.get((example, agent), settings), {})
            assert create(room, params, project).files() == {}, f"{agent} on {example}"
