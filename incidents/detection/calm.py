"""When a strike was over: after it rose above the habit, the first six hours in a row back within it, all heard."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from clients.listening.words import Words
from incidents.detection.outlook_model import QUIET_HOURS

HOUR = timedelta(hours=1)


def back_to_normal(
    hours: Sequence[float], high: float, started_at: datetime, deaf: Iterable[tuple[datetime, datetime]] = ()
) -> datetime | None:
    """When the calm began that made it normal again, None while it is not, or if it never rose above the habit.

    `hours`: accounts in each whole hour since `started_at` (aware). `high`: the most that are still a habit. `deaf`:
    spans in which a source was not heard: what nobody heard proves no calm. Those that last since the beginning do not
    count: what was never heard did not fall.
    """
    risen = next((index for index, count in enumerate(hours) if count > high), None)
    if risen is None:
        return None
    holes = [(begin, end) for begin, end in deaf if begin > started_at]
    calm = 0
    for index in range(risen + 1, len(hours)):
        begin = started_at + index * HOUR
        is_heard = not any(one[0] < begin + HOUR and begin < one[1] for one in holes)
        calm = calm + 1 if hours[index] <= high and is_heard else 0
        if calm == QUIET_HOURS:
            return begin - (QUIET_HOURS - 1) * HOUR
    return None


def why(high: int) -> Words:
    """What the milestone rests on, in one sentence."""
    return Words(
        f"Six heures de suite dans l’habitude\u00a0: {high} comptes par heure au plus.",
        f"Six hours in a row within the habit: {high} accounts an hour at most.",
    )
