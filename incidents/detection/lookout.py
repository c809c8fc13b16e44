"""The watch kept on one stream, bucket by bucket: the mutable working copy behind `surge.State`."""

import math
from dataclasses import dataclass

from . import rarity
from .buckets import PER_HOUR, SECONDS
from .season import Season, paris_hour

WINDOWS = (1, 3, 12)  # buckets: 5, 15 and 60 minutes
RECENT = 36  # buckets kept to find where a rise began: three hours
HOUR = 3600
HOURS_A_MONTH = 720.0
# Three windows look at the same hour; on real series they behave like two independent ones.
INDEPENDENT_WINDOWS = 2.0
FEWEST_AUTHORS = 5  # fewer people are read one by one, not counted
FEWEST_SCORED = 3
LEARNING_BUCKETS = 12 * PER_HOUR
COLD_BUCKETS = 48 * PER_HOUR
COLD_MENTIONS = 20.0
COLD_SAFETY = 1000.0  # three decades, while the stream's own tail is unknown
SILENCE_AFTER_ALARM = 12 * HOUR
GROWTH = 1.5
ENVELOPE_FADING = 2.0 ** (-1.0 / (24 * PER_HOUR))
SPREAD_FADING = 2.0 ** (-1.0 / (24.0 * 14.0))
PRIOR_SPREAD = 1.0
PRIOR_SPREAD_WEIGHT = 10.0
SPREAD_RANGE = (0.03, 6.0)
WINSOR_DEVIATIONS = 4.0
# This many authors expected in a row and none seen: the collector was silent, not the public.
GAP_EXPECTED = 20.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What one window (an index of WINDOWS) looked like; `chance` is that of an hour showing as much."""

    index: int
    observed: int
    expected: float
    spread: float
    chance: float


class Lookout:
    """Everything remembered of one stream; `step` takes the buckets in order, one by one."""

    __slots__ = (
        "alarmed_at",
        "envelope",
        "expected",
        "hour_factor",
        "hour_known",
        "hour_rates",
        "largest",
        "place",
        "recent",
        "season",
        "seen",
        "silence",
        "spread_sums",
        "spread_weights",
        "tails",
        "trusted_from",
        "watched",
    )

    def __init__(self) -> None:
        self.season = Season()
        self.recent: list[int] = [0] * RECENT
        self.expected: list[float] = [0.0] * RECENT
        self.seen: list[tuple[int, float]] = [(0, 0.0)] * len(WINDOWS)  # (observed, expected) a window
        self.spread_sums = [0.0, 0.0, 0.0]
        self.spread_weights = [0.0, 0.0, 0.0]
        self.tails = tuple(rarity.Tail() for _ in WINDOWS)
        self.largest = [0.0, 0.0, 0.0]
        self.envelope = [0.0, 0.0, 0.0]
        self.alarmed_at = 0
        self.silence = 0.0
        self.watched = 0
        self.trusted_from = COLD_BUCKETS
        self.hour_known = -1
        self.hour_rates: tuple[float, ...] = ()
        self.hour_factor = 1.0
        self.place = (0, 0)

    def spread(self, index: int) -> float:
        """Return the dispersion of a window: variance = mean + spread * mean**2."""
        raw = (self.spread_sums[index] + PRIOR_SPREAD * PRIOR_SPREAD_WEIGHT) / (
            self.spread_weights[index] + PRIOR_SPREAD_WEIGHT
        )
        return min(SPREAD_RANGE[1], max(SPREAD_RANGE[0], raw))

    def step(self, seconds: int, count: int, *, planned: bool) -> tuple[float, tuple[Finding, ...]]:
        """Take the bucket that starts at `seconds`: return (expected count, windows with at least three authors).

        planned: the bucket lies in announced noise, which is neither judged nor learnt from.
        """
        self._turn_hour(seconds - seconds % HOUR)
        index = seconds % HOUR // SECONDS
        plain = self.hour_rates[index]
        expected = plain * self.hour_factor
        self.watched += 1
        self._fade_envelope()
        if planned or self._is_gap(count, expected):
            self._record(0, 0.0)
            return expected, ()
        self._record(count, expected)
        findings = self._judge() if self.seen[-1][0] >= FEWEST_SCORED else ()
        self._learn(seconds, count, plain)
        return expected, findings

    def is_learning(self) -> bool:
        """Tell whether the first twelve hours, in which nothing can be judged, are still running."""
        return self.watched <= LEARNING_BUCKETS

    def is_cold(self) -> bool:
        """Tell whether the stream's own tail cannot be trusted yet: too young, too few authors, or after a gap."""
        return self.watched <= self.trusted_from or self.season.remembered() < COLD_MENTIONS

    def is_silenced(self, seconds: int) -> bool:
        """Tell whether an alarm was given less than twelve hours before."""
        return self.alarmed_at > 0 and seconds - self.alarmed_at < SILENCE_AFTER_ALARM

    def forgive(self) -> None:
        """Forget that an alarm was given: the incident is closed, the next surge is a new one.

        The three running windows begin again, for what they hold belongs to the surge that is over.
        """
        self.alarmed_at = 0
        self.envelope = [0.0] * len(WINDOWS)
        self.recent, self.expected = [0] * RECENT, [0.0] * RECENT
        self.seen = [(0, 0.0)] * len(WINDOWS)

    def alarm(self, seconds: int, findings: tuple[Finding, ...], threshold: float) -> Finding | None:
        """Return the finding to speak about when the bucket is a new alarm, and remember it. One alarm a surge.

        Twelve hours of silence follow an alarm; then only a count well beyond the fading envelope of the surge
        speaks again. Of several exceptional windows the widest one tells the story.
        """
        new = [finding for finding in findings if self._is_new(seconds, finding, threshold)]
        if new:
            self.alarmed_at = seconds
            self._teach_as_ordinary(threshold)
        if self.is_silenced(seconds):
            self._raise_envelope()
        return new[-1] if new else None

    def _teach_as_ordinary(self, threshold: float) -> None:
        """Let the hour of an alarm teach no more than a busy hour: a brand that is struck each week stays heard."""
        for index, tail in enumerate(self.tails):
            if self.largest[index] > tail.level(threshold):
                self.largest[index] = tail.threshold

    def _is_new(self, seconds: int, finding: Finding, threshold: float) -> bool:
        return (
            finding.chance <= threshold
            and finding.observed >= FEWEST_AUTHORS
            and finding.observed > GROWTH * self.envelope[finding.index]
            and not self.is_silenced(seconds)
            and not self.is_learning()
        )

    def _turn_hour(self, hour: int) -> None:
        if hour == self.hour_known:
            return
        if self.watched:
            self.season.fade()
            self._close_hour()
        self.hour_known = hour
        self.place = paris_hour(hour)
        self.hour_rates = self.season.hour_rates(self.place[0])
        self.hour_factor = self.season.day_factor(self.place[1])

    def _close_hour(self) -> None:
        # The hours of a surge do not teach the tail: otherwise one bad evening makes deaf for three weeks.
        is_going_on = self.hour_known > self.alarmed_at and self.is_silenced(self.hour_known)
        for index, tail in enumerate(self.tails):
            self.spread_sums[index] *= SPREAD_FADING
            self.spread_weights[index] *= SPREAD_FADING
            if not self.is_learning() and not is_going_on:
                tail.add(self.largest[index])
            self.largest[index] = 0.0

    def _fade_envelope(self) -> None:
        if self.alarmed_at:
            for index, value in enumerate(self.envelope):
                self.envelope[index] = value * ENVELOPE_FADING

    def _raise_envelope(self) -> None:
        for index, (observed, _) in enumerate(self.seen):
            self.envelope[index] = max(self.envelope[index], float(observed))

    def _is_gap(self, count: int, expected: float) -> bool:
        was_gap = self.silence > GAP_EXPECTED
        if count:
            self.silence = 0.0
            if was_gap:
                self.trusted_from = self.watched + COLD_BUCKETS
            return False
        self.silence += expected
        return self.silence > GAP_EXPECTED

    def _record(self, count: int, expected: float) -> None:
        self.recent.append(count)
        self.expected.append(expected)
        del self.recent[0], self.expected[0]
        self.seen = [(sum(self.recent[-window:]), sum(self.expected[-window:])) for window in WINDOWS]

    def _judge(self) -> tuple[Finding, ...]:
        findings = []
        for index, (observed, expected) in enumerate(self.seen):
            # At or under the habit nothing is surprising: the law is not asked, which halves the work on a loud stream.
            if observed >= FEWEST_SCORED and observed > expected:
                spread = self.spread(index)
                chance = self._chance(index, rarity.chance_of_at_least(observed, expected, spread))
                findings.append(Finding(index, observed, expected, spread, chance))
        return tuple(findings)

    def _chance(self, index: int, theory: float) -> float:
        value = rarity.surprise(theory)
        if not self.is_silenced(self.hour_known):  # a surge that was told teaches no more
            self.largest[index] = max(self.largest[index], value)
        tail = self.tails[index]
        if self.is_cold() or not tail.is_known:
            return min(1.0, theory * COLD_SAFETY)
        return max(tail.chance(value), theory)

    def _learn(self, seconds: int, count: int, plain: float) -> None:
        """Teach season and spread with winsorised counts: a surge must not become the habit."""
        learning = self.is_learning()
        taught = float(count)
        for index, (observed, mean) in enumerate(self.seen):
            square = mean * mean
            deviation = math.sqrt(mean + self.spread(index) * square)
            if index == 0 and not learning:
                # After an alarm the surge itself is going on: ordinary counts teach, the rest barely.
                most = mean + deviation if self.is_silenced(seconds) else mean + WINSOR_DEVIATIONS * deviation + 2.0
                taught = min(taught, most)
            if not learning:
                off = min(float(observed), mean + WINSOR_DEVIATIONS * deviation + 2.0) - mean
                self.spread_sums[index] += off * off - mean
                self.spread_weights[index] += square
        self.season.learn(*self.place, taught, plain)
