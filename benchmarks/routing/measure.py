"""Routing measured: `make bench-routing`. Accuracy, plans, escalations, questions, calibration, parameters, speed, peers.

Two pairs of sets, never trained on: requests.jsonl and parameters.jsonl beside this file, written for the project by
people who did not see the examples (the threshold, the limits of plans and the seed were chosen on the first, the cues of the rooms
on one half of the second), and dev.jsonl and slots-dev.jsonl of ROUTING_SETS or ../shared/routing where they are.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from devops_orchestrator.core.decision import Decision
from devops_orchestrator.routing import decide, slots, sources, table
from devops_orchestrator.routing.reading import read as read_request

HERE = Path(__file__).parent
SHARED = Path(__file__).parents[3] / "shared/routing"
# Texts of 100 kB that are hard to read: what the patterns of parameters and of changes begin with, again and again.
HARD = [
    (piece * 100_000)[:100_000]
    for piece in (
        "déployer kubernetes ",
        "a.",
        "1.",
        "a-",
        "a/",
        " ",
        ",",
        "-> ",
        "from a to ",
        "10.0.0.0/",
        "port ",
        "every ",
        "v1.2.3.4.5.",
        "hpa p95 not 3 ",
        "🚀",
        "\n",
    )
]
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
    """Exactly right: where the agent is given, and through the decision, which must find the agent too."""
    told = through = actions = 0
    for row in rows:
        decision = decide(row["text"])
        step = next((s for s in decision.steps if s.agent == row["agent"]), None)
        read = read_request(row["text"], table.load())
        found = slots.read(read.text, row["agent"], read.folded, quantities=not read.asks)
        told += found == row["parameters"]
        through += step is not None and dict(step.parameters) == row["parameters"]
        actions += read.action == row["action"]
        if errors and found != row["parameters"]:
            print(f"  {row['id']} {row['agent']}: {found} ≠ {row['parameters']}\n      {row['text'][:160]!r}")
        if errors and read.action != row["action"]:
            print(f"  {row['id']} action {read.action} ≠ {row['action']}: {row['text'][:120]!r}")
    count = len(rows)
    print(
        f"parameters exact        {share(told, count)}  with the agent found {share(through, count)}  actions {share(actions, count)}"
    )


def speed(rows: list[dict[str, Any]]) -> None:
    texts = [row["text"] for row in rows]
    for text in texts:
        decide(text)
    started = time.perf_counter()
    for text in texts:
        decide(text)
    print(f"one decision            {(time.perf_counter() - started) / len(texts) * 1e6:6.0f} µs (words seen before)")
    slowest = max((timed(text), text) for text in HARD)
    print(f"slowest text of 100 kB  {slowest[0] * 1e3:6.1f} ms ({slowest[1][:24]!r}…)")


def timed(text: str) -> float:
    started = time.perf_counter()
    decide(text)
    return time.perf_counter() - started


def peers(sets: dict[str, list[dict[str, Any]]], python: str) -> None:
    """The peers, in their own environment, given all our examples; ours beside them, on every request of the sets."""
    rows = [{**row, "set": name} for name, rows in sets.items() for row in rows]
    guesses = [labels(decide(row["text"])) for row in rows]
    examples = [[e.text, e.label] for e in sources.read()[0]]
    given = {"examples": examples, "rows": rows, "ours": guesses}
    subprocess.run([python, str(HERE / "peers.py")], input=json.dumps(given), text=True, check=True)


def load(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sets", type=Path, default=os.environ.get("ROUTING_SETS", SHARED), help="folder of dev.jsonl")
    parser.add_argument("--errors", action="store_true", help="show what was wrong")
    parser.add_argument("--peers", metavar="PYTHON", help="an interpreter that has the peers (make bench-routing)")
    options = parser.parse_args()
    pairs = [("the project's own set", HERE / "requests.jsonl", HERE / "parameters.jsonl")]
    if (options.sets / "dev.jsonl").is_file():
        pairs.append(("the development set", options.sets / "dev.jsonl", options.sets / "slots-dev.jsonl"))
    else:
        print(f"no dev.jsonl in {options.sets}: only the project's own set is measured")
    sets: dict[str, list[dict[str, Any]]] = {}
    for name, requests, said in pairs:
        print(f"\n# {name}")
        rows = load(requests)
        measure(rows, options.errors)
        parameters(load(said), options.errors)
        speed(rows)
        sets[name] = rows
    if options.peers:
        peers(sets, options.peers)


if __name__ == "__main__":
    main()
