"""Java and Kotlin: build files, configuration and code that are too small for an example."""

from __future__ import annotations

import pytest

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.project import read

MAIN = (
    "package a;\n@SpringBootApplication\npublic class App {\n"
    "  public static void main(String[] args) { SpringApplication.run(App.class, args); }\n}\n"
)
BOOT = "org.springframework.boot"
PLUGIN = f"<plugin><groupId>{BOOT}</groupId><artifactId>spring-boot-maven-plugin</artifactId></plugin>"


def project(files: dict[str, str | bytes]) -> Project:
    return read(Repository.of(files))


def only(files: dict[str, str | bytes]) -> Component:
    found = project(files)
    assert len(found.components) == 1, [component.path for component in found.components]
    return found.components[0]


def pom(*dependencies: str, head: str = "", plugins: str = PLUGIN, version: str = "3.5.13") -> str:
    listed = "".join(
        f"<dependency><groupId>{name.split(':')[0]}</groupId><artifactId>{name.split(':')[1]}</artifactId></dependency>\n"
        for name in dependencies
    )
    return (
        f"<project>\n<parent><groupId>{BOOT}</groupId><artifactId>spring-boot-starter-parent</artifactId>"
        f"<version>{version}</version><relativePath/></parent>\n<artifactId>shop</artifactId><version>1.0</version>\n{head}\n"
        f"<dependencies>\n{listed}</dependencies>\n<build><plugins>{plugins}</plugins></build>\n</project>\n"
    )


def spring(
    settings: str, *packages: str, code: str = "", file: str = "application.properties", version: str = "3.5.13"
) -> Component:
    web = (f"{BOOT}:spring-boot-starter-web", *packages)
    files: dict[str, str | bytes] = {
        "pom.xml": pom(*web, version=version),
        "src/main/java/a/App.java": MAIN,
        f"src/main/resources/{file}": settings,
    }
    if code:
        files["src/main/java/a/Api.java"] = code
    return only(files)


def plain(dependency: str, code: str, language: str = "java", **files: str) -> Component:
    return only(
        {
            "settings.gradle": "rootProject.name = 'shop'\n",
            "build.gradle": "plugins {\n  id 'application'\n}\ndependencies {\n"
            + f"  implementation '{dependency}'\n"
            + "}\n"
            "application { mainClass = 'a.App' }\n",
            f"src/main/{language}/a/App.{'kt' if language == 'kotlin' else 'java'}": code,
            **files,
        }
    )


# Spring's configuration


@pytest.mark.parametrize(
    ("settings", "file", "port", "variable"),
    [
        ("server.port=8443\n", "application.properties", 8443, None),
        ("server.port=${PORT:8082}\n", "application.properties", 8082, "PORT"),
        ("server.port=${SERVER_PORT:${PORT:8083}}\n", "application.properties", 8083, "SERVER_PORT"),
        ("web.port=8084\nserver.port=${web.port}\n", "application.properties", 8084, None),
        ("server.port=${PORT}\n", "application.properties", None, "PORT"),
        ("server.port=0\n", "application.properties", None, None),
        ("# server.port=9999\n", "application.properties", 8080, None),
        ("server:\n  port: 8085\n", "application.yaml", 8085, None),
        ("server:\n  port: 8086\n", "config/application.yml", 8086, None),
        ("version: @project.version@\nserver:\n  port: 8087\n", "application.yml", 8087, None),
        ("spring:\n  profiles:\n    active: dev\n---\nspring:\n  config.activate.on-profile: x\nserver:\n  port: 1\n", "application.yml", 8080, None),
    ],
)  # fmt: skip
def test_port_of_springs_configuration(settings: str, file: str, port: int | None, variable: str | None) -> None:
    found = spring(settings, file=file)
    assert (found.port, found.traits.get("port_env")) == (port, variable)


def test_the_active_profile_overrides() -> None:
    files: dict[str, str | bytes] = {
        "pom.xml": pom(f"{BOOT}:spring-boot-starter-web"),
        "src/main/java/a/App.java": MAIN,
        "src/main/resources/application.yml": "spring:\n  profiles:\n    active: dev\nserver:\n  port: 8080\n",
        "src/main/resources/application-dev.yml": "server:\n  port: 8088\n",
        "src/main/resources/application-prod.yml": "server:\n  port: 9999\n",
    }
    found = only(files)
    assert (found.port, found.evidence["port"]) == (8088, "src/main/resources/application-dev.yml:2")


