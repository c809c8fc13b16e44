"""The day's desk, first page of the agency's host: what needs somebody, of all the clients one may see."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from agency import clock
from agency.access import clients_of
from agency.admin.guard import person_of
from agency.admin.sites import agency_site
from agency.models import Client, Membership, User
from agency.roles import PERMISSIONS, Can, can
from agency.selectors import reply_box
from agency.selectors.rota_desk import DeskRota
from incidents.admin import desk_shifts, desk_words
from incidents.selectors.alerts import Unanswered
from incidents.selectors.desk import BlockedEar, Desk, GoingOn, LateTask, desk

MOST_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Step:
    """What is expected of the reader, and the page of the client's host where it is done; without one, of this host."""

    words: str
    client: Client | None
    path: str


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """304 while nothing moved (X-Live polling)."""
    person, now = person_of(request), clock.now()
    clients = list(clients_of(person))
    read = desk(clients, person=person, now=now)
    shifts = desk_shifts.part(read, clients, person, now)
    words = desk_words.part(clients, person, now)
    box = reply_box.of_now(now)
    etag = _etag(read, person, now, (shifts["shifts_key"], words["words_key"], box.is_worrying, box.error))
    if request.headers.get("X-Live") and request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified()
    context = {
        **agency_site.each_context(request),
        **_page(read, person, now, words["words"], shifts["rota"]),
        **shifts,
        **words,
        "reply_box": box,
        "etag": etag,
    }
    response = render(request, "incidents/desk.html", context)
    response["ETag"] = etag
    return response


def _etag(read: Desk, person: User, now: datetime, shifts: object) -> str:
    """Changes with what is read, with what has become late since, with the shifts, the day and the language."""
    late = [one.next_update_at < now for one in read.incidents if one.next_update_at]
    heard = [one.last_heard_at and one.last_heard_at.replace(second=0, microsecond=0) for one in read.hearing]
    ears = [(one.client.pk, one.ear.id, one.health) for one in read.ears]
    whole = [(one.hearing.heard, one.hearing.connected, len(one.hearing.ears)) for one in read.hearing]
    minute = now.replace(second=0, microsecond=0) if read.alerts else None  # it is said how long nobody has answered
    rows = (read.incidents, read.signals, read.tasks, read.positions, read.alerts, read.broken_ladders, minute)
    stopped = [(one.client.pk, one.number, one.name) for one in read.stopped_webhooks]
    parts = (rows, stopped, ears, heard, whole, late, shifts, person.pk, get_language())
    return f'"{hashlib.sha256(f"{parts}{now:%Y%m%d}".encode()).hexdigest()[:24]}"'


def _page(read: Desk, person: User, now: datetime, words: Sequence[dict[str, Any]], rota: DeskRota) -> dict[str, Any]:
    known = {number for one in read.incidents for number in (one.lead_id, one.relief_by_id) if number}
    known |= {one.owner_id for one in read.tasks if one.owner_id}
    leads = dict(User.objects.filter(pk__in=known).values_list("pk", "full_name"))
    uncovered = _uncovered(rota, person)
    return {
        "now": now,
        "level": read.incidents[0].level if read.incidents else "",
        "headline": _headline(read, is_nothing_to_say=not (words or uncovered)),
        "conclusion": _conclusion(read),
        "step": next_step(read, person, now, words, uncovered),
        "incidents": [_incident(one, leads, person, now) for one in read.incidents],
        "alerts": [_alert(one, now) for one in read.alerts],
        "broken_ladders": [
            {"read": one, "path": _path("ladders") + ("#approvals" if one.is_approvals else "")}
            for one in read.broken_ladders
        ],
        "stopped_webhooks": [
            {"read": one, "path": _path("webhook", one.number), "may": can(person, one.client, Can.MANAGE_KEYS)}
            for one in read.stopped_webhooks
        ],
        "tasks": [_late_task(one, leads, person) for one in read.tasks[:MOST_SHOWN]],
        "tasks_more": max(0, len(read.tasks) - MOST_SHOWN),
        "signals": [(one, _path("incidents")) for one in read.signals[:MOST_SHOWN]],
        "signals_more": max(0, len(read.signals) - MOST_SHOWN),
        "ears": [_ear(one) for one in read.ears[:MOST_SHOWN]],
        "ears_more": max(0, len(read.ears) - MOST_SHOWN),
        "positions": [(one, _path("position", one.id)) for one in read.positions],
        "hearing": _hearing(read),
        "today": now.date(),
        "page_keys": [("g", _("go where you are expected"))],
    }


