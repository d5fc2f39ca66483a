"""Caches that are missing, and caches that never change."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Severity, Source, rule
from devops_orchestrator.domains.cicd.github_actions import reach
from devops_orchestrator.domains.cicd.github_actions.rules import place
from devops_orchestrator.domains.cicd.github_actions.rules.edits import insert, set_input
from devops_orchestrator.domains.cicd.github_actions.rules.place import installs
from devops_orchestrator.formats import workflow
from devops_orchestrator.formats.workflow import Job, Step
from devops_orchestrator.patterns import lazy
from devops_orchestrator.text import Text

# Setup action → (manager, its lockfiles); the manager's name is the value of `cache`.
_LOCKS = {
    "actions/setup-node": (("npm", ("package-lock.json", "npm-shrinkwrap.json")), ("pnpm", ("pnpm-lock.yaml",)), ("yarn", ("yarn.lock",))),
    "actions/setup-python": (("pip", ("requirements.txt", "pyproject.toml")), ("pipenv", ("Pipfile.lock",)), ("poetry", ("poetry.lock",))),
    "actions/setup-java": (("maven", ("pom.xml",)), ("gradle", ("build.gradle", "build.gradle.kts"))),
}  # fmt: skip
_PROGRAMS = {"mvnw": "maven", "mvn": "maven", "gradlew": "gradle"}


@rule(
    "github-actions/missing-cache", Severity.INFO, on=("github-workflow", "github-action"),
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
    for job, step in ((group, step) for group in found.groups for step in group.steps):
        if step.uses is None or step.uses.name not in _LOCKS or any("cache" in name for name in step.inputs):
            continue
        if any(other.uses and other.uses.repository == "actions/cache" for other in job.steps):
            continue
        if any(
            other.uses and other.uses.name == "gradle/actions/setup-gradle" for other in job.steps
        ) or _caches_itself(step, project):
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
                Text(f"{_named(job)[0]} downloads what {manager} installs on every run.", f"{_named(job)[1]} télécharge à chaque exécution ce que {manager} installe."),
                _fix(source, step, manager, posixpath.normpath(posixpath.join(folder, lock))),
            )  # fmt: skip
            break


def _named(group: Job) -> tuple[str, str]:
    return ("The action", "L'action") if group.get("runs-on") is None else (f"The job {group.id}", f"Le job {group.id}")


def _caches_itself(step: Step, project: Project) -> bool:
    """Whether setup-node caches npm by itself: from v5 on, where package.json names npm as its package manager."""
    if (
        step.uses is None
        or step.uses.name != "actions/setup-node"
        or (step.uses.major is not None and step.uses.major < 5)
    ):
        return False
    return bool(re.search(r'"packageManager"\s*:\s*"npm@', project.repository.read("package.json") or ""))


# Setup action → (the programs that download, the file that a cache is keyed by, what caches instead, the input and its value).
_OTHERS = {
    "ruby/setup-ruby": (("bundle", "install"), "Gemfile.lock", r"actions/cache", ("bundler-cache", "true")),
    "shivammathur/setup-php": (("composer", "install"), "composer.lock", r"actions/cache|ramsey/composer-install", None),
    "dtolnay/rust-toolchain": (("cargo", ""), "Cargo.lock", r"actions/cache|rust-cache|sccache", None),
    "actions-rust-lang/setup-rust-toolchain": (("cargo", ""), "Cargo.lock", r".*", None),
    "actions-rs/toolchain": (("cargo", ""), "Cargo.lock", r"actions/cache|rust-cache|sccache", None),
}  # fmt: skip


@rule(
    "github-actions/unused-cache", Severity.INFO, on=("github-workflow", "github-action"),
    title=Text("Dependencies fetched and compiled anew", "Dépendances récupérées et recompilées à chaque fois"),
    advice=Text(
        "Gems, PHP packages and crates are downloaded (and some compiled) on every run, though the lockfile says that nothing has changed.",
        "Gems, paquets PHP et crates sont téléchargés (et parfois compilés) à chaque exécution, alors que le lockfile dit que rien n'a changé.",
    ),
    url="https://docs.github.com/en/actions/reference/workflows-and-actions/dependency-caching",
)  # fmt: skip
def unused_cache(source: Source, project: Project) -> Iterator[Hit]:
    """setup-ruby, setup-php or a Rust toolchain before an install without any cache; setup-go with `cache: false`."""
    found = source.parsed(workflow.parse)
    if reach.publishes(found):
        return
    for group in found.groups:
        if reach.uses_git_credentials(group) or any(s.uses and "pull-request" in s.uses.name for s in group.steps):
            continue  # it changes the lockfile itself
        uses = " ".join(step.uses.name for step in group.steps if step.uses)
        for step in group.steps:
            if step.uses is None:
                continue
            if step.uses.name == "actions/setup-go" and step.input("cache").lower() == "false":
                yield from _go(source, group, step, project, uses)
            entry = _OTHERS.get(step.uses.name)
            if entry is None or entry[1] not in project.repository.files or re.search(entry[2], uses):
                continue
            (program, verb), lock, _, setting = entry
            if any("cache" in name for name in step.inputs) or not any(
                _runs(other, program, verb) for other in group.steps
            ):
                continue
            fix = None
            if setting and (edits := set_input(source, step, *setting)):
                fix = Fix(
                    edits, False, Text("let the setup action install and cache", "laisser l'action installer et mettre en cache"),
                    Text("The step that runs `bundle install` is then superfluous.", "L'étape `bundle install` devient alors inutile."),
                )  # fmt: skip
            yield Hit(
                step.uses.node.start, step.uses.node.end,
                Text(f"{_named(group)[0]} runs {program} {verb or 'build'} without a cache of what {lock} lists.", f"{_named(group)[1]} lance {program} {verb or 'build'} sans cache de ce que liste {lock}."),
                fix,
            )  # fmt: skip


def _runs(step: Step, program: str, verb: str) -> bool:
    return any(
        command.name == program
        and (
            verb in command.values
            or (not verb and {"build", "test", "clippy", "check", "run", "nextest"} & set(command.values))
        )
        for command in place.commands(step)
    )


def _go(source: Source, group: Job, step: Step, project: Project, uses: str) -> Iterator[Hit]:
    node = step.inputs["cache"]
    if (
        "go.sum" not in project.repository.files
        or "actions/cache" in uses
        or node.alias
        or not any(_runs(other, "go", "") for other in group.steps)
    ):
        return
    yield Hit(
        node.start, node.end,
        Text(f"{_named(group)[0]} downloads and compiles all that go.sum lists: the cache of setup-go is switched off.", f"{_named(group)[1]} télécharge et compile tout ce que liste go.sum : le cache de setup-go est désactivé."),
        Fix(
            (source.edit(node.start, node.end, "true"),), False, Text("use the cache", "utiliser le cache"),
            Text("Check why it was switched off.", "Vérifiez pourquoi il a été désactivé."),
        ),
    )  # fmt: skip


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
        if any(not name.startswith(fixed) or _VARIES.search(name) for name in names):
            continue
        if re.search(r"\d+\.\d+\.\d+|-v\d+$", key.scalar) or _BY_DESIGN.search(step.input("path")):
            continue  # moved on by hand, or a cache whose tool renews it
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


# Variables that hold a version, a hash or a date: the key moves with them.
_VARIES = lazy(r"^env\..*(?:version|sha|hash|date|week|month|tag|key)")
_BY_DESIGN = lazy(r"\.sonar|\.android/avd|\.android/adb")


def _lock(project: Project) -> str | None:
    locks = [c.lockfile for c in project.components if c.lockfile]
    return f"**/{posixpath.basename(locks[0])}" if len(set(map(posixpath.basename, locks))) == 1 else None
