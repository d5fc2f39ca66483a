"""The rules of the CI rooms that need the repository: what they tell, and the near misses that they leave alone."""

from __future__ import annotations

import json

import pytest

from devops_orchestrator import catalog, orchestrator
from devops_orchestrator.actions.improve import repair
from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding

ROOMS = [
    catalog.specialist(f"cicd/{name}")
    for name in ("github-actions", "gitlab-ci", "pipelines", "quality-gates", "artifacts")
]
CI = ".github/workflows/ci.yml"
GIT = {"symbolic-ref --short HEAD": "main\n"}


def review(files: dict[str, str], rule: str) -> list[Finding]:
    project = orchestrator.inspect(Repository.of(files, git=GIT))
    found = [f for source in sources(ROOMS, project) for room in ROOMS for f in room_findings(room, source, project)]
    return [f for f in found if f.rule == rule]


def workflow(jobs: str, on: str = "pull_request:") -> str:
    body = "\n".join(f"  {line}" if line else line for line in jobs.strip("\n").split("\n"))
    return f"name: CI\non:\n  {on}\npermissions: {{}}\njobs:\n{body}\n"


def steps(body: str, *, head: str = "", on: str = "pull_request:") -> str:
    lines = "\n".join(f"    {line}" for line in body.strip("\n").split("\n"))
    return workflow(f"test:\n  runs-on: ubuntu-24.04\n{head}  steps:\n{lines}", on)


def told(text: str, rule: str, files: dict[str, str] | None = None) -> int:
    return len(review({CI: text, **(files or {})}, rule))


PACKAGE = json.dumps(
    {
        "name": "shop",
        "packageManager": "pnpm@10.20.0",
        "scripts": {"test": "vitest run", "lint": "eslint --fix .", "check": "eslint ."},
        "devDependencies": {"vitest": "3.2.4", "ruff": "1.0.0"},
    },
    indent=2,
)
NODE = {"package.json": PACKAGE, "src/cart.js": "export const a = 1\n", "tests/cart.test.js": "test()\n"}


# Names inside a workflow.


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("- run: echo ${{ steps.x.outputs.y }}", 1),
        ('- id: x\n  run: echo "y=1" >> $GITHUB_OUTPUT\n- run: echo ${{ steps.x.outputs.y }}', 0),
        ('- id: x\n  run: echo "z=1" >> $GITHUB_OUTPUT\n- run: echo ${{ steps.x.outputs.y }}', 1),
        ("- id: x\n  run: ./version.sh\n- run: echo ${{ steps.x.outputs.y }}", 0),
        ("- id: x\n  uses: acme/version@v1\n- run: echo ${{ steps.x.outputs.y }}", 0),
        ("- run: echo ${{ matrix.os }}", 1),
        ('- run: echo "steps.x.outputs.y"', 0),
        ("- if: steps.lint.outcome == 'failure'\n  run: exit 1", 1),
        ("- if: contains('steps.lint', 'x')\n  run: exit 1", 0),
        ("- run: echo ${{ needs.build.result }}", 1),
        ("- run: echo ${{ toJSON(needs) }}", 0),
    ],
)
def test_outputs_that_nothing_sets(body: str, count: int) -> None:
    assert told(steps(body), "github-actions/unknown-output") == count


def test_keys_of_a_matrix() -> None:
    head = "  strategy:\n    matrix:\n      os: [a]\n      include:\n        - os: b\n          extra: 1\n"
    assert (
        told(steps("- run: echo ${{ matrix.extra }} ${{ matrix.os }}", head=head), "github-actions/unknown-output") == 0
    )
    assert told(steps("- run: echo ${{ matrix.other }}", head=head), "github-actions/unknown-output") == 1
    head = "  strategy:\n    matrix: ${{ fromJSON(needs.x.outputs.m) }}\n"
    assert not [
        f
        for f in review({CI: steps("- run: echo ${{ matrix.other }}", head=head)}, "github-actions/unknown-output")
        if "matrix" in f.message.en
    ]


