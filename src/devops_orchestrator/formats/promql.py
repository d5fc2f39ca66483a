"""PromQL: what an expression reads and how, from the syntax tree of promql-parser (loaded when first needed).

Expressions carry no positions: a rule finds a name again in the YAML scalar with `formats.prometheus.place`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from devops_orchestrator.errors import ParseError
from devops_orchestrator.text import Text

# Functions over a range of a counter.
COUNTER_FUNCTIONS = frozenset({"rate", "irate", "increase", "resets"})
GAUGE_FUNCTIONS = frozenset({"delta", "idelta", "deriv", "predict_linear"})
# Functions that write labels: what is above them may use labels that the metric has not.
LABEL_FUNCTIONS = frozenset({"label_replace", "label_join", "info"})


@dataclass(frozen=True)
class Matcher:
    """`name op value` of a selector; `op` is `=`, `!=`, `=~` or `!~`."""

    name: str
    op: str
    value: str


@dataclass(frozen=True)
class Step:
    """One call or aggregation around a selector; `labels` are those of `by` or `without` (`mode`), None for neither."""

    name: str
    aggregation: bool = False
    mode: str | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Selector:
    """A metric that an expression reads. `metric` is empty where only matchers name it; `window` is in seconds.

    `around` are the calls and aggregations that it stands in, the outermost first.
    """

    metric: str
    matchers: tuple[Matcher, ...]
    window: float | None
    around: tuple[Step, ...]

    @property
    def functions(self) -> tuple[str, ...]:
        return tuple(step.name for step in self.around)

    @property
    def inner(self) -> str:
        """The call or aggregation that takes it directly, or an empty string."""
        return self.around[-1].name if self.around else ""

    @property
    def labels(self) -> frozenset[str]:
        """The labels that its matchers read, `__name__` left out."""
        return frozenset(m.name for m in self.matchers if m.name != "__name__")


@dataclass(frozen=True)
class Expression:
    """A parsed expression: its selectors in order, and the names of all calls and aggregations."""

    text: str
    selectors: tuple[Selector, ...]
    calls: tuple[Step, ...]
    tree: Any
    joins: bool  # `group_left` or `group_right`: labels come from the other side

    @property
    def writes_labels(self) -> bool:
        """Whether labels come from elsewhere than the metrics' own."""
        return self.joins or any(step.name in LABEL_FUNCTIONS for step in self.calls)

    def metrics(self) -> frozenset[str]:
        return frozenset(selector.metric for selector in self.selectors if selector.metric)


@lru_cache(maxsize=2048)
def parse(text: str) -> Expression:
    """Read an expression. Raises ParseError where it is not PromQL."""
    import promql_parser

    try:
        tree = promql_parser.parse(text)
    except (ValueError, RecursionError) as error:
        raise ParseError(Text(f"Not PromQL: {error}.", f"Ce n'est pas du PromQL : {error}.")) from error
    reader = _Reader()
    reader.read(tree, (), None)
    return Expression(text, tuple(reader.selectors), tuple(reader.calls), tree, reader.joins)


def try_parse(text: str) -> Expression | None:
    """The expression, or None where it is not PromQL (a validator tells so)."""
    try:
        return parse(text)
    except ParseError:
        return None


class _Reader:
    """One walk over a tree."""

    def __init__(self) -> None:
        self.selectors: list[Selector] = []
        self.calls: list[Step] = []
        self.joins = False

    def read(self, node: Any, around: tuple[Step, ...], window: float | None) -> None:
        kind = type(node).__name__
        if kind == "VectorSelector":
            self.selectors.append(_selector(node, window, around))
        elif kind == "MatrixSelector":
            self.read(node.vector_selector, around, node.range.total_seconds())
        elif kind == "SubqueryExpr":
            self.read(node.expr, (*around, Step("subquery")), None)
        elif kind == "Call":
            step = self._note(Step(str(node.func.name)))
            for argument in node.args:
                self.read(argument, (*around, step), None)
        elif kind == "AggregateExpr":
            step = self._note(_aggregation(node))
            for below in (node.expr, node.param):
                if below is not None:
                    self.read(below, (*around, step), None)
        elif kind == "BinaryExpr":
            self.joins = self.joins or _joins(node)
            self.read(node.lhs, around, None)
            self.read(node.rhs, around, None)
        elif kind in ("ParenExpr", "UnaryExpr"):
            self.read(node.expr, around, window)

    def _note(self, step: Step) -> Step:
        self.calls.append(step)
        return step


def _selector(node: Any, window: float | None, around: tuple[Step, ...]) -> Selector:
    operators = {"Equal": "=", "NotEqual": "!=", "Re": "=~", "NotRe": "!~"}
    matchers = tuple(
        Matcher(str(m.name), operators.get(str(m.op).rpartition(".")[2], "="), str(m.value))
        for m in node.matchers.matchers
    )
    named = next((m.value for m in matchers if m.name == "__name__" and m.op == "="), "")
    return Selector(str(node.name or named), matchers, window, around)


def _aggregation(node: Any) -> Step:
    mode: str | None = None
    labels: tuple[str, ...] = ()
    if node.modifier is not None:
        mode = "without" if "Without" in str(node.modifier.type) else "by"
        labels = tuple(str(label) for label in node.modifier.labels)
    return Step(str(node.op), True, mode, labels)


def _joins(node: Any) -> bool:
    """Whether `group_left` or `group_right` brings labels over from the other side."""
    modifier = node.modifier
    return modifier is not None and str(modifier.card).rpartition(".")[2] in ("ManyToOne", "OneToMany")


def nodes(tree: Any) -> Iterator[Any]:
    """Every node of a tree, the outermost first."""
    stack = [tree]
    while stack:
        node = stack.pop()
        yield node
        for name in ("args", "expr", "param", "lhs", "rhs", "vector_selector"):
            below = getattr(node, name, None)
            if isinstance(below, list | tuple):
                stack.extend(reversed(below))
            elif below is not None:
                stack.append(below)
