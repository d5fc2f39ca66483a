"""Java and Kotlin: Maven and Gradle; Spring Boot, Quarkus, Micronaut, Ktor, Javalin, Vert.x, Dropwizard, Helidon."""

from __future__ import annotations

from collections.abc import Iterable

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project import gradle_project, images, jvm_commands, maven, services, tasks, versions
from devops_orchestrator.project.code import jvm_facts
from devops_orchestrator.project.code.jvm import Jvm, imports, is_test
from devops_orchestrator.project.code.jvm_config import Config, read_config, relaxed, served_by_config_server
from devops_orchestrator.project.code.jvm_web import Web
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.ecosystems.ecosystem import Context, Ecosystem, with_manifest
from devops_orchestrator.project.tree import Tree, ancestors

_BOOT = "org.springframework.boot"
# framework → how its packages begin; the first framework that one of them belongs to is it.
_FRAMEWORKS = (
    ("spring-boot", (f"{_BOOT}:spring-boot-starter", f"{_BOOT}:spring-boot")),
    ("quarkus", ("io.quarkus:",)),
    ("micronaut", ("io.micronaut:", "io.micronaut.")),
    ("ktor", ("io.ktor:ktor-server",)),
    ("dropwizard", ("io.dropwizard:dropwizard-core",)),
    ("javalin", ("io.javalin:javalin",)),
    ("helidon", ("io.helidon.webserver", "io.helidon.microprofile")),
    ("http4k", ("org.http4k:http4k-core", "org.http4k:http4k-server")),
    ("spark", ("com.sparkjava:spark-core",)),
    ("vertx", ("io.vertx:vertx-web", "io.vertx:vertx-core")),
)
# Plugins that say the framework by themselves.
_PLUGINS = {
    _BOOT: "spring-boot", "spring-boot-maven-plugin": "spring-boot", "io.quarkus": "quarkus", "quarkus-maven-plugin": "quarkus",
    "io.micronaut.application": "micronaut", "io.micronaut.minimal.application": "micronaut", "micronaut-maven-plugin": "micronaut",
    "io.ktor.plugin": "ktor",
}  # fmt: skip
# Packages that bring a web server to Spring Boot: its own starters, and those of others that depend on one.
_STARTERS = (
    "web",
    "webmvc",
    "webflux",
    "jersey",
    "data-rest",
    "graphql",
    "undertow",
    "jetty",
    "tomcat",
    "hateoas",
    "web-services",
    "webservices",
    "rsocket",
)
_WEB = (
    *(f"{_BOOT}:spring-boot-starter-{name}" for name in _STARTERS),
    "org.springframework.cloud:spring-cloud-starter-gateway", "org.springframework.cloud:spring-cloud-starter-gateway-mvc",
    "org.springframework.cloud:spring-cloud-starter-gateway-server-webflux", "org.springframework.cloud:spring-cloud-starter-gateway-server-webmvc",
    "org.springframework.cloud:spring-cloud-config-server", "org.springframework.cloud:spring-cloud-starter-netflix-eureka-server",
    "org.springframework.cloud:spring-cloud-starter-netflix-zuul", "de.codecentric:spring-boot-admin-starter-server",
    "org.springframework.cloud:spring-cloud-starter-netflix-hystrix-dashboard", "org.springframework.cloud:spring-cloud-starter-netflix-turbine-stream",
    "com.linecorp.armeria:armeria-spring-boot3-starter", "com.linecorp.armeria:armeria-spring-boot3-autoconfigure",
    "com.linecorp.armeria:armeria-spring-boot4-autoconfigure",
)  # fmt: skip
_INFRASTRUCTURE = (
    "org.springframework.cloud:spring-cloud-config-server", "org.springframework.cloud:spring-cloud-starter-netflix-eureka-server",
    "de.codecentric:spring-boot-admin-starter-server", "org.springframework.cloud:spring-cloud-starter-netflix-hystrix-dashboard",
    "org.springframework.cloud:spring-cloud-starter-netflix-turbine-stream",
)  # fmt: skip
_SIDE = lazy(r"(^|[/_-])(tests?|demos?|samples?|examples?|e2e|benchmarks?|mocks?)([/_-]|$)")
_QUARKUS_WEB = lazy(
    r"io\.quarkus:quarkus-(rest|resteasy|vertx-http|reactive-routes|undertow|grpc|websockets|funqy-http|funqy-knative|amazon-lambda-http|smallrye-(health|graphql|openapi)|qute-web|rest-qute|micrometer-registry)|"
    r"io\.quarkiverse\.renarde:|io\.quarkiverse\.web-bundler:"
)
# Libraries that serve without being a framework.
_SERVERS = (
    "org.eclipse.jetty:jetty-server", "org.eclipse.jetty:jetty-servlet", "io.undertow:undertow-core", "io.undertow:undertow-servlet",
    "org.apache.tomcat.embed:tomcat-embed-core", "org.glassfish.jersey.containers:jersey-container-grizzly2-http", "io.grpc:grpc-netty",
    "io.grpc:grpc-netty-shaded", "com.linecorp.armeria:armeria", "io.jooby:jooby", "org.nanohttpd:nanohttpd",
)  # fmt: skip
_LISTENS = (
    "KafkaListener",
    "KafkaListeners",
    "RabbitListener",
    "RabbitHandler",
    "JmsListener",
    "SqsListener",
    "StreamListener",
    "Scheduled",
    "Incoming",
)
_CODE = (".java", ".kt", ".groovy", ".scala")
_ASIDE = lazy(r"(^|/)(src/(main|test|it|e2e)/(java|kotlin|resources)|archetype-resources)(/|$)")


