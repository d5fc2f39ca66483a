"""The rules: what they see, what they leave alone, and what their fixes write."""

from __future__ import annotations

from pathlib import Path

import pytest

from devops_orchestrator.actions.improve import improve
from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.core import facts, kinds
from devops_orchestrator.core.project import Component, DevopsFile, Project, Runtime, Vcs
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Finding
from devops_orchestrator.domains.cicd.github_actions import SPECIALIST

CI = ".github/workflows/ci.yml"
HEAD = "on:\n  pull_request:\npermissions: {}\nconcurrency: x\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    timeout-minutes: 5\n    steps:\n"
SHA, VERSION = facts.action("actions/checkout")
NODE = Component(
    name="shop", language="javascript", package_manager="npm", runtime=Runtime("node", "24"), test="npm test", lockfile="package-lock.json",
    evidence={"runtime": ".nvmrc:1", "test": "package.json:1"},
)  # fmt: skip


def project(files: dict[str, str], *components: Component, branch: str | None = "main") -> Project:
    repository = Repository.of(files)
    found = tuple(
        DevopsFile(path, kind) for path in repository.files if (kind := kinds.of(path, repository.read(path)))
    )
    return Project(repository, "shop", Vcs("github", "acme/shop", branch), components, found)


def findings(found: Project, rule: str | None = None) -> list[Finding]:
    every = [f for source in sources((SPECIALIST,), found) for f in room_findings(SPECIALIST, source, found)]
    return [f for f in every if rule is None or f.rule == f"github-actions/{rule}"]


def of(
    text: str, rule: str, *components: Component, files: dict[str, str] | None = None, branch: str | None = "main"
) -> list[Finding]:
    return findings(project({CI: text, **(files or {})}, *components, branch=branch), rule)


def improved(text: str, *components: Component, files: dict[str, str] | None = None, unsafe: bool = False) -> str:
    found = project({CI: text, **(files or {})}, *components)
    return improve(SPECIALIST, found, unsafe=unsafe).files().get(CI, text)


def step(body: str) -> str:
    return HEAD + "".join(f"      {'- ' if i == 0 else '  '}{line}\n" for i, line in enumerate(body.split("\n")))


# Pins.


@pytest.mark.parametrize("reference", [VERSION, VERSION.split(".")[0]])
@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_a_tag_of_the_current_major_is_pinned(reference: str, quote: str) -> None:
    text = step(f"uses: {quote}actions/checkout@{reference}{quote}\nwith: {{persist-credentials: false}}")
    assert improved(text) == text.replace(
        f"{quote}actions/checkout@{reference}{quote}", f"{quote}actions/checkout@{SHA}{quote} # {VERSION}"
    )


def test_the_comment_behind_a_pin_is_kept() -> None:
    text = step("uses: actions/checkout@v7  # keep ✓\nwith:\n  persist-credentials: false")
    assert f"uses: actions/checkout@{SHA}  # {VERSION} - keep ✓\n" in improved(text)


def test_an_action_inside_a_flow_mapping_is_pinned_without_a_comment() -> None:
    text = HEAD + "      - {uses: actions/checkout@v7, with: {persist-credentials: false}}\n"
    assert f"{{uses: actions/checkout@{SHA}, with:" in improved(text)


def test_an_older_major_is_only_proposed_with_what_to_read() -> None:
    text = step("uses: actions/checkout@v3\nwith:\n  persist-credentials: false")
    (finding,) = of(text, "outdated-action")
    assert finding.fix is not None
    assert not finding.fix.safe
    assert finding.fix.needs is not None
    assert "releases" in finding.fix.needs.en
    assert of(text, "unpinned-action") == []
    assert improved(text) == text


def test_a_newer_major_than_the_facts_know_is_never_lowered() -> None:
    for text in (step("uses: actions/checkout@v99"), step(f"uses: actions/checkout@{'a' * 40} # v99.0.0")):
        assert of(text, "unpinned-action") == []
        assert of(text, "outdated-action") == []