def test_a_test_configuration_is_not_the_applications() -> None:
    files: dict[str, str | bytes] = {
        "pom.xml": pom(f"{BOOT}:spring-boot-starter-web"),
        "src/main/java/a/App.java": MAIN,
        "src/test/resources/application.properties": "server.port=9999\nspring.datasource.url=jdbc:postgresql://x/y\n",
    }
    found = only(files)
    assert (found.port, found.services) == (8080, ())


ACTUATOR = f"{BOOT}:spring-boot-starter-actuator"


@pytest.mark.parametrize(
    ("settings", "health"),
    [
        ("", "/actuator/health"),
        ("server.servlet.context-path=/shop\n", "/shop/actuator/health"),
        ("server.servlet.contextPath=/shop/\n", "/shop/actuator/health"),
        ("management.endpoints.web.base-path=/\n", "/health"),
        ("management.endpoints.web.base-path=/ops\nmanagement.endpoints.web.path-mapping.health=alive\n", "/ops/alive"),
        ("server.servlet.context-path=/shop\nmanagement.server.port=9000\nmanagement.server.base-path=/in\n", "/in/actuator/health"),
        ("management.server.port=-1\n", None),
        ("management.endpoint.health.enabled=false\n", None),
        ("management.endpoints.web.exposure.include=info,metrics\n", None),
        ("management.endpoints.web.exposure.include=*\nmanagement.endpoints.web.exposure.exclude=health\n", None),
    ],
)  # fmt: skip
def test_health_of_the_actuator(settings: str, health: str | None) -> None:
    assert spring(settings, ACTUATOR).health == health


def test_the_first_boots_actuator_is_at_the_root() -> None:
    found = spring("server.context-path=/shop\n", ACTUATOR, version="1.5.22.RELEASE")
    assert (found.health, found.runtime and found.runtime.version) == ("/shop/health", "8")


def test_metrics_only_with_the_registry_and_exposed() -> None:
    registry = "io.micrometer:micrometer-registry-prometheus"
    shown = "management.endpoints.web.exposure.include=health,prometheus\n"
    assert spring(shown, ACTUATOR).metrics is None
    assert spring("", ACTUATOR, registry).metrics is None
    assert spring(shown, ACTUATOR, registry).metrics == "/actuator/prometheus"


@pytest.mark.parametrize(
    ("code", "health"),
    [
        ('@RestController class Api {\n  @GetMapping("/ping")\n  String ping() { return ""; }\n}\n', "/ping"),
        ('@RestController @RequestMapping("/api") class Api {\n  @GetMapping({"/health"}) String h() { return ""; }\n}\n', "/api/health"),
        ('@RestController class Api {\n  static final String H = "/healthz";\n  @GetMapping(H) String h() { return ""; }\n}\n', "/healthz"),
        ('@RestController class Api {\n  @RequestMapping(value = "/health", method = RequestMethod.GET) String h() { return ""; }\n}\n', "/health"),
        ('@RestController class Api {\n  @RequestMapping(value = "/health", method = RequestMethod.POST) String h() { return ""; }\n}\n', None),
        ('@RestController class Api {\n  @PostMapping("/health") String h() { return ""; }\n}\n', None),
        ('@FeignClient("x") interface Api {\n  @GetMapping("/health") String h();\n}\n', None),
        ('class Api {\n  // @GetMapping("/health")\n  String s = "@GetMapping(\\"/health\\")";\n}\n', None),
    ],
)  # fmt: skip
def test_routes_of_spring(code: str, health: str | None) -> None:
    assert spring("", code="package a;\n" + code).health == health


