"""Made-up streams for the detector: gamma-Poisson with a daily rhythm, and strikes that spread. Seeded, pure Python."""

import math
import random
from datetime import UTC, datetime, timedelta

BUCKET = timedelta(minutes=5)
MONDAY = datetime(2026, 9, 7, tzinfo=UTC)
Counts = dict[datetime, int]


def calm(seed: int, per_day: float, days: int, start: datetime = MONDAY) -> Counts:
    """Counts a bucket: Poisson whose mean swings with the hour and wobbles from day to day (gamma, 30 %)."""
    dice = random.Random(seed)
    counts: Counts = {}
    for day in range(days):
        level = dice.gammavariate(11.0, per_day / 11.0 / 288.0)
        for bucket in range(288):
            rhythm = 1.0 + 0.9 * math.sin(2.0 * math.pi * (bucket / 288.0 - 0.35))
            number = _poisson(dice, level * rhythm)
            if number:
                counts[start + timedelta(days=day) + bucket * BUCKET] = number
    return counts


def strike(seed: int, begins: datetime, authors: int = 100) -> Counts:
    """One author at `begins`, then others who rise for an hour and fade over some (gamma delays, mean two hours)."""
    dice = random.Random(seed)
    counts: Counts = {begins: 1}
    for _ in range(authors - 1):
        delay = dice.gammavariate(1.5, 80.0)
        bucket = begins + int(delay // 5) * BUCKET
        counts[bucket] = counts.get(bucket, 0) + 1
    return counts


def together(*streams: Counts) -> Counts:
    """Add streams up."""
    total: Counts = {}
    for stream in streams:
        for bucket, number in stream.items():
            total[bucket] = total.get(bucket, 0) + number
    return total


def _poisson(dice: random.Random, mean: float) -> int:
    limit, product, number = math.exp(-mean), dice.random(), 0
    while product > limit:
        product *= dice.random()
        number += 1
    return number
