"""What a Rust expression is worth: constants, environment variables with their defaults, fields of settings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.rust import Crate, around, literal, name_of, path_of, receiver, struct_of
from devops_orchestrator.project.code.syntax import Source, children
from devops_orchestrator.project.tree import Tree

Node = Any
# Methods that hand their receiver's value on.
_SAME = frozenset(
    {"unwrap", "expect", "to_string", "into", "to_owned", "parse", "as_str", "ok", "clone", "as_ref", "as_deref", "map_err", "context", "with_context",
     "to_socket_addrs", "and_then", "ok_or", "ok_or_else", "trim", "as_bytes", "try_into", "next", "await", "into_string", "map"}
)  # fmt: skip
_ELSE = frozenset(
    {"unwrap_or", "unwrap_or_else", "or", "or_else", "map_or", "map_or_else", "unwrap_or_default", "or_insert"}
)


class Rust(Crate):
    """The sources of one package, and what its expressions are worth."""

    def __init__(self, tree: Tree, files: Iterable[str], aside: Iterable[str] = (), *, serves: bool = True) -> None:
        super().__init__(tree, files, aside, serves=serves)
        self._known: dict[tuple[str, int, int], Value] = {}

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
        if kind == "integer_literal":
            digits = re.match(r"[\d_]+", node.text())
            return Value(int(digits[0].replace("_", ""))) if digits else Value()
        if kind in (
            "reference_expression",
            "try_expression",
            "await_expression",
            "parenthesized_expression",
            "type_cast_expression",
            "unary_expression",
        ):
            return self.value(source, next(children(node), None), depth + 1)
        if kind in ("tuple_expression", "array_expression"):
            parts = list(children(node))
            return self.value(source, parts[-1], depth + 1) if parts else Value()
        if kind in ("closure_expression", "block", "match_expression", "if_expression"):
            return self._ends(source, node, depth)
        if kind == "call_expression":
            return self._call(source, node, depth)
        if kind == "macro_invocation":
            return self._macro(source, node, depth)
        if kind == "identifier":
            return self._named(source, node, node.text(), depth)
        if kind == "scoped_identifier":
            return self._constant(node.text().rpartition("::")[2], depth)
        if kind == "field_expression":
            return self.field(source, node, depth)
        return Value()

    def _ends(self, source: Source, node: Node, depth: int) -> Value:
        """The last expressions of a block's branches: a constant of the last one that has one, and any variable."""
        kind = node.kind()
        if kind == "match_expression":
            arms = [arm.field("value") for arm in node.find_all(kind="match_arm")]
            values = [self.value(source, arm, depth + 1) for arm in arms if arm is not None]
            values.append(Value(None, self.value(source, node.field("value"), depth + 1).variable))
            return either(values)
        if kind == "if_expression":
            branches = [
                node.field("consequence"),
                *(children(node.field("alternative")) if node.field("alternative") is not None else ()),
            ]
            condition = node.field("condition")
            values = [self.value(source, branch, depth + 1) for branch in branches if branch is not None]
            inner = (
                [self.value(source, call, depth + 1) for call in condition.find_all(kind="call_expression")]
                if condition is not None
                else []
            )
            return either([*values, *(Value(None, one.variable) for one in inner)])
        last = _result(list(children(node))) if kind == "block" else node.field("body")
        return self.value(source, last, depth + 1)

    def _call(self, source: Source, node: Node, depth: int) -> Value:
        path, name = path_of(node), name_of(node)
        arguments = list(children(node.field("arguments")))
        if (
            re.fullmatch(r"(std::)?env::(var|var_os)|(dotenvy|dotenv)::var|(\w+::)?(var|env_var|get_env)", path)
            and arguments
        ):
            key = self.value(source, arguments[0], depth + 1).constant
            fallback = self.value(source, arguments[1], depth + 1).constant if len(arguments) > 1 else None
            return Value(fallback, key) if isinstance(key, str) and re.fullmatch(r"[A-Za-z_]\w*", key) else Value()
        operand = receiver(node)
        if operand is not None:
            if name in _SAME:
                return self.value(source, operand, depth + 1)
            if name in _ELSE:
                found = self.value(source, operand, depth + 1)
                other = self.value(source, arguments[0], depth + 1) if arguments else Value()
                return Value(
                    other.constant if other.constant is not None else found.constant, found.variable or other.variable
                )
        if name in ("from", "new", "from_str", "Some", "Ok", "try_from") and arguments:
            return self.value(source, arguments[-1], depth + 1)
        functions = self.functions.get(name, [])
        if not 0 < len(functions) < 4 or (operand is None and path.startswith(("std::", "tokio::"))):
            return Value()
        other_source, function = min(functions, key=lambda entry: entry[0] is not source)
        return self._returned(other_source, function, depth)

    def _returned(self, source: Source, function: Node, depth: int) -> Value:
        body = function.field("body")
        parts = list(children(body))
        values = (
            [
                self.value(source, next(children(one), None), depth + 1)
                for one in body.find_all(kind="return_expression")
            ]
            if body
            else []
        )
        last = _result(parts)
        if last is not None:
            values.append(self.value(source, last, depth + 1))
        return either(values)

    def _macro(self, source: Source, node: Node, depth: int) -> Value:
        """`format!("0.0.0.0:{}", port)`, `env!("PORT")`: the last placeholder's value behind what is written."""
        name = node.field("macro")
        tokens = next((child for child in node.children() if child.kind() == "token_tree"), None)
        parts = list(children(tokens))
        if name is None or not parts:
            return Value()
        text = literal(parts[0])
        if name.text() in ("option_env", "env") and text:
            return Value(None, None)
        if name.text() != "format" or text is None:
            return Value()
        if "{" not in text:
            return Value(text)
        last = re.search(r"\{([\w.]*)(?::[^}]*)?\}$", text)
        if last is None:
            return Value(text) if re.search(r":\d+$", text) else Value()
        if last[1] and not last[1].isdigit():
            return self._named(source, node, last[1], depth)
        rest = ("" if tokens is None else tokens.text()).rpartition(",")[2].strip(" )\n") if len(parts) > 1 else ""
        field = re.fullmatch(r"&?(?:[\w.]+\.)?(\w+)(\(\))?", rest)
        if field is None:
            return Value()
        if field[2]:
            found = self.functions.get(field[1], [])
            return self._returned(*found[0], depth) if len(found) == 1 else Value()
        return (
            self._named(source, node, field[1], depth)
            if "." not in rest
            else self.of_field(field[1], rest.lstrip("&").split(".")[-2].lower(), depth)
        )

    def _named(self, source: Source, node: Node, name: str, depth: int) -> Value:
        function = around(node, "function_item")
        constant, variable = None, None
        for let in function.find_all(kind="let_declaration") if function is not None else ():
            pattern = let.field("pattern")
            if (
                pattern is not None
                and re.search(rf"\b{re.escape(name)}\b", pattern.text())
                and let.range().start.index < node.range().start.index
            ):
                found = self.value(source, let.field("value"), depth + 1)
                constant = found.constant if found.constant is not None else constant
                variable = found.variable or variable
        if constant is not None or variable:
            return Value(constant, variable)
        found = self._constant(name, depth)
        if found != Value() or function is None:
            return found
        return self._argument(function, name, depth)

    def _argument(self, function: Node, name: str, depth: int) -> Value:
        names = [
            one.field("pattern").text() for one in children(function.field("parameters")) if one.kind() == "parameter"
        ]
        own = function.field("name")
        if name not in names or own is None:
            return Value()
        position = names.index(name)
        for other, call in self.calls.get(own.text(), [])[:8]:
            arguments = list(children(call.field("arguments")))
            found = self.value(other, arguments[position], depth + 1) if position < len(arguments) else Value()
            if found != Value():
                return found
        return Value()

    def _constant(self, name: str, depth: int) -> Value:
        for other, node in self.constants.get(name, []):
            found = self.value(other, node.field("value"), depth + 1)
            if found != Value():
                return found
        return Value()

    def field(self, source: Source, node: Node, depth: int = 0) -> Value:
        """`settings.port`: what attributes, `Default` and struct expressions say of the field."""
        name, operand = node.field("field"), node.field("value")
        owner = re.sub(r"\(.*\)|[&*]", "", operand.text()).rpartition(".")[2] if operand is not None else ""
        return self.of_field(name.text() if name is not None else "", owner.lower(), depth)

    def of_field(self, name: str, owner: str = "", depth: int = 0) -> Value:
        """What a field is worth; `owner` is what stands before the dot: `metrics.port` is not `settings.port`."""
        variable = None
        for source, _, attributes in (entry for entry in self.fields.get(name, []) if fits(struct_of(entry[1]), owner)):
            for text in attributes:
                found = self._attribute(source, text, name, depth)
                if found.constant is not None:
                    return found
                variable = variable or found.variable
        constant = None
        for other, node in (entry for entry in self.filled.get(name, []) if fits(_literal_of(entry[1]), owner)):
            if (
                node.kind() in ("identifier", "field_identifier")
                and node.text() == name
                and around(node, "function_item") is not None
            ):
                found = self._named(other, node, name, depth)
            else:
                found = self.value(other, node, depth + 1)
            constant = found.constant if constant is None else constant
            variable = variable or found.variable
        if constant is None:
            for key in (f"{owner}.{name}", name):
                if key in self.defaults:
                    return Value(self.defaults[key].constant, variable)
        return Value(constant, variable)

    @cached_property
    def defaults(self) -> dict[str, Value]:
        """Key → value of config's `set_default("server.port", 8080)`."""
        found: dict[str, Value] = {}
        for source, call in self.calls.get("set_default", []):
            parts = list(children(call.field("arguments")))
            key = literal(parts[0]) if len(parts) == 2 else None
            if key:
                found.setdefault(key, self.value(source, parts[1]))
        return found

    def _attribute(self, source: Source, text: str, name: str, depth: int) -> Value:
        """clap's and serde's attributes, smart-default's `#[default(8080)]`."""
        given = re.search(r'default_value(?:_t)?\s*=\s*(?:"([^"]*)"|([\w:]+))', text)
        built = re.match(
            r'#\[\s*(?:builder|derivative|educe)\(.*\bdefault(?:_value)?\s*=\s*"([^"]*)"', text, re.I | re.S
        )
        bare = re.match(r"#\[\s*default\(\s*(?:\"([^\"]*)\"|([\w:]+))", text)
        made = re.match(r'#\[\s*serde\(.*\bdefault\s*=\s*"([\w:]+)"', text, re.S)
        variable = env_of(text, name)
        for found in (given, bare):
            if found:
                if found[1] is not None:
                    return Value(found[1], variable)
                digits = found[2].replace("_", "")
                return (
                    Value(int(digits), variable)
                    if digits.isdigit()
                    else Value(self._constant(found[2].rpartition("::")[2], depth).constant, variable)
                )
        if built and (number := re.fullmatch(r"(\d+)(?:u16)?|(?:String::from\()?\\?[\"']?([\w.]*:\d+).*", built[1])):
            return Value(int(number[1]) if number[1] else number[2], variable)
        if made:
            functions = self.functions.get(made[1].rpartition("::")[2], [])
            return Value(self._returned(*functions[0], depth + 1).constant, variable) if functions else Value()
        return Value(None, variable)