@pytest.mark.parametrize(
    ("settings", "services"),
    [
        ("spring.datasource.url=jdbc:mysql://db/x\n", ("mysql",)),
        ("spring.datasource.url=${URL:jdbc:mariadb://db/x}\n", ("mariadb",)),
        ("spring.r2dbc.url=r2dbc:pool:postgresql://db/x\n", ("postgresql",)),
        ("spring.datasource.url=jdbc:tc:postgresql:16:///x\nspring.data.mongodb.uri=mongodb://db/x\n", ("mongodb",)),
        ("spring.datasource.url=jdbc:h2:mem:x;MODE=PostgreSQL\n", ()),
        ("# spring.datasource.url=jdbc:mysql://db/x\n", ()),
    ],
)  # fmt: skip
def test_services_of_connection_strings(settings: str, services: tuple[str, ...]) -> None:
    assert spring(settings).services == services


def test_a_file_database_is_written() -> None:
    assert spring("spring.datasource.url=jdbc:sqlite:data/shop.db\n").writable == ("data/shop.db",)
    assert spring("spring.datasource.url=jdbc:h2:file:./data/shop\nlogging.file.name=logs/a.log\n").writable == (
        "data",
        "logs",
    )


# What it is


def test_without_a_web_starter_a_listener_makes_a_worker_and_a_runner_a_command() -> None:
    listener = 'package a;\nclass L {\n  @KafkaListener(topics = "x") void on(String x) {}\n}\n'
    runner = "package a;\n@Component class R implements CommandLineRunner {\n  public void run(String... x) {}\n}\n"
    for code, kind in ((listener, "worker"), (runner, "command")):
        files: dict[str, str | bytes] = {
            "pom.xml": pom(f"{BOOT}:spring-boot-starter"), "src/main/java/a/App.java": MAIN, "src/main/java/a/C.java": code,
        }  # fmt: skip
        found = only(files)
        assert (found.kind, found.port) == (kind, None)


def test_a_web_application_that_serves_nothing_is_no_service() -> None:
    assert spring("spring.main.web-application-type=none\n").kind == "worker"


def test_an_executable_war_is_started_like_a_jar() -> None:
    found = only(
        {
            "pom.xml": pom(f"{BOOT}:spring-boot-starter-web", head="<packaging>war</packaging>"),
            "src/main/java/a/App.java": MAIN,
        }
    )
    assert (found.kind, found.start) == ("service", "java -jar target/*.war")


def test_what_makes_no_archive_has_no_start_command() -> None:
    found = only(
        {
            "pom.xml": "<project><artifactId>x</artifactId><version>1</version><dependencies><dependency><groupId>io.javalin</groupId>"
            "<artifactId>javalin</artifactId></dependency></dependencies></project>\n",
            "src/main/java/a/App.java": "package a;\nclass App { public static void main(String[] a) { Javalin.create().start(); } }\n",
        }
    )
    assert (found.framework, found.kind, found.port, found.start) == ("javalin", "service", 8080, None)


# Maven


def test_java_versions_of_maven_in_their_order() -> None:
    for head, version in (
        ("<properties><java.version>21</java.version></properties>", "21"),
        ("<properties><maven.compiler.source>1.8</maven.compiler.source></properties>", "8"),
        (
            "<properties><java.version>11</java.version><maven.compiler.release>17</maven.compiler.release></properties>",
            "17",
        ),
        ("<properties><v>25</v><java.version>${v}</java.version></properties>", "25"),
        ("", "17"),
    ):
        files: dict[str, str | bytes] = {
            "pom.xml": pom(f"{BOOT}:spring-boot-starter-web", head=head),
            "src/main/java/a/App.java": MAIN,
        }
        found = only(files)
        assert found.runtime is not None and found.runtime.version == version, head
    assert found.evidence["runtime"] == "convention: the Java level of spring-boot-starter-parent"


def test_a_profile_counts_where_it_is_active_by_itself() -> None:
    profile = (
        "<profiles><profile><id>{name}</id><activation>{how}</activation><dependencies><dependency><groupId>com.mysql</groupId>"
        "<artifactId>mysql-connector-j</artifactId></dependency></dependencies></profile></profiles>"
    )
    for how, services in (
        ("<activeByDefault>true</activeByDefault>", ("mysql",)),
        ("<file><exists>src/main/java/a/App.java</exists></file>", ("mysql",)),
        ("<file><exists>none</exists></file>", ()),
        ("<property><name>x</name></property>", ()),
    ):
        head = profile.format(name="p", how=how)
        files: dict[str, str | bytes] = {
            "pom.xml": pom(f"{BOOT}:spring-boot-starter-web", head=head),
            "src/main/java/a/App.java": MAIN,
        }
        assert only(files).services == services


