"""Reports of coverage and analysis: folders that are not there, reports that nothing writes, documents that say something else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.rule import Hit, Related, Severity, Source, rule
from devops_orchestrator.formats import workflow, yaml
from devops_orchestrator.formats.yaml import Node
from devops_orchestrator.text import Text


@rule(
    "quality-gates/unknown-sources", Severity.ERROR, on="sonar",
    url="https://docs.sonarsource.com/sonarqube-server/project-administration/analysis-scope/",
    title=Text("An analysis of a folder that is not there", "Une analyse d'un dossier absent"),
    advice=Text(
        "The scanner stops, or analyses nothing and passes.", "L'analyse s'arrête, ou n'analyse rien et réussit."
    ),
)  # fmt: skip
def unknown_sources(source: Source, project: Project) -> Iterator[Hit]:
    """`sonar.sources` or `sonar.tests` that name nothing of the repository."""
    offset = 0
    for line in source.text.splitlines(keepends=True):
        name, equals, value = line.partition("=")
        if equals and name.strip() in ("sonar.sources", "sonar.tests"):
            for path in (part.strip().strip("/").removeprefix("./") for part in value.split(",")):
                known = path in ("", ".") or project.repository.has(path) or bool(project.repository.below(path))
                if not known and "*" not in path and "$" not in path:
                    start = offset + line.index(path)
                    yield Hit(start, start + len(path), Text(f"There is no {path}.", f"{path} n'existe pas."))
        offset += len(line)


@rule(
    "quality-gates/unknown-coverage-path", Severity.WARNING, on="codecov", url="https://docs.codecov.com/docs/flags",
    title=Text("A coverage path that is not there", "Un chemin de couverture absent"),
    advice=Text(
        "The flag or component matches no file: its status has nothing to judge and passes, or the folder that was meant to be left out counts.",
        "Le flag ou composant ne correspond à aucun fichier : son statut n'a rien à juger et réussit, ou le dossier à exclure compte quand même.",
    ),
)  # fmt: skip
def unknown_coverage_path(source: Source, project: Project) -> Iterator[Hit]:
    """Folders of codecov.yml (`flags`, `component_management`, `ignore`, `status` paths) without any file."""
    for document in source.parsed(yaml.parse)[:1]:
        for node in _coverage_paths(document):
            path = node.scalar.removeprefix("!").removeprefix("./").removesuffix("**").removesuffix("*").strip("/")
            plain = re.fullmatch(r"[\w./@-]+", path) and not re.search(
                r"(^|/)(vendor|node_modules|build|dist|target|generated|coverage)(/|$)", path
            )
            if plain and not project.repository.has(path) and not project.repository.below(path):
                yield Hit(
                    node.start, node.end,
                    Text(f"No file of the repository is in {node.scalar}.", f"Aucun fichier du dépôt n'est dans {node.scalar}."),
                )  # fmt: skip


def _coverage_paths(document: Node) -> Iterator[Node]:
    places = [document.get("ignore")]
    flags = document.get("flags")
    places += [flag.get("paths") for _, flag in flags.items()] if flags is not None else []
    parts = document.get("component_management", "individual_components")
    places += [part.get("paths") for part in parts.children()] if parts is not None else []
    for status in ("project", "patch"):
        entries = document.get("coverage", "status", status)
        places += (
            [entry.get("paths") for _, entry in entries.items() if entry.kind == "map"] if entries is not None else []
        )
    for place in places:
        yield from (node for node in place.children() if node.kind == "scalar") if place is not None else ()


_CONFIGURATION = (
    "pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", ".coveragerc", "noxfile.py", "package.json", "**/package.json", "**/jest.config.*", "**/vitest.config.*", "**/vite.config.*",
    "**/karma.conf.js", "**/build.gradle", "**/build.gradle.kts", "**/pom.xml", "Makefile", "justfile", "Taskfile.y*ml", "**/phpunit*.xml*", "composer.json", "Gemfile", "**/spec_helper.rb",
    "**/test_helper.rb", "**/.nycrc*", "mix.exs", "deno.json*", "**/*.csproj", "**/Directory.*.props", "Cargo.toml", ".cargo/config.toml", "**/*.sh", "**/angular.json", "Rakefile", "**/*.gradle", "**/*.runsettings", ".simplecov", "**/pyproject.toml",
)  # fmt: skip
_COVERS = re.compile(
    r"cov(?:erage|er)?|jacoco|simplecov|tarpaulin|llvm-cov|grcov|nyc|istanbul|c8|kover|coverlet|xdebug|pcov|scoverage|excoveralls|gcov|codecov",
    re.I,
)


@rule(
    "quality-gates/unwritten-report", Severity.WARNING, on="github-workflow", url="https://docs.codecov.com/docs/quick-start",
    title=Text("A coverage report that nothing writes", "Un rapport de couverture que rien n'écrit"),
    advice=Text(
        "The upload finds no report: it warns and passes, and the figure that everybody looks at stays what it was.",
        "L'envoi ne trouve aucun rapport : il avertit et réussit, et le chiffre que tous regardent reste celui d'avant.",
    ),
)  # fmt: skip
def unwritten_report(source: Source, project: Project) -> Iterator[Hit]:
    """A coverage upload in a job whose scripts do not speak of coverage, in a repository whose configuration does not either."""
    found = source.parsed(workflow.parse)
    for job in found.jobs:
        for place, step in enumerate(job.steps):
            name = step.uses.name if step.uses else ""
            if (
                name
                not in (
                    "codecov/codecov-action",
                    "coverallsapp/github-action",
                    "codacy/codacy-coverage-reporter-action",
                )
                or step.input("report_type") == "test_results"
            ):
                continue
            earlier = job.steps[:place]
            scripts = "\n".join(s.script.plain for s in earlier if s.script)
            if not scripts or _COVERS.search(scripts) or any(s.uses and s.uses.kind == "local" for s in earlier):
                continue
            if any(
                s.uses
                and (
                    "download" in s.uses.name
                    or _COVERS.search(s.uses.name)
                    or (s.uses.repository in ("shivammathur/setup-php",) and s.input("coverage") not in ("", "none"))
                )
                for s in earlier
            ):
                continue
            if any(
                _COVERS.search(project.repository.read(path) or "") for path in project.repository.glob(*_CONFIGURATION)
            ):
                continue
            assert step.uses is not None
            yield Hit(
                step.uses.node.start, step.uses.node.end,
                Text(f"No step of {job.id} and no configuration of the repository measures coverage.", f"Aucune étape de {job.id} ni aucune configuration du dépôt ne mesure la couverture."),
            )  # fmt: skip


_NAMES = {
    "php": r"PHP",
    "node": r"Node(?:\.?js)?(?:\s+version)?",
    "python": r"Python",
    "ruby": r"Ruby",
    "go": r"Go(?:lang)?",
    "java": r"(?:Java|JDK)",
    "dotnet": r"\.NET(?:\s+(?:Core|SDK))?",
}
_README = re.compile(r"(?i)(?:^|.*/)(?:readme|contributing|install(?:ation)?|development)(?:\.md|\.rst|\.txt)?$")


@rule(
    "quality-gates/stale-requirement", Severity.INFO, on="manifest", url="https://docs.github.com/en/repositories/creating-and-managing-repositories/about-repositories",
    title=Text("A document that asks for an older version", "Un document qui demande une version plus ancienne"),
    advice=Text(
        "Whoever follows the document installs a version on which the project does not install.",
        "Qui suit le document installe une version sur laquelle le projet ne s'installe pas.",
    ),
)  # fmt: skip
def stale_requirement(source: Source, project: Project) -> Iterator[Hit]:
    """A README that names, as a requirement, a runtime version below the least that the manifest admits."""
    component = next((c for c in project.components if c.manifest == source.path), None)
    if component is None or component is not project.main or component.runtime is None or not component.runtime.version:
        return
    evidence = component.evidence.get("runtime", "")
    if evidence.rpartition(":")[0] != source.path or component.runtime.name not in _NAMES:
        return
    for path in (p for p in project.repository.files if "/" not in p and _README.match(p)):
        for number, said in _requirements(project.repository.read(path) or "", _NAMES[component.runtime.name]):
            if _less(said, component.runtime.version, component):
                line = int(evidence.rpartition(":")[2])
                start = source.lines.start(line)
                text = source.lines.line(line)
                yield Hit(
                    start + len(text) - len(text.lstrip()), start + len(text.rstrip()),
                    Text(f"{component.runtime.name} {component.runtime.version} at least is asked for here; {path}:{number} says {said}.", f"{component.runtime.name} {component.runtime.version} au moins est exigé ici ; {path}:{number} indique {said}."),
                    related=(Related(path, number, Text(f"{said} is said here", f"{said} est indiqué ici")),),
                )  # fmt: skip
                return


def _requirements(text: str, name: str) -> Iterator[tuple[int, str]]:
    """(line, version) of what a document says is needed: a list under a heading of requirements, or a sentence that says so."""
    heading, fence = "", False
    asked = re.compile(
        r"(?i)requir|prerequisit|need|pré-?requis|minimum|or (?:higher|later|newer|above)|\bversion\b|dependenc"
    )
    wanted = re.compile(
        rf"(?i)(?<![\w.-]){name}\s*(?:\(?\s*(?:version\s*)?(?:>=|≥|\^|~|v)?\s*)(\d+(?:\.\d+)*)(?:\.x)?\s*(?:\+|or (?:higher|later|newer|above|greater)|and (?:up|above))?"
    )
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith(("```", "~~~")):
            fence = not fence
        if fence or ("://" in line and "badge" in line):
            continue
        if re.match(r"#+\s", line):
            heading = line
            continue
        found = wanted.search(line)
        if (
            found
            and (asked.search(line) or re.search(r"(?i)requirement|prerequisite|pré-?requis", heading))
            and not re.search(
                r"(?i)changelog|upgrad|before|legacy|old|no longer|drop|branch|end of life|EOL|<\s*\d|until|prior|still",
                line,
            )
        ):
            yield number, found[1]


def _less(said: str, least: str, component: Component) -> bool:
    ours = [int(n) for n in said.split(".")]
    theirs = [int(n) for n in re.findall(r"\d+", least)]
    length = min(len(ours), len(theirs), 2)
    return (
        bool(length)
        and ours[:length] < theirs[:length]
        and (
            len(ours) > 1 or component.runtime is None or component.runtime.name not in ("php", "python", "go", "ruby")
        )
    )
