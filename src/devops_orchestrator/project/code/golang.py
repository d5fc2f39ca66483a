"""Go code: main packages, what they import, ports, routes, environment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from devops_orchestrator.project.code.facts import Route, Value, normal
from devops_orchestrator.project.code.syntax import Source, Sources, children
from devops_orchestrator.project.tree import Tree, parent

Node = Any
_WORDS = re.compile(
    r"func main\(|ListenAndServe|Listen\(|\.Run\(|\.Start\(|Addr|Getenv|LookupEnv|Handle|\.(Get|GET|Any|Group|Route|Mount|Path)\(|promhttp|[Pp]ort|env:\"|BindEnv|StringVar|Int\("
)
_HANDLES = {
    "HandleFunc": "ANY",
    "Handle": "ANY",
    "Get": "GET",
    "GET": "GET",
    "Any": "ANY",
    "Head": "HEAD",
    "HEAD": "HEAD",
    "Path": "ANY",
    "MethodFunc": "ANY",
}
_LISTENS = {"ListenAndServe": 0, "ListenAndServeTLS": 0, "Listen": 0, "Run": 0, "Start": 0, "RunTLS": 0}


def is_test(path: str) -> bool:
    """Whether a file is a test."""
    return path.endswith("_test.go") or bool(re.search(r"(^|/)(tests?|testdata|testutil)/", path))


class Go(Sources):
    """The packages of one module."""

    def __init__(self, tree: Tree, folder: str, files: Iterable[str], module: str) -> None:
        super().__init__(tree, files, {".go": "go"}, _WORDS, is_test, lambda p: 0 if p.endswith("main.go") else 1)
        self.folder = folder
        self.module = module

    @cached_property
    def mains(self) -> dict[str, str]:
        """Folders that are programs → where `func main` is."""
        found: dict[str, str] = {}
        for source in self.sources:
            package = next(iter(source.all("package_clause")), None)
            if package is None or package.text().split()[-1] != "main":
                continue
            for function in source.all("function_declaration"):
                name = function.field("name")
                if name is not None and name.text() == "main":
                    found.setdefault(parent(source.path), source.at(function))
        return found

    def imports(self, source: Source) -> dict[str, Node]:
        """Import path → its node."""
        return {node.field("path").text().strip('"`'): node for node in source.all("import_spec")}

    def _reached(self, folder: str) -> set[str]:
        """The folders of the module that a folder's code imports, itself included."""
        known: set[str] = set()
        stack = [folder]
        by_folder: dict[str, list[str]] = {}
        for path in self.paths:
            by_folder.setdefault(parent(path), []).append(path)
        while stack:
            at = stack.pop()
            if at in known:
                continue
            known.add(at)
            for path in by_folder.get(at, []):
                source = self.source(path, always=True)
                for name in self.imports(source) if source else ():
                    if self.module and (name == self.module or name.startswith(self.module + "/")):
                        inside = name.removeprefix(self.module).strip("/")
                        stack.append(
                            "/".join(part for part in (self.folder if self.folder != "." else "", inside) if part)
                            or "."
                        )
        return known

    def listens(self, folder: str) -> bool:
        """Whether a program serves something: its code, or the code it imports, listens."""
        reached = self._reached(folder)
        return any(parent(evidence.rpartition(":")[0]) in reached for _, evidence in self._listeners)

    def consumes(self, folder: str, services: set[str]) -> bool:
        """Whether a program works for ever on a backing service."""
        loops = any(
            node.text().startswith(("for {", "for{"))
            for p in self.paths
            if parent(p) == folder
            for node in self._loops(p)
        )
        return bool(services) and loops

    def _loops(self, path: str) -> list[Node]:
        source = self.source(path, always=True)
        return source.all("for_statement") if source else []

    @cached_property
    def _listeners(self) -> list[tuple[Value, str]]:
        found: list[tuple[Value, str]] = []
        for source in self.sources:
            imports = self.imports(source)
            for call in source.all("call_expression"):
                function = call.field("function")
                name = function.text() if function is not None else ""
                last = name.rpartition(".")[2]
                if last not in _LISTENS or "." not in name:
                    continue
                arguments = list(children(call.field("arguments")))
                if last in ("ListenAndServe", "ListenAndServeTLS"):
                    found.append((self.value(source, arguments[0]) if arguments else Value(), source.at(call)))
                elif (
                    last == "Listen"
                    and "google.golang.org/grpc" not in imports
                    and "net" in imports
                    and name.startswith("net.")
                    and len(arguments) > 1
                ):
                    found.append((self.value(source, arguments[1]), source.at(call)))
                elif any(
                    package.startswith(
                        (
                            "github.com/gin-gonic/gin",
                            "github.com/labstack/echo",
                            "github.com/gofiber/fiber",
                            "github.com/kataras/iris",
                            "github.com/beego",
                        )
                    )
                    for package in imports
                ):
                    value = self.value(source, arguments[0]) if arguments else Value()
                    if (
                        (last == "Run" and not arguments)
                        or value.port
                        or value.variable
                        or (arguments and last in ("Start", "Listen"))
                    ):
                        found.append((value, source.at(call)))
        return found

    @cached_property
    def ports(self) -> list[tuple[Value, str]]:
        """The ports that the code listens on: where it listens, the server's `Addr`, flags named port, variables."""
        found = [entry for entry in self._listeners if entry[0].port is not None or entry[0].variable]
        for source in self.sources:
            for element in source.all("keyed_element"):
                parts = list(children(element))
                if len(parts) == 2 and parts[0].text() == "Addr":
                    value = self.value(
                        source, next(children(parts[1]), parts[1]) if parts[1].kind() == "literal_element" else parts[1]
                    )
                    if value.port is not None or value.variable:
                        found.append((value, source.at(element)))
        known = [entry for entry in found if entry[0].port is not None]
        if not known:
            found += self._flags()
        # A port without a default is worth less than one with it.
        ordered = sorted(found, key=lambda entry: entry[0].port is None)
        return ordered or [(Value(), evidence) for _, evidence in self._listeners[:1]]

    def _flags(self) -> list[tuple[Value, str]]:
        found: list[tuple[Value, str]] = []
        for source in self.sources:
            for call in source.all("call_expression"):
                function = call.field("function")
                name = function.text().rpartition(".")[2] if function is not None else ""
                if not re.fullmatch(
                    r"(Int|String|Uint|Int16|Uint16)(Var)?P?|SetDefault|GetEnv\w*|getEnv\w*|getenv\w*|EnvOr\w*|envOr\w*",
                    name,
                ):
                    continue
                arguments = list(children(call.field("arguments")))
                index = next(
                    (
                        i
                        for i, a in enumerate(arguments)
                        if re.fullmatch(
                            r'"(?:http[-_.]?|listen[-_.]?|server[-_.]?)?(?:port|addr|address|listen)"', a.text(), re.I
                        )
                    ),
                    None,
                )
                if index is None:
                    continue
                value = next((v for a in arguments[index + 1 :] if (v := self.value(source, a)).port is not None), None)
                if value is not None:
                    text = arguments[index].text().strip('"')
                    found.append((Value(value.constant, text if text.isupper() else None), source.at(call)))
        return found

    def value(self, source: Source, node: Node | None, depth: int = 0) -> Value:
        """What an expression is worth, as far as the code says it."""
        if node is None or depth > 8:
            return Value()
        kind = node.kind()
        if kind in ("interpreted_string_literal", "raw_string_literal"):
            return Value(node.text()[1:-1])
        if kind == "int_literal":
            return Value(int(node.text())) if node.text().isdigit() else Value()
        if kind in ("parenthesized_expression", "literal_element", "expression_list"):
            return self.value(source, next(children(node), None), depth + 1)
        if kind == "binary_expression":
            left, right = (
                self.value(source, node.field("left"), depth + 1),
                self.value(source, node.field("right"), depth + 1),
            )
            if left.constant is not None and right.constant is not None:
                return Value(f"{left.constant}{right.constant}", left.variable or right.variable)
            # A variable that is not set is "" in Go: what is joined to it is the default.
            texts = [v.constant for v in (left, right) if isinstance(v.constant, str)]
            joined = texts[0] if texts and (left.variable or right.variable) else None
            return Value(joined, left.variable or right.variable)
        if kind == "call_expression":
            return self._call(source, node, depth)
        if kind == "identifier":
            return self._assigned(source, node.text(), depth)
        if kind == "selector_expression":
            return self._selected(source, node, depth)
        return Value()

    def _call(self, source: Source, node: Node, depth: int) -> Value:
        function = node.field("function")
        name = function.text() if function is not None else ""
        arguments = list(children(node.field("arguments")))
        if name in ("os.Getenv", "os.LookupEnv") and arguments:
            return Value(None, arguments[0].text().strip('"`'))
        if name == "fmt.Sprintf" and len(arguments) > 1:
            template = self.value(source, arguments[0], depth + 1).constant
            values = [self.value(source, a, depth + 1) for a in arguments[1:]]
            last = values[-1]
            if isinstance(template, str) and re.search(r":%[dsv]$", template):
                return last
            if isinstance(template, str) and template in ("%s", "%d", "%v"):
                return last
            return Value()
        if name in ("net.JoinHostPort", "strconv.Itoa", "strconv.Atoi", "string"):
            return self.value(source, arguments[-1] if arguments else None, depth + 1)
        # getEnv("PORT", "8080") and its like: a variable and a default
        if len(arguments) == 2 and re.search(r"env|cmp\.Or|default|fallback", name, re.I):
            first, second = (self.value(source, a, depth + 1) for a in arguments)
            if name == "cmp.Or":
                return Value(second.constant, first.variable)
            if isinstance(first.constant, str) and re.fullmatch(r"[A-Z][A-Z0-9_]*", first.constant):
                return Value(second.constant, first.constant)
        return Value()

    def _assigned(self, source: Source, name: str, depth: int) -> Value:
        folder = parent(source.path)
        constant, variable = None, None
        for other, node in sorted(self._assignments.get((folder, name), []), key=lambda entry: entry[0] is not source):
            if constant is not None and other is not source:
                break
            value = self.value(other, node.field("right") or node.field("value"), depth + 1)
            constant = value.constant if value.constant not in (None, "") else constant
            variable = value.variable or variable
        return Value(constant, variable)

    @cached_property
    def _assignments(self) -> dict[tuple[str, str], list[tuple[Source, Node]]]:
        """(folder, name) → where the name is given a value."""
        found: dict[tuple[str, str], list[tuple[Source, Node]]] = {}
        for source in self.sources:
            for node in source.all("short_var_declaration", "assignment_statement", "var_spec", "const_spec"):
                left = node.field("left") or node.field("name")
                if left is not None:
                    found.setdefault((parent(source.path), left.text().split(",")[0].strip()), []).append(
                        (source, node)
                    )
        return found

    @cached_property
    def _elements(self) -> dict[str, list[tuple[Source, Node]]]:
        """Field name → the values that composite literals give it; those of mocks left out."""
        found: dict[str, list[tuple[Source, Node]]] = {}
        for source in self.sources:
            if re.search(r"(mock|fake|stub)[^/]*\.go$", source.path):
                continue
            for element in source.all("keyed_element"):
                parts = list(children(element))
                if len(parts) == 2:
                    found.setdefault(parts[0].text(), []).append((source, parts[1]))
        return found

    @cached_property
    def _tags(self) -> dict[str, list[tuple[str, str]]]:
        """Field name → the variables and defaults of its struct tags."""
        found: dict[str, list[tuple[str, str]]] = {}
        for source in self.sources:
            for field in source.all("field_declaration"):
                left, tag = field.field("name"), field.field("tag")
                if left is None or tag is None:
                    continue
                variable = re.search(r'\benv(?:config)?:"(\w+)', tag.text())
                default = re.search(r'\b(?:envDefault|default|env-default):"([^"]*)"', tag.text())
                if variable or default:
                    found.setdefault(left.text(), []).append(
                        (variable[1] if variable else "", default[1] if default else "")
                    )
        return found

    def _selected(self, source: Source, node: Node, depth: int) -> Value:
        """`cfg.Port`: a field that a composite literal fills, or a struct tag names with its default."""
        key = node.field("field")
        name = key.text() if key is not None else ""
        for other, element in self._elements.get(name, []):
            value = self.value(other, element, depth + 1)
            if value.constant is not None or value.variable:
                return value
        for variable, default in self._tags.get(name, []):
            return Value(default or None, variable or None)
        return Value()

    @cached_property
    def routes(self) -> list[Route]:
        """Routes of calls such as `mux.HandleFunc("GET /healthz", …)`, with the prefixes of groups in the same file."""
        found: list[Route] = []
        for source in self.sources:
            groups = self._groups(source)
            for call in source.all("call_expression"):
                function = call.field("function")
                if function is None or function.kind() != "selector_expression":
                    continue
                verb = function.field("field").text()
                arguments = list(children(call.field("arguments")))
                if verb not in _HANDLES or not arguments or (len(arguments) < 2 and verb != "Path"):
                    continue
                value = self.value(source, arguments[0])
                if not isinstance(value.constant, str):
                    continue
                method, _, path = value.constant.rpartition(" ")
                if not path.startswith("/") and verb not in ("GET", "Get"):
                    continue
                owner = function.field("operand").text()
                found.append(
                    Route(normal(groups.get(owner, ""), path), source.at(call), method.strip() or _HANDLES[verb])
                )
        return found

    def _groups(self, source: Source) -> dict[str, str]:
        """`v1 := router.Group("/v1")` → its prefix."""
        found: dict[str, str] = {}
        for node in source.all("short_var_declaration"):
            left, right = node.field("left"), node.field("right")
            call = next(children(right), None)
            function = call.field("function") if call is not None and call.kind() == "call_expression" else None
            if call is None or function is None or not function.text().endswith(".Group"):
                continue
            arguments = list(children(call.field("arguments")))
            path = self.value(source, arguments[0]).constant if arguments else None
            if isinstance(path, str):
                found[left.text()] = found.get(function.field("operand").text(), "") + path
        return found
