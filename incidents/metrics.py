"""How long it took from one milestone to another, beside what this client is used to. No Django here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

# A signal raised days after it began was found in an import of history: that says nothing of how fast we hear.
HEARD_LIVE = timedelta(hours=48)
Moments = Mapping[str, datetime]  # code of a milestone → when it was reached
State = Literal["known", "waiting", "untold"]


@dataclass(frozen=True, slots=True)
class Metric:
    """From which milestone to which, and the minutes aimed at (None: no aim)."""

    code: str
    begins: str
    ends: str
    aim: int | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """`known` has a length; `waiting` is not reached yet; `untold` cannot be told any more, or could never be.

    usual: the median of the client's earlier incidents that were measured, `earlier` of them; None without any.
    """

    metric: Metric
    state: State
    length: timedelta | None
    usual: timedelta | None
    earlier: int

    @property
    def aim(self) -> timedelta | None:
        """The length aimed at."""
        return None if self.metric.aim is None else timedelta(minutes=self.metric.aim)

    @property
    def is_over_the_aim(self) -> bool:
        """Longer than aimed at."""
        return self.aim is not None and self.length is not None and self.length > self.aim


def measured(
    metrics: Iterable[Metric], moments: Moments, earlier: Sequence[Moments], *, is_over: bool
) -> tuple[Measured, ...]:
    """Every metric for an incident that reached `moments`; is_over: nothing more will be reached by itself."""
    return tuple(_measured(metric, moments, earlier, is_over) for metric in metrics)


def _measured(metric: Metric, moments: Moments, earlier: Sequence[Moments], is_over: bool) -> Measured:
    past = [length.total_seconds() for one in earlier if (length := length_of(metric, one)) is not None]
    usual = timedelta(seconds=median(past)) if past else None
    length = length_of(metric, moments)
    state: State = "known" if length is not None else "untold" if is_over or _is_lost(metric, moments) else "waiting"
    return Measured(metric, state, length, usual, len(past))


def length_of(metric: Metric, moments: Moments) -> timedelta | None:
    """From its first milestone to its last, zero when they come in the other order; None when it is not measured."""
    first, last = moments.get(metric.begins), moments.get(metric.ends)
    if first is None or last is None or _is_heard_late(metric, moments):
        return None
    return max(last - first, timedelta(0))


def _is_lost(metric: Metric, moments: Moments) -> bool:
    """What it counts from never came, or came in a way that says nothing."""
    return metric.begins not in moments or _is_heard_late(metric, moments) or is_passed_by(metric.ends, moments)


def _is_heard_late(metric: Metric, moments: Moments) -> bool:
    started, detected = moments.get("started"), moments.get("detected")
    if "detected" not in {metric.begins, metric.ends} or started is None or detected is None:
        return False
    return detected - started > HEARD_LIVE


def is_passed_by(code: str, moments: Moments) -> bool:
    """A milestone that will not come: the machine neither detects nor proposes what a person has confirmed."""
    return code in {"detected", "proposed"} and "confirmed" in moments
