"""A clock of 24 hours, midnight at the top: when somebody answers, and when it struck."""

import math
from collections.abc import Sequence

from incidents.charts.svg import Pen, Skin, Svg
from incidents.charts.times import NO_BREAK

SIZE = 12
SIDE = 200
MIDDLE, RING, THICK = SIDE / 2, 70.0, 12.0
DAY = 24 * 60
WORDS = {
    "fr": {
        "title": "L’heure de la frappe sur l’horloge du client",
        "struck": "frappe à {at}",
        "staffed": "heures tenues ce jour-là{colon} {spans}",
        "none": "personne ne répond ce jour-là",
    },
    "en": {
        "title": "The hour of the strike on the client’s clock",
        "struck": "struck at {at}",
        "staffed": "staffed on that day{colon} {spans}",
        "none": "nobody answers on that day",
    },
}


def draw_clock(
    minute: int, staffed: Sequence[Sequence[int]], *, language: str, skin: Skin = "page", name: str = "clock"
) -> Svg:
    """The drawing, 200 by 200. `minute` of the day on the client's clock; `staffed`: (from, to) in such minutes."""
    pen = Pen(skin)
    pen.draw("path", "chart-band", d=_ring(0, DAY // 2) + _ring(DAY // 2, DAY))
    for begin, end in staffed:
        pen.draw("path", "chart-end", d=_ring(begin, end))
    for hour in range(0, 24, 6):
        x, y = _spot(hour * 60, RING + 18)
        pen.text(str(hour), x, y + 4, anchor="middle", size=SIZE)
    (x1, y1), (x2, y2) = _spot(minute, 26), _spot(minute, RING - 14)
    pen.draw("line", "role-instigator", x1=x1, y1=y1, x2=x2, y2=y2, stroke_width=2)
    pen.draw("path", "role-instigator", d=_diamond(*_spot(minute, RING)))
    pen.text(clock(minute), MIDDLE, MIDDLE + 5, anchor="middle", strong=True, size=15)
    words = WORDS[language]
    told = describe_clock(minute, staffed, language)
    return pen.sheet(SIDE, SIDE, title=words["title"], description=told, name=name)


def describe_clock(minute: int, staffed: Sequence[Sequence[int]], language: str) -> str:
    """The drawing in words."""
    words = WORDS[language]
    spans = ", ".join(f"{clock(begin)}–{clock(end)}" for begin, end in staffed)
    colon = f"{NO_BREAK}:" if language == "fr" else ":"
    told = words["staffed"].format(colon=colon, spans=spans) if spans else words["none"]
    return f"{words['struck'].format(at=clock(minute)).capitalize()}, {told}."


def clock(minute: int) -> str:
    """ "21:30"."""
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def _spot(minute: float, radius: float) -> tuple[float, float]:
    angle = minute / DAY * math.tau
    return MIDDLE + radius * math.sin(angle), MIDDLE - radius * math.cos(angle)


def _ring(begin: int, end: int) -> str:
    """The part of the ring from one minute to another, clockwise; a whole day stops just short of itself."""
    end = min(end, begin + DAY - 1)
    outer, inner = RING + THICK / 2, RING - THICK / 2
    (x1, y1), (x2, y2) = _spot(begin, outer), _spot(end, outer)
    (x3, y3), (x4, y4) = _spot(end, inner), _spot(begin, inner)
    large = int(end - begin > DAY / 2)
    there = f"M{x1:.1f} {y1:.1f}A{outer:.0f} {outer:.0f} 0 {large} 1 {x2:.1f} {y2:.1f}"
    return f"{there}L{x3:.1f} {y3:.1f}A{inner:.0f} {inner:.0f} 0 {large} 0 {x4:.1f} {y4:.1f}Z"


def _diamond(x: float, y: float, radius: float = 8) -> str:
    return f"M{x:.1f} {y - radius:.1f}L{x + radius:.1f} {y:.1f}L{x:.1f} {y + radius:.1f}L{x - radius:.1f} {y:.1f}Z"
