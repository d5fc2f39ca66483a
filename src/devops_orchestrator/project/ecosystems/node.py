"""JavaScript and TypeScript: npm, pnpm, yarn and bun; their workspaces; servers, meta-frameworks and static builds."""

from __future__ import annotations

import posixpath
import re

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import node_managers, nx, services, tasks, versions, workspaces
from devops_orchestrator.project.code import javascript_facts, javascript_hoisted
from devops_orchestrator.project.code.javascript import LANGUAGES
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, join
from devops_orchestrator.project.workspaces import Workspace

_LOCKS = (
    ("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"), ("bun.lock", "bun"), ("bun.lockb", "bun"), ("package-lock.json", "npm"),
    ("npm-shrinkwrap.json", "npm"),
)  # fmt: skip
_NO_TEST = lazy(r"no test specified|exit 1\s*$")
_SCRIPTS = {
    "build": ("build", "build:prod", "compile"),
    "test": ("test", "test:ci", "test:unit", "tests", "unit"),
    "lint": ("lint", "lint:check", "eslint"),
    "typecheck": ("typecheck", "type-check", "check-types", "check:types", "types", "tsc", "lint:types", "check"),
}


def _finds(tree: Tree) -> list[str]:
    manifests = with_manifest(tree, "package.json")
    projects = nx.finds(tree, tree.remembered(workspaces.workspaces).values())
    return sorted({*(f for f in manifests if not workspaces.is_left_out(tree, f)), *projects})


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    workspace = workspaces.of(tree, draft.path)
    if tree.has(draft.path, "project.json") and nx.is_trial(draft.path):
        return False
    package = tree.json(tree.first(draft.path, "package.json"))
    if package is None:
        return workspace is not None and _read_project(draft, context, workspace)
    root = workspace.root if workspace else None
    if root == draft.path and workspace:
        # What lies in a member is the member's, though it may be one that is left aside.
        inner = tuple(f"{folder}/" for folder in workspace.folders)
        draft.files = tuple(path for path in draft.files if not path.startswith(inner))
    _dependencies(draft, package)
    if root is None and _only_tools(draft, package, tree):
        return False
    name = package.text("name")
    if name:
        draft.name = name.rpartition("/")[2]
    draft.offer("manifest", package.path, package.path)
    scripts = package.table("scripts")
    draft.scripts = {key: value for key, value in scripts.items() if isinstance(value, str)}
    javascript_hoisted.give(draft, tree, workspaces.root_manifest(tree, workspace, draft.path))
    if not _is_component(draft, context, workspace, package):
        return False
    _language(draft, tree)
    _manager(draft, tree, package, root)
    _runtime(draft, tree, package, root)
    services.from_packages(draft, services.NODE)
    _commands(draft, tree, package)
    tasks.procfile(draft, tree)
    if workspace and root != draft.path:
        _of_the_root(draft, tree, workspace)
    shared = package.get("exports") is not None and workspaces.is_used(tree, workspace, package.text("name"))
    javascript_facts.give_code(draft, context, package, shared=shared)
    workspaces.give_members(draft, tree, workspace)
    if workspace and root != draft.path:
        javascript_hoisted.give_projects(draft, tree, workspace)
    tasks.offer(draft, tree, "test", "lint", "typecheck", "build")
    versions.last_resorts(draft, tree, "node")
    return True


def _is_component(draft: Draft, context: Context, workspace: Workspace | None, package: Document) -> bool:
    """Whether a package.json above others is a part of its own, and not only what runs and installs the others."""
    below = context.folders if draft.path == "." else [f for f in context.folders if f.startswith(draft.path + "/")]
    if not any(folder != draft.path for folder in below) and not (workspace and workspace.root == draft.path):
        return True
    if workspace and workspace.root == draft.path and not workspace.packages:
        return True
    main = package.text("main") or ""
    # `npm init` writes a main that need not be there.
    there = context.tree.has(draft.path, main) or main.startswith(
        ("dist/", "lib/", "build/", "./dist/", "./lib/", "./build/")
    )
    published = package.get("private") is not True and (
        there or any(package.get(k) for k in ("exports", "bin", "files"))
    )
    root = workspace is not None and workspace.root == draft.path
    if published or not root:
        return published or bool(workspaces.own_code(draft, context.tree, LANGUAGES))
    # A standalone workspace of Nx is a project itself: what its scripts hand to nx is its own.
    standalone = context.tree.has(draft.path, "project.json")
    own = bool(workspaces.own_code(draft, context.tree, LANGUAGES))
    return own and (standalone or not workspaces.only_delegates(draft))


