"""The canonical format of Terraform files: `fmt(text)` is what `terraform fmt` writes."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from devops_orchestrator.formats.hcl.body import Body, Document
from devops_orchestrator.formats.hcl.expressions import Expression
from devops_orchestrator.formats.hcl.parser import parse
from devops_orchestrator.formats.hcl.tokens import Token, tokens

_OPENING = frozenset(("{", "[", "(", "interpolation", "directive"))
_CLOSING = frozenset(("}", "]", ")", "close-sequence"))
# A minus after one of these is a sign, not a subtraction.
_BEFORE_SIGN = frozenset(
    ("", "(", "{", "[", "=", ":", ",", "?", "+", "*", "/", "%", "-", "==", "!=", ">", ">=", "<", "<=", "&&", "||", "!")
)
_IN_TEMPLATE_AFTER = frozenset(("literal", "open-quote", "open-heredoc"))
_IN_TEMPLATE_BEFORE = frozenset(("literal", "close-quote", "close-heredoc"))


def fmt(text: str, document: Document | None = None) -> str:
    """The text in canonical format: indentation, spaces, aligned `=` and comments, and the spellings that `terraform fmt`
    renews (`"${x}"` alone → `x`, a type in quotes, labels without quotes). `document` is the text parsed, where it is.

    Raises ParseError where the text is not HCL.
    """
    document = document or parse(text)
    changes = sorted(_body_changes(text, document, ()), reverse=True)
    for start, end, value in changes:
        text = text[:start] + value + text[end:]
    found = tokens(text) if changes else document.tokens
    lines = _lines(found)
    _indent(lines)
    _align(lines)
    # terraform keeps the blanks behind the last line break, as many as there are.
    tail = " " * (len(text) - (found[-2].end if len(found) > 1 else 0))
    return ("\ufeff" if text.startswith("\ufeff") else "") + "".join(line.text() for line in lines) + tail


# Spellings


def _body_changes(text: str, body: Body, inside: tuple[str, ...]) -> list[tuple[int, int, str]]:
    changes: list[tuple[int, int, str]] = []
    for name, attribute in body.attributes.items():
        value = attribute.value
        new = renewed_type(value) if inside == ("variable",) and name == "type" else unwrapped(text, value)
        if new is not None:
            changes.append((value.start, value.end, new))
    for block in body.blocks():
        changes += [(label.start, label.end, f'"{label.value}"') for label in block.labels if text[label.start] != '"']
        changes += _body_changes(text, block.body, (*inside, block.type))
    return changes


def renewed_type(value: Expression) -> str | None:
    """Today's spelling of a variable's type; None where it is today's already."""
    if value.kind == "reference" and value.path in (("list",), ("map",), ("set",)):
        return f"{value.path[0]}(any)"
    return {"string": "string", "list": "list(string)", "map": "map(string)"}.get(value.string or "")


def unwrapped(text: str, value: Expression) -> str | None:
    """The expression inside a string that is nothing but one interpolation: `var.x` of `"${var.x}"`; else None."""
    if value.kind != "template" or len(value.parts) != 1 or value.parts[0].kind in ("text", "directive"):
        return None
    found = tokens(text[value.start : value.end])
    inside = found[2:-3]
    depth = 0
    for token in inside:
        depth += (token.kind == "open-quote") - (token.kind == "close-quote")
        if depth == 0 and token.kind in ("interpolation", "close-sequence", "literal", "directive"):
            return None
    while inside and inside[0].kind == "newline":
        inside = inside[1:]
    while inside and inside[-1].kind == "newline":
        inside = inside[:-1]
    if not inside or any(token.kind in ("comment", "open-heredoc") for token in inside):
        return None
    inner = text[value.start + inside[0].start : value.start + inside[-1].end]
    several_lines = any(token.kind == "newline" for token in inside)
    if several_lines and not (inside[0].kind == "(" and inside[-1].kind == ")"):
        return f"({inner})"
    return inner


# Lines, each in up to three cells: what leads, the assignment, the comment behind


@dataclass
class _Line:
    lead: list[Token]
    assign: list[Token] = field(default_factory=list)
    comment: list[Token] = field(default_factory=list)
    indent: int = 0
    assign_gap: int = 1
    comment_gap: int = 1

    def text(self) -> str:
        parts = [" " * self.indent + _spaced(self.lead)]
        if self.assign:
            parts.append(" " * self.assign_gap + _spaced(self.assign))
        if self.comment:
            parts.append(" " * self.comment_gap + self.comment[0].text)
        return "".join(parts)


