"""What a shift leaves to the next: a note written by whoever held it, and read by a person's own act."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agency.models import Client, Shift, ShiftNote, ShiftNoteReading, User
from agency.roles import Can, can
from agency.services import audit

LONGEST = 4000


@transaction.atomic
def write(*, shift: Shift, client: Client, words: str, by: User, now: datetime) -> ShiftNote:
    """A note about one client, added to those there are. ValidationError for no words, for too many, before the shift,
    and for who neither held it nor plans the client's rota.
    """
    text = words.replace("\0", "").strip()
    if not text:
        raise ValidationError(_("Say what the next person must know."), code="empty")
    if len(text) > LONGEST:
        raise ValidationError(_("%(most)d characters at most.") % {"most": LONGEST}, code="long")
    if by.pk != shift.person_id and not can(by, client, Can.PLAN_ROTA):
        raise ValidationError(_("Whoever holds the shift writes its note."), code="not_yours")
    if shift.client_id not in (None, client.pk) or shift.starts_at > now:
        raise ValidationError(_("That shift has nothing to hand over here."), code="elsewhere")
    note = ShiftNote.objects.create(shift=shift, client=client, words=text, written_by=by, written_at=now)
    audit.note(
        action="rota.note_written", by=by, now=now, client=client, subject="agency.shiftnote", subject_id=note.pk
    )
    return note


@transaction.atomic
def read(*, note: ShiftNote, by: User, now: datetime) -> ShiftNoteReading:
    """The person has read it; the first time counts, and one's own note asks for no reading."""
    row, is_new = ShiftNoteReading.objects.get_or_create(note=note, reader=by, defaults={"read_at": now})
    if is_new:
        audit.note(
            action="rota.note_read", by=by, now=now, client=note.client, subject="agency.shiftnote", subject_id=note.pk
        )
    return row
