"""Java and Kotlin code as it is asked: the main class, annotations, constants, environment variables, tests."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Read, Value
from devops_orchestrator.project.code.syntax import Source, Sources, children
from devops_orchestrator.project.tree import Tree

Node = Any
# A file without any of these says nothing that is asked for. Plain texts: over thousands of files a pattern is slow.
_WORDS = (
    "main(", "Mapping", "@Path", "@GET", "@Get", "getenv", "@Value", "@ConfigProperty", "@Scheduled", "Listener", "@Incoming", "LineRunner",
    "ApplicationRunner", "otenv", "embeddedServer", "connector {", "Route.", "route(", "routing", "outer", "Javalin", 'get("/', "GET(", " bind ",
    ".listen(", "etPort(", "port(", "forPort(", "InetSocketAddress", "ApplicationPath", "const val", "static final String", "static final int",
    ".scrape(", "SpringBootApplication", "QuarkusMain", "spring.config.name", "ServletContainer",
)  # fmt: skip
_ANYTHING = lazy("")
_FIRST = lazy(r"(Application|Main|App|Launcher|Server|Verticle|Bootstrap)\.(java|kt)$")
_SECOND = lazy(r"(Health|Ping|Status|Metrics|Liveness|Readiness|Rout(e|ing|er)|Plugins?)\w*\.(java|kt)$")
_TESTS = lazy(r"(^|/)(src/)?([a-z]\w*Test|[iI]ntegration-?test|test\w*|it|jmh|benchmarks?)/")
_TESTED = lazy(r"(^|/)(Test\w+|\w+(Test|Tests|TestCase|IT|Spec))\.(java|kt|groovy|scala)$")


def _parsed(tree: Tree) -> dict[str, Source | None]:
    """What is parsed of a repository: a module's code is asked by each component that it is built into."""
    return {}


def is_test(path: str) -> bool:
    """Whether a source belongs to tests: its folder (`src/test`, `src/integrationTest`, `test`) or its name says so."""
    inside = path.partition("/main/")[0] if "/main/" in path else path
    return bool(_TESTS.search(inside)) or bool(_TESTED.search(path) and "/main/" not in path)


