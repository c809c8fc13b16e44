"""A task added by hand. When it is refused the page comes back with what was typed: nothing is lost."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agency import clock
from agency.admin.guard import needs, person_of, team_of
from agency.admin.sites import client_site
from agency.roles import Can
from incidents.admin.guard import incident_or_404, page_of
from incidents.admin.page import laid_out, shown
from incidents.admin.to_do import TaskForm
from incidents.models import Incident
from incidents.services import to_do
from incidents.services.refusals import Refused


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def add(request: HttpRequest, number: int) -> HttpResponse:
    subject = incident_or_404(request, number)
    if request.method == "GET":  # the address of a refused task, read again: the page it came from
        return redirect(page_of(subject) + "#tasks")
    form = TaskForm(request.POST, team=team_of(request))
    if form.is_valid() and _added(request, subject, form):
        messages.success(request, _("Task added."))
        return redirect(page_of(subject) + "#tasks")
    context = laid_out(request, subject) | {"task_form": form}
    response = shown(request, "incident", subject.reference, etag="", **context)
    response.status_code = 422
    return response


def _added(request: HttpRequest, subject: Incident, form: TaskForm) -> bool:
    """Whether the task was added; the form then says why not."""
    given = form.cleaned_data
    try:
        to_do.add(
            incident=subject,
            words=given["words"],
            due_at=given["due"],
            duty=given["duty"],
            owner=given["owner"],
            by=person_of(request),
            now=clock.now(),
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


client_site.mount("incidents/<int:number>/taches/", add, "task_add")
