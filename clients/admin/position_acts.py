"""What a person does with a position: write, describe, approve, refuse, renew, retire, copy."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.numbers import whole_number
from agency.roles import Can
from clients.admin.guard import in_room, shown
from clients.admin.position_forms import FACTS, FactsForm, NewPositionForm, RenewalForm, WordsForm, wanted
from clients.admin.positions import position_page
from clients.models import Position
from clients.models.positions import WORDS
from clients.selectors import positions as read
from clients.services import copies
from clients.services import positions as write


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def position_new(request: HttpRequest) -> HttpResponse:
    """A new position; its words wait for somebody else's approval."""
    form = NewPositionForm(request.POST if request.method == "POST" else None, client=client_of(request))
    if request.method == "POST":
        made = _tried(
            form,
            lambda: write.write(terms=form.terms(), words=form.words(), by=person_of(request), now=clock.now()),
        )
        if made is not None:
            messages.success(request, _("Written. Somebody else approves it before it is used."))
            return redirect("client_admin:position", made.pk)
    return _form(request, form, str(_("New position")))


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def position_words(request: HttpRequest, pk: int) -> HttpResponse:
    """New words, beginning with the latest ones; those in use stay so until these are approved."""
    one = get_object_or_404(read.known(), pk=pk)
    latest = one.versions.order_by("-number").first() or one
    form = WordsForm(
        request.POST if request.method == "POST" else None, initial={name: getattr(latest, name) for name in WORDS}
    )
    if request.method == "POST":
        made = _tried(form, lambda: _reword(request, one, form))
        if made is not None:
            messages.success(request, _("New words are kept: somebody else approves them before they are used."))
            return redirect("client_admin:position", one.pk)
    return _form(request, form, gettext("Words of %(position)s") % {"position": one}, one)


def _reword(request: HttpRequest, one: Position, form: WordsForm) -> object:
    return write.reword(
        position=one, words=form.words(), why=form.cleaned_data["why"], by=person_of(request), now=clock.now()
    )


@require_http_methods(["GET", "POST"])
@needs(Can.EDIT_CLIENT)
def position_facts(request: HttpRequest, pk: int) -> HttpResponse:
    """Its brand, code, subject, kind, audience… under the same words; says it when they have to be approved again."""
    one = get_object_or_404(read.known(), pk=pk)
    typed = request.POST if request.method == "POST" else None
    form = FactsForm(typed, client=client_of(request), initial={name: getattr(one, name) for name in FACTS})
    if request.method == "POST":
        made = _tried(
            form, lambda: write.describe(position=one, facts=form.facts(), by=person_of(request), now=clock.now())
        )
        if made is not None:
            asks_again = one.approved_at is not None and made.approved_at is None
            said = _("Kept. Its words wait for somebody else’s approval again.") if asks_again else _("Kept.")
            messages.success(request, said)
            return redirect("client_admin:position", one.pk)
    return _form(request, form, gettext("Facts of %(position)s") % {"position": one}, one, "position_facts")


def _tried(form: forms.Form, act: Callable[[], Any]) -> Any:
    """What the act returned; None when the form is not valid or the act is refused: the form then says why."""
    if not form.is_valid():
        return None
    try:
        return act()
    except ValidationError as error:
        form.add_error(None, error.messages)  # type: ignore[arg-type]
        return None


def _form(
    request: HttpRequest, form: forms.Form, title: str, one: Position | None = None, page: str = "position_form"
) -> HttpResponse:
    status = 422 if form.is_bound else 200
    room = in_room(request, "positions")
    return shown(request, page, title, status=status, form=form, position=one, **room)


def _act(request: HttpRequest, pk: int, act: Callable[[Position], object], done: str | Promise) -> HttpResponse:
    """Back to the page, with what was done or why it was not."""
    one = get_object_or_404(Position, pk=pk)
    try:
        act(one)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, str(done) % {"position": one})
    return redirect("client_admin:position", pk)


