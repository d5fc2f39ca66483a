"""The Terraform modules of a repository: folders of `.tf` files that are read together."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import PurePosixPath
from weakref import WeakKeyDictionary

from devops_orchestrator.core.project import Project
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.errors import ParseError
from devops_orchestrator.formats import hcl
from devops_orchestrator.formats.hcl import Block, Document, Expression

# The same text is read by many rules and again as a neighbour of other files.
parsed = lru_cache(maxsize=8192)(hcl.parse)

# Folders whose modules show or test another one, and those that others call.
_SHOWN = frozenset(("examples", "example", "test", "tests", "fixtures"))
_CALLED = frozenset(("modules", "autogen"))


@dataclass(frozen=True)
class Place:
    """A block and the file that it stands in."""

    path: str
    document: Document
    block: Block


@dataclass(eq=False)
class Module:
    """The files of one folder. `complete` is False where one of them does not parse or is JSON: then what it
    declares is not all known.
    """

    folder: str
    documents: dict[str, Document] = field(default_factory=dict)
    complete: bool = True
    siblings: tuple[str, ...] = ()  # every file of the folder

    def blocks(self, *types: str) -> Iterator[Place]:
        """The top-level blocks of these types, in the order of the files."""
        for path, document in self.documents.items():
            for block in document.blocks(*types):
                yield Place(path, document, block)

    def named(self, type_: str) -> dict[str, Place]:
        """label → block of the `variable`, `output`, `module` or `provider` blocks."""
        return {place.block.label: place for place in self.blocks(type_)}

    @cached_property
    def variables(self) -> dict[str, Place]:
        """Declared variables by name."""
        return self.named("variable")

    @cached_property
    def locals(self) -> frozenset[str]:
        """Declared local values."""
        return frozenset(name for place in self.blocks("locals") for name in place.block.body.attributes)

    @cached_property
    def references(self) -> frozenset[tuple[str, ...]]:
        """The first three names of every reference in the module."""
        return frozenset(r.path[:3] for document in self.documents.values() for r in document.references)

    @cached_property
    def backend(self) -> Place | None:
        """The `backend` or `cloud` block, or None."""
        for place in self.blocks("terraform"):
            for block in place.block.body.blocks("backend", "cloud"):
                return Place(place.path, place.document, block)
        return None

    @cached_property
    def required_providers(self) -> dict[str, tuple[Place, str, Expression]]:
        """local name → (its `required_providers` block, its name, its value)."""
        found: dict[str, tuple[Place, str, Expression]] = {}
        for place in self.blocks("terraform"):
            for block in place.block.body.blocks("required_providers"):
                for name, attribute in block.body.attributes.items():
                    found[name] = (Place(place.path, place.document, block), name, attribute.value)
        return found

    @cached_property
    def root(self) -> bool:
        """Whether somebody applies this folder: it configures a provider or a backend or has values of its own."""
        if self.sample or _CALLED.intersection(self.folder.split("/")):
            return False
        return (
            self.backend is not None
            or any(place.block.body.items for place in self.blocks("provider"))
            or any(name.endswith((".auto.tfvars", "terraform.tfvars")) for name in self.siblings)
        )

    def constant(self, value: Expression | None) -> str | int | float | bool | None:
        """The constant that an expression comes down to: itself, a local value, a variable that keeps its default."""
        if value is None:
            return None
        inner = value.unwrapped
        if inner.kind != "reference" or len(inner.path) != 2:
            return value.constant
        if inner.path[0] == "local":
            given = (p.block.body.value(inner.path[1]) for p in self.blocks("locals"))
            found = next((one for one in given if one is not None), None)
            return found.constant if found is not None else None
        place = self.variables.get(inner.path[1]) if inner.path[0] == "var" else None
        if place is None or any(name.endswith(".tfvars") for name in self.siblings):
            return None  # the values may be given there
        return place.block.body.constant("default")

    @property
    def sample(self) -> bool:
        """Whether it only shows or tests another module."""
        return bool(_SHOWN.intersection(self.folder.split("/")))

    @cached_property
    def anchor(self) -> str:
        """The file where what concerns the whole module is reported: that of the `terraform` block, else the first."""
        place = next((p for p in self.blocks("terraform") if p.path.endswith("versions.tf")), None)
        place = place or next(self.blocks("terraform"), None)
        preferred = [path for path in self.documents if path.endswith(("/main.tf", "main.tf"))]
        return place.path if place else (preferred or list(self.documents))[0]


_known: WeakKeyDictionary[Repository, dict[str, Module]] = WeakKeyDictionary()


def modules(project: Project) -> dict[str, Module]:
    """folder → module, read once for each state of the repository."""
    if project.repository not in _known:
        _known[project.repository] = _read(project)
    return _known[project.repository]


def module_of(path: str, project: Project) -> Module:
    """The module that a `.tf` file belongs to."""
    folder = str(PurePosixPath(path).parent)
    return modules(project).get(folder) or Module(folder, complete=False)


def _read(project: Project) -> dict[str, Module]:
    found: dict[str, Module] = {}
    for path in project.of_kind("terraform"):
        folder = str(PurePosixPath(path).parent)
        module = found.setdefault(folder, Module(folder))
        text = project.repository.read(path)
        try:
            module.documents[path] = parsed(text or "")
        except ParseError:
            module.complete = False
    siblings: dict[str, list[str]] = {folder: [] for folder in found}
    for path in project.repository.files:
        parent, _, name = path.rpartition("/")
        if (parent or ".") in siblings:
            siblings[parent or "."].append(name)
    for folder, module in found.items():
        module.siblings = tuple(siblings[folder])
        if any(name.endswith((".tf.json", ".tofu.json")) for name in module.siblings):
            module.complete = False
    return found


def local(module: Module, block: Block, project: Project) -> tuple[str, Module | None] | None:
    """(folder, module) that a `module` block calls within the repository; None for a module of elsewhere."""
    value = block.body.value("source")
    address = value.string if value is not None else None
    if not address or not address.startswith(("./", "../")):
        return None
    folder = posixpath.normpath(posixpath.join(module.folder, address))
    return None if folder.startswith("..") else (folder, modules(project).get(folder))
