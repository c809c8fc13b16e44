"""The role strip of an incident's reading."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import template

from incidents.charts import Svg, draw_strip
from incidents.charts.figures import Role, Strip, StripRow
from incidents.detection.propagation_layout import MARKS
from incidents.detection.roles_words import ROLES, SHAPES
from incidents.templatetags.outlooks import NARROW, reading_language

register = template.Library()

WIDE = 680

_TITLE = {"fr": "Qui a parlé, quand", "en": "Who spoke, when"}
_SHORT = {  # a phone has no room for more
    "customer": {"fr": "client", "en": "customer"},
    "spectator": {"fr": "popcorn", "en": "popcorn"},
}
_UNIT = {"fr": "Un signe par message", "en": "One sign a message"}


@register.simple_tag
def strip_drawing(found: Mapping[str, Any], width: str = "wide") -> Svg | None:
    """One row a role, one shape a message; None when no role stands out."""
    rows = found.get("strip") or []
    if not rows or "at" not in rows[0]:  # a reading kept by an earlier version
        return None
    language = reading_language()
    is_narrow = width == "narrow"
    figure = Strip(_TITLE[language], _UNIT[language], tuple(_row(row, language, is_narrow) for row in rows))
    units = NARROW if is_narrow else WIDE
    return draw_strip(figure, language=language, zone=ZoneInfo(found["zone"]), width=units, name=f"strip-{width}")


@register.inclusion_tag("components/role_mark.html")
def part_mark(role: str) -> dict[str, str]:
    """The shape and the words of what an account does in this incident."""
    return {"mark": MARKS[role], "words": ROLES[role][reading_language()].split(" ", 1)[1]}


@register.inclusion_tag("components/role_mark.html")
def shape_mark(shape: str) -> dict[str, str]:
    """A shape of a drawing with all that it stands for."""
    return {"mark": shape, "words": SHAPES[shape][reading_language()]}


def _row(row: Mapping[str, Any], language: str, is_narrow: bool) -> StripRow:
    shape = cast(Role, MARKS[row["role"]])
    label = row["words"][language].split(" ", 1)[1]  # its sign is drawn
    if is_narrow:
        label = _SHORT.get(row["role"], {}).get(language, label)
    return StripRow(label, shape, tuple(datetime.fromisoformat(at) for at in row["at"]))
