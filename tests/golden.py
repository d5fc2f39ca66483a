"""What the rooms write for each example application: real files, kept beside the tests of their room.

`make golden` (this module, run) writes them again; `test_golden` compares and lets the real linters judge them.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from devops_orchestrator import catalog, orchestrator
from devops_orchestrator.core.change import ChangeSet
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import VENDORED, Repository

ROOT = Path(__file__).parent.parent
# The applications that every room writes for; the others in `examples/` are read (tests/project), one a framework.
EXAMPLES = (
    "django", "express", "fastapi", "flask", "go", "laravel", "monorepo", "nestjs", "nextjs", "spring-gradle", "spring-maven",
    "static", "vite",
)  # fmt: skip

# The rooms in the order of work: each one reads the files of those before it.
PLAN: tuple[tuple[str, dict[str, str]], ...] = (
    ("containers/docker", {}),
    ("cicd/github-actions", {}),
    ("infrastructure/terraform", {"cloud": "aws", "region": "eu-west-3"}),
    ("kubernetes/deployments", {"replicas": "3"}),
    ("monitoring/prometheus", {}),
    ("deployment/strategies", {"strategy": "canary", "steps": "10,50,100", "pause": "5m"}),
)
# Some examples get the other cloud, so that both are judged.
OTHER = {("go", "infrastructure/terraform"): {"cloud": "gcp", "region": "europe-west9"}}


def repository(example: str) -> Repository:
    """An example as if it were a repository of its own on GitHub."""
    root = ROOT / "examples" / example
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not VENDORED.intersection(path.relative_to(root).parts)
    }
    git = {
        "config --get remote.origin.url": f"https://github.com/acme/{example}.git\n",
        "symbolic-ref refs/remotes/origin/HEAD": "refs/remotes/origin/main\n",
        "symbolic-ref --short refs/remotes/origin/HEAD": "origin/main\n",
        "symbolic-ref --short HEAD": "main\n",
    }
    return Repository.of(files, name=example, git=git)


@lru_cache(maxsize=32)
def project(example: str) -> Project:
    """What is read of an example."""
    return orchestrator.inspect(repository(example))


@lru_cache(maxsize=32)
def produced(example: str) -> tuple[tuple[str, ChangeSet, Project], ...]:
    """(agent, its proposal, the project with its files) for each room of the plan that has work here."""
    from devops_orchestrator.actions.create import create
    from devops_orchestrator.actions.resolve import resolve

    current = project(example)
    steps: list[tuple[str, ChangeSet, Project]] = []
    for agent, settings in PLAN:
        room = catalog.specialist(agent)
        params, _ = resolve(room, current, OTHER.get((example, agent), settings), {})
        proposal = create(room, params, current)
        current = current.overlaid(proposal.files())
        steps.append((agent, proposal, current))
    return tuple(steps)


def folder(agent: str, example: str) -> Path:
    """Where a room's golden files of an example are."""
    return ROOT / "tests" / "domains" / agent.replace("-", "_") / "golden" / example


def kept(agent: str, example: str) -> dict[str, str]:
    """The golden files as they are on disk."""
    root = folder(agent, example)
    return {
        path.relative_to(root).as_posix(): path.read_bytes().decode()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def all_steps() -> Iterator[tuple[str, str, ChangeSet]]:
    """(example, agent, proposal) of everything."""
    for example in EXAMPLES:
        for agent, proposal, _ in produced(example):
            yield example, agent, proposal


def write() -> None:
    """Write every golden file again."""
    for example, agent, proposal in all_steps():
        root = folder(agent, example)
        shutil.rmtree(root, ignore_errors=True)
        for path, text in proposal.files().items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())


if __name__ == "__main__":
    write()
