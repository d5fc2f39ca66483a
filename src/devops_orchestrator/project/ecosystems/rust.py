"""Rust: Cargo packages and workspaces; axum, actix-web, Rocket, warp, poem, tonic, commands."""

from __future__ import annotations

import re

from devops_orchestrator.project import cargo, images, ports, services, tasks, versions
from devops_orchestrator.project.cargo import Binary, Package
from devops_orchestrator.project.code import facts
from devops_orchestrator.project.code.rust import is_test
from devops_orchestrator.project.code.rust_values import Rust
from devops_orchestrator.project.code.rust_web import Web
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, ancestors, join

# In the order in which they name an application: a framework before what it is built on.
_FRAMEWORKS = (
    "loco-rs",
    "axum",
    "actix-web",
    "rocket",
    "warp",
    "poem",
    "salvo",
    "tide",
    "gotham",
    "leptos_axum",
    "dropshot",
    "tonic",
)
_ENGINES = {
    "postgres": "postgresql",
    "postgresql": "postgresql",
    "mysql": "mysql",
    "mongodb": "mongodb",
    "memcache": "memcached",
}
# Packages whose features choose a database or a cache.
_CHOOSES = frozenset(
    {"sqlx", "diesel", "sea-orm", "sea-orm-migration", "diesel-async", "deadpool-diesel", "rocket_db_pools", "rocket_sync_db_pools", "rocket_contrib",
     "actix-session", "apalis", "refinery", "tower-sessions", "deadpool", "bb8-diesel", "welds", "rbatis", "apalis-sql", "tower-sessions-sqlx-store", "loco-rs",
     "cached", "sqlx-cli", "quaint", "actix-web-lab", "oxide-auth-db"}
)  # fmt: skip
_LOADS = ("config", "figment", "serde_yaml", "serde_yml", "toml", "loco-rs", "confy", "twelf")


def _finds(tree: Tree) -> list[str]:
    return with_manifest(tree, "Cargo.toml")


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    package = cargo.read(tree, draft.path)
    if package is None or package.document.get("package", "metadata", "cargo-fuzz"):
        return False
    _manifest(draft, tree, package)
    binary = _binary(package)
    others = [one for one in package.binaries if one is not binary]
    aside = [one.path for one in others]
    own = Web(Rust(tree, draft.files, aside, serves=binary is not None))
    wide = _with_libraries(draft, tree, package, own, binary, aside)
    _kind(draft, package, own, wide, binary)
    served = draft.kind == "service"
    facts.give(
        draft, facts.Seen(ports=wide.ports if served else [], routes=wide.routes if served else [], reads=own.reads())
    )
    _commands(draft, context, package, binary, own)
    if draft.kind == "service":
        _served(draft, tree, package, wide)
    _processes(draft, tree, others)
    for path, evidence in own.written() if binary is not None else ():
        draft.add("writable", path, evidence)
    tasks.offer(draft, tree, "lint")
    versions.last_resorts(draft, tree, "rust")
    return True


def _manifest(draft: Draft, tree: Tree, package: Package) -> None:
    document = package.document
    draft.name = document.text("package", "name") or draft.name
    for one in package.dependencies.values():
        draft.dependencies[one.name] = one.version
        draft.places[one.name] = one.place
        if one.dev:
            draft.dev_dependencies.add(one.name)
            continue
        if one.folder:
            draft.members[one.name] = one.folder
        for feature in one.features if one.name in _CHOOSES else ():
            for service in _services(feature):
                draft.add("services", service, one.place)
    for name, entries in document.table("features").items():
        for entry in entries if isinstance(entries, list) else ():
            owner, _, feature = str(entry).partition("/")
            if owner.rstrip("?") in _CHOOSES:
                for service in _services(feature):
                    draft.add("services", service, document.at("features", name))
    draft.offer("manifest", document.path, document.path)
    draft.offer("language", "rust", document.path)
    draft.offer("package_manager", "cargo", document.path)
    lock = tree.nearest(draft.path, "Cargo.lock")
    draft.offer("lockfile", lock, lock or "")
    if package.root and package.root != draft.path:
        draft.offer("install_path", package.root, join(package.root, "Cargo.toml"))
    draft.offer("install", "cargo fetch --locked" if lock else "cargo fetch", lock or document.path)
    edition = package.inherited("edition")
    if edition:
        draft.trait("edition", *edition)
    services.from_packages(draft, services.RUST)
    _runtime(draft, tree, package)


