"""The one door: decide, inspect, create, improve, review, answer, apply, undo. Every interface comes through here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from devops_orchestrator.core.decision import Decision, Step
from devops_orchestrator.errors import UsageError
from devops_orchestrator.text import Text

if TYPE_CHECKING:
    from devops_orchestrator.actions.settings import Settings
    from devops_orchestrator.core.change import ChangeSet
    from devops_orchestrator.core.project import Project
    from devops_orchestrator.core.repository import Repository
    from devops_orchestrator.core.rule import Finding
    from devops_orchestrator.core.specialist import Specialist
    from devops_orchestrator.validation.judge import Absent

MAX_REQUEST = 20_000  # characters; a longer text is a paste, of which the beginning decides


@dataclass(frozen=True)
class Outcome:
    """What a request came to: the decision, one change set a step (and one a brief), nothing written yet."""

    decision: Decision
    proposals: tuple[ChangeSet, ...] = ()
    project: Project | None = field(default=None, repr=False)

    @property
    def failed(self) -> bool:
        """Whether a file failed its validation: then nothing is written."""
        return any(proposal.failed for proposal in self.proposals)

    @property
    def waiting(self) -> bool:
        """Whether an answer of the user is needed first."""
        return self.decision.decision == "clarification" or any(p.question for p in self.proposals)


def open_repository(path: str | Path) -> Repository:
    """The repository in a folder. Raises UsageError where there is no such folder or it cannot be read."""
    from devops_orchestrator.core.repository import Repository

    try:
        folder = Path(path).expanduser()
        is_folder = folder.is_dir()
        if is_folder:
            next(folder.iterdir(), None)
    except (OSError, RuntimeError, ValueError) as error:  # no right to look, a name that no system takes, `~nobody`
        why = getattr(error, "strerror", None) or error
        raise UsageError(Text(f"{path} cannot be read ({why}).", f"Impossible de lire {path} ({why}).")) from None
    if not is_folder:
        missing = not folder.exists()
        raise UsageError(
            Text(
                f"{folder} does not exist." if missing else f"{folder} is not a folder.",
                f"{folder} n'existe pas." if missing else f"{folder} n'est pas un dossier.",
            )
        )
    return Repository.at(folder)


def decide(request: str, project: Project | None = None, *, lang: str | None = None) -> Decision:
    """Whose work a request is. With a project, a domain's orchestrator also says which specialist it picks.

    Raises UsageError for an empty request.
    """
    from devops_orchestrator import routing

    if not request.strip():
        raise UsageError(
            Text(
                'The request is empty. For example: devops "Configure GitHub Actions for my project"',
                "La demande est vide. Par exemple : devops « Configurer GitHub Actions pour mon projet »",
            )
        )
    decision = routing.decide(request[:MAX_REQUEST], lang=lang)
    return decision if project is None else resolve_orchestrators(decision, project)


def resolve_orchestrators(decision: Decision, project: Project) -> Decision:
    """Each step of a domain's orchestrator with the specialist that the repository calls for, or its question."""
    from devops_orchestrator import catalog

    steps: list[Step] = []
    why = list(decision.why)
    for step in decision.steps:
        if not step.agent.endswith("/orchestrator"):
            steps.append(step)
            continue
        choice = catalog.domain(step.agent).pick(project, decision.request)
        if choice.agent is None:
            question = (choice.question or choice.why).to(decision.language)
            return replace(decision, decision="clarification", steps=(), question=question, options=choice.options)
        steps.append(replace(step, resolved=choice.agent))
        why.append(f"{choice.why.to(decision.language)} → {choice.agent}")
    return replace(decision, steps=tuple(steps), why=tuple(why))


def inspect(repository: Repository) -> Project:
    """What a repository is: every fact with its evidence."""
    from devops_orchestrator.project import read

    return read(repository)


def handle(
    request: str, repository: Repository, *, lang: str | None = None, given: Mapping[str, str] | None = None,
    unsafe: bool = False, linters: bool = True,
) -> Outcome:  # fmt: skip
    """Decide and propose: every step sees the files of the steps before it. Nothing is written.

    Raises UsageError for an empty request or a parameter that no step takes.
    """
    from devops_orchestrator import catalog

    project = inspect(repository)
    decision = decide(request, project, lang=lang)
    given = dict(given or {})
    rooms = [catalog.specialist(step.resolved or step.agent) for step in decision.steps]
    _refuse_unknown(given, rooms)
    proposals: list[ChangeSet] = []
    current = project
    for step, room in zip(decision.steps, rooms, strict=True):
        known = {name: value for name, value in given.items() if name in room.params.model_fields}
        proposal = act(
            room,
            step.action,
            current,
            given=known,
            said=step.parameters,
            question=request,
            unsafe=unsafe,
            linters=linters,
        )
        proposals.append(proposal)
        current = current.overlaid(proposal.files())
    if decision.escalations:
        from devops_orchestrator.actions import escalate

        for escalation in decision.escalations:
            proposal = escalate.propose(escalation, request, current, decision.language)
            proposals.append(proposal)
            current = current.overlaid(proposal.files())
    return Outcome(decision, tuple(proposals), project)


