"""Repositories that are broken, huge or meant to break the reader."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read


def test_a_broken_manifest_is_told_with_its_line() -> None:
    found = read(Repository.of({"package.json": '{\n  "name": "x",\n  "scripts": {,}\n}\n'}))
    assert [(problem.path, problem.line) for problem in found.problems] == [("package.json", 3)]
    assert "JSON" in found.problems[0].message_fr


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("pyproject.toml", '[project]\nname = "x"\nname = "y"\n', 3),
        ("pom.xml", "<project>\n<a>\n</project>\n", 3),
        ("composer.json", "[]", 1),
        ("pom.xml", '<!DOCTYPE p [\n<!ENTITY a "b">\n<!ENTITY c "&a;&a;">\n]>\n<project>&c;</project>', 2),
    ],
)
def test_broken_manifests(path: str, text: str, line: int) -> None:
    found = read(Repository.of({path: text, "src/main/java/A.java": "class A {}"}))
    assert [(problem.path, problem.line) for problem in found.problems] == [(path, line)]
    assert found.components == ()


def test_windows_line_breaks_and_a_byte_order_mark() -> None:
    package = '\ufeff{\r\n  "name": "x",\r\n  "scripts": { "start": "node a.js" },\r\n  "dependencies": { "express": "5" }\r\n}\r\n'
    found = read(
        Repository.of({"package.json": package, "a.js": "const app = require('express')()\r\napp.listen(3000)\r\n"})
    )
    assert found.problems == ()
    assert (found.components[0].port, found.components[0].evidence["port"]) == (3000, "a.js:2")
    toml = '[project]\r\nname = "x"\r\nrequires-python = ">=3.12"\r\n'
    python = read(Repository.of({"pyproject.toml": toml, "x.py": "print(1)\r\n"})).components[0]
    assert python.evidence["runtime"] == "pyproject.toml:3"


def test_latin_1_is_read() -> None:
    code = "const app = require('express')();\n// d\xe9marrage\napp.listen(3000);\n".encode("latin-1")
    package = json.dumps(
        {"name": "caf\xe9", "dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}}, ensure_ascii=False
    )
    found = read(Repository.of({"package.json": package.encode("latin-1"), "a.js": code}))
    assert found.components[0].port == 3000


def test_deep_nesting_is_a_problem_and_no_crash() -> None:
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    assert [problem.path for problem in read(Repository.of({"package.json": deep})).problems] == ["package.json"]


def test_a_circular_link_an_unreadable_folder_and_a_link_outside(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(
        json.dumps({"name": "x", "dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}})
    )
    (tmp_path / "a.js").write_text("require('express')().listen(3000)")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self").symlink_to(tmp_path / "self")
    (tmp_path / "outside.js").symlink_to("/etc/passwd")
    closed = tmp_path / "closed"
    closed.mkdir()
    closed.chmod(0)
    try:
        found = read(Repository.at(tmp_path))
    finally:
        closed.chmod(0o755)
    assert [component.port for component in found.components] == [3000]


def test_fifty_thousand_files(tmp_path: Path) -> None:
    endings = (".yaml", ".py", ".ts", ".json", ".txt")
    for folder in range(100):
        path = tmp_path / f"d{folder}"
        path.mkdir()
        for number in range(500):
            os.close(os.open(path / f"f{number}{endings[number % 5]}", os.O_CREAT | os.O_WRONLY))
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["flask"]\n')
    found = read(Repository.at(tmp_path))
    assert len(found.repository.files) == 50_001
    assert [component.name for component in found.components] == ["x"]


def test_the_remote_and_the_default_branch(tmp_path: Path) -> None:
    for command in (
        ["init", "-q", "-b", "trunk"], ["remote", "add", "origin", "git@github.com:owner/shop.git"],
    ):  # fmt: skip
        subprocess.run(["git", "-C", str(tmp_path), *command], check=True, capture_output=True)
    vcs = read(Repository.at(tmp_path)).vcs
    assert (vcs.host, vcs.slug, vcs.default_branch) == ("github", "owner/shop", "trunk")
