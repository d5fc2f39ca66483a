"""Rust: Cargo packages and workspaces; axum, actix-web, rocket, warp."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.project import images, services, tasks, versions
from devops_orchestrator.project.code import facts
from devops_orchestrator.project.code.facts import Read, Route, Value, normal
from devops_orchestrator.project.code.syntax import Source, Sources, children
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, ancestors, join

_FRAMEWORKS = ("axum", "actix-web", "rocket", "warp", "poem", "salvo", "tide", "hyper", "tonic", "clap")
_WORDS = re.compile(r"bind|route|env|8080|run\(|from\(|#\[get|Ipv4Addr|SocketAddr|clap|arg\(")
_ENGINES = {"postgres": "postgresql", "mysql": "mysql", "postgresql": "postgresql"}


def _finds(tree: Tree) -> list[str]:
    return with_manifest(tree, "Cargo.toml")


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    cargo = tree.toml(tree.first(draft.path, "Cargo.toml"))
    if cargo is None or not cargo.table("package"):
        return False
    name = cargo.text("package", "name") or draft.name
    draft.name = name
    root = next(
        (
            folder
            for folder in ancestors(draft.path)
            if (other := tree.toml(tree.first(folder, "Cargo.toml"))) and other.get("workspace") is not None
        ),
        None,
    )
    workspace = tree.toml(join(root, "Cargo.toml")) if root else None
    for table, dev in (("dependencies", False), ("build-dependencies", True), ("dev-dependencies", True)):
        for package, entry in cargo.table(table).items():
            features = entry.get("features", []) if isinstance(entry, dict) else []
            shared = (
                workspace.get("workspace", "dependencies", package)
                if workspace and isinstance(entry, dict) and entry.get("workspace")
                else None
            )
            features = [*features, *(shared.get("features", []) if isinstance(shared, dict) else [])]
            draft.dependencies.setdefault(
                package,
                entry if isinstance(entry, str) else str(entry.get("version", "")) if isinstance(entry, dict) else "",
            )
            draft.places.setdefault(package, cargo.at(table, package))
            if dev:
                draft.dev_dependencies.add(package)
            for feature in (
                features if package in ("sqlx", "diesel", "sea-orm", "diesel-async", "deadpool-diesel") else ()
            ):
                service = _ENGINES.get(str(feature).removeprefix("sqlx-"))
                if service:
                    draft.add("services", service, cargo.at(table, package))
            if isinstance(entry, dict) and isinstance(entry.get("path"), str):
                draft.members[package] = _beside(draft.path, entry["path"])
    draft.offer("manifest", cargo.path, cargo.path)
    draft.offer("language", "rust", cargo.path)
    draft.offer("package_manager", "cargo", cargo.path)
    lock = tree.nearest(draft.path, "Cargo.lock")
    draft.offer("lockfile", lock, lock or "")
    if root and root != draft.path:
        draft.offer("install_path", root, join(root, "Cargo.toml"))
    draft.offer("install", "cargo fetch --locked" if lock else "cargo fetch", lock or cargo.path)
    services.from_packages(draft, services.RUST)
    _runtime(draft, tree, cargo)
    framework = next((f for f in _FRAMEWORKS if f in draft.dependencies and f not in draft.dev_dependencies), None)
    program = any(path in (join(draft.path, "src/main.rs"),) for path in draft.files) or cargo.get("bin") is not None
    code = Rust(tree, draft.files)
    seen = code.seen()
    if (framework and framework not in ("clap", "hyper", "tonic")) or (seen.ports and program):
        draft.kind = "service" if program else "library"
        draft.offer("framework", framework, draft.place(framework or ""))
    else:
        draft.kind = "worker" if program and draft.many("services") else "command" if program else "library"
        draft.offer("framework", framework if framework == "clap" else None, draft.place(framework or ""))
    facts.give(draft, seen if draft.kind == "service" else facts.Seen(reads=seen.reads))
    _commands(draft, context, name, framework)
    return True


def _beside(folder: str, relative: str) -> str:
    parts = [] if folder == "." else folder.split("/")
    for part in relative.split("/"):
        if part == ".." and parts:
            parts.pop()
        elif part not in ("", ".", ".."):
            parts.append(part)
    return "/".join(parts) or "."


def _runtime(draft: Draft, tree: Tree, cargo: Any) -> None:
    for folder in ancestors(draft.path):
        document = tree.toml(tree.first(folder, "rust-toolchain.toml"))
        channel = document.text("toolchain", "channel") if document else None
        if document and channel:
            versions.offer(draft, "rust", versions.plain(channel), document.at("toolchain", "channel"))
    versions.pin_files(draft, tree, "rust", "rust-toolchain")
    versions.tool_files(draft, tree, "rust")
    least = cargo.text("package", "rust-version")
    if least:
        versions.offer(draft, "rust", least, cargo.at("package", "rust-version"))


def _commands(draft: Draft, context: Context, name: str, framework: str | None) -> None:
    tree = context.tree
    manifest = str(draft.get("manifest"))
    draft.offer(
        "build", "cargo build --release --locked" if draft.get("lockfile") else "cargo build --release", manifest
    )
    draft.offer("test", "cargo test", manifest)
    draft.offer(
        "lint",
        "cargo clippy --all-targets -- -D warnings"
        if tree.nearest(draft.path, "clippy.toml", ".clippy.toml")
        else None,
        manifest,
    )
    if draft.kind != "library":
        images.from_dockerfile(draft, tree, images.dockerfile_of(tree, draft.path, alone=len(context.folders) == 1))
        if framework == "rocket":
            draft.offer("port", 8000, convention("Rocket's default port"))
        target = "target" if draft.get("install_path") is None else "../" * (draft.path.count("/") + 1) + "target"
        draft.offer("start", f"./{target}/release/{name}".replace("./..", ".."), manifest)
        draft.offer("entrypoint", name, manifest)
    tasks.offer(draft, tree, "lint")
    versions.last_resorts(draft, tree, "rust")


class Rust(Sources):
    """The sources of one package."""

    def __init__(self, tree: Tree, files: tuple[str, ...]) -> None:
        super().__init__(
            tree,
            files,
            {".rs": "rust"},
            _WORDS,
            lambda p: "/tests/" in f"/{p}" or "/benches/" in f"/{p}" or "/examples/" in f"/{p}",
            lambda p: 0 if p.endswith("main.rs") else 1,
        )

    def seen(self) -> facts.Seen:
        """Ports, routes and environment variables."""
        found = facts.Seen()
        for source in self.sources:
            found.ports += self._ports(source)
            found.routes += self._routes(source)
            found.reads += self._reads(source)
        found.ports.sort(key=lambda entry: entry[0].port is None)
        return found

    def _ports(self, source: Source) -> Iterator[tuple[Value, str]]:
        for call in source.all("call_expression"):
            function = call.field("function")
            name = re.split(r"::|\.", function.text())[-1] if function is not None else ""
            if name not in ("bind", "run", "try_bind", "from", "serve", "new"):
                continue
            text = call.field("arguments").text()
            found = re.search(
                r'"[^"\s/]*:(\d{2,5})"|\(?\s*(?:\[[\d, ]+\]|Ipv[46]Addr::\w+|"[\d.]+")\s*,\s*(\d{2,5})\s*\)?', text
            )
            if (
                found
                and (name != "from" or "SocketAddr" in function.text())
                and (name != "new" or "SocketAddr" in function.text())
            ):
                yield Value(int(found[1] or found[2])), source.at(call)

    def _routes(self, source: Source) -> Iterator[Route]:
        for call in source.all("call_expression"):
            function = call.field("function")
            name = function.text().rpartition(".")[2] if function is not None else ""
            arguments = list(children(call.field("arguments")))
            if name == "route" and arguments and arguments[0].kind() == "string_literal":
                yield Route(
                    normal(arguments[0].text().strip('"')),
                    source.at(call),
                    "GET" if len(arguments) < 2 or "get" in arguments[1].text() else "POST",
                )
        for node in source.all("attribute_item"):
            found = re.match(r'#\[get\(\s*"([^"]+)"', node.text())
            if found:
                yield Route(normal(found[1]), source.at(node))

    def _reads(self, source: Source) -> Iterator[Read]:
        for call in source.all("call_expression"):
            named = re.match(r'(?:std::)?(?:env::)?(?:var|var_os)\(\s*"(\w+)"', call.text())
            if named:
                above = call.parent().text() if call.parent() is not None else ""
                yield Read(named[1], source.at(call), bool(re.search(r"\)\s*(\.expect|\.unwrap\(|\?)", above)))
        for node in source.all("attribute_item"):
            field = node.next()
            while field is not None and field.kind() != "field_declaration":
                field = field.next() if field.kind() in ("attribute_item", "line_comment") else None
            if field is not None and re.match(r"#\[(clap|arg)\(.*\benv\b", node.text()):
                given = re.search(r'env\s*=\s*"(\w+)"', node.text())
                name = given[1] if given else field.field("name").text().upper()
                optional = "default_value" in node.text() or field.field("type").text().startswith("Option")
                yield Read(name, source.at(node), not optional)


ECOSYSTEM = Ecosystem("rust", _finds, _read)
