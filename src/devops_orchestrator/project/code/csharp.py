"""C# code: what an expression is worth, what the program is made of, the variables and addresses it reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.csharp_settings import port_of
from devops_orchestrator.project.code.facts import Read, Value
from devops_orchestrator.project.code.syntax import Source, Sources, children
from devops_orchestrator.project.tree import Tree

Node = Any
_WORDS = lazy(
    r"Map[A-Z]\w*|Use(Urls|Health|Metric|OpenTelemetryProm)\w*|GetEnvironmentVariable|[Cc]onfig\w*(\[|\.Get)|\[Http|\[Route|"
    r"WebApplication|CreateDefaultBuilder|CreateApplicationBuilder|ConfigureWebHost|BackgroundService|IHostedService|"
    r"AddHostedService|Listen(AnyIP|Localhost)?\(|\.Migrate(Async)?\(|Urls\.Add|Get\(\"|Consumer|RunConsoleAsync|Hangfire"
)
_TEST = lazy(r"(^|/)([\w.]*[Tt]ests?|[\w.]*Specs|TestUtilities|Testing)/|Tests?\.cs$")
# Where the value of a variable is only asked about, its absence is foreseen.
_FORESEEN = lazy(r"\b(string|String)\.IsNullOrE|\b(string|String)\.IsNullOrW|TryParse")
_PARSERS = lazy(r"(^|\.)(Parse|ToInt32|ToUInt16|ToInt16|ToString|Trim)$")


def is_test(path: str) -> bool:
    """Whether a file is of tests."""
    return bool(_TEST.search(path))


def _first(path: str) -> int:
    name = path.rpartition("/")[2]
    return {"Program.cs": 0, "Startup.cs": 1}.get(name, 2)


class CSharp(Sources):
    """The sources of one project."""

    def __init__(self, tree: Tree, files: Iterable[str], folder: str, libraries: Iterable[str] = ()) -> None:
        # A folder such as `tests` above the project says nothing of its files.
        prefix = "" if folder == "." else folder + "/"
        super().__init__(
            tree, files, {".cs": "csharp"}, _WORDS, lambda p: is_test(p.removeprefix(prefix)), _first
        )  # fmt: skip
        self.libraries = tuple(path for path in libraries if path.endswith(".cs") and not is_test(path))
        self.unknown_address = False  # the code says where it listens, in a way that cannot be read

    def calls(self, *names: str) -> Iterator[tuple[Source, Node, str]]:
        """(source, call, name) of the calls of these methods, those that only run in development left out."""
        wanted = set(names)
        for source in self.sources:
            for call in source.all("invocation_expression"):
                name = called(call)
                if name in wanted and not in_development(call):
                    yield source, call, name

    @cached_property
    def named(self) -> frozenset[str]:
        """The names of every method that is called and every type that is made or derived from."""
        found: set[str] = set()
        for source in self.sources:
            found |= {called(call) for call in source.all("invocation_expression")}
            for node in source.all("base_list"):
                found |= {child.text().partition("<")[0].rpartition(".")[2] for child in children(node)}
            found |= {
                receiver(call).rpartition(".")[2] + "." + called(call) for call in source.all("invocation_expression")
            }
        return frozenset(found)

    @cached_property
    def ports(self) -> list[tuple[Value, str]]:
        """`UseUrls`, `app.Urls.Add`, `app.Run(url)`, Kestrel's `ListenAnyIP`; http before https."""
        found: list[tuple[int, Value, str]] = []
        for source, call, name in self.calls(
            "UseUrls", "Add", "Run", "RunAsync", "ListenAnyIP", "ListenLocalhost", "Listen"
        ):
            given = arguments(call)
            if not given or (name == "Add" and not receiver(call).endswith(".Urls")):
                continue
            if name.startswith("Listen"):
                wanted = given[1] if name == "Listen" and len(given) > 1 else given[0]
                value = evaluate(source, wanted)
                if value.port is None and wanted.kind() in ("member_access_expression", "identifier"):
                    value = self._elsewhere(wanted.text().rpartition(".")[2]) or value
                if value.port or value.variable:
                    found.append((1 if "UseHttps" in call.text() else 0, value, source.at(call)))
                else:
                    self.unknown_address = self.unknown_address or called_on_server(source, call)
                continue
            for argument in given:
                value = evaluate(source, argument)
                port = port_of(value.constant) if isinstance(value.constant, str) else None
                if port or (value.variable and name != "RunAsync"):
                    found.append((0, Value(port, value.variable), source.at(call)))
                    break
            else:
                self.unknown_address = self.unknown_address or name in ("UseUrls", "Add")
        return [(value, place) for _, value, place in sorted(found, key=lambda entry: entry[0])]

    def hosts(self, path: str) -> bool:
        """Whether a file of a library makes a web host; where it listens is then said there."""
        source = self.source(path, always=True)
        for call in source.all("invocation_expression") if source else ():
            name = called(call)
            if name in ("ConfigureWebHost", "ConfigureWebHostDefaults") or (
                name.startswith("Create") and receiver(call).rpartition(".")[2] in ("WebApplication", "WebHost")
            ):
                self.unknown_address = self.unknown_address or "UseUrls" in (source.text if source else "")
                return True
        return False

    def _elsewhere(self, name: str) -> Value | None:
        """The value that a property or constant is declared with in another file: the default of an options class."""
        if not name[:1].isupper():  # a parameter or a variable, which no other file declares
            return None
        declares = re.compile(rf"\b(int|ushort|uint|short|long)\??\s+{re.escape(name)}\s*[={{]")
        for path in (*self.paths, *self.libraries):
            if not declares.search(self.tree.text(path) or ""):
                continue
            source = self.source(path, always=True)
            declared = _declared(source, name) if source else None
            if source and declared is not None and (value := evaluate(source, declared)).port:
                return value
        return None

    @cached_property
    def reads(self) -> list[Read]:
        """`Environment.GetEnvironmentVariable("X")`."""
        return [
            Read(name, source.at(call), _required(source, call))
            for source, call, _ in self.calls("GetEnvironmentVariable")
            if (given := arguments(call)) and (name := text_of(source, given[0]))
        ]

    @cached_property
    def keys(self) -> list[tuple[str, str, bool]]:
        """(key, place, whether it needs a value) of the configuration keys that are read one by one."""
        found: list[tuple[str, str, bool]] = []
        for source in self.sources:
            for node in source.all("element_access_expression"):
                owner = node.child(0)
                given = [
                    child
                    for bracket in children(node)
                    if bracket.kind() == "bracketed_argument_list"
                    for child in children(bracket)
                ]
                if owner is not None and _configuration(owner.text()) and len(given) == 1 and not in_development(node):
                    key = text_of(source, given[0])
                    if key and not _assigned(node):
                        found.append((key, source.at(node), _required(source, node)))
        for source, call, name in self.calls("GetValue", "GetConnectionString"):
            given = arguments(call)
            key = text_of(source, given[0]) if given and _configuration(receiver(call)) else None
            if key:
                key = f"ConnectionStrings:{key}" if name == "GetConnectionString" else key
                required = _required(source, call) if name == "GetConnectionString" else False
                found.append((key, source.at(call), required))
        return found


