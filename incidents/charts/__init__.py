"""Figures as SVG, drawn once on the server and the same in page, PDF and mail. No Django here.

`skin="page"` leaves colours to the style sheet (charts.css); `skin="paper"` writes them as attributes.
"""

from incidents.charts.cadence import describe_cadence, draw_cadence
from incidents.charts.curve import describe_curve, draw_curve
from incidents.charts.foresight import describe_foresight, draw_foresight
from incidents.charts.shapes import role_mark
from incidents.charts.sparkline import draw_sparkline
from incidents.charts.strip import describe_strip, draw_strip
from incidents.charts.svg import Svg
from incidents.charts.tally import describe_tally, draw_tally

__all__ = [
    "Svg",
    "describe_cadence",
    "describe_curve",
    "describe_foresight",
    "describe_strip",
    "describe_tally",
    "draw_cadence",
    "draw_curve",
    "draw_foresight",
    "draw_sparkline",
    "draw_strip",
    "draw_tally",
    "role_mark",
]