class Jvm(Sources):
    """The sources of one component, or of it and the modules that it is built from."""

    def __init__(self, tree: Tree, folder: str, files: Iterable[str]) -> None:
        files = tuple(path for path in files if not path.startswith(".") and "/." not in path)
        # Where modules stand in a folder named like a test, their own `src/main` decides.
        below = len(folder) + 1 if folder != "." else 0
        super().__init__(
            tree, files, {".java": "java", ".kt": "kotlin"}, _ANYTHING,
            lambda p: is_test(p[below:] if p.startswith(folder + "/") else p),
            lambda p: 0 if _FIRST.search(p) else 1 if _SECOND.search(p) else 2,
        )  # fmt: skip
        self._sources = tree.remembered(_parsed)
        self.folder = folder
        self.files = files
        self.starts_framework = False  # whether `main`, once asked for, starts a framework

    def source(self, path: str, *, always: bool = False) -> Source | None:
        if path not in self._sources and not always:
            text = self.tree.text(path)
            if text is None or not any(word in text for word in _WORDS):
                self._sources[path] = None
        return super().source(path, always=always)

    def with_modules(self, files: Iterable[str]) -> Jvm:
        """This component's code and that of the modules that it is built from."""
        return Jvm(self.tree, self.folder, [*self.files, *files])

    @cached_property
    def main(self) -> tuple[str, str] | None:
        """(the main class, its place), or None. A class that starts the framework goes before one that does not."""
        found: list[tuple[bool, str, str]] = []
        for source in self.sources:
            for node in source.all("method_declaration" if source.language == "java" else "function_declaration"):
                if name_of(node) == "main" and _starts(node, source):
                    framework = bool(
                        re.search(
                            r"\w+Application\b.*\brun\b|runApplication|EngineMain|Micronaut|Quarkus\.run|embeddedServer",
                            node.text(),
                            re.S,
                        )
                    )
                    found.append((not framework, _class_of(node, source), source.at(node)))
        found.sort(key=lambda entry: entry[0])
        self.starts_framework = bool(found) and not found[0][0]
        return found[0][1:] if found else None

    @cached_property
    def marks(self) -> dict[str, str]:
        """Annotations and types that say what the code does (`Scheduled`, `KafkaListener`…) → the first place."""
        wanted = {
            "Scheduled", "KafkaListener", "KafkaListeners", "RabbitListener", "RabbitHandler", "JmsListener", "SqsListener", "StreamListener",
            "Incoming", "RedisListener", "RestController", "Controller", "Path", "SpringBootApplication", "EnableAutoConfiguration", "QuarkusMain", "CommandLineRunner",
            "ApplicationRunner", "EnableEurekaServer", "EnableConfigServer", "EnableAdminServer", "MessageMapping", "GrpcService",
        }  # fmt: skip
        found: dict[str, str] = {}
        for source in self.sources:
            for name, node in annotated(source):
                if name in wanted:
                    found.setdefault(name, source.at(node))
            for node in source.all("type_identifier"):
                if node.text() in ("CommandLineRunner", "ApplicationRunner"):
                    found.setdefault(node.text(), source.at(node))
        return found

    @cached_property
    def config_names(self) -> list[str]:
        """Names other than `application` that the code gives to Spring's configuration (`spring.config.name`)."""
        names = {
            path.rpartition("/")[2].rpartition(".")[0]
            for path in self.files
            if path.endswith((".yml", ".yaml", ".properties"))
        }
        found: list[str] = []
        for source in self.sources:
            literals = (
                [node.text().strip('"') for node in source.all("string_literal")]
                if "spring.config.name" in source.text
                else []
            )
            if any("spring.config.name" in text for text in literals):
                found += [word for text in literals for word in re.split(r"[=,]", text) if word in names]
        return list(dict.fromkeys(found))

    @cached_property
    def constants(self) -> dict[str, str]:
        """String constants, as `NAME` where only one has that name, and as `Class.NAME`."""
        found: dict[str, str | None] = {}
        for source in self.sources:
            stem = source.path.rpartition("/")[2].rpartition(".")[0]
            for name, value in _definitions(source):
                text = literal(value)
                if text is not None and (name.isupper() or source.language == "kotlin"):
                    found[f"{stem}.{name}"] = text
                    found[name] = text if found.get(name, text) == text else None
        return {name: text for name, text in found.items() if text is not None}

    @cached_property
    def reads(self) -> list[Read]:
        """`System.getenv("X")` in its forms, dotenv, and `@Value("${X:default}")` with the name of a variable."""
        found: list[Read] = []
        for source in self.sources:
            for node in source.all(*_CALLS[source.language]):
                read = _env(node)
                if read:
                    found.append(Read(read[0], source.at(node), not read[1] and _needed(node)))
            for name, node in annotated(source):
                if name not in ("Value", "ConfigProperty"):
                    continue
                for inside, default in re.findall(r"\\?\$\{([A-Z][A-Z0-9_]*)(:[^}]*)?\}", node.text()):
                    found.append(Read(inside, source.at(node), not default))
                named = re.search(r'name\s*=\s*"([A-Z][A-Z0-9_]+)"', node.text()) if name == "ConfigProperty" else None
                if named:
                    found.append(
                        Read(
                            named[1],
                            source.at(node),
                            "defaultValue" not in node.text() and "Optional" not in node.parent().parent().text(),
                        )
                    )
        return found

    @cached_property
    def test_contexts(self) -> tuple[str | None, str | None]:
        """Where the tests start the whole application, and where only its data layer."""
        whole = part = None
        for path in self.tests:
            source = self.source(path, always=True)
            for name, node in annotated(source) if source else ():
                if name in ("SpringBootTest", "QuarkusTest", "MicronautTest") and source:
                    whole = whole or source.at(node)
                elif name in ("DataJpaTest", "DataJdbcTest", "JdbcTest", "DataR2dbcTest") and source:
                    part = part or source.at(node)
        return whole, part

    def value(self, node: Node, source: Source, depth: int = 0) -> Value:
        """The number that an expression comes to: a literal, a constant, an environment variable and its default."""
        variable: str | None = None
        number: int | None = None
        for part in _walk(node):
            kind = part.kind()
            if kind in _CALLS[source.language] and (read := _env(part)):
                variable = variable or read[0]
                if read[1]:
                    number = number if number is not None else _int(read[1])
            elif kind in ("decimal_integer_literal", "integer_literal", "string_literal"):
                text = literal(part) if kind == "string_literal" else part.text()
                number = number if number is not None else _int(text or "")
            elif kind in ("identifier", "simple_identifier") and depth < 4:
                below = self._defined(part.text(), source, depth)
                if below:
                    variable = variable or below.variable
                    number = number if number is not None else below.port
        return Value(number, variable)

    def _defined(self, name: str, source: Source, depth: int) -> Value | None:
        for known, value in _definitions(source):
            if known == name:
                return self.value(value, source, depth + 1)
        for node in source.all("method_declaration" if source.language == "java" else "function_declaration"):
            if name_of(node) == name and name != "main":
                body = node.field("body") or next((c for c in node.children() if c.kind() == "function_body"), None)
                return self.value(body, source, depth + 1) if body is not None else None
        for other in self.sources if "port" in name.lower() and depth < 3 else ():
            if other is not source:
                for known, value in _definitions(other):
                    if known == name:
                        return self.value(value, other, depth + 1)
                for node in other.all("method_declaration") if other.language == "java" else ():
                    if name_of(node) == name and node.field("body") is not None:
                        return self.value(node.field("body"), other, depth + 1)
        if name.isupper():
            for other in self.sources:
                for known, value in _definitions(other) if other is not source else ():
                    if known == name:
                        return self.value(value, other, depth + 1)
        return None


