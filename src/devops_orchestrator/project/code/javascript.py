"""What a JavaScript or TypeScript expression is worth: constants, environment variables, configuration of other modules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code import javascript_settings
from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.javascript_modules import (
    ENVIRONMENTS,
    LANGUAGES,
    Modules,
    argument,
    environment_name,
    is_test,
)
from devops_orchestrator.project.code.syntax import Source, children, unquote
from devops_orchestrator.project.tree import Tree

__all__ = ["LANGUAGES", "JavaScript", "argument", "environment_name", "is_test"]

Node = Any
_WRAPPERS = ("Number", "parseInt", "String", "parseFloat", "normalizePort", "int", "toInt")
_TRANSPARENT = (
    "parenthesized_expression", "as_expression", "non_null_expression", "await_expression", "satisfies_expression", "unary_expression",
)  # fmt: skip
_ELEMENTS = ("find", "map", "filter", "at", "shift")  # of a list of alternatives: the first that is there
_KEY = lazy(r"[A-Z][A-Z0-9_]*")
_CLASSES = ("class_declaration", "class", "abstract_class_declaration")
_FUNCTIONS = ("function_declaration", "arrow_function", "function_expression", "function", "method_definition")


class JavaScript(Modules):
    """The modules of one component, and what their expressions are worth."""

    def __init__(self, tree: Tree, files: Sequence[str], folder: str = ".") -> None:
        super().__init__(tree, files, folder)
        self._worth: dict[tuple[str, int, int], Value] = {}

    def value(self, source: Source, node: Node | None, depth: int = 0) -> Value:
        """What an expression is worth, as far as the code says it."""
        if node is None or depth > 8:
            return Value()
        place = node.range()
        key = (source.path, place.start.index, place.end.index)
        if key not in self._worth:
            self._worth[key] = Value()  # what is asked for while it is computed depends on itself
            self._worth[key] = self._value(source, node, depth)
        return self._worth[key]

    def _value(self, source: Source, node: Node, depth: int) -> Value:
        kind = node.kind()
        if kind == "number":
            text = node.text().replace("_", "")
            return Value(int(text) if text.isdigit() else None)
        if kind in ("string", "template_string"):
            return Value(unquote(node.text()))
        if kind in _TRANSPARENT:
            return Value() if node.text().startswith("!") else self.value(source, next(children(node), None), depth + 1)
        if kind == "binary_expression":
            if not re.search(r"\|\||\?\?", node.text()):
                return Value()
            return _either(self.value(source, node.field(side), depth + 1) for side in ("left", "right"))
        if kind == "ternary_expression":
            return _either(self.value(source, node.field(part), depth + 1) for part in ("consequence", "alternative"))
        if kind == "array":
            return _either(self.value(source, part, depth + 1) for part in children(node))
        if kind == "object":
            return self._described(source, node, depth)
        if kind == "call_expression":
            return self._call(source, node, depth)
        if kind == "identifier":
            given = self._parameter(source, node, depth)
            return given if given.port is not None or given.variable else self.identifier(source, node.text(), depth)
        if kind in ("member_expression", "subscript_expression"):
            return self._member(source, node, depth)
        return Value()

    def _described(self, source: Source, node: Node, depth: int) -> Value:
        """A setting that an object describes, as convict, envalid and JSON Schema do: `{ default: 3000, env: "PORT" }`."""
        default = Value()
        variable = None
        for pair in children(node):
            key = pair.field("key").text().strip("'\"") if pair.kind() == "pair" else ""
            if key in ("default", "devDefault"):
                default = self.value(source, pair.field("value"), depth + 1)
            elif key == "env":
                variable = unquote(pair.field("value").text())
        return Value(default.constant, variable or default.variable)

    def _call(self, source: Source, node: Node, depth: int) -> Value:
        function = node.field("function")
        name = function.text() if function is not None else ""
        last = name.rpartition(".")[2]
        inner = function.field("object") if function is not None and function.kind() == "member_expression" else None
        variable = environment_name(node)
        if variable:
            return Value(None, variable)
        if last == "default" and inner is not None:  # z.coerce.number().default(3000), env.get("PORT").default(3000)
            return Value(
                self.value(source, argument(node, 0), depth + 1).constant,
                self.value(source, inner, depth + 1).variable,
            )
        if inner is not None and last in _ELEMENTS and inner.kind() in ("array", "call_expression", "identifier"):
            return self.value(source, inner, depth + 1)
        if last in ("get", "getOrThrow"):
            return self._get(source, node, inner, depth)
        key = self.text_argument(node, 0)
        if key and _KEY.fullmatch(key) and argument(node, 1) is not None:  # env("PORT", 3000), env.int("PORT", 3000)
            return Value(self.value(source, argument(node, 1), depth + 1).constant, key)
        if key and _KEY.fullmatch(key) and re.search(r"env", name, re.I):  # getEnv("PORT")
            return Value(self._settled(key, depth).constant, key)
        if inner is not None and inner.kind() == "call_expression":  # …default(3000).describe("…"), …asPortNumber()
            return self.value(source, inner, depth + 1)
        if last in _WRAPPERS or argument(node, 1) is None:
            found = self.value(source, argument(node, 0), depth + 1)
            if found.constant is not None or found.variable:
                return found
        if last == "toString" and inner is not None:
            return self.value(source, inner, depth + 1)
        return Value()

    def _get(self, source: Source, node: Node, inner: Node | None, depth: int) -> Value:
        """`config.get("…")` of the usual configuration libraries, `app.get("port")`."""
        first = argument(node, 0)
        written = unquote(first.text()) if first is not None else None
        names = (written or "").split(".")
        if written and inner is not None and self.module_of(source, inner.text()) == "config":
            return javascript_settings.of_config_package(self, names)
        if len(names) > 1 and names[-1] == "port":  # NestJS: config.get("app.port")
            return self._configured(names[-1], depth)
        key = self.value(source, first, depth + 1).constant
        if isinstance(key, str) and _KEY.fullmatch(key):
            default = self.value(source, argument(node, 1), depth + 1).constant
            return Value(default if default is not None else self._settled(key, depth).constant, key)
        if key == "port":
            found = self._set_port(source, depth)
            return found if found.constant is not None or found.variable else self._configured("port", depth)
        return self.value(source, argument(node, 1), depth + 1)

    def _configured(self, key: str, depth: int) -> Value:
        """A key of the component's configuration modules."""
        for source in self.sources:
            for pair in source.all("pair") if "config" in source.path else ():
                left = pair.field("key")
                if left is not None and left.text() == key:
                    found = self.value(source, pair.field("value"), depth + 1)
                    if found.port is not None or found.variable:
                        return found
        return Value()

    def _settled(self, key: str, depth: int) -> Value:
        """The default of an environment variable in the schema that checks it, wherever that is."""
        for source in self.sources:
            for pair in source.all("pair") if key in source.text else ():
                left, right = pair.field("key"), pair.field("value")
                if left is None or right is None or left.text().strip("'\"") != key:
                    continue
                if right.kind() in ("call_expression", "object"):
                    found = self.value(source, right, depth + 1)
                    if found.constant is not None:
                        return Value(found.constant, key)
        return Value()

    def _set_port(self, source: Source, depth: int) -> Value:
        """`app.get("port")` of an earlier `app.set("port", …)`."""
        for other in dict.fromkeys((source, *self.sources)):
            for call in other.all("call_expression"):
                function = call.field("function")
                if function is not None and function.text().endswith(".set") and self.text_argument(call, 0) == "port":
                    return self.value(other, argument(call, 1), depth + 1)
        return Value()

    def _parameter(self, source: Source, node: Node, depth: int) -> Value:
        """What the callers of the function around a name give it: `function serve(app, port) { app.listen(port) }`."""
        name = node.text()
        for above in node.ancestors():
            if above.kind() not in _FUNCTIONS:
                continue
            for index, entry in enumerate(children(above.field("parameters"))):
                pattern = entry.field("pattern") or entry.field("left") or entry
                if pattern.text() != name:
                    continue
                default = self.value(source, entry.field("value") or entry.field("right"), depth + 1)
                if default.port is not None or default.variable:
                    return default
                for other, call in self._calls_of(source, above):
                    found = self.value(other, argument(call, index), depth + 1)
                    if found.port is not None or found.variable:
                        return found
                return Value()
        return Value()

    def _calls_of(self, source: Source, function: Node) -> list[tuple[Source, Node]]:
        named = function.field("name")
        above = function.parent()
        if named is None and above is not None and above.kind() == "variable_declarator":
            named = above.field("name")
        if named is None and above is not None and above.kind() == "assignment_expression":
            named = above.field("left")
        name = named.text().rpartition(".")[2] if named is not None else "exports"
        if name == "constructor":
            made = next((above.field("name") for above in function.ancestors() if above.kind() in _CLASSES), None)
            name = made.text() if made is not None else "constructor"
        found: list[tuple[Source, Node]] = []
        for other in self.sources:
            names = {name}
            if name == "exports":
                names = {
                    local for local, module, _ in self.imports(other) if self.resolve(other.path, module) == source.path
                }
                # require("./listen")(app, 3000)
                names |= {
                    f"require({mark}{module}{mark})"
                    for _, module, _ in self.imports(other)
                    for mark in "'\""
                    if self.resolve(other.path, module) == source.path
                }
            wanted = any(word and word in other.text for word in names)
            for call in other.all("call_expression", "new_expression") if wanted else ():
                called = call.field("function") or call.field("constructor")
                text = called.text() if called is not None else ""
                if text in names or text.rpartition(".")[2] in names:
                    found.append((other, call))
        return found

    def identifier(self, source: Source, name: str, depth: int) -> Value:
        """What a name is worth: declared, taken out of an object, or imported."""
        node = self.declared(source, name)
        if node is not None:
            return self.value(source, node, depth + 1)
        pattern = self.destructured(source, name)
        if pattern is not None:
            given, default = pattern
            value = self.value(source, default, depth + 1)
            if given is not None and given.text() in ENVIRONMENTS:
                return Value(value.constant, name)
            text = given.text() if given is not None else ""
            module = re.fullmatch(r"require\(['\"]([^'\"]+)['\"]\)", text)
            path = self.resolve(source.path, module[1]) if module else None
            other = self.source(path, always=True) if path else None
            if other is not None:
                return _either((self._exported(other, name, depth), value))
            found = self._property(source, text, name, depth)
            return found if found.constant is not None or found.variable else value
        module_name = self.module_of(source, name)
        target = self.resolve(source.path, module_name) if module_name else None
        other = self.source(target, always=True) if target else None
        return self._exported(other, name, depth) if other is not None else Value()

    def _exported(self, source: Source, name: str, depth: int) -> Value:
        """A name that a module exports: declared there, else a key of the object that it exports."""
        if depth > 8:
            return Value()
        found = self.identifier(source, name, depth + 1)
        return found if found.constant is not None or found.variable else self.setting(source, "", name, depth)

    def _member(self, source: Source, node: Node, depth: int) -> Value:
        name = environment_name(node)
        if name:
            return Value(None, name)
        target, key = node.field("object"), node.field("property")
        if target is None or key is None:
            return Value()
        return self._property(source, target.text(), key.text(), depth)

    def _property(self, source: Source, target: str, key: str, depth: int) -> Value:
        """`config.port`, where `config` is an object of this module or of one that it imports."""
        head = target.split(".")[0].split("(")[0]
        declared = self.declared(source, head)
        module = self.module_of(source, head)
        if (declared is not None and declared.text() in ENVIRONMENTS) or (
            head == "env" and module in ("process", "node:process")
        ):
            return Value(None, key)
        modules = [source] if key.isupper() or declared is not None or head == "this" else []
        path = self.resolve(source.path, module) if module else None
        other = self.source(path, always=True) if path else None
        if other is not None:
            modules.append(other)
            for _, inner, _node in self.imports(other):
                target_path = self.resolve(other.path, inner)
                below = self.source(target_path, always=True) if target_path else None
                modules += [below] if below else []
        for found_in in modules:
            found = self.setting(found_in, target.partition(".")[2], key, depth)
            if found.constant is not None or found.variable:
                return Value(found.constant, found.variable or (key if key.isupper() else None))
        return self._settled(key, depth) if _KEY.fullmatch(key) else Value()

    def setting(self, source: Source, path: str, key: str, depth: int) -> Value:
        """A key of the objects and classes of a module: below the named key first (`config.http` → `port`), then the outermost."""
        within = path.rpartition(".")[2]
        field = "field_definition" if source.language == "javascript" else "public_field_definition"
        found: list[tuple[tuple[int, int], Node]] = []
        for node in source.all("pair", field, "assignment_expression"):
            left = node.field("key") or node.field("name") or node.field("property") or node.field("left")
            text = left.text().strip("'\"") if left is not None else ""
            if node.kind() == "assignment_expression":
                text = text.rpartition(".")[2] if "." in text else ""
            if text != key:
                continue
            around = [above.field("key").text().strip("'\"") for above in node.ancestors() if above.kind() == "pair"]
            found.append(((0 if within and around[:1] == [within] else 1, len(around)), node))
        for node in source.all("shorthand_property_identifier"):  # module.exports = { port }
            if node.text() == key:
                value = self.identifier(source, key, depth + 1) if depth <= 8 else Value()
                if value.constant is not None or value.variable:
                    return value
        for _, node in sorted(found, key=lambda entry: entry[0]):
            value = self.value(source, node.field("value") or node.field("right"), depth + 1)
            if value.constant is not None or value.variable:
                return value
        return Value()


def _either(values: Any) -> Value:
    """Alternatives as one value: the first constant, the first variable."""
    found = list(values)
    return Value(
        next((value.constant for value in found if value.constant is not None), None),
        next((value.variable for value in found if value.variable), None),
    )
