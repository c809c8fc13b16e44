"""The role strip when messages are too many for a dot each: one row a role, one column a step, all on one scale."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from incidents.charts.figures import Tally, TallyRow
from incidents.charts.lanes import lay_out
from incidents.charts.measure import inside
from incidents.charts.scales import TimeScale
from incidents.charts.shapes import draw_shape, look_of
from incidents.charts.svg import Pen, Skin, Svg
from incidents.charts.times import NO_BREAK, hour_in_prose, short_day, whole

SIZE = 12
COLUMN_HEIGHT = 26.0
LOWEST = 1.5  # one message among thousands is still seen
MARK = 16.0  # room for the shape of a role before its label
WORDS = {
    "fr": {"colon": f"{NO_BREAK}:", "row": "{total} messages, au plus haut {most} ({at})"},
    "en": {"colon": ":", "row": "{total} messages, highest {most} ({at})"},
}


def draw_tally(
    figure: Tally, *, language: str, zone: ZoneInfo, width: int = 680, skin: Skin = "page", name: str = "tally"
) -> Svg:
    """The drawing, `width` units wide. A row's label stands above it where there is no room beside."""
    pen = Pen(skin)
    lanes = lay_out(
        [row.label for row in figure.rows],
        [whole(sum(row.counts), language) for row in figure.rows],
        width=width,
        height=COLUMN_HEIGHT + 8,
        mark=MARK,
    )
    step = timedelta(minutes=figure.step_minutes)
    times = TimeScale(figure.starts[0], figure.starts[-1] + step, lanes.left, lanes.right, zone)
    most = max(1, *(count for row in figure.rows for count in row.counts))
    for index, row in enumerate(figure.rows):
        bottom = lanes.bottom(index)
        draw_shape(pen, row.role, 6, lanes.baseline(index) - 4, 4.5)
        lanes.write(pen, index)
        pen.draw("line", "chart-grid", x1=lanes.left, x2=lanes.right, y1=bottom, y2=bottom)
        pen.draw("path", look_of(row.role), d=_columns(row, figure, times, bottom, most), stroke_width=0.8)
    for x, label in times.ticks(language, SIZE):
        pen.text(label, inside(label, x, width), lanes.end + 18, anchor="middle", size=SIZE)
    told = describe_tally(figure, language, zone)
    return pen.sheet(width, lanes.end + 24, title=figure.title, description=told, name=name)


def describe_tally(figure: Tally, language: str, zone: ZoneInfo) -> str:
    """The drawing in words: how many messages each role sent, and when most."""
    words, told = WORDS[language], []
    for row in figure.rows:
        most = max(row.counts)
        at = figure.starts[row.counts.index(most)].astimezone(zone)
        when = f"{short_day(at, language)}, {hour_in_prose(at, language)}"
        counts = words["row"].format(total=whole(sum(row.counts), language), most=whole(most, language), at=when)
        told.append(f"{row.label}{words['colon']} {counts}")
    return f"{figure.unit}. {'. '.join(told)}."


def _columns(row: TallyRow, figure: Tally, times: TimeScale, bottom: float, most: int) -> str:
    """One column a step with a message; all of a row are one path, so that a month stays a small drawing."""
    step = timedelta(minutes=figure.step_minutes)
    drawn = []
    for start, count in zip(figure.starts, row.counts, strict=True):
        if count:
            left, right = times.x(start), times.x(start + step)
            top = bottom - max(LOWEST, count / most * COLUMN_HEIGHT)
            drawn.append(f"M{left:.1f} {bottom:.1f}V{top:.1f}H{max(right - 0.5, left + 0.5):.1f}V{bottom:.1f}Z")
    return "".join(drawn) or f"M{times.left:.1f} {bottom:.1f}"
