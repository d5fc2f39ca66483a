"""What the workflows of a repository already run."""

from __future__ import annotations

import re

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import workflow
from devops_orchestrator.formats.workflow import Workflow

# Programs and script names that run tests, as words of a command.
TESTS = re.compile(
    r"\b(?:pytest|tox|nox|unittest|jest|vitest|mocha|ava|playwright|cypress|phpunit|pest|rspec|ctest|manage\.py\s+test|artisan\s+test|"
    r"(?:go|cargo|dotnet|mix|deno|bun|gradle|gradlew|mvn|mvnw|make|just|task|rake|composer|hatch|rails)\b(?:\s+[-\w:.=/\"$]+)*?\s+(?:\S*:)?(?:test|tests|check|verify|build|install|integrationTest)|"
    r"(?:npm|pnpm|yarn)\b(?:\s+[-\w:.=/@\"$]+)*?\s+(?:run\s+)?(?:t|test|tests|ci|verify|coverage)(?:[:\w-]*))\b"
)


def read(project: Project, path: str) -> Workflow | None:
    """A workflow of the repository; None where it cannot be read."""
    try:
        return workflow.parse(project.repository.read(path) or "")
    except ParseError:
        return None


def scripts(found: Workflow) -> list[str]:
    """Every script of a workflow, expressions masked."""
    return [step.script.plain for _, step in found.steps if step.script]


def ci_workflows(project: Project) -> list[str]:
    """The workflows that test this project on pushes or pull requests."""
    paths = []
    for path in project.of_kind("github-workflow"):
        found = read(project, path)
        if (
            found
            and {"push", "pull_request"} & set(found.triggers)
            and any(tests(script, project) for script in scripts(found))
        ):
            paths.append(path)
    return paths


def tests(script: str, project: Project) -> bool:
    """Whether a script runs tests: the project's own command for them, or a test runner's."""
    return bool(TESTS.search(script)) or any(runs(script, component) for component in project.components)


def runs(script: str, component: Component) -> bool:
    """Whether a script has the component's test command."""
    return bool(component.test) and " ".join((component.test or "").split()) in " ".join(script.split())