def test_inputs_that_the_new_major_dropped_are_named() -> None:
    (finding,) = of(step("uses: actions/setup-node@v1\nwith:\n  version: 12"), "outdated-action")
    assert finding.fix is not None
    assert finding.fix.needs is not None
    assert "version" in finding.fix.needs.fr


def test_unknown_and_local_actions_are_left_to_others() -> None:
    assert (
        of(
            step("uses: someone/unknown@v1") + "      - uses: ./here\n      - uses: docker://alpine:3\n",
            "unpinned-action",
        )
        == []
    )


# Token.


def test_permissions_are_added_where_every_job_only_reads() -> None:
    text = step(f"uses: actions/checkout@{SHA} # {VERSION}\nwith:\n  persist-credentials: false").replace(
        "permissions: {}\n", ""
    )
    assert "  pull_request:\npermissions:\n  contents: read\nconcurrency: x\n" in improved(text)


@pytest.mark.parametrize(
    "body",
    [
        "run: git push", "run: npx semantic-release --publish", "run: gh pr comment 1", "uses: someone/unknown@v1", "uses: ./local",
        "run: make deploy", "run: ./scripts/x.sh", "env:\n  T: ${{ secrets.GITHUB_TOKEN }}\nrun: x", "env:\n  T: ${{ github.token }}\nrun: x",
    ],
)  # fmt: skip
def test_permissions_are_only_proposed_where_a_job_may_write(body: str) -> None:
    (finding,) = of(step(body).replace("permissions: {}\n", ""), "missing-permissions")
    assert finding.fix is not None
    assert not finding.fix.safe
    assert finding.fix.needs is not None


def test_a_called_workflow_has_its_callers_permissions() -> None:
    assert (
        of(
            step("run: x").replace("permissions: {}\n", "").replace("pull_request", "workflow_call"),
            "missing-permissions",
        )
        == []
    )


def test_credentials_stay_where_git_needs_them() -> None:
    text = step(f"uses: actions/checkout@{SHA} # {VERSION}") + "      - run: git fetch --tags\n"
    assert improved(text) == text
    (finding,) = of(text, "persisted-credentials")
    assert finding.fix is not None
    assert not finding.fix.safe


def test_indentation_and_line_breaks_of_the_file_are_followed() -> None:
    text = f"on:\r\n    pull_request:\r\n\r\njobs:\r\n    t:\r\n        runs-on: ubuntu-24.04\r\n        steps:\r\n            - uses: actions/checkout@{SHA} # {VERSION}\r\n"
    after = improved(text)
    assert "\r\n\r\npermissions:\r\n    contents: read\r\n" in after
    assert "              with:\r\n                  persist-credentials: false\r\n" in after
    assert "\n" not in after.replace("\r\n", "")


# Scripts.


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('echo "::set-output name=a::$B"', 'echo "a=$B" >> "$GITHUB_OUTPUT"'),
        ("echo '::set-output name=a::b c'", "echo 'a=b c' >> \"$GITHUB_OUTPUT\""),
        ("echo ::set-output name=a::${{ steps.x.outputs.y }}", 'echo "a=${{ steps.x.outputs.y }}" >> "$GITHUB_OUTPUT"'),
        ("echo ::add-path::/opt/bin", 'echo "/opt/bin" >> "$GITHUB_PATH"'),
        ('echo "::set-env name=A::1"', 'echo "A=1" >> "$GITHUB_ENV"'),
        ('if x; then echo "::save-state name=a::1"; fi', 'if x; then echo "a=1" >> "$GITHUB_STATE"; fi'),
    ],
)
def test_retired_commands_write_to_files(before: str, after: str) -> None:
    text = step(f"run: |\n  {before}  # why ✓\n  true")
    assert improved(text) == text.replace(before, after)


