"""The drafts that wait for the client's own people: read and decided beside the words of the positions, in two taps.

They see the mention, the words and the position used; neither the notes of the team nor any other draft.
"""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from agency import clock
from agency.numbers import whole_number
from incidents.models import Draft
from incidents.selectors import drafts as read
from incidents.services import approvals
from incidents.services.refusals import Refused
from reports.portal.guard import approver_page, person_of


@approver_page
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """`version`: the number of the words that were read; others are not approved by mistake."""
    return _decide(request, pk, _("“%(draft)s” is approved, signed with your name."), is_yes=True)


@approver_page
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """With a note, which who wrote the words reads."""
    return _decide(request, pk, _("“%(draft)s” is refused, with your note."), is_yes=False)


@approver_page
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo, until somebody acted on it."""
    by, now = read.signer_of(person_of(request)), clock.now()
    return _acted(
        request,
        pk,
        lambda one: approvals.take_back(draft=one, by=by, now=now),
        _("Taken back: it waits for you again."),
    )


def _decide(request: HttpRequest, pk: int, words: Promise, *, is_yes: bool) -> HttpResponse:
    by, now = read.signer_of(person_of(request)), clock.now()
    version, said = whole_number(request.POST.get("version", "")) or 0, request.POST.get("said", "")
    return _acted(
        request,
        pk,
        lambda one: approvals.decide(draft=one, version=version, is_yes=is_yes, said=said, by=by, now=now),
        words,
    )


def _acted(request: HttpRequest, pk: int, act: Callable[[Draft], object], words: Promise) -> HttpResponse:
    """Back to the list, with what was done or why it was not; only what is or was asked of this person is there."""
    one = get_object_or_404(read.listed(person_of(request)), pk=pk)
    if not read.was_asked(one, read.signer_of(person_of(request))):
        raise Http404
    try:
        act(one)
    except Refused as refusal:
        messages.error(request, refusal.words)
    else:
        messages.success(request, words % {"draft": one.subject})
    return redirect("portal_words")
