"""Maven: a pom with its parents, as facts of a draft."""

from __future__ import annotations

import posixpath
import re

from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree, join, parent
from devops_orchestrator.project.xml import Element


def read_maven(draft: Draft, tree: Tree, path: str) -> bool:
    """Fill a draft from a pom; False where it cannot be read or only groups modules."""
    chain = _chain(tree, path)
    if not chain or chain[0].value("packaging") == "pom":
        return False
    pom = chain[0]
    properties = _properties(chain)
    draft.name = pom.value("artifactId") or draft.name
    draft.offer("manifest", path, path)
    draft.offer("package_manager", "maven", path)
    for depth, entry in enumerate(chain):
        for dependency in entry.all("dependencies", "dependency"):
            _dependency(draft, dependency, properties)
        for plugin in [*entry.all("build", "plugins", "plugin")]:
            _plugin(draft, plugin, properties, own=depth == 0)
        _languages(draft, entry, properties)
    if len(chain) > 1 and chain[-1].path != path:
        draft.offer("install_path", parent(chain[-1].path), chain[-1].path)
    boot = next((e for e in chain if e.value("parent", "artifactId") == "spring-boot-starter-parent"), None)
    if boot is not None:
        version = boot.find("parent", "version")
        draft.trait("spring_boot", version.text if version else None, version.at if version else "")
    name = (
        pom.value("build", "finalName")
        or f"{pom.value('artifactId')}-{_fill(pom.value('version') or pom.value('parent', 'version') or '', properties)}"
    )
    draft.trait("jar", f"target/{_fill(name, properties)}.{pom.value('packaging') or 'jar'}")
    wrapper = join(parent(path), ".mvn/wrapper/maven-wrapper.properties")
    url = (
        tree.properties(wrapper).get("distributionUrl")
        if tree.has(parent(path), ".mvn/wrapper/maven-wrapper.properties")
        else None
    )
    found = re.search(r"apache-maven-([\d.]+\d)", url[0]) if url else None
    draft.offer("package_manager_version", found[1] if found else None, f"{wrapper}:{url[1]}" if url else "")
    return True


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


def _properties(chain: list[Element]) -> dict[str, str]:
    found: dict[str, str] = {}
    for pom in chain:
        for child in pom.find("properties").children if pom.find("properties") else ():  # type: ignore[union-attr]
            found.setdefault(child.tag, child.text)
    pom = chain[0]
    found.setdefault("project.version", pom.value("version") or pom.value("parent", "version") or "")
    found.setdefault("project.artifactId", pom.value("artifactId") or "")
    found.setdefault("revision", found["project.version"])
    return found


def _fill(text: str, properties: dict[str, str]) -> str:
    for _ in range(5):
        filled = re.sub(r"\$\{([^}]+)\}", lambda m: properties.get(m[1], m[0]), text)
        if filled == text:
            break
        text = filled
    return text


def _dependency(draft: Draft, dependency: Element, properties: dict[str, str]) -> None:
    name = f"{_fill(dependency.value('groupId') or '', properties)}:{_fill(dependency.value('artifactId') or '', properties)}"
    if name in draft.dependencies:
        return
    draft.dependencies[name] = _fill(dependency.value("version") or "", properties)
    draft.places[name] = (dependency.find("artifactId") or dependency).at
    if dependency.value("scope") in ("test", "provided"):
        draft.dev_dependencies.add(name)


def _plugin(draft: Draft, plugin: Element, properties: dict[str, str], *, own: bool) -> None:
    name = plugin.value("artifactId") or ""
    if name == "spring-boot-maven-plugin" and own:
        draft.trait("executable", "true", plugin.at)
    for word, artifact in (
        ("spotless", "spotless-maven-plugin"), ("checkstyle", "maven-checkstyle-plugin"), ("ktlint", "ktlint-maven-plugin"), ("detekt", "detekt-maven-plugin"),
        ("spring-javaformat", "spring-javaformat-maven-plugin"), ("pmd", "maven-pmd-plugin"),
    ):  # fmt: skip
        if name == artifact:
            _check(draft, word, plugin)
    for key in ("release", "source"):
        for place in (("configuration", key), ("configuration", f"maven.compiler.{key}")):
            element = plugin.find(*place) if name == "maven-compiler-plugin" else None
            if element is not None:
                draft.language(_fill(element.text, properties), element.at)


def _check(draft: Draft, word: str, plugin: Element) -> None:
    """A plugin that checks the code: by itself, or bound to a phase (then its own goal may lack its configuration)."""
    phases = [phase.text for phase in plugin.all("executions", "execution", "phase")]
    if "validate" in phases:
        draft.trait("plugin.validate", plugin.at)
    elif not list(plugin.all("executions", "execution")):
        draft.trait(f"plugin.{word}", plugin.at)


def _languages(draft: Draft, pom: Element, properties: dict[str, str]) -> None:
    for key in (
        "maven.compiler.release",
        "java.version",
        "maven.compiler.source",
        "maven.compiler.target",
        "jdk.version",
    ):
        element = pom.find("properties", key)
        if element is not None:
            draft.language(_fill(element.text, properties), element.at)