@pytest.mark.parametrize(
    "run",
    ['echo "::set-output name=a::1" | tee log', 'echo "::set-output name=a::x%0Ay"', "# echo ::set-output name=a::1"],
)
def test_a_retired_command_that_cannot_be_seen_through_is_left(run: str) -> None:
    text = step(f"run: |\n  {run}")
    assert improved(text, unsafe=True) == text


def test_powershell_is_left() -> None:
    text = step('shell: pwsh\nrun: echo "::set-output name=a::1"')
    assert improved(text, unsafe=True) == text


def test_a_strangers_text_goes_through_the_environment() -> None:
    text = step('name: x\nrun: |\n  echo "a ${{ github.event.issue.title }} b ${{ github.head_ref }}"')
    after = improved(text)
    assert 'echo "a ${ISSUE_TITLE} b ${HEAD_REF}"' in after
    assert "        env:\n" in after
    assert "ISSUE_TITLE: ${{ github.event.issue.title }}\n" in after
    assert "HEAD_REF: ${{ github.head_ref }}\n" in after
    assert of(after, "script-injection") == []


def test_unquoted_it_is_proposed_and_single_quoted_it_is_only_told() -> None:
    (bare,) = of(step("run: echo ${{ github.head_ref }}"), "script-injection")
    assert bare.fix is not None
    assert not bare.fix.safe
    (single,) = of(step("run: echo 'x ${{ github.head_ref }}'"), "script-injection")
    assert single.fix is None


def test_what_no_stranger_chooses_is_left() -> None:
    assert (
        of(
            step('run: echo "${{ github.sha }} ${{ github.event.pull_request.number }} ${{ matrix.x }}"'),
            "script-injection",
        )
        == []
    )


def test_a_printed_secret() -> None:
    assert len(of(step('run: echo "x ${{ secrets.A }}"'), "printed-secret")) == 1
    assert of(step('run: echo "${{ secrets.A }}" | docker login --password-stdin'), "printed-secret") == []
    assert of(step('run: echo "${{ secrets.A }}" > key.json'), "printed-secret") == []


def test_hidden_failures_of_tests_alone_count() -> None:
    assert len(of(step("run: pytest\ncontinue-on-error: true"), "hidden-test-failure")) == 1
    assert of(step("run: npm ci\ncontinue-on-error: true"), "hidden-test-failure") == []
    assert of(step("run: mvn -DskipTests package\ncontinue-on-error: true"), "hidden-test-failure") == []


# Running.


def test_a_retired_label_in_the_matrix() -> None:
    text = (
        HEAD.replace(
            "runs-on: ubuntu-24.04",
            "strategy:\n      matrix:\n        os: [ubuntu-20.04, 'windows-2019', ubuntu-24.04]\n    runs-on: ${{ matrix.os }}",
        )
        + "      - run: x\n"
    )
    assert len(of(text, "retired-runner")) == 2
    assert "os: [ubuntu-24.04, 'windows-2025', ubuntu-24.04]" in improved(text, unsafe=True)


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("on: [push, pull_request]\n", "on:\n  push:\n    branches: [main]\n  pull_request:\n"),
        ("on:\n  push:\n  pull_request:\n", "on:\n  push:\n    branches: [main]\n  pull_request:\n"),
        ("on:\n- push\n- pull_request\n", "on:\n  push:\n    branches: [main]\n  pull_request:\n"),
        ("on:\n  - push\n  - pull_request\n", "on:\n  push:\n    branches: [main]\n  pull_request:\n"),
    ],
)
def test_push_is_left_to_the_default_branch(on: str, expected: str) -> None:
    text = step("run: x").replace("on:\n  pull_request:\n", on)
    assert len(of(text, "duplicate-runs")) == 1
    assert expected.split() == improved(text, unsafe=True).split("permissions")[0].split()
    assert of(improved(text, unsafe=True), "duplicate-runs") == []


def test_a_branch_filter_for_another_default() -> None:
    text = step("run: x").replace("  pull_request:\n", "  push:\n    branches: [master, 'release/1']\n")
    assert len(of(text, "branch-without-default")) == 1
    assert of(text, "branch-without-default", branch="master") == []
    assert of(text, "branch-without-default", branch=None) == []


