"""What the Docker room writes, on the real applications of examples/ and on small made ones."""

from pathlib import Path

import pytest

from devops_orchestrator.actions.review import ignored
from devops_orchestrator.core.change import Creation
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Source
from devops_orchestrator.domains.containers.docker import SPECIALIST, images
from devops_orchestrator.domains.containers.docker.create import create, suggest
from devops_orchestrator.domains.containers.docker.params import DockerParams
from devops_orchestrator.formats import dockerfile
from devops_orchestrator.project import read

EXAMPLES = Path(__file__).parents[4] / "examples"


def project(files: dict[str, str]) -> Project:
    return read(Repository.of(files, name="shop"))


def made(files: dict[str, str], **params: object) -> Creation:
    return create(DockerParams.model_validate(params), project(files))


def content(creation: Creation, path: str = "Dockerfile") -> str:
    return next(file.content for file in creation.files if file.path == path)


FASTAPI = {
    "pyproject.toml": '[project]\nname = "shop"\nrequires-python = ">=3.13"\ndependencies = ["fastapi", "uvicorn"]\n',
    "uv.lock": "version = 1\n",
    "app/main.py": 'from fastapi import FastAPI\n\napp = FastAPI()\n\n\n@app.get("/health")\ndef health():\n    return {}\n',
}
EXPRESS = {
    "package.json": '{"name": "api", "engines": {"node": "24"}, "scripts": {"start": "node server.js"}, "dependencies": {"express": "5.1.0"}}',
    "package-lock.json": '{"name": "api", "lockfileVersion": 3, "packages": {"": {"name": "api", "dependencies": {"express": "5.1.0"}}}}',
    "server.js": 'const app = require("express")();\napp.get("/health", (q, s) => s.end());\napp.listen(process.env.PORT || 3000);\n',
}
GO = {
    "go.mod": "module example.com/links\n\ngo 1.26\n",
    "go.sum": "",
    "main.go": 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n',
}


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_an_example_gets_clean_files(example: str) -> None:
    folder = EXAMPLES / example
    repository = Repository.of(
        {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}, name=example
    )
    creation = create(DockerParams(), read(repository))
    files = {file.path: file.content for file in creation.files}
    after = read(repository.overlay(files))
    assert any(path.endswith("Dockerfile") for path in files)
    assert any(path.endswith(".dockerignore") for path in files)
    for path, text in files.items():
        if not path.endswith("Dockerfile"):
            continue
        parsed = dockerfile.parse(text)
        assert text.startswith("# syntax=docker/dockerfile:1\n")
        source = Source(path, text, "dockerfile")
        found = [f for rule in SPECIALIST.rules for f in rule.findings(source, after) if not ignored(f, source)]
        assert found == []
        user = [i.arguments for i in parsed.final.of("USER")][-1]
        assert user.replace(":", "").isdigit() and not user.startswith("0")
        start = [i for i in parsed.final.instructions if i.name in ("CMD", "ENTRYPOINT")]
        # nginx's image brings its own command.
        assert all(i.json is not None for i in start) and (start or "nginx" in parsed.final.image)


def test_dependencies_have_their_own_layer_and_development_ones_stay_out() -> None:
    text = content(made(FASTAPI))
    assert "FROM python:3.13-slim-trixie AS build" in text
    install = text.index("uv sync --frozen --no-dev --no-install-project")
    assert install < text.index("COPY . .")
    assert 'CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]' in text
    assert "http://127.0.0.1:8000/health" in text


def test_every_base_image_of_docker_hub_is_one_of_the_facts() -> None:
    for files in (FASTAPI, EXPRESS, GO):
        for stage in dockerfile.parse(content(made(files))).stages:
            ref = images.reference(stage.image)
            assert images.tags(ref.name) == frozenset() or ref.tag in images.tags(ref.name)


def test_a_version_that_is_not_said_is_the_newest_supported_and_told() -> None:
    files = {**EXPRESS, "package.json": EXPRESS["package.json"].replace('"engines": {"node": "24"}, ', "")}
    creation = made(files)
    newest = images.newest("node")
    assert f"FROM node:{newest}-trixie-slim AS build" in content(creation)
    assert any("names no Node.js version" in step.en for step in creation.next_steps)


def test_a_version_past_its_end_moves_to_the_nearest_supported_and_is_told() -> None:
    files = {**EXPRESS, "package.json": EXPRESS["package.json"].replace('"node": "24"', '"node": "18"')}
    creation = made(files)
    assert "FROM node:22-trixie-slim AS build" in content(creation)
    assert any("Node.js 18, end of life since 2025-04-30" in step.en for step in creation.next_steps)


def test_parameters_are_honoured() -> None:
    text = content(made(EXPRESS, port=9000, user="20001", version="26"))
    assert "FROM node:26-trixie-slim" in text
    assert "PORT=9000" in text and "EXPOSE 9000" in text and "USER 20001:20001" in text
    assert "# devops: ignore[docker/runtime-mismatch] asked for" in text


def test_a_base_image_that_cannot_run_the_program_is_left_out_and_told() -> None:
    creation = made(EXPRESS, base_image="python:3.14-slim-trixie")
    assert "FROM node:24-trixie-slim" in content(creation)
    assert any("cannot run" in step.en for step in creation.next_steps)


def test_platforms_cross_compile_go() -> None:
    creation = made(GO, platforms=["linux/amd64", "linux/arm64"])
    text = content(creation)
    assert "FROM --platform=$BUILDPLATFORM golang:1.26-trixie AS build" in text
    assert 'CGO_ENABLED=0 GOOS="$TARGETOS" GOARCH="$TARGETARCH" go build' in text
    assert "docker buildx build --platform linux/amd64,linux/arm64" in creation.next_steps[0].en


def test_a_workspace_member_is_built_from_the_root() -> None:
    files = {
        "package.json": '{"name": "root", "private": true, "workspaces": ["apps/*", "packages/*"]}',
        "package-lock.json": '{"name": "root", "lockfileVersion": 3, "packages": {}}',
        "apps/api/package.json": '{"name": "api", "scripts": {"start": "node server.js"}, "dependencies": {"express": "5.1.0", "ui": "*"}}',
        "apps/api/server.js": EXPRESS["server.js"],
        "packages/ui/package.json": '{"name": "ui"}',
        "packages/ui/index.js": "",
    }
    creation = made(files)
    text = content(creation, "apps/api/Dockerfile")
    assert "docker build -f apps/api/Dockerfile -t api ." in text
    assert "COPY packages/ui/package.json ./packages/ui/" in text
    assert "npm ci --omit=dev --workspace=apps/api --include-workspace-root" in text
    assert "COPY --from=build /app/packages/ui /app/packages/ui" in text
    assert any(file.path == ".dockerignore" for file in creation.files)


def test_a_folder_that_the_repository_holds_is_never_ignored() -> None:
    files = {
        **EXPRESS,
        "package.json": EXPRESS["package.json"].replace('"start"', '"build": "tsc", "start"'),
        "dist/keep.js": "",
    }
    lines = content(made(files), ".dockerignore").splitlines()
    assert "dist" not in lines and "**/node_modules" in lines


def test_nothing_to_deploy_is_a_question() -> None:
    creation = made({"README.md": "# notes\n"})
    assert creation.question is not None and creation.files == ()


def test_the_port_of_the_code_is_suggested_with_its_place() -> None:
    found = suggest(project(EXPRESS))
    assert found["port"].value == 3000 and "server.js" in found["port"].evidence