def _path(name: str, *args: object) -> str:
    return reverse(f"client_admin:{name}", args=args, urlconf=settings.ROOT_URLCONF)


def _incident(one: GoingOn, leads: Mapping[int, str], person: User, now: datetime) -> dict[str, Any]:
    return {
        "read": one,
        "path": _path("incident", one.number),
        "lead": leads.get(one.lead_id or 0, ""),
        "is_mine": one.lead_id == person.pk,
        "relief_by": leads.get(one.relief_by_id or 0, ""),
        "is_late": bool(one.next_update_at and one.next_update_at < now),
    }


def _alert(one: Unanswered, now: datetime) -> dict[str, Any]:
    minutes = int(one.waited(now).total_seconds() // 60)
    return {"read": one, "path": f"{_path('incident', one.number)}#alert", "minutes": minutes}


def _late_task(one: LateTask, names: Mapping[int, str], person: User) -> dict[str, Any]:
    return {
        "read": one,
        "path": f"{_path('incident', one.incident)}#tasks",
        "owner": names.get(one.owner_id or 0, ""),
        "is_mine": one.owner_id == person.pk,
    }


def _ear(one: BlockedEar) -> dict[str, Any]:
    language = get_language() or "fr"
    why = one.health.words(language)
    return {
        "read": one,
        "path": _path("ear", one.ear.id),
        "state": one.health.label.say(language),
        "why": f"{why[:1].upper()}{why[1:]}",
    }


def _hearing(read: Desk) -> list[dict[str, Any]]:
    worst: dict[int, str] = {}
    for one in read.incidents:
        worst.setdefault(one.client.pk, one.level)
    return [
        {
            "client": one.client,
            "heard": one,
            "level": worst.get(one.client.pk, ""),
            "is_deaf": bool(one.hearing.deaf),
            "is_calm": one.hearing.is_whole,
            "path": _path("ears"),
        }
        for one in read.hearing
    ]


def _headline(read: Desk, *, is_nothing_to_say: bool) -> str:
    if not read.hearing:
        return _("No client is entrusted to you yet")
    if not read.incidents:
        is_quiet = (
            is_nothing_to_say
            and not (read.signals or read.positions)
            and all(one.hearing.is_whole for one in read.hearing)
        )
        return _("Nothing needs you") if is_quiet else _("No incident")
    proposed = sum(one.is_proposed for one in read.incidents)
    running = len(read.incidents) - proposed
    parts = []
    if proposed:
        parts.append(ngettext("%(n)d incident to confirm", "%(n)d incidents to confirm", proposed) % {"n": proposed})
    if running:
        parts.append(ngettext("%(n)d incident under way", "%(n)d incidents under way", running) % {"n": running})
    return ", ".join(parts)


def _conclusion(read: Desk) -> str:
    """Never a false calm: what is not heard is said before what is quiet."""
    if not read.hearing:
        return _("A director of the agency gives you a role for a client; the client then appears here.")
    if read.ears:
        deaf = len({ear.client.pk for ear in read.ears})
        words = ngettext(
            "One client is not fully heard: silence there proves nothing.",
            "%(n)d clients are not fully heard: silence there proves nothing.",
            deaf,
        )
        return words % {"n": deaf}
    mute = sum(one.hearing.connected == 0 for one in read.hearing)
    if mute:
        words = ngettext("One client is not listened to yet.", "%(n)d clients are not listened to yet.", mute)
        return words % {"n": mute}
    words = ngettext("Your client is heard.", "Your %(n)d clients are heard.", len(read.hearing))
    return words % {"n": len(read.hearing)}


def next_step(
    read: Desk,
    person: User,
    now: datetime,
    waiting: Sequence[dict[str, Any]] = (),
    uncovered: Step | None = None,
) -> Step | None:
    """The one thing to do first: decide on a proposal, give the update that is late, look at a signal, mend an ear.

    `uncovered`: nobody is on call now, and this person may put somebody there.
    """
    late = [one for one in read.incidents if one.next_update_at and one.next_update_at < now]
    late.sort(key=lambda one: one.lead_id != person.pk)
    proposed = [one for one in read.incidents if one.is_proposed]
    if proposed:
        one = proposed[0]
        words = _("Confirm or set aside “%(title)s” (%(client)s).")
        return Step(words % {"title": one.title, "client": one.client.name}, one.client, _path("incident", one.number))
    if late:
        one = late[0]
        words = _("Give the update of %(reference)s that %(client)s is waiting for.")
        told = {"reference": one.reference, "client": one.client.name}
        return Step(words % told, one.client, _path("situation_compose", one.number))
    mine = _own_relief(read) or _own_words(waiting) or _own_late_task(read, person)
    if mine:
        return mine
    if read.signals:
        signal = read.signals[0]
        words = _("Look at the signal on %(watch)s (%(client)s).")
        if signal.watch == signal.client.name:
            words = _("Look at the signal on %(client)s.")
        told = {"watch": signal.watch, "client": signal.client.name}
        return Step(words % told, signal.client, _path("incidents"))
    return uncovered or _mend(read)


def _uncovered(rota: DeskRota, person: User) -> Step | None:
    """A rota was begun, nobody holds this hour, and the person plans the rota of one of the clients left alone."""
    alone = [client for gap in rota.gaps if gap.starts_at <= rota.now for client in gap.clients]
    if not rota.is_planned or not alone:
        return None
    roles = [role for role, held in PERMISSIONS.items() if Can.PLAN_ROTA in held]
    plans = set(Membership.objects.filter(user=person, role__in=roles).values_list("client_id", flat=True))
    client = next((one for one in alone if one.pk in plans or None in plans), None)
    if client is None:
        return None
    words = _("Put somebody on call: nobody would be called first now (%(client)s).")
    return Step(words % {"client": client.name}, None, reverse("agency_admin:rota"))


def _own_relief(read: Desk) -> Step | None:
    """Somebody waits for this person to take over: until then nobody rests."""
    one = next((incident for incident in read.incidents if incident.relief_by_id), None)
    if one is None:
        return None
    words = _("Read the hand-over note of %(reference)s (%(client)s), and accept it.")
    told = {"reference": one.reference, "client": one.client.name}
    return Step(words % told, one.client, _path("relief", one.number))


def _own_words(waiting: Sequence[dict[str, Any]]) -> Step | None:
    """Somebody cannot speak before this person has decided."""
    one = next((row for row in waiting if row["is_mine"] and row["read"].act == "approve"), None)
    if one is None:
        return None
    told = {"words": one["read"].words, "client": one["read"].client.name}
    return Step(_("Approve or refuse “%(words)s” (%(client)s).") % told, one["read"].client, one["path"])


def _own_late_task(read: Desk, person: User) -> Step | None:
    one = next((task for task in read.tasks if task.owner_id == person.pk), None)
    if one is None:
        return None
    words = _("Do what is late on %(reference)s (%(client)s): %(task)s.")
    told = {"reference": one.reference, "client": one.client.name, "task": one.words}
    return Step(words % told, one.client, f"{_path('incident', one.incident)}#tasks")


def _mend(read: Desk) -> Step | None:
    if read.ears:
        ear = read.ears[0]
        words = _("See why the source “%(source)s” (%(client)s) is not heard.") % {
            "source": ear.ear.name,
            "client": ear.client.name,
        }
        return Step(words, ear.client, _path("ear", ear.ear.id))
    if read.positions:
        position = read.positions[0]
        words = _("Have the position %(code)s of %(client)s renewed.") % {
            "code": position.code,
            "client": position.client.name,
        }
        return Step(words, position.client, _path("position", position.id))
    return None


agency_site.mount("", show, "desk")
