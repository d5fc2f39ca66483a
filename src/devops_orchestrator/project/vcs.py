"""Where a repository lives: the remote's host and name, the default branch."""

from __future__ import annotations

import re

from devops_orchestrator.core.project import Vcs
from devops_orchestrator.core.repository import Repository

_HOSTS = {"github": "github", "gitlab": "gitlab", "bitbucket": "bitbucket"}


def read_vcs(repository: Repository, kinds: set[str]) -> Vcs:
    """The host of the remote, else of the CI files that are there; the branch that the remote's HEAD names.

    Only a repository of its own counts: a folder inside another one says nothing of itself.
    """
    evidence: dict[str, str] = {}
    url = branch = None
    if repository.root is None or (repository.root / ".git").exists():
        url = (repository.git("config", "--get", "remote.origin.url") or "").strip()
        branch = _branch(repository, evidence)
    host, slug = _remote(url or "")
    if host:
        evidence["host"] = "git: remote origin"
    elif {"github-workflow", "dependabot"} & kinds:
        host, evidence["host"] = "github", ".github"
    elif "gitlab-ci" in kinds:
        host, evidence["host"] = "gitlab", ".gitlab-ci.yml"
    return Vcs(host=host, slug=slug, default_branch=branch, evidence=evidence)


def _branch(repository: Repository, evidence: dict[str, str]) -> str | None:
    head = (repository.git("symbolic-ref", "--short", "refs/remotes/origin/HEAD") or "").strip()
    if head:
        evidence["default_branch"] = "git: origin/HEAD"
        return head.removeprefix("origin/")
    current = (repository.git("symbolic-ref", "--short", "HEAD") or "").strip()
    if current:
        evidence["default_branch"] = "git: current branch"
    return current or None


def _remote(url: str) -> tuple[str | None, str | None]:
    """(host, owner/name) of a remote's address; a local path has neither."""
    found = re.match(r"(?:[a-z+]+://)?(?:[^@/]+@)?([\w.-]+\.[a-z]+)(?::\d+)?[:/](.+?)(?:\.git)?/?$", url)
    if not found:
        return None, None
    host = next((name for word, name in _HOSTS.items() if word in found[1].split(".")), None)
    return host, found[2]