def _of_the_root(draft: Draft, tree: Tree, workspace: Workspace) -> None:
    """What only the workspace's root runs: targets of Nx, and tests that it runs for all members by itself."""
    root = workspaces.root_manifest(tree, workspace, draft.path)
    if tree.has(draft.path, "project.json") or (
        root and "nx" in {*root.table("devDependencies"), *root.table("dependencies")} and not draft.scripts
    ):
        nx.give_commands(draft, tree, execute(draft, "{}"), workspace, tests=bool(javascript_facts.test_files(draft)))
    body = root.get("scripts", "test") if root else None
    called = (
        re.fullmatch(r"(?:npm run|yarn(?: run)?|pnpm(?: run)?|bun run) ([\w:.-]+)", body)
        if isinstance(body, str)
        else None
    )
    body = root.get("scripts", called[1]) if root and called else body
    if root and isinstance(body, str) and _ONE_FOR_ALL.match(body) and javascript_facts.test_files(draft):
        draft.offer("test", _at_the_root(draft, root, workspace), root.at("scripts", "test"))


# A test script that finds the tests of every member by itself.
_ONE_FOR_ALL = lazy(r"(cross-env )?([A-Z_]+=\S+ )*(vitest|jest|mocha|ava|node --test|bun test)\b")


def _at_the_root(draft: Draft, root: Document, workspace: Workspace) -> str | None:
    """How a member runs the root's test script."""
    up = posixpath.relpath(workspace.root, draft.path)
    manager = draft.get("package_manager")
    if manager == "yarn" and draft.traits.get("yarn_modern"):
        name = root.text("name")
        return f"yarn workspace {name} test" if name else None
    return {
        "npm": f"npm test --prefix {up}",
        "pnpm": "pnpm -w test",
        "yarn": f"yarn --cwd {up} test",
        "bun": f"bun run --cwd {up} test",
    }.get(manager)


def _read_project(draft: Draft, context: Context, workspace: Workspace) -> bool:
    """A project of Nx that has no package.json: its packages are those of the root that its code imports."""
    tree = context.tree
    project = nx.project_of(tree, draft.path)
    root = workspaces.root_manifest(tree, workspace, draft.path)
    if project is None or root is None:
        return False
    draft.name = project.text("name") or draft.name
    draft.offer("manifest", project.path, project.path)
    _language(draft, tree)
    javascript_hoisted.give(draft, tree, root, every=True)
    _manager(draft, tree, root, workspace.root)
    draft.offer("install_path", workspace.root, root.path)
    _runtime(draft, tree, root, workspace.root)
    services.from_packages(draft, services.NODE)
    nx.give_commands(draft, tree, execute(draft, "{}"), workspace, tests=bool(javascript_facts.test_files(draft)))
    if project.get("projectType") == "library":
        draft.kind = "library"
    javascript_facts.give_code(draft, context, Document(project.path, {}))
    if project.get("projectType") == "library":
        draft.kind = "library"
        for fact in ("start", "port", "health", "entrypoint", "framework", "output"):
            draft.candidates.pop(fact, None)
    javascript_hoisted.give_projects(draft, tree, workspace)
    versions.last_resorts(draft, tree, "node")
    return True


