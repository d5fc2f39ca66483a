"""Uploads and downloads of one run: names that collide, files that are left out, paths that nothing writes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.formats import workflow, yaml
from devops_orchestrator.formats.workflow import Job, Step
from devops_orchestrator.text import Text


def _major(step: Step) -> int | None:
    return step.uses.major if step.uses else None


@rule(
    "artifacts/hidden-files-left-out", Severity.ERROR, on="github-workflow", url="https://github.com/actions/upload-artifact#uploading-hidden-files",
    title=Text("An artifact of hidden files that stays empty", "Un artefact de fichiers cachés qui reste vide"),
    advice=Text(
        "upload-artifact leaves out files and folders whose name begins with a dot, unless `include-hidden-files` is set: the artifact is empty or lacks them, with a warning at most.",
        "upload-artifact laisse de côté les fichiers et dossiers dont le nom commence par un point, sauf avec `include-hidden-files` : l'artefact est vide ou incomplet, avec au mieux un avertissement.",
    ),
)  # fmt: skip
def hidden_files_left_out(source: Source, project: Project) -> Iterator[Hit]:
    """A path whose last part (or a part behind a pattern) begins with a dot, from version 4.4 on."""
    for _, step in source.parsed(workflow.parse).steps:
        node = step.inputs.get("path")
        if (
            step.uses is None
            or step.uses.name != "actions/upload-artifact"
            or node is None
            or "include-hidden-files" in step.inputs
        ):
            continue
        if (_major(step) or 4) < 4 or re.match(r"v?4\.[0-3](\.|$)", step.uses.version) or node.alias:
            continue
        lines = [line.strip() for line in node.scalar.splitlines() if line.strip() and not line.strip().startswith("!")]
        hidden = [line for line in lines if _hidden(line)]
        if not hidden:
            continue
        edits = None
        given = step.get("with")
        if given is not None and not given.flow and not given.alias:
            edits = (source.edit(*yaml.insert_after_key(given, "path", "include-hidden-files: true")),)
        at = source.text.find(hidden[0], node.start, node.end)
        start, end = (at, at + len(hidden[0])) if at >= 0 else (node.start, node.end)
        yield Hit(
            start, end,
            Text(f"{hidden[0]} is hidden: it is not part of the artifact.", f"{hidden[0]} est caché : il n'est pas dans l'artefact."),
            Fix(edits, False, Text("take hidden files along", "inclure les fichiers cachés"), Text("See that no secret lies in a hidden file of these paths.", "Vérifiez qu'aucun fichier caché de ces chemins ne contient de secret.")) if edits else None,
        )  # fmt: skip


def _hidden(path: str) -> bool:
    """Whether the upload's search begins at something hidden, or looks for something hidden by a pattern."""
    parts = [part for part in path.split("/") if part and part != "."]
    if not parts or "${{" in path:
        return False
    first = next((place for place, part in enumerate(parts) if set("*?[") & set(part)), len(parts))
    fixed = parts[:first]
    if first == len(parts):
        return parts[-1].startswith(".") and parts[-1] != ".."
    return bool(fixed and fixed[-1].startswith(".") and fixed[-1] != "..") or any(
        part.startswith(".") for part in parts[first:]
    )


@rule(
    "artifacts/colliding-name", Severity.ERROR, on="github-workflow", url="https://github.com/actions/upload-artifact#not-uploading-to-the-same-artifact",
    title=Text("Several jobs upload one artifact name", "Plusieurs jobs publient un même nom d'artefact"),
    advice=Text(
        "Since version 4 an artifact cannot be added to: the first job that uploads wins, the others fail with a 409.",
        "Depuis la version 4, un artefact ne se complète plus : le premier job qui publie gagne, les autres échouent avec une erreur 409.",
    ),
)  # fmt: skip
def colliding_name(source: Source, project: Project) -> Iterator[Hit]:
    """upload-artifact of a fixed name in a job with a matrix of several runs."""
    found = source.parsed(workflow.parse)
    for job in found.jobs:
        if _runs(job) < 2:
            continue
        for step in job.steps:
            if (
                step.uses is None
                or step.uses.name != "actions/upload-artifact"
                or (_major(step) or 4) < 4
                or step.input("overwrite").lower() == "true"
            ):
                continue
            node = step.inputs.get("name")
            condition = str(step.node.at("if", default=""))
            if (
                "matrix" in condition
                or "steps." in condition
                or step.input("archive").lower() == "false"
                or (node is not None and "${{" in node.scalar)
            ):
                continue
            place = node if node is not None else step.uses.node
            name = node.scalar if node is not None else "artifact"
            fix = None
            key = _key(job)
            if node is not None and key and not node.alias and node.raw.style in (None, ""):
                fix = Fix(
                    (source.edit(node.end, node.end, f"-${{{{ matrix.{key} }}}}"),), False, Text("a name for each run", "un nom par exécution"),
                    Text("Downloads of this name then need `pattern:` and `merge-multiple: true`.", "Les téléchargements de ce nom ont alors besoin de `pattern:` et `merge-multiple: true`."),
                )  # fmt: skip
            yield Hit(
                place.start, place.end,
                Text(f"Each of the {_runs(job)} runs of {job.id} uploads {name}: only the first one to come can.", f"Chacune des {_runs(job)} exécutions de {job.id} publie {name} : seule la première arrivée le peut."),
                fix, severity=Severity.WARNING if re.search(r"failure\(|cancelled\(", condition) else None,
            )  # fmt: skip


