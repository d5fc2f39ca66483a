"""The modules of a JavaScript component: which files they are, what they import, what their names are declared as."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code.facts import MAX_SOURCES
from devops_orchestrator.project.code.syntax import Source, Sources, child_of, children, unquote
from devops_orchestrator.project.tree import Tree, ancestors, join

Node = Any
LANGUAGES = {
    ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "tsx",
    ".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx",
}  # fmt: skip
_TEST = lazy(
    r"(^|/)(__tests__|__mocks__|tests?|e2e|cypress|spec)/|[._](test|spec|e2e|e2e-spec|cy|stories)\.[cm]?[jt]sx?$"
)
_WORDS = lazy(
    r"listen|process\.env|import\.meta\.env|(Deno|Bun)\.(serve|env|cron)|serve\(|[Rr]outer|express|fastify|\.(get|all|use|route|register)\("
    r"|Controller|createEnv|z\.object|envalid|ConfigService|configService|port\b|PORT\b|pathname|\.url\b|new Worker|cron|schedule|@Processor|\.process\("
)
_BUILT = lazy(r"(^|/)(dist|build|out|coverage|storybook-static|node_modules)/|\.min\.[cm]?js$")
_ENTRY = ("main", "server", "index", "app", "www", "start")
_EXTENSIONS = (
    "", ".ts", ".tsx", ".js", ".mjs", ".cjs", ".mts", ".cts", ".jsx", "/index.ts", "/index.js", "/index.tsx", "/index.mjs",
)  # fmt: skip
ENVIRONMENTS = ("process.env", "import.meta.env", "Bun.env")


def is_test(path: str) -> bool:
    """Whether a file is a test."""
    return bool(_TEST.search(path))


def _first(path: str) -> int:
    name = path.rpartition("/")[2].partition(".")[0]
    if re.search(r"\.config\.|/config/", f"/{path}"):
        return len(_ENTRY)
    return _ENTRY.index(name) if name in _ENTRY else len(_ENTRY) + 1


def _own(tree: Tree, files: Sequence[str], folder: str) -> list[str]:
    """The files without those of other packages below the folder: examples and playgrounds have manifests of their own."""
    others = tuple(
        f"{at}/"
        for at in {*tree.holding("package.json"), *tree.holding("deno.json")}
        if at != folder and (folder == "." or at.startswith(folder + "/")) and _is_package(tree, at)
    )
    return [path for path in files if not path.startswith(others)] if others else list(files)


def _is_package(tree: Tree, folder: str) -> bool:
    """Whether a nested manifest makes a package: one with `type` alone only tells Node.js how to read the files."""
    manifest = tree.json(tree.first(folder, "package.json"))
    if manifest is None:
        return tree.has(folder, "deno.json")
    return any(manifest.get(key) is not None for key in ("scripts", "dependencies", "devDependencies"))


class Modules(Sources):
    """The modules of one component, which is `folder`."""

    def __init__(self, tree: Tree, files: Sequence[str], folder: str = ".") -> None:
        own = _own(tree, files, folder)
        built = [path for path in own if not _BUILT.search(path)]
        super().__init__(tree, built or own, LANGUAGES, _WORDS, is_test, _first)
        self.folder = folder
        if (www := join(folder, "bin/www")) in files:
            self.paths.append(www)
        self.reached: frozenset[str] = frozenset()
        self._tops: frozenset[str] = frozenset()
        self.known = {*self.paths, *self.tests}
        self._imports: dict[str, list[tuple[str, str, Node]]] = {}
        self._declared: dict[str, dict[str, Node]] = {}

    def source(self, path: str, *, always: bool = False) -> Source | None:
        """The parsed file; `bin/www` of Express's generator has no extension."""
        if path not in self._sources and path.endswith("bin/www") and (text := self.tree.text(path)):
            self._sources[path] = Source(path, text, "javascript")
        return super().source(path, always=always) if not path.endswith("bin/www") else self._sources.get(path)

    def resolve(self, path: str, specifier: str) -> str | None:
        """The component's file that an import names, or None for a package."""
        if not specifier.startswith("."):
            return self._alias(specifier)
        return self._file(posixpath.normpath(posixpath.join(posixpath.dirname(path), specifier)))

    def _file(self, base: str, *, anywhere: bool = False) -> str | None:
        stem = re.sub(r"\.[cm]?jsx?$", "", base)
        tried = (base_ + ext for base_ in dict.fromkeys((base, stem)) for ext in _EXTENSIONS)
        return next((path for path in tried if path in self.known or (anywhere and self._code(path))), None)

    def _code(self, path: str) -> bool:
        return path[path.rfind(".") :] in LANGUAGES and self.tree.has(".", path)

    def _alias(self, specifier: str) -> str | None:
        """`@/lib/db` as the configuration maps it, else as most templates do."""
        for pattern, targets in self.aliases:
            head, star, tail = pattern.partition("*")
            if not (specifier.startswith(head) and specifier.endswith(tail) if star else specifier == pattern):
                continue
            middle = specifier[len(head) : len(specifier) - len(tail) or None] if star else ""
            for target in targets:
                path = posixpath.normpath(target.replace("*", middle, 1))
                found = self._file(path, anywhere=not path.startswith(f"{self.folder}/"))
                if found:
                    return found
        if not specifier.startswith(("@/", "~/")):
            return None
        for root in self.roots:
            found = self._file(posixpath.normpath(posixpath.join(root, specifier[2:])))
            if found:
                return found
        return None

    @cached_property
    def aliases(self) -> list[tuple[str, list[str]]]:
        """(pattern, targets from the repository's root) of tsconfig's `paths`, and the manifest's `imports`."""
        found: list[tuple[str, list[str]]] = []
        for folder in ancestors(self.folder):  # what one component maps, and what a workspace maps for all
            for name in ("tsconfig.json", "jsconfig.json", "tsconfig.base.json"):
                config = self.tree.jsonc(join(folder, name)) if self.tree.has(folder, name) else None
                options = config.table("compilerOptions") if config else {}
                base = join(folder, str(options.get("baseUrl", ".")))
                for pattern, targets in (
                    options.get("paths", {}).items() if isinstance(options.get("paths"), dict) else ()
                ):
                    if isinstance(targets, list):
                        found.append((pattern, [posixpath.join(base, str(target)) for target in targets]))
                if options.get("baseUrl") is not None and folder == self.folder:
                    found.append(("*", [posixpath.join(base, "*")]))
        for name in ("package.json", "deno.json", "deno.jsonc"):
            manifest = self.tree.jsonc(join(self.folder, name)) if self.tree.has(self.folder, name) else None
            for pattern, target in (manifest.table("imports") if manifest else {}).items():
                if isinstance(target, str) and target.startswith("."):
                    end = "*" if pattern.endswith("/") else ""
                    found.append((pattern + end, [join(self.folder, target + end)]))
        return found

    @cached_property
    def roots(self) -> list[str]:
        """The folders below which most templates keep their code."""
        top = posixpath.commonpath([posixpath.dirname(p) or "." for p in self.known]) if self.known else "."
        return [posixpath.join(top, "src"), top, posixpath.join(top, "app")]

    def begin(self, entry: str | None) -> None:
        """Follow the imports from the file that is started (`dist/server.js` is made of `src/server.ts`): the rest may be tools."""
        inside = posixpath.normpath(entry or ".")
        bare = re.sub(r"^(dist|build|lib|out)/", "", inside)
        stems = dict.fromkeys(
            re.sub(r"\.[cm]?js$", "", join(self.folder, stem)) for stem in (inside, f"src/{bare}", bare)
        )
        first = next((found for stem in stems if entry and (found := self._file(stem))), None)
        stack: list[str | None] = [first] if first else []
        reached: set[str] = set()
        while stack and len(reached) < MAX_SOURCES:
            path = stack.pop()
            if path is None or path in reached:
                continue
            reached.add(path)
            source = self.source(path, always=True)
            stack += [self.resolve(path, module) for _, module, _ in self.imports(source)] if source else []
        self.reached = frozenset(reached)
        self._tops = frozenset(self._top(path) for path in reached)

    def used(self, path: str) -> bool:
        """Whether a file belongs to what is started: reached by imports, or beside such files below one folder."""
        return not self.reached or path in self.reached or self._top(path) in self._tops

    def _top(self, path: str) -> str:
        """The first folder of a file below the component; the file itself where it is in none."""
        inside = path if self.folder == "." else path.removeprefix(f"{self.folder}/")
        return inside.partition("/")[0]

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

    def module_of(self, source: Source, name: str) -> str | None:
        """The module that a local name is imported from, or None."""
        return next((module for local, module, _ in self.imports(source) if local == name), None)

    def text_argument(self, call: Node, index: int) -> str | None:
        """The string literal at a position of a call's arguments, or None."""
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


def argument(call: Node, index: int) -> Node | None:
    """The argument of a call at a position, or None."""
    found = list(children(call.field("arguments")))
    return found[index] if index < len(found) else None


def environment_name(node: Node) -> str | None:
    """The variable that `process.env.NAME`, `process.env["NAME"]` or `Deno.env.get("NAME")` reads, or None."""
    found = re.fullmatch(
        r"(?:(?:process\.env|import\.meta\.env|Bun\.env)(?:\??\.([A-Za-z_]\w*)|\[['\"](\w+)['\"]\])|Deno\.env\.get\(\s*['\"](\w+)['\"]\s*\))!?",
        node.text(),
    )
    return (found[1] or found[2] or found[3]) if found else None
