"""The words that wait for an approval, read and decided by the client's own people."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from agency import clock
from agency.numbers import whole_number
from clients.models import Position, PositionVersion
from clients.models.positions import WORDS
from clients.selectors import positions as read
from clients.services import positions as write
from incidents.selectors import drafts
from reports.portal.guard import approver_page, person_of
from reports.portal.shell import shown

PER_PAGE = 10


@approver_page
@require_GET
def words(request: HttpRequest) -> HttpResponse:
    """All that waits, the oldest first, each in full beside the words in use."""
    page = Paginator(read.awaiting(), PER_PAGE).get_page(request.GET.get("page"))
    rows = [{"version": one, "position": one.position, "texts": _texts(one)} for one in page]
    person = person_of(request)
    waiting, decided = drafts.waiting_for(person), drafts.just_decided(person)
    return shown(request, "words", page=page, rows=rows, waiting=waiting, decided=decided)


def _texts(version: PositionVersion) -> list[tuple[str, str, str, str]]:
    """Name, label, text in use (the new one while nothing is) and new text, of those there are."""
    before = version.position if version.position.approved_at else version
    labels = {field.name: str(field.verbose_name) for field in PositionVersion._meta.fields}
    found = [(name, labels[name], getattr(before, name), getattr(version, name)) for name in WORDS]
    return [one for one in found if one[2] or one[3]]


@approver_page
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """`version`: the number of the words that were read; others are not approved by mistake."""
    given: dict[str, Any] = {"by": person_of(request), "now": clock.now(), "number": _number(request)}
    today = timezone.localdate()
    return _decided(
        request, pk, lambda one: write.approve(position=one, today=today, **given), _("%(position)s is approved.")
    )


@approver_page
@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """With a note, which who wrote the words reads."""
    given: dict[str, Any] = {"by": person_of(request), "now": clock.now(), "number": _number(request)}
    note = request.POST.get("note", "").replace("\0", "")
    return _decided(
        request,
        pk,
        lambda one: write.refuse(position=one, note=note, **given),
        _("The new words of %(position)s are refused, with your note."),
    )


def _number(request: HttpRequest) -> int:
    return whole_number(request.POST.get("version", "")) or 0


def _decided(request: HttpRequest, pk: int, act: Callable[[Position], object], done: Promise) -> HttpResponse:
    """Back to the list, with what was done or why it was not."""
    one = get_object_or_404(read.known().filter(retired_at__isnull=True), pk=pk)
    try:
        act(one)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, str(done) % {"position": one})
    return redirect("portal_words")
