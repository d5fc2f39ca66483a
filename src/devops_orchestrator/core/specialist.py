"""What a room, a domain and an authority declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from devops_orchestrator.text import Text

if TYPE_CHECKING:
    from devops_orchestrator.core.change import Creation
    from devops_orchestrator.core.params import Params
    from devops_orchestrator.core.project import Project
    from devops_orchestrator.core.rule import Rule

ACTIONS = ("create", "improve", "review", "answer")


@dataclass(frozen=True)
class Suggestion:
    """A parameter's value as the repository shows it, and where (`Dockerfile:12`, `convention: …`)."""

    value: object
    evidence: str


def nothing_suggested(project: Project) -> Mapping[str, Suggestion]:
    """A room whose parameters no repository answers."""
    return {}


@dataclass(frozen=True)
class Specialist:
    """A room: all that it declares. The house does the rest.

    `files` are the globs of the files it writes, `kinds` the kinds (`core.kinds`) that its rules and `improve` read.
    `create` is None where it is not built yet: `devops agents` then says so.
    """

    id: str
    title: Text
    summary: Text
    params: type[Params]
    kinds: tuple[str, ...]
    files: tuple[str, ...] = ()
    suggest: Callable[[Project], Mapping[str, Suggestion]] = nothing_suggested
    create: Callable[[Any, Project], Creation] | None = None
    rules: tuple[Rule, ...] = ()
    examples: tuple[Text, ...] = ()  # requests that a user may type, for `devops agents`
    after: tuple[str, ...] = ()  # agents whose work comes before this one's in a plan

    @property
    def domain(self) -> str:
        return self.id.split("/")[0]

    @property
    def package(self) -> str:
        """The room's Python package, where its templates, guides and requests are."""
        domain, name = self.id.split("/")
        return f"devops_orchestrator.domains.{domain}.{name.replace('-', '_')}"


@dataclass(frozen=True)
class Choice:
    """What a domain's orchestrator chose: a specialist and why, or a question with options."""

    agent: str | None
    why: Text
    question: Text | None = None
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Domain:
    """Six of them. `pick` is the domain's own orchestrator: which specialist does the repository call for?

    Rooms are named, not imported: `catalog.specialist(id)` imports the one that is asked for.
    """

    id: str
    title: Text
    summary: Text
    specialists: tuple[str, ...]
    pick: Callable[[Project, str], Choice]

    @property
    def orchestrator(self) -> str:
        return f"{self.id}/orchestrator"


@dataclass(frozen=True)
class Topic:
    """A decision that an authority takes."""

    id: str
    title: Text


@dataclass(frozen=True)
class Authority:
    """Somebody outside the system who decides."""

    id: str
    path: str
    title: Text
    topics: tuple[Topic, ...]


@dataclass(frozen=True)
class Catalog:
    """The map: domains in order, authorities in order."""

    domains: tuple[Domain, ...]
    authorities: tuple[Authority, ...]
