"""What a PromQL expression can return: the labels of its series, and the range of its values.

Both say only what holds for every series that there may be; where the metrics decide, they say so (None).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Range = tuple[float, float]
RATIO: Range = (0.0, 1.0)
COMPARISONS = (">", "<", ">=", "<=", "==", "!=")
# Functions whose result has the labels of their first vector, and values of its range.
_SAME_RANGE = frozenset({
    "avg_over_time", "min_over_time", "max_over_time", "last_over_time", "quantile_over_time", "sort", "sort_desc", "label_replace",
    "label_join",
})  # fmt: skip
_COUNTS = frozenset(
    {"rate", "irate", "increase", "abs", "sqrt", "count_over_time", "changes", "resets", "stddev_over_time"}
)
_KEPT = ("topk", "bottomk", "limitk", "limit_ratio")
# A metric that is a part of another one of the same labels.
_PARTS = (
    (re.compile(r"node_memory_(MemAvailable|MemFree|Cached|Buffers|Active|Inactive|Slab)_bytes"), "node_memory_MemTotal_bytes"),
    (re.compile(r"node_memory_Swap(Free|Cached)_bytes"), "node_memory_SwapTotal_bytes"),
    (re.compile(r"node_filesystem_(avail|free)_bytes"), "node_filesystem_size_bytes"),
    (re.compile(r"node_filesystem_files_free"), "node_filesystem_files"),
    (re.compile(r"process_open_fds"), "process_max_fds"),
)  # fmt: skip


def labels(node: Any) -> frozenset[str] | None:
    """The labels that a result can have; None where the metrics decide."""
    kind = type(node).__name__
    if kind in ("ParenExpr", "UnaryExpr", "SubqueryExpr"):
        return labels(node.expr)
    if kind == "AggregateExpr":
        return _aggregated(node)
    if kind == "Call":
        return _called(node)
    if kind == "BinaryExpr":
        return _joined(node)
    return frozenset() if kind in ("NumberLiteral", "StringLiteral") else None


def _aggregated(node: Any) -> frozenset[str] | None:
    inner = labels(node.expr)
    op = str(node.op)
    if op in _KEPT:
        return inner
    if op == "count_values":
        return None
    if node.modifier is None:
        return frozenset()
    named = frozenset(str(label) for label in node.modifier.labels)
    if "Without" in str(node.modifier.type):
        return None if inner is None else inner - named
    return named if inner is None else named & inner


def _called(node: Any) -> frozenset[str] | None:
    name = str(node.func.name)
    if name in ("absent", "absent_over_time"):
        vector = node.args[0]
        vector = getattr(vector, "vector_selector", vector)
        matchers = getattr(getattr(vector, "matchers", None), "matchers", [])
        equal = [str(m.name) for m in matchers if str(m.op).rpartition(".")[2] == "Equal"]
        return frozenset(name for name in equal if name != "__name__" and equal.count(name) == 1)
    if name in ("label_replace", "label_join", "info"):
        return None
    found = [
        labels(argument) for argument in node.args if type(argument).__name__ not in ("NumberLiteral", "StringLiteral")
    ]
    inner = found[0] if found else frozenset()
    return inner - {"le"} if inner is not None and name == "histogram_quantile" else inner


def _joined(node: Any) -> frozenset[str] | None:
    op = str(node.op)
    if _scalar(node.lhs) or _scalar(node.rhs):
        return labels(node.rhs if _scalar(node.lhs) else node.lhs)
    left, right = labels(node.lhs), labels(node.rhs)
    if op in ("and", "unless"):
        return left
    if op == "or":
        return None if left is None or right is None else left | right
    modifier = node.modifier
    matching = modifier.matching if modifier is not None else None
    card = str(modifier.card).rpartition(".")[2] if modifier is not None else "OneToOne"
    if card in ("ManyToOne", "OneToMany"):
        many = left if card == "ManyToOne" else right
        return None if many is None else many | _brought(modifier)
    named = frozenset(str(label) for label in matching.labels) if matching is not None else frozenset()
    if matching is not None and "Include" in str(matching.type):
        return named if left is None else named & left
    # Without `on`, both sides must have the same labels but for those that are ignored.
    known = left if left is not None else right
    return None if known is None else known - named


def _brought(modifier: Any) -> frozenset[str]:
    """The labels of `group_left(…)`."""
    return frozenset(str(label) for label in modifier.group_labels or ())


def _scalar(node: Any) -> bool:
    kind = type(node).__name__
    if kind == "Call":
        return str(node.func.name) in ("scalar", "time", "pi")
    if kind in ("ParenExpr", "UnaryExpr"):
        return _scalar(node.expr)
    if kind == "BinaryExpr":
        return _scalar(node.lhs) and _scalar(node.rhs)
    return kind == "NumberLiteral"


def bounds(node: Any) -> Range | None:
    """The range in which every value lies; None where nothing is known."""
    kind = type(node).__name__
    if kind == "NumberLiteral":
        return node.val, node.val
    if kind == "ParenExpr":
        return bounds(node.expr)
    if kind in ("VectorSelector", "MatrixSelector"):
        name = str(getattr(node, "name", None) or getattr(getattr(node, "vector_selector", None), "name", ""))
        return RATIO if name in ("up", "probe_success", "pg_up", "redis_up", "mysql_up") else None
    if kind == "AggregateExpr":
        inner = bounds(node.expr)
        return (
            inner
            if str(node.op) in ("avg", "min", "max", *_KEPT)
            else _upwards(inner)
            if str(node.op) == "sum"
            else None
        )
    if kind == "Call":
        return _call_bounds(node)
    return _binary_bounds(node) if kind == "BinaryExpr" else None


def _upwards(inner: Range | None) -> Range | None:
    """Of a sum of values that are never negative, no more is known than that."""
    return (0.0, math.inf) if inner is not None and inner[0] >= 0 else None


def _call_bounds(node: Any) -> Range | None:
    name = str(node.func.name)
    if name in ("absent", "absent_over_time"):
        return 1.0, 1.0
    if name in ("rate", "irate"):
        metric = str(getattr(getattr(node.args[0], "vector_selector", None), "name", ""))
        return (0.0, 1.05) if metric == "node_cpu_seconds_total" else (0.0, math.inf)
    if name in _COUNTS:
        return 0.0, math.inf
    return bounds(node.args[-1 if name == "quantile_over_time" else 0]) if name in _SAME_RANGE else None


def _binary_bounds(node: Any) -> Range | None:
    op = str(node.op)
    if op in COMPARISONS:
        return RATIO if node.modifier is not None and node.modifier.return_bool else bounds(node.lhs)
    if op == "/" and _part(_bare(node.lhs), _bare(node.rhs)):
        return RATIO
    left, right = bounds(node.lhs), bounds(node.rhs)
    if left is None or right is None:
        return None
    if op == "+":
        return left[0] + right[0], left[1] + right[1]
    if op == "-":
        return left[0] - right[1], left[1] - right[0]
    if math.inf in (*left, *right) or -math.inf in (*left, *right):
        return (0.0, math.inf) if op in ("*", "/") and left[0] >= 0 and right[0] >= 0 else None
    if op == "*":
        products = [a * b for a in left for b in right]
        return min(products), max(products)
    if op == "/" and right[0] == right[1] and right[0] > 0:
        return left[0] / right[0], left[1] / right[0]
    return None


def _bare(node: Any) -> Any:
    while type(node).__name__ == "ParenExpr":
        node = node.expr
    return node


def _part(part: Any, whole: Any) -> bool:
    """Whether `part / whole` is a share of one: the same counter with more matchers, or a known part of a known whole."""
    kind = type(part).__name__
    if kind == "BinaryExpr" and str(part.op) == "-":
        return _same(_bare(part.lhs), whole) and _part(_bare(part.rhs), whole)
    if kind != type(whole).__name__:
        return False
    if kind == "AggregateExpr":
        aggregated = str(part.op) == str(whole.op) in ("sum", "max", "min") and str(part.modifier) == str(
            whole.modifier
        )
        return aggregated and _part(_bare(part.expr), _bare(whole.expr))
    if kind == "Call":
        named = str(part.func.name) == str(whole.func.name) in ("rate", "increase")
        return named and _part(part.args[0], whole.args[0])
    if kind == "MatrixSelector":
        return bool(part.range == whole.range) and _part(part.vector_selector, whole.vector_selector)
    if kind != "VectorSelector" or str(part.offset) != str(whole.offset) or part.at or whole.at:
        return False
    narrow, wide = _matchers(part), _matchers(whole)
    if part.name == whole.name:
        return bool(part.name) and wide <= narrow
    known = any(pattern.fullmatch(str(part.name)) and whole.name == name for pattern, name in _PARTS)
    return known and narrow == wide


def _same(left: Any, right: Any) -> bool:
    return str(getattr(left, "prettify", lambda: left)()) == str(getattr(right, "prettify", lambda: right)())


def _matchers(selector: Any) -> frozenset[tuple[str, str, str]]:
    return frozenset((str(m.name), str(m.op), str(m.value)) for m in selector.matchers.matchers)


@dataclass(frozen=True)
class Comparison:
    """`value op number`, and the range of the value."""

    op: str
    number: float
    range: Range

    @property
    def never(self) -> bool:
        """Whether no value of the range fulfils it."""
        low, high = self.range
        return {
            ">": high <= self.number, ">=": high < self.number, "<": low >= self.number, "<=": low > self.number,
            "==": not low <= self.number <= high, "!=": low == high == self.number,
        }[self.op]  # fmt: skip


def impossible(node: Any) -> Comparison | None:
    """The comparison that keeps an expression from ever returning anything; None where it may return something."""
    node = _bare(node)
    if type(node).__name__ != "BinaryExpr":
        return None
    op = str(node.op)
    if op == "and":
        return impossible(node.lhs) or impossible(node.rhs)
    if op == "unless":
        return impossible(node.lhs)
    if op == "or":
        left, right = impossible(node.lhs), impossible(node.rhs)
        return left if right is not None else None
    found = next(comparisons(node), None)
    return found if found is not None and found.never else None


def comparisons(node: Any) -> Iterator[Comparison]:
    """The comparison that a node is, where it is one with a number and the other side's range is known."""
    op = str(node.op)
    if op not in COMPARISONS or (node.modifier is not None and node.modifier.return_bool):
        return
    left, right = bounds(node.lhs), bounds(node.rhs)
    if left is None or right is None:
        return
    if right[0] == right[1] and left[0] != left[1]:
        yield Comparison(op, right[0], left)
    elif left[0] == left[1] and right[0] != right[1]:
        yield Comparison({">": "<", "<": ">", ">=": "<=", "<=": ">="}.get(op, op), left[0], right)


def multiplied(node: Any, by: float) -> bool:
    """Whether the value (below comparisons and set operations) is something times a number, or that number less it."""
    node = _bare(node)
    if type(node).__name__ != "BinaryExpr":
        inner = type(node).__name__ == "AggregateExpr" and str(node.op) in ("avg", "max", "min", *_KEPT)
        return inner and multiplied(node.expr, by)
    op = str(node.op)
    if op in COMPARISONS or op in ("and", "unless"):
        return multiplied(node.lhs, by)
    sides = [_bare(node.lhs), _bare(node.rhs)]
    number = [type(side).__name__ == "NumberLiteral" and side.val == by for side in sides]
    if op == "*":
        return any(number)
    return op == "-" and number[0] and multiplied(sides[1], by)
