"""Creating: the room's files against what the repository has. An existing file is improved, never overwritten."""

from __future__ import annotations

from collections import defaultdict

from devops_orchestrator.actions.improve import improve
from devops_orchestrator.core.change import Change, ChangeSet, Creation, File, apply_edits
from devops_orchestrator.core.params import Params
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Edit
from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.errors import RefusedError
from devops_orchestrator.formats.lines import newline
from devops_orchestrator.text import Text


def create(room: Specialist, params: Params, project: Project) -> ChangeSet:
    """The room's proposal for this repository; not validated yet, nothing written."""
    if room.create is None:
        return not_built(room)
    creation = room.create(params, project)
    if creation.question:
        return ChangeSet(
            room.id,
            creation.summary,
            question=creation.question,
            options=creation.options,
            next_steps=creation.next_steps,
        )
    return _against_existing(room, creation, project)


def not_built(room: Specialist) -> ChangeSet:
    """What a room without `create` says of itself."""
    return ChangeSet(
        room.id,
        Text(f"{room.id} cannot create files yet.", f"{room.id} ne sait pas encore créer de fichiers."),
        question=Text(
            f"{room.id} cannot create files yet; it reviews, improves and answers. Shall it review what is there?",
            f"{room.id} ne sait pas encore créer de fichiers ; il sait relire, améliorer et répondre. Souhaitez-vous qu'il relise l'existant ?",
        ),
        options=(f"devops do {room.id} review", f"devops do {room.id} answer"),
    )


def _against_existing(room: Specialist, creation: Creation, project: Project) -> ChangeSet:
    changes: list[Change] = []
    existing: list[str] = []
    for file in creation.files:
        before = project.repository.read(file.path)
        if before is None and project.repository.has(file.path):
            raise RefusedError(
                Text(
                    f"{file.path} is there but is not a text file: it is left alone.",
                    f"{file.path} existe mais n'est pas un fichier texte : il n'est pas touché.",
                )
            )
        if before is None or file.merge == "replace":
            changes.append(Change(file.path, before, file.content))
        elif file.merge == "lines":
            changes.append(Change(file.path, before, add_lines(before, file)))
        else:
            existing.append(file.path)
    edits: dict[str, list[Edit]] = defaultdict(list)
    for edit in creation.edits:
        edits[edit.file].append(edit)
    for path, its in edits.items():
        before = project.repository.read(path) or ""
        changes.append(Change(path, before, apply_edits(before, its)))
    improved = improve(room, project, existing) if existing else ChangeSet(room.id, Text("", ""))
    edited = {change.path for change in changes}
    changes += [change for change in improved.changes if change.path not in edited]
    return ChangeSet(
        room.id,
        creation.summary,
        changes=tuple(changes),
        findings=improved.findings,
        next_steps=creation.next_steps,
    )


def add_lines(before: str, file: File) -> str:
    """`before` with the lines of `file` that it lacks at its end."""
    have = {line.strip() for line in before.splitlines()}
    wanted = file.content.splitlines()
    rules = [line for line in wanted if line.strip() and not line.startswith("#")]
    if all(rule.strip() in have for rule in rules):
        return before
    missing = [line for line in wanted if line.startswith("#") or (line.strip() and line.strip() not in have)]
    eol = newline(before)
    start = "" if not before else ("" if before.endswith("\n") else eol) + eol
    return before + start + eol.join(missing) + eol
