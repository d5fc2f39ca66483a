"""The rules of the Docker room. The guide's before and after blocks are run by the house; here are the fine points."""

from typing import Any

from devops_orchestrator.core.change import apply_edits
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding, Source
from devops_orchestrator.domains.containers.docker import SPECIALIST, images
from devops_orchestrator.project import read


def findings(files: dict[str, str], path: str = "Dockerfile") -> list[Finding]:
    project = read(Repository.of(files))
    source = Source(path, files[path], "dockerfile")
    return [finding for rule in SPECIALIST.rules for finding in rule.findings(source, project)]


def of(rule: str, files: dict[str, str], path: str = "Dockerfile") -> list[Finding]:
    return [finding for finding in findings(files, path) if finding.rule == f"docker/{rule}"]


def fixed(rule: str, text: str, **files: Any) -> str:
    found = of(rule, {"Dockerfile": text, **files})
    assert found and found[0].fix is not None
    return apply_edits(text, [e for e in found[0].fix.edits if e.file == "Dockerfile"])


def test_a_commented_command_is_no_command() -> None:
    text = "FROM debian:13-slim\nRUN true && \\\n    # curl https://example.com | sh\n    echo sudo\nUSER 1:1\n"
    assert findings({"Dockerfile": text}) == []


def test_an_argument_that_holds_the_version_is_what_moves() -> None:
    text = "ARG NODE=18\nFROM node:${NODE}-slim\nUSER 1000:1000\n"
    assert fixed("end-of-life-base", text).startswith("ARG NODE=22\nFROM node:${NODE}-slim\n")


def test_a_version_older_than_the_facts_is_told_without_a_made_up_day() -> None:
    message = of("end-of-life-base", {"Dockerfile": "FROM node:0.10\nUSER 1:1\n"})[0].message
    assert "since before" in message.en and "antérieure" in message.fr


def test_a_distribution_ends_too() -> None:
    found = of("end-of-life-base", {"Dockerfile": "FROM python:3.14-slim-bullseye\nUSER 1:1\n"})
    assert "Debian 11" in found[0].message.en


def test_a_secret_is_named_and_never_printed() -> None:
    found = of(
        "secret-in-image",
        {"Dockerfile": "FROM debian:13-slim\nENV API_TOKEN=s3cr3t-value DB=postgres://u:hunter2@db/x\nUSER 1:1\n"},
    )
    assert len(found) == 2
    assert "s3cr3t" not in repr(found) and "hunter2" not in repr(found)


def test_names_of_places_are_no_secrets() -> None:
    text = "FROM debian:13-slim\nENV PASSWORD_FILE=/run/x TOKEN_TTL=3600 NEXT_PUBLIC_API_KEY=abc SECRET_KEY=build-only\nUSER 1:1\n"
    assert of("secret-in-image", {"Dockerfile": text}) == []


def test_a_source_that_dockerignore_leaves_out_is_told_with_its_line() -> None:
    files = {
        "Dockerfile": "FROM debian:13-slim\nCOPY conf/app.ini /app/\nUSER 1:1\n",
        "conf/app.ini": "",
        ".dockerignore": "# x\nconf\n",
    }
    found = of("copy-source-missing", files)
    assert found[0].related[0].file == ".dockerignore" and found[0].related[0].line == 2


def test_the_build_context_of_compose_is_used() -> None:
    files = {
        "docker/Dockerfile": "FROM debian:13-slim\nCOPY src/run.sh /run.sh\nUSER 1:1\n",
        "src/run.sh": "",
        "compose.yaml": "services:\n  app:\n    build:\n      context: .\n      dockerfile: docker/Dockerfile\n",
    }
    assert of("copy-source-missing", files, "docker/Dockerfile") == []


def test_a_build_output_is_told_as_such() -> None:
    files = {"Dockerfile": "FROM debian:13-slim\nCOPY dist/app /app\nUSER 1:1\n", ".gitignore": "dist\n"}
    assert "clean checkout" in of("copy-source-missing", files)[0].message.en


def test_the_copy_moves_only_where_nothing_can_differ() -> None:
    text = 'FROM node:24-trixie-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER 1000:1000\nCMD ["node", "x.js"]\n'
    lock = {"package-lock.json": '{"packages": {"": {}}}'}
    plain = {"Dockerfile": text, **lock, "package.json": "{}", ".dockerignore": "node_modules\n"}
    hooked = {**plain, "package.json": '{"scripts": {"postinstall": "node tools.js"}}'}
    unignored = {**plain, ".dockerignore": ".git\n"}
    assert [of("copy-before-install", f)[0].fix.safe for f in (plain, hooked, unignored)] == [True, False, False]  # type: ignore[union-attr]
    after = fixed("copy-before-install", text, **{k: v for k, v in plain.items() if k != "Dockerfile"})
    assert "COPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\n" in after


