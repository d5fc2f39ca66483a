"""JavaScript and TypeScript: npm, pnpm, yarn and bun; their workspaces; servers, meta-frameworks and static builds."""

from __future__ import annotations

import re

from devops_orchestrator.project import services, tasks, versions
from devops_orchestrator.project.code import javascript_facts
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, ancestors, join

_LOCKS = (
    ("pnpm-lock.yaml", "pnpm"), ("yarn.lock", "yarn"), ("bun.lock", "bun"), ("bun.lockb", "bun"), ("package-lock.json", "npm"),
    ("npm-shrinkwrap.json", "npm"),
)  # fmt: skip
_NO_TEST = re.compile(r"no test specified|exit 1\s*$")
_SCRIPTS = {
    "build": ("build", "build:prod", "compile"),
    "test": ("test", "test:ci", "test:unit", "tests", "unit"),
    "lint": ("lint", "lint:check", "eslint"),
    "typecheck": ("typecheck", "type-check", "check-types", "check:types", "types", "tsc", "lint:types", "check"),
}


def _finds(tree: Tree) -> list[str]:
    return with_manifest(tree, "package.json")


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    package = tree.json(tree.first(draft.path, "package.json"))
    if package is None:
        return False
    _dependencies(draft, package)
    root, members = _workspace(draft, tree)
    if root is None and _only_tools(draft, package, tree):
        return False
    name = package.text("name")
    if name:
        draft.name = name.rpartition("/")[2]
    draft.offer("manifest", package.path, package.path)
    scripts = package.table("scripts")
    draft.scripts = {key: value for key, value in scripts.items() if isinstance(value, str)}
    _language(draft, tree)
    _manager(draft, tree, package, root)
    _runtime(draft, tree, package, root)
    _members(draft, tree, members)
    services.from_packages(draft, services.NODE)
    _commands(draft, tree, package)
    tasks.procfile(draft, tree)
    javascript_facts.give_code(draft, context, package)
    if draft.kind in ("library", "command") and root == draft.path and members and not draft.get("framework"):
        # A workspace's root is no component of its own, unless it is the only one that tests.
        return draft.get("test") is not None and not any(
            _tests(tree, folder) for folder in members.values()
        )  # a workspace's root is no component of its own
    tasks.offer(draft, tree, "test", "lint", "typecheck", "build")
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


# workspaces


def _patterns(tree: Tree, folder: str) -> list[str] | None:
    """The patterns of the workspace whose root a folder is, or None."""
    for document in tree.yaml(tree.first(folder, "pnpm-workspace.yaml")):
        found = document.at("packages")
        if isinstance(found, list):
            return [str(entry) for entry in found]
    package = tree.json(tree.first(folder, "package.json"))
    if package is None:
        return None
    for keys in (("workspaces",), ("workspaces", "packages")):
        if isinstance(package.get(*keys), list):
            return package.strings(*keys)
    lerna = tree.json(tree.first(folder, "lerna.json"))
    if lerna is not None and isinstance(lerna.get("packages"), list):
        return lerna.strings("packages")
    return None


def _matches(folder: str, patterns: list[str], root: str) -> bool:
    inside = folder if root == "." else folder.removeprefix(root + "/")
    taken = False
    for pattern in patterns:
        text = pattern.lstrip("!").removeprefix("./").rstrip("/")
        expression = re.escape(text).replace(r"\*\*", ".+").replace(r"\*", "[^/]+")
        expression = re.sub(r"\\\{([^}]*)\\\}", lambda m: "(" + "|".join(m[1].split(",")) + ")", expression)
        if re.fullmatch(expression, inside):
            taken = not pattern.startswith("!")
    return taken


def _workspace(draft: Draft, tree: Tree) -> tuple[str | None, dict[str, str]]:
    """(the folder of the workspace's root, its packages: name → folder); (None, {}) outside a workspace."""
    for folder in ancestors(draft.path):
        patterns = _patterns(tree, folder)
        if patterns is None or (folder != draft.path and not _matches(draft.path, patterns, folder)):
            continue
        packages: dict[str, str] = {}
        for other in with_manifest(tree, "package.json"):
            if (
                other != folder
                and (folder == "." or other.startswith(folder + "/"))
                and _matches(other, patterns, folder)
            ):
                manifest = tree.json(join(other, "package.json"))
                name = manifest.text("name") if manifest else None
                if name:
                    packages[name] = other
        return folder, packages
    return None, {}


def _tests(tree: Tree, folder: str) -> bool:
    manifest = tree.json(join(folder, "package.json"))
    return bool(manifest and any(name in manifest.table("scripts") for name in _SCRIPTS["test"]))


def _members(draft: Draft, tree: Tree, packages: dict[str, str]) -> None:
    draft.members = {name: packages[name] for name in draft.dependencies if name in packages}
    if draft.members:
        draft.trait("workspace_packages", " ".join(sorted(draft.members.values())))


# facts of the manifest


def _language(draft: Draft, tree: Tree) -> None:
    typed = [
        path
        for path in draft.files
        if path.endswith((".ts", ".tsx", ".mts", ".cts")) and not path.endswith((".d.ts", ".config.ts"))
    ]
    plain = [
        path
        for path in draft.files
        if path.endswith((".js", ".jsx", ".mjs", ".cjs"))
        and not re.search(r"\.config\.|(^|/)(dist|build|public|static)/|\.min\.js$", path)
    ]
    config = tree.first(draft.path, "tsconfig.json")
    if typed and (config or len(typed) >= len(plain)):
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
                or (fact == "typecheck" and name == "check" and "tsc" not in body)
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
    if config and "typescript" in draft.dependencies and draft.get("language") == "typescript":
        draft.offer("typecheck", execute(draft, "tsc --noEmit"), config)


ECOSYSTEM = Ecosystem("node", _finds, _read)
