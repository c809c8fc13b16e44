"""How long a source that failed is left alone, and when its breaker opens. Seconds everywhere."""

from __future__ import annotations

from clients.listening.words import Words

LONGEST_S = 6 * 3_600.0
SPREAD = 0.2  # sources that failed together do not come back together
OPEN_AFTER = 5  # failures in a row
OPEN_AT_LEAST_S = 300.0  # an open breaker lets one try through, and not at the pace of a source read every five seconds

_OPEN = Words(
    "{words} — {count}\u00a0échecs de suite\u00a0: une seule tentative, à\u00a0{hour}",
    "{words} — {count} failures in a row: a single try, at {hour}",
)


def pause_s(*, every_s: float, failures: int, asked_s: float | None, luck: float) -> float:
    """How long to wait after failure number `failures` (from 1): doubled each time, up to six hours, ± 20 %.

    `asked_s` is what the source asks for: a minimum. `luck` in [0, 1) draws the place in the spread.
    """
    doubled = every_s * 2.0 ** min(max(failures - 1, 0), 20)
    ours = max(doubled, OPEN_AT_LEAST_S) if is_open(failures) else doubled
    spread = min(ours, LONGEST_S) * (1 - SPREAD + 2 * SPREAD * luck)
    return max(spread, asked_s or 0.0)


def is_open(failures: int) -> bool:
    """Whether so many failures in a row have opened the source's breaker: one try at a time until one succeeds."""
    return failures >= OPEN_AFTER


def said_open(words: Words, *, failures: int, hour: str) -> Words:
    """The failure's words, with what an open breaker means: when the next try is."""
    return Words(
        _OPEN.fr.format(words=words.fr, count=failures, hour=hour),
        _OPEN.en.format(words=words.en, count=failures, hour=hour),
    )
