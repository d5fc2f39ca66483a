"""Parameters said in a sentence: a room's Slots, looked for in the folded request, validated by the room's own model."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from devops_orchestrator.core.units import PLACES, digits, number
from devops_orchestrator.routing import changes
from devops_orchestrator.routing.action import ruled
from devops_orchestrator.routing.words import fold, readable, tokens

if TYPE_CHECKING:
    from devops_orchestrator.core.params import Params

PACKAGE = Path(__file__).parent.parent
BEGINNING, END = 900, 600  # characters in which parameters are looked for: what stands between them is a paste
_LEFT, _RIGHT = r"(?<![a-z0-9_-])(?:", r")(?![a-z0-9_])(?!-[a-z0-9])"
_MORE = re.compile(
    r"\s*(?:,|/|;|&|\+|\bet\b|\band\b|\bou\b|\bor\b|\bpuis\b|\bthen\b)\s*(?:(?:et|and|puis|then)\s+)?(v?\d+(?:\.\d+){0,3})\b(?!:\d)"
    r"(?!\s*(?:zones?|azs?|hosts?|subnets?|gi?[bo]|mi?[bo]|ms|s|secondes?|seconds?|min|minutes?|h|heures?|hours?|jours?|days?|fois|times|pods?|replicas?|jobs?|runs?|tickets?)\b)"
)


@lru_cache(maxsize=32)
def params_of(agent: str) -> type[Params] | None:
    """The Params class of a specialist, the only room module that routing reads; None for an orchestrator."""
    domain, _, name = agent.partition("/")
    if not name or name == "orchestrator":
        return None
    module = _params_module(domain, name.replace("-", "_"))
    if module is None:
        return None
    from devops_orchestrator.core.params import Params

    found = [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Params) and kind.__module__ == module.__name__
    ]
    return found[-1] if found else None


def _params_module(domain: str, room: str) -> ModuleType | None:
    """A room's `params` alone: importing its package would run the whole room, for a decision that only needs this."""
    name = f"devops_orchestrator.domains.{domain}.{room}.params"
    if name in sys.modules:
        return sys.modules[name]
    path = PACKAGE / "domains" / domain / room / "params.py"
    alias = f"{__name__}.{domain}.{room}"
    spec = spec_from_file_location(alias, path) if path.is_file() else None
    if spec is None or spec.loader is None:
        return None
    module = module_from_spec(spec)
    sys.modules[alias] = module  # pydantic looks up a class's module to read its annotations
    spec.loader.exec_module(module)
    return module


@dataclass(frozen=True)
class Field:
    """One parameter, ready to be looked for: its cues with their places filled, and what says its values."""

    name: str
    many: bool
    number: bool
    quantity: bool  # a number, an amount, a version, a schedule
    cues: tuple[re.Pattern[str], ...]
    words: tuple[tuple[str, re.Pattern[str]], ...]


@lru_cache(maxsize=32)
def fields_of(params: type[Params]) -> tuple[Field, ...]:
    """The parameters of a model, compiled."""
    from devops_orchestrator.core.params import is_list, item_type, measured

    return tuple(
        Field(
            name,
            is_list(params.model_fields[name]),
            item_type(params.model_fields[name]) in (int, float),
            measured(params.model_fields[name]) or name in ("version", "versions", "unit"),
            tuple(re.compile(filled(cue)) for cue in slot.cues if cue),
            tuple((str(v), re.compile(_LEFT + "|".join(map(filled, said)) + _RIGHT)) for v, said in slot.words.items()),
        )
        for name, slot in params.slots().items()
    )


def read(text: str, agent: str, folded: str | None = None, *, quantities: bool | None = None) -> dict[str, Any]:
    """The parameters of `agent` that a request says, in the contract's value forms. What does not validate is left out.

    Without `quantities` only those that are names: the numbers of a question or of a symptom tell what is, not what
    shall be. Where it is not given, the request's verbs decide.
    """
    if folded is None:
        text = readable(text)
        folded = fold(text)
    sentence = Sentence(text, folded)
    if not hinted(sentence, agent):
        return {}
    params = params_of(agent)
    if quantities is None:
        quantities = ruled(tokens(folded), folded) != "answer"
    return said(sentence, params, quantities=quantities) if params is not None else {}