def test_the_wrapper_gives_the_command_and_the_version() -> None:
    found = only(
        {
            "pom.xml": pom(f"{BOOT}:spring-boot-starter-web"),
            "mvnw": "#!/bin/sh\n",
            ".mvn/wrapper/maven-wrapper.properties": "distributionUrl=https://mirror.example.org/apache-maven-3.9.11-bin.zip\n",
            "src/main/java/a/App.java": MAIN,
        }
    )
    assert (found.build, found.package_manager_version) == ("./mvnw -B -DskipTests package", "3.9.11")


def test_a_shaded_jar_is_started_by_its_own_name() -> None:
    shade = (
        "<plugin><artifactId>maven-shade-plugin</artifactId><executions><execution><goals><goal>shade</goal></goals><configuration>"
        "<transformers><transformer><mainClass>a.App</mainClass></transformer></transformers></configuration></execution></executions></plugin>"
    )
    found = only(
        {
            "pom.xml": "<project><groupId>a</groupId><artifactId>bot</artifactId><version>1.2</version><build><plugins>"
            + shade
            + "</plugins></build></project>",
            "src/main/java/a/App.java": "package a;\nclass App { public static void main(String[] a) {} }\n",
        }
    )
    assert (found.kind, found.start, found.framework) == ("command", "java -jar target/bot-1.2.jar", None)


def test_a_broken_pom_is_a_problem() -> None:
    found = project({"pom.xml": "<project>\n<a></b>\n</project>", "src/main/java/a/App.java": MAIN})
    assert [(problem.path, problem.line) for problem in found.problems] == [("pom.xml", 2)]


# Gradle


@pytest.mark.parametrize(
    ("lines", "version"),
    [
        ("sourceCompatibility = '17'", "17"),
        ("sourceCompatibility = 1.8", "8"),
        ("sourceCompatibility = JavaVersion.VERSION_11", "11"),
        ("java.sourceCompatibility = JavaVersion.VERSION_21", "21"),
        ("def level = 21\njava { toolchain { languageVersion = JavaLanguageVersion.of(level) } }", "21"),
        ("sourceCompatibility = '17'\njava { toolchain { languageVersion.set(JavaLanguageVersion.of(25)) } }", "25"),
        ("tasks.withType(JavaCompile).configureEach { options.release = 17 }", "17"),
        ("// sourceCompatibility = '8'\nsourceCompatibility = javaLevel", "19"),
    ],
)
def test_java_versions_of_gradle(lines: str, version: str) -> None:
    found = plain(
        "io.javalin:javalin:6.7.0", "package a;\npublic class App { public static void main(String[] a) { } }\n",
        **{"gradle.properties": "javaLevel=19\n"},
    )  # fmt: skip
    assert found.runtime is None
    found = only(
        {
            "build.gradle": "plugins { id 'application' }\n" + lines + "\n",
            "gradle.properties": "javaLevel=19\n",
            "src/main/java/a/App.java": "package a;\npublic class App { public static void main(String[] a) { } }\n",
        }
    )
    assert found.runtime is not None and found.runtime.version == version


def test_the_roots_blocks_reach_only_whom_they_name() -> None:
    found = project(
        {
            "settings.gradle": "include 'api', 'tool'\n",
            "build.gradle": "plugins {\n  id 'org.springframework.boot' version '4.0.8' apply false\n}\n"
            "dependencies {\n  implementation 'redis.clients:jedis:7'\n}\n"
            "subprojects {\n  apply plugin: 'java'\n  dependencies {\n    implementation 'org.postgresql:postgresql:42'\n  }\n}\n"
            "project(':api') {\n  dependencies {\n    implementation 'com.rabbitmq:amqp-client:5'\n  }\n}\n",
            "api/build.gradle": f"plugins {{\n  id '{BOOT}'\n}}\ndependencies {{\n  implementation '{BOOT}:spring-boot-starter-web'\n}}\n",
            "api/src/main/java/a/App.java": MAIN,
            "tool/build.gradle": "",
            "tool/src/main/java/a/Tool.java": "package a;\nclass Tool { public static void main(String[] a) { } }\n",
        }
    )
    api, tool = found.components
    assert (api.path, api.services, api.traits["spring_boot"]) == ("api", ("postgresql", "rabbitmq"), "4.0.8")
    assert (tool.path, tool.services, tool.kind, tool.start) == ("tool", ("postgresql",), "library", None)


