"""Java and Kotlin: Maven and Gradle; Spring Boot, Quarkus, Micronaut, Ktor."""

from __future__ import annotations

from devops_orchestrator.project import images, maven, services, tasks, versions
from devops_orchestrator.project.code import jvm
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.gradle_project import read_gradle
from devops_orchestrator.project.tree import Tree, ancestors, join

_SPRING = "org.springframework.boot:"
_FRAMEWORKS = (
    ("spring-boot", (_SPRING + "spring-boot-starter", _SPRING + "spring-boot")),
    ("quarkus", ("io.quarkus:",)),
    ("micronaut", ("io.micronaut:", "io.micronaut.")),
    ("ktor", ("io.ktor:ktor-server",)),
    ("dropwizard", ("io.dropwizard:dropwizard-core",)),
    ("javalin", ("io.javalin:javalin",)),
    ("helidon", ("io.helidon",)),
    ("vertx", ("io.vertx:vertx-web", "io.vertx:vertx-core")),
)
_WEB = (
    "web",
    "webmvc",
    "webflux",
    "jersey",
    "data-rest",
    "graphql",
    "restclient-server",
    "undertow",
    "jetty",
    "hateoas",
    "web-services",
    "webservices",
)


def _finds(tree: Tree) -> list[str]:
    return with_manifest(tree, "pom.xml", "build.gradle", "build.gradle.kts")


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    gradle = tree.first(draft.path, "build.gradle.kts", "build.gradle")
    pom = tree.first(draft.path, "pom.xml")
    found = (pom is not None and maven.read_maven(draft, tree, pom)) or (
        gradle is not None and read_gradle(draft, tree, gradle)
    )
    if not found:
        return False
    code = [
        path
        for path in draft.files
        if path.endswith((".java", ".kt", ".groovy", ".scala")) and "/src/main/" in f"/{path}"
    ]
    if not code:
        return False
    kotlin = sum(path.endswith(".kt") for path in code)
    draft.offer(
        "language",
        "kotlin" if kotlin > len(code) / 2 else "java",
        next(path for path in code if path.endswith(".kt") or kotlin <= len(code) / 2),
    )
    services.from_packages(draft, services.JAVA)
    _framework(draft)
    _runtime(draft, tree)
    _commands(draft, tree)
    seen = jvm.Jvm(tree, draft.path, draft.files)
    jvm.give(draft, seen)
    _kind(draft, seen)
    if draft.kind == "service":
        images.from_dockerfile(draft, tree, images.dockerfile_of(tree, draft.path, alone=len(context.folders) == 1))
        if draft.framework_is("spring-boot", "quarkus", "micronaut", "ktor", "dropwizard", "javalin"):
            draft.offer("port", 8080, convention(f"{draft.get('framework')}'s default port"))
    _checks(draft, tree, seen)
    tasks.offer(draft, tree, "test", "lint", "build")
    versions.last_resorts(draft, tree, "java")
    return True


def _framework(draft: Draft) -> None:
    for name, prefixes in _FRAMEWORKS:
        package = next(
            (p for p in draft.dependencies if p.startswith(prefixes) and p not in draft.dev_dependencies), None
        )
        if package:
            draft.offer("framework", name, draft.place(package))


def _kind(draft: Draft, code: jvm.Jvm) -> None:
    framework = draft.get("framework")
    main = code.main
    if framework == "spring-boot":
        web = any(draft.depends_on(f"{_SPRING}spring-boot-starter-{name}") for name in _WEB)
        draft.kind = "service" if web and (main or draft.traits.get("executable")) else "worker" if main else "library"
    elif framework in ("quarkus", "micronaut", "ktor", "dropwizard", "javalin", "helidon", "vertx"):
        draft.kind = "service"
    else:
        draft.kind = "command" if main else "library"
    if draft.kind in ("service", "worker", "command"):
        _start(draft, framework)
        if main:
            draft.trait("main_class", main[0], main[1])


