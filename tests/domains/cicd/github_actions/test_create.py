"""What is written for a project: the jobs that it needs, and nothing that it does not have."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from devops_orchestrator.core import facts, kinds
from devops_orchestrator.core.change import Creation
from devops_orchestrator.core.project import Component, DevopsFile, Project, Runtime, Vcs
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.domains.cicd.github_actions import SPECIALIST
from devops_orchestrator.domains.cicd.github_actions.create import create, suggest
from devops_orchestrator.domains.cicd.github_actions.params import GithubActionsParams
from devops_orchestrator.formats import workflow, yaml
from devops_orchestrator.formats.workflow import Workflow
from devops_orchestrator.project import read
from devops_orchestrator.text import Text
from devops_orchestrator.validation import VALIDATORS
from devops_orchestrator.validation.judge import outcomes

CI = ".github/workflows/ci.yml"
DEPENDABOT = ".github/dependabot.yml"
EXAMPLES = Path(__file__).parents[4] / "examples"
API = Component(
    name="api", language="python", framework="fastapi", package_manager="uv", runtime=Runtime("python", "3.13"),
    install="uv sync --frozen", lint="uv run ruff check .", test="uv run pytest", lockfile="uv.lock", manifest="pyproject.toml",
)  # fmt: skip
WEB = Component(
    path="web", name="web", kind="static", language="typescript", package_manager="npm", runtime=Runtime("node", "24"),
    install="npm ci", build="npm run build", test="npm test", lockfile="web/package-lock.json", manifest="web/package.json",
)  # fmt: skip


def project(*components: Component, files: dict[str, str] | None = None, branch: str | None = "main") -> Project:
    repository = Repository.of(files or {})
    found = tuple(
        DevopsFile(path, kind) for path in repository.files if (kind := kinds.of(path, repository.read(path)))
    )
    return Project(repository, "shop", Vcs("github", "acme/shop", branch), components, found)


def made(found: Project, **params: Any) -> Creation:
    return create(GithubActionsParams(**params), found)


def text(creation: Creation, path: str = CI) -> str:
    return next(file.content for file in creation.files if file.path == path)


def ci(found: Project, **params: Any) -> Workflow:
    return workflow.parse(text(made(found, **params)))


def scripts(found: Workflow, job: str) -> list[str]:
    return [step.script.text for j, step in found.steps if j.id == job and step.script]


def test_lint_and_tests_are_jobs_with_the_projects_commands() -> None:
    found = ci(project(API))
    assert [job.id for job in found.jobs] == ["lint", "test"]
    assert scripts(found, "test") == ["uv sync --frozen", "uv run pytest"]
    assert scripts(found, "lint") == ["uv sync --frozen", "uv run ruff check ."]


def test_every_action_is_pinned_by_what_the_facts_hold() -> None:
    for uses in ci(project(API, files={"Dockerfile": "FROM python:3.13\n"})).uses:
        assert uses.pinned
        assert (uses.ref, uses.version) == facts.action(uses.repository)


def test_no_job_has_more_rights_than_it_needs() -> None:
    found = ci(project(API, files={"Dockerfile": "FROM python:3.13\n"}))
    assert found.root.at("permissions") == {}
    assert {job.id: job.node.at("permissions") for job in found.jobs} == {
        "lint": {"contents": "read"}, "test": {"contents": "read"}, "image": {"contents": "read", "packages": "write"},
    }  # fmt: skip
    for _, step in found.steps:
        if step.uses and step.uses.name == "actions/checkout":
            assert step.input("persist-credentials") == "false"
    assert all(job.node.at("timeout-minutes") for job in found.jobs)


def test_a_component_without_tests_gets_no_test_job() -> None:
    creation = made(project(replace(API, test=None)))
    assert [job.id for job in workflow.parse(text(creation)).jobs] == ["lint"]
    assert any("no test command" in step.en for step in creation.next_steps)


def test_nothing_to_run_is_a_question() -> None:
    creation = made(project(Component(kind="static", language="static")))
    assert creation.question is not None
    assert creation.files == ()


def test_services_have_health_checks_and_the_names_that_the_code_reads() -> None:
    api = replace(
        API,
        test_services=("postgresql", "redis"),
        environment=("DATABASE_URL", "REDIS_URL", "PORT"),
        dependencies={"sqlalchemy": "", "asyncpg": ""},
    )
    job = ci(project(api)).jobs[1]
    assert job.node.at("services", "postgres", "ports") == ["5432:5432"]
    assert "pg_isready" in job.node.at("services", "postgres", "options")
    assert "redis-cli ping" in job.node.at("services", "redis", "options")
    assert job.node.at("env") == {
        "DATABASE_URL": "postgresql+asyncpg://test:test@localhost:5432/test", "REDIS_URL": "redis://localhost:6379/0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "dependencies", "expected"),
    [
        ("python", {"psycopg": "", "sqlalchemy": ""}, "postgresql+psycopg://test:test@localhost:5432/test"),
        ("python", {"psycopg": "", "django": ""}, "postgresql://test:test@localhost:5432/test"),
        ("go", {}, "postgresql://test:test@localhost:5432/test?sslmode=disable"),
        ("java", {}, "jdbc:postgresql://localhost:5432/test"),
    ],
)
def test_the_connection_string_is_the_one_of_the_language(
    language: str, dependencies: dict[str, str], expected: str
) -> None:
    api = replace(
        API, language=language, dependencies=dependencies, test_services=("postgresql",), environment=("DATABASE_URL",)
    )
    job = next(job for job in ci(project(api)).jobs if job.id == "test")
    assert job.node.at("env", "DATABASE_URL") == expected


def test_parts_of_a_connection_are_recognised() -> None:
    names = ("DB_HOST", "DB_PORT", "DB_NAME", "DB_USER", "DB_PASSWORD", "SHOP_REDIS_HOST")
    job = ci(project(replace(API, test_services=("mysql", "redis"), environment=names))).jobs[1]
    assert job.node.at("env") == {
        "DB_HOST": "localhost", "DB_PORT": "3306", "DB_NAME": "test", "DB_USER": "root", "DB_PASSWORD": "test",
        "SHOP_REDIS_HOST": "localhost",
    }  # fmt: skip


def test_the_image_of_the_compose_file_is_used() -> None:
    compose = "services:\n  db:\n    image: postgis/postgis:16-3.4\n  cache:\n    image: redis:latest\n"
    found = ci(project(replace(API, test_services=("postgresql", "redis")), files={"compose.yaml": compose}))
    services = found.jobs[1].node.at("services")
    assert services["postgres"]["image"] == "postgis/postgis:16-3.4"
    assert services["redis"]["image"].split(":")[1].isdigit()  # `latest` says nothing


def test_images_of_services_are_tags_that_exist() -> None:
    names = ("postgresql", "mysql", "mariadb", "mongodb", "redis", "rabbitmq", "memcached")
    services = ci(project(replace(API, test_services=names))).jobs[1].node.at("services")
    assert len(services) == len(names)
    for service in services.values():
        image, _, tag = service["image"].partition(":")
        assert any(tag in entry["tags"] for entry in facts.load("images")["images"][image]["tags"])


def test_a_service_without_a_known_image_is_told() -> None:
    creation = made(project(replace(API, test_services=("kafka",))))
    assert any("kafka" in step.fr for step in creation.next_steps)


def test_a_matrix_only_where_it_means_something() -> None:
    assert all(job.get("strategy") is None for job in ci(project(API)).jobs)
    asked = ci(project(API), versions=("3.12", "3.13"), os=("ubuntu", "macos"))
    test = asked.jobs[1]
    assert test.node.at("strategy", "matrix", "version") == ["3.12", "3.13"]
    assert len(test.node.at("strategy", "matrix", "os")) == 2
    assert asked.jobs[0].get("strategy") is None
    one = ci(project(API), versions=("3.12",))
    assert one.jobs[1].get("strategy") is None
    assert [step.input("python-version") for _, step in one.steps if step.uses and "uv" in step.uses.name] == [
        "3.12"
    ] * 2


def test_a_library_is_tested_on_what_it_supports() -> None:
    test = ci(project(replace(API, kind="library", runtime=Runtime("python", "3.12")))).jobs[1]
    versions = test.node.at("strategy", "matrix", "version")
    assert versions[0] == "3.12"
    assert set(versions) <= set(facts.load("runtimes")["python"]["supported"])


def test_service_containers_stay_on_linux() -> None:
    creation = made(project(replace(API, test_services=("redis",))), os=("ubuntu", "windows"))
    assert workflow.parse(text(creation)).jobs[1].runners[0].scalar.startswith("ubuntu")
    assert any("Linux" in step.en for step in creation.next_steps)


@pytest.mark.parametrize(("name", "key"), [(".nvmrc", "node-version-file"), ("other", "node-version")])
def test_the_version_comes_from_the_projects_own_file(name: str, key: str) -> None:
    found = ci(project(replace(WEB, path=".", lockfile="package-lock.json"), files={name: "24\n"}))
    setup = next(step for _, step in found.steps if step.uses and step.uses.name == "actions/setup-node")
    assert key in setup.inputs
    assert setup.input("cache") == "npm"


def test_without_a_lockfile_there_is_no_cache() -> None:
    found = ci(project(replace(WEB, path=".", lockfile=None)))
    setup = next(step for _, step in found.steps if step.uses and step.uses.name == "actions/setup-node")
    assert "cache" not in setup.inputs


def test_pip_installs_what_the_tests_need() -> None:
    api = replace(API, package_manager="pip", install="pip install -r requirements.txt", test="pytest", lockfile=None)
    files = {"requirements.txt": "flask\n", "requirements-dev.txt": "pytest\n"}
    assert (
        scripts(ci(project(api, files=files)), "test")[0] == "pip install -r requirements.txt -r requirements-dev.txt"
    )
    files["requirements-dev.txt"] = "-r requirements.txt\npytest\n"
    assert scripts(ci(project(api, files=files)), "test")[0] == "pip install -r requirements-dev.txt"


def test_triggers() -> None:
    found = ci(project(API, branch="trunk"), schedule="tous les lundis à 3h")
    assert found.triggers["push"] is not None
    assert found.triggers["push"].at("branches") == ["trunk"]
    assert found.root.at("on", "schedule", 0, "cron") == "0 3 * * 1"
    named = ci(project(API), branches=("main", "develop")).triggers["push"]
    assert named is not None
    assert named.at("branches") == ["main", "develop"]
    assert suggest(project(API, branch="trunk"))["branches"].value == ("trunk",)
    assert suggest(project(API, branch=None)) == {}


def test_the_image_is_pushed_after_the_checks_on_branch_and_tags_alone() -> None:
    found = ci(project(API, files={"Dockerfile": "FROM python:3.13\n"}))
    image = found.jobs[-1]
    assert [node.scalar for node in image.needs] == ["lint", "test"]
    assert found.root.at("on", "push", "tags") == ["v*"]
    steps = {step.uses.name: step for step in image.steps if step.uses}
    assert steps["docker/login-action"].node.at("if") == "github.event_name != 'pull_request'"
    build = steps["docker/build-push-action"]
    assert build.input("push") == "${{ github.event_name != 'pull_request' }}"
    assert (build.input("sbom"), build.input("provenance")) == ("true", "mode=max")


def test_a_monorepo_runs_what_changed_and_reports_one_check() -> None:
    api = replace(API, path="api", lockfile="api/uv.lock")
    files = {"api/Dockerfile": "FROM python:3.13\nCOPY main.py .\n", "api/main.py": "", "web/package.json": "{}"}
    found = ci(project(api, WEB, files=files))
    assert [job.id for job in found.jobs] == ["changes", "api", "api-image", "web", "ci"]
    assert "paths" not in (found.root.at("on", "pull_request") or {})
    script = scripts(found, "changes")[0]
    assert "changed api api" in script
    assert "changed web web" in script
    jobs = {job.id: job for job in found.jobs}
    assert jobs["web"].node.at("if") == "needs.changes.outputs.web == 'true'"
    assert jobs["web"].folder == "web"
    assert {node.scalar for node in jobs["ci"].needs} == {"changes", "api", "api-image", "web"}
    build = next(s for s in jobs["api-image"].steps if s.uses and s.uses.name == "docker/build-push-action")
    assert build.input("context") == "api"


def test_the_id_of_a_job_begins_with_a_letter() -> None:
    found = ci(project(replace(API, path="01-api", name="01-api"), replace(WEB, name="@acme/Web_UI")))
    assert [job.id for job in found.jobs] == ["changes", "app-01-api", "web-ui", "ci"]


def test_a_workspace_member_watches_its_root_and_what_it_needs() -> None:
    shared = Component(
        path="packages/shared",
        name="@acme/shared",
        kind="library",
        language="typescript",
        package_manager="pnpm",
        install_path=".",
    )
    web = replace(
        WEB,
        package_manager="pnpm",
        install_path=".",
        lockfile="pnpm-lock.yaml",
        dependencies={"@acme/shared": "workspace:*"},
    )
    found = ci(project(web, shared, replace(API, path="api")))
    assert "changed web web ':(glob)*' packages/shared" in scripts(found, "changes")[0]
    install = next(step for job, step in found.steps if job.id == "web" and step.name == "Install dependencies")
    assert install.node.at("working-directory") == "."


def test_the_build_context_is_where_everything_copied_is() -> None:
    files = {"api/Dockerfile": "FROM python:3.13\nCOPY uv.lock api/main.py ./\n", "api/main.py": "", "uv.lock": ""}
    found = ci(project(replace(API, path="api"), files=files))
    build = next(s for _, s in found.steps if s.uses and s.uses.name == "docker/build-push-action")
    assert (build.input("context"), build.input("file")) == (".", "api/Dockerfile")


def test_dependabot_watches_what_is_there() -> None:
    files = {"Dockerfile": "FROM python:3.13\n", "web/Dockerfile": "FROM node:24\n", "compose.yaml": "services: {}\n"}
    updates = yaml.parse(text(made(project(API, WEB, files=files)), DEPENDABOT))[0].at("updates")
    shown = {entry["package-ecosystem"]: entry.get("directories") or [entry["directory"]] for entry in updates}
    assert shown == {
        "github-actions": ["/"], "docker": ["/", "/web"], "docker-compose": ["/"], "npm": ["/web"], "uv": ["/"],
    }  # fmt: skip
    assert all(entry["cooldown"]["default-days"] >= 7 for entry in updates)


def test_renovate_keeps_its_place() -> None:
    assert [file.path for file in made(project(API, files={"renovate.json": "{}"})).files] == [CI]


def test_a_workflow_that_tests_already_is_improved_and_not_doubled() -> None:
    tests = "on: pull_request\njobs:\n  t:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: uv run pytest\n"
    creation = made(
        project(
            API,
            files={
                ".github/workflows/tests.yml": tests,
                ".github/workflows/stale.yml": tests.replace("pytest", "stale"),
            },
        )
    )
    assert [file.path for file in creation.files] == [".github/workflows/tests.yml", DEPENDABOT]


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.iterdir() if path.is_dir()))
def test_an_example_gets_a_workflow_without_findings_or_a_question(example: str) -> None:
    files = {
        p.relative_to(EXAMPLES / example).as_posix(): p.read_bytes()
        for p in (EXAMPLES / example).rglob("*")
        if p.is_file() and "node_modules" not in p.parts
    }
    found = read(Repository.of(files, name=example))
    creation = made(found)
    if creation.question:
        # The law of the room: a workflow without findings, or one question where the repository says nothing to run.
        assert creation.files == () and creation.question.en != creation.question.fr
        assert not any(c.test or c.lint or c.typecheck or c.build for c in found.components)
        return
    written = {file.path: file.content for file in creation.files}
    assert written == {file.path: file.content for file in made(found).files}  # the same bytes again
    after = found.overlaid(written)
    for path, content in written.items():
        assert "\t" not in content
        assert not any(line != line.rstrip() for line in content.split("\n")), path
        assert content.endswith("\n")
        assert not content.endswith("\n\n")
    for _, _, said in outcomes(written, after.repository, VALIDATORS):
        if not isinstance(said, Text):
            assert said == []
    from devops_orchestrator.actions.review import room_findings, sources

    assert [
        f for source in sources((SPECIALIST,), after, list(written)) for f in room_findings(SPECIALIST, source, after)
    ] == []


@pytest.mark.parametrize(
    ("example", "action", "inputs"),
    [
        ("bun", "oven-sh/setup-bun", {"bun-version-file": "package.json"}),
        ("deno", "denoland/setup-deno", {"deno-version": "2.5.3", "cache": "true"}),
        ("phoenix", "erlef/setup-beam", {"version-file": ".tool-versions", "version-type": "strict"}),
        ("elixir-plug", "erlef/setup-beam", {"elixir-version": "1.17", "otp-version": "27"}),
        ("sveltekit", "actions/setup-node", {"node-version-file": ".tool-versions"}),
        ("go-cmd", "actions/setup-go", {"go-version-file": "go.mod"}),
    ],
)
def test_each_runtime_has_its_own_setup_action(example: str, action: str, inputs: dict[str, str]) -> None:
    folder = EXAMPLES / example
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    creation = made(read(Repository.of(files, name=example)))
    text = next(file.content for file in creation.files if file.path == CI)
    found = workflow.parse(text)
    steps = [step for _, step in found.steps if step.uses and step.uses.repository == action]
    assert steps
    for key, value in inputs.items():
        assert steps[0].input(key) == value
    if example in ("bun", "deno"):
        assert "actions/setup-node" not in text
