"""Maven: a pom with its parents and active profiles, as facts of a draft."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator

from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree, ancestors, join, parent
from devops_orchestrator.project.xml import Element

# What checks the code: the plugin's artifact → the name of the check.
_CHECKS = {
    "spotless-maven-plugin": "spotless", "maven-checkstyle-plugin": "checkstyle", "ktlint-maven-plugin": "ktlint", "detekt-maven-plugin": "detekt",
    "spring-javaformat-maven-plugin": "spring-javaformat", "maven-pmd-plugin": "pmd", "spotbugs-maven-plugin": "spotbugs",
    "fmt-maven-plugin": "fmt", "formatter-maven-plugin": "formatter",
}  # fmt: skip
_LEVELS = (
    "maven.compiler.release", "java.version", "maven.compiler.source", "maven.compiler.target", "jdk.version", "javaVersion",
    "kotlin.compiler.jvmTarget",
)  # fmt: skip


def read_maven(draft: Draft, tree: Tree, path: str) -> bool:
    """Fill a draft from a pom; False where it cannot be read or only groups modules."""
    chain = _chain(tree, path)
    if not chain or chain[0].value("packaging") == "pom":
        return False
    pom = chain[0]

    def there(name: str) -> bool:
        return "$" not in name and tree.has(draft.path, name)

    properties = _properties(chain, there)
    draft.name = pom.value("artifactId") or draft.name
    draft.offer("manifest", path, path)
    draft.offer("package_manager", "maven", path)
    modules = tree.remembered(_modules)
    for entry in chain:
        for dependency in _everywhere(entry, "dependencies", "dependency", there=there):
            _dependency(draft, dependency, properties, modules)
        for plugin in _everywhere(entry, "build", "plugins", "plugin", there=there):
            _plugin(draft, plugin, properties)
        for plugin in entry.all("build", "pluginManagement", "plugins", "plugin"):
            _compiler(draft, plugin, properties)
            _jar(draft, plugin, properties)
        _languages(draft, entry, properties)
    # A module with a parent or neighbours of this repository is built from the outermost pom that lists it.
    top = _reactor(tree, path) if len(chain) > 1 or draft.members else None
    top = top or (parent(chain[-1].path) if len(chain) > 1 else None)
    if top is not None and top != draft.path:
        draft.offer("install_path", top, join(top, "pom.xml"))
    _boot(draft, chain, properties)
    _artifact(draft, pom, properties)
    _wrapper(draft, tree)
    return True


def _wrapper(draft: Draft, tree: Tree) -> None:
    for folder in ancestors(draft.path):
        path = tree.first(folder, ".mvn/wrapper/maven-wrapper.properties")
        url = tree.properties(path).get("distributionUrl")
        found = re.search(r"apache-maven-([\d.]+\d)", url[0]) if url else None
        if path and url and found:
            draft.offer("package_manager_version", found[1], f"{path}:{url[1]}")
            return


def _modules(tree: Tree) -> dict[str, str]:
    """`groupId:artifactId` of every pom of the repository → its folder."""
    found: dict[str, str] = {}
    for folder, names in sorted(tree.folders.items()):
        pom = tree.xml(join(folder, "pom.xml")) if "pom.xml" in names and not _inside_sources(folder) else None
        if pom is not None and pom.tag == "project":
            group = pom.value("groupId") or pom.value("parent", "groupId")
            found.setdefault(f"{group}:{pom.value('artifactId')}", folder)
    return found


def _inside_sources(folder: str) -> bool:
    return "/src/" in f"/{folder}/"


def _reactor(tree: Tree, path: str) -> str | None:
    """The outermost folder whose pom builds this one among its modules, or None."""
    found: str | None = None
    below = parent(path)
    for folder in ancestors(parent(path))[1:]:
        pom = tree.xml(join(folder, "pom.xml")) if tree.has(folder, "pom.xml") else None
        if pom is None:
            continue
        names = [module.text for module in _everywhere(pom, "modules", "module")]
        folders = {posixpath.normpath(join(folder, name.removesuffix("/pom.xml"))) for name in names}
        if below in folders:
            found = below = folder
    return found


def _everywhere(pom: Element, *tags: str, there: Callable[[str], bool] | None = None) -> Iterator[Element]:
    """The elements of a pom, and those of its profiles that are active without being asked for.

    `there` says whether a file that activates a profile exists in the module; without it, every profile counts.
    """
    yield from pom.all(*tags)
    for profile in pom.all("profiles", "profile"):
        if there is None or _active(profile, there):
            yield from profile.all(*tags)


def _active(profile: Element, there: Callable[[str], bool]) -> bool:
    if (profile.value("activation", "activeByDefault") or "").lower() == "true":
        return True
    file = re.sub(r"^\$\{(project\.)?basedir\}/", "", profile.value("activation", "file", "exists") or "")
    return bool(file) and there(file)


def _chain(tree: Tree, path: str) -> list[Element]:
    """The pom and the parents of it that are in the repository."""
    found: list[Element] = []
    at: str | None = path
    while at and len(found) < 10:
        pom = tree.xml(at)
        if pom is None or pom.tag != "project":
            break
        found.append(pom)
        above = pom.find("parent")
        if above is None:
            break
        relative = above.find("relativePath")
        given = relative.text if relative is not None else "../pom.xml"
        if not given:
            break
        target = posixpath.normpath(posixpath.join(posixpath.dirname(at), given))
        if not target.endswith(".xml"):
            target = posixpath.join(target, "pom.xml")
        at = target if not target.startswith("..") and tree.has(parent(target), target.rpartition("/")[2]) else None
        if at and (known := tree.xml(at)) is not None and known.value("artifactId") != above.value("artifactId"):
            break
    return found


def _properties(chain: list[Element], there: Callable[[str], bool]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pom in chain:
        for properties in _everywhere(pom, "properties", there=there):
            for child in properties.children:
                found.setdefault(child.tag, child.text)
    pom = chain[0]
    version = pom.value("version") or pom.value("parent", "version") or ""
    group = pom.value("groupId") or pom.value("parent", "groupId") or ""
    for prefix in ("project", "pom"):
        found.setdefault(f"{prefix}.version", version)
        found.setdefault(f"{prefix}.groupId", group)
        found.setdefault(f"{prefix}.artifactId", pom.value("artifactId") or "")
    found.setdefault("project.parent.version", pom.value("parent", "version") or "")
    return found


def _fill(text: str, properties: dict[str, str]) -> str:
    for _ in range(5):
        filled = re.sub(r"\$\{([^}]+)\}", lambda m: properties.get(m[1], m[0]), text)
        if filled == text:
            break
        text = filled
    return text


def _dependency(draft: Draft, dependency: Element, properties: dict[str, str], modules: dict[str, str]) -> None:
    name = f"{_fill(dependency.value('groupId') or '', properties)}:{_fill(dependency.value('artifactId') or '', properties)}"
    if name in draft.dependencies:
        return
    draft.dependencies[name] = _fill(dependency.value("version") or "", properties)
    draft.places[name] = (dependency.find("artifactId") or dependency).at
    if dependency.value("scope") in ("test", "provided"):
        draft.dev_dependencies.add(name)
    elif name in modules and modules[name] != draft.path:
        draft.members[name] = modules[name]


def _plugin(draft: Draft, plugin: Element, properties: dict[str, str]) -> None:
    name = plugin.value("artifactId") or ""
    draft.trait(f"plugin.{name}", _fill(plugin.value("version") or "", properties) or "true", plugin.at)
    goals = {goal.text for goal in plugin.all("executions", "execution", "goals", "goal")}
    skipped = (plugin.value("configuration", "skip") or "").lower() == "true"
    if name in ("spring-boot-maven-plugin", "quarkus-maven-plugin"):
        if not skipped:
            draft.trait("executable", "true", plugin.at)
            classifier = plugin.value("configuration", "classifier") or next(
                (e.text for e in plugin.all("executions", "execution", "configuration", "classifier")), None
            )
            draft.trait("classifier", classifier, plugin.at)
    elif name == "maven-shade-plugin" and "shade" in goals:
        _runnable(draft, plugin, properties, "mainClass", "")
        final = next((e.text for e in plugin.walk() if e.tag in ("finalName", "outputFile") and e.text), "")
        draft.trait("packed", _fill(final, properties).rpartition("/")[2], plugin.at)
    elif name == "maven-assembly-plugin" and goals & {"single", "assembly"}:
        reference = next((e.text for e in plugin.walk() if e.tag == "descriptorRef"), "")
        appended = next((e.text for e in plugin.walk() if e.tag == "appendAssemblyId"), "true") != "false"
        _runnable(draft, plugin, properties, "mainClass", f"-{reference}" if reference and appended else "")
    elif name == "exec-maven-plugin":
        main = next((e for e in plugin.walk() if e.tag == "mainClass" and e.text), None)
        draft.trait("exec_main", _fill(main.text, properties) if main else None, main.at if main else "")
    _jar(draft, plugin, properties)
    if name in _CHECKS:
        _check(draft, _CHECKS[name], plugin)
    _compiler(draft, plugin, properties)


def _jar(draft: Draft, plugin: Element, properties: dict[str, str]) -> None:
    """The plugin that packs every jar: managed configuration counts too, since the life cycle itself runs it."""
    if plugin.value("artifactId") == "maven-jar-plugin" and plugin.find(
        "configuration", "archive", "manifest", "mainClass"
    ):
        _runnable(draft, plugin, properties, "mainClass", "")


def _runnable(draft: Draft, plugin: Element, properties: dict[str, str], tag: str, suffix: str) -> None:
    """A plugin that makes a jar with a main class: by itself, or through a property such as Vert.x's launcher."""
    main = next((e for e in plugin.walk() if e.tag in (tag, "Main-Class") and e.text), None)
    if main is None:
        return
    draft.trait("runnable_jar", "true", main.at)
    draft.trait("jar_suffix", suffix)
    name = _fill(main.text, properties)
    draft.trait("main_class", name if "$" not in name else None, main.at)