def _configuration(owner: str) -> bool:
    return bool(re.search(r"(?:^|[._])[cC]onfig(uration)?$", owner.rstrip("!?")))


def _assigned(node: Node) -> bool:
    above = node.parent()
    left = above.field("left") if above is not None and above.kind() == "assignment_expression" else None
    return left is not None and left.range().start.index == node.range().start.index


# nodes


def called(call: Node) -> str:
    """The name of the method that a call calls, without type arguments."""
    function = call.field("function")
    return _name(function) if function is not None else ""


def _name(function: Node) -> str:
    if function.kind() == "member_access_expression":
        function = function.field("name") or function
    elif function.kind() == "conditional_access_expression":
        return str(function.text()).rpartition(".")[2]
    return str(function.text()).partition("<")[0].strip()


def receiver(call: Node) -> str:
    """The text before the last dot of a call: `app` of `app.Run()`; empty for a bare name."""
    function = call.field("function")
    owner = (
        function.field("expression") if function is not None and function.kind() == "member_access_expression" else None
    )
    return str(owner.text()) if owner is not None else ""


def called_on_server(source: Source, call: Node) -> bool:
    """Whether a `Listen…` is one of Kestrel's, not of a socket."""
    return called(call) != "Listen" or "Kestrel" in source.text


def arguments(call: Node) -> list[Node]:
    """The arguments of a call, names such as `pattern:` left out."""
    found: list[Node] = []
    for argument in children(call.field("arguments")):
        inner = list(children(argument))
        if inner:
            found.append(inner[-1])
    return found


