"""What the Docker room writes, on the real applications of examples/ and on small made ones."""

from pathlib import Path

import pytest

from devops_orchestrator.actions.resolve import resolve
from devops_orchestrator.actions.review import room_findings
from devops_orchestrator.core.change import Creation
from devops_orchestrator.core.project import Component, Project
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
def test_an_example_gets_clean_files_or_a_question(example: str) -> None:
    """The law of the room: files without a finding, or one question in both languages where nothing runs."""
    folder = EXAMPLES / example
    repository = Repository.of(
        {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}, name=example
    )
    before = read(repository)
    params, _ = resolve(SPECIALIST, before, {}, {})
    assert isinstance(params, DockerParams)
    creation = create(params, before)
    files = {file.path: file.content for file in creation.files}
    if creation.question is not None:
        assert files == {}
        assert creation.question.en and creation.question.fr and creation.question.en != creation.question.fr
        assert not before.deployable
        return
    after = read(repository.overlay(files))
    assert any(path.endswith("Dockerfile") for path in files)
    assert any(path.endswith(".dockerignore") for path in files)
    for path, text in files.items():
        if not path.endswith("Dockerfile"):
            continue
        parsed = dockerfile.parse(text)
        assert text.startswith("# syntax=docker/dockerfile:1\n")
        source = Source(path, text, "dockerfile")
        found = room_findings(SPECIALIST, source, after)
        assert found == []
        user = [i.arguments for i in parsed.final.of("USER")][-1]
        assert user.replace(":", "").isdigit() and not user.startswith("0")
        start = [i for i in parsed.final.instructions if i.name in ("CMD", "ENTRYPOINT")]
        language = found_component(after, path).runtime
        if language and language.name in ("bun", "deno"):
            assert parsed.final.image.startswith({"bun": "oven/bun:", "deno": "denoland/deno:"}[language.name])
        # nginx's image brings its own command.
        assert all(i.json is not None for i in start) and (start or "nginx" in parsed.final.image)


def found_component(project: Project, dockerfile: str) -> Component:
    folder = dockerfile.rpartition("/")[0] or "."
    return next(c for c in project.components if c.path == folder)


def test_a_program_on_bun_gets_buns_image() -> None:
    manifest = '{"name": "flags", "packageManager": "bun@1.3.1", "scripts": {"start": "bun src/index.ts"}, "dependencies": {"postgres": "^3"}}'
    server = 'Bun.serve({ port: 3210, routes: { "/up": new Response("OK") } });\n'
    text = content(made({"package.json": manifest, "bun.lock": "{}", "src/index.ts": server}))
    assert text.count("FROM oven/bun:1.3.1-slim") == 2 and "node" not in text
    assert "bun install --frozen-lockfile --production" in text
    assert 'CMD ["bun", "src/index.ts"]' in text and "USER 1000:1000" in text
    assert 'CMD ["bun", "-e", "fetch(\'http://127.0.0.1:3210/up\')' in text


def test_a_program_on_deno_gets_denos_image_and_keeps_its_permissions() -> None:
    start = "deno run --allow-net --allow-env main.ts"
    files = {
        "deno.json": f'{{"tasks": {{"start": "{start}"}}}}',
        "deno.lock": '{"version": "5"}',
        "main.ts": "Deno.serve({ port: 9090 }, () => new Response());\n",
    }
    text = content(made(files))
    newest = images.cycle("deno", images.newest("deno") or "")
    assert newest is not None and f"FROM denoland/deno:{newest['latest']}" in text
    assert "deno install --frozen" in text and "deno cache --frozen main.ts" in text
    assert 'CMD ["deno", "run", "--allow-net", "--allow-env", "main.ts"]' in text and "USER 1993:1993" in text


@pytest.mark.parametrize(
    ("image", "version", "system"),
    [
        ("denoland/deno:alpine-2.5.3", "2.5.3", None),
        ("denoland/deno:2.9.5", "2.9.5", None),
        ("node:24-alpine3.23", "24", ("alpine", "3.23")),
    ],
)
def test_the_version_in_a_tag_is_the_runtimes(image: str, version: str, system: tuple[str, str] | None) -> None:
    found = images.reference(image)
    assert (found.product_version, found.os) == (version, system)


