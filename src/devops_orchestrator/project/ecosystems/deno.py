"""Deno: deno.json with its tasks, import map and workspace; npm, JSR and URL specifiers; what Deno's own tools do."""

from __future__ import annotations

import re

from devops_orchestrator.core.project import Runtime
from devops_orchestrator.project import images, services, tasks, versions
from devops_orchestrator.project.code import (
    facts,
    javascript_database,
    javascript_environment,
    javascript_folders,
    javascript_processes,
    javascript_settings,
    javascript_start,
)
from devops_orchestrator.project.code.javascript import JavaScript
from devops_orchestrator.project.code.javascript_web import Web
from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, ancestors, join

_CONFIG = ("deno.json", "deno.jsonc")
_FRAMEWORKS = (
    ("@fresh/core", "fresh"), ("x/fresh", "fresh"), ("lume", "lume"), ("x/lume", "lume"), ("@nestjs/core", "nestjs"), ("fastify", "fastify"),
    ("@hono/hono", "hono"), ("hono", "hono"), ("x/hono", "hono"), ("@oak/oak", "oak"), ("x/oak", "oak"), ("koa", "koa"), ("express", "express"),
)  # fmt: skip
_TASKS = {
    "build": ("build",),
    "test": ("test", "test:all", "test:unit"),
    "lint": ("lint",),
    "typecheck": ("check:types", "typecheck", "type-check", "types", "check"),
}
_STARTS = ("start", "prod", "production", "serve", "preview")
_ENTRIES = (
    "main.ts",
    "server.ts",
    "mod.ts",
    "app.ts",
    "index.ts",
    "src/main.ts",
    "src/server.ts",
    "main.js",
    "server.js",
    "main.tsx",
    "src/app.ts",
)


def _finds(tree: Tree) -> list[str]:
    return with_manifest(tree, *_CONFIG)


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    config = tree.jsonc(tree.first(draft.path, *_CONFIG))
    package = tree.json(tree.first(draft.path, "package.json")) if tree.has(draft.path, "package.json") else None
    if config is None or (package is not None and not _is_denos(config, package)):
        return False
    draft.name = (config.text("name") or draft.name).rpartition("/")[2]
    draft.offer("manifest", config.path, config.path)
    return _component(draft, context, config, package)


def _bare(draft: Draft, context: Context) -> bool:
    """Scripts without a manifest: Deno's where they import modules of URLs or use what Deno alone has."""
    for path in draft.files:
        if path.count("/") <= draft.path.count("/") + 1 and path.endswith(".ts"):
            text = context.tree.text(path) or ""
            if re.search(r"^(import|export)\b[^\n]*from ['\"](https://|jsr:|npm:)|\bDeno\.", text, re.M):
                return _component(draft, context, Document(path, {}), None)
    return False


def _component(draft: Draft, context: Context, config: Document, package: Document | None) -> bool:
    tree = context.tree
    _tasks(draft, config)
    root, members = _workspace(tree, draft.path)
    if (
        root is not None
        and root.path.rpartition("/")[0] == ("" if draft.path == "." else draft.path)
        and not _has_code(draft)
    ):
        return False
    code = JavaScript(tree, draft.files, draft.path)
    code.begin(_entry(draft))
    _dependencies(draft, tree, config, root, code)
    _language(draft, config)
    _package_manager(draft, tree, package)
    _runtime(draft, tree)
    _install(draft, tree, config, root)
    services.from_packages(draft, services.DENO)
    _commands(draft, config, code)
    tasks.procfile(draft, tree)
    _code(draft, context, config, code)
    draft.members = {name: path for name, path in members.items() if name in draft.dependencies and path != draft.path}
    tasks.offer(draft, tree, "test", "lint", "typecheck", "build")
    versions.last_resorts(draft, tree, "deno")
    draft.offer("runtime", Runtime("deno"), config.path)
    return True


