"""Which values the templates of a chart read, and how: asked first, or taken for granted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from devops_orchestrator.formats.gotemplate import Action, Block, Call, Define, Field, Literal, Output, Pipeline
from devops_orchestrator.project.charts import Chart, Template

# Functions that supply a value, or that ask whether there is one.
ASKING = frozenset(
    {"default", "hasKey", "dig", "required", "coalesce", "ternary", "and", "or", "empty", "not", "kindIs", "kindOf", "typeIs", "get"}
)  # fmt: skip
_IN_TEXT = re.compile(r"(?:\.|\$\.?)Values((?:\.[A-Za-z_]\w*)+)")
ALL = ""  # the path of the values as a whole


@dataclass(frozen=True)
class Read:
    """A template reads `.Values.<path>`. `guards` are the values that the blocks around it ask for."""

    path: str
    template: Template
    start: int
    end: int
    asked: bool
    guards: tuple[str, ...]
    inside: tuple[str, ...]  # what the dot is there: the kinds of the blocks that move it (`range`, `with`)
    beside: tuple[str, ...] = ()  # the other values of the same pipeline

    @property
    def guarded(self) -> bool:
        """Whether a block around it asks for this value or for one above it."""
        return any(self.path == one or self.path.startswith(f"{one}.") for one in self.guards)


def reads(chart: Chart) -> tuple[Read, ...]:
    """Every reading of a value in the chart's own templates, in order."""
    found: list[Read] = []
    for template in chart.templates:
        found += _walk(template.actions or (), template, (), ())
    return tuple(found)


def used(chart: Chart, found: Iterable[Read]) -> frozenset[str] | None:
    """The paths that something reads; None where the values are handed on as a whole, to what is not known here."""
    paths = {read.path for read in found}
    if ALL in paths or not chart.readable:
        return None
    for entry in chart.dependencies:
        for key in ("condition", "tags"):
            told = entry.at(key)
            paths |= {part.strip() for part in told.split(",")} if isinstance(told, str) else set()
    text = chart.project.repository.read(chart.values_path) or ""
    paths |= {match[1].lstrip(".") for match in _IN_TEXT.finditer(text)}
    return frozenset(paths)


def covers(paths: frozenset[str], path: str) -> bool:
    """Whether a path, one above it or one below it is read."""
    parts = path.split(".")
    above = {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
    return bool(above & paths) or any(one.startswith(f"{path}.") for one in paths)


def _walk(
    actions: Sequence[Action], template: Template, guards: tuple[str, ...], inside: tuple[str, ...]
) -> Iterator[Read]:
    for action in actions:
        if isinstance(action, Output):
            yield from _pipeline(action.pipeline, template, guards, inside, False)
        elif isinstance(action, Define):
            yield from _walk(action.body, template, (), ())
        elif isinstance(action, Block):
            asked = [p for pipeline, _ in action.branches if pipeline for p in _paths(pipeline)]
            for pipeline, body in action.branches:
                if pipeline is not None:
                    yield from _pipeline(pipeline, template, guards, inside, True)
                moved = (
                    (action.kind,)
                    if action.kind in ("range", "with") and pipeline is not None and _entry(pipeline)
                    else ()
                )
                yield from _walk(body, template, (*guards, *asked), (*inside, *moved))


def _entry(pipeline: Pipeline) -> bool:
    """Whether the dot becomes a value below `.Values`, and so has no `.Values` of its own."""
    call = pipeline.calls[0]
    first = call.arguments[0] if call.arguments else None
    return len(pipeline.calls) == 1 and not call.name and isinstance(first, Field) and first.value is not None


def _paths(pipeline: Pipeline) -> Iterator[str]:
    for field in pipeline.fields():
        if field.value is not None:
            yield field.value


def _pipeline(
    pipeline: Pipeline,
    template: Template,
    guards: tuple[str, ...],
    inside: tuple[str, ...],
    asked: bool,
    beside: tuple[str, ...] = (),
) -> Iterator[Read]:
    """The readings of a pipeline; one with a name behind its parenthesis (`(.Values.a).b`) bears a missing value."""
    asks = asked or bool(pipeline.names) or any(call.name in ASKING for call in pipeline.calls)
    for call in pipeline.calls:
        bare = next((a for a in call.arguments if isinstance(a, Field) and a.names == ("Values",)), None)
        if bare is not None:
            yield Read(_literal_path(call, bare), template, bare.start, bare.end, True, guards, inside)
        for argument in call.arguments:
            if isinstance(argument, Field) and argument.value is not None:
                path, start, end = argument.value, argument.start, argument.end
                yield Read(path, template, start, end, asks, guards, inside, beside or tuple(_paths(pipeline)))
            elif isinstance(argument, Pipeline):
                yield from _pipeline(argument, template, guards, inside, asks, beside or tuple(_paths(pipeline)))


def _literal_path(call: Call, bare: Field) -> str:
    """The path of `index .Values "a" "b"`; ALL where it is computed."""
    keys = [one for one in call.arguments if one is not bare]
    if call.name in ("index", "get", "hasKey", "dig") and keys and all(isinstance(one, Literal) for one in keys):
        names = [str(one.value) for one in keys if isinstance(one, Literal)]
        return ".".join(names[:-1] if call.name == "dig" and len(names) > 1 else names)
    return ALL
