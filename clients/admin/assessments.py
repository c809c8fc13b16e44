"""The page of one account: what it shows of itself, what it presumably is and why, and what a person says of that."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.models import User
from agency.roles import Can, can
from clients.admin.guard import shown
from clients.admin.labels import reading_language
from clients.choices import AssessmentState, PresumedRole
from clients.models import Author, AuthorAssessment
from clients.selectors import assessments as presumed
from clients.services import assessments


@require_GET
@needs(Can.READ_DESK)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """An erased account has no page. `?retour=` the reading of an incident that one came from."""
    author = get_object_or_404(Author, pk=pk, erased_at__isnull=True)
    found = presumed.of_author(author, clock.now())
    return shown(
        request,
        "account",
        _("Account %(who)s") % {"who": author},
        author=author,
        reading=_reading_come_from(request),
        presumption=shown_presumption(presumed.held(found)),
        said_by_a_person=_shown_word(author, found),
        said=list(presumed.said_by(author)),
        roles=PresumedRole.choices,
        may_sort=can(request.user, client_of(request), Can.TRIAGE),
        may_forget=can(request.user, client_of(request), Can.EDIT_CLIENT),
    )


def _reading_come_from(request: HttpRequest) -> str:
    """The address of the incident's reading that one came from, to lead back there; empty for any other address."""
    try:
        found = resolve(request.GET.get("retour", ""))
    except Resolver404:
        return ""
    is_reading = found.view_name == "client_admin:incident_reading"
    return reverse(found.view_name, kwargs=found.kwargs) if is_reading else ""


def _shown_word(author: Author, found: AuthorAssessment | None) -> dict[str, Any] | None:
    """What a person said, who and when, and beside it what the machine says alone; None while nobody said anything.

    What was removed is not shown again, not even as the machine's word.
    """
    if found is None or found.state == AssessmentState.PRESUMED:
        return None
    is_removal = found.state == AssessmentState.REMOVED
    alone = None if is_removal else assessments.machine_word(author)
    return {
        "is_removal": is_removal,
        "by": User.objects.filter(pk=found.by_id).first() if found.by_id else None,
        "at": found.assessed_at,
        "alone": PresumedRole(alone.role).label if alone else "",
        "reasons": [words.say(reading_language()) for words in alone.basis] if alone else [],
    }


def shown_presumption(found: AuthorAssessment | None) -> dict[str, Any] | None:
    """A presumption as a page shows it, its reasons in the reader's language."""
    if found is None:
        return None
    return {
        "role": found.role,
        "words": found.get_role_display(),
        "is_confirmed": found.state == AssessmentState.CONFIRMED,
        "reasons": [str(reason.get(reading_language(), "")) for reason in found.basis if isinstance(reason, dict)],
        "confidence": found.confidence,
        "by": User.objects.filter(pk=found.by_id).first() if found.by_id else None,
        "at": found.assessed_at,
        "until": found.expires_at,
    }


@require_POST
@needs(Can.TRIAGE)
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """The presumption is right."""
    return _said(request, pk, assessments.confirm, _("Confirmed: it holds for 90 days."))


@require_POST
@needs(Can.TRIAGE)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """The presumption is wrong."""
    return _said(request, pk, assessments.remove, _("Removed: nothing is presumed of this account any more."))


@require_POST
@needs(Can.TRIAGE)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """It is something else: `role`."""
    role = request.POST.get("role", "")
    return _said(request, pk, assessments.correct, _("Kept: your word counts."), role=role)


@require_POST
@needs(Can.TRIAGE)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """What a person said is taken back."""
    return _said(request, pk, assessments.undo, _("Undone: the machine’s word stands again."))


def _said(
    request: HttpRequest, pk: int, act: Callable[..., AuthorAssessment | None], words: str, **values: str
) -> HttpResponse:
    author = get_object_or_404(Author, pk=pk, erased_at__isnull=True)
    try:
        act(author=author, by=person_of(request), now=clock.now(), **values)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, words)
    here, reading = reverse("client_admin:account", args=[pk]), _reading_come_from(request)
    return redirect(f"{here}?{urlencode({'retour': reading})}" if reading else here)


for route, staff_view, name in (
    ("tri/comptes/<int:pk>/", account, "account"),
    ("tri/comptes/<int:pk>/confirmer/", confirm, "account_confirm"),
    ("tri/comptes/<int:pk>/corriger/", correct, "account_correct"),
    ("tri/comptes/<int:pk>/retirer/", remove, "account_remove"),
    ("tri/comptes/<int:pk>/annuler/", undo, "account_undo"),
):
    client_site.mount(route, staff_view, name)
