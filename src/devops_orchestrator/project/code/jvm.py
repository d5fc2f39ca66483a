"""Java and Kotlin code, and the application properties of Spring, Quarkus and Micronaut."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from devops_orchestrator.project.code import facts
from devops_orchestrator.project.code.facts import Read, Route, Value, normal
from devops_orchestrator.project.code.syntax import Source, Sources
from devops_orchestrator.project.draft import Draft, convention
from devops_orchestrator.project.services import of_url
from devops_orchestrator.project.tree import Tree

Node = Any
_WORDS = re.compile(
    r"\bmain\(|Mapping|@Path|getenv|embeddedServer|routing|@Controller|@Get\b|SpringApplication|runApplication|@Value"
)
_PLACEHOLDER = re.compile(r"\$\{([A-Z][A-Z0-9_]*)(?::([^}]*(?:\{[^}]*\})?[^}]*))?\}")
_MIGRATIONS = {
    "flyway": ("org.flywaydb:flyway-core", "org.springframework.boot:spring-boot-starter-flyway", "io.quarkus:quarkus-flyway"),
    "liquibase": ("org.liquibase:liquibase-core", "org.springframework.boot:spring-boot-starter-liquibase", "io.quarkus:quarkus-liquibase"),
}  # fmt: skip
_ACTUATOR = "org.springframework.boot:spring-boot-starter-actuator"


class Jvm(Sources):
    """The sources and the configuration of one component."""

    def __init__(self, tree: Tree, folder: str, files: Iterable[str]) -> None:
        files = tuple(files)
        super().__init__(
            tree, files, {".java": "java", ".kt": "kotlin"}, _WORDS, lambda p: "/src/test/" in f"/{p}" or "Test/" in p,
            lambda p: 0 if p.endswith(("Application.java", "Application.kt", "Main.java", "Main.kt", "App.java")) else 1,
        )  # fmt: skip
        self.folder = folder
        self.files = files

    @cached_property
    def main(self) -> tuple[str, str] | None:
        """(the main class, its place), or None."""
        for source in self.sources:
            kinds = ("method_declaration",) if source.language == "java" else ("function_declaration",)
            for node in source.all(*kinds):
                name = node.field("name") or next((c for c in node.children() if c.kind() == "simple_identifier"), None)
                if name is not None and name.text() == "main":
                    package = next(
                        iter(source.all("package_declaration" if source.language == "java" else "package_header")), None
                    )
                    prefix = package.text().removeprefix("package").strip(" ;") + "." if package is not None else ""
                    stem = source.path.rpartition("/")[2].rpartition(".")[0]
                    return prefix + stem + ("Kt" if source.language == "kotlin" else ""), source.at(node)
        return None

    @cached_property
    def settings(self) -> dict[str, tuple[str, str]]:
        """The keys of `application.properties` and `.yml`, without those of profiles → (value, evidence)."""
        found: dict[str, tuple[str, str]] = {}
        for path in self.files:
            name = path.rpartition("/")[2]
            if "/src/main/resources/" not in f"/{path}" or "/src/test/" in f"/{path}":
                continue
            if name == "application.properties" or name == "bootstrap.properties":
                for key, (value, line) in self.tree.properties(path).items():
                    found.setdefault(key, (value, f"{path}:{line}"))
            elif re.fullmatch(r"(application|bootstrap)\.ya?ml", name):
                for document in self.tree.yaml(path):
                    if (
                        document.get("spring", "config", "activate", "on-profile") is None
                        and document.get("spring", "profiles") is None
                    ):
                        for key, value, node in _flat(document, ""):
                            line = node.text.count("\n", 0, node.start) + 1
                            found.setdefault(key, (value, f"{path}:{line}"))
        return found

    @cached_property
    def profiles(self) -> dict[str, tuple[str, str]]:
        """Values of every profile's configuration: for environment variables and connection strings."""
        found = dict(self.settings)
        for path in self.files:
            if re.fullmatch(r"application-[\w-]+\.properties", path.rpartition("/")[2]) and "/src/main/" in f"/{path}":
                for key, (value, line) in self.tree.properties(path).items():
                    found.setdefault(f"{path}:{key}", (value, f"{path}:{line}"))
            elif re.fullmatch(r"application-[\w-]+\.ya?ml", path.rpartition("/")[2]) and "/src/main/" in f"/{path}":
                for document in self.tree.yaml(path):
                    for key, value, node in _flat(document, ""):
                        line = node.text.count("\n", 0, node.start) + 1
                        found.setdefault(f"{path}:{key}", (value, f"{path}:{line}"))
        return found

    def setting(self, *keys: str) -> tuple[str, str] | None:
        """The first of these keys that is set."""
        return next((self.settings[key] for key in keys if key in self.settings), None)

    @cached_property
    def routes(self) -> list[Route]:
        """`@GetMapping("/x")` under the class's `@RequestMapping`; JAX-RS `@Path`."""
        found: list[Route] = []
        for source in self.sources:
            if source.language == "java":
                found += self._java_routes(source)
            else:
                found += self._kotlin_routes(source)
        return found

    def _java_routes(self, source: Source) -> Iterator[Route]:
        for node in source.all("annotation", "marker_annotation"):
            name = node.field("name").text().rpartition(".")[2]
            if name not in ("GetMapping", "RequestMapping", "Path", "Get"):
                continue
            above = node.parent().parent() if node.parent() is not None else None
            if above is None or above.kind() != "method_declaration":
                continue
            prefix = self._class_prefix(above)
            for path in _paths(node.text()) or [""]:
                yield Route(normal(prefix, path), source.at(node))

    def _class_prefix(self, method: Node) -> str:
        above = method.parent()
        while above is not None and above.kind() not in ("class_declaration", "interface_declaration"):
            above = above.parent()
        modifiers = next((c for c in above.children() if c.kind() == "modifiers"), None) if above is not None else None
        for node in modifiers.children() if modifiers is not None else ():
            if re.match(r"@(RequestMapping|Path|Controller)\b", node.text()):
                paths = _paths(node.text())
                return paths[0] if paths else ""
        return ""

    def _kotlin_routes(self, source: Source) -> Iterator[Route]:
        prefix = ""
        for node in source.all("annotation", "class_declaration", "call_expression"):
            text = node.text()
            if node.kind() == "class_declaration":
                found = re.search(r"@(?:RequestMapping|Path|Controller)\s*\(([^)]*)\)", text.split("class")[0])
                prefix = (_paths(found[0]) or [""])[0] if found else ""
            elif node.kind() == "annotation":
                found = re.match(r"@(GetMapping|Get)\b", text)
                if found:
                    for path in _paths(text) or [""]:
                        yield Route(normal(prefix, path), source.at(node))
            else:
                called = re.match(r"get\s*\(\s*\"([^\"]+)\"\s*\)\s*\{", text)
                if called:
                    yield Route(normal(called[1]), source.at(node))

    @cached_property
    def reads(self) -> list[Read]:
        """Variables of placeholders in the configuration, and of `System.getenv`."""
        found: list[Read] = []
        for value, evidence in self.profiles.values():
            own = "application-" not in evidence
            for name, default in _PLACEHOLDER.findall(value):
                required = own and f"${{{name}}}" in value
                found.append(Read(name, evidence, required and not default))
        for source in self.sources:
            for node in source.all("method_invocation" if source.language == "java" else "call_expression"):
                named = re.match(r"System\.getenv\(\s*\"(\w+)\"\s*\)$", node.text())
                if named:
                    found.append(Read(named[1], source.at(node), False))
        return found

    @cached_property
    def ports(self) -> list[tuple[Value, str]]:
        """`server.port` of the configuration; `embeddedServer(…, port = …)` of the code."""
        found: list[tuple[Value, str]] = []
        setting = self.setting("server.port", "quarkus.http.port", "micronaut.server.port", "ktor.deployment.port")
        if setting:
            place = re.fullmatch(r"\$\{([A-Z][A-Z0-9_]*)(?::(\d+))?\}", setting[0].strip())
            number = int(place[2]) if place and place[2] else int(setting[0]) if setting[0].isdigit() else None
            found.append((Value(number, place[1] if place else None), setting[1]))
        for source in self.sources:
            for node in source.all("call_expression") if source.language == "kotlin" else ():
                named = re.match(r"embeddedServer\b.*?\bport\s*=\s*(\d+)", node.text()[:300], re.S)
                if named:
                    found.append((Value(int(named[1])), source.at(node)))
        return found

    @cached_property
    def test_contexts(self) -> tuple[str | None, str | None]:
        """Where the tests start the whole application, and where only its data layer."""
        whole = part = None
        for path in self.tests:
            source = self.source(path, always=True)
            for node in (
                source.all("annotation", "marker_annotation")
                if source and source.language == "java"
                else source.all("annotation")
                if source
                else ()
            ):
                name = re.match(r"@(\w+)", node.text())
                if name and name[1] in ("SpringBootTest", "QuarkusTest", "MicronautTest") and source:
                    whole = whole or source.at(node)
                elif name and name[1] in ("DataJpaTest", "DataJdbcTest", "JdbcTest") and source:
                    part = part or source.at(node)
        return whole, part


