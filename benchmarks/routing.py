"""Routing measured: `make bench-routing`. Accuracy, plans, escalations, questions, calibration, parameters, speed.

The sets are dev.jsonl and slots-dev.jsonl of --sets, ROUTING_SETS or ../shared/routing; they are never trained on.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from devops_orchestrator.core.decision import Decision
from devops_orchestrator.routing import decide, slots

SETS = Path(__file__).parents[2] / "shared/routing"
AUTHORITIES = ("direction-technique", "web-dev-process", "lead-dev")


def labels(decision: Decision) -> list[str]:
    """A decision as the labels of the sets; a question counts as its best guess."""
    if decision.decision == "out-of-scope":
        return ["out-of-scope"]
    if decision.decision == "clarification":
        return [label(decision.alternatives[0].agent)]
    return [step.agent for step in decision.steps] + [f"escalate/{e.authority}" for e in decision.escalations]


def label(agent: str) -> str:
    return f"escalate/{agent}" if agent in AUTHORITIES else agent


def same(found: Sequence[str], accepted: Sequence[Sequence[str]]) -> bool:
    return any(sorted(found) == sorted(one) for one in accepted)


def top3(decision: Decision, accepted: Sequence[Sequence[str]]) -> bool:
    first = labels(decision)
    if same(first, accepted):
        return True
    guesses = [label(a.agent) for a in decision.alternatives]
    return any(same([guess], accepted) for guess in guesses[: 3 if decision.decision == "clarification" else 2])


def confidence(decision: Decision) -> float:
    if decision.decision == "route":
        return decision.steps[0].confidence
    if decision.decision == "plan" and decision.steps:
        return min(step.confidence for step in decision.steps)
    return 1 - sum(a.confidence for a in decision.alternatives)


def share(good: int, all_: int) -> str:
    return f"{good / all_:6.1%} ({good}/{all_})" if all_ else "  none"


def f1(good: int, said: int, wanted: int) -> float:
    return 2 * good / (said + wanted) if said + wanted else 1.0


def measure(rows: list[dict[str, Any]], errors: bool) -> None:
    decided = [(row, decide(row["text"])) for row in rows]
    for language in ("fr", "en"):
        part = [(row, d) for row, d in decided if row["lang"] == language]
        right = sum(same(labels(d), row["accept"]) for row, d in part)
        third = sum(top3(d, row["accept"]) for row, d in part)
        heard = sum(d.language == language for _, d in part)
        print(
            f"{language}: top-1 {share(right, len(part))}  top-3 {share(third, len(part))}  language {share(heard, len(part))}"
        )
    plans = [(row, d) for row, d in decided if len(row["labels"]) > 1]
    print(f"plans exact             {share(sum(same(labels(d), row['accept']) for row, d in plans), len(plans))}")
    false_plans = sum(
        len(labels(d)) > 1 and len(row["labels"]) == 1 and not same(labels(d), row["accept"]) for row, d in decided
    )
    print(f"plans where one was asked {false_plans}")
    escalated = [d for _, d in decided if any(x.startswith("escalate/") for x in labels(d))]
    wanted = [(row, d) for row, d in decided if any(x.startswith("escalate/") for x in row["labels"])]
    good = sum(any(x.startswith("escalate/") for x in labels(d)) or same(labels(d), row["accept"]) for row, d in wanted)
    precise = sum(
        any(x.startswith("escalate/") for x in labels(d))
        and any(x.startswith("escalate/") for one in row["accept"] for x in one)
        for row, d in decided
    )
    print(f"escalation recall       {share(good, len(wanted))}  precision {share(precise, len(escalated))}")
    said = sum(labels(d) == ["out-of-scope"] for _, d in decided)
    outside = [(row, d) for row, d in decided if row["labels"] == ["out-of-scope"]]
    hit = sum(labels(d) == ["out-of-scope"] for _, d in outside)
    print(f"out of scope F1         {f1(hit, said, len(outside)):6.1%} (recall {hit}/{len(outside)}, said {said})")
    answered = [(row, d) for row, d in decided if d.decision != "clarification"]
    print(
        f"answered                {share(len(answered), len(decided))}  right {share(sum(same(labels(d), r['accept']) for r, d in answered), len(answered))}"
    )
    print(f"calibration error (ECE) {calibration(decided):6.3f}")
    if errors:
        for row, d in decided:
            if not same(labels(d), row["accept"]):
                print(
                    f"  {row['id']} {row['lang']} {confidence(d):.2f} {d.decision[:6]} {'+'.join(labels(d))} ≠ {row['accept']}\n      {row['text'][:160]!r}"
                )


def calibration(decided: list[tuple[dict[str, Any], Decision]]) -> float:
    bins: dict[int, list[tuple[float, bool]]] = {}
    for row, d in decided:
        value = d.alternatives[0].confidence if d.decision == "clarification" else confidence(d)
        bins.setdefault(min(9, int(value * 10)), []).append((value, same(labels(d), row["accept"])))
    total = len(decided)
    return sum(
        abs(sum(v for v, _ in part) / len(part) - sum(ok for _, ok in part) / len(part)) * len(part) / total
        for part in bins.values()
    )


def parameters(rows: list[dict[str, Any]], errors: bool) -> None:
    exact = actions = 0
    missing: Counter[str] = Counter()
    for row in rows:
        found = slots.read(row["text"], row["agent"])
        decision = decide(row["text"])
        action = decision.steps[0].action if decision.steps else None
        exact += found == row["parameters"]
        actions += action == row["action"]
        if found != row["parameters"]:
            missing[row["agent"]] += 1
            if errors:
                print(f"  {row['id']} {row['agent']}: {found} ≠ {row['parameters']}\n      {row['text'][:160]!r}")
        if errors and action != row["action"]:
            print(f"  {row['id']} action {action} ≠ {row['action']}: {row['text'][:120]!r}")
    print(f"parameters exact        {share(exact, len(rows))}  actions {share(actions, len(rows))}")


def speed(rows: list[dict[str, Any]]) -> None:
    texts = [row["text"] for row in rows]
    for text in texts:
        decide(text)
    started = time.perf_counter()
    for text in texts:
        decide(text)
    print(f"one decision            {(time.perf_counter() - started) / len(texts) * 1e6:6.0f} µs (words seen before)")
    noise = "déployer kubernetes " * 5000
    started = time.perf_counter()
    decide(noise)
    print(f"100 kB                  {(time.perf_counter() - started) * 1e3:6.1f} ms")


def peer(rows: list[dict[str, Any]]) -> None:
    """tf-idf with logistic regression on the same examples, where scikit-learn is installed."""
    try:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline, make_union
    except ImportError:
        print("peer tf-idf + logistic regression: absent (scikit-learn is not installed)")
        return
    from devops_orchestrator.routing import sources

    examples, _ = sources.read()
    union = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode"),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, strip_accents="unicode"),
    )
    model = make_pipeline(union, LogisticRegression(C=10, max_iter=400))
    model.fit([e.text for e in examples], [e.label for e in examples])
    for language in ("fr", "en"):
        part = [row for row in rows if row["lang"] == language and len(row["labels"]) == 1]
        found = model.predict([row["text"] for row in part])
        right = sum(same([one], row["accept"]) for one, row in zip(found, part, strict=True))
        print(f"peer tf-idf + logistic regression {language}: {share(right, len(part))} (single-label)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=os.environ.get("ROUTING_SETS", SETS))
    parser.add_argument("--errors", action="store_true", help="show what was wrong")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args()
    if not (options.sets / "dev.jsonl").is_file():
        parser.error(f"no dev.jsonl in {options.sets}: give its folder by --sets or ROUTING_SETS")
    rows = [json.loads(line) for line in (options.sets / "dev.jsonl").read_text(encoding="utf-8").splitlines() if line]
    slot_rows = [
        json.loads(line) for line in (options.sets / "slots-dev.jsonl").read_text(encoding="utf-8").splitlines() if line
    ]
    measure(rows, options.errors)
    parameters(slot_rows, options.errors)
    speed(rows)
    if not options.no_peers:
        peer(rows)


if __name__ == "__main__":
    main()