@require_POST
@needs(Can.EDIT_CLIENT)
def position_approve(request: HttpRequest, pk: int) -> HttpResponse:
    """`version`: the number of the words that were read; others are not approved by mistake."""
    number, by, today = whole_number(request.POST.get("version", "")), person_of(request), timezone.localdate()
    return _act(
        request,
        pk,
        lambda one: write.approve(position=one, by=by, today=today, now=clock.now(), number=number or 0),
        _("%(position)s is approved."),
    )


@require_POST
@needs(Can.EDIT_CLIENT)
def position_refuse(request: HttpRequest, pk: int) -> HttpResponse:
    """With a note, which who wrote the words reads."""
    number, note = whole_number(request.POST.get("version", "")), request.POST.get("note", "").replace("\0", "")
    by = person_of(request)
    return _act(
        request,
        pk,
        lambda one: write.refuse(position=one, number=number or 0, note=note, by=by, now=clock.now()),
        _("The new words of %(position)s are refused, with your note."),
    )


@require_POST
@needs(Can.EDIT_CLIENT)
def position_renew(request: HttpRequest, pk: int) -> HttpResponse:
    """A new last day, or none."""
    form, by, today = RenewalForm(request.POST), person_of(request), timezone.localdate()
    if not form.is_valid():
        messages.error(request, _("This is no day: write it as 2027-01-31."))
        return redirect("client_admin:position", get_object_or_404(Position, pk=pk).pk)
    until = form.cleaned_data["until"]
    return _act(
        request,
        pk,
        lambda one: write.renew(position=one, until=until, by=by, today=today, now=clock.now()),
        _("%(position)s has its new last day."),
    )


@require_POST
@needs(Can.EDIT_CLIENT)
def position_retire(request: HttpRequest, pk: int) -> HttpResponse:
    by = person_of(request)
    return _act(
        request,
        pk,
        lambda one: write.retire(position=one, by=by, now=clock.now()),
        _("%(position)s is retired. It can be brought back."),
    )


@require_POST
@needs(Can.EDIT_CLIENT)
def position_bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    by = person_of(request)
    return _act(
        request, pk, lambda one: write.bring_back(position=one, by=by, now=clock.now()), _("%(position)s is back.")
    )


@require_POST
@needs(Can.TRIAGE)
def position_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The words to say, and a line of who took them; JSON for the page that puts them in the clipboard itself."""
    one = get_object_or_404(read.known(), pk=pk)
    is_script = request.headers.get("Accept", "").startswith("application/json")
    try:
        taken = copies.take(
            position=one,
            wanted=wanted(request.POST),
            by=person_of(request),
            today=timezone.localdate(),
            now=clock.now(),
        )
    except ValidationError as error:
        refusal = " ".join(error.messages)
        if is_script:
            return JsonResponse({"refusal": refusal}, status=422)
        return position_page(request, one, status=422, refusal=refusal, **in_room(request, "positions"))
    if is_script:
        return JsonResponse({"text": taken.text, "said": gettext("Copied and noted.")})
    return position_page(request, one, taken=taken, **in_room(request, "positions"))


client_site.add_section(_("Positions"), "positions", Can.READ_DESK)  # here, so that "To sort" stays first
for route, staff_view, name in (
    ("positions/nouvelle/", position_new, "position_new"),
    ("positions/<int:pk>/fiche/", position_facts, "position_facts"),
    ("positions/<int:pk>/mots/", position_words, "position_words"),
    ("positions/<int:pk>/valider/", position_approve, "position_approve"),
    ("positions/<int:pk>/refuser/", position_refuse, "position_refuse"),
    ("positions/<int:pk>/prolonger/", position_renew, "position_renew"),
    ("positions/<int:pk>/retirer/", position_retire, "position_retire"),
    ("positions/<int:pk>/reprendre/", position_bring_back, "position_bring_back"),
    ("positions/<int:pk>/copier/", position_copy, "position_copy"),
):
    client_site.mount(route, staff_view, name)
