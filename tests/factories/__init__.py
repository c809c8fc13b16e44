"""Rows for tests, in the schema that is active."""

from datetime import datetime, timedelta

from clients.models import Author, Brand, Contact, Mention, Playbook, PlaybookStep, Source, Watch, WatchHit


def brand(name: str = "Aldane") -> Brand:
    return Brand.objects.get_or_create(name=name)[0]


def watch(name: str = "Nom", **fields: object) -> Watch:
    return Watch.objects.create(brand=brand(), name=name, **fields)


def source(name: str = "Flux") -> Source:
    return Source.objects.get_or_create(name=name, defaults={"kind": "api"})[0]


def contact(email: str = "claire@aldane.test", **fields: object) -> Contact:
    return Contact.objects.create(name=fields.pop("name", "Claire Marchand"), email=email, **fields)


def playbook(code: str = "F-01", *, steps: tuple[str, ...] = ("Suspendre",), **fields: object) -> Playbook:
    """A playbook whose steps are due after 10, 20… minutes."""
    row = Playbook.objects.create(code=code, title=fields.pop("title", f"Fiche {code}"), **fields)
    for place, words in enumerate(steps, start=1):
        PlaybookStep.objects.create(playbook=row, place=place, words=words, due_minutes=10 * place)
    return row


def mention(text: str, at: datetime, *, handle: str = "quelquun", heard_by: Watch | None = None) -> Mention:
    """A mention, caught by a watch when one is given."""
    author = Author.objects.get_or_create(network="web", handle=handle, defaults={"first_seen_at": at})[0]
    row = Mention.objects.create(
        source=source(),
        external_id=f"{handle}-{at.timestamp()}-{Mention.objects.count()}",
        author=author,
        text=text,
        published_at=at,
        collected_at=at,
        read_at=at,
    )
    if heard_by:
        WatchHit.objects.create(watch=heard_by, mention=row, author_id=author.pk, published_at=at)
    return row


def quiet_weeks(heard_by: Watch, until: datetime, *, days: int = 21) -> None:
    """Three quiet weeks: one post every eight hours."""
    for step in range(days * 3, 0, -1):
        mention("Rien de spécial.", until - timedelta(hours=8 * step), handle=f"habitue{step % 7}", heard_by=heard_by)


def strike(heard_by: Watch, begins: datetime, *, accounts: int = 25, minutes: int = 20) -> None:
    """A strike: that many accounts in so many minutes, on the same subject."""
    for number in range(accounts):
        at = begins + timedelta(seconds=number * minutes * 60 / accounts)
        mention("Remboursement refusé, trois semaines d’attente.", at, handle=f"meute{number}", heard_by=heard_by)
