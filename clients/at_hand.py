"""Which positions fit what somebody wrote, and why: by their words, and by meaning where sentence vectors are there.

Words: cosine of TF-IDF over stems, the title counting double (Salton & Buckley 1988). Meaning: cosine of unit vectors.
The score is the better of the two, so that a shared rare word is not drowned by vectors that hesitate; it orders
positions and is never shown as a figure.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

import numpy as np
import numpy.typing as npt

from clients.listening.reading.folding import composed, folded
from clients.listening.words import Words

Vectors = npt.NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]

READ = 2_000  # characters of a text that are looked at
LEAST_MEANING = 0.25  # under it, texts on other subjects are as near (multilingual USE, our own examples)
LEAST_WORDS = 0.08
_WORD = re.compile(r"[^\W_]+")
_ENDINGS = re.compile(
    r"(ations?|aisons?|ements?|ements|ables?|ances?|euses?|eurs?|ions?|ants?|ees?|ies?|ing|ed|es|er|ez|ent|ons|ais|ait"
    r"|y|s|e)$"
)
_UNTELLING = """
    avec pour dans sans vous nous votre notre vos nos leur elle elles mais donc cette sont suis etes etre avoir fait
    faire tout tous toute plus moins tres bien bonjour merci quand comme quel quelle pourquoi comment depuis aussi
    encore toujours jamais rien deja apres avant chez entre vers sous les des une est pas qui que par sur son ses mon
    mes ton tes ces cet aux ils lui moi toi soi mdr lol quoi dont bon oui non ont ete
    that this with your have from they will what when where which there their been here please hello thank thanks
    about the and for are you was not but all our out has had his her its who why how can http https www com
"""
_EMPTY = frozenset(_UNTELLING.split())


@dataclass(frozen=True)
class Candidate:
    """A position as plain text."""

    key: int
    title: str
    text: str


@dataclass(frozen=True)
class Match:
    """A position that fits; `why` says on what grounds."""

    key: int
    score: float
    why: Words


def rank(said: str, candidates: Sequence[Candidate], encode: Encode | None = None) -> list[Match]:
    """The positions that fit what was said, the best first; none that shares neither words nor meaning."""
    if not candidates or not said.strip():
        return []
    words = _by_words(said, candidates)
    near = _by_meaning(said, candidates, encode) if encode else {}
    found = [_match(one, words[one.key], near.get(one.key, 0.0)) for one in candidates]
    return sorted((one for one in found if one is not None), key=lambda one: (-one.score, one.key))


def _match(one: Candidate, words: tuple[float, tuple[str, ...]], near: float) -> Match | None:
    likeness, shared = words
    by_words = likeness >= LEAST_WORDS and bool(shared)
    by_meaning = near >= LEAST_MEANING
    if not by_words and not by_meaning:
        return None
    said = ", ".join(shared[:3])
    if by_words and by_meaning:
        why = Words(f"mots communs\u00a0: {said}\u00a0; sens proche", f"words in common: {said}; close in meaning")
    elif by_words:
        why = Words(f"mots communs\u00a0: {said}", f"words in common: {said}")
    else:
        why = Words("sens proche, sans mot commun", "close in meaning, no word in common")
    return Match(one.key, max(likeness if by_words else 0.0, near if by_meaning else 0.0), why)


def _by_words(said: str, candidates: Sequence[Candidate]) -> dict[int, tuple[float, tuple[str, ...]]]:
    """Likeness and shared words, as they were written in what was said, of each candidate."""
    asked = _stems(said)
    bags = {one.key: _bag(one) for one in candidates}
    holders = Counter(stem for bag in bags.values() for stem in bag)
    weight = {stem: log(1 + len(bags) / held) for stem, held in holders.items()}
    length = _length(dict.fromkeys(asked, 1), weight)
    return {key: _likeness(asked, length, bag, weight) for key, bag in bags.items()}


def _likeness(
    asked: Mapping[str, str], length: float, bag: Mapping[str, int], weight: Mapping[str, float]
) -> tuple[float, tuple[str, ...]]:
    shared = sorted((stem for stem in asked if stem in bag), key=lambda stem: -weight[stem] * bag[stem])
    product = sum(weight[stem] ** 2 * bag[stem] for stem in shared)
    norm = length * _length(bag, weight)
    return (product / norm if norm else 0.0), tuple(asked[stem] for stem in shared)


def _length(bag: Mapping[str, int], weight: Mapping[str, float]) -> float:
    """A word that no position holds counts as the rarest one: a long text on something else stays unlike."""
    rarest = max(weight.values(), default=1.0)
    return sqrt(sum((weight.get(stem, rarest) * count) ** 2 for stem, count in bag.items()))


def _bag(one: Candidate) -> dict[str, int]:
    bag = dict.fromkeys(_stems(one.text), 1)
    return bag | dict.fromkeys(_stems(one.title), 2)


def _stems(text: str) -> dict[str, str]:
    """Stem to the word as written, of what may tell one subject from another."""
    found: dict[str, str] = {}
    for word in _WORD.findall(composed(text[:READ])):
        plain = folded(word)
        if len(plain) > 2 and plain not in _EMPTY:
            found.setdefault(_stem(plain), word)
    return found


def _stem(plain: str) -> str:
    """A word without its ending, four letters at least: remboursé, rembourser, remboursement are one."""
    before = ""
    while plain != before:
        before, shorter = plain, _ENDINGS.sub("", plain)
        plain = shorter if len(shorter) >= 4 else plain
    return plain


def _by_meaning(said: str, candidates: Sequence[Candidate], encode: Encode) -> dict[int, float]:
    texts = tuple(f"{one.title}. {one.text}"[:READ] for one in candidates)
    asked = np.asarray(encode([said[:READ]]), np.float32)[0]
    near = _kept(encode, texts) @ asked
    return {one.key: float(value) for one, value in zip(candidates, near, strict=True)}


@lru_cache(maxsize=64)
def _kept(encode: Encode, texts: tuple[str, ...]) -> Vectors:
    """Positions change once a week: their vectors stay in the process."""
    return np.asarray(encode(texts), np.float32)
