"""The role strip: one row a role, one shape a message. It reads in two seconds."""

from zoneinfo import ZoneInfo

from incidents.charts.figures import Strip
from incidents.charts.measure import fit, text_width
from incidents.charts.scales import TimeScale
from incidents.charts.shapes import draw_shape
from incidents.charts.svg import Pen, Skin, Svg
from incidents.charts.times import NO_BREAK, whole

SIZE = 12
ROW = 24
WORDS = {"fr": ("message", "messages", f"{NO_BREAK}:"), "en": ("message", "messages", ":")}


def draw_strip(
    figure: Strip, *, language: str, zone: ZoneInfo, width: int = 680, skin: Skin = "page", name: str = "strip"
) -> Svg:
    """The drawing, `width` units wide. Messages that would fall on the same spot are drawn once; the count says all."""
    pen = Pen(skin)
    times = _times(figure, language, zone, width)
    height = ROW * len(figure.rows) + 24
    for index, row in enumerate(figure.rows):
        y = ROW * index + ROW / 2
        pen.text(fit(row.label, SIZE, times.left - 14), 0, y + 4, size=SIZE)
        pen.draw("line", "chart-grid", x1=times.left - 6, x2=times.right + 6, y1=y, y2=y)
        for spot in sorted({round(times.x(at)) for at in row.at}):
            draw_shape(pen, row.role, spot, y, 4.5)
        pen.text(whole(len(row.at), language), width, y + 4, anchor="end", strong=True, size=SIZE)
    for x, label in times.ticks(language, SIZE):
        pen.text(label, x, height - 4, anchor="middle", size=SIZE)
    return pen.sheet(width, height, title=figure.title, description=describe_strip(figure, language), name=name)


def describe_strip(figure: Strip, language: str) -> str:
    """The drawing in words: how many messages each role sent."""
    one, many, colon = WORDS[language]
    counts = [
        f"{row.label}{colon} {whole(len(row.at), language)} {one if len(row.at) < 2 else many}" for row in figure.rows
    ]
    return f"{figure.unit}. {', '.join(counts)}."


def _times(figure: Strip, language: str, zone: ZoneInfo, sheet_width: float) -> TimeScale:
    instants = [at for row in figure.rows for at in row.at]
    labels = max((text_width(row.label, SIZE) for row in figure.rows), default=0)
    counts = max((text_width(whole(len(row.at), language), SIZE, strong=True) for row in figure.rows), default=0)
    left, right = min(labels + 20, sheet_width * 0.35), sheet_width - counts - 16
    return TimeScale(min(instants), max(instants), left, right, zone)
