"""Rules on installing dependencies: the lockfile, what only development needs, what the installer leaves behind."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Fix, Hit, Related, Severity, Source, rule
from devops_orchestrator.domains.containers.docker.rules.reading import View, installs, mounts, read_json, runs
from devops_orchestrator.formats import shell
from devops_orchestrator.formats.dockerfile import Instruction, Stage
from devops_orchestrator.text import Text

LOCKS = {
    "npm": ("package-lock.json", "npm-shrinkwrap.json"), "yarn": ("yarn.lock",), "pnpm": ("pnpm-lock.yaml",), "bun": ("bun.lock", "bun.lockb"),
    "uv": ("uv.lock",), "pip": (),
}  # fmt: skip


@rule(
    "docker/lockfile-not-used", Severity.WARNING, on="dockerfile", url="https://docs.npmjs.com/cli/commands/npm-ci",
    title=Text("The lockfile is not enforced", "Le fichier de verrouillage n'est pas imposé"),
    advice=Text(
        "The build may install other versions than those that were tested, without a word: the lockfile exists and is only a suggestion here.",
        "Le build peut installer d'autres versions que celles qui ont été testées, sans rien dire : le fichier de verrouillage existe mais n'est ici qu'une suggestion.",
    ),
)  # fmt: skip
def lockfile_not_used(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for item, command in runs(view.file.instructions):
        manager = installs(command)
        if manager is None or manager not in LOCKS:
            continue
        better = _enforcing(view, command, manager)
        lock = _lock(view, command, manager)
        if better is None or lock is None:
            continue
        flags = " ".join(command.values)
        title = Text(f"Use `{better[2]}`", f"Utiliser `{better[2]}`")
        needs = Text(
            "The build fails when the lockfile and the manifest disagree: run the command once on your machine.",
            "Le build échoue si le fichier de verrouillage et le manifeste divergent : lancez d'abord la commande sur votre machine.",
        )
        safe = manager == "npm" and _in_step(view, lock) and _copied_before(view, item, lock)
        fix = Fix((source.edit(*better[:2], better[2]),), safe, title, None if safe else needs) if better[3] else None
        yield Hit(
            command.start, command.end,
            Text(f"`{flags[:60]}` may change versions although {lock} exists.", f"`{flags[:60]}` peut changer les versions alors que {lock} existe."),
            fix, (Related(lock, 1, Text("the lockfile", "le fichier de verrouillage")),),
        )  # fmt: skip


def _enforcing(view: View, command: shell.Command, manager: str) -> tuple[int, int, str, bool] | None:
    """(start, end, replacement, whether it can be replaced) for a command that does not enforce its lockfile; None for one that does."""
    words = command.values
    start, end = command.words[0].start, command.words[-1].end
    if manager == "npm":
        if "ci" in words or "clean-install" in words:
            return None
        swapped = [
            {"--production": "--omit=dev", "--only=production": "--omit=dev", "--only=prod": "--omit=dev"}.get(w, w)
            for w in words[2:]
        ]
        plain = words[1] in ("install", "i") and all(
            w
            in (
                "--omit=dev",
                "--no-audit",
                "--no-fund",
                "--ignore-scripts",
                "--quiet",
                "--silent",
                "--legacy-peer-deps",
            )
            for w in swapped
        )
        return start, end, " ".join(["npm", "ci", *swapped]), plain
    if manager in ("yarn", "pnpm", "bun"):
        if any(w in ("--frozen-lockfile", "--immutable") for w in words) or (manager == "bun" and "ci" in words):
            return None
        if manager == "pnpm" and any(e.startswith("CI=") for e in command.environment):
            return None
        flag = "--immutable" if manager == "yarn" and _is_berry(view, command) else "--frozen-lockfile"
        return end, end, f" {flag}", all(w.startswith("-") or w in (manager, "install", "i") for w in words)
    if manager == "uv":
        if any(w in ("--frozen", "--locked") for w in words) or _env(view, "UV_FROZEN", "UV_LOCKED"):
            return None
        at = next(w.end for w in command.words if w.value == "sync")
        return at, at, " --locked", True
    return None


def _env(view: View, *names: str) -> bool:
    return any(pair.key in names for item in view.file.instructions if item.name == "ENV" for pair in item.pairs)


def _is_berry(view: View, command: shell.Command) -> bool:
    lock = _lock(view, command, "yarn")
    return "__metadata:" in (view.project.repository.read(lock or "") or "")


def _lock(view: View, command: shell.Command, manager: str) -> str | None:
    """The lockfile in the build context that the command would use: at its root, in the component, or in a folder that is copied."""
    folders = ["."]
    if view.component and view.component.path != view.context.path:
        folders.append(posixpath.relpath(view.component.path, view.context.path))
    for item in view.file.instructions:
        if item.name == "COPY" and not item.flag("from"):
            folders += [
                posixpath.dirname(word.value)
                for word in item.operands[:-1]
                if re.search(r"(package|pyproject|yarn|pnpm|bun)[^/]*$", word.value)
            ]
    for folder in dict.fromkeys(folders):
        for name in LOCKS[manager]:
            path = posixpath.normpath(posixpath.join(folder or ".", name))
            if path in view.context.files:
                return posixpath.normpath(posixpath.join(view.context.path, path))
    return None


def _in_step(view: View, lock: str) -> bool:
    """Whether package.json and its lockfile name the same dependencies, so that `npm ci` cannot refuse."""
    manifest = read_json(view.project.repository.read(posixpath.join(posixpath.dirname(lock), "package.json")))
    locked = read_json(view.project.repository.read(lock))
    packages = locked.get("packages")
    root = packages.get("") if isinstance(packages, dict) else None
    if not isinstance(root, dict):
        return False
    groups = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")
    return all(manifest.get(group, {}) == root.get(group, {}) for group in groups)


def _copied_before(view: View, run: Instruction, lock: str) -> bool:
    """Whether the lockfile is in the image when the command runs."""
    stage = next(s for s in view.file.stages if run in s.instructions)
    name = posixpath.relpath(lock, view.context.path)
    for item in stage.instructions:
        if item.start > run.start:
            return False
        if (
            item.name == "COPY"
            and not item.flag("from")
            and any(name in view.context.matches(w.value) for w in item.operands[:-1])
        ):
            return view.context.ignored(name) is None
    return False


@rule(
    "docker/dev-dependencies", Severity.WARNING, on="dockerfile", url="https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages",
    title=Text("Development dependencies are in the final image", "Les dépendances de développement sont dans l'image finale"),
    advice=Text(
        "Test and build tools make the image larger and give an attacker more to use; they do nothing in production.",
        "Les outils de test et de build alourdissent l'image et offrent plus de prises à un attaquant ; ils ne servent à rien en production.",
    ),
)  # fmt: skip
def dev_dependencies(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    if re.search(
        r"(^|[./_-])(dev|devel|development|local|tests?|ci|debug|e2e|playwright|cypress)([./_-]|$)", source.path, re.I
    ):
        return  # an image for developers and tests is meant to have them
    if re.search(r"(^|[_-])(dev|devel|development|tests?|ci)([_-]|$)", view.final.name or ""):
        return
    for stage in _delivered(view):
        items = stage.instructions
        if any(_prunes(command) for _, command in runs(items)):
            continue
        for _, command in runs(items):
            manager = installs(command)
            flag = _without_dev(view, stage, command, manager or "")
            if manager is None or flag is None or not _has_dev(view, manager):
                continue
            at = next(
                (w.end for w in command.words if w.value in ("sync", "install", "ci", "i")), command.words[-1].end
            )
            needs = Text(
                "Whatever runs in the built image (tests, type checks, a build step behind it) must not need them.",
                "Rien de ce qui s'exécute dans l'image construite (tests, typage, étape de build suivante) ne doit en avoir besoin.",
            )
            title = Text(f"Add {flag}", f"Ajouter {flag}")
            yield Hit(
                command.start, command.end,
                Text(
                    f"`{' '.join(command.values)[:60]}` installs the development dependencies into the final image.",
                    f"`{' '.join(command.values)[:60]}` installe les dépendances de développement dans l'image finale.",
                ),
                Fix((source.edit(at, at, f" {flag}"),), False, title, needs) if manager != "bundle" else None,
            )  # fmt: skip


def _delivered(view: View) -> list[Stage]:
    """The stages whose installed dependencies are in the final image: its lineage, and where it copies them from."""
    stages = list(view.file.lineage(view.final))
    for item in view.lineage:
        flag = item.flag("from") if item.name == "COPY" else None
        origin = view.file.stage(flag.value) if flag else None
        if origin and re.search(
            r"(node_modules|\.venv|/venv|vendor|site-packages)/?$|^/?app/?$|^\.$",
            item.operands[0].value if item.operands else "",
        ):
            stages += [s for s in view.file.lineage(origin) if s not in stages]
    return stages


def _prunes(command: shell.Command) -> bool:
    return (command.name in ("npm", "pnpm") and "prune" in command.values) or command.values[:3] == (
        "yarn",
        "workspaces",
        "focus",
    )


def _without_dev(view: View, stage: Stage, command: shell.Command, manager: str) -> str | None:
    """The option that leaves the development dependencies out; None where they are already left out."""
    words = " ".join((*command.values, *command.environment))
    env = {
        p.key: p.value or ""
        for s in view.file.lineage(stage)
        for i in s.of("ENV")
        if i.start < command.start
        for p in i.pairs
    }
    production = env.get("NODE_ENV") == "production" or "NODE_ENV=production" in words
    if manager == "npm":
        return None if production or re.search(r"--(omit[= ]dev|production|only[= ]prod)", words) else "--omit=dev"
    if manager == "pnpm":
        return None if production or re.search(r"(--prod\b|--production|-P\b)", words) else "--prod"
    if manager == "yarn":
        return (
            None
            if production or "--production" in words or view.component is None or "focus" in words
            else "--production"
        )
    if manager == "uv":
        quiet = "--no-dev" in words or "--only-group" in words or "--no-default-groups" in words or "UV_NO_DEV" in env
        return None if quiet else "--no-dev"
    if manager == "poetry":
        return None if re.search(r"--(only|without|no-dev)", words) else "--only main"
    if manager == "composer":
        return None if "--no-dev" in words or env.get("COMPOSER_NO_DEV") == "1" else "--no-dev"
    if manager == "bundle":
        return None if _bundler_without(view, words, env) else "BUNDLE_WITHOUT=development:test"
    return None


def _bundler_without(view: View, words: str, env: dict[str, str]) -> bool:
    """Whether groups are left out: by an option, a variable, `bundle config`, or a committed .bundle/config."""
    if "--without" in words or {"BUNDLE_WITHOUT", "BUNDLE_ONLY"} & set(env) or "BUNDLE_WITHOUT" in words:
        return True
    configured = any(
        "without" in c.values or "only" in c.values
        for _, c in runs(view.file.instructions)
        if c.values[:2] == ("bundle", "config")
    )
    return (
        configured
        or "BUNDLE_WITHOUT" in (view.project.repository.read(".bundle/config") or "")
        or bool(re.search(r"BUNDLE_WITHOUT|RAILS_ENV[ =]\"?(development|test)", view.source.text))
    )


def _has_dev(view: View, manager: str) -> bool:
    """Whether there is anything to leave out, and whether it is not needed for a build in the same stage."""
    component = view.component
    if component is None or not component.dev_dependencies:
        return False
    if manager in ("npm", "pnpm", "yarn"):
        built = [c for _, c in runs(view.lineage) if c.name in ("npm", "pnpm", "yarn", "npx") and "build" in c.values]
        return not built
    return True


@rule(
    "docker/pip-cache", Severity.INFO, on="dockerfile", url="https://pip.pypa.io/en/stable/cli/pip_install/#cmdoption-no-cache-dir",
    title=Text("pip leaves its download cache in the layer", "pip laisse son cache de téléchargement dans la couche"),
    advice=Text(
        "The cache is of no use in an image: it doubles the size of what was installed.",
        "Ce cache ne sert à rien dans une image : il double la taille de ce qui a été installé.",
    ),
)  # fmt: skip
def pip_cache(source: Source, project: Project) -> Iterator[Hit]:
    view = View(source, project)
    for stage in view.file.stages:
        env = {p.key for s in view.file.lineage(stage) for i in s.of("ENV") for p in i.pairs}
        if "PIP_NO_CACHE_DIR" in env:
            continue
        for item, command in runs(stage.instructions):
            words = command.values
            module = words[1:3] == ("-m", "pip") and command.name.startswith("python")
            is_pip = command.name in ("pip", "pip3") or module
            if not is_pip or "install" not in words or "--no-cache-dir" in words or mounts(item, "cache"):
                continue
            if any(e.startswith("PIP_NO_CACHE_DIR=") for e in command.environment):
                continue
            at = next(w.end for w in command.words if w.value == "install")
            fix = Fix(
                (source.edit(at, at, " --no-cache-dir"),), True, Text("Add --no-cache-dir", "Ajouter --no-cache-dir")
            )
            yield Hit(
                command.start, command.end,
                Text("pip install without --no-cache-dir and without a cache mount.", "pip install sans --no-cache-dir ni montage de cache."),
                fix,
            )  # fmt: skip


RULES = (lockfile_not_used, dev_dependencies, pip_cache)