def in_development(node: Node) -> bool:
    """Whether a node is in a block that only runs in development: `if (app.Environment.IsDevelopment()) { … }`."""
    start = node.range().start.index
    above = node.parent()
    while above is not None:
        if above.kind() == "if_statement":
            condition, then = above.field("condition"), above.field("consequence")
            inside = then is not None and then.range().start.index <= start < then.range().end.index
            said = re.sub(r"\s+", "", condition.text()) if condition is not None else ""
            only = re.fullmatch(r"[\w.]*IsDevelopment\(\)(&&.*)?", said)
            if (inside and only) or (not inside and re.fullmatch(r"![\w.]*IsDevelopment\(\)", said)):
                return True
        elif above.kind() in ("method_declaration", "class_declaration"):
            return False
        above = above.parent()
    return False


def text_of(source: Source, node: Node) -> str | None:
    """The string that an expression is worth, or None."""
    value = evaluate(source, node)
    return value.constant if isinstance(value.constant, str) and value.variable is None else None


def evaluate(source: Source, node: Node, depth: int = 0) -> Value:
    """What an expression is worth: literals, constants and variables of the file, `??`, interpolation, parsing."""
    kind = node.kind()
    if depth > 8:
        return Value()
    if kind in ("string_literal", "verbatim_string_literal", "raw_string_literal"):
        return Value(re.sub(r'^[@$]*"+|"+$', "", node.text()))
    if kind == "integer_literal":
        return Value(int(digits)) if (digits := node.text().replace("_", "")).isdigit() else Value()
    if kind == "interpolated_string_expression":
        return _joined(source, list(children(node)), depth)
    if kind in ("identifier", "member_access_expression"):
        declared = _declared(source, node.text().rpartition(".")[2])
        return evaluate(source, declared, depth + 1) if declared is not None else Value()
    if kind == "invocation_expression":
        return _of_call(source, node, depth)
    if kind == "element_access_expression" and _configuration(
        node.child(0).text() if node.child(0) is not None else ""
    ):
        key = re.search(r'\[\s*"([A-Z][A-Z0-9_]*)"\s*\]$', node.text())
        return Value(None, key[1]) if key else Value()
    if kind == "binary_expression":
        left, right = node.field("left"), node.field("right")
        if left is not None and right is not None and "??" in node.text():
            first, second = evaluate(source, left, depth + 1), evaluate(source, right, depth + 1)
            return Value(
                first.constant if first.constant is not None else second.constant, first.variable or second.variable
            )
        if left is not None and right is not None and "+" in node.text():
            return _joined(source, [left, right], depth)
    if kind in (
        "parenthesized_expression",
        "argument",
        "postfix_unary_expression",
        "cast_expression",
        "equals_value_clause",
    ):
        inner = list(children(node))
        return evaluate(source, inner[-1], depth + 1) if inner else Value()
    if kind == "conditional_expression":
        options = [
            evaluate(source, child, depth + 1)
            for child in (node.field("consequence"), node.field("alternative"))
            if child is not None
        ]
        constant = next((value.constant for value in options if value.constant is not None), None)
        return Value(constant, next((value.variable for value in options if value.variable), None))
    return Value()


