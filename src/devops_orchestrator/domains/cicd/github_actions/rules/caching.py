"""Caches that are missing, and caches that never change."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions import reach
from devops_orchestrator.domains.cicd.github_actions.rules.edits import insert, set_input
from devops_orchestrator.domains.cicd.github_actions.rules.place import installs
from devops_orchestrator.formats import workflow
from devops_orchestrator.formats.workflow import Step
from devops_orchestrator.text import Text

# Setup action → (manager, its lockfiles); the manager's name is the value of `cache`.
_LOCKS = {
    "actions/setup-node": (("npm", ("package-lock.json", "npm-shrinkwrap.json")), ("pnpm", ("pnpm-lock.yaml",)), ("yarn", ("yarn.lock",))),
    "actions/setup-python": (("pip", ("requirements.txt", "pyproject.toml")), ("pipenv", ("Pipfile.lock",)), ("poetry", ("poetry.lock",))),
    "actions/setup-java": (("maven", ("pom.xml",)), ("gradle", ("build.gradle", "build.gradle.kts"))),
}  # fmt: skip
_PROGRAMS = {"mvnw": "maven", "mvn": "maven", "gradlew": "gradle"}


@rule(
    "github-actions/missing-cache", Severity.INFO, on="github-workflow",
    title=Text("Dependencies downloaded on every run", "Dépendances téléchargées à chaque exécution"),
    advice=Text(
        "The setup action can keep the package manager's downloads, keyed by the lockfile: minutes on every run.",
        "L'action de setup sait garder les téléchargements du gestionnaire de paquets, avec le lockfile pour clé : des minutes gagnées à chaque exécution.",
    ),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching",
)  # fmt: skip
def missing_cache(source: Source, project: Project) -> Iterator[Hit]:
    """setup-node, setup-python or setup-java without `cache`, before an install from a lockfile that is there."""
    found = source.parsed(workflow.parse)
    if reach.publishes(found):
        return
    for job, step in found.steps:
        if step.uses is None or step.uses.name not in _LOCKS or any("cache" in name for name in step.inputs):
            continue
        if any(other.uses and other.uses.repository == "actions/cache" for other in job.steps):
            continue
        folder = found.folder or job.folder
        managers = installs(job)
        for manager, locks in _LOCKS[step.uses.name]:
            lock = next(
                (
                    lock
                    for lock in locks
                    if posixpath.normpath(posixpath.join(folder, lock)) in project.repository.files
                ),
                None,
            )
            if lock is None or manager not in managers:
                continue
            yield Hit(
                step.uses.node.start, step.uses.node.end,
                Text(f"The job {job.id} downloads what {manager} installs on every run.", f"Le job {job.id} télécharge à chaque exécution ce que {manager} installe."),
                _fix(source, step, manager, posixpath.normpath(posixpath.join(folder, lock))),
            )  # fmt: skip
            break


def _fix(source: Source, step: Step, manager: str, lock: str) -> Fix | None:
    edits = set_input(source, step, "cache", manager)
    # The default key is the root's lockfile; pip's is every requirements.txt.
    if edits and ("/" in lock or lock == "pyproject.toml"):
        extra = f"cache: {manager}\n{'  ' if step.get('with') is None else ''}cache-dependency-path: {lock}"
        given = step.get("with")
        if given is None:
            edits = None if step.node.flow else insert(source, step.node, "uses", f"with:\n  {extra}")
        elif not given.flow:
            edits = insert(source, given, list(given.items())[-1][0].scalar, extra)
        else:
            edits = None
    if edits is None:
        return None
    return Fix(edits, True, Text(f"cache {manager}'s downloads", f"mettre en cache les téléchargements de {manager}"))


@rule(
    "github-actions/static-cache-key", Severity.WARNING, on="github-workflow",
    title=Text("Cache key without the lockfile", "Clé de cache sans le lockfile"),
    advice=Text(
        "A cache is never overwritten: under a key that does not change, the first run's content is restored for ever, and new dependencies are never saved.",
        "Un cache n'est jamais réécrit : sous une clé qui ne change pas, le contenu de la première exécution est restauré pour toujours et les nouvelles dépendances ne sont jamais enregistrées.",
    ),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching#cache-key-matching",
)  # fmt: skip
def static_cache_key(source: Source, project: Project) -> Iterator[Hit]:
    """`actions/cache` with a key that depends on the runner alone."""
    fixed = ("runner.", "env.", "github.job", "github.workflow", "matrix.", "github.repository", "vars.")
    for _, step in source.parsed(workflow.parse).steps:
        key = step.inputs.get("key")
        if (
            step.uses is None
            or step.uses.name not in ("actions/cache", "actions/cache/save")
            or key is None
            or key.alias
        ):
            continue
        names = [name for e in workflow.expressions_in(key.scalar) for name in e.references]
        if any(not name.startswith(fixed) for name in names):
            continue
        lock = _lock(project)
        style = key.raw.style
        fix = None
        if lock and style in (None, "", "'", '"') and "\n" not in source.text[key.start : key.end]:
            at = key.end - (1 if style in ("'", '"') else 0)
            quote = "''" if style == "'" else "'"
            fix = Fix(
                (source.edit(at, at, f"-${{{{ hashFiles({quote}{lock}{quote}) }}}}"),), False,
                Text(f"make {lock} part of the key", f"intégrer {lock} à la clé"),
                Text("Check that this lockfile says what the cache holds.", "Vérifiez que ce lockfile décrit bien le contenu du cache."),
            )  # fmt: skip
        yield Hit(
            key.start, key.end,
            Text(f"The key {key.scalar} never changes: the cache is saved once.", f"La clé {key.scalar} ne change jamais : le cache n'est enregistré qu'une fois."),
            fix,
        )  # fmt: skip


def _lock(project: Project) -> str | None:
    locks = [c.lockfile for c in project.components if c.lockfile]
    return f"**/{posixpath.basename(locks[0])}" if len(set(map(posixpath.basename, locks))) == 1 else None
