"""Version constraints as Terraform reads them: `>= 1.5, < 2.0`, `~> 6.38`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PART = re.compile(r"^\s*(=|!=|>=|<=|>|<|~>)?\s*v?(\d+(?:\.\d+)*)(-[0-9A-Za-z.-]+)?\s*$")


@dataclass(frozen=True)
class Part:
    """One comparison."""

    operator: str
    version: tuple[int, ...]
    written: str

    def allows(self, version: tuple[int, ...]) -> bool:
        """Whether a release (major, minor, patch) fits."""
        want = self.version + (0,) * (3 - len(self.version))
        if self.operator == "~>":
            # The last number that is written may grow, those before it may not.
            fixed = self.version[:-1] or self.version
            return version >= want and version[: len(fixed)] == fixed
        return {
            "=": version == want, "!=": version != want, ">=": version >= want, "<=": version <= want,
            ">": version > want, "<": version < want,
        }[self.operator]  # fmt: skip


def parse(text: str) -> tuple[Part, ...] | None:
    """The parts of a constraint; None where it is none."""
    parts = []
    for piece in text.split(","):
        found = _PART.match(piece)
        if found is None:
            return None
        parts.append(Part(found[1] or "=", tuple(int(n) for n in found[2].split(".")), found[2]))
    return tuple(parts)


def allows(parts: tuple[Part, ...], version: str) -> bool:
    """Whether a release fits all the parts."""
    numbers = tuple(int(n) for n in version.split("."))
    return all(part.allows(numbers) for part in parts)


def bounded(parts: tuple[Part, ...]) -> bool:
    """Whether a next major release is kept out."""
    return any(part.operator in ("=", "<", "<=") or (part.operator == "~>" and len(part.version) > 1) for part in parts)
