"""The hand-over of a shift: the note asked of whoever leaves, made from facts, read by the next person’s own act."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.models import Client, Shift, ShiftNote, User
from agency.roles import Can, can
from agency.selectors.shift_notes import Relief, notes_of, reliefs
from agency.services import shift_notes
from incidents.selectors.gate import discreet
from incidents.selectors.shift_facts import in_words, open_still


class NoteForm(forms.Form):
    """The note itself; it begins with what is open."""

    words = forms.CharField(
        label=gettext_lazy("What the next person must know"),
        max_length=shift_notes.LONGEST,
        widget=forms.Textarea({"rows": 12}),
        help_text=gettext_lazy("What is open, what was promised to whom, what to watch. Facts, no blame."),
        error_messages={"required": gettext_lazy("Say what the next person must know.")},
    )


# -- on the desk -------------------------------------------------------------------------------------------------------


def asked(clients: Sequence[Client], person: User, now: Any) -> list[dict[str, Any]]:
    """What the changes of shift around now ask of the person: to write, to read, or to know that nothing was left.

    `clients` are those with something open that the person may know of: a quiet night asks for no note.
    """
    if not clients:
        return []
    return [row for one in reliefs(clients, now) if (row := _asked(one, person, now))]


def _asked(one: Relief, person: User, now: Any) -> dict[str, Any] | None:
    path = reverse("client_admin:shift_note", args=[one.shift.pk], urlconf=settings.ROOT_URLCONF)
    if one.leaves.pk == person.pk and one.note is None:
        return {"read": one, "what": "write", "path": path}
    if one.takes is None or one.takes.pk != person.pk or one.is_read_by(person):
        return None
    if one.note is None and one.at > now:  # whoever leaves still has time to write
        return None
    return {"read": one, "what": "read" if one.note else "missing", "path": path}


def on_index(request: HttpRequest) -> list[dict[str, Any]]:
    """The same on the client's own desk."""
    person, now = person_of(request), clock.now()
    return asked([client_of(request)], person, now) if open_still(person, now) else []


# -- the pages ---------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@needs(Can.READ_DESK)
def note(request: HttpRequest, shift: int) -> HttpResponse:
    """The notes of a shift about this client, and the form of whoever writes one."""
    client, row = client_of(request), _shift(request, shift)
    person, now = person_of(request), clock.now()
    may_write = row.starts_at <= now and (person.pk == row.person_id or can(person, client, Can.PLAN_ROTA))
    if request.method == "POST" and not may_write:
        raise PermissionDenied
    form = NoteForm(request.POST if request.method == "POST" else None, initial={"words": _beginning(now)})
    if request.method == "POST" and form.is_valid():
        try:
            shift_notes.write(shift=row, client=client, words=form.cleaned_data["words"], by=person, now=now)
        except ValidationError as error:
            form.add_error("words", error)
        else:
            messages.success(request, _("Kept. Whoever takes over is asked to read it."))
            return redirect("client_admin:shift_note", row.pk)
    context = {
        **client_site.each_context(request),
        "title": _("Hand-over of the shift"),
        "shift": row,
        "form": form if may_write else None,
        "facts": open_still(person, now),
        "notes": [one for one in _left(client, person) if one.shift_id == row.pk],
        "person": person,
        "now": now,
    }
    return render(request, "incidents/shift_note.html", context, status=422 if form.is_bound else 200)


def _left(client: Client, reader: User) -> list[ShiftNote]:
    """The last notes, as this reader may read them: one may name an incident that was restricted since."""
    found = notes_of(client)
    for one in found:
        one.words = discreet(one.words, reader)
    return found


def _beginning(now: Any) -> str:
    """From what anybody may know: a restricted incident is in nobody's note, each reader's facts show their own."""
    return in_words(open_still(None, now))[: shift_notes.LONGEST]


@require_GET
@needs(Can.READ_DESK)
def notes(request: HttpRequest) -> HttpResponse:
    """The last notes left about this client."""
    context = {
        **client_site.each_context(request),
        "title": _("Notes of the shifts"),
        "notes": _left(client_of(request), person_of(request)),
        "person": person_of(request),
    }
    return render(request, "incidents/shift_notes.html", context)


@require_POST
@needs(Can.READ_DESK)
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """ "I have read it", said by the reader."""
    row = get_object_or_404(ShiftNote, pk=pk, client=client_of(request))
    person = person_of(request)
    if row.written_by_id == person.pk:
        raise Http404
    shift_notes.read(note=row, by=person, now=clock.now())
    messages.success(request, _("Noted that you have read it."))
    return redirect("client_admin:shift_note", row.shift_id)


def _shift(request: HttpRequest, pk: int) -> Shift:
    ours = Q(client=client_of(request)) | Q(client=None)
    return get_object_or_404(Shift.objects.filter(ours, taken_off_at=None).select_related("person", "client"), pk=pk)


client_site.offer("shift_notes", on_index)
for route, view, name in (
    ("garde/notes/", notes, "shift_notes"),
    ("garde/<int:shift>/releve/", note, "shift_note"),
    ("garde/notes/<int:pk>/lue/", read, "shift_note_read"),
):
    client_site.mount(route, view, name)
