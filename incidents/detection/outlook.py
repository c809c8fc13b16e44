"""Will it pass? Phase, half-life, range of the return to normal, aggravating signs, and what would prove it wrong."""

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from incidents.detection import outlook_model, outlook_phase, outlook_signs, outlook_words
from incidents.detection.case import Case, Post
from incidents.detection.outlook_phase import FLOOR_ACCOUNTS, FLOOR_MINUTES, HalfLife, Rate

HOUR = timedelta(hours=1)
NO_HABIT_HIGH = 3  # accounts an hour called normal while the brand's habit is unknown
MOST_DRAWN = 14 * 24


def judge(case: Case) -> dict[str, Any]:
    """The section « outlook » as plain values; moments in ISO 8601 UTC, words in both languages.

    Posts dated in the future, or before the incident, are left out. `returns` (at, from, until) is None while it is too
    early and once it is back to normal; `normal_since` then says since when.
    """
    posts = [post for post in case.posts if case.started_at <= post.at <= case.now and not post.is_ours]
    hours = outlook_phase.accounts_per(posts, case.started_at, case.now, HOUR)
    joined = outlook_phase.joined_at(posts)
    high = case.habit[1] if case.habit else NO_HABIT_HIGH
    minutes = max(0, int((case.now - case.started_at).total_seconds() // 60))
    told = {
        **_frame(case, hours, high),
        "participants": len(joined),
        "minutes": minutes,
        "signs": [asdict(sign) for sign in outlook_signs.signs(case, hours, high)],
    }
    if minutes < FLOOR_MINUTES or len(joined) < FLOOR_ACCOUNTS:
        words = outlook_words.too_early(minutes, len(joined))
        return {**told, **_nothing("too_early"), "sentence": outlook_words.TOO_EARLY, "phase_why": words}
    return {**told, **_foreseen(case, posts, joined, hours, high)}


def _foreseen(case: Case, posts: list[Post], joined: list[datetime], hours: list[int], high: int) -> dict[str, Any]:
    rate = outlook_phase.rate(joined, case.now, case.started_at, outlook_phase.generation(posts))
    phase = outlook_phase.phase_of(rate, hours)
    steps = outlook_phase.accounts_per(posts, case.started_at, case.now, outlook_phase.STEP)
    half_life = outlook_phase.half_life(steps) if phase == "decaying" else None
    found = {
        "phase": phase,
        "phase_words": outlook_words.PHASES[phase],
        "phase_why": outlook_words.why_phase(rate, hours[-1] / max(1, *hours)),
        "rate": _plain_rate(rate),
        "half_life": _plain_half_life(half_life),
        "half_life_words": outlook_words.why_half_life(half_life),
    }
    return {**found, **_return(case, hours, high, phase, rate)}


def _return(case: Case, hours: list[int], high: int, phase: str, rate: Rate) -> dict[str, Any]:
    """When it comes back to normal, or since when it has, with the sentences that can be checked."""
    zone, now = case.zone, case.now
    wrong_phase = outlook_words.wrong_phase(phase, rate, zone, now)
    calm = outlook_model.calm_at_the_end(hours, high)
    if calm >= outlook_model.QUIET_HOURS:
        since = max(case.started_at, now - calm * HOUR)
        words = outlook_words.back_since(since, zone, now)
        return {"returns": None, "normal_since": since.isoformat(), "sentence": words, "wrong_if": []}
    left = outlook_model.remaining(hours, high)
    until = _quarter(now + left.latest * HOUR)
    if calm:
        since = now - calm * HOUR
        sentence = outlook_words.calm_since(since, since + outlook_model.QUIET_HOURS * HOUR, zone, now)
        returns = (since, since, until)
    else:
        returns = (_quarter(now + left.middle * HOUR), max(now, _quarter(now + left.earliest * HOUR)), until)
        sentence = outlook_words.sentence(phase, returns, zone, now)
    return {
        "returns": dict(zip(("at", "from", "until"), (at.isoformat() for at in returns), strict=True)),
        "normal_since": None,
        "sentence": sentence,
        "wrong_if": [wrong_phase, outlook_words.wrong_return(until, high, zone, now)],
    }


def _frame(case: Case, hours: list[int], high: int) -> dict[str, Any]:
    """What is told whatever the phase: what normal means, the own past, cited rates, how past outlooks did."""
    lengths = [past.returned_at - past.started_at for past in case.past if past.returned_at]
    first = case.now - min(len(hours), MOST_DRAWN) * HOUR
    return {
        "zone": case.zone.key,
        "made_at": case.now.isoformat(),
        "high": high,
        "normal": outlook_words.normal(high, case.habit is not None),
        "past": outlook_words.own_past([length for length in lengths if length > timedelta(0)]),
        "base_rates": [{"words": words, "source": source} for words, source in outlook_words.BASE_RATES],
        "record": outlook_words.record(*case.held),
        "first_hour": first.isoformat(),
        "hours": hours[-MOST_DRAWN:],
    }


def _nothing(phase: str) -> dict[str, Any]:
    none = dict.fromkeys(("rate", "half_life", "returns", "normal_since"))
    return {**none, "phase": phase, "phase_words": outlook_words.PHASES[phase], "half_life_words": None, "wrong_if": []}


def _plain_rate(rate: Rate) -> dict[str, Any]:
    return {**asdict(rate), "window": round(rate.window.total_seconds() / 60)}


def _plain_half_life(found: HalfLife | None) -> dict[str, Any] | None:
    return asdict(found) if found else None


def _quarter(at: datetime) -> datetime:
    """To the nearest quarter of an hour: a minute would promise more than is known."""
    seconds = outlook_phase.STEP.total_seconds()
    return datetime.fromtimestamp(round(at.timestamp() / seconds) * seconds, UTC)
