"""Leaving a mention unanswered, and looking again."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.roles import Can
from clients.models import Mention
from incidents.admin.draft_forms import LookForm, SilenceForm
from incidents.admin.guard import errors_as_message, tried
from incidents.admin.page import shown
from incidents.selectors import drafts as read
from incidents.selectors import incidents
from incidents.services import silences
from incidents.services.refusals import Refused


def _zone(request: HttpRequest) -> ZoneInfo:
    return ZoneInfo(client_of(request).timezone)


@require_http_methods(["GET", "POST"])
@needs(Can.RUN_INCIDENT)
def draft_silence(request: HttpRequest, pk: int) -> HttpResponse:
    """“Do not answer”: a reason and a time to look again. In the incident that holds the mention, it is in its log."""
    mention = get_object_or_404(Mention.objects.select_related("author"), pk=pk)
    form = SilenceForm(request.POST if request.method == "POST" else None, zone=_zone(request))
    by, now = person_of(request), clock.now()
    held = incidents.holding(mention.pk, by)
    if request.method == "POST":
        made = tried(
            form,
            lambda: silences.decide(
                mention=mention, reason=form.cleaned_data["reason"], look_again_at=form.cleaned_data["look_again"],
                incident=held[0] if held else None, by=by, now=now,
            ),
        )  # fmt: skip
        if made is not None:
            messages.success(request, _("Left unanswered. You are reminded when it is time to look again."))
            return redirect("client_admin:mention", mention.pk)
    standing = read.silence_of(mention.pk, by)
    answer = shown(request, "drafts/silence", _("Do not answer"), form=form, mention=mention, standing=standing)
    answer.status_code = 422 if form.is_bound else 200
    return answer


@require_POST
@needs(Can.RUN_INCIDENT)
def silence_look(request: HttpRequest, pk: int) -> HttpResponse:
    """Looked again: we answer (a draft begins), or still no answer, until another time or for good."""
    row = get_object_or_404(read.silences_ever(person_of(request)), pk=pk)
    form = LookForm(request.POST, zone=_zone(request))
    if not form.is_valid():
        errors_as_message(request, form)
        return redirect("client_admin:drafts")
    given: dict[str, Any] = {
        "is_answered": form.cleaned_data["outcome"] == "answer",
        "next_at": form.cleaned_data["next"],
    }
    try:
        silences.look_again(silence=row, by=person_of(request), now=clock.now(), **given)
    except Refused as refusal:
        messages.error(request, refusal.words)
        return redirect("client_admin:drafts")
    if given["is_answered"]:
        start = redirect("client_admin:draft_new")
        start["Location"] += "?" + urlencode({"mention": row.mention_id})
        return start
    messages.success(request, _("Kept: still no answer."))
    return redirect("client_admin:drafts")


client_site.mount("tri/mentions/<int:pk>/sans-reponse/", draft_silence, "draft_silence")
client_site.mount("brouillons/sans-reponse/<int:pk>/", silence_look, "silence_look")