def _runs(job: Job) -> int:
    """How many runs the matrix of a job makes, as far as it is written; 1 where it has none."""
    matrix = job.get("strategy", "matrix")
    if matrix is None or matrix.kind != "map" or matrix.get("exclude") is not None:
        return 1
    count = 1
    for key, value in matrix.items():
        if key.scalar == "include":
            continue
        count *= len(list(value.children())) if value.kind == "list" else 1
    include = matrix.get("include")
    alone = [key for key, _ in matrix.items() if key.scalar != "include"]
    return len(list(include.children())) if include is not None and not alone else count


def _key(job: Job) -> str | None:
    """The key of the matrix that tells its runs apart, where it is one."""
    matrix = job.get("strategy", "matrix")
    several = (
        [
            key.scalar
            for key, value in matrix.items()
            if value.kind == "list" and key.scalar != "include" and len(list(value.children())) > 1
        ]
        if matrix is not None
        else []
    )
    return several[0] if len(several) == 1 else None


@rule(
    "artifacts/unordered-download", Severity.ERROR, on="github-workflow", url="https://docs.github.com/en/actions/tutorials/store-and-share-data",
    title=Text("A download that does not wait for the upload", "Un téléchargement qui n'attend pas la publication"),
    advice=Text(
        "Without `needs` both jobs start at once: the artifact is not there yet, and the download fails.",
        "Sans `needs`, les deux jobs démarrent ensemble : l'artefact n'est pas encore là, et le téléchargement échoue.",
    ),
)  # fmt: skip
def unordered_download(source: Source, project: Project) -> Iterator[Hit]:
    """download-artifact of what another job uploads, in a job that does not need that one."""
    found = source.parsed(workflow.parse)
    uploaded: dict[str, set[str]] = {}
    for job, step in found.steps:
        if step.uses and step.uses.name == "actions/upload-artifact":
            uploaded.setdefault(step.input("name") or "artifact", set()).add(job.id)
    for job, step in found.steps:
        node = step.inputs.get("name")
        if (
            step.uses is None
            or step.uses.name != "actions/download-artifact"
            or node is None
            or {"run-id", "repository", "github-token"} & set(step.inputs)
        ):
            continue
        makers = uploaded.get(node.scalar, set())
        if not makers or job.id in makers or makers & {other.id for other in found.before(job)}:
            continue
        maker = sorted(makers)[0]
        line = source.lines.place(next(other.key.start for other in found.jobs if other.id == maker))[0]
        edits = None
        if job.get("needs") is None and not job.node.flow and len(makers) == 1:
            first = next(job.node.items())[0].scalar
            edits = (source.edit(*yaml.insert_after_key(job.node, first, f"needs: {maker}")),)
        yield Hit(
            node.start, node.end,
            Text(f"{job.id} downloads {node.scalar}, which {maker} uploads, and does not need {maker}.", f"{job.id} télécharge {node.scalar}, que {maker} publie, sans attendre {maker}."),
            Fix(edits, False, Text(f"wait for {maker}", f"attendre {maker}"), Text(f"It is then skipped where {maker} fails.", f"Il est alors ignoré si {maker} échoue.")) if edits else None,
            (Related(source.path, line, Text("the job that uploads", "le job qui publie")),),
        )  # fmt: skip


