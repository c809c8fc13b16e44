"""The cascade as a static graph: one shape a post, a line from each to what it answers."""

from dataclasses import dataclass

from incidents.charts.figures import FigureError, Role
from incidents.charts.measure import fit, text_width
from incidents.charts.shapes import draw_shape
from incidents.charts.svg import Pen, Skin, Svg
from incidents.charts.times import whole

SIZE = 12
MARGIN = 22.0
ROOM_FOR_A_NAME = 85.0  # of width: the posts with most under them bear their account's name
PHONE = 400.0  # narrower drawings stand upright
WORDS = {
    "fr": ("message dessiné", "messages dessinés", "lien", "liens"),
    "en": ("post drawn", "posts drawn", "link", "links"),
}


@dataclass(frozen=True)
class Spot:
    """A post at (x, y), each between 0 and 1; `below` posts hang under it. `is_seen`: it was collected."""

    x: float
    y: float
    below: int
    role: Role = ""
    label: str = ""
    is_seen: bool = True


@dataclass(frozen=True)
class Graph:
    """Posts and the links between them, (answer, answered) by position among `spots`. `title` states the finding."""

    title: str
    unit: str
    spots: tuple[Spot, ...]
    links: tuple[tuple[int, int], ...]

    def __post_init__(self) -> None:
        if not self.spots:
            raise FigureError("A graph needs at least one post.")
        if any(not 0 <= end < len(self.spots) for link in self.links for end in link):
            raise FigureError("A link of a graph joins two of its posts.")


def draw_graph(figure: Graph, *, language: str, width: int = 680, skin: Skin = "page", name: str = "graph") -> Svg:
    """The drawing, `width` units wide: links below, then shapes, the names of the heaviest posts on top."""
    pen = Pen(skin)
    height = round(width * 1.15) if width < PHONE else round(min(width * 0.72, 460))
    places = [
        (MARGIN + spot.x * (width - 2 * MARGIN), MARGIN + spot.y * (height - 2 * MARGIN)) for spot in figure.spots
    ]
    for answer, answered in figure.links:
        (x1, y1), (x2, y2) = places[answer], places[answered]
        pen.draw("line", "chart-grid", x1=x1, y1=y1, x2=x2, y2=y2)
    for spot, (x, y) in zip(figure.spots, places, strict=True):
        if spot.is_seen:
            draw_shape(pen, spot.role, x, y, radius(spot))
        else:
            pen.draw("circle", "chart-mark", cx=x, cy=y, r=radius(spot), fill="none")
    _write_names(pen, figure, places, width)
    return pen.sheet(width, height, title=figure.title, description=describe_graph(figure, language), name=name)


def describe_graph(figure: Graph, language: str) -> str:
    """The drawing in words: how many posts, how many links."""
    post, posts, link, links = WORDS[language]
    many, joined = len(figure.spots), len(figure.links)
    drawn = f"{whole(many, language)} {post if many < 2 else posts}"
    return f"{figure.unit}. {drawn}, {whole(joined, language)} {link if joined < 2 else links}."


def radius(spot: Spot) -> float:
    """A post's size: it grows with the square root of what hangs under it, as an area does."""
    return min(3.5 + spot.below**0.5, 12.0)


def _write_names(pen: Pen, figure: Graph, places: list[tuple[float, float]], width: float) -> None:
    """The names of the heaviest posts, each left out where it would cover one already written."""
    taken: list[tuple[float, float, float]] = []
    heaviest = sorted(range(len(places)), key=lambda index: -figure.spots[index].below)[: int(width // ROOM_FOR_A_NAME)]
    for spot, (x, y) in ((figure.spots[index], places[index]) for index in heaviest):
        label = fit(spot.label, SIZE, width * 0.3)
        wide = text_width(label, SIZE)
        left = min(max(x - wide / 2, 2.0), width - wide - 2)
        line = y - radius(spot) - 4 if y > MARGIN + SIZE else y + radius(spot) + SIZE
        if label and not any(
            abs(line - other) < SIZE and left < end and start < left + wide for start, end, other in taken
        ):
            taken.append((left, left + wide, line))
            pen.text(label, left, line, size=SIZE)
