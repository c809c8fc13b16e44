"""The curve of an incident as a drawing whose title states the finding, in the reader's language."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from agency.models import Client
from incidents.charts import Svg, draw_curve
from incidents.charts.curve import LAST_STEPS
from incidents.charts.figures import Curve, Mark
from incidents.models import Incident
from incidents.selectors import incidents as read


@dataclass(frozen=True, slots=True)
class Drawing:
    """The same curve for a wide screen and for a phone: an SVG's letters shrink with it."""

    title: str
    unit: str
    wide: Svg
    narrow: Svg


def draw(incident: Incident, drawn: read.Curve, told: read.Figures, client: Client) -> Drawing | None:
    """The drawing, or None while nothing was heard."""
    if not any(count for _at, count in drawn.points):
        return None
    figure = Curve(
        title=finding(told, is_over=incident.closed_at is not None),
        unit=_("Public mentions per quarter of an hour"),
        points=drawn.points,
        band=tuple(drawn.band for _point in drawn.points) if drawn.band else (),
        marks=tuple(_marks(incident, drawn)),
    )
    language, zone = get_language() or "fr", ZoneInfo(client.timezone)
    wide = draw_curve(figure, language=language, zone=zone, name="curve-wide")
    narrow = draw_curve(figure, language=language, zone=zone, width=330, name="curve-narrow")
    return Drawing(figure.title, figure.unit, wide, narrow)


def finding(told: read.Figures, *, is_over: bool = False) -> str:
    """One sentence: is it rising, at its height, falling, or back to its habit? Of a closed one, how high it went."""
    values = {"now": told.last_quarter, "most": told.highest_quarter}
    if is_over:
        return _("It is over: %(most)d mentions in the highest quarter of an hour") % values
    if told.last_quarter >= told.highest_quarter:
        return (
            ngettext(
                "It is rising: %(now)d mention in the last quarter of an hour, the highest so far",
                "It is rising: %(now)d mentions in the last quarter of an hour, the highest so far",
                told.last_quarter,
            )
            % values
        )
    if told.habit and told.last_quarter <= told.habit[1]:
        return _("Back to its habit: %(now)d in the last quarter of an hour, %(most)d at the highest") % values
    if told.last_quarter * 2 <= told.highest_quarter:
        return _("The peak is past: %(now)d in the last quarter of an hour, %(most)d at the highest") % values
    return _("It is staying high: %(now)d in the last quarter of an hour, %(most)d at the highest") % values


def _marks(incident: Incident, drawn: read.Curve) -> list[Mark]:
    begin, end = drawn.points[0][0], drawn.points[-1][0] + LAST_STEPS * read.QUARTER
    wanted = [(incident.started_at, _("beginning"))]
    if incident.signal:
        wanted.append((incident.signal.detected_at, _("signal")))
    if incident.opened_at:
        wanted.append((incident.opened_at, _("confirmed")))
    if incident.closed_at:
        wanted.append((incident.closed_at, _("closed")))
    return [Mark(at, label) for at, label in wanted if begin <= at <= end]
