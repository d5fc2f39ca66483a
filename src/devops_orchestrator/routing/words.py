"""A request as words: folded text, tokens, and the hashed features of the linear model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from zlib import crc32

LONGEST = 3000  # characters that are read of a request: a longer text is a paste, of which the beginning decides
TAIL = 600  # … and its last lines, where people put their question
TOKEN = re.compile(r"[a-z0-9]+")
WORD_LENGTH = 32  # characters of a token that count
SHORTEST_COMPOUND = 5
_PARTS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")
# One typed word for one word, so that the places of words stay what they are.
_SHORT = dict(
    pair.split("=")
    for pair in [
        "kan=quand",
        "qd=quand",
        "qand=quand",
        "fo=faut",
        "fau=faut",
        "pa=pas",
        "pk=pourquoi",
        "pkoi=pourquoi",
        "prkoi=pourquoi",
        "koi=quoi",
        "ke=que",
        "ki=qui",
        "ds=dans",
        "tt=tout",
        "ts=tous",
        "ttes=toutes",
        "pr=pour",
        "ac=avec",
        "avc=avec",
        "slt=salut",
        "bjr=bonjour",
        "bsr=bonsoir",
        "stp=svp",
        "mtn=maintenant",
        "tjs=toujours",
        "tjrs=toujours",
        "bcp=beaucoup",
        "cmt=comment",
        "cmnt=comment",
        "ossi=aussi",
        "jveux=veux",
        "jvoudrais=voudrais",
        "jarrive=arrive",
        "jcomprend=comprends",
        "jcomprends=comprends",
        "chui=suis",
        "chuis=suis",
        "jai=ai",
        "ya=y",
        "depui=depuis",
        "sa=ca",
        "kelke=quelque",
        "kel=quel",
        "pb=probleme",
        "pbs=problemes",
        "pblm=probleme",
        "appli=application",
        "applis=applications",
        "app=application",
        "apps=applications",
        "conf=config",
        "bdd=base",
        "db=database",
        "env=environnement",
        "envs=environnements",
        "kube=kubernetes",
        "k8=kubernetes",
        "k8s=kubernetes",
        "tf=terraform",
        "gh=github",
        "pls=please",
        "plz=please",
        "pliz=please",
        "u=you",
        "ur=your",
        "thx=thanks",
        "ty=thanks",
        "wanna=want",
        "gonna=going",
        "cant=cannot",
        "dont=not",
        "doesnt=not",
        "wont=not",
        "im=i",
        "ppl=people",
        "smth=something",
        "msg=message",
        "msgs=messages",
        "reso=reseau",
    ]
)


def _folding() -> dict[int, str]:
    """One character for one, so that a place in the folded text is the same place in the request."""
    table = {
        ord("’"): "'",
        ord("‘"): "'",
        ord("“"): '"',
        ord("”"): '"',
        0xA0: " ",
        0x202F: " ",
        ord("–"): "-",
        ord("—"): "-",
    }
    for code in range(0xC0, 0x180):
        plain = unicodedata.normalize("NFKD", chr(code))[0].lower()
        if plain.isascii():
            table[code] = plain
    return table


_FOLDING = _folding()


def readable(text: str) -> str:
    """The part of a request that is read, with ligatures and composed accents written out."""
    if len(text) > LONGEST + TAIL:
        text = text[:LONGEST] + "\n" + text[-TAIL:]
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae")
    return text


def fold(text: str) -> str:
    """Lower case without accents, of the same length as `text`."""
    lowered = text.translate(_FOLDING).lower()
    return lowered if len(lowered) == len(text) else "".join(char.lower()[0] for char in text.translate(_FOLDING))


def tokens(folded: str) -> list[str]:
    """The words and numbers of a folded text; what people shorten when they type fast is written out."""
    return [_SHORT.get(word, word)[:WORD_LENGTH] for word in TOKEN.findall(folded)]


def stem(word: str) -> str:
    """A word without the mark of the plural."""
    return word[:-1] if len(word) > 3 and word[-1] in "sx" and word[-2] != "s" else word


def marks(text: str, folded: str) -> list[str]:
    """What a request shows beside its words: the parts of compound names, a question, a list, several lines, its length.

    `text` is `folded` as it was written. Compound names are those of code: `livenessProbe`, `FailedMount`.
    """
    found: list[str] = []
    count = 0
    for match in TOKEN.finditer(folded):
        count += 1
        name = text[match.start() : match.end()]
        if len(name) > SHORTEST_COMPOUND and not name.islower() and not name.isupper():
            parts = [stem(part.lower()) for part in _PARTS.findall(name)]
            if len(parts) > 1:
                found += parts
                found += map(" ".join, pairwise(parts))
    commas = folded.count(",") + folded.count(";")
    found += [mark for mark in ("?", "\n", "+", "&") if mark in folded]
    found.append(f"{min(commas, 3)} commas")
    found.append(f"size {0 if count < 4 else 1 if count < 9 else 2 if count < 20 else 3}")
    return found


def word_features(words: Sequence[str], beside: Sequence[str]) -> Iterator[int]:
    """The hashed features of single words, of neighbours, and of the marks beside them."""
    before = "^"
    for word in words:
        plain = stem(word)
        yield crc32(plain.encode())
        yield crc32(f"{before} {plain}".encode())
        before = plain
    yield crc32(f"{before} $".encode())
    for mark in beside:
        yield crc32(mark.encode())


def letter_features(word: str) -> Iterator[int]:
    """The hashed features of a word's letters, three in a row, its borders marked."""
    marked = f"<{word}>".encode()
    for start in range(len(marked) - 2):
        yield crc32(marked[start : start + 3], 7)
