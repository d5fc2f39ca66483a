"""A monorepo: which components a pull request touches, and the one check that a branch protection can require.

Path filters of the trigger (`on.pull_request.paths`) would leave required checks pending for ever where a workflow is
not started; a job that is skipped by its `if` counts as passed.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.domains.cicd.github_actions.pipeline import Job, Raw, Step, checkout
from devops_orchestrator.domains.cicd.github_actions.setup import root_of

WORKFLOW = ".github/workflows/ci.yml"


def paths(component: Component, project: Project) -> list[str]:
    """The git path patterns whose change makes a component's job run."""
    root = root_of(component)
    # Programs of one Go module share its packages: a change of any of them may be a change of each.
    module = component.language == "go"
    others = [
        other
        for other in project.components
        if other.path != component.path and not (module and other.language == "go" and root_of(other) == root)
    ]
    if component.path == "." or (module and root == "."):
        return [".", *(f":!{other.path}" for other in others)]
    found = [root if module else component.path]
    if root != component.path and not module:
        # The files of the workspace's root itself: lockfile, shared configuration.
        found.append(":(glob)*" if root == "." else f":(glob){root}/*")
        found += _needed(component, others)
    found += [path for path in component.uses if path not in found and not _inside(path, found[0])]
    return found


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + "/")


def _needed(component: Component, others: list[Component]) -> list[str]:
    """The folders of the workspace packages that it depends on, directly or not."""
    by_name = {other.name: other for other in others}
    found: dict[str, None] = {}
    queue = [component]
    while queue:
        for name in queue.pop().dependencies:
            other = by_name.get(name)
            if other is not None and other.path not in found and other.path != component.path:
                found[other.path] = None
                queue.append(other)
    return sorted(found)


def job(components: Mapping[str, Component], project: Project) -> Job:
    """The job whose outputs say which components changed; `components` maps job ids to them."""
    lines = [
        'if [ "$GITHUB_EVENT_NAME" != pull_request ]; then',
        "  # Branches, tags and scheduled runs check everything.",
        f"  printf '%s=true\\n' {' '.join(components)} >> \"$GITHUB_OUTPUT\"",
        "  exit",
        "fi",
        "# HEAD is the merge that GitHub prepared: its first parent is the target branch.",
        "changed() {",
        "  component=$1",
        "  shift",
        f'  if git diff --quiet HEAD^1 HEAD -- "$@" {WORKFLOW}; then answer=false; else answer=true; fi',
        '  echo "$component=$answer" | tee -a "$GITHUB_OUTPUT"',
        "}",
    ]
    if any(":(glob)" in path for component in components.values() for path in paths(component, project)):
        lines.append("# ':(glob)*' is the workspace's root without its folders: lockfile, shared configuration.")
    lines += [f"changed {shlex.join([name, *paths(component, project)])}" for name, component in components.items()]
    return Job(
        id="changes",
        name="Changed components",
        steps=[
            checkout(fetch_depth=Raw("2 # the merge and its parents")),
            Step(id="filter", name="Compare with the target branch", run="\n".join(lines)),
        ],
        timeout=5,
        why_timeout="a checkout and a diff; GitHub's default is 6 hours",
        outputs={name: f"${{{{ steps.filter.outputs.{name} }}}}" for name in components},
    )


def gate(needs: list[str], taken: set[str]) -> Job:
    """The job that succeeds when no other one failed."""
    script = "\n".join(
        [
            "for result in $RESULTS; do",
            '  case "$result" in',
            "    success | skipped) ;;",
            '    *) echo "A job ended with: $result" && exit 1 ;;',
            "  esac",
            "done",
        ]
    )
    return Job(
        id="ci" if "ci" not in taken else "all-green",
        name="CI",
        note="The one check to require on the branch: components that did not change are skipped, and count as passed.",
        steps=[Step(name="Look at the results", env={"RESULTS": Raw("${{ join(needs.*.result, ' ') }}")}, run=script)],
        timeout=5,
        why_timeout="it only reads results",
        needs=needs,
        condition="always()",
        permissions={},
    )
