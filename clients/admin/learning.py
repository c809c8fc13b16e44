"""What the machine learns from its people: models in use, what they are worth, and the way back."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from agency import clock
from agency.admin.guard import client_of, needs, person_of
from agency.admin.sites import client_site
from agency.roles import Can, can
from agency.templatetags.rempart import day_and_year, hm
from clients.admin.guard import in_room, shown
from clients.choices import Axis
from clients.listening.reading.labels import value_words
from clients.models import ReadingModel
from clients.selectors import checking
from clients.selectors import learning as read
from clients.selectors import outside as outside_read
from clients.services import learning, outside


@require_GET
def models(request: HttpRequest) -> HttpResponse:
    """Each axis: the model in use, those before it, and how often people agree with the machine."""
    axes = [_axis(axis, request.LANGUAGE_CODE) for axis in learning.AXES]  # type: ignore[attr-defined]
    return shown(
        request,
        "models",
        _("What the reading has learnt"),
        axes=axes,
        may_choose=can(request.user, client_of(request), Can.EDIT_CLIENT),
        may_consent=can(request.user, client_of(request), Can.MANAGE_CLIENTS),
        consent=outside_read.last_consent(),
        has_outside=bool(settings.READER_URL),
        **in_room(request, "sort"),
    )


def _axis(axis: str, language: str) -> dict[str, Any]:
    told, drawn = read.agreement(axis, clock.now()), checking.accuracy(axis, clock.now())
    said = "en" if language == "en" else "fr"
    apart = [(one, value_words(was, said), value_words(now, said)) for one, was, now in told.disagreed]  # type: ignore[arg-type]
    return {
        "name": axis,
        "words": Axis(axis).label,
        "models": read.models(axis),
        "in_use": read.in_use(axis),
        "agreement": told,
        "drawn": drawn,
        "drawn_share": round(100 * drawn.share),
        "drawn_low": round(100 * drawn.low),
        "drawn_high": round(100 * drawn.high),
        "low": round(100 * told.low),
        "high": round(100 * told.high),
        "share": round(100 * told.share),
        "apart": apart,
        "corrections": len(read.corrections(axis)),
    }


@require_POST
@needs(Can.EDIT_CLIENT)
def use(request: HttpRequest, pk: int) -> HttpResponse:
    """Back to an earlier model."""
    model = get_object_or_404(ReadingModel, pk=pk)
    try:
        learning.use(model=model, by=person_of(request), now=clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        words = _("The model of %(day)s at %(at)s reads from now on.")
        messages.success(request, words % {"day": day_and_year(model.trained_at), "at": hm(model.trained_at)})
    return redirect("client_admin:models")


@require_POST
@needs(Can.EDIT_CLIENT)
def use_shipped(request: HttpRequest, axis: str) -> HttpResponse:
    """Back to the model that comes with the product."""
    if axis not in learning.AXES:
        raise Http404
    learning.use_shipped(axis=axis, by=person_of(request), now=clock.now())
    messages.success(request, _("The shipped model reads from now on."))
    return redirect("client_admin:models")


@require_POST
@needs(Can.MANAGE_CLIENTS)
def consent(request: HttpRequest) -> HttpResponse:
    """The client's yes to a reading outside, on a stated ground; or no again."""
    is_given = request.POST.get("given") == "1"
    try:
        outside.give_consent(
            is_given=is_given, words=request.POST.get("words", "")[:1_000], by=person_of(request), now=clock.now()
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Consent noted.") if is_given else _("Nothing is read outside any more."))
    return redirect("client_admin:models")


for route, view, name in (
    ("lecture/modeles/", models, "models"),
    ("lecture/modeles/<int:pk>/employer/", use, "model_use"),
    ("lecture/modeles/livre/<slug:axis>/", use_shipped, "model_use_shipped"),
    ("lecture/exterieure/", consent, "reading_consent"),
):
    client_site.mount(route, view, name)
