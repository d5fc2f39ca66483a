"""Which of the four actions a request asks for: create, improve, review, answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

# Phrases of folded words, looked up by their first word.
_QUESTION = (
    "pourquoi", "comment", "why", "how", "what", "which", "when", "is it", "is there", "are there", "does", "do i", "do we", "c est quoi", "c koi", "c est normal",
    "quelle", "quel", "quels", "quelles", "difference", "explique", "expliquer", "explain", "understand", "comprendre", "comprends pas",
    "d ou ca vient", "d ou vient", "que signifie", "ca veut dire", "what s", "a quoi sert", "est ce que", "est ce normal", "qu est ce", "une idee",
    "any idea", "ideas", "combien", "how many", "kesako", "can i", "can we", "can you tell", "puis je", "peut on", "where", "ou trouver", "ou sont", "ou se trouve",
)  # fmt: skip
_SYMPTOM = (
    "error", "erreur", "err", "failed", "fails", "failing", "failure", "fail to", "echoue", "echec", "plante", "plantent", "crash", "crashe", "crashloopbackoff",
    "imagepullbackoff", "errimagepull", "oomkilled", "denied", "refused", "timeout", "timed out", "not found", "introuvable", "forbidden",
    "unauthorized", "exceeded", "invalid", "unable", "impossible de", "marche pas", "marche plus", "fonctionne pas", "fonctionne plus", "ne marche",
    "ne fonctionne", "doesn t", "doesnt", "does not", "don t", "dont", "can t", "cant", "cannot", "won t", "isn t", "not working", "stuck", "bloque", "bloquee",
    "coince", "stopped", "broken", "casse", "cassee", "keeps", "vide", "perdu", "disparait", "disparaissent", "disparu", "unhealthy", "pending", "exit code",
    "code 137", "trop longtemps", "no such", "no matches", "rien", "nothing", "backoff", "restarts", "redemarre", "redemarrent", "renvoie", "returns",
    "permission denied", "unknown", "missing", "exception", "fatal", "panic", "nxdomain", "502", "503", "504", "500", "404", "403", "401", "evicted", "down", "tombe",
    "rate", "lost", "gone", "why", "lent", "lente", "slow", "trop", "help", "au secours", "bizarre", "weird", "strange",
)  # fmt: skip
_REVIEW = (
    "audit", "audite", "auditer", "review", "relire", "relis", "relecture", "revue", "verifie", "verifier", "verifiez", "check our", "check my", "check the", "check if", "check that",
    "controle", "controler", "passer en revue", "passe en revue", "inspecte", "inspecter", "inspect", "look over", "have a look", "take a look", "jeter un oeil", "jette un oeil",
    "jeter un coup d oeil", "analyse", "analyser", "analyze", "assess", "diagnostic de", "evaluer", "evalue", "est il correct", "est correct", "is correct", "is it secure",
    "double check", "lint my", "tell me what is wrong", "dis moi ce qui ne va pas", "bonnes pratiques", "best practices",
)  # fmt: skip
_IMPROVE = (
    "optimise", "optimiser", "optimisez", "optimisation", "optimize", "optimizing", "ameliore", "ameliorer", "ameliorez", "improve", "improving", "reduire", "reduis", "reduce", "reducing", "shrink",
    "accelere", "accelerer", "speed up", "speeding up", "faster", "plus vite", "plus rapide", "allege", "alleger", "slim down", "simplifie", "simplifier", "simplify",
    "modernise", "moderniser", "modernize", "refactor", "refactoriser", "refacto", "nettoie", "nettoyer", "clean up", "corrige", "corriger", "corrigez", "fix", "repare", "reparer",
    "repair", "upgrade", "update", "mettre a jour", "mets a jour", "mise a jour", "bump", "monter", "remonte le", "remonter", "raise", "lower", "baisse", "baisser", "diminue", "diminuer", "augmente",
    "augmenter", "increase", "decrease", "modifie", "modifier", "change", "changer", "remplace", "remplacer", "replace", "tune", "ajuste", "ajuster", "adjust", "rends plus", "make it",
    "tighten", "durcis", "renforce", "renforcer", "factoriser", "factorise", "deduplicate", "rationaliser", "standardiser",
    "trop bavarde", "too noisy", "passe de", "passer de", "passer le", "passe le", "extend", "etendre", "moins de", "allonge", "convertis", "convertir en",
)  # fmt: skip
_CREATE = (
    "dockerise", "dockeriser", "dockerisez", "dockerize", "conteneurise", "conteneuriser", "conteneurisez", "containerize", "containerise",
    "cree", "creer", "creez", "create", "creation", "ajoute", "ajouter", "ajoutez", "add", "configure", "configurer", "configurez", "configuration de", "set up", "setup", "setting up", "mettre en place",
    "mets en place", "mise en place", "met en place", "ecris", "ecrire", "ecrivez", "write", "genere", "generer", "generate", "provisionne", "provisionner", "provision", "deploie", "deployer", "deploy", "implemente",
    "implementer", "implement", "installe", "installer", "install", "publie", "publier", "publish", "initialise", "initialiser", "init", "prepare", "preparer", "fais", "faire", "make me", "build me",
    "migre", "migrer", "migrate", "active", "activer", "enable", "expose", "exposer", "envoyer", "envoie", "send", "pousser", "push", "automatise", "automatiser", "automate", "bloquer", "block",
    "il me faut", "il nous faut", "il faut", "on voudrait", "je voudrais", "je veux", "on veut", "j aimerais", "we want", "we d like", "i want", "i d like", "i need", "we need", "besoin d", "besoin de", "need a",
    "spin up", "wire up", "conteneuriser", "dockeriser", "dockerize", "containerize", "monter un", "lancer", "rends", "roll back", "rollback", "restore", "restaurer", "revenir", "revert", "undo",
    "page us", "autoscale", "stocker", "garder", "keep the", "conserver", "souhaitons", "souhaiterions", "aimerions", "aimerait",
)  # fmt: skip
_WEAK = ("scan", "scanner", "scannez", "signer", "sign", "harden", "durcir", "alert", "alerte", "alertes", "alerts", "notify", "prevenir", "previens", "prevenez", "warn")  # fmt: skip


# Words that ask only where they begin a request: "alert when…" asks nothing.
_OPENING = frozenset(
    ("when", "where", "which", "what", "does", "ou", "combien", "quel", "quelle", "quels", "quelles", "difference")
)
_KINDS = {
    "question": _QUESTION,
    "symptom": _SYMPTOM,
    "review": _REVIEW,
    "improve": _IMPROVE,
    "create": _CREATE,
    "weak": _WEAK,
}
_FAR = 1 << 30
MOST_WORDS = 120
VERDICTS = 3
_WORK = frozenset(("review", "improve", "create"))
OPENING = 3  # words in which a request begins: "peux-tu ajouter", "please add"


def _by_first_word() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for kind, phrases in _KINDS.items():
        for phrase in phrases:
            first, *rest = phrase.split()
            table.setdefault(first, []).append((tuple(rest), kind))
    return table


_PHRASES = _by_first_word()


def _places(words: Sequence[str]) -> dict[str, int]:
    """kind → the place of its first phrase, in words."""
    found: dict[str, int] = {}
    for place, word in enumerate(words[:MOST_WORDS]):
        for rest, kind in _PHRASES.get(word, ()):
            if kind == "question" and not rest and place > (0 if word == "when" else 1) and word in _OPENING:
                continue
            if kind not in found and (not rest or tuple(words[place + 1 : place + 1 + len(rest)]) == rest):
                found[kind] = place
    return found


def told(words: Sequence[str]) -> bool:
    """Whether a request has a verb that asks for work."""
    return not _WORK.isdisjoint(_places(words))


def of(words: Sequence[str], folded: str, scores: Sequence[float], meta: Mapping[str, Any]) -> tuple[str, float]:
    """The action of a request and its lead over the next one: the model's scores, and what the rules' word adds."""
    actions: list[str] = meta["actions"]
    weights: list[float] = meta["ruled"][verdict(words, folded, actions)]
    first, second, *_ = sorted(
        ((score + weight, action) for action, score, weight in zip(actions, scores, weights, strict=True)), reverse=True
    )
    return first[1], first[0] - second[0]


def verdict(words: Sequence[str], folded: str, actions: Sequence[str]) -> int:
    """The rules' action as a number below VERDICTS times the number of actions.

    Each third of the numbers is one way of saying it: the verb stands somewhere, it opens the request, or there is a
    symptom and no verb at all.
    """
    said = ruled(words, folded)
    found = _places(words)
    kinds = ("question", "symptom") if said == "answer" else (said,)
    sure = 1 if min(found.get(kind, _FAR) for kind in kinds) < OPENING else 0
    if "symptom" in found and _WORK.isdisjoint(found):
        sure = 2
    return actions.index(said) + sure * len(actions)


def ruled(words: Sequence[str], folded: str) -> str:
    """The action by the verbs alone. The first decides between two; a symptom without a verb is a question."""
    found = _places(words)
    question, symptom, review = (found.get(kind, _FAR) for kind in ("question", "symptom", "review"))
    improve, create = found.get("improve", _FAR), found.get("create", _FAR)
    asked = "?" in folded
    if question < min(review, improve, create) and (asked or question < 7):
        return "answer"
    if min(review, improve, create) == _FAR:
        create = found.get("weak", _FAR)
    verb = min(review, improve, create)
    if verb == _FAR:
        return "answer" if symptom < _FAR or asked else "create"
    if question < _FAR and (symptom < verb or (asked and question < verb + 2)):
        return "answer"
    if verb == review:
        return "review"
    return "improve" if improve < create else "create"
