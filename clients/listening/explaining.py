"""Why a watch catches a text or leaves it, in words, and where in the text it reads so."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from clients.listening.matching import Rule, Term, Wanted, main_language, pattern_of, simple, terms, word_terms
from clients.listening.reading.folding import composed
from clients.listening.words import Words

ALL = Words("la requête prend toutes les mentions", "the watch takes every mention")
HAS = {
    "word": Words("contient {what}", "contains {what}"),
    "handle": Words("nomme {what}", "names {what}"),
    "hashtag": Words("porte {what}", "bears {what}"),
}
NONE_OF = Words(
    "aucun des mots, comptes ou hashtags cherchés n’y est", "none of the words, accounts or hashtags sought is there"
)
LACKS = Words("il y manque {what}", "it lacks {what}")
EXCLUDED = Words("contient {what}, qui exclut", "contains {what}, which excludes")
OTHER_LANGUAGE = Words("sa langue est «\u00a0{code}\u00a0»", "its language is “{code}”")
UNKNOWN_LANGUAGE = Words("sa langue est inconnue\u00a0: elle passe", "its language is unknown: it passes")


@dataclass(frozen=True)
class Span:
    """A part of the text, from `start` to before `end` (characters), that let it in or kept it out."""

    start: int
    end: int
    keeps_out: bool = False


@dataclass(frozen=True)
class Explanation:
    """Whether the text is caught; the reasons that decided, the strongest first; the parts of `text` that they are."""

    matches: bool
    reasons: tuple[Words, ...]
    spans: tuple[Span, ...]
    text: str


class Explainer:
    """One watch, asked about many texts."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._rule = Rule(wanted)

    @cached_property
    def _patterns(self) -> tuple[list[tuple[Term, re.Pattern[str]]], ...]:
        """Of each term alone: one of them, all of them, none of them."""
        lists = terms(self._wanted), word_terms(self._wanted.required), word_terms(self._wanted.exclude)
        return tuple([(term, found) for term in one if (found := pattern_of([term]))] for one in lists)

    def matches(self, text: str, language: str = "") -> bool:
        """The same answer as `explain`, sooner."""
        return self._rule.holds(simple(text), main_language(language))

    def explain(self, text: str, language: str = "") -> Explanation:
        """Why a text in that language ("" when unknown) is caught or not."""
        ready, spoken = simple(text), main_language(language)
        one_of, all_of, none_of = (_found(patterns, ready) for patterns in self._patterns)
        against = [term.put_in(EXCLUDED) for term, _spans in none_of]
        against += [term.put_in(LACKS) for term in _missing(self._patterns[1], all_of)]
        against += [OTHER_LANGUAGE.put(code=spoken)] if not self._rule.speaks(spoken) else []
        against += [NONE_OF] if self._patterns[0] and not one_of else []
        if against:
            spans = _spans(none_of, keeps_out=True) + _spans(one_of) + _spans(all_of)
            return Explanation(False, tuple(against), *_placed(text, spans))
        reasons = [term.put_in(HAS[term.kind]) for term, _spans in one_of + all_of] or [ALL]
        reasons += [UNKNOWN_LANGUAGE] if self._rule.languages and not spoken else []
        return Explanation(True, tuple(dict.fromkeys(reasons)), *_placed(text, _spans(one_of) + _spans(all_of)))


def explain(wanted: Wanted, text: str, author: str = "", language: str = "") -> Explanation:
    """Why the watch catches the text or not. `author` is who wrote it: it never counts as an account named."""
    return Explainer(wanted).explain(text, language)


Found = list[tuple[Term, list[tuple[int, int]]]]


def _found(patterns: Sequence[tuple[Term, re.Pattern[str]]], ready: str) -> Found:
    with_places = [(term, [one.span() for one in pattern.finditer(ready)]) for term, pattern in patterns]
    return [(term, places) for term, places in with_places if places]


def _missing(patterns: Sequence[tuple[Term, re.Pattern[str]]], found: Found) -> list[Term]:
    there = {term for term, _places in found}
    return [term for term, _pattern in patterns if term not in there]


def _spans(found: Found, *, keeps_out: bool = False) -> list[Span]:
    return [Span(start, end, keeps_out) for _term, places in found for start, end in places]


def _placed(text: str, spans: Sequence[Span]) -> tuple[tuple[Span, ...], str]:
    """The spans in the text as it is shown, none within another, and that text (NFC)."""
    shown = unicodedata.normalize("NFC", text)
    apart = list(_apart(sorted(spans, key=lambda one: (one.start, -one.end))))
    if len(composed(shown)) == len(shown):
        return tuple(apart), shown
    kept = [place for place, char in enumerate(shown) if composed(char)] + [len(shown)]
    return tuple(Span(kept[one.start], kept[one.end - 1] + 1, one.keeps_out) for one in apart), shown


def _apart(spans: Sequence[Span]) -> Iterator[Span]:
    end = -1
    for span in spans:
        if span.start >= end:
            yield span
            end = span.end
