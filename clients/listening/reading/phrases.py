"""Many expressions looked for at once: each is tried only where its first two characters are met.

What is found is what `re.finditer` finds for each list by itself; a text of twenty words costs some twenty look-ups
instead of every expression at every place.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_ANY = "\0"  # in a beginning: some character that the expression does not spell out
_SIZE = 2
_WIDEST_RANGE = 64
Span = tuple[int, int]
Tried = tuple[re.Pattern[str] | None, tuple[tuple[int, re.Pattern[str]], ...]]  # all of them at once, then each list
_NOTHING: Tried = (None, ())


class PhraseBook:
    """Lists of expressions that each match whole words, or open on a sign (@, #, emoji), in folded text."""

    def __init__(self, lists: Sequence[Sequence[str]]) -> None:
        """Take the lists in their order. Raises ValueError for an expression whose first character is not spelt out."""
        begun = [(which, one, beginnings(one)) for which, ones in enumerate(lists) for one in ones]
        keys = {key for _, _, found in begun for key in found}
        self._short = {key: _tried(begun, key) for key in {key[0] for key in keys}}
        self._long = {key: _tried(begun, key) for key in keys if len(key) == _SIZE}
        signs = "".join(sorted(key for key in self._short if not key.isalnum() and key != "_"))
        self._starts = re.compile(rf"(?<!\w)\w|[{re.escape(signs)}]" if signs else r"(?<!\w)\w")
        self._lists = len(lists)

    def hits(self, plain: str) -> Iterator[tuple[int, int, int]]:
        """Yield (list, start, end) by place, those of one list never overlapping."""
        reached = [0] * self._lists
        short, long = self._short, self._long
        for place in self._starts.finditer(plain):
            start = place.start()
            key = plain[start : start + _SIZE]
            any_of_them, tried = long.get(key) or short.get(key[0], _NOTHING)
            if any_of_them is None or not any_of_them.match(plain, start):
                continue
            for which, pattern in tried:
                if start >= reached[which] and (hit := pattern.match(plain, start)):
                    reached[which] = hit.end()
                    yield which, start, hit.end()


def outside(hits: Iterable[Span], traps: Sequence[Span]) -> list[Span]:
    """Return the hits that share no character with a trap. The traps by place, none overlapping another.

    One look a hit: a text may be nothing but hits and traps.
    """
    ends = [end for _, end in traps]
    return [hit for hit in hits if (at := bisect_right(ends, hit[0])) == len(traps) or traps[at][0] >= hit[1]]


def beginnings(expression: str) -> frozenset[str]:
    """Return what an expression may begin with: two characters, or one where anything may follow.

    Raises ValueError when the first character may be anything.
    """
    found = frozenset(one.split(_ANY)[0] for one in _begin(_parser.parse(expression)))
    if "" in found:
        raise ValueError(f"An expression has to spell its first character out: {expression}")
    return found


def _tried(begun: Iterable[tuple[int, str, frozenset[str]]], key: str) -> Tried:
    """Return, for each list in its order, the expressions that may begin so; a short key alone takes short beginnings.

    A key of two characters takes those of one too: they may go on with its second.
    """
    lists: dict[int, list[str]] = {}
    for which, one, found in begun:
        if key in found or key[0] in found:
            lists.setdefault(which, []).append(one)
    if not lists:
        return _NOTHING
    everything = _any_of(one for ones in lists.values() for one in ones)
    return everything, tuple((which, _any_of(ones)) for which, ones in lists.items())


def _any_of(expressions: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{'|'.join(f'(?:{one})' for one in expressions)})(?!\w)")


def _begin(nodes: Iterable[tuple[Any, Any]]) -> set[str]:
    """Return the first characters, at most two, of what a parsed expression matches."""
    found = {""}
    for kind, value in nodes:
        parts = _part(str(kind), value)
        found = {(before + part)[:_SIZE] for before in found for part in parts}
        if all(len(one) >= _SIZE for one in found):
            break
    return found


def _part(kind: str, value: Any) -> set[str]:
    match kind:
        case "LITERAL":
            return {chr(value)}
        case "IN":
            return set().union(*(_members(str(inner), one) for inner, one in value))
        case "BRANCH":
            return set().union(*(_begin(branch) for branch in value[1]))
        case "SUBPATTERN":
            return _begin(value[-1])
        case "MAX_REPEAT" | "MIN_REPEAT":
            return _repeated(*value)
        case "AT" | "ASSERT" | "ASSERT_NOT":
            return {""}
    return {_ANY}


def _members(kind: str, value: Any) -> set[str]:
    """Return the characters of a class, one by one where it is small."""
    if kind == "LITERAL":
        return {chr(value)}
    if kind == "RANGE" and value[1] - value[0] < _WIDEST_RANGE:
        return {chr(code) for code in range(value[0], value[1] + 1)}
    return {_ANY}


def _repeated(least: int, most: int, nodes: Any) -> set[str]:
    once = _begin(nodes)
    twice = {(one + other)[:_SIZE] for one in once for other in once}
    return ({""} if least == 0 else set()) | (once if least < _SIZE else set()) | (twice if most > 1 else set())
