"""How long words may be where they will be posted, counted as each network counts. Knows no Django.

X: twitter-text 3, configuration v3 (280; a link 23; letters outside U+0000–10FF, 2000–200D, 2010–201F and 2032–2037
count 2, as does an emoji). Bluesky: the lexicon app.bsky.feed.post, 300 graphemes. Mastodon: 500, a link 23 (default of
a server). The others: their help pages, read in November 2026, for a post or a comment.
"""

import re
import unicodedata
from dataclasses import dataclass

LONGEST = {
    "x": 280, "bluesky": 300, "mastodon": 500, "threads": 500, "facebook": 8_000, "instagram": 2_200,
    "linkedin": 1_250, "youtube": 10_000, "reddit": 10_000,
}  # fmt: skip
_LINK = re.compile(r"https?://\S+")
_LINK_LENGTH = 23
_SINGLE = ((0, 0x10FF), (0x2000, 0x200D), (0x2010, 0x201F), (0x2032, 0x2037))
_JOINER, _FLAGS = 0x200D, (0x1F1E6, 0x1F1FF)
_ADDED_ON = (0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400))  # variation selectors, skin tones


@dataclass(frozen=True, slots=True)
class Length:
    """How many of the characters that the network allows; `most` is None where it sets no limit that we know."""

    used: int
    most: int | None

    @property
    def over(self) -> int:
        """How many too many; 0 when it fits."""
        return max(0, self.used - self.most) if self.most else 0


def length(text: str, network: str) -> Length:
    """The length of the text as that network counts it; one pass over the text."""
    text = unicodedata.normalize("NFC", text.strip())
    if network in {"x", "mastodon"}:
        links = _LINK.findall(text)
        text, used = _LINK.sub("", text), _LINK_LENGTH * len(links)
    else:
        used = 0
    letters = graphemes(text)
    used += sum(_weight(one) for one in letters) if network == "x" else len(letters)
    return Length(used, LONGEST.get(network))


def graphemes(text: str) -> list[str]:
    """The text cut where a reader sees one sign: marks, joined emoji and flags stay together (UAX #29, in short)."""
    starts: list[int] = []
    flags, before = 0, 0  # flags: regional indicators in a row, two make one flag
    for place, letter in enumerate(text):
        code = ord(letter)
        flags = flags + 1 if _FLAGS[0] <= code <= _FLAGS[1] else 0
        if not starts or not (_continues(letter) or before == _JOINER or (flags and flags % 2 == 0)):
            starts.append(place)
        before = code
    return [text[start:end] for start, end in zip(starts, [*starts[1:], len(text)], strict=False)]


def _continues(letter: str) -> bool:
    code = ord(letter)
    return code == _JOINER or code in _ADDED_ON or unicodedata.category(letter) in {"Mn", "Me"}


def _weight(sign: str) -> int:
    """2 for one that is outside the ranges counted single; an emoji made of several counts 2."""
    return 1 if all(any(low <= ord(one) <= high for low, high in _SINGLE) for one in sign) else 2
