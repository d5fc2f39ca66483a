"""The laws of all validators: time, network, crashes, garbage, configuration; what did not run never passed."""

import json
import os
import stat
import sys
import textwrap
import time
from pathlib import Path

import pytest

from devops_orchestrator.core.change import Change
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.text import Text
from devops_orchestrator.validation import ALL, EMBEDDED, VALIDATORS, Validator, judge, validator
from devops_orchestrator.validation.judge import absences, check, outcomes
from devops_orchestrator.validation.validator import Batch, DidNotRun, call, find

# A file of each kind that an external validator takes, free of defects.
SAMPLES = {
    "dockerfile": ("Dockerfile", "FROM alpine:3.22\nUSER 1000\n"),
    "github-workflow": (
        ".github/workflows/ci.yml",
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo hello\n",
    ),
    "gitlab-ci": (".gitlab-ci.yml", "test:\n  script:\n    - echo hello\n"),
    "kubernetes": ("k8s/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n"),
    "kustomization": ("k8s/kustomization.yaml", "resources: []\nnamePrefix: a-\n"),
    "helm-chart": ("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 1.0.0\n"),
    "terraform": ("main.tf", 'locals {\n  a = "b"\n}\n'),
    "prometheus-rules": (
        "rules.yml", "groups:\n  - name: a\n    rules:\n      - record: a:b:c\n        expr: sum(up)\n",
    ),
    "prometheus-tests": ("rules_test.yml", "rule_files: [rules.yml]\ntests:\n  - interval: 1m\n    input_series: []\n"),
    "prometheus": ("prometheus.yml", "global:\n  scrape_interval: 15s\nscrape_configs:\n  - job_name: a\n    static_configs:\n      - targets: [a:1]\n"),
    "alertmanager": ("alertmanager.yml", "route: {receiver: a}\nreceivers: [{name: a}]\n"),
}  # fmt: skip
EXTERNAL = [one for one in ALL if one.program]


