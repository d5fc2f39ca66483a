"""The branch that merged work arrives on."""

from __future__ import annotations

from devops_orchestrator.core.project import Project

USUAL = ("main", "master", "trunk", "develop")


def default(project: Project) -> str | None:
    """The default branch; where git only knows the branch that is checked out, a usual name that exists goes first."""
    said = project.vcs.default_branch
    if said is None or said in USUAL or "current branch" not in project.vcs.evidence.get("default_branch", ""):
        return said
    listed = project.repository.git("for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes/origin") or ""
    known = {line.split("/")[-1] for line in listed.split()}
    return next((name for name in USUAL if name in known), said)