def test_superseded_runs_end_by_themselves_where_nothing_is_written() -> None:
    reading = step("run: npm test").replace("concurrency: x\n", "")
    (finding,) = of(reading, "missing-concurrency")
    assert finding.fix is not None
    assert finding.fix.safe
    (writing,) = of(step("run: make deploy").replace("concurrency: x\n", ""), "missing-concurrency")
    assert writing.fix is not None
    assert not writing.fix.safe


# Caches.


def test_a_cache_is_added_for_the_lockfile_that_is_there() -> None:
    text = step("uses: actions/setup-node@v7\nwith:\n  node-version: 24") + "      - run: npm ci\n"
    assert "node-version: 24\n          cache: npm\n" in improved(text, files={"package-lock.json": "{}"})
    assert of(text, "missing-cache") == []  # no lockfile
    assert of(text.replace("pull_request", "release"), "missing-cache", files={"package-lock.json": "{}"}) == []


def test_a_cache_of_a_folder_names_its_lockfile() -> None:
    text = step("uses: actions/setup-node@v7\nwith:\n  node-version: 24") + "      - run: npm ci\n"
    text = text.replace("    steps:", "    defaults:\n      run:\n        working-directory: web\n    steps:")
    assert "cache: npm\n          cache-dependency-path: web/package-lock.json\n" in improved(
        text, files={"web/package-lock.json": "{}"}
    )


@pytest.mark.parametrize(
    ("key", "count"),
    [
        ("deps-${{ runner.os }}", 1),
        ("a-${{ github.sha }}", 0),
        ("a-${{ hashFiles('x') }}", 0),
        ("${{ steps.k.outputs.v }}", 0),
    ],
)
def test_a_static_cache_key(key: str, count: int) -> None:
    assert len(of(step(f"uses: actions/cache@v5\nwith:\n  path: x\n  key: {key}"), "static-cache-key")) == count


# The project.


@pytest.mark.parametrize(
    ("evidence", "version", "count"),
    [
        (".nvmrc:1", "20", 1),
        (".nvmrc:1", "24", 0),
        (".nvmrc:1", "24.1", 0),
        (".nvmrc:1", "26", 1),
        ("package.json:3", "26", 0),
        ("package.json:3", "22", 1),
        (".nvmrc:1", "lts/*", 0),
    ],
)
def test_the_version_of_ci_against_the_projects(evidence: str, version: str, count: int) -> None:
    component = Component(
        name="a", language="typescript", runtime=Runtime("node", "24"), evidence={"runtime": evidence}
    )
    assert (
        len(of(step(f'uses: actions/setup-node@v7\nwith:\n  node-version: "{version}"'), "runtime-mismatch", component))
        == count
    )


def test_a_matrix_with_the_projects_version_is_right() -> None:
    text = HEAD.replace("    steps:", '    strategy:\n      matrix:\n        node: ["22", "24"]\n    steps:')
    text += "      - uses: actions/setup-node@v7\n        with:\n          node-version: ${{ matrix.node }}\n"
    assert of(text, "runtime-mismatch", NODE) == []


def test_tests_that_nobody_runs() -> None:
    assert len(of(step("run: npm ci"), "tests-never-run", NODE)) == 1
    for run in ("npm test", "npm run test:ci", "make all", "./run.sh", "docker compose run web", "npx vitest"):
        assert of(step(f"run: {run}"), "tests-never-run", NODE) == [], run
    assert of(step("uses: ./everything"), "tests-never-run", NODE) == []
    assert of(step("run: npm ci"), "tests-never-run") == []


