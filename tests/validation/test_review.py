"""One defect, one finding, whoever reports it; what a review did not judge is told, never passed over."""

import subprocess
from pathlib import Path

import pytest

from devops_orchestrator import orchestrator
from devops_orchestrator.actions.review import deduplicated
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding, Severity
from devops_orchestrator.text import Text, same
from devops_orchestrator.validation import VALIDATORS, validator
from devops_orchestrator.validation.aliases import AGREE
from devops_orchestrator.validation.judge import Absent


def finding(rule: str, line: int, source: str = "devops", end: int = 0) -> Finding:
    return Finding(rule, Severity.WARNING, "a", line, 1, end or line, same(rule), same(""), source=source)


def kept(*found: Finding) -> list[str]:
    return [one.rule for one in deduplicated(found)]


@pytest.mark.parametrize(("first", "second"), AGREE)
def test_of_two_linters_one_is_heard(first: str, second: str) -> None:
    one, other = finding(first, 3, first.split("/")[0]), finding(second, 3, second.split("/")[0])
    assert kept(one, other) == [first]
    assert kept(other) == [second]
    assert len(kept(one, finding(second, 9, second.split("/")[0]))) == 2


def test_ours_goes_before_a_linters() -> None:
    assert kept(finding("docker/floating-tag", 1), finding("hadolint/DL3006", 1, "hadolint")) == ["docker/floating-tag"]
    assert len(kept(finding("docker/floating-tag", 1), finding("hadolint/DL3006", 2, "hadolint"))) == 2


def test_a_linter_that_names_an_object_spans_it() -> None:
    container = finding("kube-linter/latest-tag", 10, "kube-linter", end=20)
    assert kept(finding("deployments/floating-image", 12), container) == ["deployments/floating-image"]
    assert len(kept(finding("deployments/floating-image", 25), container)) == 2


def test_a_file_that_does_not_parse_is_told_once() -> None:
    broken = [finding("parse/syntax", 2, "parse"), finding("hadolint/DL1000", 2, "hadolint"), finding("syntax", 2)]
    assert kept(*broken) == ["syntax"]
    assert kept(*broken[:2]) == ["parse/syntax"]


def test_an_expression_that_promtool_and_the_parser_refuse_is_one_finding() -> None:
    if validator.find("promtool") is None:
        pytest.skip("promtool is absent")
    files = {"rules.yml": "groups:\n  - name: a\n    rules:\n      - record: c:d\n        expr: sum(up\n"}
    found = orchestrator.review(orchestrator.inspect(Repository.of(files)))
    assert [(one.rule, one.line) for one in found if "promtool" in one.rule or "promql" in one.rule] == [
        ("promtool-rules/promtool", 5)
    ]


def test_a_field_that_both_schemas_refuse_is_one_finding() -> None:
    files = {"a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndatta: {}\n"}
    found = orchestrator.review(orchestrator.inspect(Repository.of(files)))
    assert [(one.rule, one.line) for one in found if "datta" in one.message.en] == [("kubernetes-schema/schema", 4)]


def test_what_did_not_judge_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validator, "find", lambda program: None)
    absent: list[Absent] = []
    project = orchestrator.inspect(Repository.of({"Dockerfile": "FROM alpine:3.22\nUSER 1000\n"}))
    orchestrator.review(project, absent=absent)
    assert (
        Absent("hadolint", Text("hadolint is not installed", "hadolint n'est pas installé"), ("Dockerfile",)) in absent
    )


def test_the_command_tells_it_beside_its_findings(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from devops_orchestrator.interfaces.reviewing import review

    (tmp_path / "a.yaml").write_text("apiVersion: example.com/v1\nkind: Thing\nmetadata: {name: a}\n")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    done = CliRunner().invoke(review, [str(tmp_path), "--lang", "fr"], standalone_mode=False)
    assert "kubernetes-schema non exécuté : pas de schéma ici pour Thing (example.com/v1)" in done.stderr
    assert "Thing" not in done.stdout


def test_the_slow_ones_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validator, "find", lambda program: None)
    project = orchestrator.inspect(Repository.of({"Dockerfile": "FROM alpine:3.22\n"}))
    plain: list[Absent] = []
    deep: list[Absent] = []
    orchestrator.review(project, absent=plain)
    orchestrator.review(project, absent=deep, deep=True)
    assert {one.validator for one in deep} - {one.validator for one in plain} == {"checkov", "image-build"}
    assert all(one.inner for one in VALIDATORS)


def test_linters_read_what_no_room_reads() -> None:
    files = {".buildkite/pipeline.yml": "steps:\n  - command: a\n    retryy: b\n"}
    found = orchestrator.review(orchestrator.inspect(Repository.of(files)))
    assert [(one.rule, one.file, one.line) for one in found if one.source == "schema"] == [
        ("schema/schema", ".buildkite/pipeline.yml", 3)
    ]