def test_npm_install_becomes_npm_ci_only_when_the_lockfile_is_in_step() -> None:
    text = (
        "FROM node:24-trixie-slim\nWORKDIR /app\nCOPY package*.json ./\nRUN npm install --production\nUSER 1000:1000\n"
    )
    manifest = '{"dependencies": {"a": "1.0.0"}}'
    good = {
        "Dockerfile": text,
        "package.json": manifest,
        "package-lock.json": '{"packages": {"": {"dependencies": {"a": "1.0.0"}}}}',
    }
    stale = {**good, "package-lock.json": '{"packages": {"": {"dependencies": {"a": "0.9.0"}}}}'}
    assert [of("lockfile-not-used", f)[0].fix.safe for f in (good, stale)] == [True, False]  # type: ignore[union-attr]
    assert "RUN npm ci --omit=dev\n" in fixed(
        "lockfile-not-used", text, **{k: v for k, v in good.items() if k != "Dockerfile"}
    )


def test_an_account_that_the_image_makes_is_the_user() -> None:
    text = 'FROM node:24-alpine\nRUN addgroup --system api && adduser --system -G api api\nCOPY a.js /\nCMD ["node", "/a.js"]\n'
    after = fixed("root-user", text, **{"a.js": ""})
    assert after.endswith('USER api\nCMD ["node", "/a.js"]\n')


def test_a_new_line_stays_out_of_a_comment_and_its_instruction() -> None:
    text = 'FROM python:3.14-slim-trixie\nCOPY a.py /\n# the start ✓\nCMD ["python", "/a.py"]\n'
    assert fixed("root-user", text, **{"a.py": ""}).endswith(
        'USER 10001:10001\n# the start ✓\nCMD ["python", "/a.py"]\n'
    )


def test_a_command_that_needs_a_shell_keeps_it() -> None:
    for line in ("CMD python app.py $PORT", "CMD a && b", "CMD cd x"):
        found = of("shell-form", {"Dockerfile": f"FROM python:3.14-slim-trixie\nUSER 1:1\n{line}\n"})
        assert found and found[0].fix is None


def test_crlf_survives_a_fix() -> None:
    text = (
        "FROM debian:13-slim\r\nRUN apt-get update && apt-get install -y --no-install-recommends curl\r\nUSER 1:1\r\n"
    )
    after = fixed("apt-lists", text)
    assert after.count("\n") == after.count("\r\n")


def test_the_new_dockerignore_names_only_what_git_ignores_and_nobody_copies() -> None:
    files = {
        "Dockerfile": "FROM node:24-trixie-slim\nWORKDIR /app\nCOPY dist ./dist\nCOPY . .\nUSER 1:1\n",
        "package.json": "{}", "dist/a.js": "", ".gitignore": "node_modules\ndist\n.env\ntarget\n",
    }  # fmt: skip
    fix = of("missing-dockerignore", files)[0].fix
    assert fix is not None and fix.safe
    assert fix.edits[0].text.splitlines()[1:] == [".git", "**/node_modules", "**/.env"]


def test_the_single_stage_of_go_is_split_as_a_proposal() -> None:
    text = 'FROM golang:1.27-trixie\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\nUSER 65532:65532\nENTRYPOINT ["/app"]\n'
    found = of("build-tools-in-image", {"Dockerfile": text, "main.go": "package main"})
    assert found[0].fix is not None and not found[0].fix.safe
    after = apply_edits(text, found[0].fix.edits)
    assert "FROM golang:1.27-trixie AS build\n" in after and "FROM gcr.io/distroless/static-debian13\n" in after


def test_a_health_check_asks_with_what_the_image_has() -> None:
    text = 'FROM node:24-trixie-slim\nUSER 1000:1000\nHEALTHCHECK CMD curl -f http://localhost:3000/ok || exit 1\nCMD ["node", "a.js"]\n'
    assert 'CMD ["node", "-e", "fetch(' in fixed("healthcheck-tool-missing", text)
    assert of("healthcheck-tool-missing", {"Dockerfile": text.replace("-trixie-slim", "-trixie")}) == []


def test_references() -> None:
    ref = images.reference("docker.io/library/python:3.12-slim-bookworm@sha256:" + "0" * 64)
    assert (ref.name, ref.version, ref.variant, ref.os) == ("python", "3.12", "slim-bookworm", ("debian", "12"))
    assert images.reference("localhost:5000/a/b").tag is None
    assert images.reference("maven:3.9-eclipse-temurin-21").product_version == "21"