def test_the_name_of_the_jar() -> None:
    base = f"plugins {{\n  id '{BOOT}' version '4.0.8'\n}}\ndependencies {{\n  implementation '{BOOT}:spring-boot-starter-web'\n}}\n"
    for settings, lines, jar in (
        ("rootProject.name = 'shop'\n", "version = '2.1'\n", "build/libs/shop-2.1.jar"),
        ("rootProject.name = 'shop'\n", "", "build/libs/shop.jar"),
        ("rootProject.name = 'shop'\n", "bootJar { archiveFileName = 'app.jar' }\n", "build/libs/app.jar"),
        (
            "rootProject.name = 'shop'\n",
            "version = '2.1'\nbase { archivesName = 'store' }\n",
            "build/libs/store-2.1.jar",
        ),
        ("", "version = '2.1'\n", "build/libs/*-2.1.jar"),
    ):
        files: dict[str, str | bytes] = {
            "settings.gradle": settings,
            "build.gradle": base + lines,
            "src/main/java/a/App.java": MAIN,
        }
        assert only(files).entrypoint == jar


def test_an_application_of_modules_alone() -> None:
    found = project(
        {
            "settings.gradle.kts": 'rootProject.name = "flow"\ninclude("cli")\n',
            "build.gradle.kts": 'plugins {\n  application\n}\ndependencies {\n  implementation(project(":cli"))\n  testImplementation(project(":cli"))\n}\n'
            'application { mainClass = "a.App" }\n',
            "cli/build.gradle.kts": 'plugins { `java-library` }\ndependencies { api("io.javalin:javalin:6.7.0") }\n',
            "cli/src/main/java/a/App.java": "package a;\npublic class App { public static void main(String[] a) { Javalin.create().start(7001); } }\n",
        }
    )
    root, cli = found.components
    assert (root.path, root.kind, root.port, root.start) == (".", "service", 7001, "build/install/flow/bin/flow")
    assert (cli.path, cli.kind, root.uses) == ("cli", "library", ("cli",))


def test_the_builds_own_code_is_no_component() -> None:
    found = project(
        {
            "settings.gradle.kts": 'includeBuild("build-logic")\n',
            "build.gradle.kts": f'plugins {{\n  id("conventions")\n  id("{BOOT}") version "4.0.8"\n}}\ndependencies {{ implementation("{BOOT}:spring-boot-starter-web") }}\n',
            "build-logic/build.gradle.kts": "plugins { `kotlin-dsl` }\n",
            "build-logic/src/main/kotlin/conventions.gradle.kts": "kotlin { jvmToolchain(21) }\n",
            "buildSrc/build.gradle.kts": "plugins { `kotlin-dsl` }\n",
            "buildSrc/src/main/kotlin/Versions.kt": 'object Versions { const val X = "1" }\n',
            "src/main/java/a/App.java": MAIN,
        }
    )
    assert [component.path for component in found.components] == ["."]
    assert found.components[0].evidence["runtime"] == "build-logic/src/main/kotlin/conventions.gradle.kts:1"


# Other frameworks


