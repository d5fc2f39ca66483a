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
from devops_orchestrator.project import checks, ci
from devops_orchestrator.text import Text

# Setup action → (runtime of the components, its input).
_SETUPS = {
    "actions/setup-python": ("python", "python-version"), "astral-sh/setup-uv": ("python", "python-version"),
    "actions/setup-node": ("node", "node-version"), "actions/setup-go": ("go", "go-version"),
    "actions/setup-java": ("java", "java-version"), "shivammathur/setup-php": ("php", "php-version"),
    "ruby/setup-ruby": ("ruby", "ruby-version"),
}  # fmt: skip
# Files that give one version, not a lower bound.
EXACT = (
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
        said = component.evidence.get("runtime", "")
        if "Dockerfile" in said and not _checks(found, job, project):
            continue  # what the job needs to build the image is no version of the application
        if said.startswith(".github/"):
            continue  # the version is the workflows' own: `version-drift` compares them
        named = values(found, job, node)
        wrong = [value for value in named if not _fits(value.scalar, component)]
        if not named or (len(wrong) < len(named) and _exact(component)) or not wrong:
            continue
        for value in wrong:
            yield _mismatch(source, job, value, component)


def _checks(found: Workflow, job: Job, project: Project) -> bool:
    """Whether a job runs tests, a linter or a type checker."""
    return any(
        next(checks.of_script(step.script.plain, ci.folder((found, job), step) or ".", project), None) is not None
        for step in job.steps
        if step.script
    )


def _component(found: Workflow, job: Job, project: Project, runtime: str) -> Component | None:
    """The component that a job tests, where it is one or all say the same version."""
    own = [c for c in components(found, job, project) if setup.runtime(c) == runtime and c.runtime]
    versions = {c.runtime.version for c in own if c.runtime}
    return own[0] if len(versions) == 1 else None


def values(found: Workflow, job: Job, node: Node) -> list[Node]:
    """The versions that an input stands for: itself, the matrix's, or a variable's; none where it is no plain version."""
    names = [name for e in workflow.expressions_in(node.scalar) for name in e.references]
    if not names:
        named = [node]
    elif len(names) == 1 and names[0].startswith("matrix.") and names[0].count(".") == 1:
        named = _of_matrix(job, names[0].split(".")[1])
    elif len(names) == 1 and names[0].startswith("env.") and re.fullmatch(r"\$\{\{\s*env\.[\w-]+\s*\}\}", node.scalar):
        named = _of_variables(found, job, names[0].split(".")[1])
    else:
        return []
    return [n for n in named if re.fullmatch(r"v?\d+(\.(\d+|x|\*))*", n.scalar)]


def _of_matrix(job: Job, key: str) -> list[Node]:
    """The values of a key of the matrix, those of `include` too."""
    matrix = job.get("strategy", "matrix")
    direct = matrix.get(key) if matrix is not None else None
    found = list(direct.children()) if direct is not None else []
    include = matrix.get("include") if matrix is not None else None
    for entry in include.children() if include is not None else ():
        value = entry.get(key)
        found += [value] if value is not None else []
    return found


def _of_variables(found: Workflow, job: Job, name: str) -> list[Node]:
    """The variable of the job, else of the workflow (GitHub compares their names without case)."""
    for env in (job.get("env"), found.root.get("env")):
        for key, value in env.items() if env is not None else ():
            if key.scalar.lower() == name:
                return [value]
    return []


def _numbers(version: str) -> list[int]:
    """Its numbers; Java's old `1.8` is 8."""
    numbers = [int(part) for part in re.findall(r"\d+", version)]
    return (
        numbers[1:] if numbers[:1] == [1] and numbers[1:2] and 5 <= numbers[1] <= 8 and len(numbers) == 2 else numbers
    )


def _exact(component: Component) -> bool:
    evidence = component.evidence.get("runtime", "").rsplit(":", 1)[0]
    return evidence.rsplit("/", 1)[-1].startswith(EXACT)


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
    r"\b(?:make|just|task|gulp|grunt|invoke|inv|hatch|tox|nox|turbo|lerna|mage|mise|rake|bazel|earthly|dagger|act|nix|pants|tilt|skaffold)\b|\./\S+|\b(?:bash|sh|source|python3?)\s+\S+\.(?:sh|py)|\bpre-commit\b|\b(?:dotnet|go|cargo|poetry|uv|bun|deno)\s+run\s+(?!pytest)|\bxtask\b"
)


def _beside(runs: list[ci.Run], project: Project) -> tuple[Related, ...]:
    """The first script that checks something else, else the first of all."""
    checking = [r for r in runs if next(checks.of_words(r.command.values, r.folder or ".", project), None) is not None]
    first = next(iter(checking or runs), None)
    told = Text("what is run", "ce qui est lancé")
    return (Related(first.script.path, first.script.line, told),) if first is not None else ()


def _unseen(text: str, project: Project) -> bool:
    """Whether what is used may run tests and cannot be read: another repository's workflow, an image, a file that is not there."""
    if text.startswith("./"):
        path = text[2:].partition("@")[0].rstrip("/")
        return not any(project.repository.has(name) for name in (path, f"{path}/action.yml", f"{path}/action.yaml"))
    return not re.match(r"[\w.-]+/[\w./-]+@", text) or ".github/workflows/" in text


def _opaque(run: ci.Run, project: Project) -> bool:
    """Whether a command may run anything: a task runner, a program of the repository, a container."""
    words = run.command.values
    if (
        ci.make_recipe(words, run.folder, project) is not None
        or ci.shell_script(words, run.folder, project) is not None
    ):
        return False
    if words[0] in ("docker", "docker-compose", "podman"):
        return bool({"run", "exec"} & set(words[1:5])) or any(
            "abort-on" in word or "exit-code" in word for word in words
        )
    return _OPAQUE.search(" ".join(words)) is not None


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
    if any(_unseen(uses.text, project) for known in read.values() if known for uses in known.uses):
        return
    runs = list(ci.runs(project.remembered(ci.read), project))
    if any(_opaque(run, project) for run in runs):
        return
    if project.of_kind(*(kind for kind in ci.KINDS if kind != "github-workflow")):
        return  # another system may run them
    if any(existing.tests(script, project) for script in scripts) or any(
        check.kind == "test"
        for run in runs
        for check in checks.of_words(run.command.values, run.folder or ".", project)
    ):
        return  # some are run: those that are not are told where they are declared (quality-gates/unrun-check)
    scripts += [" ".join(run.command.values) for run in runs]
    text = "\n".join(line for script in scripts for line in script.splitlines() if not existing.SKIPPED.search(line))
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
            related=_beside(runs, project),
        )  # fmt: skip
