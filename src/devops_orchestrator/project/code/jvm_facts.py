"""What a Java component's configuration, code and packages say together: port, health, metrics, environment, services."""

from __future__ import annotations

import re
from collections.abc import Mapping

from devops_orchestrator.project.code import facts
from devops_orchestrator.project.code.facts import Route, Value, normal
from devops_orchestrator.project.code.jvm import Jvm
from devops_orchestrator.project.code.jvm_config import Config
from devops_orchestrator.project.code.jvm_web import Web
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.services import of_url
from devops_orchestrator.project.tree import Tree

Packages = Mapping[str, str]  # package → where it is named; of the component and of the modules that it is built from

ACTUATOR = "org.springframework.boot:spring-boot-starter-actuator"
_PROMETHEUS = ("micrometer-registry-prometheus", "micrometer-registry-prometheus-simpleclient")
_MIGRATIONS = {
    "flyway": (
        "org.flywaydb:flyway-core", "org.springframework.boot:spring-boot-starter-flyway", "io.quarkus:quarkus-flyway",
        "io.micronaut.flyway:micronaut-flyway", "org.flywaydb:flyway-mysql", "org.flywaydb:flyway-database-postgresql",
    ),
    "liquibase": (
        "org.liquibase:liquibase-core", "org.springframework.boot:spring-boot-starter-liquibase", "io.quarkus:quarkus-liquibase",
        "io.micronaut.liquibase:micronaut-liquibase",
    ),
}  # fmt: skip
# The port that a framework listens on where nobody says one.
_PORTS = {
    "spring-boot": ("server.port",),
    "quarkus": ("quarkus.http.port",),
    "micronaut": ("micronaut.server.port",),
    "ktor": ("ktor.deployment.port",),
    "helidon": ("server.port",),
}
_DEFAULTS = {
    "spring-boot": 8080,
    "quarkus": 8080,
    "micronaut": 8080,
    "dropwizard": 8080,
    "javalin": 8080,
    "spark": 4567,
}
# Clients of a server that keeps the configuration: what is not in the repository may be there.
_REMOTE = (
    "org.springframework.cloud:spring-cloud-starter-config", "org.springframework.cloud:spring-cloud-config-client",
    "org.springframework.cloud:spring-cloud-starter-consul-config", "org.springframework.cloud:spring-cloud-starter-zookeeper-config",
    "com.alibaba.cloud:spring-cloud-starter-alibaba-nacos-config", "io.quarkus:quarkus-spring-cloud-config-client",
)  # fmt: skip
# A setting of a driver that names no scheme.
_KINDS = {
    "postgresql": "postgresql", "postgres": "postgresql", "pgsql": "postgresql", "pg": "postgresql", "mysql": "mysql", "mariadb": "mariadb",
}  # fmt: skip


def kept_elsewhere(packages: Packages) -> bool:
    """Whether a server outside of the application keeps its configuration, which may say more than the repository."""
    return any(name in packages for name in _REMOTE)


def ports(draft: Draft, web: Web, config: Config) -> None:
    """The port: of the configuration, then of the code, then the framework's default unless it was told to take any."""
    framework = draft.get("framework") or ""
    found: list[tuple[Value, str]] = []
    setting = config.get(*_PORTS.get(framework, ("server.port",)))
    if setting:
        found.append((config.resolve(setting[0]), setting[1]))
    for value, evidence in web.ports:
        key = ".".join(str(value.constant).split(".")[-2:])
        said = config.get(key) if value.port is None and re.fullmatch(r"\w+\.\w+", key) else None
        found.append((config.resolve(said[0]), said[1]) if said else (value, evidence))
    for value, evidence in found:
        if value.port is not None:
            draft.offer("port", value.port, evidence)
    draft.trait("port_env", next((value.variable for value, _ in found if value.variable), None))
    # A port that is taken at random or comes from a variable alone is no reason for a default.
    if not found and framework in _DEFAULTS:
        draft.offer("port", _DEFAULTS[framework], convention(f"{framework}'s default port"))