@pytest.mark.parametrize(
    ("dependency", "body", "port", "health"),
    [
        ("io.javalin:javalin:6", 'var app = Javalin.create();\napp.get("/healthz", c -> c.result(""));\napp.start(7010);', 7010, "/healthz"),
        ("io.javalin:javalin:6", 'Javalin.create().get("/x", c -> {}).start(Integer.parseInt(System.getenv().getOrDefault("PORT", "7011")));', 7011, None),
        ("io.javalin:javalin:6", 'Map<String, String> m = new HashMap<>();\nm.get("/health");\nJavalin.create().start();', 8080, None),
        ("com.sparkjava:spark-core:2.9.4", 'get("/ping", (q, s) -> "");', 4567, "/ping"),
        ("com.sparkjava:spark-core:2.9.4", 'port(4570);\nget("/hello", (q, s) -> "");', 4570, None),
        ("io.vertx:vertx-web:5", 'Router router = Router.router(v);\nrouter.get("/health").handler(c -> {});\nv.createHttpServer().listen(8888);', 8888, "/health"),
        ("com.google.guava:guava:33", 'var s = HttpServer.create(new InetSocketAddress("0.0.0.0", 8002), 0);\ns.createContext("/health", e -> {});', 8002, "/health"),
    ],
)  # fmt: skip
def test_servers_that_the_code_starts(dependency: str, body: str, port: int, health: str | None) -> None:
    head = "package a;\nimport com.sun.net.httpserver.HttpServer;\n" if "HttpServer.create(" in body else "package a;\n"
    found = plain(
        dependency, f"{head}public class App {{\n  public static void main(String[] args) {{\n{body}\n  }}\n}}\n"
    )
    assert (found.kind, found.port, found.health) == ("service", port, health)


def test_ktor_reads_its_configuration() -> None:
    code = 'package a\nfun main(args: Array<String>) = EngineMain.main(args)\nfun Application.module() { routing { get("/ready") { } } }\n'
    conf = "ktor {\n  deployment {\n    // port = 9999\n    port = 8090\n    port = ${?PORT}\n  }\n  application.modules = [ a.AppKt.module ]\n}\n"
    yaml = 'ktor:\n  deployment:\n    port: "$PORT:8091"\n'
    found = plain("io.ktor:ktor-server-netty:3.4.3", code, "kotlin", **{"src/main/resources/application.conf": conf})
    assert (found.port, found.traits["port_env"], found.health, found.environment) == (
        8090,
        "PORT",
        "/ready",
        ("PORT",),
    )
    found = plain("io.ktor:ktor-server-netty:3.4.3", code, "kotlin", **{"src/main/resources/application.yaml": yaml})
    assert (found.port, found.required_environment) == (8091, ())


def test_ktors_own_catalog() -> None:
    found = only(
        {
            "settings.gradle.kts": 'rootProject.name = "x"\n',
            "build.gradle.kts": "plugins {\n  alias(ktorLibs.plugins.ktor)\n}\ndependencies {\n  implementation(ktorLibs.server.netty)\n}\n",
            "src/main/kotlin/App.kt": "fun main() { embeddedServer(Netty, 8092) { }.start(wait = true) }\n",
        }
    )
    assert (found.framework, found.port, found.start) == ("ktor", 8092, "java -jar build/libs/x-all.jar")


def test_dropwizard_is_started_with_its_configuration() -> None:
    found = plain(
        "io.dropwizard:dropwizard-core:5.0.0",
        "package a;\npublic class App extends Application<C> { public static void main(String[] a) throws Exception { new App().run(a); } }\n",
        **{
            "config.yml": "server:\n  applicationConnectors:\n    - type: http\n      port: 9010\n  adminConnectors:\n    - type: http\n      port: 9011\n"
        },
    )
    assert (found.port, found.evidence["port"], found.health, found.traits["management_port"]) == (
        9010,
        "config.yml:4",
        "/healthcheck",
        "9011",
    )
    assert found.start == "build/install/shop/bin/shop server config.yml"


