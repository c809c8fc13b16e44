"""Figures as SVG, drawn once on the server and the same in page, PDF and mail. No Django here.

`skin="page"` leaves colours to the style sheet (charts.css); `skin="paper"` writes them as attributes.
"""

from incidents.charts.curve import describe_curve, draw_curve
from incidents.charts.shapes import role_mark
from incidents.charts.sparkline import draw_sparkline
from incidents.charts.strip import describe_strip, draw_strip
from incidents.charts.svg import Svg

__all__ = ["Svg", "describe_curve", "describe_strip", "draw_curve", "draw_sparkline", "draw_strip", "role_mark"]
