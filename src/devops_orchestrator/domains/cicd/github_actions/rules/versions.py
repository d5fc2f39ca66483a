"""What CI runs, against what the project is: its versions and its tests."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions import existing, setup
from devops_orchestrator.domains.cicd.github_actions.rules.place import components
from devops_orchestrator.formats import workflow
from devops_orchestrator.formats.workflow import Job, Workflow
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text

# Setup action → (runtime of the components, its input).
_SETUPS = {
    "actions/setup-python": ("python", "python-version"), "astral-sh/setup-uv": ("python", "python-version"),
    "actions/setup-node": ("node", "node-version"), "actions/setup-go": ("go", "go-version"),
    "actions/setup-java": ("java", "java-version"), "shivammathur/setup-php": ("php", "php-version"),
    "ruby/setup-ruby": ("ruby", "ruby-version"),
}  # fmt: skip
# Files that give one version, not a lower bound.
_EXACT = (
    ".python-version",
    ".nvmrc",
    ".node-version",
    ".tool-versions",
    ".java-version",
    ".sdkmanrc",
    ".php-version",
    ".ruby-version",
    "Dockerfile",
)


@rule(
    "github-actions/runtime-mismatch", Severity.WARNING, on="github-workflow",
    title=Text("CI tests another version than the project runs on", "La CI teste une autre version que celle du projet"),
    advice=Text(
        "A green check on another version says little about the one that is shipped; below the project's minimum nothing installs.",
        "Un check vert sur une autre version dit peu de celle qui est livrée ; sous le minimum du projet, rien ne s'installe.",
    ),
    url="https://docs.github.com/en/actions/tutorials/build-and-test-code",
)  # fmt: skip
def runtime_mismatch(source: Source, project: Project) -> Iterator[Hit]:
    """A version of a setup action that is not the project's (exact file) or is below its minimum."""
    found = source.parsed(workflow.parse)
    for job, step in found.steps:
        runtime, key = _SETUPS.get(step.uses.name if step.uses else "", ("", ""))
        node = step.inputs.get(key)
        component = _component(found, job, project, runtime) if node is not None else None
        if node is None or component is None or component.runtime is None or not component.runtime.version:
            continue
        values = _values(job, node)
        wrong = [value for value in values if not _fits(value.scalar, component)]
        if not values or (len(wrong) < len(values) and _exact(component)) or not wrong:
            continue
        for value in wrong:
            yield _mismatch(source, job, value, component)


def _component(found: Workflow, job: Job, project: Project, runtime: str) -> Component | None:
    """The component that a job tests, where it is one or all say the same version."""
    own = [c for c in components(found, job, project) if setup.runtime(c) == runtime and c.runtime]
    versions = {c.runtime.version for c in own if c.runtime}
    return own[0] if len(versions) == 1 else None


def _values(job: Job, node: Node) -> list[Node]:
    """The versions that an input stands for: itself, or the matrix's; none where it is no plain version."""
    names = [name for e in workflow.expressions_in(node.scalar) for name in e.references]
    if not names:
        found = [node]
    elif len(names) == 1 and names[0].startswith("matrix.") and names[0].count(".") == 1:
        matrix = job.get("strategy", "matrix", names[0].split(".")[1])
        found = list(matrix.children()) if matrix is not None else []
    else:
        return []
    return [n for n in found if re.fullmatch(r"v?\d+(\.(\d+|x|\*))*", n.scalar)]


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]


def _exact(component: Component) -> bool:
    evidence = component.evidence.get("runtime", "").rsplit(":", 1)[0]
    return evidence.rsplit("/", 1)[-1].startswith(_EXACT)


def _fits(version: str, component: Component) -> bool:
    assert component.runtime is not None
    ours, theirs = _numbers(version), _numbers(component.runtime.version or "")
    length = min(len(ours), len(theirs))
    if _exact(component):
        return ours[:length] == theirs[:length]
    return ours[:length] >= theirs[:length]


