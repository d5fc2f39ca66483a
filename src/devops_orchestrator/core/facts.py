"""The one loader of the dated facts in `facts/`."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=32)
def load(name: str) -> dict[str, Any]:
    """The facts file `facts/<name>.json`. Its `_meta` says where it comes from and of which day it is."""
    text = files("devops_orchestrator.facts").joinpath(f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def action(name: str) -> tuple[str, str]:
    """(commit hash, version) to pin a GitHub Action with. Raises KeyError for an action that the facts do not hold."""
    entry = load("actions")[name]
    best = entry.get("recommended") or entry
    return str(best["sha"]), str(best["version"])
