"""Accounts an hour so far on what is normal, and the range in which the return is foreseen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.charts.measure import text_width
from incidents.charts.scales import CountScale, TimeScale, round_counts
from incidents.charts.svg import Pen, Skin, Svg
from incidents.charts.times import NO_BREAK, period, short_day, whole

SIZE = 12
SHORTEST_ROOM = timedelta(hours=12)  # of the future
TOP, PLOT, BOTTOM = 20.0, 150.0, 24.0
WORDS = {
    "fr": {
        "title": "Comptes par heure, et retour à la normale",
        "highest": "au plus haut, {most} comptes en une heure",
        "range": "retour prévu {period}",
        "normal": "normal",
        "return": "retour prévu",
        "until": "retour prévu jusqu’au {day}",
    },
    "en": {
        "title": "Accounts an hour, and the return to normal",
        "highest": "at the highest, {most} accounts in an hour",
        "range": "return foreseen {period}",
        "normal": "normal",
        "return": "return foreseen",
        "until": "return foreseen until {day}",
    },
}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What is drawn: hours from `first_hour` on, the most that is normal, and the range when there is one."""

    first_hour: datetime
    hours: Sequence[int]
    high: int
    returns_from: datetime | None = None
    returns_until: datetime | None = None

    @property
    def now(self) -> datetime:
        """The end of the last hour."""
        return self.first_hour + timedelta(hours=len(self.hours))

    @property
    def end(self) -> datetime:
        """The end of the drawing: of the range, but a long one runs out of it rather than crush what has been seen."""
        if self.returns_until is None:
            return self.now
        room = max(SHORTEST_ROOM, 3 * (self.now - self.first_hour))
        latest = max(self.now + room, (self.returns_from or self.now) + room / 3)
        return max(self.now, min(self.returns_until, latest))

    @property
    def is_cut(self) -> bool:
        """Say whether the range goes on beyond the drawing."""
        return self.returns_until is not None and self.returns_until > self.end


def draw_outlook(
    figure: Foreseen, *, language: str, zone: ZoneInfo, width: int = 680, skin: Skin = "page", name: str = "outlook"
) -> Svg:
    """The drawing, `width` units wide; at least one hour."""
    pen, words = Pen(skin), WORDS[language]
    most = max(1, figure.high, *figure.hours)
    counts = CountScale(most, TOP + PLOT, TOP)
    lines = round_counts(most)
    left = max(text_width(whole(line, language), SIZE) for line in lines) + 10
    right = width - 20  # an hour written under the very end stays whole
    scale = TimeScale(figure.first_hour, figure.end, left, right, zone)
    _range(pen, figure, scale, _label(figure, language, zone))
    for line in lines:
        pen.draw("line", "chart-grid", x1=left, x2=right, y1=counts.y(line), y2=counts.y(line))
        pen.text(whole(line, language), left - 6, counts.y(line) + 4, anchor="end", size=SIZE)
    level = counts.y(figure.high)
    pen.draw("line", "chart-mark", x1=left, x2=right, y1=level, y2=level)
    pen.text(words["normal"], right, level - 4, anchor="end", size=SIZE)
    pen.draw("path", "chart-line", d=steps_of(figure.first_hour, figure.hours, scale, counts))
    for x, label in scale.ticks(language, SIZE):
        pen.text(label, x, TOP + PLOT + 18, anchor="middle", size=SIZE)
    title, told = words["title"], describe_outlook(figure, language, zone)
    return pen.sheet(width, TOP + PLOT + BOTTOM, title=title, description=told, name=name)


def describe_outlook(figure: Foreseen, language: str, zone: ZoneInfo) -> str:
    """The drawing in words."""
    words = WORDS[language]
    told = [
        words["highest"].format(most=whole(max(figure.hours), language)),
        f"{words['normal']}{NO_BREAK}{figure.high}",
    ]
    if figure.returns_from and figure.returns_until:
        span = period(figure.returns_from.astimezone(zone), figure.returns_until.astimezone(zone), language)
        told.append(words["range"].format(period=span))
    sentence = "; ".join(told) if language == "en" else f"{NO_BREAK}; ".join(told)
    return f"{sentence}."


def _label(figure: Foreseen, language: str, zone: ZoneInfo) -> str:
    words = WORDS[language]
    if figure.returns_until is None or not figure.is_cut:
        return words["return"]
    return words["until"].format(day=short_day(figure.returns_until.astimezone(zone), language))


def _range(pen: Pen, figure: Foreseen, scale: TimeScale, label: str) -> None:
    """The band in which the return is foreseen, with its name above."""
    if not (figure.returns_from and figure.returns_until):
        return
    begin = scale.x(max(figure.first_hour, figure.returns_from))
    wide = max(2.0, scale.x(min(figure.returns_until, figure.end)) - begin)
    pen.draw("rect", "chart-band", x=begin, y=TOP, width=wide, height=PLOT)
    pen.text(label, begin + wide, TOP - 6, anchor="end", size=SIZE)


def steps_of(first_hour: datetime, hours: Sequence[int], times: TimeScale, counts: CountScale) -> str:
    """The path of a count an hour: a flat step for each."""
    corners = []
    for index, count in enumerate(hours):
        at = first_hour + timedelta(hours=index)
        corners += [(times.x(at), counts.y(count)), (times.x(at + timedelta(hours=1)), counts.y(count))]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in corners)
