"""Every application in `examples/` is read as `expected/<example>.json` says, each fact with its evidence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from devops_orchestrator.core.project import Component
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read, to_json

ROOT = Path(__file__).resolve().parents[2] / "examples"
EXPECTED = Path(__file__).parent / "expected"
EXAMPLES = sorted(path.stem for path in EXPECTED.glob("*.json"))


def repository(example: str) -> Repository:
    """The example as texts: without what surrounds it on disk."""
    folder = ROOT / example
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return Repository.of(files, name=example)


def facts(component: Component, names: list[str]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in names:
        value = getattr(component, name)
        if name == "runtime":
            value = f"{component.runtime.name} {component.runtime.version}" if component.runtime else None
        elif name == "processes":
            value = {one.name: one.command for one in component.processes}
        elif name == "evidence":
            continue
        found[name] = list(value) if isinstance(value, tuple) else value
    return found


def test_every_example_has_its_expectation() -> None:
    assert sorted(path.name for path in ROOT.iterdir() if path.is_dir()) == EXAMPLES


@pytest.mark.parametrize("example", EXAMPLES)
def test_example(example: str) -> None:
    expected = json.loads((EXPECTED / f"{example}.json").read_text(encoding="utf-8"))
    project = read(repository(example))
    assert [component.path for component in project.components] == [entry["path"] for entry in expected]
    for component, entry in zip(project.components, expected, strict=True):
        wanted = {name: value for name, value in entry.items() if name != "evidence"}
        assert facts(component, list(wanted)) == wanted
        for fact, place in entry["evidence"].items():
            assert component.evidence[fact] == place
    assert project.problems == ()


@pytest.mark.parametrize("example", EXAMPLES)
def test_evidence_names_lines_that_are_there(example: str) -> None:
    project = read(repository(example))
    for component in project.components:
        for fact, places in component.evidence.items():
            for place in places.split(", ") if not places.startswith("convention: ") else ():
                path, _, line = place.partition(":")
                text = project.repository.read(path)
                assert text is not None or place == "…" or project.repository.below(path), (fact, place)
                assert not line or int(line) <= len((text or "").splitlines()), (fact, place)


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_same_files_give_the_same_project(example: str) -> None:
    first, second = (json.dumps(to_json(read(repository(example)))) for _ in range(2))
    assert first == second


def test_json_has_the_keys_of_the_contract() -> None:
    found = to_json(read(repository("fastapi")))
    assert list(found) == ["root", "name", "vcs", "components", "devops_files"]
    assert list(found["vcs"]) == ["host", "default_branch"]
    assert list(found["components"][0])[:15] == [
        "path", "language", "framework", "package_manager", "runtime", "install", "build", "test", "lint", "start", "port",
        "health", "services", "environment", "evidence",
    ]  # fmt: skip
    assert found["components"][0]["runtime"] == {"name": "python", "version": "3.13"}
    json.dumps(found)
