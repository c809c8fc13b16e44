"""Two people write one text: what each changed since their page was shown, and where they cross. Pure.

A page carries a mark of each text as it was stored and as it was shown (the machine may propose words where nothing is
stored). When it comes back, a text that only one of the two changed is that one's; one that both changed differently
is for a person to settle.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

_LENGTH = 16  # hex digits of a mark: two texts of one page never share it by chance


@dataclass(frozen=True, slots=True)
class Met:
    """The texts with the changes of both, and the names of those that cross: those are as the second wrote them."""

    texts: dict[str, str]
    crossed: tuple[str, ...]


def marks(stored: Mapping[str, str], shown: Mapping[str, str] | None = None) -> str:
    """What a page carries of its texts: for each, in order, its mark as stored and as shown (None: the same)."""
    return " ".join(f"{_mark(text)}/{_mark((shown or stored)[name])}" for name, text in stored.items())


def meet(stored: Mapping[str, str], mine: Mapping[str, str], seen: str) -> Met:
    """The texts of whoever sends `mine` after `seen`, with what others stored meanwhile.

    A `seen` that says nothing (lost, typed by hand) crosses with every text that is stored and differs.
    """
    known = dict(zip(stored, (one.partition("/")[::2] for one in seen.split()), strict=False))
    texts, crossed = {}, []
    for name, theirs in stored.items():
        was_stored, was_shown = known.get(name, (_mark(""), ""))
        texts[name] = mine[name]
        if _mark(theirs) in {was_stored, _mark(mine[name])}:
            continue
        if _mark(mine[name]) == was_shown:
            texts[name] = theirs
        elif theirs.strip():
            crossed.append(name)
    return Met(texts, tuple(crossed))


def differ(stored: Mapping[str, str], mine: Mapping[str, str], seen: str) -> tuple[str, ...]:
    """The names of the texts that differ, when somebody stored others since `seen`: for what nobody may mix."""
    if marks(stored).split() == [f"{one.partition('/')[0]}/{one.partition('/')[0]}" for one in seen.split()]:
        return ()
    return tuple(name for name, theirs in stored.items() if _mark(theirs) != _mark(mine[name]))


def _mark(text: str) -> str:
    """The same for a text as it is stored and as a browser sends it back."""
    plain = text.replace("\r\n", "\n").strip()
    return sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
