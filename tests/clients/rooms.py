"""Small makers of a client's rows, for tests."""

from datetime import datetime

from clients.listening.health import Health
from clients.listening.raw import RawMention
from clients.models import Brand, Source, Watch
from clients.selectors.hearing import hearing
from tests.conftest import NOW


def feed(name: str = "Presse", **fields: object) -> Source:
    """A source that reads a feed."""
    return Source.objects.create(**{"name": name, "kind": "feed", "url": "http://127.0.0.1:9/feed", **fields})


def said(number: int | str, text: str = "Le colis n’est jamais arrivé", **fields: object) -> RawMention:
    """Something that somebody published at NOW."""
    given: dict[str, object] = {"external_id": f"p{number}", "text": text, "published_at": NOW, "network": "web"}
    return RawMention(**{**given, **fields})  # type: ignore[arg-type]


def watch(include: list[str], brand: str = "Aldane", **fields: object) -> Watch:
    """A watch of the brand for these words."""
    house, _ = Brand.objects.get_or_create(name=brand)
    return Watch.objects.create(**{"brand": house, "name": f"{brand} {include}", "include": include, **fields})


def at(hour: int, minute: int = 0) -> datetime:
    """That hour (UTC) on the day of NOW."""
    return NOW.replace(hour=hour, minute=minute)


def health_of(source: Source, now: datetime) -> Health:
    """How the source is, as its page would say."""
    return next(one.health for one in hearing(now).ears if one.ear.id == source.pk)