def test_inputs_of_an_own_action() -> None:
    action = "name: x\ninputs:\n  version:\n    required: true\nruns:\n  using: composite\n  steps:\n    - run: echo\n      shell: bash\n"
    files = {".github/actions/setup/action.yml": action}
    use = "- uses: ./.github/actions/setup"
    assert told(steps(f"{use}\n  with:\n    version: 1"), "github-actions/unknown-input", files) == 0
    assert told(steps(f"{use}\n  with:\n    version: 1\n    other: 2"), "github-actions/unknown-input", files) == 1
    assert told(steps(use), "github-actions/unknown-input", files) == 1


def test_composite_actions_are_reviewed_too() -> None:
    action = "name: x\nruns:\n  using: composite\n  steps:\n    - run: pip install ruff\n      shell: bash\n    - uses: acme/x@main\n"
    files = {".github/actions/setup/action.yml": action, CI: steps("- uses: ./.github/actions/setup")}
    assert [f.file for f in review(files, "github-actions/unpinned-tool")] == [".github/actions/setup/action.yml"]
    assert [f.line for f in review(files, "github-actions/moving-branch")] == [7]


# Delivery.

DEPLOY = """
test:
  runs-on: x
  steps:
    - run: npm test
deploy:
  runs-on: x
  {extra}
  steps:
    - run: {command}
"""
MAIN = "push:\n    branches: [main]"


@pytest.mark.parametrize(
    ("extra", "command", "on", "count"),
    [
        ("environment: production", "flyctl deploy", MAIN, 1),
        ("needs: test", "flyctl deploy", MAIN, 0),
        ("if: startsWith(github.ref, 'refs/tags/')", "flyctl deploy", MAIN, 0),
        ("if: github.event_name == 'workflow_dispatch'", "flyctl deploy", MAIN, 0),
        ("environment: production", "flyctl deploy --build-only", MAIN, 0),
        ("environment: production", "kubectl apply --dry-run=client -f x.yaml", MAIN, 0),
        ("environment: production", "echo flyctl deploy", MAIN, 0),
        ("environment: production", "flyctl deploy", "push:\n    tags: ['v*']", 0),
        ("environment: production", "flyctl deploy", "pull_request:", 0),
    ],
)
def test_delivered_before_the_tests(extra: str, command: str, on: str, count: int) -> None:
    assert told(workflow(DEPLOY.format(extra=extra, command=command), on), "github-actions/delivered-untested") == count


def test_tests_that_run_on_pull_requests_alone_are_the_branch_protection_s() -> None:
    deploy = workflow("deploy:\n  runs-on: x\n  steps:\n    - run: flyctl deploy", MAIN)
    files = {".github/workflows/test.yml": steps("- run: npm test"), CI: deploy}
    assert review(files, "github-actions/delivered-untested") == []
    files[".github/workflows/test.yml"] = steps("- run: npm test", on=MAIN)
    assert len(review(files, "github-actions/delivered-untested")) == 1
    files[".github/workflows/test.yml"] = steps(
        "- run: npm test", on="push:\n    branches: [main]\n    paths: [docs/**]"
    )
    assert review(files, "github-actions/delivered-untested") == []


def test_tests_of_another_component_are_not_its_own() -> None:
    text = workflow(
        "api:\n  runs-on: x\n  steps:\n    - run: pytest\n      working-directory: api\n"
        "web:\n  runs-on: x\n  steps:\n    - uses: docker/build-push-action@v7\n      with: {context: web, push: true}", MAIN,
    )  # fmt: skip
    assert told(text, "github-actions/delivered-untested") == 0
    assert told(text.replace("context: web", "context: api"), "github-actions/delivered-untested") == 1


def test_a_deployment_with_its_own_group_or_a_trial() -> None:
    job = "{name}:\n  runs-on: x\n{extra}  steps:\n    - run: kubectl apply -f k8s/"
    rule = "github-actions/deploy-without-concurrency"
    assert told(workflow(job.format(name="deploy", extra=""), MAIN), rule) == 1
    assert told(workflow(job.format(name="deploy", extra="  concurrency: production\n"), MAIN), rule) == 0
    assert told(workflow(job.format(name="deployment-tests", extra=""), MAIN), rule) == 0


