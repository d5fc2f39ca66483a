"""Java and Kotlin: Maven and Gradle; Spring Boot in layers, Quarkus, and plain jars."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from devops_orchestrator.domains.containers.docker import images
from devops_orchestrator.domains.containers.docker.recipes.recipe import UID, Job, Recipe, exec_form, health_command
from devops_orchestrator.text import Text

# 75 % of the container's memory for the heap leaves room for threads, metaspace and buffers; after an OutOfMemoryError the JVM
# is in an unknown state, so it ends and the platform starts another.
JVM = ("-XX:MaxRAMPercentage=75.0", "-XX:+ExitOnOutOfMemoryError")


@dataclass(frozen=True)
class Build:
    """How the jar is made: the image, what to copy before the sources, the commands, the cache and the result."""

    image: str
    copies: tuple[tuple[str, str], ...]
    dependencies: str
    package: str
    cache: str
    jar: str


def recipe(job: Job) -> Recipe:
    """The Dockerfile of a Java component."""
    jdk = job.base("java", "eclipse-temurin", "jdk-noble", "jdk")
    build = (
        _gradle(job, jdk.image) if job.component.package_manager == "gradle" else _maven(job, jdk.image, jdk.version)
    )
    jre = images.tag("eclipse-temurin", jdk.version, "jre-noble", "jre") or f"{jdk.version}-jre"
    spring = _spring_version(job)
    layered = job.component.framework == "spring-boot" and (spring is None or spring >= (2, 4))
    quarkus = job.component.framework == "quarkus"
    final = job.final(f"eclipse-temurin:{jre}", "java")
    health = health_command(final, job.component.health, job.component.port_of("health") or job.port)
    values: dict[str, Any] = {
        "base": jdk, "build": build, "final": final, "health": health, "layered": layered, "quarkus": quarkus,
        "tools": spring is None or spring >= (3, 3), "uid": UID, "user": job.user(f"{UID}:{UID}"), "command": "", "port_variable": job.port_variable,
        "account": job.account("app"),
    }  # fmt: skip
    values["command"] = exec_form(["java", *JVM, *_launch(values, spring)])
    notes: tuple[Text, ...] = ()
    if job.component.health and not health:
        notes = (
            Text(
                f"The JRE image has no HTTP client, so there is no HEALTHCHECK: let the platform call {job.component.health}.",
                f"L'image JRE n'a pas de client HTTP, donc pas de HEALTHCHECK : laissez la plateforme appeler {job.component.health}.",
            ),
        )
    return Recipe(
        "java.Dockerfile",
        values,
        notes=notes,
        port=job.port,
        ignore=("**/build", "**/.gradle") if job.component.package_manager == "gradle" else ("**/target",),
    )


def _launch(values: dict[str, Any], spring: tuple[int, ...] | None) -> list[str]:
    if values["quarkus"]:
        return ["-jar", "quarkus-run.jar"]
    if values["layered"] and not values["tools"]:
        package = "org.springframework.boot.loader" + (".launch" if spring and spring >= (3, 2) else "")
        return [f"{package}.JarLauncher"]
    return ["-jar", "application.jar"]


def _spring_version(job: Job) -> tuple[int, ...] | None:
    """Spring Boot's version as the build file has it, None where it is not written there."""
    dependencies = job.component.dependencies
    for name, version in dependencies.items():
        if re.search(r"spring-boot-(starter-parent|dependencies|gradle-plugin)$|^org\.springframework\.boot$", name):
            found = images.numbers(version)
            if len(found) >= 2:
                return found[:2]
    said = job.component.traits.get("spring_boot") or job.component.traits.get("framework_version")
    return images.numbers(said)[:2] if said else None


def _maven(job: Job, jdk: str, version: str) -> Build:
    wrapper = job.has("mvnw")
    poms = [p for p in job.below if p.endswith("/pom.xml") and "/src/" not in p]
    copies = [("mvnw pom.xml" if wrapper else "pom.xml", "./")]
    if wrapper:
        copies.append((".mvn", "./.mvn"))
    copies += [(pom, f"./{pom.removesuffix('pom.xml')}") for pom in poms]
    image = jdk
    if not wrapper:
        tag = images.tag(
            "maven", "3.9", f"eclipse-temurin-{version.split('.')[0]}-noble", f"eclipse-temurin-{version.split('.')[0]}"
        )
        image = f"maven:{tag}" if tag else jdk
    command = _executable(job, "mvnw") if wrapper else "mvn"
    only = f" --projects {job.inside} --also-make" if job.inside else ""
    return Build(
        image, tuple(copies), f"{command} --batch-mode{only} dependency:go-offline",
        f"{command} --batch-mode{only} -DskipTests package", "/root/.m2", f"{job.mounted}target",
    )  # fmt: skip


def _gradle(job: Job, jdk: str) -> Build:
    wrapper = job.has("gradlew")
    settings = [
        n
        for n in ("settings.gradle", "settings.gradle.kts", "build.gradle", "build.gradle.kts", "gradle.properties")
        if job.has(n)
    ]
    copies = [(" ".join([*(("gradlew",) if wrapper else ()), *settings]), "./")]
    if wrapper or job.folders("gradle"):
        copies.append(("gradle", "./gradle"))
    copies += [
        (path, f"./{path.rpartition('/')[0]}/")
        for path in job.below
        if re.search(r"/build\.gradle(\.kts)?$", path) and "/src/" not in path
    ]
    command = _executable(job, "gradlew") if wrapper else "gradle"
    image = jdk
    if not wrapper:
        major = images.reference(jdk).version or ""
        tag = images.tag("gradle", "9", f"jdk{major}-noble", f"jdk{major}", "jdk-noble")
        image = f"gradle:{tag}" if tag else jdk
    module = ":" + job.inside.replace("/", ":") + ":" if job.inside else ""
    task = {"spring-boot": "bootJar", "quarkus": "quarkusBuild"}.get(job.component.framework or "", "assemble")
    return Build(
        image, tuple(copies), f"{command} --no-daemon {module}dependencies", f"{command} --no-daemon {module}{task}",
        "/root/.gradle", f"{job.mounted}build/libs" if task != "quarkusBuild" else f"{job.mounted}build",
    )  # fmt: skip


def _executable(job: Job, name: str) -> str:
    """`./mvnw`, or `sh mvnw` where git does not hold it as executable."""
    listed = job.project.repository.git("ls-files", "--stage", "--", job.at(name)) or ""
    return f"sh {name}" if listed.startswith("100644") else f"./{name}"
