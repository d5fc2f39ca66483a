"""JavaScript and TypeScript: modules, what an expression is worth, environment variables, imports."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from devops_orchestrator.project.code.facts import Read, Value
from devops_orchestrator.project.code.syntax import Source, Sources, child_of, children, unquote
from devops_orchestrator.project.tree import Tree

Node = Any
LANGUAGES = {".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "tsx", ".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx"}
_TEST = re.compile(r"(^|/)(__tests__|__mocks__|tests?|e2e|cypress|spec)/|\.(test|spec|e2e|e2e-spec|cy|stories)\.[cm]?[jt]sx?$")
_WORDS = re.compile(r"listen|process\.env|import\.meta\.env|Deno\.env|Bun\.(serve|env)|serve\(|[Rr]outer|express|fastify|\.(get|all|use|route|register)\(|Controller|createEnv|z\.object|envalid|ConfigService|configService|port\b")
_ENTRY = ("main", "server", "index", "app", "www", "start")
_WRAPPERS = ("Number", "parseInt", "String", "parseFloat", "normalizePort", "int", "toInt")
_EXTENSIONS = ("", ".ts", ".tsx", ".js", ".mjs", ".cjs", ".mts", ".cts", ".jsx", "/index.ts", "/index.js", "/index.tsx", "/index.mjs")


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

    def __init__(self, tree: Tree, files: Iterable[str]) -> None:
        super().__init__(tree, files, LANGUAGES, _WORDS, is_test, _first)
        self.known = {*self.paths, *self.tests}

    def resolve(self, path: str, specifier: str) -> str | None:
        """The component's file that a relative import names, or None."""
        if not specifier.startswith("."):
            return self._alias(specifier)
        base = posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier))
        return self._file(base)

    def _file(self, base: str) -> str | None:
        stem = re.sub(r"\.[cm]?jsx?$", "", base)
        return next((base_ + ext for base_ in dict.fromkeys((base, stem)) for ext in _EXTENSIONS if base_ + ext in self.known), None)

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
                module = self._text_argument(node, 0)
                if module:
                    above = node.parent()
                    name = above.field("name") if above and above.kind() == "variable_declarator" else None
                    names = [name.text()] if name and name.kind() == "identifier" else [n.text() for n in name.find_all(kind="shorthand_property_identifier_pattern")] if name else []
                    for entry in names or [""]:
                        found.append((entry, module, node))
        return found

    def _text_argument(self, call: Node, index: int) -> str | None:
        found = argument(call, index)
        return unquote(found.text()) if found is not None and found.kind() in ("string", "template_string") else None

    def declared(self, source: Source, name: str) -> Node | None:
        """The value that a name is declared with in a module, or None."""
        if not hasattr(source, "names"):
            names: dict[str, Node] = {}
            for node in source.all("variable_declarator"):
                left, right = node.field("name"), node.field("value")
                if left is not None and right is not None and left.kind() == "identifier":
                    names.setdefault(left.text(), right)
            source.names = names  # type: ignore[attr-defined]
        found: Node | None = source.names.get(name)  # type: ignore[attr-defined]
        return found

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
        if kind in ("parenthesized_expression", "as_expression", "non_null_expression", "await_expression", "satisfies_expression", "unary_expression"):
            return self.value(source, next(children(node), None), depth + 1)
        if kind == "binary_expression":
            left, right = self.value(source, node.field("left"), depth + 1), self.value(source, node.field("right"), depth + 1)
            constant = left.constant if left.constant is not None else right.constant
            return Value(constant, left.variable or right.variable) if re.search(r"\|\||\?\?", node.text()) else Value()
        if kind == "ternary_expression":
            found = [self.value(source, node.field(part), depth + 1) for part in ("consequence", "alternative")]
            return Value(next((v.constant for v in found if v.constant is not None), None), next((v.variable for v in found if v.variable), None))
        if kind == "call_expression":
            return self._call(source, node, depth)
        if kind == "identifier":
            return self._identifier(source, node.text(), depth)
        if kind in ("member_expression", "subscript_expression"):
            return self._member(source, node, depth)
        return Value()

    def _call(self, source: Source, node: Node, depth: int) -> Value:
        function = node.field("function")
        name = function.text() if function is not None else ""
        last = name.rpartition(".")[2]
        if last == "default" and function is not None and function.kind() == "member_expression":  # z.coerce.number().default(3000)
            return self.value(source, argument(node, 0), depth + 1)
        if last in ("get", "getOrThrow"):
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

    def _set_port(self, source: Source, depth: int) -> Value:
        """`app.get("port")` of an earlier `app.set("port", …)`."""
        for other in dict.fromkeys((source, *self.sources)):
            for call in other.all("call_expression"):
                function = call.field("function")
                if function is not None and function.text().endswith(".set") and self._text_argument(call, 0) == "port":
                    return self.value(other, argument(call, 1), depth + 1)
        return Value()

    def _identifier(self, source: Source, name: str, depth: int) -> Value:
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
                return self._identifier(other, name, depth + 1)
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
        modules = [source] if self.declared(source, head) is not None else []
        for local, module, _ in self.imports(source):
            path = self.resolve(source.path, module) if local == head or not local else None
            other = self.source(path, always=True) if path and local == head else None
            if other is not None:
                modules.append(other)
                modules += [s for _, m, _ in self.imports(other) if (p := self.resolve(other.path, m)) and (s := self.source(p, always=True))]
        for module in modules:
            for pair in module.all("pair"):
                left = pair.field("key")
                if left is not None and left.text().strip("'\"") == key:
                    found = self.value(module, pair.field("value"), depth + 1)
                    if found.constant is not None or found.variable:
                        return Value(found.constant, found.variable or (key if key.isupper() else None))
        return Value()

    @cached_property
    def reads(self) -> list[Read]:
        """Every environment variable that the code reads."""
        found: list[Read] = []
        for source in self.sources:
            if re.search(r"(^|/)(scripts?|tools?|\.github)/|\.config\.[cm]?[jt]s$", source.path) and "vite.config" not in source.path:
                continue
            found += self._reads(source)
        return found

    def _reads(self, source: Source) -> Iterator[Read]:
        for node in source.all("member_expression", "subscript_expression"):
            name = environment_name(node)
            if name and name not in ("NODE_ENV", "CI", "MODE", "DEV", "PROD", "SSR", "BASE_URL", "NEXT_RUNTIME", "npm_package_version"):
                yield Read(name, source.at(node), not _has_default(node))
        for node in source.all("object_pattern"):
            declarator = node.parent()
            given = declarator.field("value") if declarator is not None and declarator.kind() == "variable_declarator" else None
            if given is not None and given.text() in ("process.env", "import.meta.env", "Bun.env"):
                for entry in children(node):
                    left = entry.field("left") if entry.kind() == "object_assignment_pattern" else entry
                    if left is not None and left.text().isupper() and left.text() not in ("NODE_ENV", "CI"):
                        yield Read(left.text(), source.at(entry), entry.kind() != "object_assignment_pattern")
        for node in source.all("call_expression"):
            function = node.field("function")
            word = function.text() if function is not None else ""
            if re.search(r"config\w*\.(get|getOrThrow)(<[^>]*>)?$", word, re.I):
                name = self._text_argument(node, 0)
                if name and re.fullmatch(r"[A-Z][A-Z0-9_]+", name):
                    yield Read(name, source.at(node), word.rstrip(">").rpartition(".")[2].startswith("getOrThrow"))
            elif word.rpartition(".")[2] in ("createEnv", "cleanEnv"):
                for pair in node.find_all(kind="pair"):
                    key, value = pair.field("key"), pair.field("value")
                    if key is not None and value is not None and re.fullmatch(r"[A-Z][A-Z0-9_]+", key.text()) and value.kind() == "call_expression":
                        yield Read(key.text(), source.at(pair), not re.search(r"\.(default|optional)\(|default\s*:", value.text()))


