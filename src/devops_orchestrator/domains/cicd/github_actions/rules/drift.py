"""Versions that differ: between the jobs of the repository, and between CI and the image that is shipped."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions import delivery, existing, setup
from devops_orchestrator.domains.cicd.github_actions.rules import place
from devops_orchestrator.domains.cicd.github_actions.rules.versions import EXACT, values
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import dockerfile, workflow
from devops_orchestrator.formats.workflow import Job, Workflow
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.project.versions import IMAGES, SETUP
from devops_orchestrator.text import Text

# Runtime → how many numbers make a release line of it.
_LINE = {"node": 1, "java": 1, "dotnet": 1, "bun": 1, "deno": 1, "python": 2, "go": 2, "php": 2, "ruby": 2, "elixir": 2}
_ACTIONS = {action: (name, key) for name, (action, key) in SETUP.items() if name in _LINE}
_ACTIONS["astral-sh/setup-uv"] = ("python", "python-version")


@dataclass(frozen=True)
class Use:
    """A version that a setup step names: `line` are the numbers of its release line."""

    runtime: str
    path: str
    job: str
    node: Node
    line: tuple[int, ...]
    matrix: bool


def _release(runtime: str, version: str) -> tuple[int, ...] | None:
    numbers = tuple(int(part) for part in re.findall(r"\d+", version))
    return numbers[: _LINE[runtime]] if len(numbers) >= _LINE[runtime] else None


def _uses(path: str, found: Workflow) -> Iterator[Use]:
    for job in found.jobs:
        for step in job.steps:
            runtime, key = _ACTIONS.get(step.uses.name if step.uses else "", ("", ""))
            node = step.inputs.get(key) if key else None
            named = values(found, job, node) if node is not None else []
            for value in named:
                line = _release(runtime, value.scalar)
                if line is not None:
                    yield Use(runtime, path, job.id, value, line, len(named) > 1)


def every(project: Project) -> tuple[Use, ...]:
    """The versions of all workflows."""
    found: list[Use] = []
    for path in project.of_kind("github-workflow"):
        read = existing.read(project, path)
        found += _uses(path, read) if read is not None else []
    return tuple(found)


@rule(
    "github-actions/version-drift", Severity.INFO, on="github-workflow",
    title=Text("Jobs on different versions of one runtime", "Des jobs sur des versions différentes d'un même langage"),
    advice=Text(
        "What passes in one job is built or released by another version in the next. A version file that all of them read ends this.",
        "Ce qui passe dans un job est construit ou publié par une autre version dans le suivant. Un fichier de version que tous lisent y met fin.",
    ),
    url="https://docs.github.com/en/actions/tutorials/build-and-test-code",
)  # fmt: skip
def version_drift(source: Source, project: Project) -> Iterator[Hit]:
    """A version, outside of a matrix, that most jobs of the repository do not use and no matrix has."""
    all_uses = project.remembered(every)
    for runtime in _LINE:
        uses = [use for use in all_uses if use.runtime == runtime]
        single = [use for use in uses if not use.matrix]
        if not any(use.path == source.path for use in single) or _differ(project, runtime) or _exact(project, runtime):
            continue
        most = Counter(use.line for use in single).most_common()
        if len(most) < 2 or most[0][1] == most[1][1]:
            continue
        main = most[0][0]
        tested = {use.line for use in uses if use.matrix}
        example = next(use for use in single if use.line == main)
        number = example.node.text.count("\n", 0, example.node.start) + 1
        told: set[tuple[int, ...]] = set()
        for use in single:
            if use.path != source.path or use.line == main or use.line in tested | told or _too_old(project, use):
                continue
            told.add(use.line)
            yield Hit(
                use.node.start, use.node.end,
                Text(f"{use.job} runs on {runtime} {use.node.scalar}; the other jobs on {example.node.scalar} ({example.path}:{number}).", f"{use.job} utilise {runtime} {use.node.scalar} ; les autres jobs {example.node.scalar} ({example.path}:{number})."),
                related=(Related(example.path, number, Text(f"{runtime} {example.node.scalar}", f"{runtime} {example.node.scalar}")),),
            )  # fmt: skip


def _too_old(project: Project, use: Use) -> bool:
    """Whether the project itself excludes the version: that is told by `runtime-mismatch`."""
    least = [c.runtime.version for c in _own(project, use.runtime) if c.runtime and c.runtime.version]
    return any(use.line < (_release(use.runtime, version) or ()) for version in least)


def _own(project: Project, runtime: str) -> list[Component]:
    return [c for c in project.components if setup.runtime(c) == runtime]


def _differ(project: Project, runtime: str) -> bool:
    """Whether the components themselves are of several versions."""
    return len({c.runtime.version for c in _own(project, runtime) if c.runtime and c.runtime.version}) > 1


def _exact(project: Project, runtime: str) -> bool:
    """Whether a file of the project fixes the version: then each difference is told against that file."""
    return any(
        c.evidence.get("runtime", "").rsplit(":", 1)[0].rsplit("/", 1)[-1].startswith(EXACT)
        for c in _own(project, runtime)
    )


@rule(
    "github-actions/untested-version", Severity.WARNING, on="github-workflow",
    title=Text("The shipped version is not the tested one", "La version livrée n'est pas celle qui est testée"),
    advice=Text(
        "The image runs the code on a version on which no test has run it: what differs between the two shows in production first.",
        "L'image exécute le code sur une version où aucun test ne l'a exécuté : ce qui diffère entre les deux se voit d'abord en production.",
    ),
    url="https://docs.github.com/en/actions/tutorials/build-and-test-code",
)  # fmt: skip
def untested_version(source: Source, project: Project) -> Iterator[Hit]:
    """The tests' runtime versions, none of which is the one of the component's Dockerfile."""
    found = source.parsed(workflow.parse)
    for job in found.jobs:
        if not delivery.tests(job, project, found) or job.get("container") is not None:
            continue
        for runtime in _LINE:
            mine = [use for use in _uses(source.path, _only(found, job)) if use.runtime == runtime]
            owners = [c for c in place.components(found, job, project) if setup.runtime(c) == runtime]
            if not mine or len(owners) != 1 or _exact(project, runtime):
                continue
            shipped = _shipped(project, owners[0], runtime)
            if shipped is None or any(
                use.line == shipped[0] for use in project.remembered(every) if use.runtime == runtime
            ):
                continue
            _, tag, path, number = shipped
            use = mine[0]
            shown = ", ".join(dict.fromkeys(each.node.scalar for each in mine))
            yield Hit(
                use.node.start, use.node.end,
                Text(f"{job.id} tests on {runtime} {shown}; the image is built on {tag} ({path}:{number}).", f"{job.id} teste sur {runtime} {shown} ; l'image est construite sur {tag} ({path}:{number})."),
                related=(Related(path, number, Text(f"{runtime} {tag}", f"{runtime} {tag}")),),
            )  # fmt: skip


def _only(found: Workflow, job: Job) -> Workflow:
    """The workflow as if it had this job alone."""
    alone = Workflow(found.root)
    alone.__dict__["jobs"] = (job,)
    return alone


def _shipped(project: Project, component: Component, runtime: str) -> tuple[tuple[int, ...], str, str, int] | None:
    """(release line, version, file, line) of the runtime in the last stage of the component's one Dockerfile."""
    folders = (component.path, ".") if len(project.components) == 1 else (component.path,)
    paths = [
        p
        for p in project.of_kind("dockerfile")
        if (posixpath.dirname(p) or ".") in folders and posixpath.basename(p) == "Dockerfile"
    ]
    if len(paths) != 1:
        return None
    try:
        parsed = dockerfile.parse(project.repository.read(paths[0]) or "")
    except ParseError:
        return None
    for stage in reversed(parsed.stages):
        image = parsed.image(stage) or ""
        name, _, tag = image.partition("@")[0].rpartition("/")[2].partition(":")
        version = re.match(r"v?(\d+(?:\.\d+)*)", tag)
        if name in IMAGES[runtime] and name not in ("frankenphp", "cargo-chef"):
            line = _release(runtime, version[1]) if version else None
            return (line, version[1], paths[0], stage.origin.line) if line and version else None
    return None