_CALLS = {"java": ("method_invocation",), "kotlin": ("call_expression", "indexing_expression")}


def _walk(node: Node) -> Iterator[Node]:
    """A node and those below it in the order of the text, without what `_env` reads as one."""
    stack = [node]  # no recursion: an expression may be nested deeper than Python's stack
    while stack:
        found = stack.pop()
        yield found
        # The numbers of `new ThreadPool(10)` are its own.
        if not _env(found) and found.kind() != "object_creation_expression":
            stack += reversed(list(children(found)))


def _int(text: str) -> int | None:
    plain = text.replace("_", "")
    return int(plain) if plain.isdigit() and 0 < int(plain) < 65536 else None


def name_of(node: Node) -> str:
    """The name of a declaration."""
    name = node.field("name") or next(
        (c for c in node.children() if c.kind() in ("simple_identifier", "type_identifier")), None
    )
    return name.text() if name is not None else ""


def annotated(source: Source) -> Iterator[tuple[str, Node]]:
    """(name without its package, node) of every annotation."""
    kinds = ("annotation", "marker_annotation") if source.language == "java" else ("annotation",)
    for node in source.all(*kinds):
        found = re.match(r"@(?:\w+:)?([\w.]+)", node.text())
        if found:
            yield found[1].rpartition(".")[2], node


def imports(source: Source) -> list[str]:
    """The names that a file imports."""
    nodes = source.all("import_declaration" if source.language == "java" else "import_header")
    return [re.sub(r"^import\s+(static\s+)?|[\s;]+$", "", node.text()) for node in nodes]


def literal(node: Node | None) -> str | None:
    """The text of a plain string literal, or None."""
    if node is None or node.kind() not in ("string_literal", "line_string_literal", "multi_line_string_literal"):
        return None
    text = node.text().strip('"')
    return text if "\\" not in text and "$" not in text else None


def _starts(node: Node, source: Source) -> bool:
    """Whether a `main` can start a program: static or at the top, and public."""
    if source.language == "kotlin":
        return "private" not in node.text().partition("fun")[0]
    modifiers = next((c.text() for c in node.children() if c.kind() == "modifiers"), "")
    return "static" in modifiers


def _class_of(node: Node, source: Source) -> str:
    package = next(iter(source.all("package_declaration" if source.language == "java" else "package_header")), None)
    prefix = re.sub(r"^package\s+|[\s;]+$", "", package.text()) + "." if package is not None else ""
    above = node.parent()
    while above is not None and above.kind() not in (
        "class_declaration",
        "object_declaration",
        "record_declaration",
        "enum_declaration",
    ):
        above = above.parent()
    if above is not None:
        return prefix + name_of(above)
    named = re.search(r'@file:JvmName\("(\w+)"\)', source.text)
    stem = source.path.rpartition("/")[2].rpartition(".")[0]
    return prefix + (named[1] if named else stem[:1].upper() + stem[1:] + "Kt")