def _finds(tree: Tree) -> list[str]:
    folders = with_manifest(tree, "pom.xml", *gradle_project.FILES)
    return [folder for folder in folders if not _ASIDE.search(folder)]


def _read(draft: Draft, context: Context) -> bool:
    tree = context.tree
    if not _build_file(draft, tree) or gradle_project.is_build_logic(tree, draft.path):
        return False
    members = _members(tree, draft)
    # An application may be put together from modules alone, where the build makes one archive of them.
    theirs = [path for member in members for path in context.own(member.path)]
    own = _language(draft, draft.files)
    if not own and not ("executable" in draft.traits and _language(draft, theirs)):
        return False
    packages = _packages(draft, members)
    services.from_packages(draft, services.JAVA)
    code = Jvm(tree, draft.path, draft.files)
    whole = code.with_modules(theirs) if members else code
    _framework(draft, packages)
    config = _config(tree, draft, whole, code.config_names, packages)
    _runtime(draft, tree)
    _kind(draft, code, whole, config, packages)
    jvm_facts.environment(draft, code, config if not members else read_config(tree, draft.path, draft.files))
    jvm_facts.services(draft, config, packages)
    if draft.kind == "service":
        _serves(draft, context, whole, config, packages)
    if draft.kind in ("service", "worker", "command"):
        if code.main:
            draft.trait("main_class", *code.main)
        jvm_commands.start(draft, tree, code)
        tasks.procfile(draft, tree)
    jvm_commands.offer(draft, tree, code)
    _test_services(draft, code, config)
    tasks.offer(draft, tree, "test", "lint", "build")
    versions.last_resorts(draft, tree, "java")
    if "spring_boot_parent" in draft.traits:
        old = draft.traits["spring_boot_parent"].startswith(("1.", "2."))
        name = "the Java level of spring-boot-starter-parent"
        versions.offer(draft, "java", "8" if old else "17", convention(name))
    jvm_commands.forget(draft)
    # What a system of services is held together with, and what shows or tests it, is not what a person calls it by.
    if any(name in draft.dependencies for name in _INFRASTRUCTURE) or _SIDE.search(draft.path):
        draft.precedence = 1
    return True


def _build_file(draft: Draft, tree: Tree) -> bool:
    pom = tree.first(draft.path, "pom.xml")
    if pom is not None and maven.read_maven(draft, tree, pom):
        return True
    gradle = tree.first(draft.path, *gradle_project.FILES)
    return gradle is not None and gradle_project.read_gradle(draft, tree, gradle)


def _language(draft: Draft, files: Iterable[str]) -> bool:
    """Java, or Kotlin where most of the code is; False where there is none."""
    below = len(draft.path) + 1 if draft.path != "." else 0
    code = [path for path in files if path.endswith(_CODE) and not is_test(path[below:])]
    if not code:
        return False
    kotlin = sum(path.endswith(".kt") for path in code)
    mostly = kotlin > len(code) / 2
    draft.offer("language", "kotlin" if mostly else "java", next(p for p in code if p.endswith(".kt") == mostly))
    return True


