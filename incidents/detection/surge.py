"""Surges in a stream of distinct authors: one setting, false alarms a month; one alarm a surge; reasons in words.

A forgotten negative binomial habit by hour and kind of day, three windows, and a calibration on the stream's own tail
(after Noufaily et al. 2013 and Siffer et al. 2017). Everything here is a value: a state comes in, a new state goes out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo

from . import lookout, rarity, wording
from .buckets import LENGTH, PER_HOUR, SECONDS, at, bucket_at
from .season import PARIS, Season, paris_hour
from .surge_state import Memory, freeze, thaw

Quiet = Sequence[tuple[datetime, datetime]]
Mood = Literal["planned", "learning", "calm", "surge"]


@dataclass(frozen=True, slots=True)
class Setting:
    """How many false alarms a month are bearable, shared by how many streams of the same client."""

    false_alarms_per_month: float = 1.0
    streams: int = 1

    def __post_init__(self) -> None:
        if not 0.0 < self.false_alarms_per_month <= 30.0:
            raise ValueError("false alarms a month must lie above 0 and at 30 at most")
        if self.streams < 1:
            raise ValueError("at least one stream is watched")

    def threshold(self) -> float:
        """Return the chance an hour under which a bucket is an alarm."""
        hours = lookout.HOURS_A_MONTH * lookout.INDEPENDENT_WINDOWS * self.streams
        return self.false_alarms_per_month / hours


@dataclass(frozen=True, slots=True)
class Surge:
    """A rise that the habit does not explain. `bucket_at` (the alarming bucket) identifies it within its stream."""

    bucket_at: datetime
    started_at: datetime
    detected_at: datetime  # the end of the alarming bucket
    observed: int
    expected: float
    usual_low: int
    usual_high: int
    window_minutes: int
    p_value: float  # chance of an hour showing as much
    history_days: float
    confidence: wording.Confidence

    @property
    def ratio(self) -> float:
        """How many times the habit, the habit being taken as one tenth of an author at least."""
        return self.observed / max(self.expected, 0.1)

    def reasons(self, language: wording.Language, zone: ZoneInfo = PARIS) -> tuple[str, ...]:
        """Say why this is an alarm, in sentences, hours in that zone."""
        return wording.reasons(self, language, zone)

    def to_json(self) -> dict[str, Any]:
        """Return plain values, moments in ISO 8601."""
        plain = asdict(self)
        return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in plain.items()}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Rebuild from `to_json`; KeyError or TypeError when a field is missing or unknown."""
        moments = {key: datetime.fromisoformat(plain[key]) for key in ("bucket_at", "started_at", "detected_at")}
        return cls(**{**plain, **moments})


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was thought of one bucket."""

    bucket_at: datetime
    count: int
    expected: float
    mood: Mood
    surge: Surge | None = None


@dataclass(frozen=True, slots=True)
class Habit:
    """What is usual from one moment on: 5 % quantile, mean and 95 % quantile of distinct authors."""

    low: int
    expected: float
    high: int


@dataclass(frozen=True, slots=True)
class State:
    """Everything remembered of one stream, some 15 kB as JSON. `next_at` is the bucket awaited."""

    setting: Setting
    next_at: datetime | None
    memory: Memory

    def forgive(self, closed_at: datetime) -> Self:
        """Return the state once an incident is closed: a new strike speaks at once, whatever alarm came before.

        closed_at: aware. An alarm given after it is not forgiven.
        """
        if not 0 < self.memory.alarmed_at <= closed_at.timestamp():
            return self
        watch = thaw(self.memory)
        watch.forgive()
        return replace(self, memory=freeze(watch))

    def to_json(self) -> dict[str, Any]:
        """Return plain values that `from_json` reads back to an equal state."""
        next_at = self.next_at.isoformat() if self.next_at else None
        return {"version": 1, "setting": asdict(self.setting), "next_at": next_at, "memory": self.memory.to_json()}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Rebuild from `to_json`; ValueError when another version wrote it."""
        if plain.get("version") != 1:
            raise ValueError(f"a habit of version {plain.get('version')!r} cannot be read")
        next_at = datetime.fromisoformat(plain["next_at"]) if plain["next_at"] else None
        return cls(Setting(**plain["setting"]), next_at, Memory.from_json(plain["memory"]))


def fresh(setting: Setting | None = None) -> State:
    """Return the state of a stream of which nothing was seen yet."""
    return State(setting or Setting(), None, freeze(lookout.Lookout()))


def advance(state: State, bucket: datetime, count: int, *, quiet: Quiet = ()) -> tuple[State, Verdict]:
    """Take one whole bucket; buckets skipped since the last one count as empty.

    bucket: any moment in the bucket, aware. quiet: planned noise as (start, end), neither judged nor learnt from.
    Raise ValueError on a bucket already judged (late mentions cannot change a past verdict) or a negative count.
    """
    watch = thaw(state.memory)
    start = _check(state, bucket, count)
    if state.next_at is not None:
        _walk(watch, state.next_at, start, {}, state.setting, quiet)
    verdict = _take(watch, start, count, state.setting, quiet)
    return State(state.setting, start + LENGTH, freeze(watch)), verdict


