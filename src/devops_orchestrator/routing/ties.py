"""The tie rules of the catalog: each a named function of the words that were said; the first that decides wins."""

from __future__ import annotations

from collections.abc import Callable, Mapping

Rule = Callable[[str], str | None]
RULES: tuple[Rule, ...] = ()


def decide(padded: str) -> tuple[str, str] | None:
    """(label, name of the rule) for the words of a request between blanks, or None where no tie rule speaks."""
    for rule in RULES:
        label = rule(padded)
        if label is not None:
            return label, rule.__name__
    return None


def apply(probabilities: Mapping[str, float], padded: str) -> dict[str, float]:
    """The probabilities with the tie rule's label first."""
    found = decide(padded)
    result = dict(probabilities)
    if found is None:
        return result
    label, _ = found
    top = max(result, key=lambda key: result[key])
    if top != label:
        result[top], result[label] = min(result[label], 0.04), max(result[top], 0.9)
    else:
        result[label] = max(result[label], 0.9)
    total = sum(result.values())
    return {key: value / total for key, value in result.items()}
