"""The log: one line at a time, two clocks, corrections as new lines, a chain of hashes."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from agency.models import User
from incidents import chain
from incidents.choices import EntryKind, IncidentState
from incidents.models import Incident, TimelineEntry
from incidents.services import evidence
from incidents.services.refusals import Refused

LONGEST = 2000
_CLOCKS_MAY_DIFFER = timedelta(minutes=2)


@transaction.atomic
def log(
    *,
    incident: Incident,
    kind: str,
    text: str,
    happened_at: datetime,
    by: User | None,
    now: datetime,
    corrects: TimelineEntry | None = None,
    token: UUID | None = None,
    picture: bytes | None = None,
) -> TimelineEntry:
    """Appends a line to the incident's log and returns it.

    `happened_at` is when it happened, `now` when it is written down. `by` is None for the machine. `corrects` strikes
    an earlier line of the same log, which stays readable. `token` comes from the page: the same line sent twice with
    it is one line, and the first is returned; another text with it is a line of its own. `picture` is kept byte for
    byte, and its hash is sealed with the line.

    Raises Refused (empty_text, too_long, in_the_future, wrong_kind, set_aside, corrected_already, not_in_this_log, and
    those of `evidence.looked_at`).
    """
    locked = held(incident)
    text = text.strip()
    shown = evidence.looked_at(picture) if picture is not None else None
    sent = _sent_with(token, locked)
    if sent and (sent.text, sent.kind, sent.by_id) == (text, kind, by.pk if by else None):
        return sent
    _check(locked, kind, text, happened_at, now, corrects)
    number, previous = _end_of(locked)
    line: dict[str, Any] = {"number": number, "kind": kind, "text": text, "happened_at": happened_at, "logged_at": now}
    entry = TimelineEntry.objects.create(
        incident=locked,
        **line,
        by=by,
        corrects=corrects,
        token=None if sent else token,
        previous_hash=previous,
        hash=chain.entry_hash(
            previous=previous,
            **line,
            by=by.pk if by else None,
            corrects=corrects.number if corrects else None,
            picture=shown.sha256 if shown else None,
        ),
    )
    if shown:
        evidence.keep(entry=entry, shown=shown, now=now)
    touch(locked)
    return entry


@transaction.atomic
def log_once(*, incident: Incident, text: str, now: datetime, since: datetime | None = None) -> TimelineEntry | None:
    """A fact that the machine says, cut to what a line holds; None when the log says it already (since then)."""
    text = text[:LONGEST].strip()
    said = TimelineEntry.objects.filter(incident=held(incident), text=text)
    if since is not None:
        said = said.filter(logged_at__gte=since)
    if said.exists():
        return None
    return log(incident=incident, kind=EntryKind.FACT, text=text, happened_at=now, by=None, now=now)


def held(incident: Incident) -> Incident:
    """The incident as it is stored, held until the end of the act.

    Asked for before any other row of the act is held, so that no two people wait for each other.
    """
    return Incident.objects.select_for_update().get(pk=incident.pk)


def _sent_with(token: UUID | None, incident: Incident) -> TimelineEntry | None:
    return TimelineEntry.objects.filter(incident=incident, token=token).first() if token else None


def _end_of(incident: Incident) -> tuple[int, str]:
    """The number of the next line, and the seal it hangs on."""
    last = TimelineEntry.objects.filter(incident=incident).order_by("-number").first()
    return (last.number + 1, last.hash) if last else (1, "")


def _check(
    incident: Incident,
    kind: str,
    text: str,
    happened_at: datetime,
    now: datetime,
    corrects: TimelineEntry | None,
) -> None:
    if incident.state == IncidentState.DISMISSED:
        raise Refused(
            "set_aside",
            _("This incident was set aside: take it up again before writing in its log."),
        )
    if kind not in EntryKind.values:
        raise Refused("wrong_kind", _("A line is a fact, a decision, an action or a message."))
    if not text:
        raise Refused("empty_text", _("Write the line before adding it."))
    if len(text) > LONGEST:
        raise Refused(
            "too_long",
            _("A line holds %(most)d characters; this one has %(count)d.") % {"most": LONGEST, "count": len(text)},
        )
    if happened_at > now + _CLOCKS_MAY_DIFFER:
        raise Refused("in_the_future", _("This has not happened yet: check the time."))
    if corrects is not None and corrects.incident_id != incident.pk:
        raise Refused("not_in_this_log", _("The line to correct belongs to another log."))
    if corrects is not None and TimelineEntry.objects.filter(corrects=corrects).exists():
        raise Refused(
            "corrected_already",
            _("This line is corrected already: correct the correction."),
        )


def touch(incident: Incident) -> None:
    """Moves the revision on, so that open pages know that there is something new."""
    Incident.objects.filter(pk=incident.pk).update(revision=F("revision") + 1)


def broken_links(incident: Incident) -> list[chain.Break]:
    """Where the incident's log no longer matches its chain of hashes; empty when all is whole."""
    return breaks_in(
        TimelineEntry.objects.filter(incident=incident).order_by("number").select_related("corrects", "picture")
    )


def breaks_in(log: Iterable[TimelineEntry]) -> list[chain.Break]:
    """The same of a log already read: all its lines, the oldest first."""
    return chain.verify([link_of(entry) for entry in log])


def link_of(entry: TimelineEntry) -> chain.Entry:
    """The entry as the chain sees it."""
    return chain.Entry(
        number=entry.number,
        kind=entry.kind,
        text=entry.text,
        happened_at=entry.happened_at,
        logged_at=entry.logged_at,
        by=entry.by_id,
        corrects=entry.corrects.number if entry.corrects else None,
        previous=entry.previous_hash,
        hash=entry.hash,
        picture=entry.picture.sha256 if hasattr(entry, "picture") else None,
    )
