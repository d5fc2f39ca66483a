"""What Java and Kotlin code serves: routes of annotations and of calls, ports, and where metrics are written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from devops_orchestrator.project.code.facts import Route, Value, normal
from devops_orchestrator.project.code.jvm import Jvm, annotated, literal, name_of
from devops_orchestrator.project.code.syntax import Source, child_of, children

Node = Any
_CLASSES = ("class_declaration", "interface_declaration", "object_declaration", "record_declaration")
_METHODS = ("method_declaration", "function_declaration")
_CLIENTS = ("FeignClient", "RegisterRestClient", "Client", "HttpExchange")
# Calls that put a path before the routes inside them: Ktor, Javalin, Spring's nests, Helidon.
_NESTS = ("route", "path", "nest", "group")


class Web:
    """The routes and ports of a component's code."""

    def __init__(self, code: Jvm, framework: str | None) -> None:
        self.code = code
        self.framework = framework
        self._called_from: dict[tuple[str, int], list[str]] = {}
        self.routes: list[Route] = []
        self.metrics: list[Route] = []
        for source in code.sources:
            for route, node in [*self._annotated(source), *self._called(source)]:
                self.routes.append(route)
                if ".scrape(" in node.text():
                    self.metrics.append(route)

    # Annotations: Spring, JAX-RS, Micronaut

    def _annotated(self, source: Source) -> Iterator[tuple[Route, Node]]:
        for name, node in annotated(source):
            if name not in ("GetMapping", "RequestMapping", "Path", "Get", "GET"):
                continue
            method = node.parent().parent() if node.parent() is not None else None
            if method is None or method.kind() not in _METHODS:
                continue
            others = {other for other, _ in _of(method)}
            if (
                name == "RequestMapping"
                and re.search(r"\bmethod\s*=", node.text())
                and not re.search(r"\b(GET|HEAD)\b", node.text())
            ):
                continue
            if (name == "Path" and "GET" not in others) or (name == "GET" and "Path" in others):
                continue
            above = _above(method)
            if above is None or any(other in _CLIENTS for other, _ in _of(above)):
                continue
            for prefix in self._prefixes(above):
                for path in self._paths(node) or [""]:
                    yield Route(normal(prefix, path), source.at(node)), method

    def _prefixes(self, above: Node) -> list[str]:
        for name, node in _of(above):
            paths = self._paths(node)
            if name in ("RequestMapping", "Path") or (
                name in ("Controller", "RestController") and paths[:1] and paths[0].startswith("/")
            ):
                return paths or [""]
        return [""]

    def _paths(self, annotation: Node) -> list[str]:
        """The paths of a mapping: its value, `path`, `value` or `uri`; constants by their names."""
        arguments = child_of(annotation, "annotation_argument_list") or child_of(
            child_of(annotation, "constructor_invocation"), "value_arguments"
        )
        found: list[str] = []
        for argument in children(arguments):
            named = re.match(r"(\w+)\s*=(?!=)", argument.text())
            if named and named[1] not in ("value", "path", "uri", "uris"):
                continue
            if argument.kind() == "element_value_pair":
                argument = argument.field("value")
            found += self._texts(argument)
        return found

    def _texts(self, node: Node, depth: int = 0) -> list[str]:
        if depth > 20:
            return []
        text = literal(node)
        if text is not None:
            return [text]
        if node.kind() in ("identifier", "simple_identifier", "field_access", "navigation_expression"):
            name = node.text()
            known = self.code.constants.get(name) or self.code.constants.get(".".join(name.split(".")[-2:]))
            known = known or self.code.constants.get(name.rpartition(".")[2])
            return [known] if known is not None else []
        if node.kind() in ("binary_expression", "additive_expression"):
            parts = [self._texts(child, depth + 1) for child in children(node)]
            return ["".join(part[0] for part in parts)] if all(parts) else []
        return [text for child in children(node) for text in self._texts(child, depth + 1)]

    # Calls: Ktor, Javalin, Vert.x, Spark, http4k, Helidon, Spring's functional routes

    def _called(self, source: Source) -> Iterator[tuple[Route, Node]]:
        kinds = ("method_invocation",) if source.language == "java" else ("call_expression", "infix_expression")
        for node in source.all(*kinds):
            if node.kind() == "infix_expression":
                bound = re.match(r"\"([^\"$]*)\"\s+bind\s+(?:Method\.)?GET\b", node.text())
                if bound:
                    for prefix in self._around(node, source):
                        yield Route(normal(prefix, bound[1]), source.at(node)), node
                continue
            receiver, name, arguments = call(node)
            if (
                name not in ("get", "GET", "route", "createContext")
                or not arguments
                or not self._declares(receiver, name, arguments, node)
            ):
                continue
            path = next(iter(self._texts(arguments[0])), None)
            if path is None or not (path.startswith("/") or path == "" or not receiver):
                continue
            for prefix in self._around(node, source):
                yield (
                    Route(
                        normal(prefix, path.rstrip("*") if path.endswith("/*") else path), source.at(_name_node(node))
                    ),
                    node,
                )

    def _declares(self, receiver: str, name: str, arguments: list[Node], node: Node) -> bool:
        framework = self.framework
        handler = len(arguments) > 1 or (
            bool(arguments) and arguments[-1].kind() in ("annotated_lambda", "lambda_literal")
        )
        if framework == "ktor":
            return name == "get" and receiver in ("", "this") and arguments[-1].kind() == "annotated_lambda"
        if framework == "vertx":
            return name in ("get", "route") and "router" in receiver.lower() and literal(arguments[0]) is not None
        if framework in ("javalin", "spark", "helidon", "jooby"):
            return name == "get" and handler and receiver.rpartition(".")[2] not in ("client", "http_client", "map")
        if framework == "spring-boot":
            return name == "GET"
        return name == "createContext" and handler

    def _around(self, node: Node, source: Source, depth: int = 0) -> list[str]:
        """The prefixes of the blocks around a route, and of the places that call the function it is in."""
        parts: list[str] = []
        above = node.parent()
        while above is not None:
            if above.kind() in ("method_invocation", "call_expression"):
                receiver, name, arguments = call(above)
                inside = arguments and arguments[0].range().end.index <= node.range().start.index
                if name in _NESTS and inside:
                    text = next(iter(self._texts(arguments[0])), "")
                    parts.insert(0, text)
                elif name == "nest" and receiver.startswith('"'):
                    parts.insert(0, receiver.strip('"'))
            elif above.kind() == "infix_expression":
                bound = re.match(r"\"([^\"$]*)\"\s+bind\b", above.text())
                if bound:
                    parts.insert(0, bound[1])
            elif above.kind() in _METHODS:
                if depth < 4 and self.framework in ("ktor", "javalin"):
                    callers = self._callers(name_of(above), above, depth)
                    return [normal(prefix, *parts) if prefix or parts else "" for prefix in callers] or [
                        normal(*parts) if parts else ""
                    ]
                break
            above = above.parent()
        return [normal(*parts) if parts else ""]

    def _callers(self, name: str, function: Node, depth: int) -> list[str]:
        if (name, depth) in self._called_from:
            return self._called_from[name, depth]
        found: list[str] = []
        for source in self.code.sources:
            if name not in source.text:
                continue
            for node in source.all("method_invocation" if source.language == "java" else "call_expression"):
                if call(node)[1] == name and node.range().start.index != function.range().start.index:
                    found += self._around(node, source, depth + 1)
        self._called_from[name, depth] = list(dict.fromkeys(found))
        return self._called_from[name, depth]

    # Ports

    @property
    def ports(self) -> list[tuple[Value, str]]:
        """The ports that the code gives to its server."""
        found: list[tuple[Value, str]] = []
        for source in self.code.sources:
            for node in source.all("method_invocation" if source.language == "java" else "call_expression"):
                for argument in self._port(node, source):
                    value = self.code.value(argument, source)
                    if value.port is None and value.variable is None:
                        value = Value(argument.text())  # `config.server.port`: perhaps a key of the configuration
                    found.append((value, source.at(_name_node(node))))
            for node in source.all("object_creation_expression") if source.language == "java" else ():
                made = re.match(r"new\s+(InetSocketAddress|Server)\b", node.text())
                wanted = {"InetSocketAddress": "HttpServer", "Server": "org.eclipse.jetty.server"}
                if made and wanted[made[1]] in source.text and self.framework in ("javalin", None):
                    arguments = list(children(node.field("arguments")))
                    value = self.code.value(arguments[-1], source) if arguments else Value()
                    if value.port or value.variable:  # `new Server(threads)` takes no port
                        found.append((value, source.at(node)))
        # A port that is not known must not hide one that is.
        return sorted(found, key=lambda entry: entry[0].port is None and entry[0].variable is None)

    def _port(self, node: Node, source: Source) -> Iterator[Node]:
        receiver, name, arguments = call(node)
        framework = self.framework
        engine = arguments[0].text() in ("Netty", "CIO", "Jetty", "Tomcat") if arguments else False
        if framework == "ktor" and (name == "embeddedServer" or (name == "server" and engine)):
            named = [a for a in arguments if re.match(r"port\s*=(?!=)", a.text())]
            plain = [a for a in arguments if a.kind() not in ("value_argument", "annotated_lambda")]
            yield from [list(children(argument))[-1] for argument in named] or plain[1:2]
        elif name == "connector" and framework == "ktor" and source.language == "kotlin":
            for assigned in node.find_all(kind="assignment"):
                if re.match(r"port\s*=", assigned.text()):
                    yield list(children(assigned))[-1]
        elif framework == "javalin" and name == "start" and arguments and "Javalin" in source.text:
            yield arguments[-1]
        elif (
            framework in ("javalin", None) and name == "Server" and len(arguments) == 1 and "jetty" in source.text
        ) or (
            (framework == "vertx" and ((name == "setPort" and arguments) or (name == "listen" and arguments)))
            or (
                framework == "spark"
                and name in ("port", "setPort")
                and receiver in ("", "Spark", "http", "service")
                and arguments
            )
            or (framework == "helidon" and name == "port" and arguments)
        ):
            yield arguments[0]
        elif framework == "http4k" and name == "asServer" and arguments and source.language == "kotlin":
            for inner in arguments[0].find_all(kind="value_argument"):
                yield inner
                break
        elif framework is None and name == "forPort" and receiver.endswith("ServerBuilder") and arguments:
            yield arguments[0]