def give(draft: Draft, code: Jvm, web: Web, config: Config, packages: Packages) -> None:
    """Health, metrics and readiness of a service."""
    framework = draft.get("framework")
    root = _root(framework, config)
    jaxrs = _application_path(code, config) if framework in ("quarkus", "helidon", "dropwizard", None) else ""
    routes = [Route(normal(root, jaxrs, route.path), route.evidence, route.method) for route in web.routes]
    if framework == "spring-boot" and ACTUATOR in packages:
        _actuator(draft, config, root, packages)
    elif framework == "quarkus":
        _quarkus(draft, config, root, packages)
    elif framework == "micronaut" and "io.micronaut:micronaut-management" in packages:
        _micronaut(draft, config, root, packages)
    elif framework == "helidon":
        _helidon(draft, packages)
    facts.give_health(draft, routes)
    for route in web.metrics:
        draft.offer("metrics", normal(root, jaxrs, route.path), route.evidence)


def environment(draft: Draft, code: Jvm, config: Config) -> None:
    """Environment variables of the configuration and of the code."""
    seen = facts.Seen(reads=[*config.reads(), *code.reads])
    facts.give(draft, seen)


def services(draft: Draft, config: Config, packages: Packages) -> None:
    """Services of connection strings, what a file database writes, and the tool that migrates when it starts."""
    for key, value, evidence in config.values():
        plain = re.sub(r"^\s*[\"']?\$\{[\w.]+:", "", value)
        service = of_url(
            re.sub(
                r"^(jdbc:|r2dbc:(pool:)?)+", "", re.sub(r"^jdbc:(p6spy|log4jdbc|tc|aws-wrapper|otel):", "jdbc:", plain)
            )
        )
        if service is None and key.rpartition(".")[2] in ("db-kind", "db_kind", "dialect", "platform"):
            service = _KINDS.get(value.strip().lower())
        if service and "h2" not in value.lower().split(":")[:2]:
            draft.add("services", service, evidence)
    for value, evidence in config.settings.values():
        file = re.search(r"jdbc:(?:h2:(?:file:)?|sqlite:|hsqldb:file:)((?:\./)?[\w][\w./-]*)", value)
        if (
            file
            and not file[1].startswith(("mem", "tcp", "~", "ssl"))
            and not re.search(r"h2:(mem|tcp|ssl|zip):", value)
        ):
            path = file[1].removeprefix("./")
            draft.add("writable", path if "sqlite" in value else path.rpartition("/")[0] or ".", evidence)
    log = config.get("logging.file.name", "logging.file", "logging.file.path", "quarkus.log.file.path")
    if log and not log[0].startswith(("/", "$", "~")) and log[0] not in ("true", "false"):
        draft.add("writable", log[0].removeprefix("./").rpartition("/")[0] or log[0], log[1])
    for tool, names in _MIGRATIONS.items():
        used = next((name for name in names if name in packages), None)
        off = config.text(f"spring.{tool}.enabled")
        if used and off != "false":
            draft.trait("migrations_at_start", tool, packages[used])


def _root(framework: str | None, config: Config) -> str:
    """The path before every route of the server."""
    keys = {
        "spring-boot": ("server.servlet.context-path", "server.context-path", "spring.webflux.base-path"),
        "quarkus": ("quarkus.http.root-path",),
        "micronaut": ("micronaut.server.context-path",),
        "ktor": ("ktor.deployment.rootPath",),
        "dropwizard": ("server.applicationContextPath",),
    }.get(framework or "", ())
    found = config.text(*keys) if keys else ""
    if framework == "spring-boot" and config.text("spring.mvc.servlet.path", default="/") != "/":
        found = normal(found, config.text("spring.mvc.servlet.path"))
    return "" if found in ("", "/") else normal(found).rstrip("/")


def _application_path(code: Jvm, config: Config) -> str:
    """The path of a JAX-RS application: Quarkus's setting, or `@ApplicationPath`."""
    from devops_orchestrator.project.code.jvm import annotated

    said = config.text("quarkus.rest.path", "quarkus.resteasy-reactive.path", "quarkus.resteasy.path")
    if said:
        return said
    for source in code.sources:
        for name, node in annotated(source):
            found = re.search(r'"([^"]*)"', node.text()) if name == "ApplicationPath" else None
            if found:
                return "" if found[1] == "/" else found[1].rstrip("*/")
        # Jersey in a servlet container that the code starts itself.
        for node in source.all("method_invocation" if source.language == "java" else "call_expression"):
            mounted = re.search(r'\baddServlet\(.*\bServletContainer\b.*"(/[^"]*)"\s*\)$', node.text(), re.S)
            if mounted and len(node.text()) < 300:
                return mounted[1].rstrip("*/")
    return ""