def _services(feature: str) -> list[str]:
    """The services that a feature's words name: `sqlx-postgres`, `redis-rs-tls-session`, `diesel_mysql_pool`."""
    words = set(re.split(r"[-_]", feature.lower()))
    if feature == "sqlx-all":
        return ["mysql", "postgresql"]
    return sorted({service for word, service in {**_ENGINES, "redis": "redis"}.items() if word in words})


def _runtime(draft: Draft, tree: Tree, package: Package) -> None:
    for folder in ancestors(draft.path):
        path = tree.first(folder, "rust-toolchain.toml", "rust-toolchain")
        text = tree.text(path) if path else None
        if path is None or text is None:
            continue
        if "[toolchain]" in text:
            document = tree.toml(path)
            channel = document.text("toolchain", "channel") if document else None
            if document and channel:
                versions.offer(draft, "rust", _channel(channel), document.at("toolchain", "channel"))
        else:
            for number, line in tree.lines(path):
                if line.strip() and not line.lstrip().startswith("#"):
                    versions.offer(draft, "rust", _channel(line), f"{path}:{number}")
                    break
    least = package.inherited("rust-version")
    if least:
        versions.offer(draft, "rust", *least)
    versions.tool_files(draft, tree, "rust")


def _channel(text: str) -> str | None:
    """The version of a toolchain channel; None for `stable` and for a dated `nightly-2024-05-01`."""
    return None if re.match(r"\s*(stable|beta|nightly)", text) else versions.plain(text)


def _binary(package: Package) -> Binary | None:
    """The program that `cargo run` would start, or the one that is named like a server; None for a library."""
    wanted = package.document.text("package", "default-run")
    name = package.document.text("package", "name") or ""
    names = (wanted, name, "server", "api", "app", "web", "main", f"{name}-server", f"{name}_server")
    for one in names:
        found = next((binary for binary in package.binaries if binary.name == one), None)
        if found:
            return found
    return next(
        (binary for binary in package.binaries if binary.path.endswith("src/main.rs")),
        package.binaries[0] if package.binaries else None,
    )


def _library_files(tree: Tree, folder: str) -> list[str]:
    """The files of the path dependencies that have to do with serving or settings: their own programs left out."""
    found: list[str] = []
    for at in cargo.members(tree, folder).values():
        package = cargo.read(tree, at)
        if package is None or not {*_FRAMEWORKS, *_LOADS, "clap", "envy", "dotenvy", "smart-default"}.intersection(
            package.dependencies
        ):
            continue
        programs = {one.path for one in package.binaries}
        found += [path for path in tree.below(join(at, "src")) if path.endswith(".rs") and path not in programs]
    return found


def _with_libraries(
    draft: Draft, tree: Tree, package: Package, own: Web, binary: Binary | None, aside: list[str]
) -> Web:
    """The package's code with that of its libraries: routes and settings are there, and sometimes what listens."""
    files = _library_files(tree, draft.path) if binary is not None else []
    if not files or ("clap" in package.dependencies and not own.listeners):
        return own
    return Web(Rust(tree, [*draft.files, *files], aside), frozenset(draft.files) if own.listeners else frozenset())


def _kind(draft: Draft, package: Package, own: Web, wide: Web, binary: Binary | None) -> None:
    framework, place = _framework(
        draft, own if binary is None or not wide.listeners else wide, serves=binary is not None
    )
    if binary is None:
        draft.kind = "library"
        draft.offer("framework", framework if framework != "tonic" else None, place)
        return
    begins = Web(
        Rust(
            own.code.tree,
            [path for path in draft.files if not package.library or path.startswith(binary.path.removesuffix(".rs"))]
            + [binary.path],
        )
    )
    used = framework is not None and framework.replace("-", "_") in begins.mentions
    if wide.listeners or (used and framework != "tonic") or framework == "loco-rs":
        draft.kind = "service"
        draft.offer("framework", framework, place)
    else:
        draft.kind = (
            "worker" if draft.many("services") and begins.consumer and "clap" not in package.dependencies else "command"
        )
        if "clap" in package.dependencies and not package.dependencies["clap"].dev:
            draft.offer("framework", "clap", draft.place("clap"))