@pytest.mark.parametrize(
    ("group", "count"),
    [
        ("test-${{ github.head_ref }}", 1),
        ("${{ github.workflow }}-${{ github.event.pull_request.number }}", 1),
        ("${{ github.head_ref || github.run_id }}", 0),
        ("${{ github.workflow }}-${{ github.ref }}", 0),
        ("${{ github.head_ref }}-${{ github.sha }}", 0),
    ],
)
def test_a_group_that_all_pushes_share(group: str, count: int) -> None:
    text = steps("- run: npm test", on="push:\n  pull_request:").replace(
        "jobs:", f"concurrency:\n  group: {group}\n  cancel-in-progress: true\njobs:"
    )
    assert told(text, "github-actions/shared-concurrency-group") == count
    assert told(text.replace("  push:\n", ""), "github-actions/shared-concurrency-group") == 0


# Services.

SERVICE = "  services:\n    db:\n      image: {image}\n{options}"


def test_a_database_that_is_awaited() -> None:
    rule = "github-actions/unready-service"
    assert told(steps("- run: npm test", head=SERVICE.format(image="postgres:17", options="")), rule) == 1
    assert told(steps("- run: npm test", head=SERVICE.format(image="redis:8", options="")), rule) == 0
    options = "      options: --health-cmd pg_isready\n"
    assert told(steps("- run: npm test", head=SERVICE.format(image="postgres:17", options=options)), rule) == 0
    assert (
        told(
            steps("- run: until pg_isready; do sleep 1; done", head=SERVICE.format(image="postgres:17", options="")),
            rule,
        )
        == 0
    )


def test_versions_of_services() -> None:
    compose = {"compose.yaml": "services:\n  db:\n    image: postgres:17-alpine\n"}
    mismatch = "github-actions/service-mismatch"
    for image, count in (("postgres:17.2", 0), ("postgres:16", 1), ("postgres:${{ matrix.pg }}", 0), ("postgres", 0)):
        assert told(steps("- run: x", head=SERVICE.format(image=image, options="")), mismatch, compose) == count, image
    two = {"compose.yaml": "services:\n  a:\n    image: postgres:17\n  b:\n    image: postgres:16\n"}
    assert told(steps("- run: x", head=SERVICE.format(image="postgres:15", options="")), mismatch, two) == 0
    (finding,) = review(
        {CI: steps("- run: x", head=SERVICE.format(image="postgres", options="")), **compose},
        "github-actions/moving-service",
    )
    assert finding.related[0].file == "compose.yaml"
    assert finding.related[0].line == 3


@pytest.mark.parametrize(
    ("url", "extra", "count"),
    [
        ("postgres://u:p@localhost:5432/x", "", 0),
        ("postgres://u:p@db:5432/x", "", 1),
        ("postgres://u:p@localhost:5433/x", "", 1),
        ("postgres://u:p@db:5432/x", "  container: node:24\n", 0),
        ("postgres://u:p@localhost:5432/x", "  container: node:24\n", 1),
        ("redis://localhost:6379", "", 0),
        ("postgres://u:p@${{ vars.HOST }}:5432/x", "", 0),
        ("postgres://u:p@example.test:5432/x", "", 0),
    ],
)
def test_addresses_of_services(url: str, extra: str, count: int) -> None:
    head = f"{extra}  services:\n    db:\n      image: postgres:17\n      ports: ['5432:5432']\n  env:\n    DATABASE_URL: {url}\n"
    assert told(steps("- run: npm test", head=head), "github-actions/service-address") == count


# Tools and versions.


