"""Run the validators on proposed changes, or on a repository under review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from devops_orchestrator.core.change import Change, Check
from devops_orchestrator.core.repository import Repository
from devops_orchestrator.core.rule import Severity
from devops_orchestrator.validation import VALIDATORS
from devops_orchestrator.validation.validator import Batch, DidNotRun, Problem, Validator

Outcome = tuple[Validator, list[str], "list[Problem] | str"]  # a string says why it did not run


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
    with ThreadPoolExecutor(max_workers=max(1, min(4, len(external)))) as pool:
        started = {job[0].id: pool.submit(_run, *job) for job in external}
        return [
            (validator, part.paths, started[validator.id].result() if validator.program else _run(validator, part))
            for validator, part in jobs
        ]


def _run(validator: Validator, batch: Batch) -> list[Problem] | str:
    if validator.found is None:
        return f"{validator.program} is not installed"
    try:
        return validator.run(batch)
    except DidNotRun as reason:
        return str(reason)
    except Exception as error:
        return f"did not run: {type(error).__name__}: {str(error)[:200]}"


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
    for validator, paths, said in outcomes(after, overlay, validators):
        if isinstance(said, str):
            checks += [Check(path, validator.id, validator.level, "absent", said) for path in paths]
            continue
        known: Counter[tuple[str, str, str]] = Counter()
        old = {path: before[path] for path in paths if path in before}
        if said and old:
            earlier = _run(validator, Batch(old, repository))
            if not isinstance(earlier, str):
                known.update(problem.fingerprint for problem in earlier)
        for path in paths:
            checks.append(_verdict(validator, path, said, known))
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
        told = "; ".join(f"{path}:{p.line}:{p.column} {p.rule} {p.message}".strip() for p in new[:5])
        return Check(path, validator.id, validator.level, "failed", told)
    return Check(path, validator.id, validator.level, "passed", f"{left} known before" if left else "")
