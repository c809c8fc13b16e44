"""The stored form of a lookout: tuples of numbers, small as JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from .lookout import Lookout
from .rarity import Tail
from .season import Season

Numbers = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Memory:
    """A lookout at rest. Lengths: 24 hours, 2 kinds of day, 3 windows, 36 recent buckets, up to 504 hourly maxima."""

    counts: Numbers
    exposure: Numbers
    day_counts: Numbers
    day_expected: Numbers
    recent: tuple[int, ...]
    expected: Numbers
    seen: tuple[tuple[int, float], ...]
    spread_sums: Numbers
    spread_weights: Numbers
    tails: tuple[Numbers, ...]
    largest: Numbers
    envelope: Numbers
    alarmed_at: int
    silence: float
    watched: int
    trusted_from: int
    hour_known: int
    hour_rates: Numbers
    hour_factor: float
    place: tuple[int, int]

    def to_json(self) -> dict[str, Any]:
        """Return plain values; tuples become lists once written as JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        """Rebuild from `to_json`, lists becoming tuples again; TypeError when a field is missing or unknown."""
        return cls(**{key: _tuples(value) for key, value in plain.items()})


def freeze(watch: Lookout) -> Memory:
    """Return the stored form of a lookout."""
    return Memory(
        counts=tuple(watch.season.counts),
        exposure=tuple(watch.season.exposure),
        day_counts=tuple(watch.season.day_counts),
        day_expected=tuple(watch.season.day_expected),
        recent=tuple(watch.recent),
        expected=tuple(watch.expected),
        seen=tuple(watch.seen),
        spread_sums=tuple(watch.spread_sums),
        spread_weights=tuple(watch.spread_weights),
        tails=tuple(tuple(tail.blocks) for tail in watch.tails),
        largest=tuple(watch.largest),
        envelope=tuple(watch.envelope),
        alarmed_at=watch.alarmed_at,
        silence=watch.silence,
        watched=watch.watched,
        trusted_from=watch.trusted_from,
        hour_known=watch.hour_known,
        hour_rates=tuple(watch.hour_rates),
        hour_factor=watch.hour_factor,
        place=watch.place,
    )


def thaw(memory: Memory) -> Lookout:
    """Return a working copy that goes on exactly where the stored one stopped."""
    watch = Lookout()
    watch.season = Season(memory.counts, memory.exposure, memory.day_counts, memory.day_expected)
    watch.recent, watch.expected, watch.seen = list(memory.recent), list(memory.expected), list(memory.seen)
    watch.spread_sums, watch.spread_weights = list(memory.spread_sums), list(memory.spread_weights)
    watch.tails = tuple(Tail(blocks) for blocks in memory.tails)
    watch.largest, watch.envelope = list(memory.largest), list(memory.envelope)
    watch.alarmed_at, watch.silence = memory.alarmed_at, memory.silence
    watch.watched, watch.trusted_from = memory.watched, memory.trusted_from
    watch.hour_known, watch.hour_rates = memory.hour_known, memory.hour_rates
    watch.hour_factor, watch.place = memory.hour_factor, memory.place
    return watch


def _tuples(value: Any) -> Any:
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value