def _members(tree: Tree, draft: Draft) -> list[Draft]:
    """The modules of the repository that a component is built from, nearest first."""
    modules = tree.remembered(_modules)
    found: dict[str, Draft] = {}
    pending = list(draft.members.values())
    while pending:
        folder = pending.pop(0)
        if folder in modules and folder not in found and folder != draft.path:
            found[folder] = modules[folder]
            pending += modules[folder].members.values()
    return list(found.values())


def _modules(tree: Tree) -> dict[str, Draft]:
    """Every module of the repository, as far as its build file says what it is: folder → draft."""
    found: dict[str, Draft] = {}
    for folder in _finds(tree):
        draft = Draft(folder, "java")
        if _build_file(draft, tree):
            found[folder] = draft
    return found


def _used(tree: Tree) -> frozenset[str]:
    """The folders of modules that others are built from."""
    return frozenset(folder for draft in tree.remembered(_modules).values() for folder in draft.members.values())


def _packages(draft: Draft, members: list[Draft]) -> dict[str, str]:
    """The packages at run time, of the component and its modules → where each is named."""
    found: dict[str, str] = {}
    for each in (draft, *members):
        for name in each.dependencies:
            if name not in each.dev_dependencies:
                found.setdefault(name, each.place(name))
    return found


def _framework(draft: Draft, packages: dict[str, str]) -> None:
    own = [name for name in draft.dependencies if name not in draft.dev_dependencies]
    for names in (own, list(packages) if "executable" in draft.traits else []):
        for framework, prefixes in _FRAMEWORKS:
            package = next((name for name in names if name.startswith(prefixes)), None)
            if package:
                draft.offer("framework", framework, packages[package])
        for plugin, framework in _PLUGINS.items():
            if f"plugin.{plugin}" in draft.traits:
                draft.offer("framework", framework, draft.evidence(f"plugin.{plugin}") or "")


def _config(tree: Tree, draft: Draft, code: Jvm, names: list[str], packages: dict[str, str]) -> Config:
    config = read_config(tree, draft.path, code.files, names)
    name = config.text("spring.application.name") or draft.name
    if draft.framework_is("spring-boot") or any("spring-cloud" in package for package in packages):
        for key, value, evidence in served_by_config_server(tree, name, draft.path):
            config.settings.setdefault(relaxed(key), (value, evidence))
    return config


def _kind(draft: Draft, code: Jvm, whole: Jvm, config: Config, packages: dict[str, str]) -> None:
    main = code.main
    cloud = next((name for name in packages if name.startswith("org.springframework.cloud:")), None)
    if draft.get("framework") is None:
        place = code.marks.get("SpringBootApplication") or (packages[cloud] if cloud and main else "")
        draft.offer("framework", "spring-boot" if place else None, place)
    framework = draft.get("framework")
    runs = "executable" in draft.traits or "runnable_jar" in draft.traits
    # A module that makes nothing to run, and that others are built from, is a part of those.
    part = not runs and draft.path in code.tree.remembered(_used)
    launcher = draft.traits.get("main_class")
    if part:
        draft.kind = "library"
    elif framework == "spring-boot":
        draft.kind = _kind_of_spring(draft, code, whole, config, packages)
    elif framework == "quarkus":
        draft.kind = _kind_of_quarkus(draft, code, whole, packages)
    elif framework is not None:
        draft.kind = "service" if main or (runs and launcher) else "library"
        if framework == "micronaut" and draft.kind == "service" and _micronaut_command(packages):
            draft.kind = "command"
    elif _serves_plainly(code, packages):
        draft.kind = "service"
    elif main and (runs or "exec_main" in draft.traits or draft.path == "."):
        draft.kind = "command"
    else:
        draft.kind = "service" if draft.traits.get("packaging") == "war" and not main else "library"


def _kind_of_spring(draft: Draft, code: Jvm, whole: Jvm, config: Config, packages: dict[str, str]) -> str:
    boot = "SpringBootApplication" in code.marks or "EnableAutoConfiguration" in code.marks
    # Asking for `main` says whether it starts the framework.
    if not (code.main and (code.starts_framework or "executable" in draft.traits)) and not boot:
        return "library"
    web = next((name for name in _WEB if name in packages), None)
    # Armeria serves beside Spring, which then has no server of its own.
    off = config.text("spring.main.web-application-type") == "none" and "armeria" not in (web or "")
    if (web or config.get("server.port") is not None) and not off:
        return "service"
    once = "CommandLineRunner" in code.marks or "ApplicationRunner" in code.marks
    once = once or any(
        name in packages for name in (f"{_BOOT}:spring-boot-starter-batch", f"{_BOOT}:spring-boot-starter-batch-jdbc")
    )
    return "command" if once and not any(mark in whole.marks for mark in _LISTENS) else "worker"