@pytest.mark.parametrize(
    ("run", "count"),
    [
        ("npm install -g turbo", 1), ("npm i -g turbo@2.5.0", 0), ("npm install turbo", 0), ("npm i -g npm", 0), ("sudo npm install -g turbo", 1),
        ("pip install ruff mypy", 2), ("pip install ruff==0.14.0", 0), ("pip install -r requirements.txt", 0), ("pip install -e .", 0), ("pip install .", 0),
        ("pip install --upgrade pip", 0), ("python -m pip install 'ruff>=0.14'", 0), ("go install golang.org/x/tools/cmd/goimports@latest", 1),
        ("go install golang.org/x/tools/cmd/goimports@v0.38.0", 0), ("cargo install sqlx-cli", 1), ("cargo install sqlx-cli --version 0.8.6", 0), ("cargo install --path .", 0),
        ("gem install bundler -v 2.7.2", 0), ("gem install rake", 1), ("# pip install ruff", 0), ("echo 'pip install ruff'", 0), ("pip install $TOOL", 0),
    ],
)  # fmt: skip
def test_tools_without_a_version(run: str, count: int) -> None:
    assert told(steps(f"- run: |\n    {run}"), "github-actions/unpinned-tool") == count


def test_the_version_that_the_project_has_is_told() -> None:
    (finding,) = review({CI: steps("- run: npm install -g vitest"), **NODE}, "github-actions/unpinned-tool")
    assert "3.2.4" in finding.message.en
    assert finding.related[0].file == "package.json"


@pytest.mark.parametrize(
    ("version", "count"),
    [("9", 1), ("10", 0), ("10.20.0", 0), ("10.19.0", 1), ("${{ matrix.pnpm }}", 0), ("latest", 0)],
)
def test_another_package_manager(version: str, count: int) -> None:
    assert (
        told(
            steps(f"- uses: pnpm/action-setup@v4\n  with:\n    version: {version}"),
            "github-actions/tool-mismatch",
            NODE,
        )
        == count
    )


def test_a_matrix_is_meant_to_differ() -> None:
    job = "{name}:\n  runs-on: x\n  steps:\n    - uses: actions/setup-node@v7\n      with: {{node-version: {version}}}"
    text = workflow("\n".join(job.format(name=n, version=v) for n, v in (("a", 24), ("b", 24), ("c", 20))))
    assert told(text, "github-actions/version-drift") == 1
    matrix = "m:\n  runs-on: x\n  strategy:\n    matrix:\n      node: [20, 24]\n  steps:\n    - uses: actions/setup-node@v7\n      with: {node-version: '${{ matrix.node }}'}"
    assert (
        told(text + "\n".join(f"  {line}" for line in matrix.split("\n")) + "\n", "github-actions/version-drift") == 0
    )


# Places without an effect.


def test_keys_under_env() -> None:
    assert told(steps("- run: x", head="  env:\n    fail-fast: false\n"), "github-actions/misplaced-key") == 1
    assert (
        told(
            steps("- run: x ${{ env.fail-fast }}", head="  env:\n    fail-fast: false\n"),
            "github-actions/misplaced-key",
        )
        == 0
    )
    assert told(steps("- run: x", head="  env:\n    FAIL_FAST: false\n"), "github-actions/misplaced-key") == 0


def test_variables_on_a_setup_step() -> None:
    body = "- uses: actions/setup-node@v7\n  env:\n    {name}: x\n- run: npm test{more}"
    rule = "github-actions/misplaced-environment"
    assert told(steps(body.format(name="REDIS_URL", more="")), rule) == 1
    assert told(steps(body.format(name="REDIS_URL", more="\n  env:\n    REDIS_URL: x")), rule) == 0
    assert told(steps(body.format(name="NODE_AUTH_TOKEN", more="")), rule) == 0


@pytest.mark.parametrize(
    ("paths", "count"),
    [
        ("['src/**']", 0),
        ("['lib/**']", 1),
        ("['**.js']", 0),
        ("['**', '!src/**']", 1),
        ("['src/*.ts']", 1),
        ("['s[r]c/**']", 0),
    ],
)
def test_filters_without_the_code(paths: str, count: int) -> None:
    assert (
        told(steps("- run: npm test", on=f"pull_request:\n    paths: {paths}"), "github-actions/excluded-code", NODE)
        == count
    )