def _actuator(draft: Draft, config: Config, root: str, packages: Packages) -> None:
    old = (draft.traits.get("spring_boot") or "").startswith("1.")
    base = config.text(
        "management.endpoints.web.base-path", "management.context-path", default="" if old else "/actuator"
    )
    port = config.get("management.server.port", "management.port")
    if port:
        value = config.resolve(port[0])
        if value.constant == "-1":
            return
        own = config.get("server.port")
        if (
            value.port is not None
            and (own is None or config.resolve(own[0]).port != value.port)
            and value.port != draft.get("port")
        ):
            draft.trait("management_port", value.port, port[1])
            root = config.text("management.server.base-path", "management.server.servlet.context-path")
    place = packages[ACTUATOR]
    name = config.text("management.endpoints.web.path-mapping.health", default="health")
    off = (
        config.text("management.endpoint.health.enabled") == "false"
        or config.text("management.endpoint.health.access") == "none"
        or (
            config.text("management.endpoints.enabled-by-default") == "false"
            and config.text("management.endpoint.health.enabled") != "true"
        )
    )
    exposed = _words(config.text("management.endpoints.web.exposure.include"))
    hidden = _words(config.text("management.endpoints.web.exposure.exclude"))
    shown = (not exposed or exposed & {"*", "health"}) and not hidden & {"*", "health"}
    if shown and not off:
        draft.offer("health", normal(root, base, name), convention("Spring Boot actuator's health endpoint"))
        probes = config.get("management.endpoint.health.probes.enabled", "management.health.probes.enabled")
        if probes and config.resolve(probes[0]).constant == "true":
            draft.trait("probes", "true", probes[1])
    draft.trait("actuator", normal(root, base), place)
    package = next(
        (name for name in packages if name.startswith("io.micrometer:") and name.partition(":")[2] in _PROMETHEUS), None
    )
    if package:
        draft.offer("metrics_library", "micrometer_spring_boot", packages[package])
        setting = config.get("management.endpoints.web.exposure.include")
        served = exposed & {"*", "prometheus"} and not hidden & {"*", "prometheus"}
        if served and setting and config.text("management.endpoint.prometheus.enabled") != "false":
            path = config.text("management.endpoints.web.path-mapping.prometheus", default="prometheus")
            draft.offer("metrics", normal(root, base, path), setting[1])


def _words(text: str) -> set[str]:
    return {word.strip(" []\"'") for word in text.split(",") if word.strip(" []\"'")}


def _quarkus(draft: Draft, config: Config, root: str, packages: Packages) -> None:
    above = config.text("quarkus.http.non-application-root-path", default="q")
    base = above if above.startswith("/") else normal(root, above)
    if config.text("quarkus.management.enabled") == "true":
        port = config.get("quarkus.management.port")
        value = config.resolve(port[0]).port if port else None
        draft.trait("management_port", value or 9000, port[1] if port else "")
        base = config.text("quarkus.management.root-path", default="/q")

    def path(setting: str, default: str) -> str:
        said = config.text(setting, default=default)
        return said if said.startswith("/") else normal(base, said)

    health = "io.quarkus:quarkus-smallrye-health"
    if health in packages:
        draft.offer(
            "health",
            path("quarkus.smallrye-health.root-path", "health"),
            convention("Quarkus's default path of quarkus-smallrye-health"),
        )
    for package, setting in (
        ("io.quarkus:quarkus-micrometer-registry-prometheus", "quarkus.micrometer.export.prometheus.path"),
        (
            "io.quarkiverse.micrometer.registry:quarkus-micrometer-registry-prometheus",
            "quarkus.micrometer.export.prometheus.path",
        ),
        ("io.quarkus:quarkus-smallrye-metrics", "quarkus.smallrye-metrics.path"),
    ):
        if package in packages:
            name = package.rpartition(":")[2]
            draft.offer("metrics", path(setting, "metrics"), convention(f"Quarkus's default path of {name}"))
            draft.trait("micrometer", "true" if "micrometer" in name else None)


