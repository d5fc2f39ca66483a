"""The metrics that the application's own code defines: names, types and labels, read from syntax trees.

What a library exports by itself is in `facts/exporters.json`; here is what `Counter(…)`, `promauto.NewHistogramVec(…)`
or `new Histogram({…})` add to it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from devops_orchestrator.core.project import Component, Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.patterns import lazy

if TYPE_CHECKING:
    from ast_grep_py import SgNode

TYPES = ("Counter", "Gauge", "Histogram", "Summary")
MAX_BYTES = 400_000  # A longer source file is generated code.
# extension → (ast-grep's language, what a file that defines metrics must mention)
LANGUAGES = {
    "py": ("python", ("prometheus_client",)),
    "js": ("javascript", ("prom-client", "nestjs-prometheus")),
    "mjs": ("javascript", ("prom-client", "nestjs-prometheus")),
    "cjs": ("javascript", ("prom-client", "nestjs-prometheus")),
    "ts": ("typescript", ("prom-client", "nestjs-prometheus")),
    "tsx": ("tsx", ("prom-client", "nestjs-prometheus")),
    "go": ("go", ("prometheus/client_golang",)),
    "java": ("java", ("io.micrometer",)),
    "kt": ("kotlin", ("io.micrometer",)),
    "php": ("php", ("Prometheus\\",)),
}
_TESTS = lazy(r"(^|/)(tests?|spec|__tests__)/|(_test\.go|\.(test|spec)\.[cm]?[jt]sx?|(^|/)test_[^/]*\.py)$")


@dataclass(frozen=True)
class Metric:
    """A metric defined in the code. `name` is as it is exposed; `type` is counter, gauge, histogram or summary."""

    name: str
    type: str
    labels: tuple[str, ...]
    file: str
    line: int


_KNOWN: WeakKeyDictionary[Repository, dict[str, tuple[Metric, ...]]] = WeakKeyDictionary()


def defined(project: Project, component: Component | None = None) -> tuple[Metric, ...]:
    """The metrics that a component's code defines; those of the whole repository for None. Tests are left out."""
    by_file = _KNOWN.get(project.repository)
    if by_file is None:
        by_file = _KNOWN[project.repository] = dict(_read_all(project.repository))
    if component is None or component.path in (".", ""):
        nested = {c.path for c in project.components if c.path not in (".", "")} if component else set()
        return tuple(m for path, ms in by_file.items() if not _within(path, nested) for m in ms)
    return tuple(m for path, metrics in by_file.items() if path.startswith(component.path + "/") for m in metrics)


def _within(path: str, folders: set[str]) -> bool:
    return any(path.startswith(folder + "/") for folder in folders)


def _read_all(repository: Repository) -> Iterator[tuple[str, tuple[Metric, ...]]]:
    for path in repository.files:
        extension = path.rpartition(".")[2]
        if extension not in LANGUAGES or _TESTS.search(path):
            continue
        text = repository.read(path)
        language, marks = LANGUAGES[extension]
        if text is None or len(text) > MAX_BYTES or not any(mark in text for mark in marks):
            continue
        found = tuple(_python(path, text)) if language == "python" else tuple(_tree(path, text, language))
        if found:
            yield path, found


def _python(path: str, text: str) -> Iterator[Metric]:
    from devops_orchestrator.project.code.python_module import parsed

    tree = parsed(text)
    for node in ast.walk(tree) if tree is not None else ():
        if not isinstance(node, ast.Call):
            continue
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called not in TYPES or not node.args:
            continue
        name = _constant(node.args[0])
        words = {k.arg: k.value for k in node.keywords if k.arg}
        if not isinstance(name, str):
            continue
        parts = [_constant(words.get("namespace")), _constant(words.get("subsystem")), name]
        given = node.args[2] if len(node.args) > 2 else words.get("labelnames")
        labels = tuple(value for item in getattr(given, "elts", ()) if isinstance(value := _constant(item), str))
        yield _metric(
            "_".join(p for p in parts if isinstance(p, str) and p), called, labels, path, node.lineno, total=True
        )


def _constant(node: ast.expr | None) -> object:
    return node.value if isinstance(node, ast.Constant) else None


def _metric(name: str, kind: str, labels: tuple[str, ...], path: str, line: int, *, total: bool = False) -> Metric:
    """`total`: the library adds `_total` to a counter that lacks it."""
    kind = kind.lower()
    if total and kind == "counter" and not name.endswith("_total"):
        name += "_total"
    return Metric(name, kind, labels, path, line)


def _tree(path: str, text: str, language: str) -> Iterator[Metric]:
    from ast_grep_py import SgRoot

    root = SgRoot(text, language).root()
    read: Any = {"go": _go, "java": _micrometer, "kotlin": _micrometer, "php": _php}.get(language, _node)
    yield from read(root, path)


