"""Text that the embedded fonts can draw. The page and the JSON keep every character; the PDF says when it lacks one."""

import json
import unicodedata
from bisect import bisect_right
from functools import cache
from itertools import islice
from pathlib import Path

import regex

from incidents.charts.svg import clean

FONTS = Path(__file__).parent / "fonts"
MISSING = "□"  # drawn where no embedded font has the character
MOST_MARKS = 3  # accents kept on one letter: piles of them would run over the lines above
LONGEST_RUN = 24  # letters without a place to break, before some are offered, this many apart:
PLACES_APART = 4
ZERO_WIDTH_SPACE = "\u200b"

# Invisible by nature: they need no glyph, and losing them loses nothing that is seen in a monochrome emoji.
_SILENT = regex.compile(r"[\U0001F3FB-\U0001F3FF\u00ad\u200b\u2060\ufeff]")
_LONG_RUN = regex.compile(rf"[^\s{ZERO_WIDTH_SPACE}]{{{LONGEST_RUN + 1},}}")
_FINGERPRINT = regex.compile(r"[0-9a-f]{64}")  # copied from the PDF to be compared: nothing goes inside


def drawable(text: str) -> str:
    """The text with what cannot be drawn replaced by `MISSING`, without control characters or marks of direction."""
    clusters: list[str] = regex.findall(r"\X", _SILENT.sub("", clean(text)))
    return "".join(_drawn(cluster) for cluster in clusters)


def breakable(text: str) -> str:
    """The text with places to break a line inside very long words (addresses, hashes, hostile text)."""
    return _LONG_RUN.sub(lambda run: _offer_breaks(run.group()), text)


def _drawn(cluster: str) -> str:
    if cluster.isspace():
        return cluster
    if not all(_is_covered(letter) for letter in cluster):
        return MISSING
    marks = (index for index, letter in enumerate(cluster) if unicodedata.combining(letter))
    return cluster[: next(islice(marks, MOST_MARKS, None), None)]


def _offer_breaks(run: str) -> str:
    if _FINGERPRINT.fullmatch(run):
        return run
    clusters: list[str] = regex.findall(r"\X", run)
    parts = ("".join(clusters[at : at + PLACES_APART]) for at in range(0, len(clusters), PLACES_APART))
    return ZERO_WIDTH_SPACE.join(parts)


def _is_covered(letter: str) -> bool:
    starts, ends = _coverage()
    at = bisect_right(starts, ord(letter)) - 1
    return at >= 0 and ord(letter) <= ends[at]


@cache
def _coverage() -> tuple[list[int], list[int]]:
    """First and last code points of the runs that the fonts have between them, written when they were cut."""
    runs = json.loads((FONTS / "coverage.json").read_text())
    return [int(first, 16) for first, _ in runs], [int(last, 16) for _, last in runs]
