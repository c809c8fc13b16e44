"""Not answering is a decision: why, and when one looks again. Its row is its own reminder, until somebody looked."""

from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from agency.access import here, leads_of, staff_of
from agency.hosts import standing_url
from agency.mail import NotAccepted, Post
from agency.models import User
from agency.services import audit
from clients.models import Mention
from incidents.choices import EntryKind, IncidentState
from incidents.models import Incident, NoAnswer
from incidents.selectors.drafts import inside, silence_of
from incidents.services import timeline
from incidents.services.refusals import Refused
from incidents.services.wording import in_the_clients_words

AGAIN = timedelta(minutes=30)
TRY_AGAIN = timedelta(minutes=2)
FURTHEST = timedelta(days=90)


@transaction.atomic
def decide(
    *, mention: Mention, reason: str, look_again_at: datetime, by: User, now: datetime, incident: Incident | None = None
) -> NoAnswer:
    """Nobody answers that mention for now. Raises Refused (why, in_the_past, too_far, silent_already with who did)."""
    reason = " ".join(reason.replace("\0", "").split())[:500]
    if not reason:
        raise Refused("why", _("Say why it is left unanswered: somebody will look again."))
    _check_hour(look_again_at, now)
    if incident is not None:
        timeline.held(incident)
    try:
        with transaction.atomic():
            row = NoAnswer.objects.create(
                mention=mention, incident=incident, reason=reason, by=by, decided_at=now, look_again_at=look_again_at,
                remind_at=look_again_at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused("silent_already", _already(mention, by)) from error
    _note(row, "decided", gettext_noop("Left unanswered: “%(mention)s”. %(reason)s"), by, now)
    return row


@transaction.atomic
def look_again(
    *, silence: NoAnswer, is_answered: bool, by: User, now: datetime, next_at: datetime | None = None
) -> NoAnswer:
    """Somebody looked: we answer now, or still not, and then until `next_at`, which begins a decision of its own.

    Raises Refused (looked_already with who did, in_the_past, too_far).
    """
    if silence.incident is not None:
        timeline.held(silence.incident)
    found = NoAnswer.objects.select_for_update(of=("self",)).select_related("looked_by", "mention", "incident").get(
        pk=silence.pk
    )  # fmt: skip
    if found.looked_at is not None:
        words = _("%(name)s has looked again already, at %(hour)s.")
        told = {"name": found.looked_by, "hour": f"{timezone.localtime(found.looked_at):%H:%M}"}
        raise Refused("looked_already", words % told)
    if not is_answered and next_at is not None:
        _check_hour(next_at, now)
    found.looked_at, found.looked_by, found.is_answered = now, by, is_answered
    found.save(update_fields=["looked_at", "looked_by", "is_answered"])
    words = gettext_noop("Looked again at “%(mention)s”: still no answer")
    if is_answered:
        words = gettext_noop("Looked again at “%(mention)s”: we answer")
    _note(found, "looked", words, by, now)
    if not is_answered and next_at is not None:
        NoAnswer.objects.create(
            mention=found.mention, incident=found.incident, reason=found.reason, by=by, decided_at=now,
            look_again_at=next_at, remind_at=next_at,
        )  # fmt: skip
    return found


def due(*, now: datetime) -> list[int]:
    """Decisions whose time to look again has come."""
    return sorted(
        NoAnswer.objects.filter(looked_at__isnull=True, remind_at__lte=now).values_list("pk", flat=True)[:200]
    )


def remind(*, silence_id: int, post: Post, now: datetime) -> int:
    """Writes to whoever decided until somebody looked; claimed first, so that one letter leaves. Returns how many left.

    Where an address is refused the next in line is written to; a busy server is tried again in two minutes.
    """
    row = _claim(silence_id, now)
    if row is None:
        return 0
    for person in _in_line(row):
        subject, body = _words(row, person)
        key = f"{connection.schema_name}.silence.{row.pk}.{row.reminders}.{person.pk}"  # type: ignore[attr-defined]
        try:
            post.send(to=person.email, subject=subject, body=body, key=key)
        except NotAccepted as refusal:
            if refusal.is_passing:
                NoAnswer.objects.filter(pk=row.pk).update(remind_at=now + TRY_AGAIN)
                return 0
            continue
        return 1
    return 0


@transaction.atomic
def _claim(silence_id: int, now: datetime) -> NoAnswer | None:
    waiting = NoAnswer.objects.filter(pk=silence_id, looked_at__isnull=True, remind_at__lte=now)
    row = waiting.select_related("mention", "incident").select_for_update(of=("self",), skip_locked=True).first()
    if row is not None:
        row.remind_at, row.reminders = now + AGAIN, row.reminders + 1
        row.save(update_fields=["remind_at", "reminders"])
    return row


def _in_line(row: NoAnswer) -> list[User]:
    """Who decided, the incident's lead, those who lead the team: of them those who are there and may know of it."""
    staff = {one.pk: one for one in staff_of(here())}
    wanted = [staff.get(row.by_id), staff.get(row.incident.lead_id or 0) if row.incident else None, *leads_of(here())]
    return list(dict.fromkeys(inside([one for one in wanted if one is not None], row.incident)))


def _words(row: NoAnswer, person: User) -> tuple[str, str]:
    client = here()
    host = client.domains.filter(is_primary=True).values_list("domain", flat=True).get()
    with translation.override(person.language):
        subject = _("%(client)s: look again at what was left unanswered") % {"client": client.name}
        lines = [_("It is time to look again: does it stay without an answer?")]
        if row.incident is None or not row.incident.is_restricted:
            lines.append(_("It was left unanswered because: %(reason)s") % {"reason": row.reason})
        return subject, "\n".join([*lines, "", standing_url(host, f"/agence/brouillons/#silence-{row.pk}")])


def _check_hour(at: datetime, now: datetime) -> None:
    if at <= now:
        raise Refused("in_the_past", _("This hour has passed: choose one that comes."))
    if at > now + FURTHEST:
        raise Refused("too_far", _("Look again within 90 days."))


def _already(mention: Mention, person: User) -> str:
    """Who decided so, when and why; whoever may not know of the incident only learns that it is so."""
    row = silence_of(mention.pk, person)
    if row is None:
        return _("It is left unanswered already, and somebody looks again.")
    words = _("%(name)s decided so already, at %(hour)s: %(reason)s")
    return words % {"name": row.by, "hour": f"{timezone.localtime(row.decided_at):%H:%M}", "reason": row.reason}


def _note(row: NoAnswer, code: str, words: str, by: User, now: datetime) -> None:
    if row.incident is None or row.incident.state == IncidentState.DISMISSED:  # its log takes no more lines
        audit.note(
            action=f"silence.{code}", by=by, now=now, client=here(), subject="incidents.noanswer", subject_id=row.pk,
            detail={"reason": row.reason},
        )  # fmt: skip
        return
    text = in_the_clients_words(words, mention=row.mention.text[:120], reason=row.reason)
    timeline.log(incident=row.incident, kind=EntryKind.DECISION, text=text, happened_at=now, by=by, now=now)
