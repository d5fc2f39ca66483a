"""Manifests that are programs or have a grammar of their own: where they are broken.

JSON, TOML, XML and YAML tell it when they are read. A syntax tree is made of any Gemfile, and go.mod is read line by
line: what is wrong with them shows only to who looks for it.
"""

from __future__ import annotations

from collections.abc import Callable

from devops_orchestrator.errors import ParseError
from devops_orchestrator.project.tree import Tree, join
from devops_orchestrator.text import Text


def check(tree: Tree, folder: str) -> None:
    """Report the manifests of a folder that do not parse."""
    for name in CHECKS.keys() & tree.names(folder):
        tree.parsed(join(folder, name), CHECKS[name])


def _program(language: str) -> Callable[[str, str], None]:
    def parse(path: str, text: str) -> None:
        from ast_grep_py import SgRoot

        parsed = SgRoot(text, language)  # nodes are views of it: it must live as long as they do
        wrong = [node.range().start for node in parsed.root().find_all(kind="ERROR")]
        stack = [parsed.root()] if not wrong else []
        while stack:
            node = stack.pop()
            below = node.children()
            stack += below
            if not below and not node.text():  # what the parser had to add
                wrong.append(node.range().start)
        # An empty program is one such node too.
        if wrong and text.strip():
            first = min(wrong, key=lambda place: place.index)
            raise ParseError(_invalid(language), line=first.line + 1, column=first.column + 1)

    return parse


def _invalid(language: str) -> Text:
    name = language.capitalize()
    return Text(f"Invalid {name} syntax.", f"Syntaxe {name} invalide.")


def _go(path: str, text: str) -> None:
    opened = 0
    for number, line in enumerate(text.split("\n"), 1):
        words = line.partition("//")[0].split()
        if words[1:] == ["("]:
            opened = number
        elif words == [")"]:
            opened = 0
    if opened:
        told = Text("This block is never closed: `)` is missing.", "Ce bloc n'est jamais fermé : il manque `)`.")
        raise ParseError(told, line=opened)


def _deno(path: str, text: str) -> None:
    from devops_orchestrator.project.documents import read_json

    read_json(path, text, comments=True)


CHECKS: dict[str, Callable[[str, str], None]] = {
    "Gemfile": _program("ruby"),
    "mix.exs": _program("elixir"),
    "go.mod": _go,
    "go.work": _go,
    "deno.json": _deno,
    "deno.jsonc": _deno,
}
