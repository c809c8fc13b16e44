"""The lists that people keep under a name: one's own, or everybody's who sorts for the client."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from agency.models import User
from clients.models import SavedFilter
from clients.selectors.saved_filters import of

MOST = 20  # that one person sees: beyond, nobody finds theirs


@transaction.atomic
def save(*, name: str, query: str, is_shared: bool, by: User, now: datetime) -> SavedFilter:
    """Keeps a list, at the end of the others. `query` as clients.admin.narrowing writes it.

    Raises ValidationError for a name that is empty or too long, taken, or one list too many.
    """
    words = " ".join(name.replace("\0", " ").split())
    if not words or len(words) > 60:
        raise ValidationError(_("Give the list a name, of sixty characters at most."), code="name")
    known = of(by)
    if len(known) >= MOST:
        raise ValidationError(_("Twenty lists at most: remove one first."), code="too_many")
    last = SavedFilter.objects.aggregate(last=Max("rank"))["last"] or 0
    owner = None if is_shared else by
    try:
        with transaction.atomic():
            return SavedFilter.objects.create(
                name=words, query=query, owner=owner, rank=min(last + 1, 32_767), by=by, saved_at=now
            )
    except IntegrityError:
        raise ValidationError(_("A list of that name exists already."), code="taken") from None


@transaction.atomic
def delete(*, number: int, by: User, now: datetime) -> SavedFilter:
    """Puts a list away; `restore` brings it back. Raises SavedFilter.DoesNotExist for another person's own."""
    kept = _held(number, by, deleted_at=None)
    kept.deleted_at = now
    kept.save(update_fields=["deleted_at"])
    return kept


@transaction.atomic
def restore(*, number: int, by: User) -> SavedFilter:
    """Undoes `delete`. Raises ValidationError when its name was given to another one meanwhile."""
    kept = _held(number, by, deleted_at__isnull=False)
    kept.deleted_at = None
    try:
        with transaction.atomic():
            kept.save(update_fields=["deleted_at"])
    except IntegrityError:
        raise ValidationError(_("A list of that name exists already."), code="taken") from None
    return kept


@transaction.atomic
def move_up(*, number: int, by: User) -> None:
    """Changes places with the list above it; the first one stays where it is."""
    shown = of(by)
    places = [one.pk for one in shown]
    if number not in places:
        raise SavedFilter.DoesNotExist
    place = places.index(number)
    if place:
        shown[place - 1], shown[place] = shown[place], shown[place - 1]
    for rank, one in enumerate(shown, start=1):
        one.rank = rank
    SavedFilter.objects.bulk_update(shown, ["rank"])


def _held(number: int, by: User, **state: object) -> SavedFilter:
    return SavedFilter.objects.select_for_update().get(Q(owner=by) | Q(owner=None), pk=number, **state)