# Gates.


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("- run: npm run lint", 1), ("- run: npm run check", 0), ("- run: npm run lint\n- run: git diff --exit-code", 0), ("- run: ruff check --fix .", 1), ("- run: ruff check .", 0),
        ("- run: black .", 1), ("- run: black --check .", 0), ("- run: uv run ruff format", 1), ("- run: cargo fmt", 1), ("- run: cargo fmt --all -- --check", 0),
        ("- run: dotnet format --verify-no-changes", 0), ("- run: npx prettier --write .", 1), ("- run: npx prettier --check .", 0), ("- run: echo black .", 0),
        ("- run: prettier --write .\n- uses: stefanzweifel/git-auto-commit-action@v6", 0),
    ],
)  # fmt: skip
def test_checks_that_repair(body: str, count: int) -> None:
    assert told(steps(body), "quality-gates/fixing-check", NODE) == count


@pytest.mark.parametrize(
    ("run", "count"),
    [
        ("curl http://localhost:8000/health", 1), ("curl -f http://localhost:8000/health", 0), ("curl -sSf http://localhost:8000", 0), ("curl --fail-with-body http://localhost", 0),
        ("curl http://localhost:8000 | jq .", 0), ("test $(curl -s http://localhost:8000) = ok", 0), ("curl -o x http://localhost:8000", 0), ("curl https://example.test/install.sh", 0),
        ("curl -X POST https://example.test/hooks/deploy", 1), ("curl -X POST https://hooks.slack.com/x", 0), ("until curl http://localhost:8000; do sleep 1; done", 0), ("# curl http://localhost:8000", 0),
        ("curl http://localhost:8000 || exit 1", 0), ("curl -w '%{http_code}' http://localhost:8000", 0),
    ],
)  # fmt: skip
def test_curls_that_cannot_fail(run: str, count: int) -> None:
    assert told(steps(f"- run: |\n    {run}"), "quality-gates/unfailing-curl") == count


@pytest.mark.parametrize(
    ("run", "count"),
    [
        ("docker compose up -d\nsleep 10", 1), ("docker compose up -d --wait\nsleep 10", 0), ("docker compose up -d\nsleep 1", 0), ("sleep 10", 0),
        ("docker compose up -d\nuntil curl -f localhost; do sleep 5; done", 0), ("node server.js &\nsleep 5", 1),
    ],
)  # fmt: skip
def test_blind_waits(run: str, count: int) -> None:
    lines = "\n".join(f"    {line}" for line in run.split("\n"))
    assert told(steps(f"- run: |\n{lines}"), "quality-gates/blind-wait") == count


def test_an_outcome_that_is_read_later() -> None:
    body = "- id: types\n  run: uv run mypy .\n  continue-on-error: true\n"
    assert told(steps(body), "quality-gates/optional-check") == 1
    assert (
        told(steps(body + "- if: steps.types.outcome == 'failure'\n  run: exit 1"), "quality-gates/optional-check") == 0
    )
    assert told(steps("- run: npm audit\n  continue-on-error: true"), "quality-gates/optional-check") == 0


def test_tests_without_any_pipeline() -> None:
    (finding,) = review(NODE, "quality-gates/no-pipeline")
    assert finding.file == "package.json"
    assert "vitest" in PACKAGE.split("\n")[finding.line - 1]
    assert review({**NODE, CI: steps("- run: echo")}, "quality-gates/no-pipeline") == []
    assert review({**NODE, "Jenkinsfile": "node {}"}, "quality-gates/no-pipeline") == []
    assert review({"package.json": PACKAGE}, "quality-gates/no-pipeline") == []


@pytest.mark.parametrize(
    ("run", "count"),
    [
        ("npm run check", 1), ("npm test", 0), ("npx vitest run", 0), ("make ci", 0), ("bash test.sh", 0), ("cd . && npm test", 0), ("docker compose run web", 0), ("npx turbo test", 0),
        ("npm run check\ndocker build .", 1),
    ],
)  # fmt: skip
def test_tests_that_ci_leaves_out(run: str, count: int) -> None:
    api = {
        "api/main.py": "",
        "api/pyproject.toml": '[project]\nname = "api"\ndependencies = ["pytest"]\n',
        "api/tests/test_x.py": "def test_x(): ...\n",
    }
    lines = "\n".join(f"    {line}" for line in run.split("\n"))
    text = steps(f"- run: pytest\n  working-directory: api\n- run: |\n{lines}")
    found = [f for f in review({CI: text, **NODE, **api}, "quality-gates/unrun-check") if "tests" in f.message.en]
    assert len(found) == count