def scan(
    state: State | None,
    counts: Iterable[tuple[datetime, int]],
    setting: Setting,
    *,
    until: datetime,
    quiet: Quiet = (),
) -> tuple[State, list[Surge]]:
    """Take all whole buckets up to `until`; the missing ones are empty. Two buckets given twice are added.

    counts: (a moment in the bucket, distinct authors), any order; those at or after the bucket of `until` are left for
    the next scan, those before `state.next_at` are already judged and left out. Without a state the watch begins at
    the first count; without counts it begins at `until`.
    """
    by_bucket: dict[datetime, int] = {}
    for moment, count in counts:
        bucket = bucket_at(moment)
        by_bucket[bucket] = by_bucket.get(bucket, 0) + count
    end = bucket_at(until)
    start = state.next_at if state and state.next_at else min(by_bucket, default=end)
    watch = thaw(state.memory) if state else lookout.Lookout()
    surges = _walk(watch, start, end, by_bucket, setting, quiet)
    return State(setting, max(start, end), freeze(watch)), surges


def partial(
    state: State, bucket: datetime, count_so_far: int, setting: Setting | None = None, *, quiet: Quiet = ()
) -> Verdict:
    """Judge the bucket that is still running as if it were over: never less strict than when it is.

    The state stays; the whole bucket, judged later, gives the same surge again under the same `bucket_at`.
    """
    if setting is not None:
        state = State(setting, state.next_at, state.memory)
    return advance(state, bucket, count_so_far, quiet=quiet)[1]


def habit(state: State, moment: datetime, minutes: int = 60) -> Habit:
    """Return the band of nine buckets in ten for the 5, 15 or 60 minutes that begin with the bucket of `moment`.

    Raise ValueError on another length.
    """
    windows = [window * 5 for window in lookout.WINDOWS]
    if minutes not in windows:
        raise ValueError(f"a habit is known over {windows} minutes, not {minutes}")
    watch = thaw(state.memory)
    start = int(bucket_at(moment).timestamp())
    index = windows.index(minutes)
    expected = sum(_expected(watch.season, start + step * SECONDS) for step in range(lookout.WINDOWS[index]))
    low, high = _band(expected, watch.spread(index))
    return Habit(low, expected, high)


def history_days(state: State) -> float:
    """Return how many days have been watched."""
    return state.memory.watched / (24.0 * PER_HOUR)


def _check(state: State, bucket: datetime, count: int) -> datetime:
    start = bucket_at(bucket)
    if count < 0:
        raise ValueError("a count of authors is not negative")
    if state.next_at is not None and start < state.next_at:
        raise ValueError(f"the bucket of {start.isoformat()} is already judged; {state.next_at.isoformat()} is next")
    return start


def _walk(
    watch: lookout.Lookout,
    start: datetime,
    end: datetime,
    counts: Mapping[datetime, int],
    setting: Setting,
    quiet: Quiet,
) -> list[Surge]:
    threshold = setting.threshold()
    by_second = {int(moment.timestamp()): count for moment, count in counts.items()}
    planned = _seconds(quiet)
    surges = []
    for seconds in range(int(start.timestamp()), int(end.timestamp()), SECONDS):
        is_planned = bool(planned) and _covers(planned, seconds)
        _, findings = watch.step(seconds, by_second.get(seconds, 0), planned=is_planned)
        finding = watch.alarm(seconds, findings, threshold)
        if finding is not None:
            surges.append(_describe(watch, seconds, finding, threshold))
    return surges


def _take(watch: lookout.Lookout, bucket: datetime, count: int, setting: Setting, quiet: Quiet) -> Verdict:
    seconds = int(bucket.timestamp())
    threshold = setting.threshold()
    planned = _covers(_seconds(quiet), seconds)
    expected, findings = watch.step(seconds, count, planned=planned)
    finding = watch.alarm(seconds, findings, threshold)
    surge = _describe(watch, seconds, finding, threshold) if finding else None
    mood: Mood = "planned" if planned else "learning" if watch.is_learning() else "surge" if surge else "calm"
    return Verdict(bucket, count, expected, mood, surge)


def _seconds(quiet: Quiet) -> tuple[tuple[float, float], ...]:
    return tuple((start.timestamp(), end.timestamp()) for start, end in quiet)


def _covers(planned: Sequence[tuple[float, float]], seconds: int) -> bool:
    return any(start < seconds + SECONDS and seconds < end for start, end in planned)


def _describe(watch: lookout.Lookout, seconds: int, finding: lookout.Finding, threshold: float) -> Surge:
    low, high = _band(finding.expected, finding.spread)
    days = watch.watched / (24.0 * PER_HOUR)
    return Surge(
        bucket_at=at(seconds),
        started_at=at(seconds - _rising_since(watch) * SECONDS),
        detected_at=at(seconds + SECONDS),
        observed=finding.observed,
        expected=finding.expected,
        usual_low=low,
        usual_high=high,
        window_minutes=lookout.WINDOWS[finding.index] * 5,
        p_value=finding.chance,
        history_days=days,
        confidence=wording.confidence(finding.chance, threshold, days, is_cold=watch.is_cold()),
    )


def _rising_since(watch: lookout.Lookout) -> int:
    """Return how many buckets ago the rise began: two ordinary buckets in a row end the walk back."""
    spread = watch.spread(0)
    first, ordinary = 0, 0
    for back, (count, expected) in enumerate(zip(reversed(watch.recent), reversed(watch.expected), strict=True)):
        if count > expected + (expected + spread * expected * expected) ** 0.5:
            first, ordinary = back, 0
        else:
            ordinary += 1
        if ordinary > 2:
            break
    return first


def _band(expected: float, spread: float) -> tuple[int, int]:
    return rarity.quantile(0.05, expected, spread), rarity.quantile(0.95, expected, spread)


def _expected(season: Season, seconds: int) -> float:
    hour, weekend = paris_hour(seconds)
    return season.hour_rates(hour)[seconds % lookout.HOUR // SECONDS] * season.day_factor(weekend)
