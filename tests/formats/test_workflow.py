"""formats.workflow: what is written, and where."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import workflow

TEXT = """\
name: CI
on:
  push:
    branches: [main]
  pull_request:
jobs:
  test:
    needs: [lint, 'build']
    runs-on: ${{ matrix.os }}
    environment:
      name: production
    defaults:
      run:
        working-directory: api
    steps:
      - uses: actions/cache/restore@27d5ce7f107fe9357f9df03efb73ab90386fccae  # v5.0.5 pinned ✓
        with:
          Path: x
      - uses: "./local"
      - uses: docker://alpine:3.20
      - name: ✓
        id: greet
        run: |
          echo "${{ github.event['issue'].title }}"

          echo done
  call:
    uses: owner/repo/.github/workflows/x.yml@v1
"""


def test_triggers_in_their_three_forms() -> None:
    assert dict(workflow.parse("on: push\njobs: {}\n").triggers) == {"push": None}
    assert list(workflow.parse("on: [push, pull_request]\njobs: {}\n").triggers) == ["push", "pull_request"]
    found = workflow.parse(TEXT).triggers
    assert list(found) == ["push", "pull_request"]
    assert found["push"] is not None
    assert found["push"].at("branches") == ["main"]
    assert found["pull_request"] is None


def test_jobs_and_steps() -> None:
    found = workflow.parse(TEXT)
    test, call = found.jobs
    assert (test.id, [node.scalar for node in test.needs], test.environment, test.folder) == (
        "test",
        ["lint", "build"],
        "production",
        "api",
    )
    assert [runner.scalar for runner in test.runners] == ["${{ matrix.os }}"]
    assert call.uses is not None
    assert (call.uses.repository, call.uses.below, call.uses.ref) == ("owner/repo", ".github/workflows/x.yml", "v1")
    assert [(step.id, step.name) for step in test.steps][-1] == ("greet", "✓")
    assert test.steps[0].input("path") == "x"


def test_uses() -> None:
    first, local, image, called = workflow.parse(TEXT).uses
    assert (first.name, first.repository, first.below, first.pinned) == (
        "actions/cache/restore",
        "actions/cache",
        "restore",
        True,
    )
    assert (first.version, first.major, first.comment) == ("v5.0.5", 5, "v5.0.5 pinned ✓")
    assert first.comment_span is not None
    assert TEXT[slice(*first.comment_span)] == "# v5.0.5 pinned ✓"
    assert (local.kind, image.kind, called.kind) == ("local", "docker", "action")
    assert TEXT[local.node.start : local.node.end] == '"./local"'


@pytest.mark.parametrize(
    ("reference", "major"), [("v4", 4), ("v4.1", 4), ("2.37.2", 2), ("main", None), ("0" * 40, None), ("v1beta", None)]
)
def test_the_major_of_a_reference(reference: str, major: int | None) -> None:
    found = workflow.parse(f"on: push\njobs:\n  a:\n    steps:\n      - uses: a/b@{reference}\n").uses[0]
    assert found.major == major


def test_expressions_have_their_place_and_references() -> None:
    found = workflow.parse(TEXT)
    shown = {TEXT[e.start : e.end]: e.references for e in found.expressions()}
    assert shown == {
        "${{ matrix.os }}": ("matrix.os",),
        "${{ github.event['issue'].title }}": ("github.event.issue.title",),
    }


def test_a_brace_in_a_string_does_not_end_an_expression() -> None:
    (found,) = workflow.expressions_in("a ${{ format('}} {0}', inputs.x) }} b")
    assert found.body == "format('}} {0}', inputs.x)"
    assert found.references == ("format", "inputs.x")
    assert list(workflow.expressions_in("${{ never closed")) == []


@pytest.mark.parametrize(
    "run",
    [
        "|\n        echo one\n\n          echo ✓ two\n        echo ${{ x }} three\n",
        "|-\n        echo one\n        echo ${{ x }} three\n",
        "|2\n          echo one\n        echo three\n",
        "echo one ${{ x }} three\n",
        "'echo one ${{ x }} three'\n",
        '"echo one ${{ x }} three"\n',
    ],
)
@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_every_character_of_a_script_is_found_in_the_file(run: str, eol: str) -> None:
    text = f"on: push\njobs:\n  a:\n    steps:\n    - run: {run}".replace("\n", eol)
    script = workflow.parse(text).jobs[0].steps[0].script
    assert script is not None
    assert script.placed
    for offset, char in enumerate(script.text):
        if char != "\n":
            assert text[script.place(offset)] == char, offset
    assert len(script.plain) == len(script.text)
    assert "${{" not in script.plain


@pytest.mark.parametrize(
    "run", [">\n        echo one\n        two\n", '"echo \\"one\\""\n', "'it''s'\n", "echo one\n        two\n"]
)
def test_a_script_that_yaml_changes_has_no_places(run: str) -> None:
    script = workflow.parse(f"on: push\njobs:\n  a:\n    steps:\n    - run: {run}").jobs[0].steps[0].script
    assert script is not None
    assert not script.placed


@pytest.mark.parametrize("text", ["", "- a\n", "a: 1\n---\nb: 2\n", "a: [\n", "word"])
def test_what_is_no_workflow_is_told(text: str) -> None:
    with pytest.raises(ParseError):
        workflow.parse(text)


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text("ab ✓:${}#\n", max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["on", "jobs", "steps", "uses", "run", "with", "needs", "runs-on", "env", "name", "push"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_any_shape_is_read_without_an_error(value: object) -> None:
    whole = (
        value
        if isinstance(value, dict)
        else {"on": value, "jobs": {"a": value, "b": {"steps": [value], "uses": value}}}
    )
    text = json.dumps(whole, ensure_ascii=False)
    found = workflow.parse(text)
    assert isinstance(dict(found.triggers), dict)
    for job, step in found.steps:
        assert job.runners is not None
        assert step.uses is None or isinstance(step.uses.major, int | None)
    assert list(found.expressions()) is not None