def _framework(draft: Draft, web: Web, *, serves: bool) -> tuple[str | None, str]:
    own = [one for one in _FRAMEWORKS if one in draft.dependencies and one not in draft.dev_dependencies]
    if own:
        used = (
            [one for one in own if one.replace("-", "_") in web.mentions or one == "loco-rs"]
            if len(own) > 1 and serves
            else own
        )
        return (used or own)[0], draft.place((used or own)[0])
    for folder in cargo.members(web.code.tree, draft.path).values() if serves and web.listeners else ():
        member = cargo.read(web.code.tree, folder)
        for one in _FRAMEWORKS:
            if member and one in member.dependencies and not member.dependencies[one].dev:
                return one, member.dependencies[one].place
    return None, ""


def _commands(draft: Draft, context: Context, package: Package, binary: Binary | None, own: Web) -> None:
    tree, manifest = context.tree, package.document.path
    locked = " --locked" if draft.get("lockfile") else ""
    several = len(package.binaries) > 1 and binary is not None
    draft.offer(
        "build", f"cargo build --release{locked}" + (f" --bin {binary.name}" if several and binary else ""), manifest
    )
    tested = _tested(tree, draft)
    draft.offer("test", "cargo test" if tested else None, tested or "")
    _lint(draft, tree, package)
    if binary is None:
        return
    if several:
        draft.trait("programs", " ".join(one.name for one in package.binaries if one is not binary))
    images.from_dockerfile(draft, tree, images.dockerfile_of(tree, draft.path, alone=_alone(context, draft)))
    above = "../" * (draft.path.count("/") + 1) if package.root not in (None, draft.path) and draft.path != "." else ""
    if package.root not in (None, ".") and above:
        above = "../" * (draft.path.removeprefix(f"{package.root}/").count("/") + 1)
    draft.trait("binary", binary.name)
    tasks.procfile(draft, tree)
    if draft.traits.get("image_command"):
        draft.offer("start", draft.traits["image_command"], draft.evidence("image_command") or "")
    draft.offer("start", f"{above or './'}target/release/{binary.name}", binary.place if several else manifest)
    draft.offer("entrypoint", binary.name, manifest)
    _migrations(draft, tree, package)


def _alone(context: Context, draft: Draft) -> bool:
    """Whether the root's Dockerfile is this package's: nothing but packages of its workspace stands beside it."""
    tree = context.tree
    rust = [folder for folder in context.folders if tree.has(folder, "Cargo.toml")]
    programs = [folder for folder in rust if (other := cargo.read(tree, folder)) and other.binaries]
    return len(rust) == len(context.folders) and (programs == [draft.path] or len(rust) == 1)


def _tested(tree: Tree, draft: Draft) -> str | None:
    """The first file with a test, or None: `cargo test` of a package without one checks nothing."""
    first = next((path for path in draft.files if path.endswith(".rs") and re.search(r"(^|/)tests/", path)), None)
    if first:
        return first
    code = Rust(tree, [path for path in draft.files if not is_test(path) or "test" in path])
    for path in sorted(path for path in draft.files if path.endswith(".rs")):
        text = tree.text(path)
        if text is None or "test" not in text or "#[" not in text:
            continue
        source = code.source(path, always=True)
        for node in source.all("attribute_item") if source else ():
            if re.match(
                r"#\[\s*(\w+::)*(test|rstest|test_case|tokio_shared_rt::test|quickcheck|proptest)\b", node.text()
            ):
                return source.at(node) if source else path
    return None


def _lint(draft: Draft, tree: Tree, package: Package) -> None:
    config = tree.nearest(draft.path, "clippy.toml", ".clippy.toml")
    place = config
    for document, keys in (
        (package.document, ("lints", "clippy")),
        (package.workspace, ("workspace", "lints", "clippy")),
    ):
        if place is None and document is not None and document.table(*keys):
            place = document.at(*keys)
    toolchain = tree.nearest(draft.path, "rust-toolchain.toml")
    document = tree.toml(toolchain)
    if place is None and document is not None and "clippy" in document.strings("toolchain", "components"):
        place = document.at("toolchain", "components")
    draft.offer("lint", "cargo clippy --all-targets -- -D warnings" if place else None, place or "")


