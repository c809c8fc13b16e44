"""What the pages of a reading draw of how an incident spread."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from incidents.charts import Svg
from incidents.charts.graph import Graph, Spot, draw_graph

register = template.Library()
NARROW = 330


@dataclass(frozen=True, slots=True)
class Drawn:
    """One drawing for a wide screen and for a phone."""

    title: str
    unit: str
    wide: Svg
    narrow: Svg


@register.simple_tag
def spread_drawing(found: Mapping[str, Any]) -> Drawn | None:
    """The graph of a cascade; None while nothing hangs together."""
    graph = found.get("graph") or {}
    spots = [
        Spot(spot["x"], spot["y"], spot["below"], spot["role"], spot["label"], spot["seen"])
        for spot in graph.get("spots", [])
    ]
    if not spots:
        return None
    language = "en" if (get_language() or "fr").startswith("en") else "fr"
    unit = _("One shape a post, the larger the more hangs under it; a dashed ring is a post that was not collected")
    links = tuple((answer, answered) for answer, answered in graph["links"])
    figure = Graph(found["summary"][language], unit, tuple(spots), links)
    wide = draw_graph(figure, language=language, name="spread-wide")
    narrow = draw_graph(figure, language=language, width=NARROW, name="spread-narrow")
    return Drawn(figure.title, unit, wide, narrow)
