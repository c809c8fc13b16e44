"""Who looks at which mention at the moment: told by the pages that are open, kept in the cache for thirty seconds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from agency.models import User

KEY, SEEN_FOR = "sorting.presence", timedelta(seconds=30)


@dataclass(frozen=True)
class Present:
    """Somebody who has the list open, and the mention shown beside it (None: the list alone)."""

    person_id: int
    name: str
    mention_id: int | None
    seen_at: datetime

    @property
    def initials(self) -> str:
        return "".join(part[0] for part in self.name.split()[:2]).upper()


def tell(person: User, mention_id: int | None, now: datetime) -> list[Present]:
    """Says where the person is; returns who else is there, by name. Nobody, while the cache is away.

    Of two who say so in the same instant one may be missed, until its page says so again ten seconds later.
    """
    known: dict[int, Present] = cache.get(KEY) or {}
    there = {pk: one for pk, one in known.items() if now - SEEN_FOR < one.seen_at <= now and pk != person.pk}
    me = Present(person.pk, str(person), mention_id, now)
    cache.set(KEY, {**there, person.pk: me}, int(SEEN_FOR.total_seconds()))
    return sorted(there.values(), key=lambda one: (one.name, one.person_id))
