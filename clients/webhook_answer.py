"""What an endpoint's answer means: delivered, to be tried again and when, given up, or gone. Pure.

The rules are those of Standard Webhooks (github.com/standard-webhooks, read on 2026-11-23): 2xx is success and nothing
else is, a redirect is a failure, 410 asks for an end, Retry-After is honoured.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

WAITS = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
JITTER = 0.1  # of the wait, more or less: those that failed together do not come back together
LONGEST_PAUSE = timedelta(hours=24)
LEFT_ALONE = timedelta(seconds=60)  # an endpoint that hangs or is away is not asked for anything else meanwhile
GONE = 410
ASKS_FOR_A_PAUSE = frozenset({429, 503})
BROKEN = "broken"  # not the endpoint's fault: our own sending failed
AWAY = frozenset({"too_slow", "connection", "dns", "tls"})


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt: a status, or a code of what went wrong. `pause_s` is what its Retry-After asks for."""

    status: int | None
    milliseconds: int
    text: str = ""
    error: str = ""
    pause_s: float | None = None


class Meaning(Enum):
    DELIVERED = "delivered"
    AGAIN = "again"
    GIVEN_UP = "given up"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do now: try again after `wait`, and leave the whole endpoint alone for `pause`."""

    meaning: Meaning
    wait: timedelta = timedelta(0)
    pause: timedelta = timedelta(0)


def judge(answer: Answer, tries: int, luck: float) -> Verdict:
    """`tries` counts this attempt: 1 for the first, 0 when its round was begun anew meanwhile. `luck`, from 0 to 1,
    spreads the waits.
    """
    if answer.status is not None and 200 <= answer.status < 300:
        return Verdict(Meaning.DELIVERED)
    if answer.status == GONE:
        return Verdict(Meaning.GONE)
    asked = _asked_for(answer)
    if tries > len(WAITS):
        return Verdict(Meaning.GIVEN_UP, pause=asked)
    wait = WAITS[max(tries, 1) - 1] * (1 - JITTER + 2 * JITTER * luck)
    if answer.error in AWAY:
        return Verdict(Meaning.AGAIN, wait, min(wait, LEFT_ALONE))
    return Verdict(Meaning.AGAIN, max(wait, asked), asked)


def _asked_for(answer: Answer) -> timedelta:
    if answer.status not in ASKS_FOR_A_PAUSE or answer.pause_s is None:
        return timedelta(0)
    return min(timedelta(seconds=answer.pause_s), LONGEST_PAUSE)
