"""What the workflows of a repository already run."""

from __future__ import annotations

import re

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import workflow
from devops_orchestrator.formats.workflow import Workflow

# Programs and script names that run tests, as words of a command.
_OPTIONS = r"(?:\s+[-\w:.=/@\"$]+)*?\s+"
TESTS = re.compile(
    r"\b(?:pytest|tox|nox|unittest|jest|vitest|mocha|ava|playwright|cypress|phpunit|pest|rspec|ctest|manage\.py\s+test|artisan\s+test|"
    rf"(?:go|cargo|dotnet|mix|deno|bun|make|just|task|rake|composer|hatch|rails)\b{_OPTIONS}(?:\S*:)?(?:test|tests|check|verify)|"
    rf"(?:gradle|gradlew|mvn|mvnw)\b{_OPTIONS}(?:\S*:)?(?:test|check|verify|build|install|package|integrationTest)|"
    rf"(?:npm|pnpm|yarn)\b(?:{_OPTIONS}|\s+)(?:(?:t|tests?)(?::[\w:-]+)?|run\s+(?:ci|verify|coverage)))(?![\w-])"
)

SKIPPED = re.compile(r"-DskipTests|-Dmaven\.test\.skip|-x\s+test")


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
    lines = script.replace("\\\n", " ").splitlines()
    if any(TESTS.search(line) and not SKIPPED.search(line) for line in lines):
        return True
    return any(runs(script, component) for component in project.components)


def runs(script: str, component: Component) -> bool:
    """Whether a script has the component's test command."""
    return bool(component.test) and " ".join((component.test or "").split()) in " ".join(script.split())