# Folders that only one build tool writes → the files that show it.
_OUTPUTS = (
    (
        "target/",
        ("**/pom.xml", "pom.xml", "**/Cargo.toml", "Cargo.toml", "**/build.sbt", "build.sbt", "**/project.clj"),
    ),
    ("build/libs", ("**/*.gradle", "**/*.gradle.kts", "*.gradle", "*.gradle.kts")),
    ("build/reports", ("**/*.gradle", "**/*.gradle.kts", "*.gradle", "*.gradle.kts")),
    ("build/test-results", ("**/*.gradle", "**/*.gradle.kts", "*.gradle", "*.gradle.kts")),
)
# Where the names of reports are written: configuration of tools, scripts, task runners.
_SAID = (
    "package.json", "**/package.json", "composer.json", "**/composer.json", "Makefile", "**/Makefile", "justfile", "Taskfile.y*ml", "pyproject.toml", "**/pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini",
    "**/phpunit*.xml*", "phpunit*.xml*", "**/vite*.config.*", "vite*.config.*", "**/jest.config.*", "jest.config.*", "**/playwright.config.*", "playwright.config.*", ".mocharc*", "**/build.gradle*", "build.gradle*", "**/pom.xml", "pom.xml", "Rakefile", ".rspec", "**/.rspec", "scripts/**", "bin/*", "ci/**",
)  # fmt: skip


@rule(
    "artifacts/unwritten-path", Severity.WARNING, on="github-workflow", url="https://github.com/actions/upload-artifact#if-no-files-found",
    title=Text("An artifact from where nothing is written", "Un artefact pris là où rien n'est écrit"),
    advice=Text(
        "The upload finds no files: it warns and passes, and the report is missed on the day when it is needed.",
        "L'envoi ne trouve aucun fichier : il avertit et réussit, et le rapport manque le jour où on en a besoin.",
    ),
)  # fmt: skip
def unwritten_path(source: Source, project: Project) -> Iterator[Hit]:
    """A file that is written under another path, or the output folder of a build tool that the repository does not use."""
    found = source.parsed(workflow.parse)
    for job, step in found.steps:
        node = step.inputs.get("path")
        if step.uses is None or step.uses.name != "actions/upload-artifact" or node is None or node.alias:
            continue
        scripts = "\n".join(s.script.plain for s in job.steps if s.script)
        for line in (text.strip() for text in node.scalar.splitlines()):
            path = line.removeprefix("./").rstrip("/")
            if (
                not path
                or "${{" in line
                or line.startswith(("!", "/", "~", ".."))
                or project.repository.has(path)
                or project.repository.below(path)
            ):
                continue
            told = _other_tool(path, project) or _elsewhere(path, scripts, project)
            if told is not None:
                at = source.text.find(line, node.start, node.end)
                start, end = (at, at + len(line)) if at >= 0 else (node.start, node.end)
                yield Hit(start, end, told[0], related=told[1])


def _other_tool(path: str, project: Project) -> tuple[Text, tuple[Related, ...]] | None:
    for folder, shown in _OUTPUTS:
        at_root = f"{path}/".startswith(folder) or f"{path}/".startswith(f"{folder}/")
        if (
            at_root
            and not project.repository.glob(*shown)
            and project.repository.glob("*.gradle*", "**/*.gradle*", "pom.xml", "**/pom.xml")
        ):
            return Text(
                f"{path} is written by a build tool that the repository does not use.",
                f"{path} est écrit par un outil de build que le dépôt n'utilise pas.",
            ), ()
    return None


def _elsewhere(path: str, scripts: str, project: Project) -> tuple[Text, tuple[Related, ...]] | None:
    """Where a configuration or script writes a file of this name, when none speaks of this very path."""
    folder, _, name = path.rpartition("/")
    if not re.fullmatch(r"[\w-]+\.(?:xml|json|html|info|out|lcov|sarif|txt|log|tap|trx)", name) or set("*?[") & set(
        path
    ):
        return None
    places: list[tuple[str, int, str]] = []
    for file in project.repository.glob(*_SAID):
        text = project.repository.read(file) or ""
        here = file.rpartition("/")[0]
        for match in re.finditer(rf"(?<![\w./-])((?:[\w.-]+/)*){re.escape(name)}(?![\w-])", text):
            said = f"{match[1]}{name}"
            if path in (said, f"{here}/{said}" if here else said) or path.endswith(f"/{said}"):
                return None
            places.append((file, text.count("\n", 0, match.start()) + 1, said))
    if (
        not places
        or re.search(rf"(?<![\w/]){re.escape(path)}|{re.escape(folder)}\b" if folder else re.escape(name), scripts)
        or "mv " in scripts
        or "cp " in scripts
    ):
        return None
    if re.search(rf"(?<![\w-]){re.escape(name)}", scripts):
        return None
    file, line, said = places[0]
    return Text(
        f"{name} is written to {said} ({file}:{line}), not to {path}.",
        f"{name} est écrit dans {said} ({file}:{line}), pas dans {path}.",
    ), (Related(file, line, Text("where it is written", "là où il est écrit")),)
