"""Which validators are there, with their versions, and what each one adds."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import click

from devops_orchestrator.text import Text
from devops_orchestrator.validation import VALIDATORS, DidNotRun, Validator
from devops_orchestrator.validation.validator import call

INSTALL = {
    "hadolint": "pip install 'devops-orchestrator[linters]'",
    "zizmor": "pip install 'devops-orchestrator[linters]'",
    "actionlint": "make tools",
    "kubeconform": "make tools",
    "helm": "make tools",
    "promtool": "apt install prometheus",
    "amtool": "apt install prometheus-alertmanager",
}


def version(validator: Validator) -> str | None:
    """The version that a validator's program prints; None where it is absent; `"embedded"` for one without."""
    if validator.program is None:
        return "embedded"
    if validator.found is None:
        return None
    try:
        done = call(validator.program, *validator.version_arguments, ok=tuple(range(256)))
    except DidNotRun:
        return "?"
    found = re.search(r"\d+\.\d+(\.\d+)?", done.stdout + done.stderr)
    return found[0] if found else "?"


def _rows() -> list[tuple[Validator, str | None]]:
    with ThreadPoolExecutor(max_workers=4) as pool:
        return list(zip(VALIDATORS, pool.map(version, VALIDATORS), strict=True))


def as_json() -> str:
    """One object a validator."""
    rows = [
        {
            "id": v.id,
            "level": v.level,
            "program": v.program,
            "version": found,
            "status": "present" if found else "absent",
        }
        for v, found in _rows()
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def as_text(language: str) -> str:
    """A line a validator."""
    lines = []
    for validator, found in _rows():
        mark = click.style("✓", fg="green") if found else click.style("–", fg="yellow")
        state = found or Text("absent", "absent").to(language)
        hint = "" if found else click.style(f"  {INSTALL.get(validator.program or '', '')}", dim=True)
        lines.append(f"{mark} {validator.id:<20}{state:<11}{validator.level:<9}{validator.adds.to(language)}{hint}")
    return "\n".join(lines)
