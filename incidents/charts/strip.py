"""The role strip: one row a role, one shape a message. It reads in two seconds."""

from zoneinfo import ZoneInfo

from incidents.charts.figures import Strip
from incidents.charts.lanes import lay_out
from incidents.charts.measure import inside
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
    counts = [whole(len(row.at), language) for row in figure.rows]
    lanes = lay_out([row.label for row in figure.rows], counts, width=width, height=ROW)
    instants = [at for row in figure.rows for at in row.at]
    times = TimeScale(min(instants), max(instants), lanes.left, lanes.right, zone)
    for index, row in enumerate(figure.rows):
        y = lanes.middle(index)
        lanes.write(pen, index)
        pen.draw("line", "chart-grid", x1=times.left - 6, x2=times.right + 6, y1=y, y2=y)
        for spot in sorted({round(times.x(at)) for at in row.at}):
            draw_shape(pen, row.role, spot, y, 4.5)
    for x, label in times.ticks(language, SIZE):
        pen.text(label, inside(label, x, width), lanes.end + 20, anchor="middle", size=SIZE)
    height = lanes.end + 24
    return pen.sheet(width, height, title=figure.title, description=describe_strip(figure, language), name=name)


def describe_strip(figure: Strip, language: str) -> str:
    """The drawing in words: how many messages each role sent."""
    one, many, colon = WORDS[language]
    counts = [
        f"{row.label}{colon} {whole(len(row.at), language)} {one if len(row.at) < 2 else many}" for row in figure.rows
    ]
    return f"{figure.unit}. {', '.join(counts)}."
