"""Reviewing: every rule of the rooms, and every validator, over the DevOps files; one list of findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from devops_orchestrator.actions import silence
from devops_orchestrator.actions.settings import DEFAULT, Settings
from devops_orchestrator.core.project import Problem as ReadingProblem
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Finding, Severity, Source
from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.errors import ParseError
from devops_orchestrator.text import Text
from devops_orchestrator.validation import ALL, VALIDATORS
from devops_orchestrator.validation.aliases import AGREE, UNREADABLE, WHOLE_FILE, same_defect
from devops_orchestrator.validation.judge import Absent, absences, outcomes
from devops_orchestrator.validation.validator import Problem, Validator

_ENV_EXAMPLE = ("**/.env.example", "**/.env.sample", "**/.env.dist", "**/.env.template", "**/*.env.example")


def sources(rooms: Iterable[Specialist], project: Project, paths: Sequence[str] | None = None) -> list[Source]:
    """The files that the rooms read (of `paths` alone where given), each once.

    Beside the DevOps files: the `manifest` of each component (what a repository lacks is said there) and `env-example`.
    """
    wanted = {kind for room in rooms for kind in room.kinds}
    kinds = {file.path: file.kind for file in project.devops_files if file.family in wanted}
    for path in project.repository.glob(*_ENV_EXAMPLE) if "env-example" in wanted else ():
        kinds.setdefault(path, "env-example")
    for component in project.components if "manifest" in wanted else ():
        if component.manifest:
            kinds.setdefault(component.manifest, "manifest")
    found = []
    for path in sorted(kinds):
        text = project.repository.read(path) if paths is None or path in paths else None
        if text is not None:
            found.append(Source(path, text, kinds[path]))
    return found


def room_findings(room: Specialist, source: Source, project: Project, day: date | None = None) -> list[Finding]:
    """The findings of a room's rules on one source. A file that does not parse yields one finding that says so."""
    found: list[Finding] = []
    if source.kind not in room.kinds:
        return found
    for rule in room.rules:
        try:
            found += rule.findings(source, project)
        except ParseError as error:
            return [syntax_finding(source.path, error)]
    return list(silence.by_comments(found, source, day or silence.today()))


def syntax_finding(path: str, error: ParseError) -> Finding:
    """A file of the user that does not parse: reported with its place, never rewritten."""
    return Finding(
        rule="syntax", severity=Severity.ERROR, file=path, line=error.line, column=error.column, end_line=error.line,
        message=error.text,
        why=Text(
            "Nothing else of this file can be checked, and it is not touched, until it parses.",
            "Tant que ce fichier n'est pas lisible, rien d'autre n'y est vérifié et il n'est pas modifié.",
        ),
    )  # fmt: skip


def problem_finding(problem: ReadingProblem) -> Finding:
    """A manifest of the application that could not be read."""
    text = Text(problem.message_en, problem.message_fr)
    return syntax_finding(problem.path, ParseError(text, line=problem.line))


def review(
    rooms: Sequence[Specialist], project: Project, *, linters: bool = True, paths: Sequence[str] | None = None,
    settings: Settings = DEFAULT, day: date | None = None, every: bool = False, deep: bool = False,
    absent: list[Absent] | None = None,
) -> list[Finding]:  # fmt: skip
    """Findings of the rooms' rules and (unless `linters` is false) of the validators, sorted by place, each once.

    Ignore comments and the settings are honoured; `day` is the one by which an ignore may have ended. With `every`, the
    linters also read the files that no room reads. `deep` asks the validators that take minutes too. What was not judged is added to `absent`: it did not pass.
    """
    day = day or silence.today()
    read = sources(rooms, project, paths)
    found = [finding for source in read for room in rooms for finding in room_findings(room, source, project, day)]
    found += [finding for source in read for finding in silence.unreadable(source)]
    if linters:
        by_path = {source.path: source for source in [*read, *(_others(project, paths) if every else ())]}
        files = {path: source.text for path, source in by_path.items()}
        told: dict[str, list[Finding]] = {}
        judged = outcomes(files, project.repository, ALL if deep else VALIDATORS)
        if absent is not None:
            absent += absences(judged)
        for validator, _, said in judged:
            for problem in said if not isinstance(said, Text) else ():
                if problem.file in by_path:
                    told.setdefault(problem.file, []).append(_finding(validator, problem))
        for path, its in told.items():
            found += silence.by_comments(its, by_path[path], day)
    return deduplicated(silence.by_settings(found, settings, day))


def _others(project: Project, paths: Sequence[str] | None) -> Iterator[Source]:
    """The DevOps files that a linter takes, whether or not a room reads their kind (a Buildkite pipeline, Renovate)."""
    linted = {kind for validator in ALL if validator.id != "parse" for kind in validator.kinds}
    for file in project.devops_files:
        text = project.repository.read(file.path) if paths is None or file.path in paths else None
        if file.family in linted and text is not None:
            yield Source(file.path, text, file.kind)


def _finding(validator: Validator, problem: Problem) -> Finding:
    return Finding(
        rule=f"{validator.id}/{problem.rule}" if problem.rule else validator.id, severity=problem.severity,
        file=problem.file, line=problem.line, column=problem.column, end_line=problem.end_line or problem.line,
        message=problem.said, why=validator.adds, url=problem.url, source=validator.id, confidence=problem.confidence,
    )  # fmt: skip


def deduplicated(found: Iterable[Finding]) -> list[Finding]:
    """Sorted by file and line; one finding where two tools report one defect at one place.

    Ours stays before a linter's; of two linters, the first of their pair in AGREE.
    """
    ordered = sorted(found, key=lambda f: (f.file, f.line, f.column, -f.severity.rank, f.source != "devops", f.rule))
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in ordered:
        by_rule.setdefault((finding.file, finding.rule), []).append(finding)
    kept: dict[tuple[str, int, str, str], Finding] = {}
    for finding in ordered:
        if finding.source == "devops" or not _told_already(finding, by_rule):
            kept.setdefault((finding.file, finding.line, finding.rule, finding.message.en), finding)
    return list(kept.values())


def _told_already(finding: Finding, by_rule: Mapping[tuple[str, str], list[Finding]]) -> bool:
    """Whether a rule of ours, or a linter that goes before, reports the same defect at the same place."""
    name = finding.rule.removeprefix(f"{finding.source}/")
    if (finding.file, "syntax") in by_rule and (finding.rule == "parse/syntax" or name in UNREADABLE):
        return True
    if finding.source != "parse" and (finding.file, "parse/syntax") in by_rule and name in UNREADABLE:
        return True
    for rule in same_defect(name):
        others = by_rule.get((finding.file, rule), ())
        if (name in WHOLE_FILE and others) or any(_meet(finding, other) for other in others):
            return True
    before = [first for first, second in AGREE if second == finding.rule]
    return any(_meet(finding, other) for first in before for other in by_rule.get((finding.file, first), ()))


def _meet(one: Finding, other: Finding) -> bool:
    """Whether the other begins where this is told: a linter that names an object spans its lines."""
    return one.line <= other.line <= max(one.line, one.end_line)
