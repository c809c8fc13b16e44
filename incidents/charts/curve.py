"""The curve of mentions on the band of what is usual, its marks labelled above, its lines labelled at their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from incidents.charts.figures import Curve
from incidents.charts.hatch import draw_hatch
from incidents.charts.labels import Flag, place_digits, place_flags, spread
from incidents.charts.measure import fit, inside, text_width
from incidents.charts.scales import CountScale, TimeScale, round_counts
from incidents.charts.svg import Pen, Skin, Svg
from incidents.charts.times import NO_BREAK, duration, hour_in_prose, short_day, whole

SIZE = 12  # font size, in the drawing's units: one unit is one CSS pixel at full width
LINE = 16
PLOT_HEIGHT = 170
LAST_STEPS = 2  # how far beyond the last point a mark still belongs to the curve
THINNEST_BAND = 3.0  # a habit of nothing at all is still seen
WORDS = {
    "fr": {
        "end": "Fin",
        "habit": "Habitude",
        "to": "à",
        "colon": f"{NO_BREAK}:",
        "hatched": f"Hachures{NO_BREAK}: une source n’était pas entendue",
        "unheard": "Une source au moins n’était pas entendue pendant {length}.",
    },
    "en": {
        "end": "End",
        "habit": "Usual",
        "to": "to",
        "colon": ":",
        "hatched": "Hatched: a source was not heard",
        "unheard": "At least one source was not heard for {length}.",
    },
}


def draw_curve(
    figure: Curve, *, language: str, zone: ZoneInfo, width: int = 680, skin: Skin = "page", name: str = "curve"
) -> Svg:
    """The drawing, `width` units wide and as high as its labels need. `name` makes its ids unique within a page."""
    plan = _plan(figure, language, zone, width)
    pen = Pen(skin)
    _draw_axes(pen, plan, language)
    _draw_band(pen, plan)
    _draw_unheard(pen, plan)
    _draw_flags(pen, plan)
    _draw_line(pen, plan)
    _draw_ends(pen, plan)
    return pen.sheet(
        width, plan.height, title=figure.title, description=describe_curve(figure, language, zone), name=name
    )


def describe_curve(figure: Curve, language: str, zone: ZoneInfo) -> str:
    """The drawing in words, for who does not see it: unit, highest point, last point, habit."""
    colon = WORDS[language]["colon"]
    peak_at, peak = max(figure.points, key=lambda point: point[1])
    last_at, last = figure.points[-1]
    peak_hour, last_hour = (hour_in_prose(at.astimezone(zone), language) for at in (peak_at, last_at))
    highest = {"fr": "au plus haut, ", "en": "highest, "}[language]
    ending = {"fr": "à la fin, ", "en": "at the end, "}[language]
    told = f"{figure.unit}{colon} {highest}{whole(peak, language)} ({peak_hour})"
    told += f", {ending}{whole(last, language)} ({last_hour})."
    told += f" {' '.join(_habit(figure, language))}." if figure.band else ""
    spans = _unheard(figure)
    length = sum((until - since for since, until in spans), timedelta(0))
    return told + (f" {WORDS[language]['unheard'].format(length=duration(length, language))}" if spans else "")


def _unheard(figure: Curve) -> list[tuple[datetime, datetime]]:
    """What was not heard within the curve, spans that meet joined."""
    first, last = figure.points[0][0], figure.points[-1][0]
    joined: list[tuple[datetime, datetime]] = []
    for since, until in sorted(figure.unheard):
        since, until = max(since, first), min(until, last)
        if joined and since <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(until, joined[-1][1]))
        elif since < until:
            joined.append((since, until))
    return joined


@dataclass(frozen=True)
class _Plan:
    figure: Curve
    times: TimeScale
    counts: CountScale
    lines: list[int]
    flags: list[Flag]
    key: list[str]
    end_lines: list[list[str]]
    width: float
    height: float


def _plan(figure: Curve, language: str, zone: ZoneInfo, sheet_width: float) -> _Plan:
    most = max(max(count for _, count in figure.points), max((high for _, high in figure.band), default=0), 1)
    lines = round_counts(most)
    left = max(text_width(whole(count, language), SIZE) for count in lines) + 8
    ends = _end_lines(figure, language, room=sheet_width * 0.3)
    right = sheet_width - max(text_width(line, SIZE, strong=True) for end in ends for line in end) - 14
    times = TimeScale(figure.points[0][0], _end(figure), left, right, zone)
    flags, key = _flags(_marks(figure, times, language), sheet_width)
    key += [fit(WORDS[language]["hatched"], SIZE, sheet_width - 4)] if _unheard(figure) else []
    top = 8 + LINE * (max((flag.row for flag in flags), default=-1) + 1)
    bottom = top + PLOT_HEIGHT
    height = bottom + 24 + LINE * len(key)
    return _Plan(figure, times, CountScale(most, bottom, top), lines, flags, key, ends, sheet_width, height)


def _end(figure: Curve) -> datetime:
    """The last point, or what is marked just after it: the closing falls in a step that is not over."""
    instants = [at for at, _ in figure.points]
    reach = instants[-1] + (LAST_STEPS * (instants[1] - instants[0]) if len(instants) > 1 else timedelta(0))
    return max([instants[-1], *(mark.at for mark in figure.marks if mark.at <= reach)])


def _marks(figure: Curve, times: TimeScale, language: str) -> list[tuple[float, str]]:
    """(x, label) of the marks within the curve, in time order; the day is said when the curve is longer than a day."""
    long = times.end - times.start > timedelta(hours=36)
    marks = []
    for mark in sorted(figure.marks, key=lambda mark: mark.at):
        if times.start <= mark.at <= times.end:
            local = mark.at.astimezone(times.zone)
            day = f"{short_day(local, language)}, " if long else ""
            marks.append((times.x(mark.at), f"{day}{hour_in_prose(local, language)} {mark.label}"))
    return marks


def _flags(marks: list[tuple[float, str]], sheet_width: float) -> tuple[list[Flag], list[str]]:
    """Labels at their lines; when they do not fit, digits at the lines and a key below the plot."""
    flags = place_flags(marks, left=0, right=sheet_width - 2, size=SIZE)
    if flags is not None:
        return flags, []
    key = [fit(f"{index}. {label}", SIZE, sheet_width - 4) for index, (_, label) in enumerate(marks, 1)]
    return place_digits([x for x, _ in marks], size=SIZE), key


def _end_lines(figure: Curve, language: str, room: float) -> list[list[str]]:
    """What the line ends on, then the band; the band's words take two lines when one is wider than `room`."""
    words = WORDS[language]
    ends = [[f"{words['end']}{words['colon']} {whole(figure.points[-1][1], language)}"]]
    if not figure.band:
        return ends
    head, values = _habit(figure, language)
    return [*ends, [f"{head} {values}"] if text_width(f"{head} {values}", SIZE) <= room else [head, values]]


