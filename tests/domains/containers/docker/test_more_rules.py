"""Stages, arguments, starts and tool versions: near misses."""

import pytest

from devops_orchestrator.core.change import apply_edits
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding, Source
from devops_orchestrator.domains.containers.docker import SPECIALIST
from devops_orchestrator.project import read


def of(rule: str, text: str, path: str = "Dockerfile", **files: str) -> list[Finding]:
    project = read(Repository.of({**files, path: text}))
    source = Source(path, text, "dockerfile")
    return [f for each in SPECIALIST.rules if each.id == f"docker/{rule}" for f in each.findings(source, project)]


BUILD = "FROM golang:1.27 AS builder\nRUN go version\nFROM scratch\nCOPY --from={0} /a /a\n"


@pytest.mark.parametrize(
    ("name", "count"),
    [("builder", 0), ("0", 0), ("bulider", 1), ("build", 1), ("composer", 0), ("golang:1.27", 0), ("ghcr.io/a/b:1", 0)],
)
def test_what_a_copy_comes_from(name: str, count: int) -> None:
    assert len(of("unknown-stage", BUILD.format(name))) == count


def test_a_named_context_is_no_stage() -> None:
    compose = "services:\n  a:\n    build:\n      context: .\n      additional_contexts:\n        build: ../x\n"
    assert not of("unknown-stage", BUILD.format("build"), **{"compose.yaml": compose})


def test_a_stage_that_comes_later() -> None:
    text = "FROM base AS app\nRUN true\nFROM debian:13 AS base\nRUN true\n"
    assert "later" in of("unknown-stage", text)[0].message.en


ARG = "ARG V=1\nFROM debian:13\n{0}\n"


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("RUN echo $V", 1), ("RUN echo ${V}", 1), ("ARG V\nRUN echo $V", 0), ("RUN V=2; echo $V", 0), ("RUN for V in a b; do echo $V; done", 0),
        ("RUN echo \\$V", 0), ("RUN echo '$V'", 0), ("ENV V=3\nRUN echo $V", 0), ("LABEL version=$V", 1), ("CMD echo $V", 0), ("RUN read V && echo $V", 0),
    ],
)  # fmt: skip
def test_the_scope_of_an_argument(line: str, count: int) -> None:
    assert len(of("argument-out-of-scope", ARG.format(line))) == count


def test_repeating_the_argument_mends_it() -> None:
    text = ARG.format("RUN echo $V")
    found = of("argument-out-of-scope", text)
    assert found[0].fix
    mended = apply_edits(text, list(found[0].fix.edits))
    assert mended == "ARG V=1\nFROM debian:13\nARG V\nRUN echo $V\n"
    assert not of("argument-out-of-scope", mended)


def test_a_parent_stage_gives_its_arguments_on() -> None:
    assert not of("argument-out-of-scope", "ARG V=1\nFROM debian:13 AS a\nARG V\nFROM a\nRUN echo $V\n")


def test_an_argument_that_a_stage_takes_is_used() -> None:
    assert of("unused-argument", "ARG V=1\nFROM debian:13\n")
    assert not of("unused-argument", "ARG V=1\nFROM debian:13\nARG V\n")
    assert not of("unused-argument", "ARG V=1 # often so called\nFROM debian:13\n")


@pytest.mark.parametrize(
    ("last", "count"),
    [
        ("node server.js", 1), ("exec node server.js", 0), ('exec "$@"', 0), ("node migrate.js\nexec node server.js", 0),
        ("trap stop TERM\nnode server.js", 0), ("if true; then node server.js; fi", 0), ("node server.js &\nwait", 0), ("echo done", 0),
    ],
)  # fmt: skip
def test_the_last_command_of_a_start_script(last: str, count: int) -> None:
    text = 'FROM node:24-slim\nWORKDIR /app\nCOPY start.sh ./\nUSER 1:1\nENTRYPOINT ["./start.sh"]\n'
    assert len(of("script-without-exec", text, **{"start.sh": f"#!/bin/sh\n{last}\n"})) == count


def test_the_development_image_may_differ_no_more_than_production() -> None:
    other = {"Dockerfile": "FROM node:24-slim\nUSER 1:1\n"}
    assert of("versions-differ", "FROM node:20-slim\nUSER 1:1\n", "Dockerfile.dev", **other)
    assert not of("versions-differ", "FROM node:24\nUSER 1:1\n", "Dockerfile.dev", **other)
    assert not of("versions-differ", "FROM node:20-slim\nUSER 1:1\n", "Dockerfile.docs", **other)


def test_a_build_stage_that_delivers_pages_may_have_another_version() -> None:
    text = "FROM node:22 AS web\nRUN npm run build\nFROM node:24-slim\nCOPY --from=web /app/dist ./dist\nUSER 1:1\n"
    assert not of("versions-differ", text)
    assert of("versions-differ", text.replace("/app/dist ./dist", "/app/node_modules ./node_modules"))


WORKFLOW = "on: push\njobs:\n  test:\n    runs-on: x\n    strategy:\n      matrix:\n        node: [20, 22]\n    steps:\n      - uses: actions/setup-node@v6\n        with:\n          node-version: {0}\n      - run: {1}\n"
CODE = {
    "package.json": '{"name": "a", "dependencies": {"express": "5"}}',
    "server.js": 'require("express")().listen(3000);\n',
}


@pytest.mark.parametrize(
    ("version", "run", "count"),
    [
        ("20", "npm test", 1), ("24", "npm test", 0), ("24.x", "npm test", 0), ("${{ matrix.node }}", "npm test", 1), ("lts/*", "npm test", 0),
        ("20", "npm run build", 0),
    ],
)  # fmt: skip
def test_the_version_that_is_tested(version: str, run: str, count: int) -> None:
    files = {**CODE, ".github/workflows/ci.yml": WORKFLOW.format(version, run)}
    assert (
        len(
            of(
                "untested-version",
                'FROM node:24-slim\nCOPY server.js ./\nUSER 1:1\nCMD ["node", "server.js"]\n',
                **files,
            )
        )
        == count
    )


def test_a_development_stage_may_have_development_dependencies() -> None:
    composer = {"composer.json": '{"require-dev": {"phpunit/phpunit": "^12"}}', "composer.lock": "{}"}
    text = "FROM php:8.5-fpm AS {0}\nRUN composer install\n"
    assert not of("dev-dependencies", text.format("app_dev"), **composer)
