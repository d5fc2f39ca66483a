"""HCL text as tokens with character positions: the lexical grammar of HCL's native syntax, templates included."""

from __future__ import annotations

import re
from typing import NamedTuple

from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats.lines import Lines
from devops_orchestrator.text import Text


class Token(NamedTuple):
    """A token and its place. `kind` is an operator's own text, or one of: ident, number, comment, newline, open-quote,
    close-quote, open-heredoc, close-heredoc, literal (inside a template), interpolation `${`, directive `%{`,
    close-sequence, end.
    """

    kind: str
    text: str
    start: int
    end: int


_MAIN = re.compile(
    r"""(?P<space>[ \t]+)
    |(?P<newline>\r?\n)
    |(?P<comment>(?:\#|//)[^\n]*(?:\n|\Z)|/\*.*?\*/)
    |(?P<ident>[^\W\d][\w-]*)
    |(?P<number>\d(?:(?:[\d.]|[eE][+-]?\d)*(?:\d|[eE][+-]?\d))?)
    |(?P<heredoc><<-?(?P<marker>[^\W\d][\w-]*)\r?\n)
    |(?P<operator>==|!=|>=|<=|&&|\|\||::|\.\.\.|=>|~\}|[][().,*/%+\-=<>!?:{}"])""",
    re.X | re.S,
)
# Literal text of a template up to the next sequence. `$${` and `%%{` are escapes; a lone `$` or `%` stands for itself.
_QUOTED = re.compile(r"(?:\$\$\{|%%\{|\\[^\r\n]|[^\\\"$%\r\n]|\$(?!\{)|%(?!\{))+")
_HEREDOC = re.compile(r"(?:\$\$\{|%%\{|[^$%\n]|\$(?!\{)|%(?!\{))*")
_SEQUENCE = re.compile(r"[$%]\{~?")


def tokens(text: str) -> list[Token]:
    """All tokens, blanks left out, one of kind `end` last.

    Raises ParseError with line and column: a character that HCL does not know, a string or here-document never closed.
    """
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Token] = []
        self.depth = 0  # braces open inside the innermost template sequence: its own closing brace comes at 0

    def scan(self) -> list[Token]:
        if "\0" in self.text:
            raise self.error(
                self.text.index("\0"), Text("This is a binary file, not HCL.", "C'est un fichier binaire, pas du HCL.")
            )
        at = self._code(1 if self.text.startswith("\ufeff") else 0, inside=False)
        self._add("end", at, at)
        return self.found

    def error(self, offset: int, text: Text) -> ParseError:
        line, column = Lines(self.text).place(offset)
        return ParseError(text, line=line, column=column)

    def _add(self, kind: str, start: int, end: int) -> int:
        self.found.append(Token(kind, self.text[start:end], start, end))
        return end

    def _code(self, at: int, *, inside: bool) -> int:
        """Tokens outside templates; inside a sequence, up to and with its closing brace. Returns the offset after."""
        while at < len(self.text):
            match = _MAIN.match(self.text, at)
            if match is None:
                shown = self.text[at]
                raise self.error(
                    at,
                    Text(
                        f"HCL does not know the character {shown!r} here.",
                        f"Le caractère {shown!r} n'a pas de sens ici en HCL.",
                    ),
                )
            kind = match.lastgroup or ""
            if kind == "space":
                at = match.end()
            elif match["heredoc"]:
                self._add("open-heredoc", at, match.end())
                at = self._heredoc(match.end(), match["marker"])
            elif kind != "operator":
                at = self._add(kind, at, match.end())
            elif match[0] == '"':
                self._add("open-quote", at, match.end())
                at = self._quoted(match.end(), at)
            elif match[0] in ("}", "~}") and inside and self.depth == 0:
                return self._add("close-sequence", at, match.end())
            else:
                self.depth += (match[0] == "{") - (match[0] == "}")
                at = self._add(match[0], at, match.end())
        return at

    def _quoted(self, at: int, opened: int) -> int:
        while True:
            if match := _QUOTED.match(self.text, at):
                at = self._add("literal", at, match.end())
            elif self.text.startswith('"', at):
                return self._add("close-quote", at, at + 1)
            elif match := _SEQUENCE.match(self.text, at):
                at = self._sequence(at, match.end())
            else:
                raise self.error(
                    opened,
                    Text("This string is never closed on its line.", "Cette chaîne n'est pas fermée sur sa ligne."),
                )

    def _heredoc(self, at: int, marker: str) -> int:
        opened, fresh = at, True
        while True:
            stop = self.text.find("\n", at)
            line = self.text[at : stop if stop >= 0 else len(self.text)]
            if fresh and line.strip() == marker:
                return self._add("close-heredoc", at, at + len(line.removesuffix("\r")))
            match = _HEREDOC.match(self.text, at)
            end = match.end() if match else at
            if end < len(self.text) and self.text[end] == "\n":
                at, fresh = self._add("literal", at, end + 1), True
                continue
            at = self._add("literal", at, end) if end > at else at
            fresh = False
            sequence = _SEQUENCE.match(self.text, at)
            if sequence is None:
                raise self.error(
                    opened - 1,
                    Text(
                        f"The here-document '{marker}' is never closed.",
                        f"Le here-document « {marker} » n'est jamais fermé.",
                    ),
                )
            at = self._sequence(at, sequence.end())

    def _sequence(self, start: int, at: int) -> int:
        self._add("interpolation" if self.text[start] == "$" else "directive", start, at)
        outer, self.depth = self.depth, 0
        at = self._code(at, inside=True)
        if self.found[-1].kind != "close-sequence":
            raise self.error(
                start, Text("This template sequence is never closed.", "Cette séquence de gabarit n'est jamais fermée.")
            )
        self.depth = outer
        return at
