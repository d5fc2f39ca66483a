"""Python modules as syntax trees: which file is which module, and what an expression is worth."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from functools import cached_property

from devops_orchestrator.patterns import lazy
from devops_orchestrator.project.code import python_roots
from devops_orchestrator.project.code.facts import MAX_READ, MAX_SOURCES, Value
from devops_orchestrator.project.code.python_module import Module, called, dotted, keyword, parsed, walk
from devops_orchestrator.project.tree import Tree

_TEST = lazy(r"(^|/)(tests?|testing)(/|$)|(^|/)(test_[^/]*|[^/]*_test|conftest|tests)\.py$")
# Code that is read about, not run: it is no part of the application.
_ASIDE = lazy(
    r"(^|/)(docs?|examples?|samples?|benchmarks?|\.github|\.circleci|site-packages)/|(^|/)(setup|noxfile|fabfile)\.py$"
)
_FIRST = (
    "main.py",
    "app.py",
    "wsgi.py",
    "asgi.py",
    "server.py",
    "manage.py",
    "__main__.py",
    "run.py",
    "settings.py",
    "config.py",
    "urls.py",
    "__init__.py",
)
# A module without any of these words has nothing that is asked for.
_WORDS = re.compile(
    rb"environ|getenv|FastAPI|APIRouter|Flask|Blueprint|Quart|Starlette|Litestar|Route|route|include|urlpatterns|Settings|"
    rb"env\(|config\(|\.run\(|run_app|serve\(|HTTPServer|Celery|DATABASES|ROOT_URLCONF|STATIC|WSGI|ASGI|bind|port|Sanic|"
    rb"Instrumentator|prometheus|mcp|Tornado|Bottle|Falcon|falcon|aiohttp|streamlit|gradio|"
    rb"(?:redis|amqps?|postgres\w*|mysql|mariadb|mongodb|nats|kafka)[+\w]*://|UPLOAD|MEDIA_ROOT|DATA_DIR|STORAGE|INSTALLED_APPS|"
    rb"beat_schedule|(?:from|import) (?:rq|dramatiq|arq|huey|taskiq|procrastinate)\b|WorkerSettings"
)


_MAX_TESTS = 40  # tests that are looked into for what they import


def _order(path: str) -> tuple[int, int, str]:
    name = path.rpartition("/")[2]
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), path.count("/"), path)


def is_test(path: str) -> bool:
    """Whether a Python file is a test."""
    return bool(_TEST.search(path))


class Python:
    """The modules of one component, parsed when asked for."""

    def __init__(self, tree: Tree, folder: str, files: Iterable[str]) -> None:
        self.tree = tree
        self.folder = folder
        self.paths = [path for path in files if path.endswith(".py")]
        code = [path for path in self.paths if not is_test(path)]
        self.sources = [path for path in code if not _ASIDE.search(self.inside(path))] or code
        self.tests = [path for path in self.paths if is_test(path)]
        self._modules: dict[str, Module | None] = {}
        self._trees: dict[str, ast.Module | None] = {}
        self._places: dict[str, tuple[str, str]] = {}

    @cached_property
    def names(self) -> dict[str, str]:
        """Module name → path, for every file of the component; a name from another root that is free counts too."""
        found: dict[str, str] = {}
        for path in self.paths:
            found.setdefault(self.name(path), path)
        for path in self.paths:
            for name in self._candidates(path).values():
                found.setdefault(name, path)
        return found

    def inside(self, path: str) -> str:
        """A file's path as it is called from the component's folder."""
        return path if self.folder == "." else path.removeprefix(self.folder + "/")

    def name(self, path: str) -> str:
        """What `import` calls a file, from the source root that it is below."""
        return self._place(path)[1]

    def root(self, path: str) -> str:
        """The source root of a file, from the component's folder: `"."`, `src`, `backend`…"""
        return self._place(path)[0]

    def _place(self, path: str) -> tuple[str, str]:
        if path not in self._places:
            candidates = self._candidates(path)
            root = "."
            if len(candidates) > 1:
                root = python_roots.chosen(candidates, self._said, self._imported)
            root = root if root in candidates else next(iter(candidates), ".")
            self._places[path] = (root, candidates.get(root, ""))
        return self._places[path]

    def _candidates(self, path: str) -> dict[str, str]:
        return python_roots.names(self.inside(path), self._said, self._packages)

    @cached_property
    def _said(self) -> list[str]:
        return python_roots.declared(self.tree, self.folder, self.paths)

    @cached_property
    def _packages(self) -> frozenset[str]:
        return frozenset(
            self.inside(path).rpartition("/")[0] for path in self.paths if path.endswith("/__init__.py")
        )  # fmt: skip

    @cached_property
    def _imported(self) -> frozenset[str]:
        """The dotted names that the code imports absolutely, with what is before each dot."""
        found: set[str] = set()
        for path in [*sorted(self.sources, key=_order)[:MAX_SOURCES], *self.tests[:_MAX_TESTS]]:
            tree = self._tree(path)
            for node in walk(tree) if tree else ():
                if isinstance(node, ast.Import):
                    full = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                    full = [f"{node.module}.{alias.name}" for alias in node.names]
                else:
                    continue
                for name in full:
                    parts = name.split(".")
                    found.update(".".join(parts[:end]) for end in range(1, len(parts) + 1))
        return frozenset(found)

    @cached_property
    def modules(self) -> list[Module]:
        """The modules that may say something, entry points first, at most MAX_SOURCES of them."""
        found: list[Module] = []
        for path in sorted(self.sources, key=_order)[:MAX_READ]:
            if len(found) >= MAX_SOURCES:
                break
            module = self.module(path)
            if module:
                found.append(module)
        return found

    def module(self, path: str, *, always: bool = False) -> Module | None:
        """The parsed module of a file; None where it cannot be parsed or (without `always`) says nothing asked for."""
        if path in self._modules:
            return self._modules[path]
        text = self.tree.text(path)
        if text is None or (not always and not _WORDS.search(text.encode("utf-8", "replace"))):
            return None
        module = self._parse(path)
        self._modules[path] = module
        return module

    def _tree(self, path: str) -> ast.Module | None:
        if path not in self._trees:
            text = self.tree.text(path)
            self._trees[path] = None if text is None else parsed(text)
        return self._trees[path]

    def _parse(self, path: str) -> Module | None:
        tree = self._tree(path)
        if tree is None:
            return None
        module = Module(path, self.name(path), tree, path.endswith("/__init__.py"))
        for node in module.nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    module.imports[alias.asname or alias.name.split(".")[0]] = (
                        alias.name if alias.asname else alias.name.split(".")[0],
                        None,
                    )
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(module, node)
                for alias in node.names:
                    module.imports[alias.asname or alias.name] = (base, alias.name)
        return module

    @staticmethod
    def _absolute(module: Module, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = module.name.split(".")
        kept = parts[: len(parts) - node.level + (1 if module.package else 0)]
        return ".".join([*kept, node.module] if node.module else kept)

    def named(self, name: str) -> Module | None:
        """The module that `import` calls by this name, or None where it is not the component's."""
        path = self.names.get(name)
        return self.module(path, always=True) if path else None

    def resolve(self, module: Module, name: str) -> tuple[Module, str] | None:
        """Where a (dotted) name of a module is defined: the component's module and the name there."""
        for _ in range(8):
            head, _, rest = name.partition(".")
            if head not in module.imports:
                return (module, name)
            base, attribute = module.imports[head]
            if attribute is None:
                target = f"{base}.{rest}" if rest else base
                at, _, last = target.rpartition(".")
                found = self.named(at)
                if found is None:
                    return None
                module, name = found, last
                continue
            below = self.named(f"{base}.{attribute}")
            if below is not None and rest:
                module, name = below, rest
                continue
            found = self.named(base)
            if found is None:
                return None
            module, name = found, attribute + (f".{rest}" if rest else "")
        return None

    @cached_property
    def attributes(self) -> dict[str, tuple[Module, ast.expr]]:
        """Class-level and module-level constants of the component by their bare name: what `settings.NAME` may be."""
        found: dict[str, tuple[Module, ast.expr]] = {}
        for module in self.modules:
            for name, node in module.constants.items():
                found.setdefault(name, (module, node))
        return found

    def value(self, module: Module, node: ast.AST | None, depth: int = 0) -> Value:
        """What an expression is worth, as far as the code says it."""
        if node is None or depth > 8:
            return Value()
        if isinstance(node, ast.Constant):
            return Value(node.value)
        if isinstance(node, ast.Call):
            return self._call(module, node, depth)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            values = [self.value(module, part, depth + 1) for part in node.values]
            return Value(next((v.constant for v in values if v.constant is not None), None), values[0].variable)
        if isinstance(node, ast.Subscript) and dotted(node.value) in ("os.environ", "environ"):
            key = self.value(module, node.slice, depth + 1).constant
            return Value(None, key if isinstance(key, str) else None)
        if isinstance(node, ast.IfExp):
            return self.value(module, node.body, depth + 1)
        if isinstance(node, ast.JoinedStr):
            return self._joined(module, node, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            left, right = self.value(module, node.left, depth + 1), self.value(module, node.right, depth + 1)
            if isinstance(left.constant, str) and isinstance(right.constant, str):
                return Value(left.constant + right.constant, left.variable or right.variable)
            return Value()
        name = dotted(node)
        return self._named_value(module, name, depth) if name else Value()

    def _named_value(self, module: Module, name: str, depth: int) -> Value:
        place = self.resolve(module, name)
        if place and place[1] in place[0].constants:
            return self.value(place[0], place[0].constants[place[1]], depth + 1)
        last = name.rpartition(".")[2]
        if name in module.locals:
            return self.value(module, module.locals[name], depth + 1)
        if "." in name and last in self.attributes:
            found, node = self.attributes[last]
            return self.value(found, node, depth + 1)
        return Value()

    def _call(self, module: Module, node: ast.Call, depth: int) -> Value:
        name = called(node)
        if name in ("int", "str", "float", "Path") and node.args:
            inner = self.value(module, node.args[0], depth + 1)
            if name == "int" and isinstance(inner.constant, str) and inner.constant.isdigit():
                return Value(int(inner.constant), inner.variable)
            return inner
        full = dotted(node.func)
        if (
            full
            in (
                "os.getenv",
                "getenv",
                "os.environ.get",
                "environ.get",
                "config",
                "env",
                "env.int",
                "env.str",
                "decouple.config",
            )
            and node.args
        ):
            key = self.value(module, node.args[0], depth + 1).constant
            default = node.args[1] if len(node.args) > 1 else keyword(node, "default")
            return Value(self.value(module, default, depth + 1).constant, key if isinstance(key, str) else None)
        if name == "Field":
            default = node.args[0] if node.args else keyword(node, "default")
            found = self.value(module, default, depth + 1)
            return Value() if found.constant is Ellipsis else found
        return Value()

    def _joined(self, module: Module, node: ast.JoinedStr, depth: int) -> Value:
        text, variable = "", None
        for part in node.values:
            value = self.value(module, part.value if isinstance(part, ast.FormattedValue) else part, depth + 1)
            variable = variable or value.variable
            if value.constant is None:
                return Value(None, variable)
            text += str(value.constant)
        return Value(text, variable)

    def string(self, module: Module, node: ast.AST | None) -> str | None:
        """An expression's text, None where the code does not say it."""
        found = self.value(module, node).constant
        return found if isinstance(found, str) else None
