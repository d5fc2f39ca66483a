"""Improving: the safe fixes of a review as edits, again until nothing moves. Unsafe ones are proposed."""

from __future__ import annotations

from collections.abc import Sequence

from devops_orchestrator.actions.review import room_findings, sources
from devops_orchestrator.actions.settings import read as read_settings
from devops_orchestrator.actions.silence import by_settings, today
from devops_orchestrator.core.change import Change, ChangeSet, apply_edits
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit, Finding, Fix
from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.text import Text

PASSES = 5


def improve(
    room: Specialist, project: Project, paths: Sequence[str] | None = None, *, unsafe: bool = False
) -> ChangeSet:
    """The room's files with its safe fixes made (and the unsafe ones too, where asked); what is left as findings."""
    return repair((room,), project, paths, unsafe=unsafe)


def repair(
    rooms: Sequence[Specialist], project: Project, paths: Sequence[str] | None = None, *, unsafe: bool = False
) -> ChangeSet:
    """The files of these rooms with their safe fixes made, in passes, until nothing moves; what is left as findings.

    A fix over several files is made whole or not at all: it waits for the next pass if one of its edits overlaps.
    """
    original: dict[str, str | None] = {}
    settings = read_settings(project.repository)
    current = project
    fixed: list[Finding] = []
    left: list[Finding] = []
    for _ in range(PASSES):
        read = sources(rooms, current, None if paths is None else list(paths))
        left = list(
            by_settings(
                (finding for source in read for room in rooms for finding in room_findings(room, source, current)),
                settings,
                today(),
            )
        )
        chosen = _compatible([f for f in left if f.fix and (f.fix.safe or unsafe)])
        if not chosen:
            break
        edits: dict[str, list[Edit]] = {}
        for finding in chosen:
            assert finding.fix
            for edit in finding.fix.edits:
                edits.setdefault(edit.file, []).append(edit)
        after: dict[str, str] = {}
        for path, its in edits.items():
            before = current.repository.read(path)
            original.setdefault(path, before)
            after[path] = apply_edits(before or "", _once(its))
        fixed += chosen
        current = current.overlaid(after)
    changes = tuple(
        Change(path, before, current.repository.read(path) or "") for path, before in sorted(original.items())
    )
    agent = rooms[0].id if len(rooms) == 1 else "review"
    return ChangeSet(agent, _summary(fixed, left), changes=changes, findings=tuple(left))


def _once(edits: list[Edit]) -> list[Edit]:
    """Two rules may ask for the very same edit."""
    return list(dict.fromkeys(edits))


def _compatible(findings: list[Finding]) -> list[Finding]:
    """As many fixes as can be made together, in order; one that overlaps an earlier one waits for the next pass."""
    taken: dict[str, list[Edit]] = {}
    chosen: list[Finding] = []
    for finding in findings:
        assert finding.fix
        if all(_free(edit, taken.get(edit.file, [])) for edit in finding.fix.edits):
            chosen.append(finding)
            for edit in finding.fix.edits:
                taken.setdefault(edit.file, []).append(edit)
    return chosen


def _free(edit: Edit, taken: list[Edit]) -> bool:
    for other in taken:
        if edit == other:
            continue
        if edit.start == other.start or (edit.start < other.end and other.start < edit.end):
            return False
    return True


def _summary(fixed: list[Finding], left: list[Finding]) -> Text:
    proposed = sum(1 for finding in left if isinstance(finding.fix, Fix))
    if not fixed and not left:
        return Text("Nothing to improve: no finding.", "Rien à améliorer : aucun défaut trouvé.")
    rest = len(left) - proposed
    en = f"{len(fixed)} fix{'es' if len(fixed) != 1 else ''} made"
    fr = f"{len(fixed)} correction{'s' if len(fixed) > 1 else ''} faite{'s' if len(fixed) > 1 else ''}"
    if proposed:
        en += f", {proposed} proposed (they change how it runs)"
        fr += (
            f", {proposed} proposée{'s' if proposed > 1 else ''} (elles changent le fonctionnement)"
            if proposed > 1
            else ", 1 proposée (elle change le fonctionnement)"
        )
    if rest:
        en += f", {rest} to decide by hand"
        fr += f", {rest} à traiter à la main"
    return Text(en + ".", fr + ".")
