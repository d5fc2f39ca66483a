"""The grammar of HCL's native syntax: tokens → bodies, blocks, attributes and expressions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.hcl.body import Attribute, Block, Body, Document, Label
from devops_orchestrator.formats.hcl.expressions import Expression
from devops_orchestrator.formats.hcl.tokens import Token, tokens
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text

_BINARY = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/", "%"))
_TIGHTNESS = {operator: level for level, operators in enumerate(_BINARY) for operator in operators}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)|(\$\$|%%)(?=\{)", re.S)
_PLAIN = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


def parse(text: str) -> Document:
    """The blocks and attributes of an HCL text (.tf, .tfvars, .hcl).

    Raises ParseError with line and column: bad syntax, an attribute given twice, brackets nested too deep.
    """
    try:
        return _Parser(text).document()
    except RecursionError:
        raise ParseError(Text("This file nests too deep.", "Ce fichier comporte trop de niveaux imbriqués.")) from None


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.index = 0
        self.lines_count = True  # whether a line break means something here: not inside brackets

    # The token at hand. A one-line comment ends its line.

    @property
    def at(self) -> Token:
        while True:
            token = self.tokens[self.index]
            if token.kind == "comment":
                if self.lines_count and token.text.endswith("\n"):
                    return token
            elif token.kind != "newline" or self.lines_count:
                return token
            self.index += 1

    @property
    def kind(self) -> str:
        token = self.at
        return "newline" if token.kind == "comment" else token.kind

    def take(self, kind: str | None = None, wanted: str = "") -> Token:
        token = self.at
        if kind is not None and self.kind != kind:
            raise self.unexpected(wanted or f"'{kind}'")
        self.index += token.kind != "end"
        return token

    def took(self, kind: str) -> bool:
        if self.kind != kind:
            return False
        self.take()
        return True

    @property
    def last_end(self) -> int:
        """End of the last token taken."""
        return self.tokens[self.index - 1].end

    @contextmanager
    def line_breaks(self, count: bool) -> Iterator[None]:
        before, self.lines_count = self.lines_count, count
        yield
        self.lines_count = before

    def unexpected(self, wanted: str) -> ParseError:
        token = self.at
        shown = {"newline": "the end of the line", "end": "the end of the file"}.get(self.kind, f"'{token.text[:40]}'")
        affiche = {"newline": "la fin de la ligne", "end": "la fin du fichier"}.get(self.kind, f"« {token.text[:40]} »")
        return self.error(
            token.start,
            Text(
                f"Expected {wanted} here, found {shown}.",
                f"{_FRENCH.get(wanted, wanted)} était attendu ici, et non {affiche}.",
            ),
        )

    def error(self, offset: int, text: Text) -> ParseError:
        line, column = Lines(self.text).place(offset)
        return ParseError(text, line=line, column=column)

    # Bodies

    def document(self) -> Document:
        body = self.body("end")
        return Document(body.items, 0, len(self.text), self.text, tuple(self.tokens))

    def body(self, closing: str) -> Body:
        items: list[Attribute | Block] = []
        seen: dict[str, int] = {}
        start = self.last_end if self.index else 0
        while True:
            while self.took("newline"):
                pass
            if self.kind == closing:
                return Body(tuple(items), start, self.at.start)
            name = self.take("ident", "an argument or a block")
            item = self.attribute(name) if self.kind == "=" else self.block(name)
            if isinstance(item, Attribute) and seen.setdefault(item.name, name.start) != name.start:
                line = Lines(self.text).place(seen[item.name])[0]
                raise self.error(
                    name.start,
                    Text(
                        f"The argument '{item.name}' was already set at line {line}.",
                        f"L'argument « {item.name} » est déjà défini ligne {line}.",
                    ),
                )
            items.append(item)
            if self.kind not in ("newline", "end", closing):
                raise self.unexpected("a new line")

    def attribute(self, name: Token) -> Attribute:
        equals = self.take("=").start
        value = self.expression()
        return Attribute(name.text, name.start, value.end, equals, value)

    def block(self, name: Token) -> Block:
        labels: list[Label] = []
        while self.kind in ("ident", "open-quote"):
            start = self.at.start
            word = self.take().text if self.kind == "ident" else self.quoted().string
            if word is None:
                raise self.error(start, Text("A label is a constant.", "Une étiquette de bloc est une constante."))
            labels.append(Label(word, start, self.last_end))
        opened = self.take("{", "'=' or '{'").start
        with self.line_breaks(True):
            body = self.body("}")
        closed = self.take("}").start
        return Block(name.text, tuple(labels), name.start, closed + 1, opened, closed, body)

    # Expressions

    def expression(self) -> Expression:
        condition = self.operation()
        if not self.took("?"):
            return condition
        yes = self.expression()
        self.take(":")
        no = self.expression()
        return Expression("conditional", condition.start, no.end, (condition, yes, no))

    def operation(self, least: int = 0) -> Expression:
        """A chain of operators that bind at least as tight as `least`."""
        left = self.unary()
        while (level := _TIGHTNESS.get(self.kind, -1)) >= least:
            operator = self.take().text
            right = self.operation(level + 1)
            left = Expression("operation", left.start, right.end, (left, right), operator)
        return left

    def unary(self) -> Expression:
        if self.kind in ("-", "!"):
            operator = self.take()
            inner = self.unary()
            return Expression("operation", operator.start, inner.end, (inner,), operator.text)
        return self.steps(self.term())

    def term(self) -> Expression:
        token, kind = self.at, self.kind
        if kind == "ident":
            return self.name()
        if kind == "number":
            self.take()
            value = (
                int(token.text)
                if token.text.isdigit()
                else float(token.text)
                if token.text.count(".") < 2
                else token.text
            )
            return Expression("literal", token.start, token.end, value=value)
        if kind == "open-quote":
            return self.quoted()
        if kind == "open-heredoc":
            return self.heredoc()
        if kind == "(":
            self.take()
            with self.line_breaks(False):
                inner = self.expression()
                end = self.take(")").end
            return Expression("parens", token.start, end, (inner,))
        if kind == "[":
            return self.tuple_()
        if kind == "{":
            return self.object_()
        raise self.unexpected("a value")

    def name(self) -> Expression:
        token = self.take()
        name = token.text
        while self.kind == "::":
            self.take()
            name += "::" + self.take("ident", "a name").text
        if self.kind == "(":
            self.take()
            with self.line_breaks(False):
                parts = self.listed(")")
                end = self.take(")").end
            return Expression("call", token.start, end, parts, name)
        if name in _CONSTANTS:
            return Expression("literal", token.start, token.end, value=_CONSTANTS[name])
        return Expression("reference", token.start, token.end, path=(name,))

    def listed(self, closing: str) -> tuple[Expression, ...]:
        parts: list[Expression] = []
        while self.kind != closing:
            parts.append(self.expression())
            self.took("...")
            if self.kind != closing:
                self.take(",", f"',' or '{closing}'")
        return tuple(parts)

    def steps(self, base: Expression) -> Expression:
        """What follows a term: `.name`, `.0`, `.*`, `[key]`, `[*]`."""
        while self.kind in (".", "["):
            if self.took("."):
                step = self.take()
                if step.kind == "*":
                    base = Expression("splat", base.start, step.end, (base,))
                elif step.kind in ("ident", "number"):
                    base = self.stepped(base, tuple(step.text.split(".")), step.end)
                else:
                    self.index -= 1
                    raise self.unexpected("a name")
                continue
            self.take()
            with self.line_breaks(False):
                if self.took("*"):
                    base = Expression("splat", base.start, self.take("]").end, (base,))
                    continue
                key = self.expression()
                end = self.take("]").end
            constant = key.constant
            if constant is not None and base.kind == "reference":
                base = self.stepped(base, (str(constant),), end)
            else:
                base = Expression("index", base.start, end, (base, key))
        return base

    def stepped(self, base: Expression, path: tuple[str, ...], end: int) -> Expression:
        if base.kind == "reference":
            return Expression("reference", base.start, end, path=base.path + path)
        return Expression("attribute", base.start, end, (base,), path=path)

    def tuple_(self) -> Expression:
        start = self.take("[").start
        with self.line_breaks(False):
            if self.at.text == "for" and self.kind == "ident":
                return self.for_(start, "]")
            parts = self.listed("]")
            end = self.take("]").end
        return Expression("tuple", start, end, parts)

    def object_(self) -> Expression:
        start = self.take("{").start
        with self.line_breaks(False):
            before = self.index
            if self.at.text == "for" and self.kind == "ident" and self.tokens[self.index + 1].kind == "ident":
                return self.for_(start, "}")
            self.index = before
        items: list[tuple[Expression, Expression]] = []
        with self.line_breaks(True):
            while True:
                while self.took("newline"):
                    pass
                if self.kind == "}":
                    break
                key = self.expression()
                if self.kind not in ("=", ":"):
                    raise self.unexpected("'=' or ':'")
                self.take()
                items.append((key, self.expression()))
                if not (self.took(",") or self.kind in ("newline", "}")):
                    raise self.unexpected("',' or '}'")
            end = self.take("}").end
        return Expression("object", start, end, items=tuple(items))

    def for_(self, start: int, closing: str) -> Expression:
        parts: list[Expression] = []
        self.take()
        names = [self.take("ident", "a name").text]
        if self.took(","):
            names.append(self.take("ident", "a name").text)
        if self.take("ident", "'in'").text != "in":
            self.index -= 1
            raise self.unexpected("'in'")
        parts.append(self.expression())
        self.take(":")
        parts.append(self.expression())
        if self.took("=>"):
            parts.append(self.expression())
        self.took("...")
        if self.kind == "ident" and self.at.text == "if":
            self.take()
            parts.append(self.expression())
        end = self.take(closing).end
        return Expression("for", start, end, tuple(parts), "[" if closing == "]" else "{", tuple(names))

    # Templates

    def quoted(self) -> Expression:
        start = self.take("open-quote").start
        parts = self.template("close-quote", escapes=True)
        return Expression("template", start, self.take("close-quote").end, parts)

    def heredoc(self) -> Expression:
        opening = self.take("open-heredoc")
        parts = self.template("close-heredoc", escapes=False)
        return Expression("heredoc", opening.start, self.take("close-heredoc").end, parts)

    def template(self, closing: str, *, escapes: bool) -> tuple[Expression, ...]:
        parts: list[Expression] = []
        while (token := self.tokens[self.index]).kind != closing:
            self.index += 1
            if token.kind == "literal":
                value = _unescaped(token.text) if escapes else re.sub(r"(\$|%)\1(?=\{)", r"\1", token.text)
                parts.append(Expression("text", token.start, token.end, value=value))
                continue
            with self.line_breaks(False):
                if token.kind == "directive":
                    parts.append(Expression("directive", token.start, token.end, self.directive()))
                else:
                    parts.append(self.expression())
                self.take("close-sequence", "'}'")
        return tuple(parts)

    def directive(self) -> tuple[Expression, ...]:
        keyword = self.take("ident", "if, for, else, endif or endfor").text
        if keyword == "for":
            self.take("ident", "a name")
            if self.took(","):
                self.take("ident", "a name")
            self.take("ident", "'in'")
        return (self.expression(),) if keyword in ("if", "for") else ()


_FRENCH = {
    "an argument or a block": "Un argument ou un bloc", "a new line": "Un retour à la ligne", "a value": "Une valeur",
    "a name": "Un nom", "'=' or '{'": "« = » ou « { »", "'=' or ':'": "« = » ou « : »", "',' or '}'": "« , » ou « } »",
}  # fmt: skip


def _unescaped(text: str) -> str:
    def fill(found: re.Match[str]) -> str:
        if found[2]:
            return found[2][0]
        code = found[1]
        return chr(int(code[1:], 16)) if code[0] in "uU" and len(code) > 1 else _PLAIN.get(code, code)

    return _ESCAPE.sub(fill, text)