def _habit(figure: Curve, language: str) -> tuple[str, str]:
    words, (low, high) = WORDS[language], figure.band[-1]
    head = f"{words['habit']}{words['colon']}"
    if round(low) == round(high):
        return head, whole(low, language)
    return head, f"{whole(low, language)} {words['to']} {whole(high, language)}"


def _draw_axes(pen: Pen, plan: _Plan, language: str) -> None:
    for count in plan.lines:
        y = plan.counts.y(count)
        pen.draw("line", "chart-grid", x1=plan.times.left, x2=plan.times.right, y1=y, y2=y)
        pen.text(whole(count, language), plan.times.left - 8, y + 4, anchor="end", size=SIZE)
    for x, label in plan.times.ticks(language, SIZE):
        pen.text(label, inside(label, x, plan.width), plan.counts.bottom + 20, anchor="middle", size=SIZE)
    for index, line in enumerate(plan.key):
        pen.text(line, 0, plan.counts.bottom + 20 + LINE * (index + 1), size=SIZE)


def _draw_band(pen: Pen, plan: _Plan) -> None:
    if not plan.figure.band:
        return
    xs = [plan.times.x(at) for at, _ in plan.figure.points]
    band = plan.figure.band
    if len(xs) == 1:
        xs, band = [plan.times.left, plan.times.right], band * 2
    lower = [(x, plan.counts.y(low)) for x, (low, _) in zip(xs, band, strict=True)]
    upper = [(x, min(plan.counts.y(high), y - THINNEST_BAND)) for (x, y), (_, high) in zip(lower, band, strict=True)]
    pen.draw("path", "chart-band", d=_path(upper + lower[::-1]) + "Z")


def _draw_unheard(pen: Pen, plan: _Plan) -> None:
    for since, until in _unheard(plan.figure):
        draw_hatch(pen, plan.times.x(since), plan.times.x(until), plan.counts.top, plan.counts.bottom)


def _draw_line(pen: Pen, plan: _Plan) -> None:
    spots = [(plan.times.x(at), plan.counts.y(count)) for at, count in plan.figure.points]
    pen.draw("path", "chart-line", d=_path(spots))
    pen.draw("circle", "chart-end", cx=spots[-1][0], cy=spots[-1][1], r=3.5)


def _draw_flags(pen: Pen, plan: _Plan) -> None:
    for flag in plan.flags:
        baseline = plan.counts.top - 4 - LINE * flag.row - 4
        pen.draw("line", "chart-mark", x1=flag.x, x2=flag.x, y1=baseline - 9, y2=plan.counts.bottom)
        edge = flag.left if flag.anchor == "start" else flag.right
        pen.text(flag.text, edge, baseline, anchor=flag.anchor, size=SIZE)


def _draw_ends(pen: Pen, plan: _Plan) -> None:
    """The words at the end of line and band, moved apart when the two end close to each other."""
    (ending, *habit), line_y = plan.end_lines, plan.counts.y(plan.figure.points[-1][1])
    labels = [(line_y, ending[0], True)]
    if habit:
        band_y = plan.counts.y(sum(plan.figure.band[-1]) / 2)
        labels += [(band_y, text, False) for text in habit[0]]
        labels.sort(key=lambda label: label[0])
    heights = spread([y for y, _, _ in labels], LINE, top=plan.counts.top, bottom=plan.counts.bottom)
    for (_, text, strong), height in zip(labels, heights, strict=True):
        pen.text(text, plan.times.right + 10, height + 4, strong=strong, size=SIZE)


def _path(spots: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
