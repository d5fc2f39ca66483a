"""A repository → Project: its components, where it lives, its DevOps files, what could not be read."""

from __future__ import annotations

import re
from copy import copy
from importlib import import_module
from itertools import count

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import images, manifests, optional_services, portion, sites
from devops_orchestrator.project.devops_files import classify
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem
from devops_orchestrator.project.tree import Tree
from devops_orchestrator.project.vcs import read_vcs

# In the order in which they claim a folder: what serves pages goes before what builds their assets.
ECOSYSTEMS = ("python", "php", "ruby", "elixir", "java", "csharp", "go", "rust", "deno", "node", "static")
# A folder that any of these files hints at is worth the import of its ecosystem.
_HINTS: dict[str, tuple[frozenset[str], tuple[str, ...]]] = {  # whole names, and endings
    "python": (
        frozenset({"pyproject.toml", "Pipfile", "setup.py", "setup.cfg", "manage.py"}),
        ("requirements.txt", "requirements-dev.txt"),
    ),
    "php": (frozenset({"composer.json", "theme.json"}), (".php",)),
    "ruby": (frozenset({"Gemfile", "gems.rb", "config.ru"}), (".gemspec",)),
    "elixir": (frozenset({"mix.exs"}), ()),
    "java": (frozenset({"pom.xml", "build.gradle", "build.gradle.kts"}), ()),
    "csharp": (frozenset(), (".csproj", ".fsproj", ".vbproj")),
    "go": (frozenset({"go.mod"}), ()),
    "rust": (frozenset({"Cargo.toml"}), ()),
    "deno": (frozenset({"deno.json", "deno.jsonc"}), ()),
    "node": (frozenset({"package.json"}), ()),
    "static": (
        frozenset(
            {"index.html", "theme.toml", "mkdocs.yml", "mkdocs.yaml", "_config.yml", "_config.yaml", "_config.toml"}
            | {f"{name}.{end}" for name in ("hugo", "config") for end in ("toml", "yaml", "yml", "json")}
        ),
        (),
    ),
}
# Folders whose manifests belong to tests, examples and documentation, not to the application.
_ASIDE = lazy(
    r"(?i)(^|/)(tests?|testdata|specs?|mocks?|__tests__|fixtures|__fixtures__|examples?|samples?|demos?|docs?|documentation|templates?|third[_-]party|vendored|"
    r"remix\.init|node_modules|\.github|\.devcontainer|\.storybook|benchmarks?|e2e|cypress|playground)(/|$)"
)


def read(repository: Repository) -> Project:
    """What the repository is. Broken manifests are among `problems`; nothing is raised for them."""
    tree = Tree(repository)
    devops = classify(tree)
    context = Context(tree, compose_paths=[file.path for file in devops if file.kind == "compose"])
    components = _components(context)
    for folder, names in tree.folders.items():
        if not manifests.CHECKS.keys().isdisjoint(names) and not _ASIDE.search(folder):
            manifests.check(tree, folder)
    name = _name(repository)
    return Project(
        repository=repository,
        name=name,
        vcs=read_vcs(repository, {file.kind for file in devops}),
        components=components,
        devops_files=devops,
        problems=tuple(tree.problems[path] for path in sorted(tree.problems)),
    )


def _name(repository: Repository) -> str:
    return repository.name or "app"


def _load(name: str) -> Ecosystem:
    found: Ecosystem = import_module(f"devops_orchestrator.project.ecosystems.{name}").ECOSYSTEM
    return found


def _components(context: Context) -> tuple[Component, ...]:
    found = _claims(context.tree)
    main = [entry for entry in found if not _ASIDE.search(entry[0]) or entry[1].keeps(context.tree, entry[0])]
    for claims in (main, found) if main != found else (found,):
        drafts = _read_all(context, claims)
        drafts += _without_manifest(context, drafts)
        if drafts:
            break
    finish(context, drafts)
    return tuple(draft.build() for draft in sorted(drafts, key=_order))


def _without_manifest(context: Context, drafts: list[Draft]) -> list[Draft]:
    """Folders that hold a Dockerfile and code but no manifest, and a root with scripts alone."""
    folders = [folder for folder, names in sorted(context.tree.folders.items()) if "Dockerfile" in names]
    found: list[Draft] = []
    for folder in [*folders, *(() if drafts else (".",))]:
        if _ASIDE.search(folder) or any(
            _covers(draft.path, folder) or _covers(folder, draft.path) for draft in [*drafts, *found]
        ):
            continue
        for name, ending in (("python", ".py"), ("go", ".go"), ("deno", ".ts")):
            draft = Draft(folder, name, name=_component_name(context, folder), files=context.own(folder))
            inside = "" if folder == "." else folder
            scripts = [path for path in draft.files if path.endswith(ending) and path.rpartition("/")[0] == inside]
            if scripts and _load(name).bare(draft, context):
                found.append(draft)
                break
    return found


def _claims(tree: Tree) -> list[tuple[str, Ecosystem]]:
    names = {name for files in tree.folders.values() for name in files}
    found: list[tuple[str, Ecosystem]] = []
    for name in ECOSYSTEMS:
        whole, endings = _HINTS[name]
        if not whole.isdisjoint(names) or (endings and any(file.endswith(endings) for file in names)):
            ecosystem = _load(name)
            found += [(folder, ecosystem) for folder in ecosystem.finds(tree)]
    return found