def test_requirements_of_a_readme() -> None:
    manifest = json.dumps({"name": "acme/shop", "require": {"php": "^8.4"}}, indent=2)
    files = {"composer.json": manifest, "public/index.php": "<?php\n"}
    rule = "quality-gates/stale-requirement"
    for text, count in (
        ("## Requirements\n- PHP 8.2+\n", 1), ("## Requirements\n- PHP 8.4\n", 0), ("## Changelog\n- PHP 8.2 dropped\n", 0), ("```\nPHP 8.2 required\n```\n", 0), ("PHP 7.4 is no longer required\n", 0),
    ):  # fmt: skip
        assert len(review({**files, "README.md": text}, rule)) == count, text


# Artifacts.


@pytest.mark.parametrize(
    ("path", "count"),
    [
        (".coverage", 1),
        (".next/", 1),
        (".next/static", 0),
        (".coverage.*", 1),
        ("dist/.vite/x.json", 0),
        ("./dist", 0),
        ("../.x", 1),
        ("a/${{ env.X }}/.b", 0),
        ("..", 0),
    ],
)
def test_hidden_files(path: str, count: int) -> None:
    body = f"- uses: actions/upload-artifact@v6\n  with:\n    name: x\n    path: {path}"
    assert told(steps(body), "artifacts/hidden-files-left-out") == count
    assert told(steps(body + "\n    include-hidden-files: true"), "artifacts/hidden-files-left-out") == 0
    assert told(steps(body.replace("@v6", "@v3")), "artifacts/hidden-files-left-out") == 0


def test_names_in_a_matrix() -> None:
    body = "- uses: actions/upload-artifact@v6\n  with:\n    name: {name}\n    path: x"
    matrix = "  strategy:\n    matrix:\n      os: {os}\n"
    rule = "artifacts/colliding-name"
    assert told(steps(body.format(name="r"), head=matrix.format(os="[a, b]")), rule) == 1
    assert told(steps(body.format(name="r-${{ matrix.os }}"), head=matrix.format(os="[a, b]")), rule) == 0
    assert told(steps(body.format(name="r"), head=matrix.format(os="[a]")), rule) == 0
    assert (
        told(
            steps(
                body.format(name="r").replace("- uses", "- if: matrix.os == 'a'\n  uses"),
                head=matrix.format(os="[a, b]"),
            ),
            rule,
        )
        == 0
    )


# The other systems.


def gitlab(text: str, rule: str, files: dict[str, str] | None = None) -> int:
    return len(review({".gitlab-ci.yml": text, **(files or {})}, rule))


def test_gitlab_reads_what_it_includes() -> None:
    root = "include:\n  - local: /ci/a.yml\nstages: [check]\nunit:\n  extends: .base\n  stage: check\n  script: [x]\n"
    files = {"ci/a.yml": ".base:\n  image: node:24\n"}
    assert gitlab(root, "gitlab-ci/unknown-template", files) == 0
    assert gitlab(root, "gitlab-ci/missing-include") == 1
    assert (
        gitlab(root.replace("- local: /ci/a.yml", "- project: acme/ci\n    file: a.yml"), "gitlab-ci/unknown-template")
        == 0
    )
    assert gitlab("unit:\n  extends: .base\n  script: [x]\n", "gitlab-ci/unknown-template") == 1


def test_gitlab_pipelines_that_run_twice() -> None:
    both = "unit:\n  script: [x]\n  rules:\n    - if: $CI_PIPELINE_SOURCE == 'merge_request_event'\n    - if: {rule}\n"
    rule = "gitlab-ci/duplicate-pipelines"
    assert gitlab(both.format(rule="$CI_COMMIT_BRANCH"), rule) == 1
    assert gitlab(both.format(rule="$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"), rule) == 0
    assert (
        gitlab("workflow:\n  rules:\n    - if: $CI_COMMIT_BRANCH\n" + both.format(rule="$CI_COMMIT_BRANCH"), rule) == 0
    )


