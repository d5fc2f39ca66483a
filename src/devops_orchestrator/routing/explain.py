"""Why it was decided so: the words of the request that spoke for the agent, and the question where it is unsure."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

from devops_orchestrator.routing.model import letters_of
from devops_orchestrator.routing.names import TOPICS, name
from devops_orchestrator.routing.reading import Reading
from devops_orchestrator.routing.table import HEAD_BIAS, Table
from devops_orchestrator.routing.words import TOKEN, WORD_LENGTH, stem
from devops_orchestrator.text import Text

ENOUGH = 2  # words of the lexicon that explain a decision by themselves
MOST_WORDS = 40  # of a request that are weighed
_EMPTY = frozenset(
    [
        "a",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "au",
        "aux",
        "avec",
        "be",
        "but",
        "by",
        "c",
        "ca",
        "can",
        "ce",
        "ces",
        "cette",
        "comme",
        "d",
        "dans",
        "de",
        "des",
        "do",
        "does",
        "du",
        "elle",
        "en",
        "est",
        "et",
        "for",
        "from",
        "get",
        "give",
        "has",
        "have",
        "i",
        "if",
        "il",
        "ils",
        "in",
        "into",
        "is",
        "it",
        "its",
        "j",
        "je",
        "l",
        "la",
        "le",
        "les",
        "leur",
        "me",
        "mes",
        "mon",
        "my",
        "n",
        "ne",
        "nos",
        "not",
        "notre",
        "nous",
        "of",
        "on",
        "or",
        "ou",
        "our",
        "par",
        "pas",
        "plus",
        "pour",
        "quand",
        "que",
        "qui",
        "s",
        "sa",
        "se",
        "ses",
        "si",
        "sont",
        "sur",
        "t",
        "that",
        "the",
        "their",
        "there",
        "they",
        "this",
        "to",
        "tu",
        "un",
        "une",
        "us",
        "vous",
        "want",
        "we",
        "what",
        "when",
        "which",
        "who",
        "why",
        "will",
        "with",
        "you",
        "your",
        "y",
        "bonjour",
        "hello",
        "hi",
        "merci",
        "thanks",
        "svp",
        "please",
        "veux",
        "voudrais",
        "faire",
        "make",
        "mettre",
        "place",
        "set",
        "up",
        "need",
        "besoin",
        "faut",
        "how",
        "comment",
        "pourquoi",
        "tout",
        "tous",
        "toute",
        "all",
    ]
)
_NOTHING = Text("this is not DevOps work", "ce n'est pas du travail DevOps")
_NEAREST = Text("nearest thing possible here: {name} ({agent})", "ce qui s'en approche le plus ici : {name} ({agent})")
_MAP = Text(
    "possible here: CI/CD, containers, Kubernetes, infrastructure, monitoring, deployment (see `devops agents`)",
    "possible ici : CI/CD, conteneurs, Kubernetes, infrastructure, supervision, déploiement (voir `devops agents`)",
)
_ASK = Text("Which of these do you mean: {options}?", "De quoi s'agit-il : {options} ?")
_DECIDES = Text("{topic}: a decision for {authority}", "{topic} : décision qui revient à {authority}")


def telling(reading: Reading, label: int, table: Table) -> str:
    """The words of the request that spoke most for a label, as they were written, in their order.

    Phrases of the lexicon first; then the words that pushed the hidden units of this label.
    """
    spans = [found.span() for found in TOKEN.finditer(reading.folded)]
    picked: dict[int, float] = {}
    for hit in reading.scores.hits:
        for owner, weight in hit.owners:
            if int(owner) == label:
                for place in range(hit.start, min(hit.end, len(spans))):
                    picked[place] = max(picked.get(place, 0.0), 1000 * weight)
    if len(picked) < ENOUGH:
        push = _push(reading.scores.units, label, table)
        for place, (start, end) in enumerate(spans[:MOST_WORDS]):
            word = reading.folded[start:end]
            if word in _EMPTY or word.isdigit() or place in picked:
                continue
            own = table.unpack(table.added((crc32(stem(word[:WORD_LENGTH]).encode()),)))
            letters = table.unpack(letters_of(word[:WORD_LENGTH], table))
            weight = sum((own[unit] + letters[unit] / 3) * strength for unit, strength in push)
            if weight > 0:
                picked[place] = weight
    best = sorted(sorted(picked, key=lambda place: (-picked[place], place))[:4])
    return " ".join(dict.fromkeys(reading.text[slice(*spans[place])] for place in best))[:120]


def _push(units: Sequence[int], label: int, table: Table) -> list[tuple[int, float]]:
    """(hidden unit, how much a step of it adds to the label) of the units that are on."""
    steps, heads = table.meta["steps"], table.meta["heads"]
    return [(unit, steps[unit] * (heads[unit][label] - HEAD_BIAS)) for unit, value in enumerate(units) if value]


def agent(words: str, chosen: str) -> str:
    """`deployment Kubernetes → kubernetes/deployments`."""
    return f"{words} → {chosen}" if words else f"→ {chosen}"


def escalated(words: str, authority: str, topic: str, language: str) -> str:
    """Whose decision it is and on what."""
    said = _DECIDES.fill(topic=TOPICS[topic].to(language), authority=authority).to(language)
    return f"{words} → {said}" if words else said


def out_of_scope(nearest: str | None, language: str) -> tuple[str, ...]:
    """That it is not DevOps work, and the nearest thing that is."""
    if nearest is None:
        return _NOTHING.to(language), _MAP.to(language)
    return _NOTHING.to(language), _NEAREST.fill(name=name(nearest, language), agent=nearest).to(language)


def question(agents: Sequence[str], language: str) -> str:
    """One question over the best guesses."""
    last = {"fr": " ou ", "en": " or "}["fr" if language == "fr" else "en"]
    names = [name(agent, language) for agent in agents]
    told = last.join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]
    return _ASK.fill(options=told).to(language)
