"""HCL expressions as a tree with character positions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, eq=False)
class Expression:
    """A node of an expression; `start:end` are offsets into the text.

    `kind` is one of
    - `literal`: a number, true, false, null (`value`)
    - `template`: a quoted string, `heredoc`: a here-document; `parts` are its literals and sequences in order
    - `text`: a literal part of a template (`value`, escapes resolved), `directive`: a `%{ if … }` part
    - `reference`: a traversal of names and constant keys, `path` such as ("var", "region") or ("aws_instance", "a", "0", "id")
    - `attribute`, `index`, `splat`: steps on something that is not a constant traversal; `parts[0]` is that something
    - `call`: `value` is the function's name, `parts` its arguments
    - `tuple`: `parts`; `object`: `items`
    - `for`: a for expression, `path` the names that it binds; `conditional`, `operation` (`value` is its operator), `parens`: `parts` as written
    """

    kind: str
    start: int
    end: int
    parts: tuple[Expression, ...] = ()
    value: str | int | float | bool | None = None
    path: tuple[str, ...] = ()
    items: tuple[tuple[Expression, Expression], ...] = ()

    def walk(self) -> Iterator[Expression]:
        """This node and every node below it, in the order of the text."""
        yield self
        for part in self.parts:
            yield from part.walk()
        for key, item in self.items:
            yield from key.walk()
            yield from item.walk()

    @cached_property
    def string(self) -> str | None:
        """The value of a string without sequences, None for anything else."""
        if self.kind not in ("template", "heredoc") or any(part.kind != "text" for part in self.parts):
            return None
        return "".join(str(part.value) for part in self.parts)

    @property
    def constant(self) -> str | int | float | bool | None:
        """The value of a constant string, number or boolean; None for anything else (and for null)."""
        inner = self.unwrapped
        return inner.value if inner.kind == "literal" else inner.string

    @property
    def unwrapped(self) -> Expression:
        """The expression inside its parentheses."""
        return self.parts[0].unwrapped if self.kind == "parens" else self

    @property
    def references(self) -> Iterator[Expression]:
        """Every reference in it."""
        return (node for node in self.walk() if node.kind == "reference")

    def get(self, key: str) -> Expression | None:
        """The value of a constant key of an object, or None."""
        return next((value for name, value in self.items if key_of(name) == key), None)

    def strings(self) -> tuple[str, ...]:
        """The constant strings of a tuple (or of a function's only tuple, as in `toset([…])`)."""
        return tuple(part.string for part in self.unwrapped.parts if part.string is not None)


def key_of(key: Expression) -> str | None:
    """The name of an object's key: a bare word is its own name, a constant string its value."""
    if key.kind == "reference" and len(key.path) == 1:
        return key.path[0]
    constant = key.constant
    return None if constant is None else str(constant)
