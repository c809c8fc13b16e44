"""Many narrow streams of one watch: a pack of ten is lost in a big brand's total, not in one thread or in the attacks.

`Follower.take` is given what was heard, in the order of time; it never looks ahead, and costs a constant time a post.
One alarm an incident, whichever stream speaks first; what is urgent may speak again.
"""

from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from . import streams_wording as wording
from .buckets import at as moment
from .streams_habit import HOUR
from .streams_threads import Threads
from .streams_tide import Tide, Window
from .streams_topics import Topics
from .streams_urgent import Urgent

Stream = Literal["all", "attack", "urgent", "pro", "thread", "topic"]
Attack = Literal["yes", "no", "uncertain"]

# Of the false alarms accepted in a month: the rest goes to the five-minute detector (incidents.detection.surge).
SHARES: Mapping[Stream, float] = {"all": 0.5, "attack": 0.1, "urgent": 0.1, "pro": 0.1, "thread": 0.1, "topic": 0.1}
NARROW = (Window(1, 5, 720.0), Window(3, 6, 240.0), Window(24, 10, 30.0), Window(96, 25, 7.5))
SILENCE = 12 * HOUR
AGAIN = 96 * HOUR  # an alarm so soon after another doubles the silence that follows
LONGEST_SILENCE = 48 * HOUR
MOST_REMEMBERED = 20_000
AFTER_OURS = 3 * HOUR  # reactions to what the brand published
LOOK_BACK: Mapping[Stream, int] = {"urgent": 24, "pro": 24, "thread": 1, "topic": 3}
MOSTLY, HARDLY = 0.5, 0.3  # shares of those who spoke: an attack, no attack; between the two nobody knows


@dataclass(frozen=True, slots=True)
class Heard:
    """One mention, as far as the streams need it. `author` None: unknown, counted as one more.

    `urgent`: "legal_threat", "safety", "call_to_action" or "". `is_grave`: people in danger or a legal step taken, so
    that one account is enough. `topics`: words, hashtags, links it holds.
    `is_ours`: the brand's own account, never counted. `is_expected`: in announced noise, neither judged nor learnt.
    `is_in_total` False: one of a busy watch of which only the narrow streams are handed over.
    """

    at: datetime
    author: Hashable | None
    attack: str = ""
    urgent: str = ""
    is_grave: bool = False
    is_professional: bool = False
    thread: str = ""
    topics: tuple[str, ...] = ()
    is_ours: bool = False
    is_expected: bool = False
    is_in_total: bool = True


