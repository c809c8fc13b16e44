"""Plain forms of a text: what the rules and the model look at, kept letter for letter beside what was written."""

import re
import unicodedata
from functools import lru_cache

_PLAIN: dict[int, int | None] = dict.fromkeys(map(ord, "’‘ʼ´`"), ord("'"))
_PLAIN |= dict.fromkeys(map(ord, "\u00a0\u202f\u2009"), ord(" "))
_PLAIN |= dict.fromkeys((0xFE0F, 0x200B, 0x200D, 0xFEFF, 0x00AD), None)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\bhttps?\b", re.IGNORECASE)
_HANDLE = re.compile(r"(?<!\w)@\w+")
_LONG_RUN = re.compile(r"(.)\1{3,}", re.DOTALL)
# The forms of a text are asked for by each of those that read it, a batch at a time.
_KEPT, _KEPT_WHEN_SHORT = 1_024, 1_000


class _FoldingTable(dict[int, int]):
    """Letter to unaccented lower-case letter, one for one, filled as letters are met."""

    def __missing__(self, code: int) -> int:
        """Return the folded code point: unchanged when the letter has no one-letter base."""
        base = unicodedata.normalize("NFKD", chr(code).lower())
        kept = [char for char in base if not unicodedata.combining(char)]
        folded = ord(kept[0]) if len(kept) == 1 and not kept[0].isspace() else code
        self[code] = folded
        return folded


_FOLDING = _FoldingTable()


def composed(text: str) -> str:
    """Return the text in composed form, apostrophes and spaces plain, invisible joiners dropped: what reasons quote."""
    return _lately_composed(text) if len(text) <= _KEPT_WHEN_SHORT else _composed(text)


def _composed(text: str) -> str:
    if text.isascii():
        return text.replace("`", "'")
    return unicodedata.normalize("NFC", _LONE_SURROGATE.sub("\ufffd", text)).translate(_PLAIN)


@lru_cache(maxsize=_KEPT)
def _lately_composed(text: str) -> str:
    return _composed(text)


def folded(text: str) -> str:
    """Return lower-case text without accents, of the same length as `composed` text given, so that positions agree."""
    return _lately_folded(text) if len(text) <= _KEPT_WHEN_SHORT else text.translate(_FOLDING)


@lru_cache(maxsize=_KEPT)
def _lately_folded(text: str) -> str:
    return text.translate(_FOLDING)


def without_addresses(text: str, *, handle: str = " @user ", address: str = " http ") -> str:
    """Return the text with links and handles replaced: neither says anything of the tone, and no person is learnt."""
    bare = _ADDRESS.sub(address, text)
    return _HANDLE.sub(handle, bare) if "@" in bare else bare


def without_long_runs(text: str) -> str:
    """Return the text with any letter repeated four times or more cut to three ("looooong" reads as "looong")."""
    return _LONG_RUN.sub(r"\1\1\1", text)