def _read_all(context: Context, claims: list[tuple[str, Ecosystem]]) -> list[Draft]:
    context.folders = frozenset(folder for folder, ecosystem in claims if ecosystem.name != "static")
    drafts: dict[str, Draft] = {}
    parts: dict[str, list[Draft]] = {}  # what each manifest of a folder gave by itself
    for folder, ecosystem in claims:
        known = drafts.get(folder)
        static = ecosystem.name == "static"
        if static and not sites.may_be_site(known) and any(_covers(other, folder) for other in drafts):
            continue
        own = context.own(folder)
        read = portion.of(own, len(context.folders), len(context.tree.files))
        draft = Draft(folder, ecosystem.name, name=_component_name(context, folder), files=read)
        if not ecosystem.read(draft, context):
            continue
        draft.files = own
        if static and known is not None:
            if sites.wins(parts[folder], draft):
                drafts[folder] = sites.over(parts[folder], draft)
            else:
                sites.give(known, draft)
            continue
        parts.setdefault(folder, []).append(copy(draft))
        if known is not None:
            _merge(known, draft)
        else:
            drafts[folder] = draft
    return list(drafts.values())


def _covers(above: str, folder: str) -> bool:
    return above == "." or folder == above or folder.startswith(above + "/")


def _component_name(context: Context, folder: str) -> str:
    return _name(context.tree.repository) if folder == "." else folder.rpartition("/")[2]


def _merge(main: Draft, second: Draft) -> None:
    """A second language in the same folder: its commands become traits of the first (the assets of a Laravel)."""
    if main.kind in ("library", "command") and second.kind in ("service", "static", "worker"):
        main.__dict__, second.__dict__ = second.__dict__, main.__dict__
    for fact in ("language", "package_manager", "install", "build", "test", "lint", "lockfile", "runtime", "output"):
        value = second.get(fact)
        if value is not None:
            text = f"{value.name} {value.version or ''}".strip() if fact == "runtime" else value
            main.trait(f"{second.ecosystem}_{fact}", text, second.evidence(fact) or "")


def _order(draft: Draft) -> tuple[bool, int, int, int, str]:
    """Services first, then workers, static sites, commands, libraries; the root before folders, main ones before others."""
    kinds = ("service", "worker", "static", "command", "library")
    # An ecosystem's own word first (a test server, a manual), then a folder that is called like an application.
    named = -1000 if draft.precedence <= 0 and draft.path.rpartition("/")[2].lower() in _MAIN else 0
    return (
        draft.aside,
        kinds.index(draft.kind or "library"),
        0 if draft.path == "." else 1,
        draft.precedence + named,
        draft.path,
    )


# What the folder of a repository's application is called, beside others of its kind.
_MAIN = frozenset({"web", "app", "api", "server", "backend", "frontend", "www", "client", "core", "main"})


def finish(context: Context, drafts: list[Draft]) -> None:
    """What is known only when all components are: names that differ, what a workspace's libraries bring."""
    for draft in drafts:
        images.settle_kind(draft, context.tree, alone=len(drafts) == 1 and draft.path != ".")
    sites.set_aside(drafts)
    by_path = {draft.path: draft for draft in drafts}
    for draft in drafts:
        seen: set[str] = set()
        stack = list(draft.members.values())
        while stack:
            other = by_path.get(stack.pop())
            if other is None or other.path in seen:
                continue
            seen.add(other.path)
            stack += other.members.values()
            # What is built into files reaches no database, whatever the server that it shares a library with does.
            for fact in (
                ("services", "environment", "required_environment")
                if draft.kind != "static" and not draft.followed
                else ()
            ):
                for value, evidence in other.many(fact).items():
                    draft.add(fact, value, evidence)
    _compose(context, drafts)
    optional_services.settle(drafts, context)
    taken: set[str] = set()
    for draft in sorted(drafts, key=_order):
        name = re.sub(r"[^a-z0-9-]+", "-", draft.name.rpartition("/")[2].lower()).strip("-") or "app"
        if name in taken:
            name = re.sub(r"[^a-z0-9-]+", "-", draft.path.lower()).strip("-") or name
        if name in taken:
            name = next(f"{name}-{number}" for number in count(2) if f"{name}-{number}" not in taken)
        taken.add(name)
        draft.name = name


def _compose(context: Context, drafts: list[Draft]) -> None:
    """Services that compose says a built component depends on."""
    if not context.compose_paths:
        return
    for draft in drafts:
        needed, evidence = context.compose.built.get(draft.path, (set(), ""))
        for service in sorted(needed):
            draft.add("services", service, evidence)
        if "mariadb" in context.compose.backing and "mysql" not in context.compose.backing:
            # One driver talks to both: what compose runs is what the application has.
            place = draft.many("services").get("mysql")
            if place:
                draft.drop("services", "mysql")
                draft.add("services", "mariadb", context.compose.backing["mariadb"][0])
        for service in draft.many("services"):
            known = context.compose.backing.get(service)
            if known:
                draft.trait(f"version.{service}", known[1], known[0])
