"""Findings as GitHub workflow commands: a runner shows them beside the lines of a pull request."""

from __future__ import annotations

from collections.abc import Sequence

from devops_orchestrator.core.rule import Finding, Severity

LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def report(found: Sequence[Finding], language: str) -> str:
    """One command a finding: `::warning file=…,line=…::message`, escaped as the runner's documentation says."""
    return "\n".join(_command(one, language) for one in found)


def _command(one: Finding, language: str) -> str:
    place = f"file={_property(one.file)},line={one.line},endLine={max(one.line, one.end_line)},col={one.column}"
    return f"::{LEVELS[one.severity]} {place},title={_property(one.rule)}::{_data(one.message.to(language))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