def test_a_version_that_stands_in_for_one_out_of_support_says_so_beside_the_rule() -> None:
    text = content(
        made(
            {
                **EXPRESS,
                "package.json": EXPRESS["package.json"].replace('"engines": {"node": "24"}, ', ""),
                ".nvmrc": "20.18.1\n",
            }
        )
    )
    assert (
        "# devops: ignore[docker/runtime-mismatch] Node.js 20.18.1 is out of support\nFROM node:22-trixie-slim" in text
    )


def test_programs_of_one_module_are_built_from_its_root() -> None:
    main = 'package main\n\nimport "net/http"\n\nfunc main() { http.ListenAndServe(":8080", nil) }\n'
    files = {
        "go.mod": "module example.com/shop\n\ngo 1.26\n",
        "cmd/api/main.go": main,
        "cmd/admin/main.go": main.replace("8080", "8081"),
    }
    creation = made(files)
    paths = {file.path for file in creation.files}
    assert ".dockerignore" in paths and not any(
        path.startswith("cmd/") and path.endswith(".dockerignore") for path in paths
    )
    for path in paths - {".dockerignore"}:
        assert "go build" in content(creation, path) and ("docker build -f" in content(creation, path)) == ("/" in path)


def test_what_the_program_writes_belongs_to_its_user() -> None:
    server = 'const fs = require("fs");\nfs.writeFileSync("uploads/a.txt", "");\n' + EXPRESS["server.js"]
    text = content(made({**EXPRESS, "server.js": server}))
    assert ("RUN mkdir -p uploads" in text) == ("chown 1000:1000 uploads" in text)


def test_pages_that_a_generator_makes_are_built_in_the_image() -> None:
    files = {
        "mkdocs.yml": "site_name: Handbook\n", "docs/index.md": "# Hello\n", "requirements.txt": "mkdocs==1.6.1\n", ".python-version": "3.13\n",
    }  # fmt: skip
    creation = made(files)
    text = content(creation)
    assert "FROM python:3.13-slim-trixie AS build" in text and "RUN mkdocs build" in text
    assert "COPY --from=build /app/site /usr/share/nginx/html" in text
    assert "docs" not in content(creation, ".dockerignore").splitlines()  # they are the pages


def test_hugo_without_a_version_is_a_question() -> None:
    creation = made(
        {
            "hugo.toml": 'baseURL = "https://example.org/"\n',
            "content/_index.md": "# Hello\n",
            "layouts/index.html": "<p>",
        }
    )
    assert creation.files == () and creation.question is not None and "Hugo" in creation.question.fr


def test_rust_follows_its_toolchain_file_and_ships_the_binary_alone() -> None:
    files = {
        "Cargo.toml": '[package]\nname = "links"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\naxum = "0.8"\ntokio = "1"\n',
        "Cargo.lock": "version = 4\n",
        "rust-toolchain.toml": '[toolchain]\nchannel = "1.95.0"\n',
        "src/main.rs": 'use axum::{routing::get, Router};\n\n#[tokio::main]\nasync fn main() {\n    let app = Router::new().route("/healthz", get(|| async { "ok" }));\n'
        '    let listener = tokio::net::TcpListener::bind("0.0.0.0:4100").await.unwrap();\n    axum::serve(listener, app).await.unwrap();\n}\n',
    }
    text = content(made(files))
    assert "cargo build --release --locked --bin links" in text and "# rustup installs" in text
    assert "FROM gcr.io/distroless/cc-debian13:nonroot" in text and 'ENTRYPOINT ["/usr/local/bin/links"]' in text


def test_dotnet_out_of_support_rolls_forward_and_says_so() -> None:
    files = {
        "Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk.Web">\n  <PropertyGroup>\n    <TargetFramework>net8.0</TargetFramework>\n  </PropertyGroup>\n</Project>\n',
        "Program.cs": "var app = WebApplication.CreateBuilder(args).Build();\napp.Run();\n",
    }
    creation = made(files)
    text = content(creation)
    assert "FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build" in text and "dotnet/aspnet:10.0-noble" in text
    assert "DOTNET_ROLL_FORWARD=Major" in text and 'ENTRYPOINT ["dotnet", "Shop.dll"]' in text
    assert any("TargetFramework" in step.en for step in creation.next_steps)


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
