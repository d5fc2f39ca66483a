"""A GitLab pipeline as its jobs, with the local files that it includes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import matches
from devops_orchestrator.core.rule import Source
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import yaml
from devops_orchestrator.formats.yaml import Node

REFERENCE = "https://docs.gitlab.com/ci/yaml/"
GLOBAL = frozenset(
    {
        "default", "include", "stages", "variables", "workflow", "image", "services", "cache", "before_script",
        "after_script", "pages", "spec", "types",
    }
)  # fmt: skip
STAGES = (".pre", "build", "test", "deploy", ".post")


def jobs(document: Node) -> Iterator[tuple[str, Node]]:
    """Jobs that run: not hidden, not global keywords."""
    for key, value in document.items():
        name = str(key.value)
        if name not in GLOBAL - {"pages"} and not name.startswith(".") and value.kind == "map":
            yield name, value


def pipeline(source: Source) -> Node | None:
    documents = source.parsed(yaml.parse)
    # With `spec:` (inputs) the pipeline is the second document.
    return documents[-1] if documents and documents[-1].kind == "map" else None


@dataclass(frozen=True)
class Whole:
    """A pipeline with all that it includes: `names` are its top-level keys, `stages` what it declares.

    `seen` is false where something is included that the repository does not hold, or nothing includes this file.
    """

    names: frozenset[str]
    stages: tuple[str, ...] | None
    documents: tuple[tuple[str, Node], ...]
    seen: bool

    def job(self, name: str) -> Node | None:
        """The mapping of a job or template, as far as one file says it."""
        found = (document.get(name) for _, document in self.documents)
        return next((node for node in found if node is not None and node.kind == "map"), None)

    def field(self, job: Node, name: str, depth: int = 0) -> Node | None:
        """A field of a job: its own, else that of the last template that it extends and that has it."""
        own = job.get(name)
        extends = job.get("extends")
        if own is not None or extends is None or depth > 10:
            return own
        names = [extends.scalar] if extends.kind == "scalar" else [child.scalar for child in extends.children()]
        templates = [found for each in reversed(names) if (found := self.job(each)) is not None]
        return next((value for each in templates if (value := self.field(each, name, depth + 1)) is not None), None)


def whole(source: Source, project: Project) -> Whole | None:
    """The pipeline that a file belongs to: itself where it is one, else the root file that includes it."""
    document = pipeline(source)
    if document is None:
        return None
    root = ".gitlab-ci.yml"
    if source.path == root:
        return _read(root, document, project)
    text = project.repository.read(root) if root in project.repository.files else None
    try:
        documents = yaml.parse(text) if text else []
    except ParseError:
        return None
    if documents and documents[-1].kind == "map":
        found = _read(root, documents[-1], project)
        return found if any(path == source.path for path, _ in found.documents) else None
    return (
        _read(source.path, document, project)
        if document.get("include") is None and posixpath.basename(source.path) == root
        else None
    )


def _read(path: str, document: Node, project: Project) -> Whole:
    documents: list[tuple[str, Node]] = []
    seen = True
    todo = [(path, document)]
    while todo:
        here, node = todo.pop()
        documents.append((here, node))
        for entry in _entries(node.get("include")):
            local = entry if entry.kind == "scalar" else entry.get("local")
            if local is None or "://" in local.scalar or "$" in local.scalar or not local.scalar:
                seen = False
                continue
            for name in _files(local.scalar, project):
                if any(name == known for known, _ in [*documents, *todo]):
                    continue
                try:
                    below = yaml.parse(project.repository.read(name) or "")
                except ParseError:
                    seen = False
                    continue
                todo += [(name, below[-1])] if below and below[-1].kind == "map" else []
    names = frozenset(key.scalar for _, each in documents for key, _ in each.items())
    listed = next((each.get("stages") for _, each in documents if each.get("stages") is not None), None)
    stages = (
        tuple(child.scalar for child in listed.children()) if listed is not None and listed.kind == "list" else None
    )
    return Whole(names, stages, tuple(documents), seen)


def _entries(include: Node | None) -> list[Node]:
    if include is None:
        return []
    return list(include.children()) if include.kind == "list" else [include]


def _files(local: str, project: Project) -> list[str]:
    path = local.lstrip("/")
    if "*" in path:
        return [name for name in project.repository.files if matches(name, path)]
    return [path] if project.repository.has(path) else []
