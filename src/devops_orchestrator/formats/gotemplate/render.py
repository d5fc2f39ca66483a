"""What a template renders to with given values, and where in the template each character comes from.

Only what can be computed offline is rendered: an unknown function, a random value or a missing template raises, and the
caller leaves the template alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from devops_orchestrator.formats.gotemplate.functions import FUNCTIONS, truth, written
from devops_orchestrator.formats.gotemplate.nodes import (
    Action,
    Block,
    Define,
    Field,
    Literal,
    Output,
    Pipeline,
    Term,
    Words,
)

MAX_OUTPUT = 400_000
MAX_DEPTH = 60
REQUIRED = "given-at-install"  # stands for a value that whoever installs the chart must give


class Unrenderable(Exception):
    """The template needs what is not known here."""


@dataclass(frozen=True)
class Piece:
    """A run of output: where it begins in the output and in the template; `value` is the path that was printed."""

    start: int
    origin: int
    end: int  # of the origin
    literal: bool
    value: str | None = None


@dataclass(frozen=True)
class Rendered:
    """A rendered template and its way back."""

    text: str
    pieces: tuple[Piece, ...]

    def piece(self, offset: int) -> Piece | None:
        """The run that an offset of the output lies in."""
        position = bisect_right([one.start for one in self.pieces], offset) - 1
        return self.pieces[position] if position >= 0 else None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the template that gave these of the output; a whole action where it computed them."""
        first, last = self.piece(start), self.piece(max(start, end - 1))
        if first is None or last is None:
            return 0, 0
        begin = first.origin + (start - first.start) if first.literal else first.origin
        stop = last.origin + (end - last.start) if last.literal else last.end
        return (begin, stop) if stop >= begin else (begin, first.end if not first.literal else begin + 1)

    def value(self, start: int, end: int) -> str | None:
        """The path below `.Values` that was printed at these characters of the output, if one value gave them."""
        first = self.piece(start)
        return first.value if first is not None and first == self.piece(max(start, end - 1)) else None


@dataclass
class _Scope:
    dot: Any
    variables: dict[str, Any]

    def below(self, dot: Any) -> _Scope:
        return _Scope(dot, dict(self.variables))