def _dependencies(draft: Draft, package: Document) -> None:
    for table, dev in (
        ("dependencies", False),
        ("optionalDependencies", False),
        ("peerDependencies", True),
        ("devDependencies", True),
    ):
        for name, version in package.table(table).items():
            if name in draft.dependencies or not isinstance(version, str):
                continue
            draft.dependencies[name] = version
            draft.places[name] = package.at(table, name)
            if dev:
                draft.dev_dependencies.add(name)


def _only_tools(draft: Draft, package: Document, tree: Tree) -> bool:
    """Whether a package.json only carries tools (husky, prettier) for a repository of another language."""
    return (
        not draft.dependencies
        and not package.table("scripts")
        and package.get("main") is None
        and package.get("bin") is None
    )


# facts of the manifest


def _language(draft: Draft, tree: Tree) -> None:
    # The sources decide, not the scripts and the contents around them.
    source = join(draft.path, "src") + "/"
    files = [path for path in draft.files if path.startswith(source) and path.endswith((".ts", ".tsx", ".js", ".jsx"))]
    files = files or list(draft.files)
    typed = [
        path
        for path in files
        if path.endswith((".ts", ".tsx", ".mts", ".cts")) and not path.endswith((".d.ts", ".config.ts"))
    ]
    plain = [
        path
        for path in files
        if path.endswith((".js", ".jsx", ".mjs", ".cjs"))
        and not re.search(r"\.config\.|(^|/)(dist|build|public|static)/|\.min\.js$", path)
    ]
    config = tree.first(draft.path, "tsconfig.json")
    if typed and (len(typed) >= len(plain) or (config and len(typed) * 2 >= len(plain))):
        draft.offer("language", "typescript", config or draft.places.get("typescript") or typed[0])
    else:
        draft.offer("language", "javascript", draft.get("manifest"))


def _manager(draft: Draft, tree: Tree, package: Document, root: str | None) -> None:
    folders = [draft.path] if root in (None, draft.path) else [draft.path, str(root)]
    for folder in folders:
        manifest = tree.json(tree.first(folder, "package.json"))
        field = manifest.text("packageManager") if manifest else None
        if manifest and field:
            name, _, version = field.partition("@")
            draft.offer("package_manager", name, manifest.at("packageManager"))
            draft.offer("package_manager_version", version.partition("+")[0], manifest.at("packageManager"))
        engine = manifest.get("devEngines", "packageManager", "name") if manifest else None
        if manifest and isinstance(engine, str):
            draft.offer("package_manager", engine, manifest.at("devEngines", "packageManager"))
    for folder in folders:
        kept = {name for file, name in _LOCKS if tree.has(folder, file)}
        if len(kept) > 1 and draft.get("package_manager") is None:
            used = node_managers.called(tree, draft.path, kept)
            draft.offer("package_manager", *used or (None, ""))
        for file, name in _LOCKS:
            if tree.has(folder, file):
                path = join(folder, file)
                draft.offer("package_manager", name, path)
                if name == draft.get("package_manager"):
                    draft.offer("lockfile", path, path)
                    if folder != draft.path:
                        draft.offer("install_path", folder, path)
    workspace = tree.first(root, "pnpm-workspace.yaml") if root else None
    if workspace:
        draft.offer("package_manager", "pnpm", workspace)
    if root not in (None, draft.path):
        draft.offer("install_path", root, package.path)
    scripts = " ".join(str(value) for value in package.table("scripts").values())
    called = re.search(r"\b(pnpm|yarn|bun) (run|install|-r|--filter)", scripts)
    if called:
        draft.offer("package_manager", called[1], package.at("scripts"))
    for name in ("pnpm", "yarn", "bun"):
        draft.offer("package_manager", name if package.text("engines", name) else None, package.at("engines", name))
    draft.offer("package_manager", "npm", convention("npm comes with Node.js"))
    _install(draft, tree, root)


