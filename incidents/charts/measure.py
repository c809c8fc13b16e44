"""How wide a line of text is, without a browser: the advance widths of Inter, in thousandths of the font size."""

import unicodedata

# Read from Inter Regular (2,048 units per em); semi-bold is about 4 % wider. Digits as wide as the pages set them, all
# alike (tabular), measured in a browser: on paper they are a little narrower.
_WIDTHS = {
    **dict.fromkeys("ijlI'|.,:;! \u00a0`", 285),
    **dict.fromkeys('frt()[]{}/\\-_"°', 380),
    **dict.fromkeys("s?*^z", 540),
    **dict.fromkeys("abcdeghknopquvxyL$+<=>~JFE«»–", 620),
    **dict.fromkeys("0123456789", 645),
    **dict.fromkeys("ABKPRSTVXYZ&", 670),
    **dict.fromkeys("CDGHNOQUw#", 765),
    **dict.fromkeys("mMW%@—…", 960),
}
_SEMI_BOLD = 1.05


def text_width(text: str, size: float, *, strong: bool = False) -> float:
    """The width of `text` at font size `size`, in the same unit; wide scripts and emoji count more than an em."""
    thousandths = sum(_advance(letter) for letter in text)
    return thousandths / 1000 * size * (_SEMI_BOLD if strong else 1)


def _advance(letter: str) -> int:
    bare = unicodedata.normalize("NFD", letter)[0]
    if unicodedata.combining(letter):
        return 0
    return _WIDTHS.get(bare, 1300 if ord(bare) > 0x2E7F else 700)


def fit(text: str, size: float, room: float, *, strong: bool = False) -> str:
    """The text, cut with an ellipsis when it is wider than `room`."""
    if text_width(text, size, strong=strong) <= room:
        return text
    kept = text
    while kept and text_width(kept + "…", size, strong=strong) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def inside(text: str, middle: float, width: float, size: float = 12) -> float:
    """Where the middle of a line of text goes so that all of it stays on a sheet `width` wide, near `middle`."""
    half = text_width(text, size) / 2
    return min(max(middle, half), width - half)
