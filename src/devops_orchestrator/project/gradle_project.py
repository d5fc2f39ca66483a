"""Gradle: a build file with its settings, version catalogs and convention plugins, as facts of a draft."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import gradle, gradle_settings
from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.gradle import Build, Catalog, alias
from devops_orchestrator.project.tree import Tree, ancestors, join, parent

FILES = ("build.gradle.kts", "build.gradle")
_SETTINGS = ("settings.gradle.kts", "settings.gradle")
_ASIDE = lazy(
    r"^(kapt|ksp|annotationProcessor|developmentOnly|compileOnly|testAndDevelopmentOnly|providedCompile)$|[tT]est|^jmh|classpath$"
)
# What checks the code → (the tasks' names, the words of the plugin's id).
CHECKS = {
    "com.diffplug.spotless": "spotless", "com.diffplug.gradle.spotless": "spotless", "checkstyle": "checkstyle", "pmd": "pmd",
    "org.jlleitschuh.gradle.ktlint": "ktlint", "org.jmailen.kotlinter": "kotlinter", "io.gitlab.arturbosch.detekt": "detekt",
    "dev.detekt": "detekt", "io.spring.javaformat": "spring-javaformat", "com.github.spotbugs": "spotbugs",
}  # fmt: skip
_SHADOW = ("com.github.johnrengelman.shadow", "com.gradleup.shadow", "io.github.goooler.shadow")
# Plugins that themselves apply Gradle's `application`, with its `installDist` and start scripts.
_APPLICATION = ("application", "io.ktor.plugin", "io.micronaut.application", "io.micronaut.minimal.application")


@dataclass
class Settings:
    """What the settings file above a project says."""

    root: str
    path: str | None
    name: str | None = None
    projects: dict[str, str] = field(default_factory=dict)  # `:a:b` → folder from the repository's root
    builds: list[str] = field(default_factory=list)  # folders of included builds, from the repository's root
    renamed: bool = False  # whether a loop gives the projects other names than their folders'


def settings(tree: Tree, folder: str) -> Settings:
    """The settings of the build that a folder belongs to: the nearest file above it."""
    for at in ancestors(folder):
        path = tree.first(at, *_SETTINGS)
        if path:
            lines = tree.parsed(path, gradle.listed) or []
            projects = {name: _under(at, below) for name, below in gradle_settings.included(lines).items()}
            builds = [_under(at, below) for below in gradle_settings.builds(lines)]
            return Settings(
                at, path, gradle_settings.root_name(lines), projects, builds, gradle_settings.renames(lines)
            )
    return Settings(folder, None)


def is_build_logic(tree: Tree, folder: str) -> bool:
    """Whether a folder only holds what builds the others: buildSrc, an included build of plugins."""
    if "buildSrc" in folder.split("/"):
        return True
    for at in ancestors(folder)[1:]:
        included = settings(tree, at).builds if tree.first(at, *_SETTINGS) else []
        if any(folder == below or folder.startswith(below + "/") for below in included):
            path = tree.first(folder, *FILES)
            lines = (tree.parsed(path, gradle.listed) or []) if path else []
            plugins = gradle.read(lines, Catalog(), {}).plugins
            return any(name in plugins for name in ("kotlin-dsl", "groovy-gradle-plugin", "java-gradle-plugin"))
    return False


def read_gradle(draft: Draft, tree: Tree, path: str) -> bool:
    """Fill a draft from a build file, with what the build files above and convention plugins give to it."""
    lines = tree.parsed(path, gradle.listed)
    if lines is None:
        return False
    at = settings(tree, draft.path)
    known = _known(tree, at.root, draft.path)
    catalog = _catalog(tree, at.root)
    found: list[tuple[str, Build]] = []
    above = tree.first(at.root, *FILES) if at.root != draft.path else None
    shared: Build | None = None
    if above:
        below = draft.path if at.root == "." else draft.path.removeprefix(at.root + "/")
        shared = gradle.read(tree.parsed(above, gradle.listed) or [], catalog, known, of=below, shared=True)
        known = shared.variables | known
    own = gradle.read(lines, catalog, known)
    found.append((path, own))
    if above and shared:
        found.append((above, shared))
    found += _conventions(tree, at, found, catalog, known)
    if at.root != draft.path:
        draft.offer("install_path", at.root, above or at.path or at.root)
    draft.offer("manifest", path, path)
    draft.offer("package_manager", "gradle", path)
    _fill(draft, found, at)
    _name(draft, tree, at, [build for _, build in found], known)
    wrapper = join(at.root, "gradle/wrapper/gradle-wrapper.properties")
    url = tree.properties(wrapper).get("distributionUrl")
    version = re.search(r"gradle-([\d.]+\d)", url[0]) if url else None
    draft.offer("package_manager_version", version[1] if version else None, f"{wrapper}:{url[1]}" if url else "")
    return bool(own.plugins or own.dependencies or own.projects or at.root != draft.path or found[1:])


def _fill(draft: Draft, found: list[tuple[str, Build]], at: Settings) -> None:
    versions: list[tuple[int, str, str]] = []
    mains: list[tuple[str, str]] = []
    for path, build in found:
        for name, (version, configuration, line) in build.dependencies.items():
            if name not in draft.dependencies:
                draft.dependencies[name] = version
                draft.places[name] = f"{path}:{line}"
                if _ASIDE.search(configuration):
                    draft.dev_dependencies.add(name)
            elif name in draft.dev_dependencies and not _ASIDE.search(configuration):
                draft.dev_dependencies.discard(name)
        for reference, (configuration, _) in build.projects.items():
            folder = _project(reference, at)
            if folder and folder != draft.path and not _ASIDE.search(configuration):
                draft.members.setdefault(folder, folder)
        for name, (version, line, applied) in build.plugins.items():
            if applied:
                _plugin(draft, name, version or _version_of(name, found), f"{path}:{line}")
        versions += [(rank, version, f"{path}:{line}") for rank, version, line in build.java]
        if build.main and build.main[0]:
            mains.append((build.main[0], f"{path}:{build.main[1]}"))
        if build.manifest_main:
            draft.trait("runnable_jar", "true", f"{path}:{build.manifest_main[1]}")
            if build.manifest_main[0] and "$" not in build.manifest_main[0]:
                mains.append((build.manifest_main[0], f"{path}:{build.manifest_main[1]}"))
    for _, version, evidence in sorted(versions, key=lambda entry: entry[0]):
        draft.language(version, evidence)
    for name, evidence in mains[:1]:
        draft.trait("main_class", name, evidence)
    if any("bootJar" in build.disabled for _, build in found[:1]):
        draft.traits.pop("executable", None)


def _version_of(plugin: str, found: list[tuple[str, Build]]) -> str:
    return next((b.plugins[plugin][0] for _, b in found if plugin in b.plugins and b.plugins[plugin][0]), "")


def _project(reference: str, at: Settings) -> str | None:
    """The folder of `:a:b`, or of the accessor `projects.a.bC`."""
    if not reference.startswith("projects."):
        plain = ":" + reference.strip(":")
        if plain in at.projects or not at.renamed:
            return at.projects.get(plain)
        # The settings rename all projects in a loop, by what they put before their names.
        ends = [name for name in at.projects if plain.endswith("-" + name.rpartition(":")[2])]
        return at.projects[max(ends, key=len)] if ends else None
    wanted = re.sub(r"[^a-z0-9]", "", reference.removeprefix("projects.").lower())
    return next((f for name, f in at.projects.items() if re.sub(r"[^a-z0-9]", "", name.lower()) == wanted), None)


def _plugin(draft: Draft, name: str, version: str, evidence: str) -> None:
    draft.trait(f"plugin.{name}", version or "true", evidence)
    if name == "org.springframework.boot":
        draft.trait("executable", "true", evidence)
        draft.trait("spring_boot", version or None, evidence)
    elif name in ("io.quarkus", *_SHADOW, *_APPLICATION):
        draft.trait("executable", "true", evidence)
    if name in CHECKS:
        draft.trait(f"check.{CHECKS[name]}", "true", evidence)


def _conventions(
    tree: Tree, at: Settings, found: list[tuple[str, Build]], catalog: Catalog, known: dict[str, str]
) -> list[tuple[str, Build]]:  # fmt: skip
    """The precompiled script plugins and applied files that a project names, and those that they name."""
    scripts = tree.remembered(_scripts)
    seen: set[str] = {path for path, _ in found}
    result: list[tuple[str, Build]] = []
    stack = list(found)
    while stack and len(result) < 30:
        path, build = stack.pop(0)
        wanted = [scripts[name] for name, entry in build.plugins.items() if entry[2] and name in scripts]
        for name in build.applied_files:
            plain = re.sub(r"^\$\{?(rootDir|rootProject\.projectDir|projectDir|rootProject\.rootDir)\}?/", "", name)
            wanted += [join(folder, plain) for folder in (at.root, parent(path)) if tree.has(folder, plain)][:1]
        for script in wanted:
            if script not in seen:
                seen.add(script)
                entry = (script, gradle.read(tree.parsed(script, gradle.listed) or [], catalog, known))
                result.append(entry)
                stack.append(entry)
    return result


def _scripts(tree: Tree) -> dict[str, str]:
    """Precompiled script plugins: id → path. The id is the file's name behind its package."""
    found: dict[str, str] = {}
    for path in tree.files:
        name = re.search(r"(?:^|/)src/main/(?:kotlin|groovy)/(.+)\.gradle(?:\.kts)?$", path)
        if name:
            found.setdefault(name[1].replace("/", "."), path)
            found.setdefault(name[1].rpartition("/")[2], path)
    return found