def argument(call: Node, index: int) -> Node | None:
    """The argument of a call at a position, or None."""
    found = list(children(call.field("arguments")))
    return found[index] if index < len(found) else None


def environment_name(node: Node) -> str | None:
    """The variable that `process.env.NAME` or `process.env["NAME"]` reads, or None."""
    found = re.fullmatch(r"(?:process\.env|import\.meta\.env|Bun\.env)(?:\??\.([A-Za-z_]\w*)|\[['\"](\w+)['\"]\])!?", node.text())
    return (found[1] or found[2]) if found else None


def _has_default(node: Node) -> bool:
    """Whether a read stands where its absence is dealt with: before `||`, in a condition, in a comparison, assigned to."""
    child, above = node, node.parent()
    while above is not None and above.kind() in ("parenthesized_expression", "non_null_expression", "as_expression", "call_expression", "arguments", "unary_expression"):
        if above.kind() == "unary_expression":
            return above.text().startswith(("!", "typeof")) and not _throws(above)
        child, above = above, above.parent()
    if above is None:
        return False
    kind = above.kind()
    if kind == "binary_expression":
        left = above.field("left")
        return bool(re.search(r"\|\||\?\?|&&|[=!]==?", above.text())) and left is not None and left.range().start.index <= child.range().start.index
    if kind in ("if_statement", "while_statement"):
        return True
    if kind == "ternary_expression":
        condition = above.field("condition")
        return condition is not None and condition.range().start.index == child.range().start.index
    if kind == "assignment_expression":
        left = above.field("left")
        return left is not None and left.range().start.index == child.range().start.index
    return False


def _throws(node: Node) -> bool:
    """Whether `if (!process.env.NAME)` leads to a throw: then the variable is required."""
    above = node
    for _ in range(4):
        above = above.parent()
        if above is None:
            return False
        if above.kind() == "if_statement":
            return above.find(kind="throw_statement") is not None or "process.exit" in above.text()
    return False
