"""Workspaces of npm, pnpm, Yarn, Bun, Lerna and Nx: where their roots are, who is a member, who is built from whom."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree, ancestors, join, parent

# Members that only try out the others, whatever the workspace says of them.
_TRIALS = lazy(
    r"(^|/)(tests?|testdata|__tests__|fixtures|__fixtures__|examples?|e2e|[\w.-]+-e2e|cypress|playwright|benchmarks?|playgrounds?|node_modules|\.[\w-]+)(/|$)"
)
_ASIDE = lazy(r"(^|/)(docs?|documentation|demos?|templates?|samples?)(/|$)")
_ABOUT = lazy(r"(^|/)([\w.-]+-)?(docs?|documentation|storybook|playground)$")
# How a package names a folder of the repository instead of a version.
_LOCAL = lazy(r"(?:file|link|portal):(?!//)(.+)")


@dataclass(frozen=True)
class Workspace:
    """One workspace: the folder of its root, what it says of its members, and those that are there."""

    root: str
    patterns: tuple[str, ...]
    packages: Mapping[str, str]  # name → folder
    tool: str  # npm (Yarn and Bun too) | pnpm | lerna | nx

    @property
    def folders(self) -> frozenset[str]:
        """The folders of the members."""
        return frozenset(self.packages.values())


def workspaces(tree: Tree) -> dict[str, Workspace]:
    """Every workspace of a repository: folder of its root → what it is. Ask with `tree.remembered(workspaces)`."""
    manifests = sorted(folder for folder, names in tree.folders.items() if "package.json" in names)
    projects = sorted(folder for folder, names in tree.folders.items() if "project.json" in names)
    found: dict[str, Workspace] = {}
    for folder, names in sorted(tree.folders.items()):
        if names.isdisjoint(("package.json", "pnpm-workspace.yaml", "lerna.json", "nx.json")) or _TRIALS.search(folder):
            continue
        declared = _declared(tree, folder)
        nx = "nx.json" in names
        if declared is None and not nx:
            continue
        patterns, tool = declared or ((), "nx")
        packages: dict[str, str] = {}
        for other in manifests if patterns else ():
            if _below(other, folder) and _matches(other, patterns, folder):
                packages.setdefault(_name(tree, other, "package.json") or other, other)
        for other in projects if nx else ():
            if _below(other, folder) and other not in packages.values():
                packages.setdefault(_name(tree, other, "project.json") or other.rpartition("/")[2], other)
        found[folder] = Workspace(folder, tuple(patterns), packages, tool)
    return found


def of(tree: Tree, folder: str) -> Workspace | None:
    """The workspace that a folder is the root or a member of, the nearest first; None outside of one."""
    known = tree.remembered(workspaces)
    for at in ancestors(folder) if known else ():
        found = known.get(at)
        if found is not None and (at == folder or folder in found.folders):
            return found
    return None


def is_left_out(tree: Tree, folder: str) -> bool:
    """Whether a package.json is none of the repository's parts: a template or an asset within a member, or one that the
    workspace takes out by name (`!backend/old`)."""
    known = tree.remembered(workspaces)
    members = {at for workspace in known.values() for at in workspace.folders}
    if folder in members or folder in known:
        return False
    return any(at in members for at in ancestors(folder)[1:]) or any(
        _below(folder, workspace.root)
        and any(
            pattern.startswith("!") and _matches(folder, (pattern[1:],), workspace.root)
            for pattern in workspace.patterns
        )
        for workspace in known.values()
    )


def keeps(tree: Tree, folder: str) -> bool:
    """Whether a member counts though its folder is called like something aside: `apps/docs` is an application.

    It does where the workspace names it by itself (`docs`) or a wildcard took it (`apps/*`); `examples/*` says itself
    that its members are aside.
    """
    workspace = of(tree, folder)
    if workspace is None or folder == workspace.root or _TRIALS.search(folder):
        return False
    inside = _inside(folder, workspace.root)
    for pattern in workspace.patterns:
        text = _plain(pattern)
        above = text.rpartition("/")[0]
        taken = _matches(folder, (pattern,), workspace.root) and above == parent(inside) and not _ASIDE.search(above)
        if text == inside or taken:
            return True
    return not workspace.patterns


def _name(tree: Tree, folder: str, file: str) -> str | None:
    manifest = tree.json(join(folder, file))
    return manifest.text("name") if manifest else None


def _declared(tree: Tree, folder: str) -> tuple[tuple[str, ...], str] | None:
    """(patterns, tool) of the workspace whose root a folder is, or None."""
    for document in tree.yaml(tree.first(folder, "pnpm-workspace.yaml")):
        found = document.at("packages")
        if isinstance(found, list):
            return tuple(str(entry) for entry in found), "pnpm"
    package = tree.json(tree.first(folder, "package.json"))
    for keys in (("workspaces",), ("workspaces", "packages")):
        if package is not None and isinstance(package.get(*keys), list):
            return tuple(package.strings(*keys)), "npm"
    lerna = tree.json(tree.first(folder, "lerna.json"))
    if lerna is not None:
        # Before version 7, a lerna.json without `packages` means the folder of that name.
        return tuple(lerna.strings("packages") or ["packages/*"]), "lerna"
    return None


def _below(folder: str, root: str) -> bool:
    return folder != root and (root == "." or folder.startswith(root + "/"))


def _inside(folder: str, root: str) -> str:
    return folder if root == "." else folder.removeprefix(root + "/")


def _plain(pattern: str) -> str:
    return pattern.lstrip("!").removeprefix("./").rstrip("/")


def _matches(folder: str, patterns: tuple[str, ...], root: str) -> bool:
    inside = _inside(folder, root)
    taken = False
    for pattern in patterns:
        expression = re.escape(_plain(pattern)).replace(r"\*\*/", "(?:.+/)?").replace(r"\*\*", ".+")
        expression = expression.replace(r"\*", "[^/]+")
        expression = re.sub(r"\\\{([^}]*)\\\}", lambda m: "(" + "|".join(m[1].split(",")) + ")", expression)
        if re.fullmatch(expression, inside):
            taken = not pattern.startswith("!")
    return taken


# who is built from whom


def give_members(draft: Draft, tree: Tree, workspace: Workspace | None) -> None:
    """Fill `draft.members`: packages of the workspace that are dependencies, and folders named by `file:` and `link:`."""
    known = workspace.packages if workspace else {}
    for name, version in draft.dependencies.items():
        folder = known.get(name)
        local = _LOCAL.fullmatch(version)
        if folder is None and local:
            folder = posixpath.normpath(posixpath.join(draft.path, local[1]))
            folder = folder if tree.has(folder, "package.json") else None
        if folder is not None and folder != draft.path:
            draft.members[name] = folder
    tell_members(draft)


def tell_members(draft: Draft) -> None:
    """Say the members as a trait too, as the rooms ask for them."""
    # The application of a repository is built from more of its packages than what stands beside it; its manual is not it.
    about = _ABOUT.search(draft.path) or draft.framework_is("docusaurus", "vitepress")
    draft.precedence = 100 if about else -len(set(draft.members.values()))
    if draft.members:
        draft.traits["workspace_packages"] = " ".join(sorted(set(draft.members.values())))


def is_used(tree: Tree, workspace: Workspace | None, name: str | None) -> bool:
    """Whether another member of the workspace depends on the package of that name."""
    for folder in workspace.folders if workspace and name else ():
        manifest = tree.json(tree.first(folder, "package.json"))
        tables = ("dependencies", "devDependencies", "peerDependencies") if manifest else ()
        if manifest and any(name in manifest.table(table) for table in tables):
            return True
    return False


def root_manifest(tree: Tree, workspace: Workspace | None, folder: str) -> Document | None:
    """The package.json of the workspace's root, for a member of it."""
    if workspace is None or workspace.root == folder:
        return None
    return tree.json(tree.first(workspace.root, "package.json"))


