"""A client's rota for programs: who is on call now, the addresses of calendars, and what they show."""

from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from agency.models import Client, RotaFeed
from agency.on_call import Stint
from agency.rota_calendar import Duty, calendar_of
from agency.selectors import rota

BEHIND, AHEAD = timedelta(days=14), timedelta(days=120)


def standing(client: Client) -> QuerySet[RotaFeed]:
    """The client's addresses that still show something; pages follow the primary key."""
    return RotaFeed.objects.filter(client=client, revoked_at__isnull=True).select_related("key", "made_by")


def calendar(client: Client, now: datetime) -> bytes:
    """The client's rota from two weeks ago to four months ahead, in the client's language, absences taken out."""
    laid = rota.laid([client], (now - BEHIND, now + AHEAD))
    rows = {row.pk: row for row in laid.rows}
    stints = sorted((one for one in laid.present if one.is_for(client.pk)), key=lambda one: (one.starts_at, one.id))
    with translation.override(client.language):
        duties = [_duty(one, client, str(rows[one.id].person), rows[one.id].made_at) for one in stints]
        return calendar_of(_("%(client)s, on call") % {"client": client.name}, duties, language=client.language)


def _duty(stint: Stint, client: Client, name: str, written_at: datetime) -> Duty:
    """An absence in the middle makes two of one shift: the hour it begins tells them apart."""
    words = _("First called: %(name)s") if stint.is_primary else _("Backup: %(name)s")
    begins = stint.starts_at.astimezone(UTC)
    uid = f"shift-{stint.id}-{begins:%Y%m%dT%H%M%SZ}@{client.schema_name}.rempart"
    return Duty(uid, words % {"name": name}, stint.starts_at, stint.ends_at, written_at)
