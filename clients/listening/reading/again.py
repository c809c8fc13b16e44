"""What deserves a second reading. Apart from the tier that does it, so that who only asks loads no vectors."""

from collections.abc import Mapping

from clients.listening.reading.labels import UNCERTAIN

AXES = ("intent", "sentiment", "attack")
_OPEN = {"intent": {UNCERTAIN}, "sentiment": {UNCERTAIN}, "attack": {UNCERTAIN, "yes"}}


def read_again(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return the axes worth it by the first reading's answers: what it left open, and what it calls an attack."""
    return tuple(axis for axis in AXES if values.get(axis) in _OPEN[axis])
