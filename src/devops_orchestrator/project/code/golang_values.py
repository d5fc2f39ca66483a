"""What a Go expression is worth: constants, environment variables with their defaults, flags, configuration fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.golang import Go
from devops_orchestrator.project.code.golang_nodes import callee, enclosing, literal, pair, parameter
from devops_orchestrator.project.code.golang_reach import Reach
from devops_orchestrator.project.code.golang_settings import Settings
from devops_orchestrator.project.code.syntax import Source, children
from devops_orchestrator.project.tree import parent

Node = Any
ENVIRONMENT = lazy(r"[A-Z][A-Z0-9_]*")
_FUNCTIONS = ("function_declaration", "method_declaration")
_SAME = frozenset(
    {"Itoa", "Atoi", "ParseInt", "ParseUint", "string", "int", "String", "TrimSpace", "TrimPrefix", "TrimSuffix", "TrimLeft", "int64", "uint16", "Sprint", "FormatInt"}
)  # fmt: skip


class Values:
    """The values of one program's expressions."""

    def __init__(self, code: Go, reach: Reach) -> None:
        self.code = code
        self.reach = reach
        self._known: dict[tuple[str, int, int], Value] = {}
        self.prefixes: dict[tuple[str, int, int], str] = {}  # what golang_routes knows of routers

    @cached_property
    def sources(self) -> list[Source]:
        """The program's files, those of `main` first."""
        found = [source for folder in sorted(self.reach.folders) for source in self.code.package(folder)]
        return sorted(found, key=lambda source: (self.code.first(source.path), source.path.count("/"), source.path))

    def nodes(self, *kinds: str) -> Iterator[tuple[Source, Node]]:
        """The nodes of these kinds that the program can come to."""
        for source in self.sources:
            for node in source.all(*kinds):
                if self.reach.holds(source.at(node)):
                    yield source, node

    @cached_property
    def calls(self) -> dict[str, list[tuple[Source, Node]]]:
        """Last name of what is called → the calls."""
        found: dict[str, list[tuple[Source, Node]]] = {}
        for source, call in self.nodes("call_expression"):
            found.setdefault(callee(call), []).append((source, call))
        return found

    @cached_property
    def settings(self) -> Settings:
        """Flags, configuration keys and tagged fields."""
        return Settings(self)

    @cached_property
    def functions(self) -> dict[str, list[tuple[Source, Node]]]:
        """Name → the functions and methods of that name."""
        found: dict[str, list[tuple[Source, Node]]] = {}
        for source, node in self.nodes(*_FUNCTIONS):
            name = node.field("name")
            if name is not None:
                found.setdefault(name.text(), []).append((source, node))
        return found

    @cached_property
    def readers(self) -> set[str]:
        """The program's own functions that read the environment variable which they are given."""
        found: set[str] = set()
        for name in ("Getenv", "LookupEnv"):
            for _, call in self.calls.get(name, []):
                first = next(children(call.field("arguments")), None)
                around = enclosing(call, *_FUNCTIONS)
                own = around.field("name") if around is not None else None
                if own is not None and self.given(call, first):
                    found.add(own.text())
        return found

    def given(self, call: Node, argument: Node | None) -> bool:
        """Whether an argument is a parameter of the function around a call."""
        around = enclosing(call, *_FUNCTIONS)
        return (
            argument is not None
            and argument.kind() == "identifier"
            and around is not None
            and parameter(around, argument.text()) is not None
        )

    @cached_property
    def assigned(self) -> dict[str, list[tuple[Source, Node, Node, int]]]:
        """Name (last one: `Port` of `cfg.Port = …`) → file, statement, value and position on the left side."""
        found: dict[str, list[tuple[Source, Node, Node, int]]] = {}
        for source, node in self.nodes("short_var_declaration", "assignment_statement", "var_spec", "const_spec"):
            left, right = node.field("left"), node.field("right") or node.field("value")
            if right is None:
                continue
            names = (
                [child for child in node.children() if child.kind() == "identifier"]
                if left is None
                else list(children(left))
            )
            values = list(children(right)) if right.kind() == "expression_list" else [right]
            for index, name in enumerate(names):
                value = values[index] if index < len(values) else values[-1]
                last = name.text().rpartition(".")[2].lstrip("*")
                found.setdefault(last, []).append((source, node, value, index))
        return found

    @cached_property
    def elements(self) -> dict[str, list[tuple[Source, Node]]]:
        """Field → the values that composite literals give it; those of mocks left out."""
        found: dict[str, list[tuple[Source, Node]]] = {}
        for source, element in self.nodes("keyed_element"):
            named = pair(element)
            if named and not re.search(r"(mock|fake|stub)[^/]*\.go$", source.path):
                found.setdefault(named[0], []).append((source, named[1]))
        return found

    def value(self, source: Source, node: Node | None, depth: int = 0) -> Value:
        """What an expression is worth, as far as the code says it."""
        if node is None or depth > 40:
            return Value()
        place = node.range()
        key = (source.path, place.start.index, place.end.index)
        if key not in self._known:
            self._known[key] = Value()  # a value that leads to itself says nothing
            self._known[key] = self._value(source, node, depth)
        return self._known[key]

    def _value(self, source: Source, node: Node, depth: int) -> Value:
        kind = node.kind()
        text = literal(node)
        if text is not None:
            return Value(text)
        if kind == "int_literal":
            digits = node.text().replace("_", "")
            return Value(int(digits)) if digits.isdigit() else Value()
        if kind in ("parenthesized_expression", "literal_element", "expression_list"):
            return self.value(source, next(children(node), None), depth + 1)
        if kind == "unary_expression":
            return self.value(source, node.field("operand"), depth + 1)
        if kind == "binary_expression":
            return _joined(*(self.value(source, node.field(side), depth + 1) for side in ("left", "right")))
        if kind == "call_expression":
            return self._call(source, node, depth)
        if kind == "identifier":
            return self._named(source, node, depth)
        if kind == "selector_expression":
            return self._selected(source, node, depth)
        return Value()

    def _call(self, source: Source, node: Node, depth: int) -> Value:
        name, function = callee(node), node.field("function")
        arguments = list(children(node.field("arguments")))
        whole = function.text() if function is not None else ""
        if whole in ("os.Getenv", "os.LookupEnv", "syscall.Getenv") and arguments:
            return Value(None, self._text(source, arguments[0], depth))
        if name in ("Sprintf", "Sprint") and whole.startswith("fmt.") and len(arguments) > 1:
            return self._formatted(source, arguments, depth)
        if name == "JoinHostPort" or (name in _SAME and arguments and not (name == "String" and len(arguments) > 1)):
            chosen = arguments[-1 if name == "JoinHostPort" else 0] if arguments else None
            found = self.value(source, chosen, depth + 1)
            if found != Value() or name != "String":
                return found
        if whole in ("path.Join", "url.JoinPath") and arguments:
            parts = [self.value(source, argument, depth + 1).constant for argument in arguments]
            text = "/".join(str(part).strip("/") for part in parts if part not in (None, "", "/"))
            return Value(f"/{text}" if str(parts[0] or "/").startswith("/") else text)
        if name == "Or" and whole == "cmp.Or":
            return _either([self.value(source, argument, depth + 1) for argument in arguments])
        setting = self.settings.called(source, node, name, arguments)
        if setting is not None:
            return setting
        # getEnv("PORT", "8080") and its like: a variable and a default
        if len(arguments) > 1 and (name in self.readers or re.search(r"env|default|fallback|lookup|get", name, re.I)):
            key = self._text(source, arguments[0], depth)
            if key and ENVIRONMENT.fullmatch(key):
                return Value(self.value(source, arguments[1], depth + 1).constant, key)
        if len(arguments) == 1 and (name in self.readers or re.search(r"env", name, re.I)):
            key = self._text(source, arguments[0], depth)
            if key and ENVIRONMENT.fullmatch(key):
                return Value(None, key)
        return self._returned(name, function, source, depth)

    def _text(self, source: Source, node: Node, depth: int) -> str | None:
        found = self.value(source, node, depth + 1).constant
        return found if isinstance(found, str) else None

    def _formatted(self, source: Source, arguments: list[Node], depth: int) -> Value:
        template = self._text(source, arguments[0], depth)
        values = [self.value(source, argument, depth + 1) for argument in arguments[1:]]
        if template is None:
            return Value()
        variable = next((value.variable for value in reversed(values) if value.variable), None)
        if all(value.constant is not None for value in values):
            texts = iter([str(value.constant) for value in values])
            return Value(re.sub(r"%[dsvq]", lambda _: next(texts, ""), template), variable)
        if re.search(r":?%[dsv]$", template):
            return values[-1]
        return Value(template) if re.search(r":\d+$", template) else Value()

    def _returned(self, name: str, function: Node | None, source: Source, depth: int) -> Value:
        """What a function of the program returns: of several returns the last constant, and any variable."""
        if function is None:
            return Value()
        if function.kind() == "selector_expression" and not self._ours(source, function):
            return Value()
        found = self.functions.get(name, [])
        if not 0 < len(found) < 4:
            return Value()
        other, node = min(
            found, key=lambda entry: (entry[0] is not source, parent(entry[0].path) != parent(source.path))
        )
        values: list[Value] = []
        for statement in node.find_all(kind="return_statement"):
            value = next(children(next(children(statement), None)), None)
            if value is not None and enclosing(statement, "func_literal", *_FUNCTIONS) == node:
                values.append(self.value(other, value, depth + 2))
        return _either(values)

    def _ours(self, source: Source, function: Node) -> bool:
        """Whether what stands before the dot can be of the program: no package from elsewhere."""
        package = self.code.imports(source).get(function.field("operand").text())
        return package is None or self.code.place(package) is not None

    def _named(self, source: Source, node: Node, depth: int) -> Value:
        name = node.text()
        inside = enclosing(node, *_FUNCTIONS)
        folder = parent(source.path)
        near, far = [], []
        for other, statement, value, index in self.assigned.get(name, []):
            if value.range() == node.range() or parent(other.path) != folder:
                continue
            around = enclosing(statement, *_FUNCTIONS)
            if around is not None and around == inside:
                if statement.range().start.index < node.range().start.index:
                    near.append((other, value, index))
            elif around is None:
                far.append((other, value, index))
        found = self._all(near or (far if inside is None or parameter(inside, name) is None else []), depth)
        if found.constant in (None, ""):
            bound = self.settings.bound(name, folder)
            if bound is not None:
                return bound
        if found != Value() or inside is None:
            return found
        return self._argument(source, inside, name, depth)

    def _all(self, entries: list[tuple[Source, Node, int]], depth: int) -> Value:
        """Several assignments of one name: the last constant that is not "", and any variable."""
        constant, variable = None, None
        for other, value, index in entries:
            if index and value.kind() == "call_expression":
                continue  # the second result of a call is an error or a flag
            found = self.value(other, value, depth + 1)
            constant = found.constant if found.constant not in (None, "") else constant
            variable = found.variable or variable
        return Value(constant, variable)

    def _argument(self, source: Source, function: Node, name: str, depth: int) -> Value:
        """A parameter: what the calls of its function give it."""
        position = parameter(function, name)
        own = function.field("name")
        if position is None or own is None:
            return Value()
        for other, call in self.called(source, function):
            arguments = list(children(call.field("arguments")))
            found = self.value(other, arguments[position], depth + 1) if position < len(arguments) else Value()
            if found != Value():
                return found
        return Value()

    def _near(self, source: Source, name: str, entries: list[Any]) -> list[Any]:
        """What fills a field, the same package first; a field that begins small belongs to its package alone."""
        folder = parent(source.path)
        here = [entry for entry in entries if parent(entry[0].path) == folder]
        return here if name[:1].islower() else here + [entry for entry in entries if parent(entry[0].path) != folder]

    def called(self, source: Source, function: Node) -> list[tuple[Source, Node]]:
        """The calls of a function or method that is declared in `source`: of a function only those that name its package."""
        own = function.field("name")
        folder = parent(source.path)
        method = function.kind() == "method_declaration"
        found: list[tuple[Source, Node]] = []
        for other, call in self.calls.get(own.text(), []) if own is not None else ():
            target = call.field("function")
            if target.kind() == "selector_expression":
                package = self.code.imports(other).get(target.field("operand").text())
                fits = method if package is None else not method and self.code.place(package) == folder
            else:
                fits = not method and parent(other.path) == folder
            if fits:
                found.append((other, call))
        return sorted(found, key=lambda entry: parent(entry[0].path) != folder)[:8]

    def _selected(self, source: Source, node: Node, depth: int) -> Value:
        """`cfg.Port`: a constant of another package, a field that code or a struct tag fills."""
        key, operand = node.field("field"), node.field("operand")
        name = key.text() if key is not None else ""
        package = self.code.imports(source).get(operand.text()) if operand is not None else None
        if package is not None:
            place = self.code.place(package)
            entries = [
                (o, v, i) for o, s, v, i in self.assigned.get(name, []) if parent(o.path) == place and _outside(s)
            ]
            return self._all(entries, depth)
        owner = operand.text().rpartition(".")[2] if operand is not None else ""
        tagged = self.settings.field(owner, name)
        if tagged is not None and tagged.constant is not None:
            return tagged
        variable = tagged.variable if tagged else None
        given = [
            self.value(other, element, depth + 1)
            for other, element in self._near(source, name, self.elements.get(name, []))
        ]
        filled = next((one for one in given if one.constant not in (None, "") or one.variable), None)
        for other, statement, value_node, index in self._near(source, name, self.assigned.get(name, [])):
            left = statement.field("left")
            if left is None or "." not in left.text() or index:
                continue
            value = self.value(other, value_node, depth + 1)
            if value.constant in (None, "") and not value.variable:
                continue
            if filled is None:
                filled = value
            elif value.constant is None and not _conditional(statement):
                return value  # set whatever the literal said: its constant is no default
            elif filled.variable is None:
                filled = Value(filled.constant, value.variable)
        if filled is not None:
            return Value(filled.constant, filled.variable or variable)
        bound = self.settings.bound(name, None)
        return bound if bound is not None else Value(None, variable)


def _conditional(statement: Node) -> bool:
    """Whether a statement stands in an `if`."""
    above = enclosing(statement, "if_statement", *_FUNCTIONS)
    return above is not None and above.kind() == "if_statement"


def _outside(statement: Node) -> bool:
    return enclosing(statement, *_FUNCTIONS) is None


def _joined(left: Value, right: Value) -> Value:
    variable = right.variable or left.variable
    if left.constant is not None and right.constant is not None:
        return Value(f"{left.constant}{right.constant}", variable)
    if isinstance(left.constant, str) and left.constant.endswith(":"):
        return right if right.variable else Value(None, variable)
    # A variable that is not set is "" in Go: what is joined to it is the default.
    texts = [v.constant for v in (left, right) if isinstance(v.constant, str)]
    if right.constant is not None and isinstance(left.constant, type(None)) and ":" in str(right.constant):
        return Value(right.constant, variable)
    return Value(texts[0] if texts and variable else None, variable)


def _either(values: list[Value]) -> Value:
    """Of several possible values the last constant, and any variable."""
    constant = next((value.constant for value in reversed(values) if value.constant not in (None, "")), None)
    return Value(constant, next((value.variable for value in values if value.variable), None))