def _refuse_unknown(given: Mapping[str, str], rooms: Sequence[Specialist]) -> None:
    for name in given:
        if rooms and not any(name in room.params.model_fields for room in rooms):
            rooms[0].params.checked({name: given[name]}, rooms[0].id)


def act(
    room: Specialist, action: str, project: Project, *, given: Mapping[str, str] | None = None,
    said: Mapping[str, Any] | None = None, question: str = "", unsafe: bool = False, linters: bool = True,
) -> ChangeSet:  # fmt: skip
    """One action of one room on a project, validated where it writes.

    Raises UsageError for an unknown action or parameter.
    """
    if action == "answer":
        from devops_orchestrator.actions.answer import answer

        return answer(room, question or room.title.en, project)
    if action == "review":
        findings = review(project, (room,), linters=linters)
        return ChangeSet(room.id, _reviewed(findings), findings=tuple(findings))
    from devops_orchestrator.actions.resolve import resolve

    params, origins = resolve(room, project, given or {}, said or {})
    if action == "improve":
        from devops_orchestrator.actions.improve import improve

        proposal = improve(room, project, unsafe=unsafe)
    elif action == "create":
        from devops_orchestrator.actions.create import create

        proposal = create(room, params, project)
    else:
        raise UsageError(
            Text(
                f"There is no action '{action}'. Actions: create, improve, review, answer.",
                f"Il n'y a pas d'action « {action} ». Actions : create, improve, review, answer.",
            )
        )
    return replace(validated(proposal, project, linters=linters), parameters=origins)


def validated(proposal: ChangeSet, project: Project, *, linters: bool = True) -> ChangeSet:
    """The change set with the checks of its files; without `linters` only the embedded validators run."""
    if not proposal.changes:
        return proposal
    from devops_orchestrator.validation import EMBEDDED, VALIDATORS
    from devops_orchestrator.validation.judge import check

    checks = check(proposal.changes, project.repository, VALIDATORS if linters else EMBEDDED)
    return replace(proposal, checks=tuple(checks))


def review(
    project: Project, rooms: Sequence[Specialist] = (), *, linters: bool = True, settings: Settings | None = None,
    deep: bool = False, absent: list[Absent] | None = None,
) -> list[Finding]:  # fmt: skip
    """The findings of these rooms (all rooms by default) on a project; unreadable manifests of it come first.

    `settings` are those of the repository's `.devops.toml` where not given. `deep` asks the validators that take minutes
    too; what was not judged is added to `absent`. Raises UsageError where the settings are wrong.
    """
    from devops_orchestrator.actions import review as reviewing
    from devops_orchestrator.actions.settings import read as read_settings

    every = not rooms
    settings = settings or read_settings(project.repository)
    found = reviewing.review(
        rooms or every_room(), project, linters=linters, settings=settings, every=every, deep=deep, absent=absent
    )
    if every:
        known = {finding.file for finding in found if finding.rule == "syntax"}
        found = [
            *(reviewing.problem_finding(p) for p in project.problems if p.path not in known),
            *found,
        ]
    return found


def every_room() -> tuple[Specialist, ...]:
    """The twenty-four specialists, in the catalog's order."""
    from devops_orchestrator import catalog

    return tuple(catalog.specialist(agent) for agent in catalog.SPECIALISTS)


def repair(
    project: Project, rooms: Sequence[Specialist] = (), *, unsafe: bool = False, linters: bool = True
) -> ChangeSet:
    """The safe fixes of these rooms (all by default) as one change set, validated; `unsafe` ones too where asked."""
    from devops_orchestrator.actions.improve import repair as repaired

    return validated(repaired(rooms or every_room(), project, unsafe=unsafe), project, linters=linters)


def _reviewed(findings: Sequence[Finding]) -> Text:
    count = len(findings)
    if not count:
        return Text("No finding.", "Aucun défaut trouvé.")
    return Text(
        f"{count} finding{'s' if count > 1 else ''}.",
        f"{count} défaut{'s' if count > 1 else ''} trouvé{'s' if count > 1 else ''}.",
    )


def apply(outcome: Outcome, repository: Repository, only: Sequence[ChangeSet] | None = None) -> str | None:
    """Write an outcome's changes as one history entry; returns its id, None where there was nothing to write.

    Raises RefusedError, with nothing written, where a file failed its validation or moved since it was read.
    """
    from devops_orchestrator.actions.apply import apply as write
    from devops_orchestrator.core.change import Change

    assert repository.root is not None
    merged: dict[str, Change] = {}
    proposals = outcome.proposals if only is None else only
    for proposal in proposals:
        for change in proposal.changes:
            before = merged[change.path].before if change.path in merged else change.before
            merged[change.path] = Change(change.path, before, change.after)
    agents = tuple(dict.fromkeys(p.agent for p in proposals if p.files()))
    return write(repository.root, merged.values(), request=outcome.decision.request, agents=agents)
