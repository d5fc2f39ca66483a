"""What the table is compiled from: the words and example requests of every room, domain, authority, and out of scope.

Only the build and its tests read this; at run time the compiled table is read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OUT_OF_SCOPE = "out-of-scope"
AUTHORITIES = ("direction-technique", "web-dev-process", "lead-dev")
PACKAGE = Path(__file__).parent.parent
CODE = ("routing/words.py", "routing/lexicon.py", "routing/sources.py")  # a change of these changes the features


@dataclass(frozen=True)
class Example:
    """A request as somebody would write it, and whose work it is. `action` is empty where it is the obvious one."""

    text: str
    language: str
    label: str
    topic: str = ""
    action: str = ""


@dataclass(frozen=True)
class Phrase:
    """A word or a few words of a label's trade; `weight` says how surely they mean it."""

    text: str
    label: str
    weight: float = 1.0
    topic: str = ""


def label_files() -> list[tuple[str, Path]]:
    """(label, its requests file), in the order of the labels."""
    found: list[tuple[str, Path]] = []
    for path in sorted(PACKAGE.glob("domains/*/requests.yaml")):
        found.append((f"{path.parent.name}/orchestrator", path))
    for path in sorted(PACKAGE.glob("domains/*/*/requests.yaml")):
        found.append((f"{path.parent.parent.name}/{path.parent.name.replace('_', '-')}", path))
    for authority in AUTHORITIES:
        found.append((f"escalate/{authority}", PACKAGE / f"routing/requests/{authority}.yaml"))
    found.append((OUT_OF_SCOPE, PACKAGE / f"routing/requests/{OUT_OF_SCOPE}.yaml"))
    return found


def digest() -> str:
    """A hash of everything that the table is compiled from."""
    told = hashlib.sha256()
    for path in [*(path for _, path in label_files()), *(PACKAGE / name for name in CODE)]:
        told.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
        told.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return told.hexdigest()


def read() -> tuple[list[Example], list[Phrase]]:
    """All example requests and all phrases. Raises KeyError or TypeError for a file of another shape."""
    import yaml

    examples: list[Example] = []
    phrases: list[Phrase] = []
    for label, path in label_files():
        held = yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        parts = held.get("topics") or {"": held}
        for topic, part in parts.items():
            phrases += _phrases(part.get("words") or {}, label, topic)
            examples += _examples(part["examples"], label, topic)
        phrases += _phrases(held.get("words") or {}, label, "") if "topics" in held else []
    return examples, phrases


def _phrases(held: dict[str, Any], label: str, topic: str) -> Iterator[Phrase]:
    for language in ("both", "fr", "en"):
        for entry in held.get(language) or ():
            if isinstance(entry, dict):
                yield Phrase(str(entry["text"]), label, float(entry.get("weight", 1)), topic)
            else:
                yield Phrase(str(entry), label, 1.0, topic)


def _examples(held: dict[str, Any], label: str, topic: str) -> Iterator[Example]:
    for language in ("fr", "en"):
        for entry in held.get(language) or ():
            if isinstance(entry, dict):
                yield Example(entry["text"], language, label, topic, entry.get("action", ""))
            else:
                yield Example(entry, language, label, topic)
