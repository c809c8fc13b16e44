"""Numbers of objects as forms and addresses give them: anything may be typed there."""

from collections.abc import Iterable

_DIGITS = 19  # of the largest number that a column holds; int() refuses thousands of them, and takes foreign ones


def whole_number(text: str) -> int | None:
    """The number, when `text` is one that a column of numbers can hold (0 to 2⁶³−1); None for anything else."""
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        return None
    number = int(text)
    return number if number < 2**63 else None


def whole_numbers(texts: Iterable[str]) -> list[int]:
    """Those of `texts` that are numbers, in their order."""
    return [number for text in texts if (number := whole_number(text)) is not None]
