"""The shape of every ecosystem: which manifests make a component, and how one is read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from devops_orchestrator.project.draft import Draft
from devops_orchestrator.project.tree import Tree

if TYPE_CHECKING:
    from devops_orchestrator.project.images import Compose


@dataclass
class Context:
    """What a component is read with: the repository, and what its neighbours are."""

    tree: Tree
    compose_paths: list[str] = field(default_factory=list)
    folders: frozenset[str] = frozenset()  # every folder that is a component
    _sorted: tuple[frozenset[str], list[str]] = (frozenset(), [])

    @cached_property
    def compose(self) -> Compose:
        """The compose files of the repository, read when first asked for."""
        from devops_orchestrator.project.images import Compose as Read

        return Read(self.tree, self.compose_paths)

    def own(self, folder: str) -> tuple[str, ...]:
        """The files of a component: those below its folder, without those of components further down."""
        if self._sorted[0] is not self.folders:
            self._sorted = (self.folders, sorted(self.folders))
        others = self._sorted[1]
        if folder == ".":
            inner = [other for other in others if other != "."]
        else:  # what begins with the folder stands together; "0" comes right after "/"
            inner = others[bisect_left(others, folder + "/") : bisect_left(others, folder + "0")]
        files = self.tree.below(folder)
        if not inner:
            return files
        prefixes = tuple(other + "/" for other in inner)
        return tuple(path for path in files if not path.startswith(prefixes))


def no_component(draft: Draft, context: Context) -> bool:
    """An ecosystem in which code without a manifest is no component."""
    return False


def no_exception(tree: Tree, folder: str) -> bool:
    """An ecosystem that has no say in which folders are aside."""
    return False


@dataclass(frozen=True)
class Ecosystem:
    """One language: `finds(tree)` lists the folders that are components of it, `read` fills a draft of one.

    `read` returns False where the folder turns out to be no component (a manifest that only configures tools).
    `bare` reads a folder of code that has no manifest at all. `keeps(tree, folder)` is true for a folder that counts though
    its name stands for something aside (a workspace's member `apps/docs`).
    """

    name: str
    finds: Callable[[Tree], list[str]]
    read: Callable[[Draft, Context], bool]
    bare: Callable[[Draft, Context], bool] = no_component
    keeps: Callable[[Tree, str], bool] = no_exception


def with_manifest(tree: Tree, *names: str) -> list[str]:
    """The folders that hold one of these files."""
    return sorted({folder for name in names for folder in tree.holding(name)})
