"""`evaluate surge`: an alarm or none for each five-minute count of a brand that was never seen.

Without `--per-month` the alarms aim at NAB's standard score; with it they are the product's own, at its own setting.
"""

import json
import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from scipy.stats import chi2

from clients.listening.evaluation.protocol import Figure, Options, Row, WrongFile, rows_of

from ..buckets import LENGTH, bucket_at
from ..departure import Array, departures, onsets, tempered
from ..surge import Setting, scan
from . import nab

COLUMNS = ("timestamp", "score", "alarm")
WINDOWS_FILE = "windows.json"
# Where the five given series score best, and flat around it (2.2 to 2.7); learnt again when series are given.
THRESHOLD = 2.5
THRESHOLDS = np.arange(1.0, 5.01, 0.1)
# Thresholds that weigh in on either side: a few windows are labelled, and just beyond the best one more is missed.
AROUND = 4
# What a row that is no alarm may show at most: half is the alarm.
NO_ALARM = 0.499
MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Series:
    """A brand's counts: the stamps as written, the moments (seconds since 1970, ascending) and the counts."""

    stamps: tuple[str, ...]
    moments: tuple[float, ...]
    counts: Array


def answer(train: Sequence[Path], test: Path, options: Options) -> Iterator[Row]:
    """Yield timestamp, score (0 to 1; 0.5 and above begins an episode) and alarm (1 or 0) of each row.

    A day without alarm follows each. A row depends on no later row.
    Raises WrongFile.
    """
    series = read(test)
    threshold = learn(train) if train else THRESHOLD
    departed = tempered(departures(series.counts))
    scores = _scores(departed, threshold)
    alarms = set(onsets(departed, threshold) if options.per_month is None else at_rate(series, options.per_month))
    for row, stamp in enumerate(series.stamps):
        yield {"timestamp": stamp, "score": f"{scores[row]:.4f}", "alarm": str(int(row in alarms))}


def score(test: Path, answers: Sequence[Row], options: Options) -> list[Figure]:
    """Return NAB's score of the alarms, the share of windows found, the false alarms a month. Raises WrongFile."""
    series = read(test)
    windows = nab.rows_of(labelled(test), series.moments)
    if not windows:
        raise WrongFile(f"{test}: no labelled window lies in it.")
    alarms = [row for row, one in enumerate(answers) if one["alarm"] == "1"]
    judged = nab.tally(alarms, windows, len(series.stamps))
    outside = [row for row in alarms if not any(first <= row <= last for first, last in windows)]
    rows = len(series.stamps) - sum(last - first + 1 for first, last in windows)
    return [
        Figure("NAB standard score", nab.score([judged])),
        Figure("windows found", judged.found / judged.windows, *_wilson(judged.found, judged.windows)),
        _rate(len(outside), rows * LENGTH / MONTH),
    ]


def learn(train: Sequence[Path]) -> float:
    """Return the departure at which the given series score best together, the neighbours weighing in.

    Raises WrongFile, also when no window is labelled beside them.
    """
    known = []
    for path in train:
        series = read(path)
        known.append((tempered(departures(series.counts)), nab.rows_of(labelled(path), series.moments)))
    worth = [
        nab.score(nab.tally(onsets(departed, at), windows, len(departed)) for departed, windows in known)
        for at in THRESHOLDS
    ]
    smooth = np.convolve(worth, np.full(2 * AROUND + 1, 1.0 / (2 * AROUND + 1)), "valid")
    return float(THRESHOLDS[AROUND + int(np.argmax(smooth))])


def at_rate(series: Series, per_month: float) -> list[int]:
    """Return the rows at which the product raises an alarm when so many false ones a month are borne.

    Raises WrongFile on a rate the product does not offer.
    """
    if not series.stamps:
        return []
    try:
        setting = Setting(per_month)
    except ValueError as error:
        raise WrongFile(f"--per-month: {error}.") from error
    buckets = [bucket_at(datetime.fromtimestamp(moment, UTC)) for moment in series.moments]
    counts = zip(buckets, (int(count) for count in series.counts), strict=True)
    surges = scan(None, counts, setting, until=buckets[-1] + LENGTH)[1]
    return [bisect_left(buckets, surge.bucket_at) for surge in surges]


def read(path: Path) -> Series:
    """Return the series of a file with `timestamp` and `value`. Raises WrongFile on what is no time or no count."""
    stamps: list[str] = []
    moments: list[float] = []
    counts: list[float] = []
    for number, row in enumerate(rows_of(path, ("timestamp", "value")), start=2):
        try:
            moment, count = _utc(row["timestamp"]).timestamp(), float(row["value"])
        except (ValueError, OverflowError) as error:
            raise WrongFile(f"{path}, line {number}: {error}.") from error
        if not 0.0 <= count <= 1e9 or (moments and moment < moments[-1]):
            raise WrongFile(f"{path}, line {number}: a count from 0 to a billion, in the order of time, was expected.")
        stamps.append(row["timestamp"])
        moments.append(moment)
        counts.append(count)
    return Series(tuple(stamps), tuple(moments), np.array(counts, dtype=np.float64))


def labelled(path: Path) -> list[tuple[float, float]]:
    """Return the windows (seconds since 1970) that windows.json beside a series gives it. Raises WrongFile."""
    beside = path.with_name(WINDOWS_FILE)
    try:
        files = {Path(name).name: windows for name, windows in json.loads(beside.read_text("utf-8")).items()}
        return [(_utc(start).timestamp(), _utc(end).timestamp()) for start, end in files[path.name]]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongFile(f"{beside}: no labelled windows for {path.name}.") from error


def _scores(departed: Array, threshold: float) -> Array:
    """Return each departure on a scale from 0 to 1; only the first row of an episode reaches one half.

    From one half on it is told in tenths: an episode's first row says little of how far it will go.
    """
    positive = np.maximum(departed, 0.0)
    scaled = positive / (positive + threshold)
    shown = np.minimum(scaled, NO_ALARM)
    first = onsets(departed, threshold)
    shown[first] = np.floor(scaled[first] * 10.0) / 10.0
    return shown


def _utc(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _wilson(found: int, total: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927)."""
    z = 1.96
    share, room = found / total, z * z / total
    middle = (share + room / 2.0) / (1.0 + room)
    half = z * math.sqrt(share * (1.0 - share) / total + room / (4.0 * total)) / (1.0 + room)
    return middle - half, middle + half


def _rate(events: int, months: float) -> Figure:
    """Return events a month with the exact interval of a Poisson count (Garwood 1936)."""
    low = chi2.ppf(0.025, 2 * events) / 2.0 if events else 0.0
    high = chi2.ppf(0.975, 2 * events + 2) / 2.0
    each = max(months, 1e-9)
    return Figure("false alarms a month", events / each, float(low) / each, float(high) / each)
