"""Every fix of every rule: its finding goes, nothing else moves, and a second run changes nothing."""

import re
from dataclasses import dataclass

import pytest

from devops_orchestrator import catalog, orchestrator
from devops_orchestrator.actions.improve import improve
from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core import guide
from devops_orchestrator.core.change import apply_edits
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding, Rule
from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.validation import VALIDATORS
from devops_orchestrator.validation.judge import outcomes

EMBEDDED = [validator for validator in VALIDATORS if validator.program is None]


@dataclass(frozen=True)
class Case:
    room: Specialist
    rule: Rule

    def files(self) -> dict[str, str]:
        """The files of the rule's `before`, as its guide gives them."""
        default = next((path for path in self.room.files if "*" not in path), "")
        return {
            block.path or default: block.text
            for block in guide.load(self.room.package, "en").rules[self.rule.id].blocks()
            if {"before", "given"} & set(block.words)
        }


CASES = [
    Case(room, rule) for agent in catalog.SPECIALISTS for room in [catalog.specialist(agent)] for rule in room.rules
]


def read(files: dict[str, str]) -> Project:
    return orchestrator.inspect(Repository.of(files, git={"symbolic-ref --short HEAD": "main\n"}))


def findings(room: Specialist, project: Project) -> list[Finding]:
    return [finding for source in sources((room,), project) for finding in room_findings(room, source, project)]


def comments(text: str) -> list[str]:
    return re.findall(r"(?m)#[^\n]*✓[^\n\r]*", text)


def decorated(files: dict[str, str], eol: str) -> dict[str, str]:
    """The files with a comment at the end of each and other line breaks: both must survive."""
    made = {}
    for path, text in files.items():
        if path.endswith((".yml", ".yaml", ".tf", ".tfvars")) or "Dockerfile" in path or "ignore" in path:
            text = text.rstrip("\n") + "\n# kept ✓\n"
            made[path] = text.replace("\n", eol)
        else:
            made[path] = text
    return made


@pytest.mark.parametrize("eol", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule.id)
def test_a_fix_removes_its_finding_and_keeps_the_rest(case: Case, eol: str) -> None:
    files = decorated(case.files(), eol)
    project = read(files)
    fixable = [f for f in findings(case.room, project) if f.rule == case.rule.id and f.fix]
    if not fixable:
        return
    finding = fixable[0]
    assert finding.fix
    by_file: dict[str, list] = {}
    for edit in finding.fix.edits:
        by_file.setdefault(edit.file, []).append(edit)
    after = dict(files)
    for path, edits in by_file.items():
        after[path] = apply_edits(files.get(path, ""), edits)
        assert comments(after[path])[-1:] == comments(files.get(path, ""))[-1:], path
        if eol == "\r\n" and "\r\n" in files.get(path, ""):
            assert not re.search(r"(?<!\r)\n", after[path]), f"{path}: a line break of another kind was written"
    fixed = read(after)
    left = [f for f in findings(case.room, fixed) if f.rule == case.rule.id]
    same = [f for f in findings(case.room, project) if f.rule == case.rule.id]
    assert len(left) < len(same)
    known = {problem.message for _, _, said in outcomes(files, project.repository, EMBEDDED) for problem in said}
    for validator, _, said in outcomes(after, fixed.repository, EMBEDDED):
        assert [problem for problem in said if problem.message not in known] == [], validator.id


@pytest.mark.parametrize("unsafe", [False, True], ids=["safe", "all"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.rule.id)
def test_a_second_improve_changes_nothing(case: Case, unsafe: bool) -> None:
    files = decorated(case.files(), "\n")
    once = improve(case.room, read(files), unsafe=unsafe)
    after = files | once.files()
    assert improve(case.room, read(after), unsafe=unsafe).files() == {}
    for path, text in after.items():
        assert set(comments(files.get(path, ""))) <= set(comments(text)), path
