"""Findings as SARIF 2.1.0."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from devops_orchestrator.core.rule import Finding, Severity

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def report(found: Sequence[Finding], language: str, version: str) -> dict[str, Any]:
    """One run, its rules in the order of their first finding."""
    rules: dict[str, dict[str, Any]] = {}
    for one in found:
        rules.setdefault(
            one.rule,
            {"id": one.rule, "shortDescription": {"text": one.why.to(language)}}
            | ({"helpUri": one.url} if one.url else {}),
        )
    order = {rule: index for index, rule in enumerate(rules)}
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "devops-orchestrator", "version": version, "rules": list(rules.values())}},
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, order[one.rule], language) for one in found],
            }
        ],
    }


def _result(one: Finding, index: int, language: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": LEVELS[one.severity],
        "message": {"text": one.message.to(language)},
        "locations": [_location(one.file, one.line, one.column, one.end_line)],
    }
    if one.related:
        result["relatedLocations"] = [
            {"message": {"text": r.message.to(language)}, **_location(r.file, r.line)} for r in one.related
        ]
    return result


def _location(file: str, line: int, column: int | None = None, end_line: int | None = None) -> dict[str, Any]:
    region: dict[str, int] = {"startLine": max(1, line)}
    if column:
        region["startColumn"] = column
    if end_line and end_line >= line:
        region["endLine"] = end_line
    return {"physicalLocation": {"artifactLocation": {"uri": file, "uriBaseId": "%SRCROOT%"}, "region": region}}