def _definitions(source: Source) -> Iterator[tuple[str, Node]]:
    """(name, value) of variables, fields and constants."""
    if source.language == "java":
        for node in source.all("variable_declarator"):
            name, value = node.field("name"), node.field("value")
            if name is not None and value is not None:
                yield name.text(), value
        return
    for node in source.all("class_parameter"):
        parts = list(children(node))
        if any(child.text() == "=" for child in node.children()):
            yield name_of(node), parts[-1]
    for node in source.all("property_declaration"):
        declared = next((c for c in node.children() if c.kind() == "variable_declaration"), None)
        named = list(children(node))
        if declared is not None and named and named[-1].kind() not in ("variable_declaration", "getter", "setter"):
            yield name_of(declared), named[-1]


def _env(node: Node) -> tuple[str, str] | None:
    """(variable, its default or "") of a call that reads the environment."""
    if node.kind() not in ("method_invocation", "call_expression", "indexing_expression"):
        return None
    text = node.text()
    if len(text) > 300:
        return None
    found = re.fullmatch(
        r'(?:System\s*\.\s*)?getenv\s*\(\s*"(\w+)"\s*\)|System\s*\.\s*getenv\s*\(\s*\)\s*(?:\.\s*(?:get|getValue)\s*\(\s*"(\w+)"\s*\)|\[\s*"(\w+)"\s*\])|'
        r'\w*(?:[dD]otenv|DOTENV)\w*\s*(?:\.\s*get\s*\(\s*"(\w+)"\s*\)|\[\s*"(\w+)"\s*\])',
        text,
    )
    if found:
        return next(name for name in found.groups() if name), ""
    found = re.fullmatch(
        r'(?:System\s*\.\s*getenv\s*\(\s*\)\s*\.\s*getOrDefault|\w*[dD]otenv\w*\s*\.\s*get)\s*\(\s*"(\w+)"\s*,\s*(.*?)\s*\)',
        text,
        re.S,
    )
    return (found[1], found[2].strip('"') or "…") if found else None


def _needed(node: Node) -> bool:
    """Whether nothing around a read says what happens without the variable."""
    above, below = node.parent(), node
    for _ in range(8):
        if above is None:
            return True
        kind = above.kind()
        if kind == "elvis_expression" and below.range().start.index == above.range().start.index:
            return bool(re.search(r"\?:\s*(throw\b|error\(|exitProcess|return\b)", above.text()))
        if kind in (
            "ternary_expression",
            "binary_expression",
            "equality_expression",
            "conditional_expression",
            "if_expression",
            "when_expression",
        ):
            return False
        text = above.text()
        if kind in ("method_invocation", "call_expression") and re.match(
            r"(java\.util\.)?Optional\b|\"[^\"]*\"\s*\.\s*equals|\w*(isBlank|isEmpty|isNullOrEmpty|isNullOrBlank|defaultIfBlank|parseBoolean|firstNonNull|requireNonNullElse)\w*\(",
            text,
        ):
            return False
        if "?." in text[len(below.text()) : len(below.text()) + 3]:
            return False
        if kind in ("variable_declarator", "property_declaration"):
            return not _checked(above)
        if kind in (
            "local_variable_declaration",
            "expression_statement",
            "statements",
            "block",
            "field_declaration",
            "function_body",
            "class_body",
            "return_statement",
        ):
            return True
        above, below = above.parent(), above
    return True


def _checked(declaration: Node) -> bool:
    """Whether the block of a variable compares it with null or blank."""
    name = name_of(declaration) or next(
        (name_of(c) for c in declaration.children() if c.kind() == "variable_declaration"), ""
    )
    block = declaration.parent()
    while block is not None and block.kind() not in ("block", "class_body", "statements", "source_file", "program"):
        block = block.parent()
    text = block.text() if block is not None else ""
    escaped = re.escape(name)
    return (
        bool(
            re.search(
                rf"\b{escaped}\s*(?:[!=]=\s*null|\?\.|\?:|\.is(?:Null|Blank|Empty))|is(?:Null|Not)?(?:Or)?(?:Blank|Empty)\s*\(\s*{escaped}\b|ofNullable\s*\(\s*{escaped}\b",
                text,
            )
        )
        if name
        else False
    )