def _install(draft: Draft, tree: Tree, root: str | None) -> None:
    manager, lock = draft.get("package_manager"), draft.get("lockfile")
    version = str(draft.get("package_manager_version") or "")
    frozen = {"npm": "npm ci", "pnpm": "pnpm install --frozen-lockfile", "bun": "bun install --frozen-lockfile"}
    if manager == "yarn":
        modern = version[:1] not in ("", "1") or tree.nearest(draft.path, ".yarnrc.yml") is not None
        draft.trait("yarn_modern", "true" if modern else None)
        command = (
            ("yarn install --immutable" if modern else "yarn install --frozen-lockfile") if lock else "yarn install"
        )
    else:
        command = frozen.get(manager, f"{manager} install") if lock else f"{manager} install"
    draft.offer("install", command, lock or draft.evidence("package_manager") or "")


def _runtime(draft: Draft, tree: Tree, package: Document, root: str | None) -> None:
    # A `bun` project runs on bun only where its start says so; the runtime of the packages is Node.js.
    versions.pin_files(draft, tree, "node", ".nvmrc", ".node-version")
    versions.tool_files(draft, tree, "node")
    for folder in dict.fromkeys((draft.path, *([root] if root else ()))):
        manifest = tree.json(tree.first(folder, "package.json"))
        for keys in (("volta", "node"), ("engines", "node"), ("devEngines", "runtime", "version")):
            found = manifest.text(*keys) if manifest else None
            if manifest and found:
                if keys[0] == "engines":
                    draft.trait("runtime_constraint", found, manifest.at(*keys))
                versions.offer(draft, "node", versions.coarse(found, 1), manifest.at(*keys))


def run(draft: Draft, script: str) -> str:
    """How the package manager runs a script of the manifest."""
    manager = draft.get("package_manager") or "npm"
    if manager == "npm":
        return f"npm {script}" if script in ("test", "start") else f"npm run {script}"
    if manager == "bun":
        return f"bun run {script}"
    return (
        f"{manager} {script}"
        if manager == "yarn"
        or script in ("test", "start")
        or (":" not in script and script not in ("install", "publish"))
        else f"{manager} run {script}"
    )


def execute(draft: Draft, command: str) -> str:
    """How the package manager runs a program of a dependency."""
    manager = draft.get("package_manager") or "npm"
    return {"pnpm": f"pnpm exec {command}", "yarn": f"yarn {command}", "bun": f"bunx {command}"}.get(
        manager, f"npx {command}"
    )


def _commands(draft: Draft, tree: Tree, package: Document) -> None:
    for fact, names in _SCRIPTS.items():
        for name in names:
            body = draft.scripts.get(name)
            if (
                body is None
                or (fact == "test" and _NO_TEST.search(body))
                or (
                    fact == "typecheck"
                    and name == "check"
                    and not re.search(r"\b(vue-)?tsc\b|svelte-check|astro check", body)
                )
            ):
                continue
            draft.offer(fact, run(draft, name), package.at("scripts", name))
    tests = javascript_facts.test_files(draft)
    for tool, command in (("vitest", "vitest run"), ("jest", "jest"), ("mocha", "mocha"), ("ava", "ava")):
        if tests and tool in draft.dependencies:
            draft.offer("test", execute(draft, command), draft.place(tool))
    for tool, command, files in (
        ("eslint", "eslint .", ("eslint.config.js", "eslint.config.mjs", "eslint.config.ts", "eslint.config.cjs", ".eslintrc", ".eslintrc.json", ".eslintrc.js", ".eslintrc.cjs", ".eslintrc.yml")),
        ("@biomejs/biome", "biome check .", ("biome.json", "biome.jsonc")),
    ):  # fmt: skip
        config = tree.first(draft.path, *files)
        if config and tool in draft.dependencies:
            draft.offer("lint", execute(draft, command), config)
    config = tree.first(draft.path, "tsconfig.json")
    settings = tree.jsonc(config)
    if settings is not None and settings.get("files") == []:
        config = None  # it only refers to others: by itself it checks nothing
    if config and "typescript" in draft.dependencies and draft.get("language") == "typescript":
        draft.offer("typecheck", execute(draft, "tsc --noEmit"), config)


ECOSYSTEM = Ecosystem("node", _finds, _read, keeps=workspaces.keeps)
