"""Run the validators on proposed changes, or on a repository under review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from devops_orchestrator.core.change import Change, Check
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Severity
from devops_orchestrator.text import Text
from devops_orchestrator.validation import VALIDATORS
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator, not_installed

Outcome = tuple[Validator, Batch, "list[Problem] | Text"]  # a text says why it did not run


@dataclass(frozen=True)
class Absent:
    """What a validator did not judge, and why: all its files, or some."""

    validator: str
    reason: Text
    files: tuple[str, ...]


def outcomes(
    files: Mapping[str, str], repository: Repository, validators: Sequence[Validator] = VALIDATORS
) -> list[Outcome]:
    """What each validator says of the files that it takes; external ones run side by side."""
    batch = Batch(files, repository)
    jobs: list[tuple[Validator, Batch]] = []
    for validator in validators:
        taken = {path: text for path, text in files.items() if validator.wants(path, batch.kind(path))}
        if taken:
            jobs.append((validator, Batch(taken, repository, batch._kinds)))
    external = [job for job in jobs if job[0].program]
    with ThreadPoolExecutor(max_workers=max(1, min(8, len(external)))) as pool:
        started = {job[0].id: pool.submit(_run, *job) for job in external}
        return [
            (validator, part, started[validator.id].result() if validator.program else _run(validator, part))
            for validator, part in jobs
        ]


def absences(said: Iterable[Outcome]) -> list[Absent]:
    """What was not judged, a line for each validator and reason."""
    found: dict[tuple[str, Text], list[str]] = {}
    for validator, batch, result in said:
        if isinstance(result, Text):
            found.setdefault((validator.id, result), []).extend(batch.paths)
        else:
            for path, reason in batch.unjudged.items():
                found.setdefault((validator.id, reason), []).append(path)
    return [Absent(validator, reason, tuple(paths)) for (validator, reason), paths in found.items()]


def _run(validator: Validator, batch: Batch) -> list[Problem] | Text:
    if validator.found is None:
        return not_installed(" / ".join((validator.program or "", *validator.others)))
    try:
        found = validator.run(batch)
        if any(not problem.file for problem in found):  # its output is not what it was: to lose findings is no approval
            return Text(
                "did not run: its output names no file", "n'a pas été exécuté : sa sortie ne nomme aucun fichier"
            )
        return [_inside(problem, batch) for problem in found]
    except DidNotRun as reason:
        return reason.reason
    except Exception as error:  # whatever happened, it is not an approval
        told = f"{type(error).__name__}: {str(error)[:200]}"
        return Text(f"did not run: {told}", f"n'a pas été exécuté : {told}")


def _inside(problem: Problem, batch: Batch) -> Problem:
    """The problem with a place that its file has: some tools count from 0, or one past the last line."""
    text = batch.files.get(problem.file)
    if text is None:
        return problem
    line = max(1, min(problem.line, text.count("\n") + 1))
    return (
        problem
        if line == problem.line and problem.column > 0
        else replace(problem, line=line, column=max(1, problem.column))
    )


def check(
    changes: Iterable[Change], repository: Repository, validators: Sequence[Validator] = VALIDATORS
) -> list[Check]:
    """The checks of every file that would be written; `repository` is the one before.

    A problem that the user's file had before the change does not fail it; a new one does. An information does not.
    """
    changes = [change for change in changes if change.kind != "unchanged"]
    after = {change.path: change.after for change in changes}
    before = {change.path: change.before for change in changes if change.before is not None}
    overlay = repository.overlay(after)
    checks: list[Check] = []
    for validator, batch, said in outcomes(after, overlay, validators):
        paths = batch.paths
        if isinstance(said, Text):
            checks += [Check(path, validator.id, validator.level, "absent", said) for path in paths]
            continue
        known: Counter[tuple[str, str, str]] = Counter()
        old = {path: before[path] for path in paths if path in before}
        if said and old:
            earlier = _run(validator, Batch(old, repository))
            if not isinstance(earlier, Text):
                known.update(problem.fingerprint for problem in earlier)
        for path in paths:
            verdict = _verdict(validator, path, said, known)
            reason = batch.unjudged.get(path)
            if reason is None or verdict.status == "failed":
                checks.append(verdict)
            else:  # in part or in whole: what is not judged did not pass
                checks.append(Check(path, validator.id, validator.level, "absent", reason))
    return checks


def _verdict(validator: Validator, path: str, said: list[Problem], known: Counter[tuple[str, str, str]]) -> Check:
    new, left = [], 0
    for problem in said:
        if problem.file != path:
            continue
        if known[problem.fingerprint] > 0:
            known[problem.fingerprint] -= 1
            left += 1
        elif problem.severity is not Severity.INFO:
            new.append(problem)
    if new:
        return Check(
            path, validator.id, validator.level, "failed", Text(_told(path, new, "en"), _told(path, new, "fr"))
        )
    before = Text(f"{left} known before", f"{left} déjà là avant") if left else Text("", "")
    return Check(path, validator.id, validator.level, "passed", before)


def _told(path: str, problems: Sequence[Problem], language: str) -> str:
    places = (f"{path}:{p.line}:{p.column} {p.rule} {p.said.to(language)}" for p in problems[:5])
    return "; ".join(" ".join(place.split()) for place in places)
