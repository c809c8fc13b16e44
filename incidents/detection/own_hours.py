"""The hours that the account at the origin usually writes at, and whether it struck near them."""

import math
from dataclasses import dataclass

from incidents.detection.case import Case
from incidents.detection.leverage import origin_of

ENOUGH_POSTS = 30  # of an author, to speak of a habit
NEAR = 1.5  # hours either side of the strike


@dataclass(frozen=True, slots=True)
class Habit:
    """When an author usually writes: `mean_hour` of the clock, how concentrated, and the share near the strike."""

    posts: int
    mean_hour: float
    p_uniform: float
    share: float


def habit_of_origin(case: Case) -> Habit | int:
    """The hours of the account at the origin, from thirty posts heard before; else how many were heard.

    Rayleigh's test of uniformity on the circle, with the usual correction (Zar, Biostatistical Analysis, 27.1).
    """
    origin = origin_of(case)
    heard = [post.at.astimezone(case.zone) for post in case.before if origin and post.author == origin]
    if len(heard) < ENOUGH_POSTS:
        return len(heard)
    hours = [at.hour + at.minute / 60 for at in heard]
    angles = [hour * math.tau / 24 for hour in hours]
    cosines, sines = sum(map(math.cos, angles)), sum(map(math.sin, angles))
    length, count = math.hypot(cosines, sines), len(hours)
    p_uniform = math.exp(math.sqrt(1 + 4 * count + 4 * (count**2 - length**2)) - (1 + 2 * count))
    local = case.started_at.astimezone(case.zone)
    struck = local.hour + local.minute / 60
    near = sum(abs((hour - struck + 12) % 24 - 12) <= NEAR for hour in hours)
    mean_hour = math.atan2(sines, cosines) * 24 / math.tau % 24
    return Habit(count, mean_hour, min(1.0, p_uniform), near / count)
