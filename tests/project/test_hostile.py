"""Repositories that are broken, huge or meant to break the reader."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from devops_orchestrator.core.repository import MAX_BYTES, Repository
from devops_orchestrator.project import read, to_json

PACKAGE = json.dumps({"name": "x", "dependencies": {"express": "5"}, "scripts": {"start": "node a.js"}})
CODE = "require('express')().listen(3000)\n"


def git(folder: Path, *arguments: str) -> None:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", "-C", str(folder), *who, *arguments], check=True, capture_output=True)


def problems(files: dict[str, str | bytes]) -> list[tuple[str, int]]:
    return [(problem.path, problem.line) for problem in read(Repository.of(files)).problems]


def test_a_broken_manifest_is_told_in_both_languages() -> None:
    found = read(Repository.of({"package.json": '{\n  "name": "x",\n  "scripts": {,}\n}\n'}))
    assert "Invalid JSON" in found.problems[0].message_en
    assert "JSON invalide" in found.problems[0].message_fr
    assert found.components == ()


JAVA = {"src/main/java/A.java": "class A {}"}
WEB_PROJECT = {"a.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"></Project>'}
BROKEN = [
    ("package.json", '{\n  "name": "x",\n  "scripts": {,}\n}\n', 3, {}),
    ("package.json", "[]", 1, {}),
    ("pyproject.toml", '[project]\nname = "x"\nname = "y"\n', 3, {}),
    ("Pipfile", "[packages]\nflask = \n", 2, {}),
    ("Cargo.toml", '[package]\nname = "x"\nversion =\n', 3, {}),
    ("pom.xml", "<project>\n<a>\n</project>\n", 3, JAVA),
    ("pom.xml", '<!DOCTYPE p [\n<!ENTITY a "b">\n<!ENTITY c "&a;&a;">\n]>\n<project>&c;</project>', 2, JAVA),
    ("a.csproj", '<Project Sdk="Microsoft.NET.Sdk.Web">\n<PropertyGroup>\n</Project>\n', 3, {}),
    ("global.json", '{\n  "sdk":\n}\n', 3, WEB_PROJECT),
    ("composer.json", '{\n  "require": {\n    "a" "b"\n  }\n}\n', 3, {}),
    ("deno.json", '{\n  // a comment\n  "tasks": {\n    "start" "x"\n  }\n}\n', 4, {}),
    ("Gemfile", 'source "https://example.org"\ngem "rails\n', 2, {}),
    ("Gemfile", 'source "https://example.org"\ngem "rails", ["8"\n', 2, {}),
    ("mix.exs", "defmodule A do\n  def project do\n    [app: :a\n  end\nend\n", 4, {}),
    ("go.mod", "module example.org/a\n\nrequire (\n\texample.org/b v1.0.0\n", 3, {}),
    ("pnpm-workspace.yaml", 'packages:\n  - "a\n', 3, {"package.json": PACKAGE}),
    ("Dockerfile", "FROM node:22\nRAN npm ci\n", 2, {}),
    ("compose.yaml", "services:\n  a:\n    image: x\n   b: y\n", 4, {}),
    (".github/workflows/ci.yml", "on: push\njobs:\n  a: [\n", 4, {}),
    (".gitlab-ci.yml", "a:\n  script: [\n", 3, {}),
    ("k8s/web.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: a\n spec: b\n", 5, {}),
    ("Chart.yaml", "apiVersion: v2\nname: [a\n", 3, {}),
    ("main.tf", 'module "a" {\n  source =\n}\n', 2, {}),
    ("docker-bake.hcl", 'target "a" {\n  x = [\n', 3, {}),
]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["unix", "windows", "old mac"])
@pytest.mark.parametrize(("path", "text", "line", "beside"), BROKEN)
def test_broken_manifests(path: str, text: str, line: int, beside: dict[str, str], end: str) -> None:
    assert problems({**beside, path: text.replace("\n", end)}) == [(path, line)]


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


@pytest.mark.parametrize("end", ["\r\n", "\r"], ids=["windows", "old mac"])
def test_line_numbers_of_every_manifest(end: str) -> None:
    """What is found stands on the line on which an editor shows it, whatever ends the lines."""
    unix = {
        "package.json": '{\n  "name": "x",\n  "engines": {\n    "node": ">=22"\n  },\n  "dependencies": {\n    "express": "5"\n  }\n}\n',
        "a.js": "// the port\nrequire('express')()\n  .listen(3000)\n",
        "py/app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
        "py/pyproject.toml": '[project]\nname = "y"\nrequires-python = ">=3.12"\ndependencies = ["flask"]\n',
        "go/go.mod": "module example.org/z\n\ngo 1.25\n",
        "go/main.go": 'package main\n\nimport "net/http"\n\nfunc main() {\n\thttp.ListenAndServe(":4000", nil)\n}\n',
        "rb/Gemfile": 'source "https://example.org"\nruby "3.4.1"\ngem "sinatra"\n',
        "java/pom.xml": "<project>\n<artifactId>j</artifactId>\n<properties>\n<java.version>21</java.version>\n</properties>\n"
        "<dependencies>\n<dependency><groupId>org.springframework.boot</groupId>\n"
        "<artifactId>spring-boot-starter-web</artifactId></dependency>\n</dependencies>\n</project>\n",
        "java/src/main/java/App.java": "@SpringBootApplication\nclass App {\n  public static void main(String[] a) {}\n}\n",
        "java/src/main/resources/application.properties": "# the port\nserver.port=9000\n",
        "rust/Cargo.toml": '[package]\nname = "r"\nrust-version = "1.90"\n\n[dependencies]\naxum = "0.8"\n',
        "rust/src/main.rs": "fn main() {}\n",
        "compose.yaml": "services:\n  db:\n    image: postgres:18\n",
        "php/composer.json": '{\n  "require": {\n    "php": "^8.4",\n    "laravel/framework": "^12.0"\n  }\n}\n',
    }

    def places(files: dict[str, str]) -> dict[str, dict[str, str]]:
        return {component.path: dict(component.evidence) for component in read(Repository.of(files)).components}

    other = places({path: text.replace("\n", end) for path, text in unix.items()})
    assert other == places(unix)
    assert other["py"]["runtime"] == "py/pyproject.toml:3"
    assert other["java"]["port"] == "java/src/main/resources/application.properties:2"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_files_that_windows_writes(encoding: str) -> None:
    """`pip freeze > requirements.txt` of Windows PowerShell writes UTF-16 with its mark."""

    def written(text: str) -> bytes:
        mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
        return mark + text.encode(encoding)

    files: dict[str, str | bytes] = {
        "requirements.txt": written("flask==3.1.0\r\nredis==6.0.0\r\n"),
        "app.py": written("from flask import Flask\r\n\r\napp = Flask(__name__)\r\napp.run(port=5050)\r\n"),
    }
    component = read(Repository.of(files)).components[0]
    assert (component.framework, component.port, component.evidence["port"]) == ("flask", 5050, "app.py:4")
    assert component.services == ("redis",)


@pytest.mark.parametrize(
    "data",
    [b"\0\1\2", b"{\0}", b"\xff\xfea", b"\xfe\xff\xd8\x00", b"\x89PNG\r\n\x1a\n\0"],
    ids=["binary", "nul", "half a character", "lone surrogate", "picture"],
)
def test_a_manifest_that_is_no_text_is_told(data: bytes) -> None:
    assert problems({"package.json": data, "a.js": CODE}) == [("package.json", 1)]


def test_empty_files() -> None:
    names = ("package.json", "pyproject.toml", "go.mod", "Gemfile", "Cargo.toml", "composer.json", "mix.exs", "compose.yaml", "main.tf",
             "requirements.txt", ".github/workflows/ci.yml", "k8s/a.yaml", "Procfile", "app.py", "a.js")  # fmt: skip
    assert read(Repository.of(dict.fromkeys(names, ""))).devops_files
    assert [path for path, _ in problems(dict.fromkeys(names, " \n\n"))] == ["composer.json", "package.json"]


def test_a_file_of_a_hundred_megabytes(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text(PACKAGE)
    (tmp_path / "a.js").write_text(CODE)
    for name in ("dump.json", "seed.yaml", "bundle.js", "Dockerfile.big"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(100_000_000)
    repository = Repository.at(tmp_path)
    started = time.perf_counter()
    assert [component.port for component in read(repository).components] == [3000]
    assert time.perf_counter() - started < 3
    assert repository.read("dump.json") is None
    assert len(repository.read_bytes("dump.json", 10) or b"") == 10


def test_a_line_of_a_megabyte() -> None:
    long = "const a = [" + "1," * 500_000 + "];\n"
    yaml = "services:\n  web:\n    image: " + "a" * 1_500_000 + "\n"
    files: dict[str, str | bytes] = {"package.json": PACKAGE, "a.js": CODE, "long.js": long, "compose.yaml": yaml}
    started = time.perf_counter()
    assert [component.port for component in read(Repository.of(files)).components] == [3000]
    assert time.perf_counter() - started < 5


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("compose.yaml", BOMB + "services: *i\n"),
        (".github/workflows/ci.yml", BOMB + "on: push\njobs: *i\n"),
        ("k8s/a.yaml", "apiVersion: v1\nkind: Service\n" + BOMB),
        ("compose.yaml", "services: " + "[" * 50_000 + "]" * 50_000 + "\n"),
        ("compose.yaml", "".join(" " * depth + "a:\n" for depth in range(2_000))),
        ("compose.yaml", "services: &a\n  b: *a\n"),
        ("main.tf", "a = " + "[" * 20_000 + "]" * 20_000 + "\n"),
        ("main.tf", "a {\n" * 20_000 + "}\n" * 20_000),
        ("package.json", '{"a":' * 100_000 + "1" + "}" * 100_000),
        ("pyproject.toml", "a = " + "[" * 50_000 + "]" * 50_000 + "\n"),
        ("mix.exs", "[" * 30_000 + "]" * 30_000 + "\n"),
        ("Gemfile", "a(" * 30_000 + ")" * 30_000 + "\n"),
    ],
)  # fmt: skip
def test_bombs_and_deep_nesting(path: str, text: str) -> None:
    started = time.perf_counter()
    read(Repository.of({path: text, "a.js": CODE}))
    assert time.perf_counter() - started < 10


def test_deep_code_ends() -> None:
    """Far deeper than people write: nothing is found in it, and nothing falls over."""
    deep = {
        "a.js": "f(" * 20_000 + ")" * 20_000 + ";process.env.A", "b.py": "import os\nos.environ['A']\n" + "(" * 5_000 + ")" * 5_000,
        "main.go": "package main\nfunc main() {" + "{" * 20_000 + "}" * 20_000 + "}", "A.java": "class A { int a = " + "(" * 20_000 + "1" + ")" * 20_000 + "; } //main(",
    }  # fmt: skip
    manifests = {"package.json": PACKAGE, "requirements.txt": "flask\n", "go.mod": "module a\n\ngo 1.25\n", "pom.xml": "<project><artifactId>a</artifactId></project>"}  # fmt: skip
    for path, text in deep.items():
        read(Repository.of({**manifests, path: text}))


@pytest.mark.parametrize(
    "files",
    [
        {
            "package.json": '{"name": "root", "workspaces": ["a", "b", "."]}',
            "a/package.json": '{"name": "a", "dependencies": {"b": "*", "express": "5"}, "workspaces": ["../b"]}',
            "b/package.json": '{"name": "b", "dependencies": {"a": "*"}, "workspaces": ["../a"]}',
            "a/tsconfig.json": '{"extends": "../b/tsconfig.json"}', "b/tsconfig.json": '{"extends": "../a/tsconfig.json"}',
            "a/index.ts": "import '../b/index'\n", "b/index.ts": "import '../a/index'\nprocess.env.A\n",
        },
        {
            "pom.xml": "<project><parent><groupId>g</groupId><artifactId>b</artifactId><version>1</version><relativePath>b/pom.xml</relativePath></parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version><modules><module>b</module><module>.</module></modules></project>",
            "b/pom.xml": "<project><parent><groupId>g</groupId><artifactId>a</artifactId><version>1</version><relativePath>../pom.xml</relativePath></parent><groupId>g</groupId><artifactId>b</artifactId><version>1</version><properties><x>${y}</x><y>${x}</y><java.version>${x}</java.version></properties></project>",
            "b/src/main/java/A.java": "class A { public static void main(String[] a) {} }",
        },
        {
            "a/Cargo.toml": '[package]\nname = "a"\n[dependencies]\nb = { path = "../b" }\n', "a/src/main.rs": "mod c;\nfn main() {}\n",
            "b/Cargo.toml": '[package]\nname = "b"\n[dependencies]\na = { path = "../a" }\n', "b/src/lib.rs": "pub mod b;\n",
            "Cargo.toml": '[workspace]\nmembers = ["a", "b", "."]\n',
        },
        {
            "a/go.mod": "module example.org/a\n\ngo 1.25\n\nrequire example.org/b v0.0.0\n\nreplace example.org/b => ../b\n", "a/main.go": 'package main\n\nimport _ "example.org/b"\n\nfunc main() {}\n',
            "b/go.mod": "module example.org/b\n\ngo 1.25\n\nrequire example.org/a v0.0.0\n\nreplace example.org/a => ../a\n", "b/b.go": 'package b\n\nimport _ "example.org/a"\n',
            "go.work": "go 1.25\n\nuse (\n\t./a\n\t./b\n\t.\n)\n",
        },
        {
            "a/a.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web"><ItemGroup><ProjectReference Include="..\\b\\b.csproj"/></ItemGroup></Project>',
            "b/b.csproj": '<Project Sdk="Microsoft.NET.Sdk"><Import Project="b.csproj"/><ItemGroup><ProjectReference Include="..\\a\\a.csproj"/></ItemGroup></Project>',
            "a/Program.cs": "var app = WebApplication.CreateBuilder(args).Build(); app.Run();",
        },
        {
            "app/__init__.py": "from app.a import x\n", "app/a.py": "from app.b import x\n", "app/b.py": "from app.a import x\nimport os\nos.environ[x]\n",
            "requirements.txt": "-r requirements.txt\n-r other.txt\nflask\n", "other.txt": "-r requirements.txt\n", "main.py": "from app import x\nimport flask\n",
        },
        {"settings.gradle": "include ':a', ':b'\n", "a/build.gradle": "dependencies { implementation project(':b') }\n", "b/build.gradle": "dependencies { implementation project(':a') }\n"},
        {"Dockerfile": "FROM b AS a\nFROM a AS b\nFROM b\n", "package.json": PACKAGE, "a.js": CODE},
        {"compose.yaml": "include: [compose.yaml]\nservices:\n  a:\n    extends:\n      service: a\n    depends_on: [a]\n    build: .\n", "package.json": PACKAGE},
        {"Makefile": "a: b\nb: a\n\t$(MAKE) a\n", "package.json": '{"scripts": {"a": "npm run b", "b": "npm run a", "start": "npm run start", "test": "npm run a"}}'},
    ],
    ids=["npm", "maven", "cargo", "go", "dotnet", "python", "gradle", "docker", "compose", "scripts"],
)  # fmt: skip
def test_circles(files: dict[str, str]) -> None:
    started = time.perf_counter()
    to_json(read(Repository.of(files)))
    assert time.perf_counter() - started < 5


def test_strange_paths() -> None:
    names = ("a b", "a\nb", "#a", "ä", "a'b\"c", "-rf", "$(a)", "*", "[a]", "{a}", "a\\b", "\u202e", "a:1")
    files = {f"{name}/package.json": PACKAGE.replace('"x"', json.dumps(name)) for name in names}
    files |= {f"{name}/a.js": CODE for name in names} | {f"{name}/Dockerfile": "FROM node:22\n" for name in names}
    found = read(Repository.of(files))
    assert len(found.components) == len(names)
    assert len({component.name for component in found.components}) == len(names)
    assert json.loads(json.dumps(to_json(found)))


def test_names_that_differ_by_case_alone() -> None:
    files = {"README.md": "a", "readme.md": "b", "App/package.json": PACKAGE, "app/package.json": PACKAGE, "App/a.js": CODE, "app/a.js": CODE, "Dockerfile": "FROM a\n", "dockerfile": "FROM b\n"}  # fmt: skip
    found = read(Repository.of(files))
    assert {component.path for component in found.components} == {"App", "app"}
    assert [file.path for file in found.devops_files] == ["Dockerfile", "dockerfile"]


def test_very_deep_folders(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(150):
        folder = folder / "deep"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(PACKAGE)
    (folder / "a.js").write_text(CODE)
    assert [component.path.count("/") for component in read(Repository.at(tmp_path)).components] == [149]


def application(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "package.json").write_text(PACKAGE)
    (folder / "a.js").write_text(CODE)
    return folder


@pytest.mark.parametrize("in_git", [True, False])
def test_links_pipes_and_names_that_are_no_text(tmp_path: Path, in_git: bool) -> None:
    outside = application(tmp_path / "outside")
    root = application(tmp_path / "root")
    (root / "loop").symlink_to(root, target_is_directory=True)
    (root / "self").symlink_to(root / "self")
    (root / "Dockerfile.out").symlink_to("/etc/passwd")
    (root / "away").symlink_to(outside, target_is_directory=True)
    (root / "gone").symlink_to(root / "nothing")
    (root / "b.js").symlink_to(root / "a.js")
    os.mkfifo(root / "Makefile")
    with open(os.fsencode(root) + b"/caf\xe9.dockerfile", "w") as file:  # noqa: PTH123
        file.write("FROM node:22\n")
    if in_git:
        git(root, "init", "-q")
        git(root, "add", "package.json", "Dockerfile.out", "b.js", "self", "away")
    repository = Repository.at(root)
    found = read(repository)
    assert {path for path in repository.files if path.isascii()} == {"a.js", "b.js", "package.json"}
    assert [component.port for component in found.components] == [3000]
    assert [os.fsencode(file.path) for file in found.devops_files] == [b"caf\xe9.dockerfile"]
    for path in (
        "Makefile",
        "Dockerfile.out",
        "away/package.json",
        "../outside/package.json",
        "self",
        "loop",
        "a.js/b",
        "nothing",
        "",
    ):
        assert repository.read_bytes(path) is None, path
    assert repository.read("loop/a.js") == CODE
    shown = run("inspect", str(root), "--json")
    assert shown.returncode == 0
    assert os.fsencode(json.loads(shown.stdout)["devops_files"][0]["path"]) == b"caf\xe9.dockerfile"


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a user other than root sees it: permissions do not stop root, who runs tests in containers."""
    application(tmp_path)
    application(tmp_path / "closed")
    (tmp_path / "secret.py").write_text("a = 1\n")
    scandir, opened = os.scandir, os.open

    def no_folder(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    def no_file(path: str, flags: int, mode: int = 0o777) -> int:
        if str(path).endswith("secret.py"):
            raise PermissionError(13, "Permission denied", path)
        return opened(path, flags, mode)

    monkeypatch.setattr(os, "scandir", no_folder)
    monkeypatch.setattr(os, "open", no_file)
    repository = Repository.at(tmp_path)
    assert [component.path for component in read(repository).components] == ["."]
    assert repository.files == ("a.js", "package.json", "secret.py")
    assert repository.read("secret.py") is None


def test_submodules_worktrees_and_repositories_inside(tmp_path: Path) -> None:
    library = application(tmp_path / "library")
    git(library, "init", "-q", "-b", "main")
    git(library, "add", ".")
    git(library, "commit", "-qm", "a")
    root = application(tmp_path / "root")
    git(root, "init", "-q", "-b", "main")
    git(root, "submodule", "add", "-q", str(library), "modules/library")
    git(root, "add", ".")
    git(root, "commit", "-qm", "a")
    git(root, "worktree", "add", "-q", "-b", "next", str(tmp_path / "tree"))
    git(application(root / "inside"), "init", "-q")
    (root / "removed.js").write_text("x")
    git(root, "add", "removed.js")
    (root / "removed.js").unlink()
    assert Repository.at(root).files == (".gitmodules", "a.js", "package.json")
    assert [component.path for component in read(Repository.at(root)).components] == ["."]
    tree = read(Repository.at(tmp_path / "tree"))
    assert (tree.repository.files, tree.vcs.default_branch) == ((".gitmodules", "a.js", "package.json"), "next")
    submodule = read(Repository.at(root / "modules/library"))
    assert (submodule.repository.files, submodule.vcs.default_branch) == (("a.js", "package.json"), "main")
    assert [component.path for component in read(Repository.at(root / "inside")).components] == ["."]


def test_what_git_ignores_is_left_out_but_not_the_folder_that_was_asked_for(tmp_path: Path) -> None:
    application(tmp_path)
    application(tmp_path / "build")
    (tmp_path / ".gitignore").write_text("build/\n")
    git(tmp_path, "init", "-q")
    assert Repository.at(tmp_path).files == (".gitignore", "a.js", "package.json")
    assert Repository.at(tmp_path / "build").files == ("a.js", "package.json")


def test_a_repository_of_somebody_else_runs_nothing(tmp_path: Path) -> None:
    application(tmp_path)
    git(tmp_path, "init", "-q")
    script = tmp_path / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    script.chmod(0o755)
    git(tmp_path, "config", "core.fsmonitor", str(script))
    assert "a.js" in Repository.at(tmp_path).files
    assert not (tmp_path / "ran").exists()


def test_empty_and_bare_repositories(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    git(tmp_path / "empty", "init", "-q", "-b", "main")
    empty = read(Repository.at(tmp_path / "empty"))
    assert (empty.components, empty.devops_files, empty.problems, empty.vcs.default_branch) == ((), (), (), "main")
    git(tmp_path, "init", "-q", "--bare", "bare.git")
    assert read(Repository.at(tmp_path / "bare.git")).components == ()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "devops_orchestrator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, timeout=60)


@pytest.mark.parametrize(
    ("name", "en", "fr"),
    [
        ("nothing", "does not exist", "n'existe pas"),
        ("file", "is not a folder", "n'est pas un dossier"),
        ("a" * 5_000, "cannot be read", "Impossible de lire"),
        ("~nobody-of-this-name", "cannot be read", "Impossible de lire"),
    ],
    ids=["missing", "file", "long", "home of nobody"],
)
def test_a_path_that_is_no_folder(tmp_path: Path, name: str, en: str, fr: str) -> None:
    (tmp_path / "file").write_text("x")
    path = name if name.startswith("~") else str(tmp_path / name)
    for language, told in (("en", en), ("fr", fr)):
        done = run("inspect", path, "--lang", language)
        assert (done.returncode, done.stdout) == (2, "")
        assert told in done.stderr
        assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from devops_orchestrator import orchestrator
    from devops_orchestrator.errors import UsageError

    def closed(self: Path) -> object:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", closed)
    with pytest.raises(UsageError) as told:
        orchestrator.open_repository(tmp_path)
    assert told.value.exit_code == 2
    assert "Permission denied" in told.value.text.en
    assert told.value.text.fr.startswith("Impossible de lire")


MANIFESTS = (
    "package.json", "tsconfig.json", "deno.json", "pnpm-workspace.yaml", "yarn.lock", "pyproject.toml", "requirements.txt", "setup.py",
    "setup.cfg", "Pipfile", "tox.ini", "composer.json", "Gemfile", "Gemfile.lock", "config.ru", "mix.exs", "pom.xml", "build.gradle",
    "build.gradle.kts", "settings.gradle", "gradle/libs.versions.toml", "a.csproj", "a.sln", "global.json", "appsettings.json", "go.mod",
    "go.work", "Cargo.toml", "rust-toolchain.toml", ".nvmrc", ".tool-versions", "mise.toml", "Makefile", "Taskfile.yml", "justfile",
    "Procfile", "Dockerfile", ".dockerignore", "compose.yaml", ".env", "main.py", "a.js", "src/index.ts", "main.go", "A.java", "src/main.rs",
    "app.rb", "index.php", "Program.cs", "index.html", "mkdocs.yml", "hugo.toml", "_config.yml", "src/main/resources/application.yml",
    ".github/workflows/ci.yml", ".gitlab-ci.yml", "Jenkinsfile", "Chart.yaml", "k8s/a.yaml", "k8s/a.json", "main.tf", "docker-bake.hcl",
    "prometheus.yml", "action.yml", "vector.toml", "nginx.conf", "config/database.yml", "artisan", "vite.config.ts", "angular.json",
)  # fmt: skip
PIECES = st.sampled_from(
    [b"{", b"}", b"[", b"]", b'"', b"'", b":", b",", b"\n", b"\r", b"\t", b"  ", b"- ", b"#", b"<", b"</a>", b"&a ", b"*a", b"=", b"(", b")",
     b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xe9", b"name", b"services", b"dependencies", b"apiVersion: v1\nkind: Service\n", b"FROM a\n",
     b"RUN <<E\n", b'module "a" {\n', b"require (\n", b"[project]\n", b"<project>", b"<Project>", b"1e999", b"9" * 400, b"null", b"${", b"{{",
     b"def a(", b"import ", b"end\n", b"do\n", b"\\", b"../", b"\xe2\x80\xa8", b"|", b"!!python/object:a ", b'"""', b"/*"]
)  # fmt: skip
CONTENT = st.one_of(st.binary(max_size=120), st.lists(PIECES, max_size=30).map(b"".join))


@settings(max_examples=60, deadline=5_000, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(MANIFESTS), CONTENT, min_size=1, max_size=8))
def test_nothing_that_a_file_holds_makes_the_reader_fall(files: dict[str, bytes]) -> None:
    json.dumps(to_json(read(Repository.of(files))))


def test_a_portion_of_a_very_large_repository_keeps_what_tells() -> None:
    from devops_orchestrator.project import portion

    files = [f"src/orders/part{number:04}.ts" for number in range(3_000)]
    files += [
        "src/server.ts",
        "src/routes/health.ts",
        "package.json",
        "Dockerfile",
        "vite.config.ts",
        "tests/a.test.ts",
    ]
    files.sort()
    read = portion.of(files, components=100, total=50_000)
    assert {
        "src/server.ts",
        "src/routes/health.ts",
        "package.json",
        "Dockerfile",
        "vite.config.ts",
        "tests/a.test.ts",
    } <= set(read)
    assert len(read) < 30
    assert list(read) == sorted(read)
    assert portion.of(files, components=100, total=5_000) == tuple(files)


def test_reading_is_bounded_by_the_size_of_what_is_read() -> None:
    assert Repository.of({"a": "x" * (MAX_BYTES + 1)}).read("a") is None
    assert Repository.of({"a": "x" * MAX_BYTES}).read("a") is not None


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
