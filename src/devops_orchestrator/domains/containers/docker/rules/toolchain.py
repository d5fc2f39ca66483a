"""Rules on tools whose version the project says somewhere else: the package manager, the language that the pipeline tests with."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.rules.bases import bases
from devops_orchestrator.domains.containers.docker.rules.reading import View, runs
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import workflow
from devops_orchestrator.formats.dockerfile import expand
from devops_orchestrator.text import Text


@rule(
    "docker/package-manager-mismatch", Severity.WARNING, on="dockerfile", url="https://nodejs.org/api/corepack.html",
    title=Text("The package manager is not the project's version", "Le gestionnaire de paquets n'a pas la version du projet"),
    advice=Text(
        "Another major version may refuse the lockfile or resolve it in another way: the image does not hold what was tested.",
        "Une autre version majeure peut refuser le fichier de verrouillage ou le résoudre autrement : l'image ne contient pas ce qui a été testé.",
    ),
)  # fmt: skip
def package_manager_mismatch(source: Source, project: Project) -> Iterator[Hit]:
    """`npm install -g pnpm@8` and `corepack prepare pnpm@8` against the major version that the project names."""
    view = View(source, project)
    component = view.component
    said = component.package_manager_version if component else None
    manager = component.package_manager if component else None
    if component is None or not said or manager not in ("npm", "pnpm", "yarn", "bun"):
        return
    evidence = component.evidence.get("package_manager_version") or component.evidence.get("package_manager") or ""
    if "ockerfile" in evidence or "lock" in evidence:
        return
    for _, command in runs(view.file.instructions):
        if not ({"-g", "--global"} & set(command.values) and command.name == "npm") and command.name != "corepack":
            continue
        for word in command.words[1:]:
            scope = {
                pair.key: pair.value
                for item in view.file.instructions
                if item.name in ("ARG", "ENV")
                for pair in item.pairs
            }
            value = expand(word.value, scope)
            found = re.fullmatch(rf"{manager}@(\d+)(\.\d+)*(\+\S+)?", value or "")
            if found is None or int(found[1]) == images.numbers(said)[0]:
                continue
            fix = None
            if "$" not in word.value:
                fix = Fix(
                    (source.edit(word.start, word.end, f"{manager}@{said}"),),
                    False,
                    Text(f"Use {manager}@{said}", f"Utiliser {manager}@{said}"),
                    _BUILD,
                )
            path, _, line = evidence.rpartition(":")
            yield Hit(
                word.start, word.end,
                Text(f"{value} here; the project says {manager} {said} ({evidence}).", f"{value} ici ; le projet indique {manager} {said} ({evidence})."),
                fix, (Related(path, int(line), Text(f"{manager} {said}", f"{manager} {said}")),) if line.isdigit() else (),
            )  # fmt: skip


_BUILD = Text(
    "Build the image once: the lockfile must be of this version.",
    "Construisez l'image une fois : le fichier de verrouillage doit être de cette version.",
)
# setup action → (input of the version, product)
_SETUPS = {
    "actions/setup-node": ("node-version", "node"), "actions/setup-python": ("python-version", "python"), "actions/setup-java": ("java-version", "java"),
    "shivammathur/setup-php": ("php-version", "php"), "ruby/setup-ruby": ("ruby-version", "ruby"), "actions/setup-dotnet": ("dotnet-version", "dotnet"),
    "erlef/setup-beam": ("elixir-version", "elixir"),
}  # fmt: skip


@rule(
    "docker/untested-version", Severity.WARNING, on="dockerfile", url="https://docs.docker.com/build/building/best-practices/",
    title=Text("The pipeline never tests with the image's language version", "Le pipeline ne teste jamais avec la version du langage de l'image"),
    advice=Text(
        "The tests pass with one version and production runs another: what was tested is not what is delivered.",
        "Les tests passent avec une version et la production en exécute une autre : ce qui est livré n'est pas ce qui a été testé.",
    ),
)  # fmt: skip
def untested_version(source: Source, project: Project) -> Iterator[Hit]:
    """The final image's language against every version that the jobs with tests set up, where all of those are written.

    Only where one component is deployed from few Dockerfiles: of a collection of images nobody knows which one is tested.
    """
    view = View(source, project)
    tested = project.remembered(_tested)
    if view.component is None or len(project.deployable) > 1 or len(project.of_kind("dockerfile")) > 5:
        return
    if re.search(r"dev|test|ci|docs|e2e|example|sample", source.path, re.I):
        return
    lineage = view.file.lineage(view.final)[0]
    for stage, ref in bases(view):
        version = ref.product_version
        versions = tested.get(ref.product or "", {})
        if stage is not lineage or not version or not versions or None in versions:
            continue
        depth = 1 if ref.product in ("node", "java", "dotnet") else 2
        ours = images.numbers(version)[:depth]
        if len(ours) < depth or any(
            images.numbers(v or "")[: len(ours)] == ours[: len(images.numbers(v or ""))] for v in versions
        ):
            continue
        name = images.NAMES[ref.product or ""]
        shown = ", ".join(sorted(str(v) for v in versions))
        word = stage.origin.words[0]
        yield Hit(
            word.start, word.end,
            Text(f"The image has {name} {version}; the workflows test with {shown}.", f"L'image contient {name} {version} ; les workflows testent avec {shown}."),
            related=tuple(
                Related(place.rpartition(":")[0], int(place.rpartition(":")[2]), Text(f"{name} {v}", f"{name} {v}")) for v, place in list(versions.items())[:5]
            ),
        )  # fmt: skip


_TESTS = re.compile(
    r"\b(tests?|pytest|tox|nox|rspec|vitest|jest|phpunit|pest)\b|(gradlew?|mvnw?)\b.*\b(test|check|build|verify|package|install)\b"
)


def _tested(project: Project) -> dict[str, dict[str | None, str]]:
    """Product → version → place, of the set-up steps of jobs that run tests; the version None where one is not written there."""
    found: dict[str, dict[str | None, str]] = {}
    for path in project.of_kind("github-workflow"):
        try:
            read = workflow.parse(project.repository.read(path) or "")
        except ParseError:
            continue
        for job, step in read.steps:
            name = step.uses.repository if step.uses else ""
            if name not in _SETUPS or not any(s.script is not None and _TESTS.search(s.script.text) for s in job.steps):
                continue
            key, product = _SETUPS[name]
            node = step.inputs.get(key)
            line = (node or step.node).text.count("\n", 0, (node or step.node).start) + 1
            for version in _versions(job, node.scalar if node is not None else ""):
                found.setdefault(product, {}).setdefault(version, f"{path}:{line}")
    return found


def _versions(job: workflow.Job, written: str) -> list[str | None]:
    """The versions of an input: itself, or those of the matrix that it names; None for one that is not known."""
    values = [written]
    expression = re.fullmatch(r"\$\{\{\s*matrix\.([\w-]+)\s*\}\}", written.strip())
    if expression:
        node = job.get("strategy", "matrix", expression[1])
        include = job.get("strategy", "matrix", "include")
        values = [child.scalar for child in node.children()] if node is not None else []
        for entry in include.children() if include is not None else ():
            given = entry.get(expression[1])
            values += [given.scalar] if given is not None else []
    cleaned = [
        re.fullmatch(r"v?(\d+(?:\.\d+)*)(?:\.[x*])*", part.strip())
        for value in values
        for part in (value.split() or [""])
    ]
    return [match[1] if match else None for match in cleaned] or [None]


RULES = (package_manager_mismatch, untested_version)
