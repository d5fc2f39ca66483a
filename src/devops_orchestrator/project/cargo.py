"""Cargo manifests: dependencies with what the workspace says of them, members, binaries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import normpath
from typing import Any

from devops_orchestrator.project.documents import Document
from devops_orchestrator.project.tree import Tree, ancestors, join


@dataclass(frozen=True)
class Dependency:
    """One dependency: its package, version as written, features, folder of a path dependency, place."""

    name: str
    version: str
    features: tuple[str, ...]
    folder: str | None
    place: str
    dev: bool


@dataclass(frozen=True)
class Binary:
    """A program of a package: its name and its main file, from the repository's root."""

    name: str
    path: str
    place: str


@dataclass
class Package:
    """A Cargo.toml with a `[package]` table."""

    folder: str
    document: Document
    root: str | None  # folder of the workspace, None outside of one
    workspace: Document | None
    dependencies: dict[str, Dependency] = field(default_factory=dict)
    binaries: list[Binary] = field(default_factory=list)
    library: bool = False  # whether it has a library target too

    def inherited(self, key: str) -> tuple[str, str] | None:
        """(value, place) of a key of `[package]`, from the workspace where it says `key.workspace = true`."""
        text = self.document.text("package", key)
        if text:
            return text, self.document.at("package", key)
        if self.document.get("package", key, "workspace") and self.workspace:
            shared = self.workspace.text("workspace", "package", key)
            return (shared, self.workspace.at("workspace", "package", key)) if shared else None
        return None


def read(tree: Tree, folder: str) -> Package | None:
    """The package of a folder; None where there is none, or only a virtual workspace."""
    document = tree.toml(tree.first(folder, "Cargo.toml"))
    if document is None or not document.table("package"):
        return None
    root = next(
        (at for at in ancestors(folder) if (other := _manifest(tree, at)) and other.get("workspace") is not None), None
    )
    package = Package(folder, document, root, _manifest(tree, root) if root else None)
    for dependency in _dependencies(package):
        known = package.dependencies.get(dependency.name)
        if known is None or (known.dev and not dependency.dev):
            package.dependencies[dependency.name] = dependency
    package.binaries = list(_binaries(tree, package))
    package.library = tree.has(folder, "src/lib.rs") or document.get("lib") is not None
    return package


def _manifest(tree: Tree, folder: str) -> Document | None:
    return tree.toml(tree.first(folder, "Cargo.toml"))


def _dependencies(package: Package) -> Iterator[Dependency]:
    document = package.document
    tables: list[tuple[tuple[str, ...], bool]] = [
        (("dependencies",), False),
        (("build-dependencies",), True),
        (("dev-dependencies",), True),
    ]
    for target in document.table("target"):
        tables += [
            (("target", target, name), name != "dependencies")
            for name in ("dependencies", "dev-dependencies", "build-dependencies")
        ]
    for keys, dev in tables:
        for name, entry in document.table(*keys).items():
            yield _dependency(package, name, entry, document.at(*keys, name), dev)


def _dependency(package: Package, name: str, entry: Any, place: str, dev: bool) -> Dependency:
    given = entry if isinstance(entry, dict) else {"version": entry}
    folder = _beside(package.folder, given.get("path"))
    shared: dict[str, Any] = {}
    if given.get("workspace") and package.workspace is not None:
        found = package.workspace.get("workspace", "dependencies", name)
        shared = found if isinstance(found, dict) else {"version": found}
        folder = _beside(package.root or ".", shared.get("path"))
    features = [str(one) for table in (shared, given) for one in table.get("features", []) or []]
    version = given.get("version") or shared.get("version") or ""
    real = str(given.get("package") or shared.get("package") or name)
    return Dependency(real, str(version), tuple(features), folder, place, dev)


def _beside(folder: str, relative: object) -> str | None:
    if not isinstance(relative, str):
        return None
    found = normpath(join(folder, relative)) if folder != "." else normpath(relative)
    return None if found.startswith("..") else found


def _binaries(tree: Tree, package: Package) -> Iterator[Binary]:
    """The programs: `[[bin]]` tables, then `src/main.rs`, `src/bin/*.rs` and `src/bin/*/main.rs`, as Cargo finds them."""
    document, folder = package.document, package.folder
    name = document.text("package", "name") or "app"
    seen: set[str] = set()
    entries = document.get("bin")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            continue
        own = entry["name"]
        path = entry.get("path")
        guesses = [path] if isinstance(path, str) else [f"src/bin/{own}.rs", f"src/bin/{own}/main.rs", "src/main.rs"]
        file = next((join(folder, normpath(one)) for one in guesses if tree.has(folder, normpath(one))), None)
        if file and file not in seen:
            seen.add(file)
            yield Binary(own, file, document.at("bin", index, "name"))
    if document.get("package", "autobins") is False:
        return
    if tree.has(folder, "src/main.rs") and join(folder, "src/main.rs") not in seen:
        yield Binary(name, join(folder, "src/main.rs"), join(folder, "src/main.rs"))
    inside = join(folder, "src/bin")
    for path in tree.below(inside):
        rest = path.removeprefix(inside + "/")
        if path in seen or not (
            rest.endswith(".rs") and ("/" not in rest or (rest.count("/") == 1 and rest.endswith("/main.rs")))
        ):
            continue
        yield Binary(rest.removesuffix("/main.rs").removesuffix(".rs"), path, path)


def members(tree: Tree, folder: str) -> dict[str, str]:
    """Package name → folder of the path dependencies of a package, transitively (development ones left out)."""
    found: dict[str, str] = {}
    stack = [folder]
    while stack:
        package = read(tree, stack.pop())
        for dependency in package.dependencies.values() if package else ():
            if (
                dependency.folder
                and not dependency.dev
                and dependency.folder not in found.values()
                and dependency.folder != folder
            ):
                found[dependency.name] = dependency.folder
                stack.append(dependency.folder)
    return found
