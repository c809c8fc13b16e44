"""Letters to those whose agreement is asked for: one when a step opens, then to its fallback until it is decided."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from agency.access import here
from agency.choices import CLIENT_ROLES
from agency.hosts import standing_url
from agency.mail import NotAccepted, Post
from agency.models import User
from agency.roles import roles_of
from incidents.choices import IncidentKind
from incidents.models import ApprovalStep, Draft
from incidents.selectors import drafts as read
from incidents.services.approvals import until_asked_again

TRY_AGAIN = timedelta(minutes=2)
MOST_TRIES = 3
MOST_AT_ONCE = 20  # people of a role who are written to


def due(*, now: datetime) -> list[int]:
    """Steps whose people are to be written to now."""
    waiting = read.undecided().filter(ask_at__lte=now)
    return sorted(waiting.values_list("pk", flat=True)[:200])


def ask(*, step_id: int, post: Post, now: datetime) -> int:
    """Writes to each person who can decide that step now; returns how many letters left.

    The row is claimed first, by moving its next letter on: two workers send one letter, and a worker that dies in
    between costs one round. A busy server is tried again in two minutes; what it refuses for good is said on the page.
    Where others got theirs, whoever's server is busy is tried twice more at most: the others would be written to again.
    """
    row = _claim(step_id, now)
    if row is None:
        return 0
    draft = row.version.draft
    sent, is_passing, errors = 0, False, []
    for person in read.people_of(row, read.paper_of(draft), draft.incident)[:MOST_AT_ONCE]:
        try:
            _write(row, draft, person, post)
            sent += 1
        except NotAccepted as refusal:
            is_passing = is_passing or refusal.is_passing
            errors.append(f"{person}: {refusal.words}")
    again = now + until_asked_again(row) if row.fell_back_at else None
    if is_passing and (not sent or row.asked < MOST_TRIES):
        again = now + TRY_AGAIN
    _leave_for(row, again, "\n".join(errors))
    return sent


def _leave_for(row: ApprovalStep, again: datetime | None, error: str) -> None:
    """When they are next written to; while the letters left it may have fallen back, whose hour then stands."""
    kept = ApprovalStep.objects.filter(pk=row.pk, closed_at__isnull=True)
    kept.update(ask_error=error)
    kept.filter(ask_at=row.ask_at).update(ask_at=again)


@transaction.atomic
def _claim(step_id: int, now: datetime) -> ApprovalStep | None:
    waiting = ApprovalStep.objects.filter(pk=step_id, opened_at__isnull=False, closed_at__isnull=True, ask_at__lte=now)
    rows = waiting.select_related("version__draft__brand", "version__draft__incident")
    row = rows.select_for_update(of=("self",), skip_locked=True).first()
    if row is not None:
        row.ask_at, row.asked = now + TRY_AGAIN, row.asked + 1
        row.save(update_fields=["ask_at", "asked"])
    return row


def _write(row: ApprovalStep, draft: Draft, person: User, post: Post) -> None:
    subject, body = _words(row, draft, person)
    key = f"{connection.schema_name}.approval.{row.pk}.{row.asked}.{person.pk}"  # type: ignore[attr-defined]
    post.send(to=person.email, subject=subject[:200], body=body, key=key)


def _words(row: ApprovalStep, draft: Draft, person: User) -> tuple[str, str]:
    """In the person's language; of a restricted incident nothing but its reference."""
    with translation.override(person.language):
        is_secret = draft.incident is not None and draft.incident.is_restricted
        what = draft.incident.reference if draft.incident and is_secret else draft.subject
        told = {"client": here().name, "what": what}
        is_drill = draft.incident is not None and draft.incident.kind == IncidentKind.DRILL
        subject = (f"[{_('DRILL')}] " if is_drill else "") + _(
            "%(client)s: words wait for your approval: %(what)s"
        ) % told
        lines = [_("Words in the name of %(client)s wait for your approval: “%(what)s”.") % told]
        if row.fell_back_at:
            lines.append(_("Whoever was asked first has not decided in time, or is gone: you are asked instead."))
        elif row.due_at:
            hour = f"{timezone.localtime(row.due_at):%d/%m %H:%M}"
            lines.append(_("Expected of you before %(hour)s.") % {"hour": hour})
        return subject, "\n".join([*lines, "", address_for(person, draft)])


def address_for(person: User, draft: Draft) -> str:
    """The page where that person decides: the portal for the client's people, the draft's own page for the staff."""
    client = here()
    host = client.domains.filter(is_primary=True).values_list("domain", flat=True).get()
    is_clients = bool(roles_of(person, client) & CLIENT_ROLES)
    return standing_url(host, "/mots-a-valider/" if is_clients else f"/agence/brouillons/{draft.pk}/")
