"""What came against what was foreseen: accounts an hour, and under them each range as it was told at the time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.charts.figures import Foresight, Ranged
from incidents.charts.measure import inside, text_width
from incidents.charts.outlook import steps_of
from incidents.charts.scales import CountScale, TimeScale, round_counts
from incidents.charts.svg import Pen, Skin, Svg
from incidents.charts.times import NO_BREAK, hour_in_prose, hour_in_table, short_day, whole

SIZE = 12
TOP, PLOT, ROW = 20.0, 110.0, 20.0
BAR = 9.0
HOUR = timedelta(hours=1)
SHORTEST_ROOM = timedelta(hours=12)  # of what was still to come; a longer range runs out of the drawing
WORDS = {
    "fr": {
        "normal": "normal",
        "returned": "retour à la normale, {at}",
        "highest": f"Comptes par heure{NO_BREAK}: au plus haut {{most}}, normal jusqu’à {{high}}.",
        "came": "Retour à la normale{colon} {at}.",
        "ranges": f"Fourchettes{NO_BREAK}: {{all}}{NO_BREAK}; tenues{NO_BREAK}: {{held}}{NO_BREAK}; "
        f"non tenues{NO_BREAK}: {{missed}}.",
    },
    "en": {
        "normal": "normal",
        "returned": "back to normal, {at}",
        "highest": "Accounts an hour: highest {most}, normal up to {high}.",
        "came": "Back to normal{colon} {at}.",
        "ranges": "Ranges: {all}; held: {held}; not held: {missed}.",
    },
}
FATES: dict[str, dict[bool | None, str]] = {
    "fr": {True: "a tenu", False: "n’a pas tenu", None: "non jugée"},
    "en": {True: "held", False: "did not hold", None: "not judged"},
}


@dataclass(frozen=True)
class _Plan:
    figure: Foresight
    times: TimeScale
    counts: CountScale
    language: str
    width: float

    @property
    def foot(self) -> float:
        """Of the lowest range."""
        return TOP + PLOT + 12 + ROW * len(self.figure.ranges)

    def hour(self, at: datetime) -> str:
        """The day is said as soon as the drawing is longer than one."""
        local = at.astimezone(self.times.zone)
        return _dated(self.times, local, hour_in_table(local), self.language)


def draw_foresight(
    figure: Foresight, *, language: str, zone: ZoneInfo, width: int = 680, skin: Skin = "page", name: str = "foresight"
) -> Svg:
    """The drawing, `width` units wide: one row a range, in the order in which they were told."""
    pen, plan = Pen(skin), _plan(figure, language, zone, width)
    _draw_return(pen, plan)
    _draw_counts(pen, plan)
    for index, one in enumerate(figure.ranges):
        _draw_range(pen, plan, one, plan.foot - ROW * (len(figure.ranges) - index) + ROW / 2)
    for x, label in plan.times.ticks(language, SIZE):
        pen.text(label, inside(label, x, width), plan.foot + 18, anchor="middle", size=SIZE)
    told = describe_foresight(figure, language, zone)
    return pen.sheet(width, plan.foot + 24, title=figure.title, description=told, name=name)


def describe_foresight(figure: Foresight, language: str, zone: ZoneInfo) -> str:
    """The drawing in words."""
    words = WORDS[language]
    said = words["highest"].format(most=whole(max(figure.hours), language), high=whole(figure.high, language))
    if figure.returned_at:
        local = figure.returned_at.astimezone(zone)
        at = f"{short_day(local, language)}, {hour_in_prose(local, language)}"
        said += " " + words["came"].format(at=at, colon=f"{NO_BREAK}:" if language == "fr" else ":")
    fates = [one.held for one in figure.ranges]
    counts = {"all": len(fates), "held": fates.count(True), "missed": fates.count(False)}
    return f"{said} {str(words['ranges']).format(**counts)}"


def _plan(figure: Foresight, language: str, zone: ZoneInfo, width: float) -> _Plan:
    """Hours of telling at the left, what became of each range at the right, one clock in between."""
    seen = figure.first_hour + HOUR * len(figure.hours)
    latest = max(one.until for one in figure.ranges)
    end = max(seen, min(latest, seen + max(SHORTEST_ROOM, (seen - figure.first_hour) / 2)))
    draft = TimeScale(figure.first_hour, end, 0, width, zone)
    most = max(1, figure.high, *figure.hours)
    told = [_dated(draft, at, hour_in_table(at), language) for at in _locals(figure, zone)]
    lefts = [*(whole(line, language) for line in round_counts(most)), *told]
    rights = [FATES[language][one.held] for one in figure.ranges]
    left = max(text_width(label, SIZE) for label in lefts) + 10
    right = width - max(text_width(label, SIZE, strong=True) for label in (*rights, WORDS[language]["normal"])) - 12
    times = TimeScale(figure.first_hour, end, left, right, zone)
    return _Plan(figure, times, CountScale(most, TOP + PLOT, TOP), language, width)


def _locals(figure: Foresight, zone: ZoneInfo) -> list[datetime]:
    return [one.made_at.astimezone(zone) for one in figure.ranges]


def _dated(times: TimeScale, local: datetime, hour: str, language: str) -> str:
    return f"{short_day(local, language)} {hour}" if times.end - times.start > timedelta(hours=20) else hour


def _draw_return(pen: Pen, plan: _Plan) -> None:
    """The hour at which it was over goes through the whole drawing: each range holds it or does not."""
    at = plan.figure.returned_at
    if at is None or not plan.times.start <= at <= plan.times.end:
        return
    x = plan.times.x(at)
    pen.draw("line", "chart-mark", x1=x, x2=x, y1=TOP - 4, y2=plan.foot)
    label = WORDS[plan.language]["returned"].format(at=plan.hour(at))
    pen.text(label, inside(label, x, plan.width), TOP - 8, anchor="middle", size=SIZE)


def _draw_counts(pen: Pen, plan: _Plan) -> None:
    times, counts, figure = plan.times, plan.counts, plan.figure
    for line in round_counts(counts.most, 3):
        y = counts.y(line)
        pen.draw("line", "chart-grid", x1=times.left, x2=times.right, y1=y, y2=y)
        pen.text(whole(line, plan.language), times.left - 8, y + 4, anchor="end", size=SIZE)
    level = counts.y(figure.high)
    pen.draw("line", "chart-mark", x1=times.left, x2=times.right, y1=level, y2=level)
    pen.text(WORDS[plan.language]["normal"], times.right + 8, level + 4, size=SIZE)
    pen.draw("path", "chart-line", d=steps_of(figure.first_hour, figure.hours, times, counts))


def _draw_range(pen: Pen, plan: _Plan, one: Ranged, y: float) -> None:
    """A dot where it was told, a thin line to the range, the range: full when it held, hollow when it did not."""
    times, edge = plan.times, plan.times.end
    pen.text(plan.hour(one.made_at), times.left - 8, y + 4, anchor="end", size=SIZE)
    told = times.x(min(max(one.made_at, times.start), edge))
    begin, end = (times.x(min(max(at, times.start), edge)) for at in (one.since, one.until))
    end = max(end, begin + 2)
    if begin > told:
        pen.draw("line", "chart-thin", x1=told, x2=begin, y1=y, y2=y)
    pen.draw(
        "rect",
        "chart-hollow" if one.held is False else "chart-range",
        x=begin,
        y=y - BAR / 2,
        width=end - begin,
        height=BAR,
    )
    if one.until > edge:
        tip = f"M{end:.1f} {y - BAR / 2 - 2:.1f}L{end + 6:.1f} {y:.1f}L{end:.1f} {y + BAR / 2 + 2:.1f}Z"
        pen.draw("path", "chart-end", d=tip)
    pen.draw("circle", "chart-end", cx=told, cy=y, r=3)
    pen.text(FATES[plan.language][one.held], times.right + 10, y + 4, strong=one.held is False, size=SIZE)
