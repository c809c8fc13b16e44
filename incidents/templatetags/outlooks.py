"""What the pages of a reading say of moments and draw of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.translation import get_language

from incidents.charts import Svg
from incidents.charts.clock import draw_clock
from incidents.charts.outlook import WORDS, Foreseen, draw_outlook

register = template.Library()

NARROW = 330
FEWEST_HOURS = 2


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawing at two widths, with the same in a table."""

    title: str
    wide: Svg
    narrow: Svg
    points: tuple[tuple[datetime, int], ...] = ()


@register.filter
def moment(written: str | None) -> datetime | None:
    """A moment kept as ISO 8601 by a pure judgement, aware; None for nothing or for what is not a moment."""
    try:
        at = datetime.fromisoformat(written or "")
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


@register.simple_tag
def outlook_drawing(found: Mapping[str, Any]) -> Drawn | None:
    """Accounts an hour and the range foreseen; None under two hours (one step is no curve) or without an account."""
    first, hours = moment(found.get("first_hour")), found.get("hours") or []
    if first is None or len(hours) < FEWEST_HOURS or not any(hours):
        return None
    returns = found.get("returns") or {}
    since, until = moment(returns.get("from")), moment(returns.get("until"))
    figure = Foreseen(first, tuple(hours), found["high"], since, until)
    language, zone = reading_language(), ZoneInfo(found["zone"])
    wide = draw_outlook(figure, language=language, zone=zone, name="outlook-wide")
    narrow = draw_outlook(figure, language=language, zone=zone, width=NARROW, name="outlook-narrow")
    points = tuple((first + timedelta(hours=index), count) for index, count in enumerate(hours) if count)
    return Drawn(WORDS[language]["title"], wide, narrow, points)


@register.simple_tag
def clock_drawing(found: Mapping[str, Any]) -> Svg:
    """The hour of the strike among the hours in which somebody answers."""
    return draw_clock(found["minute"], found["staffed"], language=reading_language())


@register.simple_tag
def ticked(signs: Sequence[Mapping[str, Any]], is_ticked: bool = True) -> list[Mapping[str, Any]]:
    """The aggravating signs that are ticked, or those that are not."""
    return [sign for sign in signs if sign["is_ticked"] is is_ticked]


def reading_language() -> str:
    """French or English: the drawings know no other."""
    language = (get_language() or "fr")[:2]
    return language if language in WORDS else "fr"