@dataclass
class Renderer:
    """Renders templates of one chart. `names` are its named templates, `root` is what `$` is."""

    names: Mapping[str, Define]
    root: Mapping[str, Any]
    _pieces: list[Piece] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _length: int = 0
    _depth: int = 0

    def render(self, body: Sequence[Action]) -> Rendered:
        """One template. Raises Unrenderable."""
        self._pieces, self._text, self._length, self._depth = [], [], 0, 0
        try:
            self._run(body, _Scope(self.root, {"$": self.root}))
        except Unrenderable:
            raise
        except Exception as error:  # a function that was given what it does not take: the template is left alone
            raise Unrenderable(str(error)) from error
        return Rendered("".join(self._text), tuple(self._pieces))

    def _write(self, text: str, origin: int, end: int, literal: bool, value: str | None = None) -> None:
        if text:
            self._pieces.append(Piece(self._length, origin, end, literal, value))
            self._text.append(text)
            self._length += len(text)
            if self._length > MAX_OUTPUT:
                raise Unrenderable("too much output")

    def _run(self, body: Sequence[Action], scope: _Scope) -> None:
        for action in body:
            if isinstance(action, Words):
                self._write(action.text, action.start, action.start + len(action.text), True)
            elif isinstance(action, Output):
                found = self._pipeline(action.pipeline, scope)
                if not action.pipeline.sets:
                    first = next(action.pipeline.fields(), None)
                    computed = any(
                        call.name in ("include", "template", "printf") for call in action.pipeline.functions()
                    )
                    value = first.value if first is not None and not computed else None
                    self._write(written(found), action.start, action.end, False, value)
            elif isinstance(action, Block):
                self._block(action, scope)

    def _block(self, block: Block, scope: _Scope) -> None:
        for number, (pipeline, body) in enumerate(block.branches):
            if pipeline is None:
                return self._run(body, scope.below(scope.dot))
            found = self._pipeline(pipeline, scope, keep=block.kind == "range")
            if not truth(found):
                continue
            if block.kind == "range" and number == 0:
                return self._range(pipeline, body, found, scope)
            inner = scope.below(found if block.kind == "with" else scope.dot)
            self._run(body, inner)
            if block.kind == "if":
                self._back(scope, inner)
            return None
        return None

    def _range(self, pipeline: Pipeline, body: Sequence[Action], found: Any, scope: _Scope) -> None:
        if isinstance(found, dict):
            entries = [(key, found[key]) for key in sorted(found, key=str)]
        elif isinstance(found, list):
            entries = list(enumerate(found))
        elif isinstance(found, int):
            entries = [(number, number) for number in range(found)]
        else:
            raise Unrenderable("range over a scalar")
        for key, value in entries:
            inner = scope.below(value)
            names = pipeline.sets
            if len(names) == 2:
                inner.variables[names[0]], inner.variables[names[1]] = key, value
            elif names:
                inner.variables[names[0]] = value
            self._run(body, inner)
            self._back(scope, inner)

    @staticmethod
    def _back(scope: _Scope, inner: _Scope) -> None:
        """Variables that a body set anew keep their value behind it."""
        for name in scope.variables:
            if name != "$":
                scope.variables[name] = inner.variables[name]

    def _pipeline(self, pipeline: Pipeline, scope: _Scope, keep: bool = False) -> Any:
        value: Any = None
        for number, call in enumerate(pipeline.calls):
            given = [self._term(one, scope) for one in call.arguments]
            if number:
                given.append(value)
            if call.name:
                value = self._call(call.name, given, scope)
            elif len(given) == 2 and isinstance(call.arguments[0], Field) and call.arguments[0].names[-1:] == ("Has",):
                value = True  # `.Capabilities.APIVersions.Has`: the cluster of today knows it
            elif len(given) == 2 and isinstance(call.arguments[0], Field) and "Files" in call.arguments[0].names:
                value = ""  # `.Files.Get`: what is in it makes no object
            elif number or len(given) != 1:
                raise Unrenderable("no function")
            else:
                value = given[0]
        for name in pipeline.names:
            value = value.get(name) if isinstance(value, dict) else None
        if pipeline.sets and not keep:
            for name in pipeline.sets:
                scope.variables[name] = value
        return value

    def _call(self, name: str, given: list[Any], scope: _Scope) -> Any:
        if name in ("and", "or"):
            found: Any = None
            for found in given:
                if truth(found) == (name == "or"):
                    return found
            return found
        if name in ("include", "template"):
            return self._include(str(given[0]), given[1] if len(given) > 1 else None)
        if name == "required":
            return REQUIRED if given[1] in (None, "") else given[1]
        if name == "tpl":
            if "{{" in written(given[0]):
                raise Unrenderable("tpl")
            return given[0]
        if name not in FUNCTIONS:
            raise Unrenderable(f"function {name}")
        return FUNCTIONS[name](*given)

    def _include(self, name: str, dot: Any) -> str:
        if name.endswith((".yaml", ".yml")):
            return ""  # a whole file, for a checksum of it
        define = self.names.get(name)
        if define is None or self._depth > MAX_DEPTH:
            raise Unrenderable(f"template {name}")
        inner = Renderer(self.names, self.root, _depth=self._depth + 1)
        inner._run(define.body, _Scope(dot, {"$": dot}))
        return "".join(inner._text)

    def _term(self, term: Term, scope: _Scope) -> Any:
        if isinstance(term, Literal):
            return term.value
        if isinstance(term, Pipeline):
            return self._pipeline(term, scope)
        return self._field(term, scope)

    def _field(self, term: Field, scope: _Scope) -> Any:
        if term.root and term.root not in scope.variables:
            raise Unrenderable(f"variable {term.root}")
        value = scope.variables[term.root] if term.root else scope.dot
        for name in term.names:
            if value is None:
                raise Unrenderable(f"nil pointer evaluating .{name}")
            value = value.get(name) if isinstance(value, Mapping) else None
        return value
