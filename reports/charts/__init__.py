"""Figures as SVG, drawn once on the server and the same in page, PDF and mail. No Django here.

`skin="page"` leaves colours to the style sheet (charts.css); `skin="paper"` writes them as attributes.
"""

from reports.charts.curve import describe_curve, draw_curve
from reports.charts.shapes import role_mark
from reports.charts.sparkline import draw_sparkline
from reports.charts.strip import describe_strip, draw_strip
from reports.charts.svg import Svg

__all__ = ["Svg", "describe_curve", "describe_strip", "draw_curve", "draw_sparkline", "draw_strip", "role_mark"]
