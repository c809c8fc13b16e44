"""What a surge is about: rising words, the first post, where it is heard. Accounts are never named here."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from .season import PARIS
from .stop_words import ENGLISH, FRENCH, STOP_WORDS
from .wording import NBSP, Language

_ADDRESSES = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|[@＠][\w.]+(?:@[\w.]+)?")
_WORDS = re.compile(r"[^\W\d_][\w-]*[^\W_]|[^\W\d_]{3,}")
FEWEST_TEXTS = 2
SHORTEST = 3
PRIOR_STRENGTH = 10.0
CLEAR_RISE = 1.0  # standard deviations of the log-odds


@dataclass(frozen=True, slots=True)
class RisingTerm:
    """A word said by `now` texts of the surge and by `before` texts of the time before; `rise` in deviations."""

    term: str
    now: int
    before: int
    rise: float


@dataclass(frozen=True, slots=True)
class Heard:
    """One post, as far as a surge's evidence needs it."""

    published_at: datetime
    source: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a surge is made of; `sources` are (name, posts), the most talkative first."""

    terms: tuple[RisingTerm, ...]
    first: Heard | None
    sources: tuple[tuple[str, int], ...]


def rising_terms(
    texts_now: Iterable[str], texts_before: Iterable[str], language: Language | None = None, k: int = 5
) -> tuple[RisingTerm, ...]:
    """Return at most k words that the texts of now hold clearly more often than those before, clearest first.

    Log-odds of the number of texts holding a word, with an informative Dirichlet prior taken from both sides together
    (Monroe, Colaresi and Quinn 2008). Handles, addresses and stop words (of one language when given, else of both) are
    left out; a word counts once a text, accents aside, and is shown as it is most often written. With nothing before,
    the most frequent words are returned, their rise 0.
    """
    spellings: Counter[tuple[str, str]] = Counter()
    now = _texts_holding(texts_now, spellings)
    before = _texts_holding(texts_before, spellings)
    silent = STOP_WORDS[language] if language else FRENCH | ENGLISH
    found = [
        RisingTerm(word, count, before[word], _log_odds(word, now, before))
        for word, count in now.items()
        if count >= FEWEST_TEXTS and word not in silent
    ]
    clear = [term for term in found if term.rise >= CLEAR_RISE or not before]
    best = sorted(clear, key=lambda term: (-term.rise, -term.now, term.term))[:k]
    return tuple(replace(term, term=_usual_spelling(term.term, spellings)) for term in best)


def evidence(
    during: Sequence[Heard], before: Sequence[Heard], language: Language | None = None, k: int = 5
) -> Evidence:
    """Gather rising words, the earliest post and the three sources heard most; empty when there is no post."""
    terms = rising_terms((post.text for post in during), (post.text for post in before), language, k)
    first = min(during, key=lambda post: post.published_at, default=None)
    talkative = Counter(post.source for post in during)
    sources = sorted(talkative.items(), key=lambda item: (-item[1], item[0]))[:3]
    return Evidence(terms, first, tuple(sources))


def sentences(gathered: Evidence, language: Language, zone: ZoneInfo = PARIS) -> tuple[str, ...]:
    """Word the evidence: rising words, sources, hour of the first post in `zone`. What is missing is not worded."""
    french = language == "fr"
    colon = f"{NBSP}:" if french else ":"
    words = []
    if gathered.terms:
        listed = ", ".join(term.term for term in gathered.terms)
        words.append(f"Mots qui montent{colon} {listed}." if french else f"Rising words{colon} {listed}.")
    if gathered.sources:
        listed = ", ".join(f"{name} ({count})" for name, count in gathered.sources)
        words.append(f"Sources{colon} {listed}.")
    if gathered.first:
        local = gathered.first.published_at.astimezone(zone)
        hour = f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}"
        words.append(f"Premier message à {hour}." if french else f"First post at {local:%H:%M}.")
    return tuple(words)


def _texts_holding(texts: Iterable[str], spellings: Counter[tuple[str, str]]) -> Counter[str]:
    holding: Counter[str] = Counter()
    for text in texts:
        written = {}
        for word in _WORDS.findall(_ADDRESSES.sub(" ", text.replace("’", " ").replace("'", " "))):
            written[_folded(word)] = word.casefold()
        kept = {folded: word for folded, word in written.items() if len(folded) >= SHORTEST}
        holding.update(kept.keys())
        spellings.update(kept.items())
    return holding


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def _usual_spelling(folded: str, spellings: Mapping[tuple[str, str], int]) -> str:
    written = [(count, spelling) for (word, spelling), count in spellings.items() if word == folded]
    return max(written)[1]


def _log_odds(word: str, now: Counter[str], before: Counter[str]) -> float:
    total_now, total_before = now.total(), before.total()
    if not total_before:
        return 0.0
    prior = PRIOR_STRENGTH * (now[word] + before[word]) / (total_now + total_before)
    up, down = now[word] + prior, before[word] + prior
    odds_now = math.log(up / max(total_now + PRIOR_STRENGTH - up, 0.5))
    odds_before = math.log(down / max(total_before + PRIOR_STRENGTH - down, 0.5))
    return (odds_now - odds_before) / math.sqrt(1.0 / up + 1.0 / down)
