"""Gradle: a build file with its settings and version catalog, as facts of a draft."""

from __future__ import annotations

import re

from devops_orchestrator.project import gradle
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree, ancestors, join

_TEST = re.compile(
    r"^(test|androidTest|integrationTest)|TestImplementation$|^(kapt|ksp|annotationProcessor|developmentOnly|compileOnly)$"
)


def read_gradle(draft: Draft, tree: Tree, path: str) -> bool:
    """Fill a draft from a build file, with what the root's build file gives to all projects."""
    text = tree.text(path)
    if text is None:
        return False
    root = _root(tree, draft.path)
    catalog, plugins = _catalog(tree, root)
    builds = [(path, gradle.read(text, catalog, plugins))]
    if root != draft.path:
        above = tree.first(root, "build.gradle.kts", "build.gradle")
        above_text = tree.text(above) if above else None
        if above and above_text is not None:
            builds.append((above, gradle.read(above_text, catalog, plugins)))
        draft.offer("install_path", root, above or root)
    draft.offer("manifest", path, path)
    draft.offer("package_manager", "gradle", path)
    for at, build in builds:
        for name, (version, configuration, line) in build.dependencies.items():
            if name in draft.dependencies:
                continue
            draft.dependencies[name] = version
            draft.places[name] = f"{at}:{line}"
            if _TEST.search(configuration):
                draft.dev_dependencies.add(name)
        for name, (version, line) in build.plugins.items():
            _plugin(draft, name, version, f"{at}:{line}", own=at == path)
        if build.java:
            draft.language(build.java[0], f"{at}:{build.java[1]}")
    _name(draft, tree, root, builds[0][1], builds[-1][1])
    wrapper = join(root, "gradle/wrapper/gradle-wrapper.properties")
    url = (
        tree.properties(wrapper).get("distributionUrl")
        if tree.has(root, "gradle/wrapper/gradle-wrapper.properties")
        else None
    )
    found = re.search(r"gradle-([\d.]+\d)", url[0]) if url else None
    draft.offer("package_manager_version", found[1] if found else None, f"{wrapper}:{url[1]}" if url else "")
    return bool(builds[0][1].plugins or builds[0][1].dependencies or root != draft.path)


def _root(tree: Tree, folder: str) -> str:
    """The folder of the settings file, the nearest one above."""
    return next((at for at in ancestors(folder) if tree.first(at, "settings.gradle", "settings.gradle.kts")), folder)


def _catalog(tree: Tree, root: str) -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    document = (
        tree.toml(join(root, "gradle/libs.versions.toml")) if tree.has(root, "gradle/libs.versions.toml") else None
    )
    if document is None:
        return {}, {}
    versions = document.table("versions")

    def version(entry: dict[str, object]) -> str:
        found = entry.get("version")
        if isinstance(found, dict):
            found = versions.get(str(found.get("ref")), "")
        return found if isinstance(found, str) else ""

    libraries: dict[str, tuple[str, str]] = {}
    for alias, entry in document.table("libraries").items():
        key = re.sub(r"[._]", "-", alias).lower()
        if isinstance(entry, str):
            libraries[key] = (":".join(entry.split(":")[:2]), entry.rpartition(":")[2])
        elif isinstance(entry, dict):
            module = entry.get("module") or f"{entry.get('group')}:{entry.get('name')}"
            libraries[key] = (str(module), version(entry))
    plugins: dict[str, tuple[str, str]] = {}
    for alias, entry in document.table("plugins").items():
        key = re.sub(r"[._]", "-", alias).lower()
        if isinstance(entry, dict):
            plugins[key] = (str(entry.get("id")), version(entry))
        elif isinstance(entry, str):
            plugins[key] = (entry.partition(":")[0], entry.partition(":")[2])
    return libraries, plugins


def _plugin(draft: Draft, name: str, version: str, evidence: str, *, own: bool) -> None:
    if name == "org.springframework.boot" and own:
        draft.trait("executable", "true", evidence)
        draft.trait("spring_boot", version or None, evidence)
    for word in ("spotless", "checkstyle", "ktlint", "detekt", "spring-javaformat", "pmd"):
        if (
            word in re.split(r"[.]", name)
            or name.endswith(word)
            or (word == "spring-javaformat" and name == "io.spring.javaformat")
        ):
            draft.trait(f"plugin.{word}", evidence)


def _name(draft: Draft, tree: Tree, root: str, own: gradle.Build, above: gradle.Build) -> None:
    settings = tree.first(root, "settings.gradle.kts", "settings.gradle")
    text = tree.text(settings) if settings else None
    name = gradle.root_name(text) if text and root == draft.path else draft.path.rpartition("/")[2]
    if draft.path == "." and name in ("", ".", None):
        name = tree.repository.name or None
    draft.name = name or draft.name
    version = own.version or above.version
    if name and version and "$" not in version:
        draft.trait("jar", f"build/libs/{name}-{version}.jar")
    elif name and not version:
        draft.trait("jar", f"build/libs/{name}.jar")