def _paths(annotation: str) -> list[str]:
    """The paths of a mapping's annotation: its value, `path` or `value`."""
    inside = annotation.partition("(")[2]
    inside = re.sub(r"\b(produces|consumes|params|headers|name|method)\s*=\s*(\{[^}]*\}|[^,)]+)", "", inside)
    return re.findall(r'"([^"]*)"', inside)


def _flat(node: Any, prefix: str) -> Iterator[tuple[str, str, Any]]:
    for key, value in node.items():
        name = f"{prefix}{key.raw.value}"
        if value.kind == "map":
            yield from _flat(value, name + ".")
        elif value.kind == "list":
            yield name, ",".join(str(child.value) for child in value.children()), key
        else:
            yield name, str(value.raw.value), key


def give(draft: Draft, code: Jvm) -> None:
    """Port, health, metrics, environment and services of the configuration and the code."""
    seen = facts.Seen(ports=code.ports, reads=code.reads)
    context = (
        code.setting("server.servlet.context-path", "spring.webflux.base-path", "quarkus.http.root-path") or ("", "")
    )[0]
    context = "" if context == "/" else context.rstrip("/")
    seen.routes = [Route(normal(context, route.path), route.evidence, route.method) for route in code.routes]
    if draft.framework_is("spring-boot") and draft.depends_on(_ACTUATOR):
        _actuator(draft, code, context)
    elif draft.framework_is("quarkus"):
        for package, fact, path in (
            ("io.quarkus:quarkus-smallrye-health", "health", "/q/health"),
            ("io.quarkus:quarkus-micrometer-registry-prometheus", "metrics", "/q/metrics"),
        ):
            if package in draft.dependencies:
                draft.offer(fact, path, convention(f"Quarkus's default path of {package.partition(':')[2]}"))
        if "io.quarkus:quarkus-micrometer-registry-prometheus" in draft.dependencies:
            draft.trait("micrometer", "true")
    elif draft.framework_is("micronaut") and draft.depends_on("io.micronaut:micronaut-management"):
        draft.offer("health", "/health", convention("Micronaut management's default path"))
    facts.give(draft, seen)
    for value, evidence in code.profiles.values():
        service = of_url(re.sub(r"^jdbc:", "", re.sub(r"\$\{[A-Z_]+:", "", value)))
        if service:
            draft.add("services", service, evidence)
    for tool, packages in _MIGRATIONS.items():
        used = draft.depends_on(*packages)
        if used:
            draft.trait("migrations_at_start", tool, draft.place(used))


def _actuator(draft: Draft, code: Jvm, context: str) -> None:
    base = (code.setting("management.endpoints.web.base-path") or ("/actuator", ""))[0].rstrip("/")
    port = code.setting("management.server.port")
    if port and port[0].isdigit():
        draft.trait("management_port", port[0], port[1])
        context = ""
    draft.offer("health", normal(context, base, "health"), convention("Spring Boot actuator's health endpoint"))
    draft.trait("actuator", normal(context, base), draft.place(_ACTUATOR))
    probes = code.setting("management.endpoint.health.probes.enabled", "management.health.probes.enabled")
    if probes and probes[0].lower() == "true":
        draft.trait("probes", "true", probes[1])
    package = draft.depends_on(
        "io.micrometer:micrometer-registry-prometheus", "io.micrometer:micrometer-registry-prometheus-simpleclient"
    )
    if package:
        draft.offer("metrics_library", "micrometer_spring_boot", draft.place(package))
        exposed = code.setting("management.endpoints.web.exposure.include")
        if exposed and {"*", "prometheus"} & {word.strip() for word in exposed[0].strip("[]\"'").split(",")}:
            draft.offer("metrics", normal(context, base, "prometheus"), exposed[1])