def _served(draft: Draft, tree: Tree, package: Package, web: Web) -> None:
    framework = draft.get("framework")
    settled = draft.get("port") is not None and "ockerfile" not in str(draft.evidence("port"))
    if framework == "rocket":
        _rocket(draft, tree)
        settled = True
    folders = tuple(dict.fromkeys((draft.path, package.root or draft.path, ".")))
    variable = draft.traits.get("port_env")
    found = ports.of_variable(tree, folders, variable) if variable and not settled else None
    if found:
        draft.prefer("port", *found)
    elif draft.get("port") is None and draft.depends_on(*_LOADS):
        said = ports.of_settings(tree, draft.path) or (ports.of_settings(tree, package.root) if package.root else None)
        if said:
            draft.offer("port", *said)
    if framework == "loco-rs":
        draft.offer("health", "/_health", convention("Loco's health route"))
    served = web.metrics(set(draft.dependencies) - draft.dev_dependencies)
    if served:
        draft.offer("metrics", *served)
    for folder, evidence in web.assets():
        if join(draft.path, folder) in tree.folders:
            draft.offer("assets", folder, evidence)


def _rocket(draft: Draft, tree: Tree) -> None:
    """`Rocket.toml`'s port (the default profile first), then Rocket's own."""
    document = tree.toml(tree.first(draft.path, "Rocket.toml"))
    for profile in ("default", "global", "release", "production", "debug", "development"):
        port = document.get(profile, "port") if document else None
        if document and isinstance(port, int):
            draft.offer("port", port, document.at(profile, "port"))
    draft.trait("port_env", "ROCKET_PORT")
    draft.offer("port", 8000, convention("Rocket's default port"))


def _processes(draft: Draft, tree: Tree, others: list[Binary]) -> None:
    """Other programs of the package that consume or run on a clock: they are named so."""
    start = str(draft.get("start") or "")
    folder = (
        start.rpartition("target/release/")[0] + "target/release/"
        if "target/release/" in start
        else "./target/release/"
    )
    for one in others:
        if re.search(r"(^|[-_])(worker|consumer|queue|jobs?|processor|subscriber)s?($|[-_])", one.name):
            draft.process(one.name, "worker", folder + one.name, one.place)
        elif re.search(r"(^|[-_])(scheduler?|cron|clock)($|[-_])", one.name):
            draft.process(one.name, "schedule", folder + one.name, one.place)


def _migrations(draft: Draft, tree: Tree, package: Package) -> None:
    folder = next(
        (one for one in ("migrations", "db/migrations", "migration") if join(draft.path, one) in tree.folders), None
    )
    folder = folder or next(
        (one for one in ("migrations",) if join(draft.path, one) in {path.rpartition("/")[0] for path in tree.folders}),
        None,
    )
    if folder:
        draft.trait("migrations", folder, join(draft.path, folder))
    numbered = folder is not None and any(
        re.match(r"\d", path.removeprefix(join(draft.path, folder) + "/"))
        for path in tree.below(join(draft.path, folder))
    )
    found = tasks.targets(tree, draft.path)
    for name in ("migrate", "db-migrate", "migrate-up", "db_migrate", "migration-run", "migrate-run"):
        if name in found:
            draft.offer("migrate", *found[name])
    diesel = tree.first(draft.path, "diesel.toml")
    if diesel and numbered:
        draft.offer("migrate", "diesel migration run", diesel)
    offline = tree.first(draft.path, "sqlx-data.json") or next(
        (path for path in tree.below(join(draft.path, ".sqlx")) if path.endswith(".json")), None
    )
    if folder == "migrations" and offline:
        draft.offer("migrate", "sqlx migrate run", offline)
    beside = sorted(
        {
            *draft.members.values(),
            *(folder for folder in tree.folders if package.root and tree.has(folder, "Cargo.toml")),
        }
    )
    for at in beside if draft.depends_on("sea-orm") else ():
        other = cargo.read(tree, at)
        if other and other.binaries and other.root == package.root and "sea-orm-migration" in other.dependencies:
            own = other.document.text("package", "name")
            draft.offer("migrate", f"cargo run -p {own} -- up", other.dependencies["sea-orm-migration"].place)
    if draft.framework_is("loco-rs"):
        draft.offer("migrate", "cargo loco db migrate", draft.place("loco-rs"))


ECOSYSTEM = Ecosystem("rust", _finds, _read)
