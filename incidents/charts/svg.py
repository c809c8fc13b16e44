"""Writing SVG without a template: escaped text, presentation attributes only (a strict CSP refuses `style`)."""

import re
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

Skin = Literal["page", "paper"]

# What XML 1.0 cannot carry, and the marks that turn the direction of a line around.
UNWRITABLE = re.compile(
    "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)

# The light tokens of UX.md, for paper and mail where no style sheet follows.
PAPER_COLOURS: dict[str, dict[str, str]] = {
    "chart-text": {"fill": "#57516B"},
    "chart-strong": {"fill": "#1E1A29", "font-weight": "600"},
    "chart-grid": {"stroke": "#D9D3E0", "stroke-width": "1"},
    "chart-band": {"fill": "#D9D3E0"},
    "chart-hatch": {"stroke": "#B9B2C4", "stroke-width": "1", "fill": "none"},
    "chart-hollow": {"fill": "#FFFFFF", "stroke": "#57408F", "stroke-width": "1.5"},
    "chart-range": {"fill": "#B9A9DB", "stroke": "#57408F", "stroke-width": "1.5"},
    "chart-thin": {"stroke": "#57516B", "stroke-width": "1", "fill": "none"},
    "chart-mark": {"stroke": "#57516B", "stroke-width": "1", "stroke-dasharray": "3 2"},
    "chart-line": {"stroke": "#57408F", "stroke-width": "2", "fill": "none", "stroke-linejoin": "round"},
    "chart-end": {"fill": "#57408F"},
    "role-instigator": {"fill": "#A6350B", "stroke": "#A6350B"},
    "role-pack": {"fill": "#8A5200", "stroke": "#8A5200"},
    "role-popcorn": {"fill": "none", "stroke": "#57516B"},
    "role-customer": {"fill": "#1F5F8B", "stroke": "#1F5F8B"},
    "role-ally": {"fill": "#1C6B50", "stroke": "#1C6B50"},
    "role-media": {"fill": "#57408F", "stroke": "#57408F"},
    "role-none": {"fill": "#57516B", "stroke": "#57516B"},
}


class Svg(str):
    """Markup that is already escaped: Django's autoescape leaves it alone because of `__html__`."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def clean(text: str) -> str:
    """The text without what XML forbids and without marks of direction."""
    return UNWRITABLE.sub("", text)


def element(name: str, content: str = "", **attributes: str | float) -> str:
    """One element; `content` is markup. An attribute's `_` becomes `-`, a trailing one is dropped (`class_`)."""
    written = "".join(f" {key.rstrip('_').replace('_', '-')}={quoteattr(_value(v))}" for key, v in attributes.items())
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def _value(value: str | float) -> str:
    return clean(value) if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


class Pen:
    """Draws elements in one skin: by class names for a page, with explicit colours on paper."""

    def __init__(self, skin: Skin) -> None:
        self.skin = skin
        self.parts: list[str] = []

    def draw(self, name: str, look: str, content: str = "", **attributes: str | float) -> None:
        """Adds one element that looks like `look` (a class of charts.css, a key of PAPER_COLOURS)."""
        dress = {"class_": look} if self.skin == "page" else dict(PAPER_COLOURS[look])
        self.parts.append(element(name, content, **{**dress, **attributes}))

    def text(self, words: str, x: float, y: float, *, anchor: str = "start", strong: bool = False, size: int) -> None:
        """Adds one line of text with its baseline at (x, y), `size` in the drawing's units."""
        look = "chart-strong" if strong else "chart-text"
        self.draw("text", look, escape(clean(words)), x=x, y=y, font_size=size, text_anchor=anchor)

    def sheet(self, width: float, height: float, *, title: str, description: str, name: str) -> Svg:
        """The finished drawing. `name` makes the ids of title and description unique within a page."""
        heads = element("title", escape(clean(title)) or " ", id=f"{name}-title")
        heads += element("desc", escape(clean(description)) or " ", id=f"{name}-desc")
        dress: dict[str, str | float] = {"class_": "chart"} if self.skin == "page" else {"font_family": "Rempart Sans"}
        return Svg(
            element(
                "svg",
                heads + "".join(self.parts),
                xmlns="http://www.w3.org/2000/svg",
                viewBox=f"0 0 {_value(width)} {_value(height)}",
                role="img",
                aria_labelledby=f"{name}-title {name}-desc",
                **dress,
            )
        )
