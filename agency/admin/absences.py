"""Absences on the agency's site: one's own, and those of the people whose rota one plans."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agency import clock
from agency.admin.guard import person_of
from agency.admin.rota import planned_by
from agency.admin.rota_forms import AbsenceForm, staff_for
from agency.admin.sites import agency_site
from agency.models import Absence, User
from agency.roles import Can, can
from agency.services import absences

MOST_WORDS = 8


def people_of(person: User) -> QuerySet[User]:
    """Whose absences the person may note: their own, and those of the staff of the clients they plan."""
    ours = staff_for(planned_by(person), can(person, None, Can.PLAN_ROTA)) if _plans(person) else User.objects.none()
    chosen = {one.pk for one in ours} | {person.pk}
    return User.objects.filter(pk__in=chosen).order_by("full_name", "id")


def _plans(person: User) -> bool:
    return can(person, None, Can.PLAN_ROTA) or planned_by(person).exists()


@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The absences to come, and the form of a new one."""
    person, now = person_of(request), clock.now()
    people = people_of(person)
    given = request.POST if request.method == "POST" else None
    form = AbsenceForm(given, people=people, initial={"person": person.pk})
    if given is not None and form.is_valid() and (answer := _added(request, form)):
        return answer
    rows = Absence.objects.filter(person__in=people, taken_off_at=None, ends_at__gt=now).select_related("person")
    context = {
        **agency_site.each_context(request),
        "title": _("Absences"),
        "form": form,
        "absences": rows.order_by("starts_at", "id")[:200],
        "now": now,
    }
    return render(request, "agency/rota/absences.html", context, status=200 if given is None else 422)


def _added(request: HttpRequest, form: AbsenceForm) -> HttpResponse | None:
    starts_at, ends_at = form.moments()
    who, kind, by, now = form.cleaned_data["person"], form.cleaned_data["kind"], person_of(request), clock.now()
    try:
        row, left = absences.add(person=who, starts_at=starts_at, ends_at=ends_at, kind=kind, by=by, now=now)
    except ValidationError as error:
        form.add_error(None, error)
        return None
    for words in left[:MOST_WORDS]:
        messages.warning(request, words)
    return _back(request, _("Noted: %(person)s is not called then.") % {"person": who}, "absence_take_off", row)


@require_POST
def take_off(request: HttpRequest, pk: int) -> HttpResponse:
    row, by = _mine(request, pk), person_of(request)
    absences.take_off(absence=row, by=by, now=clock.now())
    return _back(request, _("Absence taken off."), "absence_put_back", row)


@require_POST
def put_back(request: HttpRequest, pk: int) -> HttpResponse:
    row, by = _mine(request, pk), person_of(request)
    try:
        absences.put_back(absence=row, by=by, now=clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("agency_admin:absences")
    return _back(request, _("Absence put back."), "absence_take_off", row)


def _mine(request: HttpRequest, pk: int) -> Absence:
    row = get_object_or_404(Absence.objects.select_related("person"), pk=pk)
    if not people_of(person_of(request)).filter(pk=row.person_id).exists():
        raise PermissionDenied
    return row


def _back(request: HttpRequest, words: str, undo: str, row: Absence) -> HttpResponse:
    messages.success(request, words, extra_tags=reverse(f"agency_admin:{undo}", args=[row.pk]))
    return redirect("agency_admin:absences")


agency_site.mount("garde/absences/", show, "absences")
agency_site.mount("garde/absences/<int:pk>/retirer/", take_off, "absence_take_off")
agency_site.mount("garde/absences/<int:pk>/remettre/", put_back, "absence_put_back")