def _node(root: SgNode, path: str) -> Iterator[Metric]:
    for call in _all(root, "new_expression", "call_expression"):
        called = call.field("constructor") or call.field("function")
        found = (
            re.search(r"(?:^|\.)(?:make)?(Counter|Gauge|Histogram|Summary)(?:Provider)?$", called.text())
            if called
            else None
        )
        options = call.find(kind="object")
        if found is None or options is None:
            continue
        fields = _pairs(options, "pair", "key", "value")
        name = _string(fields.get("name"))
        if name:
            yield _metric(name, found[1], _strings(fields.get("labelNames")), path, _line(call))


def _go(root: SgNode, path: str) -> Iterator[Metric]:
    for call in root.find_all(kind="call_expression"):
        called = call.field("function")
        found = (
            re.search(r"(?:^|\.)New(Counter|Gauge|Histogram|Summary)(?:Vec|Func)?$", called.text()) if called else None
        )
        arguments = call.field("arguments")
        literals = [n for n in arguments.children() if n.kind() == "composite_literal"] if arguments else []
        if found is None or not literals:
            continue
        fields: dict[str, SgNode] = {}
        for element in literals[0].find_all(kind="keyed_element"):
            named = [child for child in element.children() if child.is_named()]
            if len(named) == 2:
                fields.setdefault(named[0].text(), named[1])
        name = _string(fields.get("Name"))
        if name:
            parts = (_string(fields.get("Namespace")), _string(fields.get("Subsystem")), name)
            labels = _strings(literals[1]) if len(literals) > 1 else ()
            yield _metric("_".join(part for part in parts if part), found[1], labels, path, _line(call))


def _micrometer(root: SgNode, path: str) -> Iterator[Metric]:
    kinds = {
        "Counter": ("counter", "_total"),
        "Timer": ("summary", "_seconds"),
        "Gauge": ("gauge", ""),
        "DistributionSummary": ("summary", ""),
    }
    for call in _all(root, "method_invocation", "call_expression"):
        found = re.match(r"(Counter|Timer|Gauge|DistributionSummary)\s*\.\s*builder\s*\(\s*\"([\w.]+)\"", call.text())
        if found:
            kind, suffix = kinds[found[1]]
            name = re.sub(r"\W", "_", found[2])
            if call.text().count("(") == 1 or call.text().rstrip().endswith(f'"{found[2]}")'):
                yield Metric(name if name.endswith(suffix) else name + suffix, kind, (), path, _line(call))


def _php(root: SgNode, path: str) -> Iterator[Metric]:
    for call in root.find_all(kind="member_call_expression"):
        name = call.field("name")
        found = re.fullmatch(r"(?:getOrR|r)egister(Counter|Gauge|Histogram|Summary)", name.text()) if name else None
        arguments = call.field("arguments")
        if found is None or arguments is None:
            continue
        given = [child for child in arguments.children() if child.kind() == "argument"]
        words = [_string(argument) for argument in given[:2]]
        if len(words) == 2 and words[1]:
            labels = _strings(given[3]) if len(given) > 3 else ()
            yield _metric("_".join(word for word in words if word), found[1], labels, path, _line(call))


def _pairs(node: SgNode, kind: str, key: str, value: str) -> dict[str, SgNode]:
    found: dict[str, SgNode] = {}
    for pair in node.children():
        if pair.kind() == kind:
            left, right = pair.field(key), pair.field(value)
            if left is not None and right is not None:
                found[left.text().strip("\"'")] = right
    return found


_LITERALS = ("string", "interpreted_string_literal", "raw_string_literal", "encapsed_string", "string_literal")


def _string(node: SgNode | None) -> str:
    """The text of a string literal, or an empty string."""
    if node is None:
        return ""
    if node.kind() not in _LITERALS:
        inner = [child for child in node.children() if child.kind() in _LITERALS]
        return _string(inner[0]) if len(inner) == 1 else ""
    return node.text().strip("\"'`")


def _strings(node: SgNode | None) -> tuple[str, ...]:
    """The string literals of a list."""
    if node is None:
        return ()
    found = (literal.text().strip("\"'`") for literal in _all(node, *_LITERALS))
    return tuple(dict.fromkeys(found))


def _all(node: SgNode, *kinds: str) -> list[SgNode]:
    """The nodes of these kinds below a node; a kind that its language has not gives none."""
    found: list[SgNode] = []
    for kind in kinds:
        try:
            found += node.find_all(kind=kind)
        except RuntimeError:
            continue
    return found


def _line(node: SgNode) -> int:
    return node.range().start.line + 1
