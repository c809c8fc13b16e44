"""Which watches a text is about: whole words, without case or accents."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clients.listening.reading.folding import composed, folded


@dataclass(frozen=True)
class Wanted:
    """What one watch listens for: see clients.models.Watch. `ignored_authors` are read and never counted."""

    watch_id: int
    include: Sequence[str] = ()
    exclude: Sequence[str] = ()
    ignored_authors: Sequence[str] = ()
    required: Sequence[str] = ()
    handles: Sequence[str] = ()
    hashtags: Sequence[str] = ()
    languages: Sequence[str] = ()


@dataclass(frozen=True)
class Match:
    """A watch that a text is about, and whether its author counts in a surge."""

    watch_id: int
    is_counted: bool


def plain(text: str) -> str:
    """Lower case, no accents, plain apostrophes, single spaces: how texts and words are compared."""
    return " ".join(folded(composed(text)).split())


def _handle(handle: str) -> str:
    return handle.strip().lstrip("@").casefold()


def words_pattern(words: Iterable[str]) -> re.Pattern[str] | None:
    """Matches any of the words or phrases as whole words in a `plain` text; None when there is no word."""
    wanted = sorted({plain(word) for word in words} - {""}, key=len, reverse=True)
    if not wanted:
        return None
    return re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in wanted))


class Matcher:
    """All the watches of a client at once: `matches(text, author_handle)`."""

    def __init__(self, wanted: Iterable[Wanted]) -> None:
        self._rules = [
            (
                one.watch_id,
                words_pattern(one.include),
                words_pattern(one.exclude),
                frozenset(_handle(handle) for handle in one.ignored_authors),
            )
            for one in wanted
        ]

    def matches(self, text: str, author_handle: str = "") -> list[Match]:
        """The watches that the text is about, in the order given."""
        simple, author = plain(text), _handle(author_handle)
        return [
            Match(watch_id, not (author and author in ignored))
            for watch_id, include, exclude, ignored in self._rules
            if (include is None or include.search(simple)) and not (exclude is not None and exclude.search(simple))
        ]