@dataclass(frozen=True, slots=True)
class Setting:
    """How many false alarms a month are bearable, for all the streams of a watch together."""

    false_alarms_per_month: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 < self.false_alarms_per_month <= 30.0:
            raise ValueError("false alarms a month must lie above 0 and at 30 at most")


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something out of the habit of one stream. `why`: sentences in both languages, {"fr": (…), "en": (…)}."""

    at: datetime
    stream: Stream
    key: str
    attack: Attack
    started_at: datetime
    observed: int
    expected: float
    window_minutes: int
    why: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Rising:
    """What one stream found: how many accounts in how many hours, where so many were expected."""

    stream: Stream
    key: str
    observed: int
    expected: float
    hours: float


@dataclass
class Follower:
    """The streams of one watch, followed post by post. Threads, topics and authors are dropped once quiet."""

    setting: Setting = field(default_factory=Setting)

    def __post_init__(self) -> None:
        self._tides: dict[Stream, Tide] = {"all": Tide(), "attack": Tide(NARROW), "pro": Tide(NARROW)}
        self._threads = Threads(self._share("thread"))
        self._topics = Topics(self._share("topic"))
        self._lately: deque[tuple[float, Hashable, str]] = deque(maxlen=MOST_REMEMBERED)
        self._urgent = Urgent(self.setting.false_alarms_per_month, self._share("urgent"))
        self._alarmed_at = self._ours_at = -1e18
        self._silence = float(SILENCE)
        self._now = -1e18

    def take(self, posts: Iterable[Heard]) -> list[Alarm]:
        """Take the next posts, in the order of time (an older one counts as heard now); return the alarms they raise.

        A moment without time zone is a ValueError.
        """
        return [alarm for post in posts for alarm in self._take(post)]

    def forgive(self) -> None:
        """Forget the last alarm: its incident is closed, the next one is another."""
        self._alarmed_at, self._silence = -1e18, float(SILENCE)
        for tide in self._tides.values():
            tide.begin_again()

    def _take(self, post: Heard) -> list[Alarm]:
        if post.at.tzinfo is None:
            raise ValueError("a post without time zone cannot be put in order")
        now = self._now = max(self._now, post.at.timestamp())
        if post.is_ours:
            self._ours_at = now
            return []
        author = post.author if post.author is not None else ("unknown", len(self._lately), now)
        self._lately.append((now, author, post.attack))
        alarms = [self._say(found, now) for found in self._urgent_in(post, author, now)]
        if post.is_expected:
            return alarms
        rising = [found for found in self._rising_in(post, author, now) if self._is_new(found, now)]
        if rising and not alarms:
            self._fall_silent(now)
            alarms.append(self._say(rising[0], now))
        return alarms

    def _fall_silent(self, now: float) -> None:
        """Remember that an alarm was given. One that goes on for days is told again, each time later."""
        goes_on = now - self._alarmed_at < AGAIN
        self._silence = min(2.0 * self._silence, LONGEST_SILENCE) if goes_on else float(SILENCE)
        self._alarmed_at = now
        for tide in self._tides.values():
            tide.told(now + self._silence)

    def _share(self, stream: Stream) -> float:
        return self.setting.false_alarms_per_month * SHARES[stream]

    def _rising_in(self, post: Heard, author: Hashable, now: float) -> list[Rising]:
        """Return what rises with this post, the stream that tells most first."""
        found = []
        if post.thread and (talk := self._threads.take(now, post.thread, author)):
            found.append(Rising("thread", post.thread, talk, 0.0, 0.5))
        member: dict[Stream, bool] = {
            "attack": post.attack == "yes",
            "pro": post.is_professional,
            "all": post.is_in_total,
        }
        for stream, belongs in member.items():
            if belongs:
                rises = self._tides[stream].take(now, author, self._share(stream))
                found += [Rising(stream, "", rise.observed, rise.expected, rise.hours) for rise in rises]
        for topic in self._topics.take(now, post.topics, author):
            found.append(Rising("topic", topic.word, topic.observed, topic.expected, topic.hours))
        return found

    def _is_new(self, found: Rising, now: float) -> bool:
        """Tell whether the last alarm did not speak of the same posts, nor was given too lately."""
        own = found.hours * HOUR if found.stream in {"thread", "topic"} else 0.0  # the tides count anew by themselves
        return now - self._alarmed_at >= self._silence + own

    def _urgent_in(self, post: Heard, author: Hashable, now: float) -> list[Rising]:
        if not post.urgent:
            return []
        together = self._urgent.take(now, post.urgent, author, is_grave=post.is_grave)
        return [Rising("urgent", post.urgent, together, 0.0, 24)] if together else []

    def _say(self, found: Rising, now: float) -> Alarm:
        since = now - LOOK_BACK.get(found.stream, found.hours) * HOUR
        began, share, counted = self._attackers(now - found.hours * HOUR if found.stream != "urgent" else since)
        follows_ours = found.stream != "urgent" and 0 <= now - self._ours_at <= AFTER_OURS + found.hours * HOUR
        attack = verdict(share, counted, follows_ours=follows_ours)
        why = {
            language: wording.reasons(found, share, counted, attack, language, follows_ours=follows_ours)
            for language in ("fr", "en")
        }
        minutes = round(found.hours * 60)
        return Alarm(
            moment_of(now),
            found.stream,
            found.key,
            attack,
            moment_of(began),
            found.observed,
            found.expected,
            minutes,
            why,
        )

    def _attackers(self, since: float) -> tuple[float, float, int]:
        """Return when the first of those lately heard spoke, the share of them whose words attack, and how many."""
        began = self._now
        spoke: dict[Hashable, bool] = {}
        for at, author, attack in reversed(self._lately):
            if at <= since:
                break
            began = at
            spoke[author] = spoke.get(author, False) or attack == "yes"
        return began, sum(spoke.values()) / max(len(spoke), 1), len(spoke)


def moment_of(seconds: float) -> datetime:
    """Return the aware UTC moment, whole seconds."""
    return moment(int(seconds))


def share_that_attacks(posts: Iterable[Heard]) -> tuple[float, int]:
    """Return the share of the accounts whose words attack, and how many accounts spoke; the brand's own left out.

    Posts of an unknown author count as one account each.
    """
    spoke: dict[Hashable, bool] = {}
    for number, post in enumerate(posts):
        if not post.is_ours:
            who = post.author if post.author is not None else ("unknown", number)
            spoke[who] = spoke.get(who, False) or post.attack == "yes"
    return sum(spoke.values()) / max(len(spoke), 1), len(spoke)


def verdict(share: float, counted: int, *, follows_ours: bool = False) -> Attack:
    """Return whether so many accounts, of whom that share attacks, make a public attack."""
    if counted < 3 or HARDLY < share < MOSTLY:
        return "uncertain"
    if share >= MOSTLY:  # what follows an announcement is first of all a reaction to it
        return "uncertain" if follows_ours and share < 0.6 else "yes"
    return "no"
