"""Accounts, and what is known here of each."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Min, Q, QuerySet

from clients.models import Author, Mention, MentionVersion, Suppression

FOUND_AT_MOST = 20


@dataclass(frozen=True)
class Traces:
    """What an account left here: the mentions, their earlier versions, and the first and last date."""

    mentions: int
    versions: int
    first_at: datetime | None
    last_at: datetime | None


def found(words: str) -> list[Author]:
    """The accounts whose handle or name begins with the words, or whose address is theirs; twenty at most."""
    wanted = words.strip().removeprefix("@")
    if not wanted:
        return []
    alike = Q(handle__istartswith=wanted) | Q(name__istartswith=wanted) | Q(url=words.strip())
    return list(Author.objects.filter(alike, erased_at__isnull=True).order_by("handle", "pk")[:FOUND_AT_MOST])


def same_account(author: Author) -> QuerySet[Author]:
    """The account, however its handle was written."""
    return Author.objects.filter(network=author.network, handle__iexact=author.handle)


def traces_of(author: Author) -> Traces:
    """What would be touched if the account was erased."""
    mentions = Mention.objects.filter(author__in=same_account(author))
    when = mentions.aggregate(first=Min("published_at"), last=Max("published_at"))
    versions = MentionVersion.objects.filter(mention__in=mentions)
    return Traces(mentions.count(), versions.count(), when["first"], when["last"])


def suppressions() -> QuerySet[Suppression]:
    """Those that were erased, the latest first. No identity is left in them."""
    return Suppression.objects.select_related("author")
