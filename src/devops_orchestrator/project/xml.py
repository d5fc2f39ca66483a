"""XML with line numbers. Entities are refused: a pom needs none, and they are how a small file becomes a bomb."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from devops_orchestrator.errors import ParseError
from devops_orchestrator.text import Text

MAX_DEPTH = 200


@dataclass(eq=False)
class Element:
    """An element: `tag` without its namespace, `text` stripped, `line` from 1."""

    path: str
    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "".join(self.parts).strip()

    def find(self, *tags: str) -> Element | None:
        """The first element at a path of tags, or None."""
        found: Element | None = self
        for tag in tags:
            if found is None:
                return None
            found = next((child for child in found.children if child.tag == tag), None)
        return found

    def value(self, *tags: str) -> str | None:
        """The text of the element at a path, None where it is absent or empty."""
        found = self.find(*tags)
        return (found.text or None) if found else None

    def all(self, *tags: str) -> Iterator[Element]:
        """Every element at a path of tags."""
        if not tags:
            yield self
            return
        for child in self.children:
            if child.tag == tags[0]:
                yield from child.all(*tags[1:])

    def walk(self) -> Iterator[Element]:
        """This element and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    @property
    def at(self) -> str:
        """The evidence: `file:line`."""
        return f"{self.path}:{self.line}"


def read_xml(path: str, text: str) -> Element:
    """The root element. Raises ParseError with the line: bad syntax, or a document that declares entities."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    top = Element(path, "", 1)
    stack = [top]

    def fail(english: str, french: str) -> ParseError:
        return ParseError(
            Text(f"Invalid XML: {english}.", f"XML invalide : {french}."), file=path,
            line=parser.CurrentLineNumber, column=parser.CurrentColumnNumber + 1,
        )  # fmt: skip

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > MAX_DEPTH:
            raise fail("nested too deeply", "imbrication trop profonde")
        element = Element(path, name.rpartition(":")[2], parser.CurrentLineNumber, attributes)
        stack[-1].children.append(element)
        stack.append(element)

    def data(text: str) -> None:
        stack[-1].parts.append(text)

    def entity(*_: object) -> None:
        raise fail("entities are not accepted", "les entités ne sont pas acceptées")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: stack.pop()
    parser.CharacterDataHandler = data
    parser.EntityDeclHandler = entity
    try:
        parser.Parse(text.encode("utf-8"), True)
    except expat.ExpatError as error:
        problem = expat.ErrorString(error.code)
        raise ParseError(
            Text(f"Invalid XML: {problem}.", f"XML invalide : {problem}."),
            file=path,
            line=error.lineno,
            column=error.offset + 1,
        ) from error
    except (LookupError, ValueError) as error:
        raise ParseError(Text(f"Invalid XML: {error}.", f"XML invalide : {error}."), file=path) from error
    return top.children[0]