def _kind_of_quarkus(draft: Draft, code: Jvm, whole: Jvm, packages: dict[str, str]) -> str:
    if "executable" not in draft.traits:
        return "library"
    if any(_QUARKUS_WEB.match(name) for name in packages):
        return "service"
    once = "QuarkusMain" in code.marks and not any(mark in whole.marks for mark in _LISTENS)
    return "command" if once or "io.quarkus:quarkus-picocli" in packages else "worker"


def _micronaut_command(packages: dict[str, str]) -> bool:
    # The server itself may go without a name: the application plugin's `runtime("netty")` brings it.
    serves = any("micronaut-http-server" in name or "micronaut-management" in name for name in packages)
    return not serves and any(name.endswith("picocli") for name in packages)


def _serves_plainly(code: Jvm, packages: dict[str, str]) -> bool:
    """Whether a program without a framework is a server: by a library that it has, or the JDK's own."""
    main = code.main
    if main is None:
        return False
    path = main[1].rpartition(":")[0]
    jdk = any(s.path == path and any(n.startswith("com.sun.net.httpserver") for n in imports(s)) for s in code.sources)
    return jdk or any(name in packages for name in _SERVERS)


def _serves(draft: Draft, context: Context, code: Jvm, config: Config, packages: dict[str, str]) -> None:
    """Port, health and metrics; what the Dockerfile says goes between the code and the framework's default."""
    web = Web(code, draft.get("framework"))
    if draft.framework_is("dropwizard"):
        jvm_facts.dropwizard(draft, context.tree)
    jvm_facts.ports(draft, web, config)
    file = images.dockerfile_of(context.tree, draft.path, alone=len(context.folders) == 1)
    file = file or context.tree.first(draft.path, "src/main/docker/Dockerfile")
    jvm_facts.give(draft, code, web, config, packages)
    images.from_dockerfile(draft, context.tree, file)
    if jvm_facts.kept_elsewhere(packages) and str(draft.evidence("port") or "convention").startswith("convention"):
        jvm_facts.published(draft, context.tree, context.compose_paths)


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


# What a driver's service is configured with, as Quarkus's development services look for it.
_CONNECTIONS = {
    "kafka": ("kafka.bootstrap.servers",), "mongodb": ("quarkus.mongodb.connection-string", "quarkus.mongodb.hosts"),
    "redis": ("quarkus.redis.hosts",), "rabbitmq": ("rabbitmq-host",), "elasticsearch": ("quarkus.elasticsearch.hosts",),
}  # fmt: skip


def _test_services(draft: Draft, code: Jvm, config: Config) -> None:
    """Services that the tests start the application with; an embedded database or containers of their own need none."""
    own = (
        "com.h2database:h2", "io.r2dbc:r2dbc-h2", "org.hsqldb:hsqldb", "org.apache.derby:derby", "io.zonky.test:embedded-database-spring-test",
        "io.quarkus:quarkus-jdbc-h2", "io.quarkus:quarkus-test-h2",
    )  # fmt: skip
    if any("testcontainers" in package for package in draft.dependencies):
        return
    whole, slices = code.test_contexts
    for service, evidence in dict(draft.many("services")).items():
        relational = service in ("postgresql", "mysql", "mariadb")
        if (relational and draft.depends_on(*own)) or (
            service == "mongodb"
            and draft.depends_on(
                "de.flapdoodle.embed:de.flapdoodle.embed.mongo",
                "de.flapdoodle.embed:de.flapdoodle.embed.mongo.spring3x",
            )
        ):
            continue
        if draft.framework_is("quarkus") and not _configured(service, relational, config):
            continue  # Quarkus starts a container for what nobody configures
        if whole or (relational and slices):
            draft.add("test_services", service, whole or slices or evidence)


def _configured(service: str, relational: bool, config: Config) -> bool:
    """Whether the settings of every profile, `%prod.` left out, name the server of a service."""
    keys = (
        ("quarkus.datasource.jdbc.url", "quarkus.datasource.reactive.url")
        if relational
        else _CONNECTIONS.get(service, ())
    )
    for key in keys:
        found = config.get(key)
        if found and not config.of_production(key):
            return True
    return False


ECOSYSTEM = Ecosystem("java", _finds, _read)
