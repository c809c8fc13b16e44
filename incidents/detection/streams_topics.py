"""Words that many accounts say at once: hashtags, links, plain words, each against its own share of what is said."""

import re
import unicodedata
from collections import OrderedDict, deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from . import rarity
from .stop_words import ENGLISH, FRENCH

HOURS = 3
LOOKS = 240.0  # windows of three hours in a month
WORDS_AT_ONCE = 200.0  # words that could have risen instead
FEWEST = 6
FEWEST_POSTS = 200  # heard before any word is judged
FORGETTING = 0.9995  # a post: half is forgotten in 1,400
MOST_WORDS = 5_000
MOST_OF_A_POST = 12
MOST_LATELY = 500
LONGEST_READ = 2_000  # characters: a topic is said early or not at all
SPREAD = 0.5

_FOUND = re.compile(r"#\w{2,50}|https?://[^\s<>\"]{4,120}|[^\W\d_]{5,30}")


@dataclass(frozen=True, slots=True)
class Topic:
    """A word said by `observed` accounts in the last hours, where so many were expected."""

    word: str
    observed: int
    expected: float
    hours: int = HOURS


def topics_of(text: str, ignored: Iterable[str] = ()) -> tuple[str, ...]:
    """Return at most twelve hashtags, links and words of a text, folded; `ignored` (folded too) are left out."""
    silent = FRENCH | ENGLISH | set(ignored)
    found = dict.fromkeys(_folded(word) for word in _FOUND.findall(text[:LONGEST_READ]))
    kept = [word for word in found if word not in silent]
    return tuple(sorted(kept, key=lambda word: not word.startswith(("#", "http")))[:MOST_OF_A_POST])


class Topics:
    """How often each word is usually said, and by whom lately. At most 5,000 words are remembered."""

    def __init__(self, per_month: float) -> None:
        self._threshold = per_month / (LOOKS * WORDS_AT_ONCE)
        self._words: OrderedDict[str, tuple[float, int, deque[tuple[float, Hashable]]]] = OrderedDict()
        self._lately: deque[tuple[float, Hashable]] = deque(maxlen=MOST_LATELY * 10)
        self._posts = 0

    def take(self, now: float, words: Iterable[str], author: Hashable) -> list[Topic]:
        """Take one post; return its words that rise out of their usual share, clearest first."""
        since = now - HOURS * 3600
        self._posts += 1
        self._lately.append((now, author))
        while self._lately[0][0] <= since:
            self._lately.popleft()
        found = [topic for word in words if (topic := self._take(now, since, word, author))]
        while len(self._words) > MOST_WORDS:
            self._words.popitem(last=False)
        return sorted(found, key=lambda topic: topic.expected - topic.observed)

    def _take(self, now: float, since: float, word: str, author: Hashable) -> Topic | None:
        weight, at, said = self._words.pop(word, (0.0, self._posts, deque(maxlen=MOST_LATELY)))
        weight *= FORGETTING ** (self._posts - at)
        said.append((now, author))
        while said[0][0] <= since:
            said.popleft()
            weight += 1.0  # only what is past teaches what is usual
        self._words[word] = (weight, self._posts, said)
        past = self._posts - len(self._lately)
        if len(said) < FEWEST or past < FEWEST_POSTS:
            return None
        observed = len({who for _, who in said})
        heard = min(float(past), 1.0 / (1.0 - FORGETTING))
        expected = len(self._lately) * (weight + 1.0) / (heard + 20.0)
        if observed < FEWEST or rarity.chance_of_at_least(observed, expected, SPREAD) > self._threshold:
            return None
        return Topic(word, observed, expected)


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
