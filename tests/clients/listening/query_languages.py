"""What networks' search engines would make of a query, as their documentation tells it: enough to try ours on."""

import re
from collections.abc import Callable, Sequence

from clients.listening.matching import simple

_LEXEMES = re.compile(r'-?"[^"]*"|\(|\)|[^\s()"]+')
Holds = Callable[[str], bool]


def tokens(text: str) -> list[str]:
    """Words as search engines cut them: letters and digits, without case or accents."""
    return re.findall(r"\w+", simple(text))


def holds_phrase(text: str, phrase: str) -> bool:
    """Whether the words of the phrase follow each other in the text; signs without letters are looked for as such."""
    sought, said = tokens(phrase), tokens(text)
    if not sought:
        return simple(phrase) in simple(text)
    return any(said[place : place + len(sought)] == sought for place in range(len(said) - len(sought) + 1))


def term_of(text: str, language: str) -> Holds:
    """Whether one term of a query is in the text."""

    def holds(term: str) -> bool:
        if term.startswith("lang:"):
            return language == term[5:]
        if term[0] in "#@":
            return re.search(rf"(?<!\w){re.escape(simple(term))}(?!\w)", simple(text)) is not None
        return holds_phrase(text, term.strip('"'))

    return holds


def boolean(query: str, holds: Holds) -> bool:
    """Evaluates words side by side (or AND) before OR, with parentheses and a minus before one term.

    Raises AssertionError for a query that is not well formed.
    """
    lexemes = _LEXEMES.findall(query)
    answer, place = _either(lexemes, 0, holds)
    assert place == len(lexemes), f"{query!r} ends too early"
    return answer


def _either(lexemes: Sequence[str], place: int, holds: Holds) -> tuple[bool, int]:
    answer, place = _all(lexemes, place, holds)
    while place < len(lexemes) and lexemes[place] == "OR":
        other, place = _all(lexemes, place + 1, holds)
        answer = answer or other
    return answer, place


def _all(lexemes: Sequence[str], place: int, holds: Holds) -> tuple[bool, int]:
    answer, count = True, 0
    while place < len(lexemes) and lexemes[place] not in {"OR", ")"}:
        if lexemes[place] == "AND":
            assert count, "AND follows nothing"
            place += 1
        if lexemes[place] == "(":
            one, place = _either(lexemes, place + 1, holds)
            assert lexemes[place] == ")", "a parenthesis stays open"
        else:
            term = lexemes[place]
            one = not holds(term[1:]) if term[0] == "-" and len(term) > 1 else holds(term)
        answer, place, count = answer and one, place + 1, count + 1
    assert count, "a group is empty"
    return answer, place


def all_of(query: str, holds: Holds) -> bool:
    """Bluesky and Mastodon: every word or phrase of the query."""
    return all(holds(term) for term in _LEXEMES.findall(query))


def one_of(query: str, holds: Holds) -> bool:
    """YouTube: one of the words or phrases between bars."""
    return any(holds(term) for term in query.split("|"))