def test_gitlab_deployments() -> None:
    job = "deploy:\n  stage: deploy\n  environment: production\n  script: [kubectl apply -f k8s.yaml]\n{more}"
    assert gitlab(job.format(more=""), "gitlab-ci/deploy-anywhere") == 1
    for more in ("  when: manual\n", "  only: [main]\n", "  rules:\n    - if: $CI_COMMIT_TAG\n"):
        assert gitlab(job.format(more=more), "gitlab-ci/deploy-anywhere") == 0, more
    assert (
        gitlab(
            "workflow:\n  rules:\n    - if: $CI_COMMIT_BRANCH == 'main'\n" + job.format(more=""),
            "gitlab-ci/deploy-anywhere",
        )
        == 0
    )
    assert gitlab(job.format(more="  resource_group: production\n"), "gitlab-ci/deploy-without-resource-group") == 0
    assert gitlab(job.format(more="  when: manual\n"), "gitlab-ci/deploy-without-resource-group") == 0


def test_gitlab_needs_of_the_same_stage_are_fine() -> None:
    text = "a:\n  stage: {a}\n  needs: [b]\n  script: [x]\nb:\n  stage: {b}\n  script: [x]\n"
    assert gitlab(text.format(a="test", b="test"), "gitlab-ci/later-need") == 0
    assert gitlab(text.format(a="build", b="test"), "gitlab-ci/later-need") == 1


def test_circleci_orbs_and_caches() -> None:
    base = "version: 2.1\norbs:\n  node: circleci/node@7.1.0\njobs:\n  test:\n    docker:\n      - image: cimg/node:24.0\n    steps:\n      - checkout\n      - {step}\n"
    path = ".circleci/config.yml"
    assert len(review({path: base.format(step="nodes/install")}, "pipelines/unknown-orb")) == 1
    for step in ("node/install", "run: cd a/b", "<< parameters.x >>/install"):
        assert review({path: base.format(step=step)}, "pipelines/unknown-orb") == [], step
    cache = (
        base.format(step="restore_cache: {keys: ['v1-{{ checksum \"a\" }}', v1-]}")
        + "      - save_cache: {key: 'v1-{{ checksum \"a\" }}', paths: [x]}\n"
    )
    assert review({path: cache}, "pipelines/unmatched-cache") == []
    assert len(review({path: cache.replace("key: 'v1", "key: 'v2")}, "pipelines/unmatched-cache")) == 1


def test_downloads_in_package_scripts() -> None:
    def found(script: str, **more: object) -> int:
        return len(
            review(
                {"package.json": json.dumps({"name": "x", "scripts": {"docs": script}, **more})},
                "pipelines/unpinned-download",
            )
        )

    assert found("npx typedoc src") == 1
    for script in (
        "npx typedoc@0.28.0 src",
        "typedoc src",
        "npx --no-install typedoc",
        "npx ./tool.js",
        "npx only-allow pnpm",
        "echo npx",
    ):
        assert found(script) == 0, script
    assert found("npx tsc", devDependencies={"typescript": "5"}) == 0
    assert found("npx typedoc", devDependencies={"typedoc": "1"}) == 0


def test_safe_fixes_leave_nothing_to_do() -> None:
    text = steps("- run: npm test", on="push:\n  pull_request:").replace(
        "jobs:", "concurrency:\n  group: t-${{ github.head_ref }}\n  cancel-in-progress: true\njobs:"
    )
    project = orchestrator.inspect(Repository.of({CI: text}, git=GIT))
    fixed = repair([catalog.specialist("cicd/github-actions")], project).files()[CI]
    assert "group: t-${{ github.head_ref || github.ref }}" in fixed
    assert told(fixed, "github-actions/shared-concurrency-group") == 0
