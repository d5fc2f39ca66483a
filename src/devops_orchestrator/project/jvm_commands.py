"""The commands of a Maven or Gradle component: build, test, lint, start, and where they are run from."""

from __future__ import annotations

import posixpath
import re

from devops_orchestrator.project.code.jvm import Jvm
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.tree import Tree, ancestors, join

# The name of a check → (Maven goal, Gradle task).
_CHECKS = {
    "validate": ("validate", ""),
    "spotless": ("spotless:check", "spotlessCheck"),
    "checkstyle": ("checkstyle:check", "checkstyleMain"),
    "ktlint": ("ktlint:check", "ktlintCheck"),
    "kotlinter": ("", "lintKotlin"),
    "detekt": ("detekt:check", "detekt"),
    "spring-javaformat": ("spring-javaformat:validate", "checkFormat"),
    "formatter": ("formatter:validate", ""),
    "fmt": ("com.spotify.fmt:fmt-maven-plugin:check", ""),
    "pmd": ("pmd:check", "pmdMain"),
    "spotbugs": ("spotbugs:check", "spotbugsMain"),
}


def tool(draft: Draft, tree: Tree) -> tuple[str, str]:
    """(the command, its evidence): the wrapper of the component or of the build above it, else the program."""
    manager = draft.get("package_manager")
    wrapper, program = ("mvnw", "mvn") if manager == "maven" else ("gradlew", "gradle")
    for depth, folder in enumerate(ancestors(draft.path)):
        if tree.has(folder, wrapper):
            return ("./" if depth == 0 else "../" * depth) + wrapper, join(folder, wrapper)
    return program, str(draft.get("manifest"))


def maven(draft: Draft, command: str) -> str:
    """`mvn -B`, and for a module that needs its neighbours: the whole build's pom, this module and what it needs."""
    root = draft.get("install_path")
    if not draft.members or not root:
        return f"{command} -B"
    above = posixpath.relpath(root, draft.path)
    return f"{command} -B -f {above}/pom.xml -pl :{draft.name} -am"


def offer(draft: Draft, tree: Tree, code: Jvm) -> None:
    """Build, test and lint commands that exist here."""
    command, evidence = tool(draft, tree)
    draft.trait("build_tool", command)
    if draft.get("package_manager") == "maven":
        base = maven(draft, command)
        draft.offer("build", f"{base} -DskipTests package", evidence)
        if code.tests:
            draft.offer("test", f"{base} verify", code.tests[0])
    else:
        draft.offer("build", f"{command} {_task(draft)}", evidence)
        if code.tests:
            draft.offer("test", f"{command} test", code.tests[0])
    for name, (goal, task) in _CHECKS.items():
        place = draft.evidence(f"check.{name}") if f"check.{name}" in draft.traits else None
        if place and draft.get("package_manager") == "maven" and goal:
            draft.offer("lint", f"{command} -B {goal}", place)
        elif place and draft.get("package_manager") == "gradle" and task:
            draft.offer("lint", f"{command} {task}", place)


def _task(draft: Draft) -> str:
    """The Gradle task that makes what `start` runs."""
    if draft.kind == "library" or ("executable" not in draft.traits and "runnable_jar" not in draft.traits):
        return "assemble"
    task = draft.traits.get("gradle_task", "jar")
    if task in ("bootJar", "buildFatJar", "shadowJar"):
        return task
    return "installDist" if "start_script" in draft.traits else "assemble"


def start(draft: Draft, tree: Tree, code: Jvm) -> None:
    """The start command of what the build leaves, and its artifact; nothing where no plugin makes one that runs."""
    manifest = str(draft.get("manifest"))
    gradle = draft.get("package_manager") == "gradle"
    if draft.framework_is("quarkus"):
        folder = "build" if gradle else "target"
        draft.offer("start", f"java -jar {folder}/quarkus-app/quarkus-run.jar", convention("Quarkus's fast-jar"))
        draft.offer("entrypoint", f"{folder}/quarkus-app/quarkus-run.jar", convention("Quarkus's fast-jar"))
        return
    arguments = ""
    if draft.framework_is("dropwizard"):
        arguments = f" server {draft.traits['config_file']}" if "config_file" in draft.traits else " server"
    script = draft.traits.get("start_script")
    if gradle and script and draft.traits.get("gradle_task") == "jar":
        draft.offer("entrypoint", script, manifest)
        draft.offer("start", script + arguments, manifest)
        return
    jar = _jar(draft, tree, gradle=gradle)
    if jar:
        draft.offer("entrypoint", jar, manifest)
        draft.offer("start", f"java -jar {jar}{arguments}", manifest)
    elif "exec_main" in draft.traits or ("plugin.exec-maven-plugin" in draft.traits and code.main):
        main = "" if "exec_main" in draft.traits else f" -Dexec.mainClass={code.main[0] if code.main else ''}"
        command, _ = tool(draft, tree)
        draft.offer(
            "start", f"{command} -B compile exec:java{main}", draft.evidence("plugin.exec-maven-plugin") or manifest
        )


def _jar(draft: Draft, tree: Tree, *, gradle: bool) -> str | None:
    """The archive that `java -jar` runs, or None where the build makes none with a main class."""
    traits = draft.traits
    runs = "executable" in traits or "runnable_jar" in traits
    if not runs and "plugin.micronaut-maven-plugin" not in traits:
        return None
    if gradle:
        return traits.get("jar")
    if traits.get("packed"):
        return f"target/{traits['packed']}" + ("" if traits["packed"].endswith(".jar") else ".jar")
    if traits.get("classifier"):
        return re.sub(r"\.(jar|war)$", rf"-{traits['classifier']}.\1", traits["jar"])
    if traits.get("packaging") == "war":
        return "target/*.war"
    if "plugin.maven-shade-plugin" in traits or traits.get("jar_suffix"):
        return traits.get("jar")
    return "target/*.jar"


def forget(draft: Draft) -> None:
    """Take out the notes of the build files that are nobody's fact."""
    kept = ("jar", "executable", "spring_boot", "main_class", "build_tool", "packaging", "management_port")
    notes = (
        "gradle_task",
        "start_script",
        "packed",
        "runnable_jar",
        "jar_suffix",
        "exec_main",
        "classifier",
        "spring_boot_parent",
        "config_file",
    )
    for name in list(draft.traits):
        if name not in kept and (name.startswith(("plugin.", "check.")) or name in notes):
            del draft.traits[name]
            draft.candidates.pop(name, None)