def _compiler(draft: Draft, plugin: Element, properties: dict[str, str]) -> None:
    name = plugin.value("artifactId")
    if name == "maven-toolchains-plugin":
        for element in plugin.walk():
            if element.tag == "version" and element is not plugin.find("version"):
                draft.language(re.sub(r"[^\d.].*", "", _fill(element.text, properties).lstrip("[(")), element.at)
    if name == "maven-compiler-plugin":
        for key in ("release", "source", "target"):
            said = plugin.find("configuration", key)
            if said is not None:
                draft.language(_fill(said.text, properties), said.at)


def _check(draft: Draft, word: str, plugin: Element) -> None:
    """A plugin that checks the code: by itself, or bound to a phase (then its own goal may lack its configuration)."""
    phases = [phase.text for phase in plugin.all("executions", "execution", "phase")]
    goals = {goal.text for goal in plugin.all("executions", "execution", "goals", "goal")}
    if "validate" in phases and goals & {"check", "validate", "verify"}:
        draft.trait("check.validate", "true", plugin.at)
    elif plugin.find("configuration") is not None or not list(plugin.all("executions", "execution", "configuration")):
        draft.trait(f"check.{word}", "true", plugin.at)


def _languages(draft: Draft, pom: Element, properties: dict[str, str]) -> None:
    for key in _LEVELS:
        element = pom.find("properties", key)
        if element is not None:
            draft.language(_fill(element.text, properties), element.at)