class Sentence:
    """A request in its readings, all of one length: as written, with digits, without old values, without ranges."""

    def __init__(self, written: str, folded: str) -> None:
        if len(written) > BEGINNING + END:
            written, folded = (text[:BEGINNING] + "\n" + text[-END:] for text in (written, folded))
        self.written = written
        self.whole = digits(folded)
        self.newest = changes.without_old(self.whole)
        self.last = changes.without_ranges(self.newest)

    def reading(self, field: Field) -> str:
        """What a field is looked for in: a range says both its ends, a change only what shall be."""
        if field.name.startswith("source_"):
            return self.whole
        return self.newest if field.name.startswith(("min_", "max_")) or field.name == "steps" else self.last


def hinted(sentence: Sentence, agent: str) -> bool:
    """Whether any cue of the agent's parameters is in a sentence: only then is pydantic worth its start-up time."""
    return any(cue.search(sentence.last) or cue.search(sentence.whole) for cue in _patterns(agent))


@lru_cache(maxsize=32)
def _patterns(agent: str) -> tuple[re.Pattern[str], ...]:
    return tuple(map(re.compile, _cues().get(agent, ())))


@lru_cache(maxsize=1)
def _cues() -> dict[str, list[str]]:
    """`cues.json`, which `make routing` compiles from the rooms' Slots."""
    found: dict[str, list[str]] = json.loads((Path(__file__).parent / "cues.json").read_text(encoding="utf-8"))
    return found


def said(sentence: Sentence, params: type[Params], *, quantities: bool = True) -> dict[str, Any]:
    """The parameters of one model that a request says; without `quantities` only those that are names."""
    found: dict[str, Any] = {}
    for field in fields_of(params):
        if field.quantity and not quantities:
            continue
        value = _value(field, params, sentence.written, sentence.reading(field))
        if value is not None:
            found[field.name] = value
    return found


def _value(field: Field, params: type[Params], original: str, folded: str) -> Any:
    candidates = sorted(_candidates(field, folded), key=lambda place: place[0])
    items: list[Any] = []
    for _, start, end, text in candidates:
        checked = _checked(field, params, original[start:end] if start >= 0 else text, text)
        if checked is None:
            continue
        if not field.many:
            return checked
        items += [item for item in checked if item not in items]
    return items or None


def _candidates(field: Field, folded: str) -> Iterator[tuple[int, int, int, str]]:
    """(rank, start, end, text) of every value that may be meant; start is -1 where a word stands for the value.

    A cue is surer than a word and an earlier cue surer than a later one; in a list the place in the sentence ranks.
    """
    for place, cue in enumerate(field.cues):
        rank = 0 if field.many else place * 10_000
        for match in cue.finditer(folded):
            if not match.re.groups or match[1] is None:
                yield rank + match.start(), -1, -1, "true"
                continue
            start, end = match.span(1)
            yield rank + start, start, end, match[1]
            if field.many:
                yield from _continued(folded, start, end)
    rank = 0 if field.many else 1_000_000
    for value, pattern in field.words:
        for match in pattern.finditer(folded):
            yield rank + match.start(), -1, -1, value


def _continued(folded: str, start: int, end: int) -> Iterator[tuple[int, int, int, str]]:
    """The further numbers of a list: "80, 443 and 8080"."""
    if not folded[start:end][-1:].isdigit():
        return
    while True:
        more = _MORE.match(folded, end)
        if more is None:
            return
        yield more.start(1), *more.span(1), more[1]
        end = more.end(1)


def _checked(field: Field, params: type[Params], written: str, folded: str) -> Any:
    """The value as the model takes it, as it was written or else folded; None where neither validates."""
    from pydantic import ValidationError

    texts = (
        (written, folded) if fold(written) == folded else (folded, written)
    )  # digits before the words they stand for
    for text in dict.fromkeys(texts):
        value: object = text.strip().rstrip(".,;:!?)»\"'`") or text
        if field.number:
            value = number(str(value).replace(",", "."))
        try:
            held = params.model_validate({field.name: [value] if field.many else value})
        except ValidationError:
            continue
        result = getattr(held, field.name)
        if field.many:
            return list(result)
        return int(result) if isinstance(result, float) and result.is_integer() else result
    return None


def filled(cue: str) -> str:
    """A cue with the places of `units.PLACES` written out."""
    for place, pattern in PLACES.items():
        cue = cue.replace("{" + place + "}", pattern)
    return cue
