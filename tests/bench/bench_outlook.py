"""How often the range of the return to normal holds: python -m tests.bench.bench_outlook FOLDER

FOLDER holds crisislex_hourly.csv (event, hour, n) and Twitter_volume_*.csv (timestamp, value). Prints the line and the
widths written in incidents/detection/outlook_model.py, and the coverage of the range on each crisis, brand or bundle of
simulated cascades by a line fitted on all the others. The cascades are simulated: a regression figure, no public claim.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from incidents.detection.outlook_model import LEFT_OVER, LINE, QUIET_HOURS, features

MOMENTS = (1, 2, 3, 4, 6, 9, 12, 18, 24, 36, 48, 72, 96)  # hours after the beginning
FEWEST = 25  # accounts so far
RIDGE = 0.02
TAILS = (0.08, 0.5, 0.92)  # a little wider than 80 %, because crises held in 75 % of cases with 0.10 and 0.90
CASCADES = 200
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Moment:
    """One foreseeing: the figures, the logarithm of the hours that were left, of which kind and group."""

    figures: tuple[float, ...]
    left: float
    kind: str
    group: str


def main() -> None:
    """Print the line, the widths and the coverage."""
    folder = Path(sys.argv[1])
    found = [*crises(folder), *brands(folder), *cascades()]
    print("shipped line", LINE, "left over", LEFT_OVER)
    everything = np.ones(len(found), dtype=bool)
    print("fitted line ", fit(found, everything).round(3))
    rest = left_over(found)
    print("left over   ", [round(quantile(rest, weights(found, everything), tail), 3) for tail in TAILS])
    for kind in ("crisis", "brand", "cascade"):
        groups, moments, held, low, high = coverage(found, rest, kind)
        print(f"{kind}: {groups} groups, {moments} moments, held {held:.0%} ({low:.0%} to {high:.0%}, groups redrawn)")


def crises(folder: Path) -> Iterator[Moment]:
    """Each crisis as seen by brands of five sizes: those whose habit is at most 3, 6, 12, 25, 50 an hour."""
    counts: dict[str, dict[datetime, int]] = defaultdict(dict)
    with (folder / "crisislex_hourly.csv").open() as rows:
        for row in csv.DictReader(rows):
            counts[row["event"]][datetime.fromisoformat(row["hour"])] = int(row["n"])
    for event, counted in counts.items():
        hours = by_hour(counted)
        for high in (3, 6, 12, 25, 50):
            over = np.nonzero(hours > 2 * high)[0]
            if len(over):
                part = hours[over[0] :]
                yield from moments_of(part, np.full(len(part), float(high)), "crisis", event)[0]


def brands(folder: Path) -> Iterator[Moment]:
    """Every surge over one and a half times the habit of the fortnight before, hour by hour."""
    for path in sorted(folder.glob("Twitter_volume_*.csv")):
        counted: dict[datetime, int] = defaultdict(int)
        with path.open() as rows:
            for row in csv.DictReader(rows):
                counted[datetime.fromisoformat(row["timestamp"]).replace(minute=0, second=0)] += int(row["value"])
        hours, at = by_hour(counted), 7 * 24
        while at < len(hours):
            if hours[at] < 5 or hours[at] <= 1.5 * habit(hours, at, at, 1):
                at += 1
                continue
            profile = [habit(hours, at, at + ahead, 2) for ahead in range(24)]
            part = hours[at:]
            high = np.resize(np.array(profile), len(part))
            moments, lasted = moments_of(part, high, "brand", path.stem)
            yield from moments
            at += lasted + QUIET_HOURS if lasted else 24


def habit(hours: np.ndarray, known_until: int, at: int, spare: int) -> float:
    """The 95th percentile of that hour and its neighbours on the fourteen days before."""
    middles = (at - 24 * day for day in range(1, 15))
    seen = [hours[m - 1 : m + 2] for m in middles if m >= spare and m + 2 <= known_until + 1]
    return float(np.quantile(np.concatenate(seen or [hours[:known_until]]), 0.95)) + 1


def cascades() -> Iterator[Moment]:
    """Marked Hawkes cascades of a pack of 5 to 20, kernels of 25 to 150 minutes, hushed at night."""
    dice = np.random.default_rng(7)
    for number in range(CASCADES):
        usual = int(dice.choice([2, 5, 10]))
        hours = cascade(dice) + dice.poisson(usual / 3, 24 * 7)
        over = np.nonzero(hours > 2 * (usual + 2))[0]
        if len(over):
            part = hours[over[0] :]
            yield from moments_of(part, np.full(len(part), usual + 2.0), "cascade", str(number % 10))[0]


def cascade(dice: np.random.Generator) -> np.ndarray:
    """Accounts by the hour over a week."""
    mean, scale, start = dice.uniform(0.5, 0.95), float(dice.choice([25, 60, 150])), dice.uniform(0, 24)
    waiting, came = list(dice.exponential(15, dice.integers(5, 21))), []
    while waiting and len(came) < 20_000:
        at = waiting.pop()
        sleeps = 1 < (at / 60 + start) % 24 < 7 and dice.random() < 0.6
        if at > 60 * 24 * 6 or sleeps:
            continue
        came.append(at)
        echo = min(dice.pareto(2.2) * 1.2, 200)
        waiting.extend(at + dice.exponential(scale, dice.poisson(mean * echo)))
    return np.bincount((np.array(came or [0.0]) // 60).astype(int), minlength=24 * 7)[: 24 * 7]


def moments_of(hours: np.ndarray, high: np.ndarray, kind: str, group: str) -> tuple[list[Moment], int]:
    """The foreseeings of one incident before it came back, and after how many hours it did (0: never seen)."""
    calm = hours <= high
    ends = (at for at in range(1, len(hours) - QUIET_HOURS + 1) if calm[at : at + QUIET_HOURS].all())
    returned = next(ends, 0)
    found = []
    for at in MOMENTS:
        if at < returned and hours[:at].sum() >= FEWEST:
            figures = features([float(count) for count in hours[:at]], float(high[at - 1]))
            found.append(Moment(figures, float(np.log(returned - at)), kind, f"{kind} {group}"))
    return found, returned


def by_hour(counted: dict[datetime, int]) -> np.ndarray:
    """Counts of every hour from the first to the last, empty ones too."""
    first, last = min(counted), max(counted)
    return np.array([counted.get(first + n * HOUR, 0) for n in range(int((last - first) / HOUR) + 1)])


def weights(found: Sequence[Moment], kept: np.ndarray) -> np.ndarray:
    """Every kind weighs the same, and every group within its kind."""
    groups = np.array([one.group for one in found])
    kinds = {one.group: one.kind for one in found}
    weight = np.zeros(len(found))
    present = set(groups[kept])
    for group in present:
        mine = kept & (groups == group)
        weight[mine] = 1 / mine.sum() / sum(kinds[other] == kinds[group] for other in present)
    return weight


def fit(found: Sequence[Moment], kept: np.ndarray) -> np.ndarray:
    """The line, by weighted least squares with a little ridge."""
    figures, left = np.array([one.figures for one in found]), np.array([one.left for one in found])
    weight = weights(found, kept)
    ridge = RIDGE * np.eye(figures.shape[1])
    ridge[0, 0] = 0
    return np.linalg.solve((figures * weight[:, None]).T @ figures + ridge, (figures * weight[:, None]).T @ left)


def left_over(found: Sequence[Moment]) -> np.ndarray:
    """What the line fitted on the other groups leaves over on each."""
    groups = np.array([one.group for one in found])
    figures, rest = np.array([one.figures for one in found]), np.array([one.left for one in found])
    for group in set(groups):
        mine = groups == group
        rest[mine] -= figures[mine] @ fit(found, ~mine)
    return rest


def coverage(found: Sequence[Moment], rest: np.ndarray, kind: str) -> tuple[int, int, float, float, float]:
    """(groups, moments, share held, its 95 % interval): widths from the other groups, groups weighing the same."""
    groups, kinds = np.array([one.group for one in found]), np.array([one.kind for one in found])
    shares = []
    for group in sorted(set(groups[kinds == kind])):
        mine = groups == group
        weight = weights(found, ~mine)
        low, _middle, high = (quantile(rest[~mine], weight[~mine], tail) for tail in TAILS)
        shares.append(float(((rest[mine] >= low) & (rest[mine] <= high)).mean()))
    dice = np.random.default_rng(1)
    drawn = [dice.choice(shares, len(shares)).mean() for _ in range(2000)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return len(shares), int((kinds == kind).sum()), float(np.mean(shares)), float(low), float(high)


def quantile(values: np.ndarray, weight: np.ndarray, share: float) -> float:
    """The weighted quantile."""
    order = np.argsort(values)
    cumulated = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(cumulated, share * cumulated[-1])])


if __name__ == "__main__":
    main()
