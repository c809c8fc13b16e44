"""The owner of a position hears of its last day 30, 7 and 1 days ahead, then until somebody renews or retires it."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from agency.access import leads_of, staff_of
from agency.hosts import standing_url
from agency.mail import NotAccepted, Post
from agency.models import Client, User
from clients.expiry import AHEAD, is_due
from clients.models import Position


def remind(*, client: Client, post: Post, now: datetime) -> int:
    """Writes to the owner of each position whose reminder is due, or to the leads when it has none any more.

    Returns how many positions were told. One that the mail server puts off, or that somebody else is writing about,
    waits for the next look; sent twice after a crash, it bears the same Message-ID.
    """
    told = 0
    today = now.astimezone(ZoneInfo(client.timezone)).date()
    ending = Position.objects.filter(
        retired_at__isnull=True, approved_at__isnull=False, valid_until__lte=today + timedelta(days=max(AHEAD))
    )
    for number in ending.order_by("valid_until", "id").values_list("pk", flat=True):
        with transaction.atomic():
            told += _remind_of(number, client, post, now)
    return told


def _remind_of(number: int, client: Client, post: Post, now: datetime) -> bool:
    position = Position.objects.select_for_update(skip_locked=True).filter(pk=number, retired_at__isnull=True).first()
    if position is None or position.valid_until is None:
        return False
    zone = ZoneInfo(client.timezone)
    reminded_on = position.reminded_at.astimezone(zone).date() if position.reminded_at else None
    today = now.astimezone(zone).date()
    if not is_due(position.valid_until, reminded_on, today):
        return False
    sent = [_send(position, position.valid_until, client, person, post, today) for person in _told(position, client)]
    if not any(sent):
        return False
    Position.objects.filter(pk=number).update(reminded_at=now)
    return True


def _told(position: Position, client: Client) -> list[User]:
    """Its owner; the leads when it has none, or one who left."""
    owner = list(staff_of(client).filter(pk=position.owner_id)) if position.owner_id else []
    return owner or list(leads_of(client))


def _send(position: Position, last_day: date, client: Client, person: User, post: Post, today: date) -> bool:
    """Whether the server took it, or will never: only what is put off is tried again."""
    subject, body = _mail(position, last_day, client, person, today)
    key = f"{client.schema_name}.position.{position.pk}.{today:%Y%m%d}.{person.pk}"
    try:
        post.send(to=person.email, subject=subject, body=body, key=key)
    except NotAccepted as error:
        return not error.is_passing
    return True


def _mail(position: Position, last_day: date, client: Client, person: User, today: date) -> tuple[str, str]:
    with translation.override(person.language):
        values = {
            "client": client.name,
            "code": position.code,
            "title": position.title,
            "day": date_format(last_day, "j F Y"),
        }
        if last_day < today:
            subject = _("%(client)s: position %(code)s has expired") % values
            first = _("%(code)s, “%(title)s”, has not been usable since its last day, %(day)s.") % values
        else:
            subject = _("%(client)s: position %(code)s ends on %(day)s") % values
            first = _("%(code)s, “%(title)s”, may be used until %(day)s.") % values
        asked = _("Expected of you: give it a new last day, change its words, or retire it.")
        return subject, "\n".join([first, asked, "", _page_of(client, position)])


def _page_of(client: Client, position: Position) -> str:
    domain = client.domains.filter(is_primary=True).values_list("domain", flat=True).get()
    return standing_url(domain, reverse("client_admin:position", args=[position.pk]))