def _boot(draft: Draft, chain: list[Element], properties: dict[str, str]) -> None:
    """Spring Boot's version: of the parent, or of the dependencies that are imported."""
    for pom in chain:
        if pom.value("parent", "artifactId") == "spring-boot-starter-parent":
            version = pom.find("parent", "version")
            draft.trait("spring_boot", version.text if version else None, version.at if version else "")
            draft.trait("spring_boot_parent", version.text if version else "true", pom.at)
        for entry in pom.all("dependencyManagement", "dependencies", "dependency"):
            if entry.value("artifactId") == "spring-boot-dependencies":
                text = _fill(entry.value("version") or "", properties)
                draft.trait("spring_boot", text if "$" not in text else None, entry.at)


def _artifact(draft: Draft, pom: Element, properties: dict[str, str]) -> None:
    packaging = _fill(pom.value("packaging") or "jar", properties)
    version = _fill(pom.value("version") or pom.value("parent", "version") or "", properties)
    name = _fill(pom.value("build", "finalName") or f"{pom.value('artifactId')}-{version}", properties)
    if pom.value("parent", "groupId") == "io.helidon.applications":
        # Helidon's parent for applications packs a jar that starts, beside a folder of libraries.
        name = pom.value("build", "finalName") or pom.value("artifactId") or name
        main = pom.find("properties", "mainClass")
        draft.trait("runnable_jar", "true", pom.at)
        draft.trait(
            "main_class", main.text if main else "io.helidon.microprofile.cdi.Main", main.at if main else pom.at
        )
    draft.trait("packaging", packaging if packaging != "jar" else None)
    draft.trait("jar", f"target/{name}{draft.traits.get('jar_suffix', '')}.{'war' if packaging == 'war' else 'jar'}")
