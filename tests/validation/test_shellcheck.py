"""shellcheck's findings stand at the exact place in the CI file, however the script is written in it."""

import pytest

from devops_orchestrator.core.repository import Repository
from devops_orchestrator.validation import shellcheck
from devops_orchestrator.validation.scripts import scripts
from devops_orchestrator.validation.validator import Batch

HEAD = "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n"
WORKFLOW = ".github/workflows/ci.yml"
needs_shellcheck = pytest.mark.skipif(shellcheck.VALIDATOR.found is None, reason="shellcheck is absent")


def found(text: str, path: str = WORKFLOW) -> list[tuple[str, str]]:
    """(rule, the text of the file at the place) of each finding."""
    lines = text.split("\n")
    return [
        (problem.rule, lines[problem.line - 1][problem.column - 1 :])
        for problem in shellcheck.run(Batch({path: text}, Repository.of({})))
    ]


@needs_shellcheck
@pytest.mark.parametrize(
    "step",
    [
        "      - run: echo $UNQUOTED here\n",
        '      - run: "echo $UNQUOTED here"\n',
        "      - run: 'echo $UNQUOTED here'\n",
        "      - run: |\n          set -u\n          echo é ${{ github.sha }} $UNQUOTED here\n",
        "      - run: >\n          echo\n          $UNQUOTED here\n",
        "      - run: echo\n          $UNQUOTED here\n",
        '      - run: "set -u\\necho $UNQUOTED here"\n',
        "      - run: |\n          echo ${{ format('{0}\n            {1}', 1, 2) }}\n          echo $UNQUOTED here\n",
        "      - shell: bash -euo pipefail {0}\n        run: echo $UNQUOTED here\n",
    ],
)
def test_the_place_is_exact(step: str) -> None:
    told = [at for rule, at in found(HEAD + step) if rule == "SC2086"]
    assert [at.startswith("$UNQUOTED here") for at in told] == [True]


@needs_shellcheck
def test_windows_line_breaks_move_nothing() -> None:
    text = (HEAD + "      - run: |\n          set -u\n          echo $UNQUOTED here\n").replace("\n", "\r\n")
    assert [at.rstrip() for _, at in found(text)] == ["$UNQUOTED here"]


@needs_shellcheck
@pytest.mark.parametrize(
    "text",
    [
        HEAD + "      - shell: pwsh\n        run: echo $UNQUOTED here\n",
        HEAD + "      - shell: python\n        run: print($x)\n",
        HEAD.replace("ubuntu", "windows") + "      - run: echo $UNQUOTED here\n",
        HEAD.replace("ubuntu-latest", "${{ matrix.os }}\n    strategy: {matrix: {os: [windows-latest]}}")
        + "      - run: echo $UNQUOTED here\n",
        HEAD + "      - run: test ${{ github.ref }} = main\n",
        HEAD + "      - run: |\n          if [ ${{ inputs.count }} -gt 1 ]; then exit 1; fi\n",
        HEAD + "      - run: |\n          # shellcheck disable=SC2086\n          echo $UNQUOTED here\n",
        HEAD + "      - run: cd there\n",
        "jobs: [",
    ],
)
def test_silent(text: str) -> None:
    assert found(text) == []


@needs_shellcheck
def test_a_composite_action() -> None:
    text = "name: a\nruns:\n  using: composite\n  steps:\n    - shell: bash\n      run: echo $UNQUOTED here\n"
    assert found(text, "action.yml") == [("SC2086", "$UNQUOTED here")]


@needs_shellcheck
def test_gitlab_entries_share_one_shell() -> None:
    text = (
        "default:\n  before_script:\n    - cd web\n"
        "build:\n  before_script: [x=1]\n  script:\n    - !reference [.setup, script]\n    - echo $[[ inputs.a ]] $x\n"
        "    - |\n      for f in $(ls *.txt); do\n        echo $UNQUOTED here\n      done\n"
        "  after_script: echo $x $LAST there\n"
        "win:\n  tags: [windows]\n  script: [echo $UNQUOTED here]\n"
    )
    told = found(text, ".gitlab-ci.yml")
    assert ("SC2086", "$UNQUOTED here") in told
    assert ("SC2086", "$LAST there") in told
    assert ("SC2045", "$(ls *.txt); do") in told
    assert len([1 for _, at in told if at.startswith("$UNQUOTED")]) == 1


def test_masks_keep_lengths_and_lines() -> None:
    text = HEAD + "      - run: |\n          echo ${{ a }}\n          echo ${{ format('}}\n            x', 1) }} b\n"
    (script,) = scripts("github-workflow", text)
    assert len(script.text) == len(script.parts[0].text) + 1
    assert script.text.count("\n") == script.parts[0].text.count("\n") + 1
    assert script.templated


def test_the_shell_of_a_step() -> None:
    text = (
        HEAD
        + "      - {shell: sh, run: a}\n      - {shell: 'bash {0}', run: b}\n      - {shell: '/bin/dash -e {0}', run: c}\n"
    )
    assert [(s.shell, s.strict) for s in scripts("github-workflow", text)] == [
        ("sh", True), ("bash", False), ("dash", True),
    ]  # fmt: skip
