"""Results as the plain data of CONTRACT.md."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from devops_orchestrator.core.change import ChangeSet
    from devops_orchestrator.core.rule import Finding
    from devops_orchestrator.orchestrator import Outcome


def finding(found: Finding, language: str) -> dict[str, Any]:
    """A finding in the contract's form."""
    fix = "none" if found.fix is None else "safe" if found.fix.safe else "unsafe"
    return {
        "rule": found.rule, "severity": found.severity.value, "file": found.file, "line": found.line,
        "column": found.column, "end_line": found.end_line, "message": found.message.to(language),
        "why": found.why.to(language), "url": found.url, "fix": fix, "source": found.source,
        "related": [{"file": r.file, "line": r.line, "message": r.message.to(language)} for r in found.related],
        "confidence": found.confidence,
    }  # fmt: skip


def findings(found: Iterable[Finding], language: str) -> list[dict[str, Any]]:
    """Findings in the contract's form."""
    return [finding(one, language) for one in found]


def proposal(one: ChangeSet, language: str) -> dict[str, Any]:
    """One step's proposal."""
    data: dict[str, Any] = {
        "agent": one.agent,
        "summary": one.summary.to(language),
        "files": [{"path": c.path, "change": c.kind, "diff": c.diff} for c in one.changes],
        "checks": [
            {
                "file": c.file,
                "validator": c.validator,
                "level": c.level,
                "status": c.status,
                "message": c.message.to(language),
            }
            for c in one.checks
        ],
        "findings": findings(one.findings, language),
        "next_steps": [step.to(language) for step in one.next_steps],
    }
    if one.parameters:
        data["parameters"] = {
            name: {"value": value, "from": origin} for name, (value, origin) in one.parameters.items()
        }
    if one.answer is not None:
        data["answer"] = one.answer.to(language)
    if one.question is not None:
        data["question"] = one.question.to(language)
        data["options"] = list(one.options)
    return data


def outcome(result: Outcome, applied: str | None) -> dict[str, Any]:
    """The whole answer to a request: the decision's keys, `proposals` and `applied`."""
    language = result.decision.language
    data = result.decision.to_json()
    asking = next((p for p in result.proposals if p.question is not None), None)
    if data["question"] is None and asking is not None and asking.question is not None:
        data["question"], data["options"] = asking.question.to(language), list(asking.options)
    data["proposals"] = [proposal(one, language) for one in result.proposals]
    data["applied"] = applied
    return data
