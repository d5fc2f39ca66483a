"""JavaScript and TypeScript: modules, what an expression is worth, environment variables, imports."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from devops_orchestrator.project.code.facts import Value
from devops_orchestrator.project.code.syntax import Source, Sources, child_of, children, unquote
from devops_orchestrator.project.tree import Tree

Node = Any
LANGUAGES = {
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "tsx",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
}
_TEST = re.compile(
    r"(^|/)(__tests__|__mocks__|tests?|e2e|cypress|spec)/|\.(test|spec|e2e|e2e-spec|cy|stories)\.[cm]?[jt]sx?$"
)
_WORDS = re.compile(
    r"listen|process\.env|import\.meta\.env|Deno\.env|Bun\.(serve|env)|serve\(|[Rr]outer|express|fastify|\.(get|all|use|route|register)\(|Controller|createEnv|z\.object|envalid|ConfigService|configService|port\b"
)
_BUILT = re.compile(r"(^|/)(dist|build|out|coverage|storybook-static)/|\.min\.[cm]?js$")
_ENTRY = ("main", "server", "index", "app", "www", "start")
_WRAPPERS = ("Number", "parseInt", "String", "parseFloat", "normalizePort", "int", "toInt")
_EXTENSIONS = (
    "",
    ".ts",
    ".tsx",
    ".js",
    ".mjs",
    ".cjs",
    ".mts",
    ".cts",
    ".jsx",
    "/index.ts",
    "/index.js",
    "/index.tsx",
    "/index.mjs",
)


def is_test(path: str) -> bool:
    """Whether a file is a test."""
    return bool(_TEST.search(path))


def _first(path: str) -> int:
    name = path.rpartition("/")[2].partition(".")[0]
    if re.search(r"\.config\.|/config/", f"/{path}"):
        return len(_ENTRY)
    return _ENTRY.index(name) if name in _ENTRY else len(_ENTRY) + 1


class JavaScript(Sources):
    """The modules of one component."""

    def __init__(self, tree: Tree, files: Sequence[str]) -> None:
        built = [path for path in files if not _BUILT.search(path)]
        super().__init__(tree, built or files, LANGUAGES, _WORDS, is_test, _first)
        self.known = {*self.paths, *self.tests}
        self._imports: dict[str, list[tuple[str, str, Node]]] = {}
        self._declared: dict[str, dict[str, Node]] = {}

    def resolve(self, path: str, specifier: str) -> str | None:
        """The component's file that a relative import names, or None."""
        if not specifier.startswith("."):
            return self._alias(specifier)
        base = posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier))
        return self._file(base)

    def _file(self, base: str) -> str | None:
        stem = re.sub(r"\.[cm]?jsx?$", "", base)
        return next(
            (base_ + ext for base_ in dict.fromkeys((base, stem)) for ext in _EXTENSIONS if base_ + ext in self.known),
            None,
        )

    def _alias(self, specifier: str) -> str | None:
        """`@/lib/db` and `~/lib/db`, as most templates map them."""
        if not specifier.startswith(("@/", "~/")):
            return None
        for root in self.roots:
            found = self._file(posixpath.normpath(posixpath.join(root, specifier[2:])))
            if found:
                return found
        return None

    @cached_property
    def roots(self) -> list[str]:
        top = posixpath.commonpath([posixpath.dirname(p) or "." for p in self.known]) if self.known else "."
        return [posixpath.join(top, "src"), top, posixpath.join(top, "app")]

    def imports(self, source: Source) -> list[tuple[str, str, Node]]:
        """(local name, module, node) of the imports that run; `import type` brings nothing."""
        if source.path not in self._imports:
            self._imports[source.path] = self._read_imports(source)
        return self._imports[source.path]

    def _read_imports(self, source: Source) -> list[tuple[str, str, Node]]:
        found: list[tuple[str, str, Node]] = []
        for node in source.all("import_statement", "export_statement"):
            given = node.field("source")
            module = unquote(given.text()) if given else None
            if module is None or re.match(r"(import|export)\s+type\b", node.text()):
                continue
            clause = child_of(node, "import_clause")
            names = [n.text() for n in clause.find_all(kind="identifier")] if clause else []
            for name in names or [""]:
                found.append((name, module, node))
        for node in source.all("call_expression"):
            function = node.field("function")
            word = function.text() if function else ""
            if word in ("require", "import"):
                module = self.text_argument(node, 0)
                if module:
                    above = node.parent()
                    name = above.field("name") if above and above.kind() == "variable_declarator" else None
                    names = (
                        [name.text()]
                        if name and name.kind() == "identifier"
                        else [n.text() for n in name.find_all(kind="shorthand_property_identifier_pattern")]
                        if name
                        else []
                    )
                    for entry in names or [""]:
                        found.append((entry, module, node))
        return found

    def text_argument(self, call: Node, index: int) -> str | None:
        found = argument(call, index)
        return unquote(found.text()) if found is not None and found.kind() in ("string", "template_string") else None

    def declared(self, source: Source, name: str) -> Node | None:
        """The value that a name is declared with in a module, or None."""
        if source.path not in self._declared:
            names: dict[str, Node] = {}
            for node in source.all("variable_declarator"):
                left, right = node.field("name"), node.field("value")
                if left is not None and right is not None and left.kind() == "identifier":
                    names.setdefault(left.text(), right)
            self._declared[source.path] = names
        return self._declared[source.path].get(name)

    def destructured(self, source: Source, name: str) -> tuple[Node, Node | None] | None:
        """(object, default) of `const { name = default } = object`, or None."""
        for node in source.all("object_pattern"):
            declarator = node.parent()
            if declarator is None or declarator.kind() != "variable_declarator":
                continue
            for entry in children(node):
                left = entry.field("left") if entry.kind() == "object_assignment_pattern" else entry
                if left is not None and left.text() == name:
                    return declarator.field("value"), entry.field("right") if entry is not left else None
        return None

    def value(self, source: Source, node: Node | None, depth: int = 0) -> Value:
        """What an expression is worth, as far as the code says it."""
        if node is None or depth > 8:
            return Value()
        kind = node.kind()
        if kind == "number":
            text = node.text().replace("_", "")
            return Value(int(text) if text.isdigit() else None)
        if kind in ("string", "template_string"):
            return Value(unquote(node.text()))
        if kind in (
            "parenthesized_expression",
            "as_expression",
            "non_null_expression",
            "await_expression",
            "satisfies_expression",
            "unary_expression",
        ):
            return self.value(source, next(children(node), None), depth + 1)
        if kind == "binary_expression":
            left, right = (
                self.value(source, node.field("left"), depth + 1),
                self.value(source, node.field("right"), depth + 1),
            )
            constant = left.constant if left.constant is not None else right.constant
            return Value(constant, left.variable or right.variable) if re.search(r"\|\||\?\?", node.text()) else Value()
        if kind == "ternary_expression":
            found = [self.value(source, node.field(part), depth + 1) for part in ("consequence", "alternative")]
            return Value(
                next((v.constant for v in found if v.constant is not None), None),
                next((v.variable for v in found if v.variable), None),
            )
        if kind == "call_expression":
            return self._call(source, node, depth)
        if kind == "identifier":
            return self.identifier(source, node.text(), depth)
        if kind in ("member_expression", "subscript_expression"):
            return self._member(source, node, depth)
        return Value()

    def _call(self, source: Source, node: Node, depth: int) -> Value:
        function = node.field("function")
        name = function.text() if function is not None else ""
        last = name.rpartition(".")[2]
        if (
            last == "default" and function is not None and function.kind() == "member_expression"
        ):  # z.coerce.number().default(3000)
            return self.value(source, argument(node, 0), depth + 1)
        if last in ("get", "getOrThrow"):
            dotted_key = argument(node, 0)
            names = (unquote(dotted_key.text()) or "").split(".") if dotted_key is not None else []
            if len(names) > 1 and names[-1] == "port":  # NestJS: config.get("app.port")
                return self._configured(names[-1], depth)
            key = self.value(source, argument(node, 0), depth + 1).constant
            if isinstance(key, str) and re.fullmatch(r"[A-Z][A-Z0-9_]*", key):
                return Value(self.value(source, argument(node, 1), depth + 1).constant, key)
            if key == "port":
                return self._set_port(source, depth)
            return self.value(source, argument(node, 1), depth + 1)
        if last in _WRAPPERS or argument(node, 1) is None:
            found = self.value(source, argument(node, 0), depth + 1)
            if found.constant is not None or found.variable:
                return found
        if last == "toString" and function is not None:
            return self.value(source, function.field("object"), depth + 1)
        return Value()

    def _configured(self, key: str, depth: int) -> Value:
        """A key of the component's configuration modules."""
        for source in self.sources:
            for pair in source.all("pair") if "config" in source.path else ():
                left = pair.field("key")
                if left is not None and left.text() == key:
                    found = self.value(source, pair.field("value"), depth + 1)
                    if found.constant is not None or found.variable:
                        return found
        return Value()

    def _set_port(self, source: Source, depth: int) -> Value:
        """`app.get("port")` of an earlier `app.set("port", …)`."""
        for other in dict.fromkeys((source, *self.sources)):
            for call in other.all("call_expression"):
                function = call.field("function")
                if function is not None and function.text().endswith(".set") and self.text_argument(call, 0) == "port":
                    return self.value(other, argument(call, 1), depth + 1)
        return Value()

    def identifier(self, source: Source, name: str, depth: int) -> Value:
        node = self.declared(source, name)
        if node is not None:
            return self.value(source, node, depth + 1)
        pattern = self.destructured(source, name)
        if pattern is not None:
            given, default = pattern
            value = self.value(source, default, depth + 1)
            if given is not None and given.text() in ("process.env", "import.meta.env", "Bun.env"):
                return Value(value.constant, name)
            found = self._property(source, given.text() if given is not None else "", name, depth)
            return found if found.constant is not None or found.variable else value
        for local, module, _ in self.imports(source):
            target = self.resolve(source.path, module) if local == name else None
            other = self.source(target, always=True) if target else None
            if other is not None:
                return self.identifier(other, name, depth + 1)
        return Value()

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
        modules = [source] if key.isupper() or self.declared(source, head) is not None else []
        for local, module, _ in self.imports(source):
            path = self.resolve(source.path, module) if local == head or not local else None
            other = self.source(path, always=True) if path and local == head else None
            if other is not None:
                modules.append(other)
                for _, inner, _node in self.imports(other):
                    target_path = self.resolve(other.path, inner)
                    below = self.source(target_path, always=True) if target_path else None
                    modules += [below] if below else []
        for found_in in modules:
            for pair in found_in.all("pair"):
                left = pair.field("key")
                if left is not None and left.text().strip("'\"") == key:
                    found = self.value(found_in, pair.field("value"), depth + 1)
                    if found.constant is not None or found.variable:
                        return Value(found.constant, found.variable or (key if key.isupper() else None))
        return Value()


def argument(call: Node, index: int) -> Node | None:
    """The argument of a call at a position, or None."""
    found = list(children(call.field("arguments")))
    return found[index] if index < len(found) else None


def environment_name(node: Node) -> str | None:
    """The variable that `process.env.NAME` or `process.env["NAME"]` reads, or None."""
    found = re.fullmatch(
        r"(?:process\.env|import\.meta\.env|Bun\.env)(?:\??\.([A-Za-z_]\w*)|\[['\"](\w+)['\"]\])!?", node.text()
    )
    return (found[1] or found[2]) if found else None
