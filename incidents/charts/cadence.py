"""Situation reports as promised and as sent: two rows on one clock, tied by a line that leans when one came late."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from incidents.charts.figures import Cadence, Update
from incidents.charts.labels import Flag, place_flags
from incidents.charts.lanes import lay_out
from incidents.charts.measure import inside, text_width
from incidents.charts.scales import TimeScale
from incidents.charts.svg import Pen, Skin, Svg
from incidents.charts.times import NO_BREAK, duration, whole

SIZE = 12
LINE = 16.0
ROW = 30.0
RADIUS = 4.5
MOST_LABELLED = 4  # the latest ones; the table has them all
WORDS = {
    "fr": {
        "promised": "Promis",
        "sent": "Envoyés",
        "late": f"nº{NO_BREAK}{{number}}{NO_BREAK}: {{length}} de retard",
        "told": f"Points de situation envoyés{NO_BREAK}: {{sent}}{NO_BREAK}; promis à une heure{NO_BREAK}: {{promised}}"
        f"{NO_BREAK}; en retard{NO_BREAK}: {{late}}{NO_BREAK}; promis et jamais envoyés{NO_BREAK}: {{never}}.",
    },
    "en": {
        "promised": "Promised",
        "sent": "Sent",
        "late": "no. {number}: {length} late",
        "told": "Situation reports sent: {sent}; promised for an hour: {promised}; late: {late}; promised and never "
        "sent: {never}.",
    },
}
KEYS = {
    "fr": (("in_time", "à l’heure"), ("late", "en retard"), ("never", "jamais envoyé")),
    "en": (("in_time", "in time"), ("late", "late"), ("never", "never sent")),
}


def draw_cadence(
    figure: Cadence, *, language: str, zone: ZoneInfo, width: int = 680, skin: Skin = "page", name: str = "cadence"
) -> Svg:
    """The drawing, `width` units wide: hollow for promised, a shape for how it came; the latest ones are labelled."""
    pen, words = Pen(skin), WORDS[language]
    promised, sent, late, never = counts_of(figure)
    labels = [words["promised"], words["sent"]]
    lanes = lay_out(labels, [whole(promised, language), whole(sent, language)], width=width, height=ROW)
    instants = [at for one in figure.updates for at in (one.promised_at, one.sent_at) if at]
    times = TimeScale(min(instants), max(instants), lanes.left, lanes.right, zone)
    flags = _flags(figure.updates, times, language, width)
    top = LINE * (max((flag.row for flag in flags), default=-1) + 1)
    heights = (top + lanes.middle(0), top + lanes.middle(1))
    _draw_flags(pen, flags, top, heights[1])
    for index, y in enumerate(heights):
        pen.text(lanes.labels[index], 0, y + 4, size=SIZE)
        pen.text(lanes.counts[index], width, y + 4, anchor="end", strong=True, size=SIZE)
        pen.draw("line", "chart-grid", x1=lanes.left - 6, x2=lanes.right + 6, y1=y, y2=y)
    for one in figure.updates:
        _draw_update(pen, one, times, heights)
    foot = top + lanes.end + 18
    for x, label in times.ticks(language, SIZE):
        pen.text(label, inside(label, x, width), foot, anchor="middle", size=SIZE)
    if late or never:
        foot += LINE + 6
        _draw_key(pen, foot, language)
    told = describe_cadence(figure, language)
    return pen.sheet(width, foot + 6, title=figure.title, description=told, name=name)


def counts_of(figure: Cadence) -> tuple[int, int, int, int]:
    """How many were promised for an hour, sent, late, and promised but never sent."""
    return (
        sum(one.promised_at is not None for one in figure.updates),
        sum(one.sent_at is not None for one in figure.updates),
        sum(bool(one.late) for one in figure.updates),
        sum(one.sent_at is None for one in figure.updates),
    )


def describe_cadence(figure: Cadence, language: str) -> str:
    """The drawing in words."""
    promised, sent, late, never = (whole(count, language) for count in counts_of(figure))
    return WORDS[language]["told"].format(promised=promised, sent=sent, late=late, never=never)


def _flags(updates: Sequence[Update], times: TimeScale, language: str, width: float) -> list[Flag]:
    """How late the latest ones were, as many as find their place."""
    worst = sorted((one for one in updates if one.late), key=lambda one: one.late, reverse=True)[:MOST_LABELLED]
    for most in range(len(worst), 0, -1):
        kept = sorted(worst[:most], key=lambda one: one.number)
        marks = [(times.x(one.sent_at), _late(one, language)) for one in kept if one.sent_at]
        flags = place_flags(marks, left=0, right=width - 2, size=SIZE)
        if flags is not None:
            return flags
    return []


def _late(one: Update, language: str) -> str:
    return WORDS[language]["late"].format(number=one.number, length=duration(one.late, language))


def _draw_flags(pen: Pen, flags: Sequence[Flag], top: float, foot: float) -> None:
    for flag in flags:
        baseline = top - LINE * flag.row - 4
        pen.draw("line", "chart-mark", x1=flag.x, x2=flag.x, y1=baseline - 9, y2=foot)
        edge = flag.left if flag.anchor == "start" else flag.right
        pen.text(flag.text, edge, baseline, anchor=flag.anchor, size=SIZE)


def _draw_update(pen: Pen, one: Update, times: TimeScale, heights: tuple[float, float]) -> None:
    """The promise, what came of it, and the line between the two."""
    above, below = heights
    if one.promised_at and one.sent_at:
        x1, x2 = times.x(one.promised_at), times.x(one.sent_at)
        pen.draw("line", "chart-thin", x1=x1, x2=x2, y1=above + RADIUS, y2=below - RADIUS)
    if one.promised_at:
        pen.draw("circle", "chart-hollow", cx=times.x(one.promised_at), cy=above, r=RADIUS)
    at = one.sent_at or one.promised_at
    if at is not None:
        _draw_fate(pen, "never" if one.sent_at is None else "late" if one.late else "in_time", times.x(at), below)


def _draw_fate(pen: Pen, fate: str, x: float, y: float) -> None:
    """A disc in time, a diamond late, a cross for what never came: three shapes, whatever the colour."""
    if fate == "in_time":
        pen.draw("circle", "chart-end", cx=x, cy=y, r=RADIUS)
    elif fate == "late":
        reach = RADIUS * 1.4
        corners = f"M{x:.1f} {y - reach:.1f}L{x + reach:.1f} {y:.1f}L{x:.1f} {y + reach:.1f}L{x - reach:.1f} {y:.1f}Z"
        pen.draw("path", "role-instigator", d=corners)
    else:
        arms = f"M{x - 4:.1f} {y - 4:.1f}L{x + 4:.1f} {y + 4:.1f}M{x - 4:.1f} {y + 4:.1f}L{x + 4:.1f} {y - 4:.1f}"
        pen.draw("path", "role-instigator", d=arms, stroke_width=2)


def _draw_key(pen: Pen, baseline: float, language: str) -> None:
    left = 0.0
    for fate, label in KEYS[language]:
        _draw_fate(pen, fate, left + RADIUS, baseline - 4)
        pen.text(label, left + 2 * RADIUS + 6, baseline, size=SIZE)
        left += text_width(label, SIZE) + 34