def _lines(found: Sequence[Token]) -> list[_Line]:
    lines: list[_Line] = []
    current: list[Token] = []
    for token in found:
        if token.kind == "end":
            break
        current.append(token)
        if token.kind == "newline" or (token.kind == "comment" and token.text.endswith("\n")):
            lines.append(_cells(current))
            current = []
    if current:
        lines.append(_cells(current))
    return lines


def _cells(lead: list[Token]) -> _Line:
    line = _Line(lead)
    if len(lead) > 1 and lead[-1].kind == "comment":
        line.lead, line.comment = lead[:-1], lead[-1:]
    for index, token in enumerate(line.lead):
        if index and token.kind == "=":
            # An expression that opens brackets goes on below: its sign is not aligned with the lines around it.
            if sum(_change(t) for t in line.lead[index:]) == 0:
                line.lead, line.assign = line.lead[:index], line.lead[index:]
            break
    return line


def _change(token: Token) -> int:
    return (token.kind in _OPENING) - (token.kind in _CLOSING)


def _indent(lines: list[_Line]) -> None:
    """A line that opens more brackets than it closes indents what follows by one level, however many it opens."""
    levels: list[int] = []
    for line in lines:
        if line.lead[0].kind == "newline":
            continue
        net = 0
        for token in line.lead:
            net += _change(token)
            if token.kind == "open-heredoc":
                break
        net += sum(_change(token) for token in line.assign)
        closed = -net
        while closed > 0 and levels:
            if closed < levels[-1]:
                levels[-1] -= closed
                break
            closed -= levels.pop()
        line.indent = 2 * len(levels)
        if net > 0:
            levels.append(net)


def _align(lines: list[_Line]) -> None:
    for chain in _chains(lines, "assign"):
        width = max(_width(_spaced(line.lead), line.indent) for line in chain)
        for line in chain:
            line.assign_gap = width - _width(_spaced(line.lead), line.indent) + 1
    for chain in _chains(lines, "comment"):
        width = max(_columns(line) for line in chain)
        for line in chain:
            line.comment_gap = width - _columns(line) + 1


def _chains(lines: list[_Line], cell: str) -> list[list[_Line]]:
    """Runs of neighbouring lines that have the cell."""
    chains: list[list[_Line]] = []
    open_ = False
    for line in lines:
        if not getattr(line, cell):
            open_ = False
        elif open_:
            chains[-1].append(line)
        else:
            chains.append([line])
            open_ = True
    return chains


def _columns(line: _Line) -> int:
    columns = _width(_spaced(line.lead), line.indent)
    return columns + (line.assign_gap + _width(_spaced(line.assign), 0) if line.assign else 0)


def _width(text: str, indent: int) -> int:
    """Characters as a reader counts them: a mark that joins the letter before it takes no column."""
    text = text.rstrip("\r\n")
    return indent + (len(text) if text.isascii() else sum(not unicodedata.combining(char) for char in text))


def _spaced(found: Sequence[Token]) -> str:
    parts: list[str] = []
    for index, token in enumerate(found):
        parts.append(token.text)
        if index + 1 < len(found) and _space(found[index - 1] if index else None, token, found[index + 1]):
            parts.append(" ")
    return "".join(parts)


def _space(before: Token | None, token: Token, after: Token) -> bool:
    """Whether a blank stands between two tokens."""
    this, then = token.kind, after.kind
    if then == "newline" or (this == "ident" and then in ("(", "::")) or this == "::":
        return False
    if "." in (this, then) or then in (",", "..."):
        return False
    if this == ",":
        return True
    if this in _IN_TEMPLATE_AFTER or then in _IN_TEMPLATE_BEFORE:
        return False
    if this == "ident" and token.text == "in" and before is not None and before.kind == "ident":
        return True
    if then == "[" and (this in ("ident", "number") or this in _CLOSING):
        return False
    if this == "!":
        return False
    if this == "-":
        return (before.kind if before else "") not in _BEFORE_SIGN
    if this == "{" or then == "}":
        return not (this == "{" and then == "}")
    if this in ("interpolation", "directive"):
        return then == "{"
    if this == "close-sequence" and then in ("interpolation", "directive"):
        return False
    if this == "}" and then == "close-sequence":
        return True
    return this not in _OPENING and then not in _CLOSING