def own_code(draft: Draft, tree: Tree, languages: Mapping[str, str]) -> list[str]:
    """The sources of a folder that are an application: no tool's configuration, script or test of a whole repository."""
    found: list[str] = []
    # A file beside package.json is a program where packages are installed for it, not only tools.
    loose = draft.path not in tree.remembered(workspaces) and bool(set(draft.dependencies) - draft.dev_dependencies)
    for path in draft.files:
        inside = _inside(path, draft.path)
        if any(tree.has(at, "package.json") for at in ancestors(parent(path)) if _below(at, draft.path)):
            continue
        if inside[inside.rfind(".") :] not in languages or inside.endswith(".d.ts"):
            continue
        if re.search(r"(^|/)\.|\.(config|setup|preset|workspace)\.[cm]?[jt]s$|\.(test|spec)\.[cm]?[jt]sx?$", inside):
            continue
        if re.match(
            r"(scripts?|tools?|tooling|tests?|e2e|cypress|playwright|bin|ci|configs?|docs|examples?|patches|turbo|prisma|migrations|seeds?|public|static|assets|charts|helm|k8s|infra|deploy\w*|docker|terraform|load-?tests?)/",
            inside,
        ):
            continue
        if "/" not in inside and not loose and not re.match(r"(index|main|server|app)\.[cm]?[jt]sx?$", inside):
            continue
        found.append(path)
    return found


# A script that only has the members do something.
_DELEGATES = lazy(
    r"\b(turbo|nx|lerna|concurrently|npm-run-all|run-p|run-s|wsrun|moon)\b|--filter|--workspaces?\b|\s-[wCr]\s|\s-ws\b|--parallel|--cwd|--prefix|yarn workspaces?\b"
)


def only_delegates(draft: Draft) -> bool:
    """Whether the root of a workspace starts nothing by itself: its code is what its members share."""
    bodies = [draft.scripts[name] for name in ("start", "start:prod", "dev", "develop") if name in draft.scripts]
    return bool(bodies) and all(_DELEGATES.search(body) for body in bodies)