def _of_call(source: Source, node: Node, depth: int) -> Value:
    given = arguments(node)
    name = called(node)
    if name == "GetEnvironmentVariable" and given:
        variable = evaluate(source, given[0], depth + 1).constant
        return Value(None, variable if isinstance(variable, str) else None)
    if name == "GetValue" and given:
        key = evaluate(source, given[0], depth + 1).constant
        default = evaluate(source, given[1], depth + 1).constant if len(given) > 1 else None
        return Value(default, key if isinstance(key, str) and re.fullmatch(r"[A-Z][A-Z0-9_]*", key) else None)
    if _PARSERS.search(name) and given:
        found = evaluate(source, given[0], depth + 1)
        number = found.constant
        return Value(int(number) if isinstance(number, str) and number.isdigit() else number, found.variable)
    return Value()


def _joined(source: Source, nodes: list[Node], depth: int) -> Value:
    """A string made of parts; None where a part is unknown."""
    text, variable = "", None
    for node in nodes:
        if node.kind() in ("string_content", "interpolation_start", "interpolation_quote", "interpolation_brace"):
            text += node.text() if node.kind() == "string_content" else ""
            continue
        inner = next(iter(children(node)), node) if node.kind() == "interpolation" else node
        inner = (
            next((c for c in children(node) if c.kind() != "interpolation_brace"), inner)
            if node.kind() == "interpolation"
            else inner
        )
        part = evaluate(source, inner, depth + 1)
        variable = variable or part.variable
        if part.constant is None:
            return Value(None, variable)
        text += str(part.constant)
    return Value(text, variable)


def _declared(source: Source, name: str) -> Node | None:
    """What a constant, variable or property of the file is declared as."""
    for node in source.all("variable_declarator", "property_declaration"):
        label = node.field("name") or next(iter(children(node)), None)
        if label is not None and label.text() == name:
            parts = list(children(node))
            return parts[-1] if len(parts) > 1 and parts[-1].kind() not in ("accessor_list", "identifier") else None
    return None


def _required(source: Source, node: Node) -> bool:
    """Whether nothing is done where the value is absent: no `??`, no comparison, no test for an empty string."""
    above = node.parent()
    below = node
    while above is not None and above.kind() in (
        "argument",
        "parenthesized_expression",
        "postfix_unary_expression",
        "argument_list",
        "invocation_expression",
    ):
        if above.kind() == "invocation_expression" and _FORESEEN.search(above.text().partition("(")[0]):
            return False
        below, above = above, above.parent()
    if above is None:
        return True
    if above.kind() == "binary_expression":
        right = above.field("right")
        return (
            "??" in above.text() and right is not None and right.kind() == "throw_expression"
            if right is not below
            else True
        )
    if above.kind() in (
        "is_pattern_expression",
        "conditional_expression",
        "if_statement",
        "conditional_access_expression",
        "switch_expression",
    ):
        return False
    if above.kind() in ("variable_declarator", "equals_value_clause"):
        declarator = above if above.kind() == "variable_declarator" else above.parent()
        label = (declarator.field("name") or next(iter(children(declarator)), None)) if declarator is not None else None
        return label is None or not _tested(source, label.text())
    return True


def _tested(source: Source, name: str) -> bool:
    """Whether a variable is compared, tested or given a default somewhere in the file."""
    for node in source.all("binary_expression", "is_pattern_expression", "conditional_access_expression"):
        first = next(iter(children(node)), None)
        if first is not None and first.text() == name and not re.search(r"\?\?\s*throw", node.text()):
            return True
    return any(
        _FORESEEN.search(call.text().partition("(")[0]) and any(a.text() == name for a in arguments(call))
        for call in source.all("invocation_expression")
    )
