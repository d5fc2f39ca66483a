"""What the table is compiled from: the words and example requests of every room, domain, authority, and out of scope.

Only the build and its tests read this; at run time the compiled table is read.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OUT_OF_SCOPE = "out-of-scope"
AUTHORITIES = ("direction-technique", "web-dev-process", "lead-dev")
PACKAGE = Path(__file__).parent.parent
CODE = ("routing/words.py", "routing/lexicon.py", "routing/sources.py")  # a change of these changes the features
_TAG = re.compile(r"\{([a-z/+-]+)\}")
PLANS = PACKAGE / "routing/requests/plans.yaml"
ACTIONS = ("create", "improve", "review", "answer")


@dataclass(frozen=True)
class Example:
    """A request as somebody would write it, whose work it is, and what is asked: a topic or an action."""

    text: str
    language: str
    label: str
    topic: str = ""
    action: str = ""


@dataclass(frozen=True)
class Several:
    """A request and the labels whose work or decision it asks for: several, or one where it only seems to ask for more.

    `parts` are its stretches, each with the labels that it alone asks for.
    """

    text: str
    language: str
    labels: tuple[str, ...]
    parts: tuple[tuple[str, tuple[str, ...]], ...]


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
    for path in [*(path for _, path in label_files()), PLANS, *(PACKAGE / name for name in CODE)]:
        told.update(path.relative_to(PACKAGE).as_posix().encode() + b"\0")
        told.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return told.hexdigest()


def read() -> tuple[list[Example], list[Phrase]]:
    """All example requests and all phrases. Raises KeyError or TypeError for a file of another shape."""
    examples: list[Example] = []
    phrases: list[Phrase] = []
    for label, path in label_files():
        held = _yaml(path)
        parts = held.get("topics") or {"": held}
        for topic, part in parts.items():
            phrases += _phrases(part.get("words") or {}, label, topic)
            examples += _examples(part["examples"], label, topic)
        phrases += _phrases(held.get("words") or {}, label, "") if "topics" in held else []
    return examples, phrases


def plans() -> list[Several]:
    """The requests of `plans.yaml`, in which `{label}` stands before the stretch that asks for that label's work.

    `{a+b}` is one stretch for two. Raises ValueError for a request without a label.
    """
    held = _yaml(PLANS)
    return [_tagged(tagged, language) for language in ("fr", "en") for tagged in held[language]]


def _tagged(tagged: str, language: str) -> Several:
    before, *pieces = _TAG.split(tagged)
    parts = tuple((text.strip(), tuple(tag.split("+"))) for tag, text in zip(pieces[::2], pieces[1::2], strict=True))
    if not parts:
        raise ValueError(f"no label: {tagged}")
    labels = tuple(dict.fromkeys(label for _, owners in parts for label in owners))
    return Several(before + "".join(pieces[1::2]), language, labels, parts)


def _yaml(path: Path) -> dict[str, Any]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    held: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506
    return held


def _phrases(held: dict[str, Any], label: str, topic: str) -> Iterator[Phrase]:
    for language in ("both", "fr", "en"):
        for entry in held.get(language) or ():
            if isinstance(entry, dict):
                yield Phrase(str(entry["text"]), label, float(entry.get("weight", 1)), topic)
            else:
                yield Phrase(str(entry), label, 1.0, topic)


def _examples(held: dict[str, Any], label: str, topic: str) -> Iterator[Example]:
    """A room's examples stand by action; those of an authority (by topic) and out of scope have none."""
    for language in ("fr", "en"):
        entries = held.get(language) or ()
        for action, texts in entries.items() if isinstance(entries, dict) else (("", entries),):
            for text in texts:
                yield Example(text, language, label, topic, action)