_OTHERS = lazy(
    r"(?i)db|database|redis|smtp|mail|postgres|mysql|mongo|metric|grpc|rpc|proxy|kafka|amqp|rabbit|nats|telemetry|otel"
)


def fits(struct: str, owner: str) -> bool:
    """Whether a struct can be what is called `owner`: one for a database or for metrics only where the name says so."""
    said = _OTHERS.search(struct)
    return said is None or said[0].lower() in owner


def _literal_of(value: Node) -> str:
    """The type of the struct expression that a value stands in; of `Self` the type that is implemented."""
    above = around(value, "struct_expression", "function_item")
    name = above.field("name") if above is not None and above.kind() == "struct_expression" else None
    if name is None or name.text() != "Self":
        return str(name.text()) if name is not None else ""
    implemented = around(value, "impl_item")
    kind = implemented.field("type") if implemented is not None else None
    return str(kind.text()) if kind is not None else ""


def env_of(attribute: str, field: str) -> str | None:
    """The variable of clap's `#[arg(env = "PORT")]` or `#[arg(env)]`; None for another attribute."""
    if not re.match(r"#\[\s*(clap|arg|structopt|option)\(", attribute):
        return None
    given = re.search(r'\benv\s*(?:=\s*(?:"([A-Za-z_]\w*)"|([A-Z]\w*)))?\s*(?=[,)\n])', attribute)
    if given is None:
        return None
    return given[1] or (field.upper() if not given[2] else None)


def _result(parts: list[Node]) -> Node | None:
    """The expression that a block's parts end with, without a semicolon; None where there is none."""
    last = parts[-1] if parts else None
    if last is None or last.kind() == "let_declaration":
        return None
    if last.kind() == "expression_statement":
        return None if last.text().rstrip().endswith(";") else next(children(last), None)
    return last


def either(values: list[Value]) -> Value:
    """Of several possible values the last constant, and any variable."""
    constant = next((value.constant for value in reversed(values) if value.constant not in (None, "")), None)
    return Value(constant, next((value.variable for value in values if value.variable), None))
