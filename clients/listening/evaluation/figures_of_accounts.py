"""What can be counted in how an account presents itself, and in the figures that a network gives with it."""

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
COUNTS = ("tweets", "following", "followers", "likes", "media")
YES_OR_NO = ("private", "verified")
JOINED = "join_date"
KNOWN_COLUMNS = (*COUNTS, *YES_OR_NO, JOINED)
# Who speaks, of what, and as what: small words and trades that differ between a house and one of the public.
CUES = (
    "i", "i'm", "im", "my", "me", "we", "our", "us", "you", "your", "the", "at", "of", "for", "official", "news",
    "page", "account", "breaking", "inc", "tweets", "rt", "follow", "contact", "email", "views", "own", "opinions",
    "husband", "wife", "mom", "dad", "lover", "fan", "reporter", "journalist", "editor", "producer", "anchor",
    "host", "author", "founder", "ceo", "director", "manager", "professor", "writer", "student",
)  # fmt: skip
_WORD = re.compile(r"[a-z']+")
_YEAR = re.compile(r"(?:19|20)\d\d")
FIRST_YEAR = 2006  # no network of these files is older


def figures_of(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> Floats:
    """Return rows x figures: cues of the bio, then those of `columns` (of KNOWN_COLUMNS); what is missing is 0."""
    return np.array([[*_cues(row.get("bio", "")), *_counted(row, columns)] for row in rows], float)


def _cues(bio: str) -> list[float]:
    said = set(_WORD.findall(bio[:2_000].lower().replace("’", "'")))
    return [float(cue in said) for cue in CUES]


def _counted(row: Mapping[str, str], columns: Sequence[str]) -> list[float]:
    if not columns:
        return []
    bio = row.get("bio", "")
    counts = {name: math.log1p(_number(row, name)) for name in COUNTS if name in columns}
    rates = [counts[a] - counts[b] for a, b in _RATES if a in counts and b in counts]
    flags = [float(_number(row, name) > 0) for name in YES_OR_NO if name in columns]
    year = _YEAR.search(row.get(JOINED, "")) if JOINED in columns else None
    age = [float(int(year.group()) - FIRST_YEAR) if year else 0.0]
    return [*counts.values(), *rates, *flags, *age, *_shape(bio)]


_RATES = (("followers", "following"), ("likes", "tweets"), ("media", "tweets"), ("followers", "tweets"))


def _shape(bio: str) -> list[float]:
    """How it is written. Habits differ from one collection to the next: only read beside the network's own figures."""
    length = len(bio) + 1
    return [
        length / 160,
        sum(letter.isupper() for letter in bio) / length,
        sum(letter.isdigit() for letter in bio) / length,
        float(sum(ord(letter) > 0x2190 for letter in bio)),
        float(bio[:1].isupper()),
        float(bio == bio.lower()),
        *(float(bio.count(mark)) for mark in ("#", "@", "http", ".com", "|", ".", "!", ",")),
    ]


def _number(row: Mapping[str, str], name: str) -> float:
    """The cell as a number, 0.0 where it is none."""
    written = row.get(name, "").strip().replace(",", "").lower()
    try:
        value = float({"true": "1", "false": "0"}.get(written, written or "0"))
    except ValueError:
        return 0.0
    return max(value, 0.0) if math.isfinite(value) else 0.0
