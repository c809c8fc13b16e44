"""The shape of each role: a colour is never alone in telling who spoke."""

from incidents.charts.svg import Pen, Skin, Svg, element


def look_of(role: str) -> str:
    """The class of a role; accounts without a role have their own."""
    return f"role-{role or 'none'}"


def draw_shape(pen: Pen, role: str, x: float, y: float, radius: float) -> None:
    """Adds the shape of `role` centred on (x, y)."""
    look = look_of(role)
    match role:
        case "instigator":
            pen.draw("path", look, d=_polygon(x, y, radius * 1.25, ((0, -1), (1, 0), (0, 1), (-1, 0))))
        case "pack":
            pen.draw("path", look, d=_polygon(x, y, radius * 1.15, ((0, -1), (1, 0.85), (-1, 0.85))))
        case "customer":
            pen.draw("path", look, d=_polygon(x, y, radius * 0.9, ((-1, -1), (1, -1), (1, 1), (-1, 1))))
        case "media":
            pen.draw("path", look, d=_card(x, y, radius * 1.1))
        case "ally":
            pen.draw("path", look, d=_cross(x, y, radius * 1.1))
        case "popcorn":
            pen.draw("circle", look, cx=x, cy=y, r=radius * 0.8, stroke_width=1.5)
        case _:
            pen.draw("circle", look, cx=x, cy=y, r=radius * 0.8)


def role_mark(role: str, skin: Skin = "page") -> Svg:
    """The shape alone, 12 by 12, beside the role's word: decoration, hidden from screen readers."""
    pen = Pen(skin)
    draw_shape(pen, role, 6, 6, 4.5)
    return Svg(
        element(
            "svg",
            "".join(pen.parts),
            xmlns="http://www.w3.org/2000/svg",
            viewBox="0 0 12 12",
            width=12,
            height=12,
            aria_hidden="true",
            **({"class_": "chart-role"} if skin == "page" else {}),
        )
    )


def _polygon(x: float, y: float, radius: float, corners: tuple[tuple[float, float], ...]) -> str:
    return "M" + "L".join(f"{x + dx * radius:.1f} {y + dy * radius:.1f}" for dx, dy in corners) + "Z"


def _card(x: float, y: float, radius: float) -> str:
    """A sheet, empty below its heading: the hole turns the other way round, so that filling leaves it alone."""
    sheet = ((-1, -0.8), (1, -0.8), (1, 0.8), (-1, 0.8))
    hole = ((-0.65, 0), (-0.65, 0.45), (0.65, 0.45), (0.65, 0))
    return _polygon(x, y, radius, sheet) + _polygon(x, y, radius, hole)


def _cross(x: float, y: float, radius: float) -> str:
    arm = 0.32
    corners = ((-arm, -1), (arm, -1), (arm, -arm), (1, -arm), (1, arm), (arm, arm))
    return _polygon(x, y, radius, corners + tuple((-dx, -dy) for dx, dy in corners))