def _known(tree: Tree, root: str, folder: str) -> dict[str, str]:
    """The keys of `gradle.properties`, of the project and of the build."""
    found: dict[str, str] = {}
    for at in dict.fromkeys((folder, root)):
        for key, (value, _) in tree.properties(tree.first(at, "gradle.properties")).items():
            found.setdefault(key, value)
    return found


def _catalog(tree: Tree, root: str) -> Catalog:
    found = Catalog()
    for path in tree.matching(join(root, "gradle") if root != "." else "gradle", "*.versions.toml"):
        name = path.rpartition("/")[2].removesuffix(".versions.toml")
        document = tree.toml(path)
        if document is None:
            continue
        found.names.add(name)
        versions = document.table("versions")

        def version(entry: dict[str, object], versions: dict[str, object] = versions) -> str:
            value = entry.get("version")
            if isinstance(value, dict):
                value = versions.get(str(value.get("ref"))) if "ref" in value else value
            if isinstance(value, dict):
                value = value.get("require") or value.get("strictly") or value.get("prefer")
            return value if isinstance(value, str) else ""

        for key, value in versions.items():
            if isinstance(value, str):
                found.versions[alias(f"{name}.{key}")] = value
        for key, entry in document.table("libraries").items():
            if isinstance(entry, str):
                found.libraries[alias(f"{name}.{key}")] = (":".join(entry.split(":")[:2]), entry.rpartition(":")[2])
            elif isinstance(entry, dict):
                module = entry.get("module") or f"{entry.get('group')}:{entry.get('name')}"
                found.libraries[alias(f"{name}.{key}")] = (str(module), version(entry))
        for key, entry in document.table("plugins").items():
            if isinstance(entry, dict):
                found.plugins[alias(f"{name}.plugins.{key}")] = (str(entry.get("id")), version(entry))
            elif isinstance(entry, str):
                found.plugins[alias(f"{name}.plugins.{key}")] = (entry.partition(":")[0], entry.partition(":")[2])
        for key, entries in document.table("bundles").items():
            if isinstance(entries, list):
                found.bundles[alias(f"{name}.{key}")] = [alias(f"{name}.{entry}") for entry in entries]
    return found


