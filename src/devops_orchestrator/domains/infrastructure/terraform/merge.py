"""Adding to a module that exists: the blocks and values that it lacks, at the end of the files where they belong."""

from __future__ import annotations

from pathlib import PurePosixPath

from devops_orchestrator.core.change import File
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Edit
from devops_orchestrator.formats.hcl import Attribute, Block
from devops_orchestrator.formats.lines import newline
from devops_orchestrator.project.terraform_modules import Module, parsed

Identity = tuple[str, ...]


def missing_parts(
    files: list[File], module: Module | None, repository: Repository
) -> tuple[list[File], list[Edit]]:  # fmt: skip
    """(files to write, edits of files that are there): what is declared anywhere in the module is left out."""
    written: list[File] = []
    edits: list[Edit] = []
    declared = _declared(module)
    for file in files:
        present = repository.read(file.path)
        own = PurePosixPath(file.path).suffix == ".tf" and module is not None and _folder(file.path) == module.folder
        known = declared if own else _identities(present) if present is not None else frozenset()
        if not known:
            written.append(file)
            continue
        text = _without(file.content, known)
        if not text.strip():
            continue
        if present is None:
            written.append(File(file.path, text, file.why))
        else:
            eol = newline(present)
            start = eol if present.endswith("\n") or not present else eol * 2
            edits.append(Edit(file.path, len(present), len(present), start + text.replace("\n", eol)))
    return written, edits


def _folder(path: str) -> str:
    return str(PurePosixPath(path).parent)


def _declared(module: Module | None) -> frozenset[Identity]:
    if module is None:
        return frozenset()
    found = {_identity(item) for document in module.documents.values() for item in document.items}
    # A second `terraform` block may add what the first has not; `locals` blocks add up.
    return frozenset(found - {("terraform",), ("locals",)}) | {("local", name) for name in module.locals}


def _identities(text: str) -> frozenset[Identity]:
    return frozenset(_identity(item) for item in parsed(text).items)


def _identity(item: Attribute | Block) -> Identity:
    if isinstance(item, Attribute):
        return ("=", item.name)
    return (item.type, *(label.value for label in item.labels))


def _without(text: str, known: frozenset[Identity]) -> str:
    """The text without the blocks and values that are known, nor the comment right above each."""
    document = parsed(text)
    for item in reversed(document.items):
        gone = _identity(item) in known
        if isinstance(item, Block) and item.type == "locals":
            gone = all(("local", name) in known for name in item.body.attributes)
        if gone:
            start = text.rfind("\n", 0, item.start) + 1
            while start and text[text.rfind("\n", 0, start - 1) + 1 : start].lstrip().startswith("#"):
                start = text.rfind("\n", 0, start - 1) + 1
            text = text[:start] + text[item.end :].lstrip("\n")
    return text
