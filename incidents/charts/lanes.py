"""Rows of a drawing, each with its label and its count: the label beside the row, above it where room is short."""

from collections.abc import Sequence
from dataclasses import dataclass

from incidents.charts.measure import fit, text_width
from incidents.charts.svg import Pen

SIZE = 12
LINE = 16.0
MOST_BESIDE = 0.35  # of the width: beyond, labels would take the room of what they name


@dataclass(frozen=True)
class Lanes:
    """Where each row lies: the plot from `left` to `right`, counts at the right edge of the sheet."""

    labels: Sequence[str]
    counts: Sequence[str]
    width: float
    height: float
    left: float
    right: float
    mark: float
    is_stacked: bool

    @property
    def end(self) -> float:
        """The foot of the last row."""
        return self.pitch * len(self.labels)

    @property
    def pitch(self) -> float:
        """From one row to the next."""
        return self.height + (LINE if self.is_stacked else 0)

    def bottom(self, index: int) -> float:
        """The foot of a row's plot."""
        return self.pitch * (index + 1) - 2

    def middle(self, index: int) -> float:
        """Half-way up a row's plot."""
        return self.pitch * (index + 1) - self.height / 2

    def baseline(self, index: int) -> float:
        """Of a row's label."""
        return self.pitch * index + 12 if self.is_stacked else self.middle(index) + 4

    def write(self, pen: Pen, index: int) -> None:
        """Adds a row's label and its count."""
        room = self.width - self.mark - text_width(self.counts[index], SIZE, strong=True) - 8
        pen.text(fit(self.labels[index], SIZE, room), self.mark, self.baseline(index), size=SIZE)
        pen.text(self.counts[index], self.width, self.baseline(index), anchor="end", strong=True, size=SIZE)


def lay_out(labels: Sequence[str], counts: Sequence[str], *, width: float, height: float, mark: float = 0.0) -> Lanes:
    """One row a label, `height` high without its label; `mark` is the room kept before the labels."""
    widest = mark + max((text_width(label, SIZE) for label in labels), default=0)
    counted = max((text_width(count, SIZE, strong=True) for count in counts), default=0)
    is_stacked = widest + 20 > width * MOST_BESIDE
    left = 8.0 if is_stacked else widest + 20
    right = width - (8 if is_stacked else counted + 16)
    return Lanes(labels, counts, width, height, left, right, mark, is_stacked)