def _micronaut(draft: Draft, config: Config, root: str, packages: Packages) -> None:
    base = config.text("endpoints.all.path", default="/")
    port = config.get("endpoints.all.port")
    if port:
        value = config.resolve(port[0]).port
        if value and value != draft.get("port"):
            draft.trait("management_port", value, port[1])
    if config.text("endpoints.health.enabled") != "false" and config.text("endpoints.all.enabled") != "false":
        draft.offer("health", normal(root, base, "health"), convention("Micronaut management's default path"))
    name = next((p for p in packages if p.endswith(":micronaut-micrometer-registry-prometheus")), None)
    if (
        name
        and config.text("endpoints.prometheus.enabled") != "false"
        and config.text("micronaut.metrics.enabled") != "false"
    ):
        draft.offer("metrics", normal(root, base, "prometheus"), convention("Micronaut Micrometer's default path"))


def _helidon(draft: Draft, packages: Packages) -> None:
    served = (
        (("io.helidon.webserver.observe:helidon-webserver-observe-health",), "/observe/health", "health"),
        (("io.helidon.webserver.observe:helidon-webserver-observe-metrics",), "/observe/metrics", "metrics"),
        (("io.helidon.microprofile.bundles:helidon-microprofile", "io.helidon.microprofile.health:helidon-microprofile-health"), "/health", "health"),
        (("io.helidon.microprofile.bundles:helidon-microprofile", "io.helidon.microprofile.metrics:helidon-microprofile-metrics"), "/metrics", "metrics"),
    )  # fmt: skip
    for names, path, fact in served:
        name = next((name for name in names if name in packages), None)
        if name:
            draft.offer(fact, path, convention(f"Helidon's default path of {name.partition(':')[2]}"))


def dropwizard(draft: Draft, tree: Tree) -> None:
    """The YAML that a Dropwizard application is started with: its ports, and its health check on the administration's."""
    from devops_orchestrator.project.code.jvm_config import flat

    names = [path for path in tree.below(draft.path) if path.endswith((".yml", ".yaml")) and "/test/" not in f"/{path}"]
    for path in sorted(names, key=lambda p: (p.count("/"), p)):
        text = tree.text(path) or ""
        if "applicationConnectors" not in text and "connector:" not in text and "adminConnectors" not in text:
            continue
        for document in tree.yaml(path):
            server = document.get("server")
            if server is None:
                continue
            for name, fact in (("applicationConnectors", "port"), ("adminConnectors", "management_port")):
                connectors = server.get(name)
                first = next(connectors.children(), None) if connectors is not None else None
                port = first.get("port") if first is not None else None
                if port is not None:
                    _offer(draft, fact, str(port.value), f"{path}:{port.text.count(chr(10), 0, port.start) + 1}")
            for key, value, node in flat(server, ""):
                if key == "connector.port":
                    _offer(draft, "port", value, f"{path}:{node.text.count(chr(10), 0, node.start) + 1}")
            simple = str(server.at("type", default="")) == "simple"
            admin = str(server.at("adminContextPath", default="/admin")) if simple else ""
            draft.offer("health", normal(admin, "healthcheck"), convention("Dropwizard's health check"))
            if not simple:
                draft.trait("management_port", 8081)
            inside = path.removeprefix(draft.path + "/") if draft.path != "." else path
            draft.trait("config_file", inside, path)
            return
    draft.offer("health", "/healthcheck", convention("Dropwizard's health check"))
    draft.trait("management_port", 8081)


def _offer(draft: Draft, fact: str, text: str, evidence: str) -> None:
    value = Config().resolve(text)
    if value.variable and fact == "port":
        draft.trait("port_env", value.variable)
    if value.port is not None and fact == "port":
        draft.offer("port", value.port, evidence)
    elif value.port is not None:
        draft.trait(fact, value.port, evidence)


def published(draft: Draft, tree: Tree, paths: list[str]) -> None:
    """The port inside the container that compose publishes of an image or a service with this component's name."""
    for path in sorted(paths, key=lambda p: (p.count("/"), len(p), p)):
        for document in tree.yaml(path):
            services = document.get("services")
            for key, service in services.items() if services is not None else ():
                image = str(service.at("image", default="")).partition(":")[0].rpartition("/")[2]
                if draft.name not in (image, str(key.value)):
                    continue
                ports = service.get("ports")
                for port in ports.children() if ports is not None else ():
                    found = re.fullmatch(r"(?:[\d.]+:)?(?:\d+:)?(\d+)(?:/tcp)?", port.scalar)
                    if found:
                        draft.prefer("port", int(found[1]), f"{path}:{port.text.count(chr(10), 0, port.start) + 1}")
                        return