def test_quarkus_roots() -> None:
    build = (
        "<project><artifactId>q</artifactId><version>1</version><dependencies>"
        "<dependency><groupId>io.quarkus</groupId><artifactId>quarkus-rest</artifactId></dependency>"
        "<dependency><groupId>io.quarkus</groupId><artifactId>quarkus-smallrye-health</artifactId></dependency>"
        "</dependencies><build><plugins><plugin><artifactId>quarkus-maven-plugin</artifactId></plugin></plugins></build></project>"
    )
    for settings, health, management in (
        ("", "/q/health", None),
        ("quarkus.http.non-application-root-path=/ops\n", "/ops/health", None),
        ("quarkus.smallrye-health.root-path=/alive\n", "/alive", None),
        ("quarkus.management.enabled=true\nquarkus.http.root-path=/x\n", "/q/health", "9000"),
    ):
        found = only(
            {
                "pom.xml": build,
                "src/main/java/a/R.java": "package a;\nclass R {}\n",
                "src/main/resources/application.properties": settings,
            }
        )
        assert (found.health, found.traits.get("management_port")) == (health, management)


# The environment


@pytest.mark.parametrize(
    ("body", "required"),
    [
        ('String x = System.getenv("X");\nnew Client(x);', True),
        ('String x = System.getenv("X");\nif (x == null) { x = "y"; }', False),
        ('use(Objects.requireNonNull(System.getenv("X")));', True),
        ('use(System.getenv().getOrDefault("X", "y"));', False),
        ('use(Optional.ofNullable(System.getenv("X")).orElse("y"));', False),
        ('boolean on = "1".equals(System.getenv("X"));', False),
        ('use(System.getenv("X") != null ? 1 : 2);', False),
        ('use("System.getenv(\\"X\\")");', None),
    ],
)
def test_environment_of_java(body: str, required: bool | None) -> None:
    found = plain(
        "io.javalin:javalin:6",
        f"package a;\npublic class App {{\n  public static void main(String[] args) {{\n{body}\n  }}\n}}\n",
    )
    assert found.environment == (() if required is None else ("X",))
    assert found.required_environment == (("X",) if required else ())


@pytest.mark.parametrize(
    ("body", "required"),
    [
        ('use(System.getenv("X") ?: "y")', False),
        ('use(System.getenv("X") ?: error("no X"))', True),
        ('use(System.getenv("X")!!)', True),
        ('use(System.getenv("X")?.length)', False),
        ('use(System.getenv()["X"])', True),
    ],
)
def test_environment_of_kotlin(body: str, required: bool) -> None:
    found = plain("io.ktor:ktor-server-netty:3", f"package a\nfun main() {{\n  {body}\n}}\n", "kotlin")
    assert (found.environment, found.required_environment) == (("X",), ("X",) if required else ())


def test_a_config_server_of_the_repository_gives_its_clients_their_settings() -> None:
    client = pom(f"{BOOT}:spring-boot-starter-web", "org.springframework.cloud:spring-cloud-starter-config")
    files: dict[str, str | bytes] = {
        "carts/pom.xml": client, "carts/src/main/java/a/App.java": MAIN,
        "carts/src/main/resources/bootstrap.yml": "spring:\n  application:\n    name: carts\n",
        "config/pom.xml": pom("org.springframework.cloud:spring-cloud-config-server"), "config/src/main/java/a/App.java": MAIN,
        "config/src/main/resources/shared/carts.yml": "server:\n  port: 7100\n",
        "config/src/main/resources/application.yml": "server:\n  port: 8888\n",
    }  # fmt: skip
    carts, config = project(files).components
    assert (carts.path, carts.port, carts.evidence["port"]) == (
        "carts",
        7100,
        "config/src/main/resources/shared/carts.yml:2",
    )
    assert (config.path, config.port) == ("config", 8888)
    del files["config/src/main/resources/shared/carts.yml"]
    assert project(files).components[0].evidence["port"].startswith("convention")
    files["docker-compose.yml"] = "services:\n  x:\n    image: example.org/shop:1\n    ports:\n      - '17100:7200'\n"
    assert project(files).components[0].port == 7200


def test_deep_nesting_is_no_crash() -> None:
    deep = "(" * 5_000 + "7010" + ")" * 5_000
    plain(
        "io.javalin:javalin:6",
        f"package a;\npublic class App {{\n  public static void main(String[] a) {{ Javalin.create().start({deep}); }}\n}}\n",
    )
    spring(
        "server.port=" + "${A:" * 3_000 + "1" + "}" * 3_000 + "\n",
        code=f"package a;\n@RestController class R {{ @GetMapping({deep}) void x() {{}} }}\n",
    )