def sample(one: Validator) -> dict[str, str]:
    kind = next(kind for kind in one.kinds if kind in SAMPLES)
    return dict([SAMPLES[kind]])


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Put a program of these Python lines in the place of every tool."""

    def place(*lines: str) -> None:
        for program in {name for one in EXTERNAL for name in (one.program, *one.others) if name}:
            file = tmp_path / program
            file.write_text(f"#!{sys.executable}\n" + textwrap.dedent("\n".join(lines)))
            file.chmod(file.stat().st_mode | stat.S_IXUSR)
        find.cache_clear()
        monkeypatch.setattr(validator, "find", lambda program: str(tmp_path / program))

    yield place
    find.cache_clear()


@pytest.mark.parametrize("one", EXTERNAL, ids=lambda one: one.id)
@pytest.mark.parametrize(
    "lines",
    [
        ("import sys", "sys.exit(139)"),
        ("import sys", "print('panic: boom', file=sys.stderr)", "sys.exit(1)"),
        ("import sys", "print('<html>nothing that anybody expects')", "sys.exit(1)"),
    ],
    ids=["crash", "error", "garbage"],
)
def test_a_crash_is_no_approval(one: Validator, lines: tuple[str, ...], stub) -> None:  # type: ignore[no-untyped-def]
    stub(*lines)
    files = sample(one)
    ((_, batch, said),) = outcomes(files, Repository.of(files), [one])
    if isinstance(said, Text):
        assert said.en
        assert said.fr != said.en
    else:  # or told as a defect, or file by file
        assert said or set(batch.unjudged) == set(files)
    changes = [Change(path, None, text) for path, text in files.items()]
    assert all(verdict.status != "passed" for verdict in check(changes, Repository.of({}), [one]))


@pytest.mark.parametrize("one", EXTERNAL, ids=lambda one: one.id)
def test_a_tool_that_takes_too_long_is_ended_and_told(one: Validator, stub, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    stub("import time", "time.sleep(30)")
    real = validator.call
    for module in [sys.modules[one.run.__module__]]:
        monkeypatch.setattr(module, "call", lambda *a, **k: real(*a, **(k | {"seconds": 0.3})))
    files = sample(one)
    began = time.monotonic()
    ((_, _, said),) = outcomes(files, Repository.of(files), [one])
    assert time.monotonic() - began < 10
    assert isinstance(said, Text)
    assert "more than" in said.en
    assert "plus de" in said.fr


def test_a_tool_is_off_the_network_and_without_the_users_own_configuration(stub, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    stub("import json, os", "print(json.dumps(dict(os.environ)))")
    seen = json.loads(call("hadolint", cwd=tmp_path).stdout)
    assert seen["HTTPS_PROXY"] == seen["http_proxy"] == "http://127.0.0.1:9"
    assert seen["HOME"] == str(tmp_path)
    assert not any(name.startswith("XDG_") for name in seen)
    asked = json.loads(call("docker", network=True, personal=True, cwd=tmp_path).stdout)
    assert asked.get("HTTPS_PROXY") == os.environ.get("HTTPS_PROXY")
    assert asked.get("HOME") == os.environ.get("HOME")


def test_an_absent_tool_is_told_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validator, "find", lambda program: None)
    files = dict(SAMPLES.values())
    said = outcomes(files, Repository.of(files), list(EXTERNAL))
    assert all(isinstance(result, Text) and "n'est pas installé" in result.fr for _, _, result in said)
    assert {one.validator for one in absences(said)} == {one.id for one, _, _ in said}


def test_an_unforeseen_error_is_told() -> None:
    def broken(batch: Batch) -> list[judge.Problem]:
        raise RuntimeError("boom")

    one = Validator("broken", "lint", ("dockerfile",), Text("a", "b"), broken)
    ((_, _, said),) = outcomes({"Dockerfile": "FROM a:1\n"}, Repository.of({}), [one])
    assert said == Text("did not run: RuntimeError: boom", "n'a pas été exécuté : RuntimeError: boom")


def test_a_refusal_carries_both_languages() -> None:
    reason = DidNotRun(Text("no", "non")).reason
    assert (reason.en, reason.fr) == ("no", "non")


def test_what_is_slow_or_asks_the_network_is_not_in_the_inner_loop() -> None:
    assert {one.id for one in ALL if one not in VALIDATORS} == {"checkov", "image-build"}
    assert all(one in VALIDATORS for one in EMBEDDED)


@pytest.mark.parametrize("one", [one for one in EXTERNAL if one.inner], ids=lambda one: one.id)
def test_sound_files_pass(one: Validator) -> None:
    if one.found is None:
        pytest.skip(f"{one.program} is absent")
    files = sample(one)
    ((_, batch, said),) = outcomes(files, Repository.of(files), [one])
    assert not isinstance(said, Text), said.en
    assert [problem for problem in said if one.id != "zizmor"] == []
    assert not batch.unjudged


@pytest.mark.parametrize(
    ("program", "files", "configuration", "rule"),
    [
        ("hadolint", {"Dockerfile": "FROM alpine\n"}, {".hadolint.yaml": "ignored: [DL3006]\n"}, "DL3006"),
        (
            "shellcheck",
            {".gitlab-ci.yml": "a:\n  script:\n    - echo $HOME/$A\n"},
            {".shellcheckrc": "disable=SC2086\n"},
            "SC2086",
        ),
        (
            "zizmor",
            {".github/workflows/a.yml": "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v4\n"},
            {".github/zizmor.yml": "rules:\n  unpinned-uses:\n    disable: true\n"},
            "unpinned-uses",
        ),
        (
            "actionlint",
            {".github/workflows/a.yml": "on: push\njobs:\n  a:\n    runs-on: ours\n    steps:\n      - run: echo\n"},
            {".github/actionlint.yaml": "self-hosted-runner:\n  labels: [ours]\n"},
            "runner-label",
        ),
        (
            "kube-linter",
            {"a.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {selector: {a: b}, ports: [{port: 80}]}\n"},
            {".kube-linter.yaml": "checks:\n  exclude: [dangling-service]\n"},
            "dangling-service",
        ),
    ],
)  # fmt: skip
def test_the_repositorys_configuration_is_honoured(
    program: str, files: dict[str, str], configuration: dict[str, str], rule: str
) -> None:
    one = next(one for one in VALIDATORS if one.program == program)
    if one.found is None:
        pytest.skip(f"{program} is absent")

    def rules(repository: Repository) -> set[str]:
        ((_, _, said),) = outcomes(files, repository, [one])
        assert not isinstance(said, Text), said.en
        return {problem.rule for problem in said}

    assert rule in rules(Repository.of(files))
    assert rule not in rules(Repository.of({**files, **configuration}))


def test_a_builder_in_trouble_is_no_fault_of_the_dockerfile(stub) -> None:  # type: ignore[no-untyped-def]
    one = next(one for one in ALL if one.id == "image-build")
    files = {"Dockerfile": "FROM alpine:3.22\nRUN false\n"}
    for said, place in (("unknown flag: --x", None), ("Dockerfile:2\nERROR: failed to solve: exit code: 1", 2)):
        stub("import sys", f"print({said!r})", "sys.exit(1)")
        ((_, _, result),) = outcomes(files, Repository.of(files), [one])
        if place is None:
            assert isinstance(result, Text)
        else:
            assert [problem.line for problem in result] == [place]


@pytest.mark.parametrize("one", EXTERNAL, ids=lambda one: one.id)
def test_all_files_go_into_one_call(one: Validator, stub, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    if one.id in ("kustomize", "terraform-validate", "image-build"):
        pytest.skip("its command takes one folder or file")
    log = tmp_path / "calls"
    stub(f"open({str(log)!r}, 'a').write('x')", "import sys", "sys.exit(99)")
    ((path, text),) = sample(one).items()
    folder, _, name = path.rpartition("/")
    if folder.startswith(".github"):
        other = f"{folder}/two.yml"
    elif path == ".gitlab-ci.yml":
        other = f"two/{name}"
    else:
        other = f"two/{path}"
    files = {path: text, other: text}
    outcomes(files, Repository.of(files), [one])
    assert log.read_text() == "x"