def call(node: Node) -> tuple[str, str, list[Node]]:
    """(receiver, name, arguments) of a call; a lambda behind the parentheses is the last argument."""
    if node.kind() == "method_invocation":
        name, on = node.field("name"), node.field("object")
        return (
            on.text() if on is not None else "",
            name.text() if name is not None else "",
            list(children(node.field("arguments"))),
        )
    parts = list(children(node))
    if not parts:
        return "", "", []
    target, arguments = parts[0], []
    suffix = next((c for c in parts if c.kind() == "call_suffix"), None)
    for child in children(suffix):
        if child.kind() == "value_arguments":
            arguments += [_only(argument) for argument in children(child)]
        elif child.kind() == "annotated_lambda":
            arguments.append(child)
    if target.kind() == "call_expression":  # `get("/x") { … }` of older grammars: the lambda calls the call
        receiver, name, inner = call(target)
        return receiver, name, inner + arguments
    if target.kind() == "navigation_expression":
        named = list(children(target))
        return (named[0].text() if named else "", named[-1].text().lstrip("?.") if named else "", arguments)
    return "", target.text() if target.kind() == "simple_identifier" else "", arguments


def _only(argument: Node) -> Node:
    """A positional argument's expression; a named argument stays whole."""
    named = list(children(argument))
    return named[0] if len(named) == 1 else argument


def _name_node(node: Node) -> Node:
    """Where a call's own name stands: in a chain over several lines, the node itself begins with the first call."""
    name = node.field("name") if node.kind() == "method_invocation" else None
    if name is not None:
        return name
    target = next(iter(children(node)), None)
    if target is not None and target.kind() == "navigation_expression":
        return list(children(target))[-1]
    return node


def _of(declaration: Node) -> Iterator[tuple[str, Node]]:
    """(name, node) of the annotations of a class or method."""
    modifiers = next((c for c in declaration.children() if c.kind() == "modifiers"), None)
    for node in children(modifiers):
        found = re.match(r"@(?:\w+:)?([\w.]+)", node.text())
        if found:
            yield found[1].rpartition(".")[2], node


def _above(method: Node) -> Node | None:
    above = method.parent()
    while above is not None and above.kind() not in _CLASSES:
        above = above.parent()
    return above