def _start(draft: Draft, framework: str | None) -> None:
    if framework == "quarkus":
        folder = "target" if draft.get("package_manager") == "maven" else "build"
        draft.offer("start", f"java -jar {folder}/quarkus-app/quarkus-run.jar", convention("Quarkus's fast-jar"))
        draft.offer("entrypoint", f"{folder}/quarkus-app/quarkus-run.jar", convention("Quarkus's fast-jar"))
        return
    jar = draft.traits.get("jar")
    if draft.get("package_manager") == "maven":
        draft.offer("entrypoint", "target/*.jar", draft.get("manifest"))
        draft.offer("start", "java -jar target/*.jar", draft.get("manifest"))
    else:
        draft.offer("entrypoint", jar or "build/libs/*.jar", draft.get("manifest"))
        draft.offer("start", f"java -jar {jar or 'build/libs/*.jar'}", draft.get("manifest"))


def _runtime(draft: Draft, tree: Tree) -> None:
    for version, evidence in draft.languages():
        versions.offer(draft, "java", version, evidence)
    versions.pin_files(draft, tree, "java", ".java-version")
    for folder in ancestors(draft.path):
        path = tree.first(folder, ".sdkmanrc", "system.properties")
        for key, (value, line) in tree.properties(path).items():
            if key in ("java", "java.runtime.version"):
                versions.offer(draft, "java", versions.plain(value), f"{path}:{line}")
    versions.tool_files(draft, tree, "java")


def _tool(draft: Draft, tree: Tree) -> tuple[str, str]:
    """(the command, its evidence): the wrapper of the component or of the build above it, else the program."""
    manager = draft.get("package_manager")
    wrapper, program = ("mvnw", "mvn") if manager == "maven" else ("gradlew", "gradle")
    for depth, folder in enumerate(ancestors(draft.path)):
        if tree.has(folder, wrapper):
            return ("./" if depth == 0 else "../" * depth) + wrapper, join(folder, wrapper)
    return program, str(draft.get("manifest"))


def _commands(draft: Draft, tree: Tree) -> None:
    tool, evidence = _tool(draft, tree)
    if draft.get("package_manager") == "maven":
        draft.offer("build", f"{tool} -B -DskipTests package", evidence)
        draft.trait("build_tool", tool)
    else:
        task = "bootJar" if draft.framework_is("spring-boot") and draft.traits.get("executable") else "assemble"
        draft.offer("build", f"{tool} {task}", evidence)
        draft.trait("build_tool", tool)


def _checks(draft: Draft, tree: Tree, code: jvm.Jvm) -> None:
    tool, _ = _tool(draft, tree)
    if code.tests:
        draft.offer(
            "test", f"{tool} -B verify" if draft.get("package_manager") == "maven" else f"{tool} test", code.tests[0]
        )
        _test_services(draft, code)
    for name, maven_goal, gradle_task in (
        ("validate", "validate", ""),
        ("spotless", "spotless:check", "spotlessCheck"), ("checkstyle", "checkstyle:check", "checkstyleMain"), ("ktlint", "ktlint:check", "ktlintCheck"),
        ("detekt", "detekt:check", "detekt"), ("spring-javaformat", "spring-javaformat:validate", "checkFormat"), ("pmd", "pmd:check", "pmdMain"),
    ):  # fmt: skip
        place = draft.traits.get(f"plugin.{name}")
        if place:
            goal = maven_goal if draft.get("package_manager") == "maven" else gradle_task
            draft.offer("lint", f"{tool} -B {goal}" if tool.endswith(("mvnw", "mvn")) else f"{tool} {goal}", place)
    for name in [trait for trait in draft.traits if trait.startswith("plugin.")]:
        del draft.traits[name]


def _test_services(draft: Draft, code: jvm.Jvm) -> None:
    """Services that the tests start the application with; an embedded database or containers of their own need none."""
    own = (
        "com.h2database:h2",
        "org.hsqldb:hsqldb",
        "org.apache.derby:derby",
        "io.zonky.test:embedded-database-spring-test",
    )
    if any("testcontainers" in package for package in draft.dependencies):
        return
    whole, slices = code.test_contexts
    for service, evidence in dict(draft.many("services")).items():
        relational = service in ("postgresql", "mysql", "mariadb")
        if (relational and draft.depends_on(*own)) or (
            service == "mongodb" and draft.depends_on("de.flapdoodle.embed:de.flapdoodle.embed.mongo")
        ):
            continue
        if whole or (relational and slices):
            draft.add("test_services", service, whole or slices or evidence)


ECOSYSTEM = Ecosystem("java", _finds, _read)
