"""A request as words: folded text, tokens, and the hashed features of the linear model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from zlib import crc32

LONGEST = 3000  # characters that are read of a request: a longer text is a paste, of which the beginning decides
TAIL = 600  # … and its last lines, where people put their question
TOKEN = re.compile(r"[a-z0-9]+")
WORD_LENGTH = 32  # characters of a token that count
BUCKETS = 1 << 18
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


def word_features(words: Sequence[str]) -> Iterator[int]:
    """The hashed features of single words and of neighbours."""
    before = "^"
    for word in words:
        plain = stem(word)
        yield crc32(plain.encode()) % BUCKETS
        yield crc32(f"{before} {plain}".encode()) % BUCKETS
        before = plain
    yield crc32(f"{before} $".encode()) % BUCKETS


def letter_features(word: str) -> Iterator[int]:
    """The hashed features of a word's letters, three to five in a row, its borders marked."""
    marked = f"<{word}>".encode()
    end = len(marked)
    for size in (3, 4, 5):
        for start in range(end - size + 1):
            yield crc32(marked[start : start + size], 7) % BUCKETS