def _is_denos(config: Document, package: Document) -> bool:
    """Whether a folder with both manifests is Deno's: many packages of Node.js have a deno.json only to be published."""
    scripts = [body for body in package.table("scripts").values() if isinstance(body, str)]
    ours = bool(config.table("tasks")) or bool(config.table("imports"))
    return ours and (not scripts or any(re.search(r"\bdeno\b", body) for body in scripts))


def _entry(draft: Draft) -> str | None:
    bodies = [draft.scripts[name] for name in _STARTS if name in draft.scripts]
    return next((found for body in bodies if (found := javascript_start.entry_of(draft, body))), None)


def _has_code(draft: Draft) -> bool:
    return any(re.search(r"\.[cm]?[jt]sx?$", path) for path in draft.files)


def _workspace(tree: Tree, folder: str) -> tuple[Document | None, dict[str, str]]:
    """(the manifest of the workspace's root, its packages: name → folder) of a member or of the root itself."""
    for above in ancestors(folder):
        config = tree.jsonc(tree.first(above, *_CONFIG))
        listed = config.get("workspace") if config else None
        if isinstance(listed, dict):
            listed = listed.get("members")
        if config is None or not isinstance(listed, list):
            continue
        patterns = [re.escape(str(entry).removeprefix("./").rstrip("/")).replace(r"\*", "[^/]+") for entry in listed]
        inside = [
            f for f in with_manifest(tree, *_CONFIG) if f != above and (above == "." or f.startswith(above + "/"))
        ]
        found: dict[str, str] = {}
        for member in inside:
            own = member if above == "." else member.removeprefix(above + "/")
            manifest = tree.jsonc(tree.first(member, *_CONFIG)) if any(re.fullmatch(p, own) for p in patterns) else None
            if manifest:
                found[manifest.text("name") or member] = member
        if folder == above or folder in found.values():
            return config, found
    return None, {}


def _tasks(draft: Draft, config: Document) -> None:
    for name, body in config.table("tasks").items():
        command = body.get("command") if isinstance(body, dict) else body
        if isinstance(command, str):
            draft.scripts[name] = command


# dependencies


def package_of(specifier: str) -> tuple[str, str] | None:
    """(name, version) of an `npm:` or `jsr:` specifier, or of a module of a URL (`x/oak`); None for a file."""
    found = re.match(r"(?:npm|jsr):/?((?:@[\w.-]+/)?[\w.-]+)(?:@([^/]+))?", specifier)
    found = found or re.match(r"https?://[^/]+/(x/[\w.-]+?)(?:@([^/]+))?/", specifier)
    return (found[1], found[2] or "*") if found else None


def _dependencies(draft: Draft, tree: Tree, config: Document, root: Document | None, code: JavaScript) -> None:
    maps = [config, *([root] if root is not None and root.path != config.path else [])]
    paths = [path for path in code.paths[: facts.MAX_SOURCES] if code.used(path)]
    sources = [source for path in paths if (source := code.source(path, always=True))]
    used = {module for source in sources for _, module, _ in code.imports(source)}
    for manifest in list(maps):
        other = manifest.text("importMap")
        document = tree.jsonc(join(draft.path, other.removeprefix("./"))) if other else None
        maps += [document] if document else []
    for manifest in maps:
        for name, specifier in manifest.table("imports").items():
            package = package_of(specifier) if isinstance(specifier, str) else None
            if package is None and isinstance(specifier, str) and "://" in specifier:
                package = (name.rstrip("/"), "*")
            # What the workspace's root maps is a member's where it imports it.
            if package and (manifest is not root or root is config or _imported(name, used)):
                draft.dependencies.setdefault(package[0], package[1])
                draft.places.setdefault(package[0], manifest.at("imports", name))
                if not _imported(name, used):
                    draft.dev_dependencies.add(package[0])  # of tests and tools
    _, members = _workspace(tree, draft.path)
    for source in sources:
        for _, module, node in code.imports(source):
            package = package_of(module)
            member = next((name for name in members if module == name or module.startswith(f"{name}/")), None)
            name, version = package or (member or "", "workspace")
            if name:
                draft.dependencies.setdefault(name, version)
                draft.places.setdefault(name, source.at(node))


