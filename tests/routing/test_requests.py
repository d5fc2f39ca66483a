"""The example requests: enough of them, in both languages, each another situation."""

from __future__ import annotations

from collections import Counter

import pytest
from scripts import routing_requests

from devops_orchestrator.routing import sources

LABELS = [label for label, _ in sources.label_files()]
EXAMPLES, PHRASES = sources.read()


def least(label: str) -> int:
    """How many examples a label has at least in each language."""
    return 600 if label == sources.OUT_OF_SCOPE else 120 if label.endswith("/orchestrator") else 250


@pytest.mark.parametrize("label", LABELS)
def test_there_are_enough_in_each_language(label: str) -> None:
    count = Counter(e.language for e in EXAMPLES if e.label == label)
    assert min(count["fr"], count["en"]) >= least(label), count
    assert sum(phrase.label == label for phrase in PHRASES) >= 100


def test_topics_and_actions_are_those_of_the_contract() -> None:
    for example in EXAMPLES:
        if example.label.startswith("escalate/"):
            assert example.topic and not example.action
        elif example.label != sources.OUT_OF_SCOPE:
            assert example.action in sources.ACTIONS and not example.topic


def test_no_request_is_an_example_of_two_labels() -> None:
    seen: dict[str, str] = {}
    for example in EXAMPLES:
        assert seen.setdefault(example.text, example.label) == example.label, example.text


def test_none_is_a_near_duplicate_or_of_a_template() -> None:
    assert not list(routing_requests.report())


def test_near_duplicates_and_templates_are_found() -> None:
    texts = ["deploy my api on the cluster now", "deploy my api on the cluster now please", "hpa between 2 and 10 pods", "hpa between 3 and 12 pods"]  # fmt: skip
    assert list(routing_requests.near_duplicates(texts)) == [(texts[0], texts[1])]
    assert ("hpa between # and # pods", 2) in list(routing_requests.templates(texts))


def test_plans_name_labels_and_their_parts_make_the_request() -> None:
    plans = sources.plans()
    assert Counter(len(plan.labels) > 1 for plan in plans)[True] >= 600
    for plan in plans:
        assert set(plan.labels) <= set(LABELS), plan.text
        assert all(text in plan.text for text, _ in plan.parts)
    agents = Counter(label for plan in plans for label in plan.labels if len(plan.labels) > 1)
    assert all(agents[label] >= 40 for label in LABELS if not label.endswith(("/orchestrator", "out-of-scope")))
