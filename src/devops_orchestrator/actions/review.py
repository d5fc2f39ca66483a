"""Reviewing: every rule of the rooms, and every validator, over the DevOps files; one list of findings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from devops_orchestrator.core.project import Problem as ReadingProblem
from devops_orchestrator.core.project import Project
from devops_orchestrator.core.rule import Finding, Severity, Source
from devops_orchestrator.core.specialist import Specialist
from devops_orchestrator.errors import ParseError
from devops_orchestrator.text import Text, same
from devops_orchestrator.validation import VALIDATORS
from devops_orchestrator.validation.judge import outcomes
from devops_orchestrator.validation.validator import Problem, Validator

IGNORE = re.compile(r"devops:\s*ignore\[([\w/*, -]+)\]")
# What a linter reports that one of our rules reports too, with its fix: ours stays.
SAME_DEFECT = {
    "DL3002": "docker/root-user", "DL3006": "docker/untagged-base", "DL3007": "docker/latest-base",
    "unpinned-uses": "github-actions/unpinned-action", "excessive-permissions": "github-actions/missing-permissions",
    "fmt": "terraform/format", "artipacked": "github-actions/persisted-credentials", "template-injection": "github-actions/script-injection",
}  # fmt: skip

WHOLE_FILE = ("fmt",)  # told at the first line of a diff hunk: the file is what both mean


def sources(rooms: Iterable[Specialist], project: Project, paths: Sequence[str] | None = None) -> list[Source]:
    """The DevOps files that the rooms read (of `paths` alone where given), each once."""
    wanted = {kind for room in rooms for kind in room.kinds}
    found = []
    for file in project.devops_files:
        if file.kind in wanted and (paths is None or file.path in paths):
            text = project.repository.read(file.path)
            if text is not None:
                found.append(Source(file.path, text, file.kind))
    return found


def room_findings(room: Specialist, source: Source, project: Project) -> list[Finding]:
    """The findings of a room's rules on one source. A file that does not parse yields one finding that says so."""
    found: list[Finding] = []
    if source.kind not in room.kinds:
        return found
    for rule in room.rules:
        try:
            found += rule.findings(source, project)
        except ParseError as error:
            return [syntax_finding(source.path, error)]
    return [finding for finding in found if not ignored(finding, source)]


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


def ignored(finding: Finding, source: Source) -> bool:
    """Whether a comment `devops: ignore[rule]` on the finding's line or the line above silences it."""
    for number in (finding.line, finding.line - 1):
        if 1 <= number <= len(source.lines) and (match := IGNORE.search(source.lines.line(number))):
            named = {name.strip() for name in match[1].split(",")}
            if finding.rule in named or "*" in named or finding.rule.split("/")[-1] in named:
                return True
    return False


def review(
    rooms: Sequence[Specialist], project: Project, *, linters: bool = True, paths: Sequence[str] | None = None
) -> list[Finding]:
    """Findings of the rooms' rules and (unless `linters` is false) of the validators, sorted by place, each once."""
    read = sources(rooms, project, paths)
    found = [finding for source in read for room in rooms for finding in room_findings(room, source, project)]
    if linters:
        files = {source.path: source.text for source in read}
        by_path = {source.path: source for source in read}
        for validator, _, said in outcomes(files, project.repository, VALIDATORS):
            if not isinstance(said, str):
                told = (_finding(validator, problem) for problem in said if problem.file in by_path)
                found += [finding for finding in told if not ignored(finding, by_path[finding.file])]
    return deduplicated(found)


def _finding(validator: Validator, problem: Problem) -> Finding:
    return Finding(
        rule=f"{validator.id}/{problem.rule}" if problem.rule else validator.id, severity=problem.severity,
        file=problem.file, line=problem.line, column=problem.column, end_line=problem.end_line or problem.line,
        message=same(problem.message), why=validator.adds, url=problem.url, source=validator.id,
    )  # fmt: skip


def deduplicated(found: Iterable[Finding]) -> list[Finding]:
    """Sorted by file and line; one finding where two tools report one defect at one place."""
    ordered = sorted(found, key=lambda f: (f.file, f.line, f.column, -f.severity.rank, f.source != "devops", f.rule))
    ours = {(f.file, f.line, f.rule) for f in ordered if f.source == "devops"}
    ours |= {(f.file, 0, f.rule) for f in ordered if f.source == "devops"}
    broken = {f.file for f in ordered if f.rule == "syntax"}
    kept: dict[tuple[str, int, str, str], Finding] = {}
    for finding in ordered:
        tool_rule = finding.rule.split("/")[-1]
        line = 0 if tool_rule in WHOLE_FILE else finding.line
        if finding.source != "devops" and (finding.file, line, SAME_DEFECT.get(tool_rule, "")) in ours:
            continue
        if finding.rule == "parse/syntax" and finding.file in broken:
            continue
        kept.setdefault((finding.file, finding.line, finding.rule, finding.message.en), finding)
    return list(kept.values())