def _imported(name: str, used: set[str]) -> bool:
    return any(module == name or module.startswith(name.rstrip("/") + "/") for module in used)


# facts of the manifest


def _language(draft: Draft, config: Document) -> None:
    typed = [path for path in draft.files if path.endswith((".ts", ".tsx", ".mts"))]
    plain = [path for path in draft.files if path.endswith((".js", ".jsx", ".mjs")) and "/static/" not in f"/{path}"]
    typescript = len(typed) >= len(plain) and bool(typed)
    draft.offer("language", "typescript" if typescript else "javascript", typed[0] if typescript else config.path)


def _package_manager(draft: Draft, tree: Tree, package: Document | None) -> None:
    field = package.text("packageManager") if package else None
    if package and field:
        name, _, version = field.partition("@")
        draft.offer("package_manager", name, package.at("packageManager"))
        draft.offer("package_manager_version", version.partition("+")[0], package.at("packageManager"))
    for file, name in (
        ("pnpm-lock.yaml", "pnpm"),
        ("yarn.lock", "yarn"),
        ("bun.lock", "bun"),
        ("package-lock.json", "npm"),
    ):
        if package and tree.has(draft.path, file):
            draft.offer("package_manager", name, join(draft.path, file))


def _runtime(draft: Draft, tree: Tree) -> None:
    versions.pin_files(draft, tree, "deno", ".dvmrc", ".deno-version")
    versions.tool_files(draft, tree, "deno")


def _install(draft: Draft, tree: Tree, config: Document, root: Document | None) -> None:
    setting = config.get("lock")
    named = setting if isinstance(setting, str) else setting.get("path") if isinstance(setting, dict) else None
    lock = tree.first(draft.path, str(named or "deno.lock").removeprefix("./")) if setting is not False else None
    if lock is None and root is not None:
        above = root.path.rpartition("/")[0] or "."
        lock = tree.first(above, "deno.lock")
        if above != draft.path:
            draft.offer("install_path", above, root.path)
    draft.offer("lockfile", lock, lock or "")
    command = "deno install --frozen" if lock else "deno install"
    draft.offer("install", command if lock or draft.get("manifest") else None, lock or config.path)


def _run(name: str) -> str:
    return f"deno task {name}"


def _commands(draft: Draft, config: Document, code: JavaScript) -> None:
    for fact, names in _TASKS.items():
        for name in names:
            body = draft.scripts.get(name)
            if body is not None and (fact != "typecheck" or "deno check" in body or "tsc" in body):
                draft.offer(fact, _run(name), config.at("tasks", name))
    if code.tests:
        draft.offer("test", "deno test", code.tests[0])
    if "lint" in config.value:
        draft.offer("lint", "deno lint", config.at("lint"))
    for name, body in draft.scripts.items():
        if (
            javascript_database.MIGRATES.fullmatch(name)
            and not javascript_database.MAKES.search(body)
            and name != "deploy"
        ):
            draft.offer("migrate", _run(name), config.at("tasks", name))


# code


