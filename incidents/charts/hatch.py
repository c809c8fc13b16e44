"""Slanted lines over what is not known: they are read in grey, in the dark and on paper alike."""

from incidents.charts.svg import Pen

APART = 8.0
NARROWEST = 3.0  # a gap of a minute in a curve of a month is still seen


def draw_hatch(pen: Pen, left: float, right: float, top: float, bottom: float) -> None:
    """Adds slanted lines from `left` to `right`, cut at the edges; drawn as lines, since a pattern needs an id."""
    right = max(right, left + NARROWEST)
    height = bottom - top
    lines = []
    foot = left - height
    while foot < right:
        begin, end = max(foot, left), min(foot + height, right)
        if begin < end:
            lines.append(f"M{begin:.1f} {bottom - (begin - foot):.1f}L{end:.1f} {bottom - (end - foot):.1f}")
        foot += APART
    edges = f"M{left:.1f} {top:.1f}V{bottom:.1f}M{right:.1f} {top:.1f}V{bottom:.1f}"
    pen.draw("path", "chart-hatch", d="".join(lines) + edges)
