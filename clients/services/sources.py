"""What a person does with a source: try it, have it read at once, begin again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from clients.listening.collectors import registry
from clients.listening.collectors.protocol import CollectError, OutgoingNetwork
from clients.listening.words import Words
from clients.models import Source


@dataclass(frozen=True)
class Trial:
    """What an address answered: how many entries and the first one's title, or why nothing could be read."""

    count: int | None = None
    first: str = ""
    words: Words | None = None


def try_address(*, url: str, settings: Mapping[str, Any], http: OutgoingNetwork, now: datetime) -> Trial:
    """Reads a feed once and keeps nothing: for a person about to add it."""
    try:
        fetched = registry.fetch("feed", {**settings, "url": url}, {}, http=http, now=now)
    except CollectError as failure:
        return Trial(words=Words(failure.words_fr, failure.words_en))
    first = fetched.mentions[0] if fetched.mentions else None
    return Trial(len(fetched.mentions), (first.title or first.text)[:80] if first else "")


def read_now(*, source: Source, now: datetime) -> bool:
    """Makes the source due at once; False when it is stopped or not one that we read."""
    readable = Source.objects.filter(pk=source.pk, is_active=True, kind__in=registry.COLLECTORS)
    return bool(readable.update(due_at=now, failures=0))


def begin_again(*, source: Source, now: datetime) -> None:
    """A person changed the source: its failures are forgotten, a reading under way is dropped, it is read at once."""
    Source.objects.filter(pk=source.pk).update(
        claimed_until=None, due_at=now if source.is_active else None, failures=0, last_error="", last_error_en=""
    )