def _code(draft: Draft, context: Context, config: Document, code: JavaScript) -> None:
    for package, name in _FRAMEWORKS:
        if package in draft.dependencies:
            draft.offer("framework", name, draft.place(package))
    web = Web(code)
    served = [call for call in web.served if call[2] != "export default" or _served(draft)]
    seen = facts.Seen(reads=javascript_environment.reads(code), ports=web.ports, routes=[*web.routes, *_pages(draft)])
    _kind(draft, config, bool(served))
    for name in _STARTS if draft.kind == "service" else ():
        port = re.search(r"\bdeno serve\b[^&|;]*--port[= ](\d{2,5})", draft.scripts.get(name, ""))
        if port:
            draft.offer("port", int(port[1]), config.at("tasks", name))
    facts.give(draft, seen if draft.kind in ("service", "worker") else facts.Seen(reads=seen.reads))
    if draft.kind == "service":
        path = images.dockerfile_of(context.tree, draft.path, alone=len(context.folders) == 1)
        images.from_dockerfile(draft, context.tree, path)
        variable = draft.traits.get("port_env")
        said = javascript_settings.dotenv_port(context.tree, draft.path, [variable]) if variable else None
        if said:
            draft.offer("port", *said)
        if (
            draft.framework_is("fresh")
            or _served(draft)
            or any(word in ("Deno.serve", "serve") for _, _, word in served)
        ):
            draft.offer("port", 8000, convention("Deno.serve's default port"))
    _start(draft, context.tree, config, code, served[0][1] if served else None)
    javascript_database.give_services(draft, context.tree, code)
    javascript_processes.of_scripts(draft, _run, lambda name: config.at("tasks", name))
    javascript_folders.give(draft, code)
    if draft.framework_is("fresh", "lume") and any(p.startswith(join(draft.path, "static/")) for p in draft.files):
        draft.offer("assets", "static", convention(f"{draft.get('framework')} serves static"))


def _served(draft: Draft) -> bool:
    return any(re.search(r"\bdeno serve\b", body) for body in draft.scripts.values())


def _kind(draft: Draft, config: Document, served: bool) -> None:
    starts = any(name in draft.scripts for name in (*_STARTS, "dev"))
    if draft.framework_is("lume"):
        draft.kind = "static"
        draft.offer("output", "_site", convention("the output folder of lume"))
    elif config.get("exports") is not None and not any(name in draft.scripts for name in _STARTS):
        draft.kind = "library"
    elif served or _served(draft) or (draft.get("framework") and starts):
        draft.kind = "service"
    elif starts:
        draft.kind = "worker" if draft.many("services") else "command"
    else:
        draft.kind = "library"


def _start(draft: Draft, tree: Tree, config: Document, code: JavaScript, served: str | None) -> None:
    if draft.kind in ("library", "static"):
        return
    for name in _STARTS:
        body = draft.scripts.get(name)
        if body is None or re.search(r"--watch|--hmr|\bdev\.ts\b", body):
            continue
        draft.offer("start", javascript_start.direct(body) or _run(name), config.at("tasks", name))
        draft.offer("entrypoint", javascript_start.entry_of(draft, body), config.at("tasks", name))
    command = draft.traits.get("image_command", "")
    if command:  # the image's own entry point is deno
        own = re.match(r"(run|serve|task)\s", command)
        draft.offer("start", f"deno {command}" if own else command, draft.evidence("image_command") or "")
    path = served.rpartition(":")[0] if served else None
    path = path or next((found for name in _ENTRIES if (found := tree.first(draft.path, name))), None)
    if path and draft.kind == "service":
        inside = path if draft.path == "." else path.removeprefix(draft.path + "/")
        draft.offer("start", f"deno run --allow-all {inside}", served or path)
        draft.offer("entrypoint", inside, served or path)
    for name in ("start", "dev"):
        body = re.sub(r"\s--(watch|hmr)(=\S+)?", "", draft.scripts.get(name, ""))
        if body:  # what it runs, without the watching
            draft.offer("start", javascript_start.direct(body) or _run(name), config.at("tasks", name))


def _pages(draft: Draft) -> list[facts.Route]:
    """The routes that Fresh makes of file names."""
    found = []
    for path in draft.files if draft.framework_is("fresh") else ():
        inside = path if draft.path == "." else path.removeprefix(draft.path + "/")
        route = re.fullmatch(r"routes/(.*?)(?:/?index)?\.[jt]sx?", inside)
        if route and not route[1].startswith("_") and "/_" not in route[1]:
            kept = [part for part in route[1].split("/") if not re.fullmatch(r"\(.*\)", part)]
            found.append(facts.Route(facts.normal("/".join(kept)), f"{path}:1"))
    return found


ECOSYSTEM = Ecosystem("deno", _finds, _read, bare=_bare)