def _name(draft: Draft, tree: Tree, at: Settings, found: list[Build], known: dict[str, str]) -> None:
    """The project's name, and what it builds: the jar that runs, or the start script of `installDist`."""
    of_project = next((name.rpartition(":")[2] for name, folder in at.projects.items() if folder == draft.path), None)
    name = at.name if draft.path == at.root else of_project or draft.path.rpartition("/")[2]
    draft.name = name or (tree.repository.name if draft.path == "." else draft.path.rpartition("/")[2]) or draft.name
    version = next((build.version for build in found if build.version), None) or known.get("version")
    if version and ("$" in version or version == "unspecified"):
        version = None
    plugins = {plugin: entry for build in found for plugin, entry in build.plugins.items() if entry[2]}
    application = next((plugin for plugin in _APPLICATION if plugin in plugins), None)
    shadow = next((plugin for plugin in _SHADOW if plugin in plugins), None)
    task = "jar"
    if "org.springframework.boot" in plugins:
        task = "bootJar"
    elif "io.ktor.plugin" in plugins and not shadow:
        task = "buildFatJar"
    elif shadow:
        task = "shadowJar"
    draft.trait("gradle_task", task)
    file = _archive(found, task, name, version)
    folder = next((b.archives[task, "folder"] for b in found if (task, "folder") in b.archives), "build/libs")
    draft.trait("jar", f"{folder if '$' not in folder else 'build/libs'}/{file}")
    if application:
        script = next((build.application_name for build in found if build.application_name), None) or name
        draft.trait("start_script", f"build/install/{script}/bin/{script}" if script else None)


def _archive(found: list[Build], task: str, name: str | None, version: str | None) -> str:
    """The file name of what a task packs; `*` for what only the clone's folder says."""

    def said(key: str, *tasks: str) -> str | None:
        return next((b.archives[t, key] for b in found for t in tasks if (t, key) in b.archives), None)

    tasks = {"buildFatJar": ("fatJar", "shadowJar", ""), "bootJar": ("bootJar", "")}.get(task, (task, ""))
    file = said("file", *tasks)
    if file and "$" not in file:
        return file
    if task == "buildFatJar":
        return f"{name or '*'}-all.jar"
    base = said("base", *tasks) or name or "*"
    said_version = said("version", *tasks)
    classifier = said("classifier", *tasks)
    if classifier is None and task == "shadowJar":
        classifier = "all"
    version = version if said_version is None else said_version
    parts = [base, "*" if version and "$" in version else version, classifier]
    return "-".join(part for part in parts if part) + ".jar" if "$" not in base else "*.jar"


def _under(root: str, below: str) -> str:
    found = posixpath.normpath(join(root, below))
    return found if not found.startswith("..") else below
