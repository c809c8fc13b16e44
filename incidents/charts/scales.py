"""From values and instants to the plane of a drawing, and the round values that deserve a line or a label."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from incidents.charts.measure import text_width
from incidents.charts.times import hour_in_prose, short_day

MINUTE_STEPS = (
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    180,
    360,
    720,
    1440,
    2880,
    7 * 1440,
    14 * 1440,
    30 * 1440,
    90 * 1440,
    365 * 1440,
)
LABEL_GAP = 22.0


@dataclass(frozen=True)
class TimeScale:
    """Instants on a horizontal line from `left` to `right`, labelled in the hours of `zone`."""

    start: datetime
    end: datetime
    left: float
    right: float
    zone: ZoneInfo

    def x(self, at: datetime) -> float:
        """Where an instant falls; a single instant falls in the middle."""
        span = (self.end - self.start).total_seconds()
        share = (at - self.start).total_seconds() / span if span else 0.5
        return self.left + share * (self.right - self.left)

    def ticks(self, language: str, size: float) -> list[tuple[float, str]]:
        """(x, label) at round local hours, as many as fit without touching; the start itself when none is round."""
        most = (self.right - self.left) / (2 * LABEL_GAP)
        span = (self.end - self.start).total_seconds() / 60
        for minutes in (step for step in MINUTE_STEPS if span / step <= most):
            ticks = [(self.x(at), self._label(at, minutes, language)) for at in self._round_instants(minutes)]
            if _apart(ticks, size):
                return ticks or [(self.x(self.start), self._label(self.start, 1, language))]
        return []

    def _label(self, at: datetime, minutes: int, language: str) -> str:
        local = at.astimezone(self.zone)
        whole_day = minutes >= 1440 or (local.hour, local.minute) == (0, 0)
        return short_day(local, language) if whole_day else hour_in_prose(local, language)

    def _round_instants(self, minutes: int) -> list[datetime]:
        """Instants whose local clock is a multiple of the step; stepping in real time survives both clock changes."""
        stride = timedelta(minutes=min(minutes, 60))
        at = self.start.astimezone(self.zone).replace(minute=0, second=0, microsecond=0).astimezone(UTC)
        found = []
        while at <= self.end:
            if at >= self.start and self._is_round(at.astimezone(self.zone), minutes):
                found.append(at)
            at += stride
        return found

    @staticmethod
    def _is_round(local: datetime, minutes: int) -> bool:
        on_day = local.toordinal() % max(1, minutes // 1440) == 0
        return on_day and (local.hour * 60 + local.minute) % min(minutes, 1440) == 0


def _apart(ticks: list[tuple[float, str]], size: float) -> bool:
    edges = [(x - text_width(label, size) / 2, x + text_width(label, size) / 2) for x, label in ticks]
    return all(left[1] + LABEL_GAP <= right[0] for left, right in pairwise(edges))


@dataclass(frozen=True)
class CountScale:
    """Counts on a vertical line: zero at `bottom`, `most` at `top` (y grows downwards)."""

    most: float
    bottom: float
    top: float

    def y(self, count: float) -> float:
        """Where a count falls."""
        return self.bottom - (count / self.most) * (self.bottom - self.top)


def round_counts(most: float, lines: int = 4) -> list[int]:
    """0 and up to `lines` round counts that do not pass `most`; steps are 1, 2 or 5 by powers of ten."""
    step = 1
    while step * (lines + 1) <= most:
        step = _next_round(step)
    return list(range(0, int(most) + 1, step))


def _next_round(step: int) -> int:
    leading = int(str(step)[0])
    return step * 2 if leading in (1, 5) else step * 5 // 2