def test_paths_that_are_not_there() -> None:
    files = {"api/main.py": "", "go.mod": "module x\n"}
    assert len(of(step("run: x\nworking-directory: app"), "missing-path", files=files)) == 1
    assert of(step("run: x\nworking-directory: api/"), "missing-path", files=files) == []
    assert (
        of(step("run: mkdir app") + "      - run: x\n        working-directory: app\n", "missing-path", files=files)
        == []
    )
    assert of(step("run: x\nworking-directory: ${{ matrix.dir }}"), "missing-path", files=files) == []
    assert (
        len(of(step("uses: actions/setup-go@v7\nwith:\n  go-version-file: src/go.mod"), "missing-path", files=files))
        == 1
    )
    assert len(of(step("uses: ./.github/actions/gone"), "missing-path", files=files)) == 1
    filtered = step("run: x").replace(
        "  pull_request:\n", "  pull_request:\n    paths: ['lib/**', 'api/**', '**/*.rs', '!docs/**']\n"
    )
    assert [f.message.en for f in of(filtered, "missing-path", files=files)] == [
        "No file of the repository matches lib/**."
    ]


@pytest.mark.parametrize(
    ("run", "count"),
    [
        ("npm run lint", 1), ("npm run build", 0), ("npm test", 1), ("npm run lint --if-present", 0), ("npm run lint --workspace=a", 0),
        ("cd web && npm run lint", 0), ("pip install -r dev.txt", 1), ("pip install -r requirements.txt", 0), ("python tools/x.py", 1),
        ("bash ./run.sh", 1), ("python -m pytest", 0), ("echo 'npm run lint'", 0),
    ],
)  # fmt: skip
def test_scripts_that_are_not_there(run: str, count: int) -> None:
    files = {"package.json": '{"scripts": {"build": "tsc"}}', "requirements.txt": ""}
    assert len(of(step(f"run: {run}"), "missing-script", files=files)) == count


def test_artifacts_between_jobs() -> None:
    up = "uses: actions/upload-artifact@v7\nwith:\n  name: site\n  path: x"
    down = "      - uses: actions/download-artifact@v8\n        with:\n          name: {}\n"
    assert len(of(step(up) + down.format("website"), "unknown-artifact")) == 1
    assert of(step(up) + down.format("site"), "unknown-artifact") == []
    assert of(step(up.replace("site", "site-${{ matrix.os }}")) + down.format("website"), "unknown-artifact") == []


# Dependabot.


def test_dependabot_against_what_is_there() -> None:
    text = "version: 2\nupdates:\n  # npm ✓\n  - package-ecosystem: npm\n    directory: /web\n    schedule: {interval: weekly}\n"
    found = project({".github/dependabot.yml": text, CI: step("run: x"), "package.json": "{}"}, NODE)
    assert len(findings(found, "dependabot-empty-directory")) == 1
    assert [f.message.en for f in findings(found, "dependabot-missing-ecosystem")] == [
        "github-actions (/) gets no updates."
    ]
    after = improve(SPECIALIST, found, [".github/dependabot.yml"], unsafe=True).files()[".github/dependabot.yml"]
    assert after.startswith(text)
    assert "  - package-ecosystem: github-actions\n    directory: /\n" in after


# Laws.


@pytest.mark.parametrize(
    "text",
    [
        "on: push\n",
        "jobs: []\n",
        "on: push\njobs:\n  a: 1\n",
        "on:\njobs:\n  a:\n    steps: x\n",
        "true: x\njobs: {a: {steps: [1, null, {uses: 1, with: 2}]}}\n",
        "&a on: *a\n",
    ],
)
def test_odd_workflows_are_read_without_an_error(text: str) -> None:
    findings(project({CI: text}, NODE))


def test_an_alias_is_never_edited() -> None:
    text = HEAD + "      - &co\n        uses: actions/checkout@v7\n      - *co\n"
    after = improved(text, unsafe=True)
    assert "- *co\n" in after
    assert after.count(SHA) == 1


def test_rule_ids_have_this_rooms_prefix() -> None:
    assert all(rule.id.startswith("github-actions/") for rule in SPECIALIST.rules)
    assert Path(__file__).parent.name == "github_actions"
