"""What changed between two versions of a text, word by word, for people to read."""

import re
from difflib import SequenceMatcher
from typing import Literal, NamedTuple

PieceKind = Literal["same", "gone", "new"]
_PIECE = re.compile(r"\s+|[^\W_]+|[\W_]", re.UNICODE)


class Piece(NamedTuple):
    """A run of text that stayed, went or came."""

    kind: PieceKind
    text: str


def changes(before: str, after: str) -> list[Piece]:
    """The two texts as one: what stayed, what went, what came, in reading order."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    found: list[Piece] = []
    for act, i, j, k, m in SequenceMatcher(None, old, new).get_opcodes():
        if act == "equal":
            found.append(Piece("same", "".join(old[i:j])))
            continue
        if i < j:
            found.append(Piece("gone", "".join(old[i:j])))
        if k < m:
            found.append(Piece("new", "".join(new[k:m])))
    return found