def _mismatch(source: Source, job: Job, node: Node, component: Component) -> Hit:
    assert component.runtime is not None
    wanted = component.runtime.version or ""
    evidence = component.evidence.get("runtime", "")
    path, _, line = evidence.rpartition(":")
    related = (
        (Related(path, int(line), Text(f"{wanted} is said here", f"{wanted} est indiquée ici")),)
        if line.isdigit()
        else ()
    )
    quote = source.text[node.start] if source.text[node.start] in "'\"" else ""
    fix = Fix(
        (source.edit(node.start, node.end, f"{quote}{wanted}{quote}" if quote else json.dumps(wanted)),), False,
        Text(f"use {wanted}", f"utiliser {wanted}"),
        Text("The tests then run on another version.", "Les tests s'exécutent alors sur une autre version."),
    )  # fmt: skip
    return Hit(
        node.start, node.end,
        Text(
            f"The job {job.id} runs on {component.runtime.name} {node.scalar}; the project says {wanted} ({evidence}).",
            f"Le job {job.id} utilise {component.runtime.name} {node.scalar} ; le projet indique {wanted} ({evidence}).",
        ),
        None if node.alias else fix, related,
    )  # fmt: skip


# Language → what may run its tests, beside the component's own command.
_RUNNERS = {
    "python": r"pytest|tox|nox|unittest|manage\.py\s+test|hatch|behave|trial", "javascript": r"\btests?\b|jest|vitest|mocha|playwright|cypress|\bnx\s|\bturbo\s",
    "go": r"go\s+test|gotestsum|ginkgo", "java": r"test|verify|build|check|install|package|integration", "php": r"phpunit|pest|artisan\s+test|composer\s+\S*test|paratest",
    "ruby": r"rspec|rake|rails\s+test|minitest|cucumber", "rust": r"cargo\s+\S*test|nextest", "csharp": r"dotnet\s+test", "elixir": r"mix\s+test",
}  # fmt: skip
_SAME = {"typescript": "javascript", "kotlin": "java"}
# Commands behind which anything may happen.
_OPAQUE = re.compile(
    r"\b(?:make|just|task|rake|bazel|earthly|dagger|act|nix|pants|tilt|skaffold|docker)\b|\./\S+|\b(?:bash|sh|source|python3?)\s+\S+\.(?:sh|py)|\bpre-commit\b|\b(?:dotnet|go|cargo|poetry|uv|bun|deno)\s+run\s+(?!pytest)|\bxtask\b"
)


@rule(
    "github-actions/tests-never-run", Severity.WARNING, on="github-workflow",
    title=Text("CI never runs the tests", "La CI ne lance jamais les tests"),
    advice=Text(
        "The repository has tests, and no workflow runs them: they rot, and a change that breaks them is merged.",
        "Le dépôt a des tests et aucun workflow ne les lance : ils se périment, et un changement qui les casse est fusionné.",
    ),
    url="https://docs.github.com/en/actions/tutorials/build-and-test-code",
)  # fmt: skip
def tests_never_run(source: Source, project: Project) -> Iterator[Hit]:
    """Reported once, on the first workflow that checks pushes or pull requests."""
    read = {path: existing.read(project, path) for path in project.of_kind("github-workflow")}
    checking = [path for path, found in read.items() if found and {"push", "pull_request"} & set(found.triggers)]
    if not checking or checking[0] != source.path:
        return
    found = source.parsed(workflow.parse)
    scripts = [script for known in read.values() if known for script in existing.scripts(known)]
    if any(
        uses.kind == "local" or not re.match(r"[\w.-]+/[\w./-]+@", uses.text) or ".github/workflows/" in uses.text
        for known in read.values()
        if known
        for uses in known.uses
    ):
        return
    if any(_OPAQUE.search(script) for script in scripts):
        return
    text = "\n".join(scripts)
    told = set()
    for component in project.components:
        language = _SAME.get(component.language or "", component.language or "")
        if (
            not component.test
            or language not in _RUNNERS
            or re.search(_RUNNERS[language], text)
            or existing.runs(text, component)
        ):
            continue
        if component.test in told:
            continue
        told.add(component.test)
        on = found.on
        assert on is not None
        place = component.evidence.get("test", "")
        yield Hit(
            on[0].start, on[0].end,
            Text(
                f"No workflow runs `{component.test}`{f' ({place})' if place else ''} of {component.name}.",
                f"Aucun workflow ne lance `{component.test}`{f' ({place})' if place else ''} de {component.name}.",
            ),
        )  # fmt: skip
