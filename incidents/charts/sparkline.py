"""A curve the size of a word, for lists: no axis, its last point marked, its story in its description."""

from collections.abc import Sequence

from incidents.charts.svg import Pen, Skin, Svg


def draw_sparkline(
    counts: Sequence[int], *, title: str, description: str, width: int = 120, skin: Skin = "page", name: str = "spark"
) -> Svg:
    """The drawing, 28 units high. One count or none draws a flat line at the bottom."""
    height, edge = 28, 4
    values = [*counts] if len(counts) > 1 else [*counts, *counts] or [0, 0]
    most = max([*values, 1])
    step = (width - 2 * edge) / (len(values) - 1)
    spots = [(edge + i * step, height - edge - count / most * (height - 2 * edge)) for i, count in enumerate(values)]
    pen = Pen(skin)
    pen.draw("path", "chart-line", d="M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots))
    pen.draw("circle", "chart-end", cx=spots[-1][0], cy=spots[-1][1], r=3)
    return pen.sheet(width, height, title=title, description=description, name=name)
