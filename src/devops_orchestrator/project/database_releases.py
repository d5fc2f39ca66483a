"""Which releases of databases their projects still mend, from the dated facts."""

from __future__ import annotations

import re
from dataclasses import dataclass

from devops_orchestrator.core import facts


@dataclass(frozen=True)
class Ended:
    """A release whose support has ended. `next` is the oldest release that is still supported."""

    name: str
    version: str
    end: str
    next: str


_NAMES = {"postgres": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB"}


def ended(engine: str, version: str) -> Ended | None:
    """The end of a release (`postgres`, `13.4`); None for one that is supported, or that is not known."""
    product = facts.load("runtimes").get(engine)
    found = re.match(r"\d+(\.\d+)?", version)
    if product is None or found is None:
        return None
    wanted = {found[0], found[0].split(".")[0]} if engine == "postgres" else {found[0]}
    cycle = next((one for one in product["cycles"] if one["cycle"] in wanted), None)
    if cycle is None or cycle["supported"] or not isinstance(cycle["eol"], str):
        return None
    return Ended(_NAMES.get(engine, engine), cycle["cycle"], cycle["eol"], product["supported"][-1])
