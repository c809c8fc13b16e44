"""The lists that people keep beside the views: a name, an address of ours, an order."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agency import clock
from agency.admin.guard import needs, person_of
from agency.admin.sites import client_site
from agency.roles import Can
from clients.admin.guard import back_to
from clients.admin.knowing import views_of
from clients.admin.narrowing import as_query, narrowed_by
from clients.models import SavedFilter
from clients.selectors import counting, mentions
from clients.selectors import saved_filters as kept
from clients.selectors.mentions import Narrowed, View
from clients.services import saved_filters


def address_of(view: View, narrowed: Narrowed) -> str:
    """How a list's address is kept: what is understood of it, in one order."""
    return urlencode({"vue": view.key, **as_query(replace(narrowed, root=None))})


def shown_lists(request: HttpRequest, view: View, narrowed: Narrowed) -> list[dict[str, Any]]:
    """One's own lists and everybody's, with how many each has."""
    here, lists = address_of(view, narrowed), kept.of(person_of(request))
    views = views_of(request)
    read = [(one.query, *_read(one.query, views)) for one in lists]
    counts = counting.counted(read)
    return [
        {"row": one, "count": counts[one.query], "is_current": one.query == here, "is_first": place == 0}
        for place, one in enumerate(lists)
    ]


def _read(address: str, views: Mapping[str, View]) -> tuple[View, Narrowed]:
    given = QueryDict(address)
    return views.get(given.get("vue", ""), mentions.VIEWS[0]), narrowed_by(given)


def _home(request: HttpRequest) -> HttpResponse:
    return redirect(back_to(request, reverse("client_admin:sort")))


@require_POST
@needs(Can.TRIAGE)
def save(request: HttpRequest) -> HttpResponse:
    """`name`, `shared`, and the narrowing as the page's address says it."""
    view = mentions.VIEW.get(request.POST.get("vue", "a-trier"))
    if view is None:
        raise Http404
    try:
        made = saved_filters.save(
            name=request.POST.get("name", ""),
            query=address_of(view, narrowed_by(request.POST)),
            is_shared="shared" in request.POST,
            by=person_of(request),
            now=clock.now(),
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _home(request)
    messages.success(request, _("List “%(name)s” kept.") % {"name": made.name})
    return redirect(f"{reverse('client_admin:sort')}?{made.query}")


@require_POST
@needs(Can.TRIAGE)
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        gone = saved_filters.delete(number=pk, by=person_of(request), now=clock.now())
    except SavedFilter.DoesNotExist:
        raise Http404 from None
    words = _("List “%(name)s” removed.") % {"name": gone.name}
    messages.success(request, words, extra_tags=f"list {gone.pk}")
    return _home(request)


@require_POST
@needs(Can.TRIAGE)
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        back = saved_filters.restore(number=pk, by=person_of(request))
    except SavedFilter.DoesNotExist:
        raise Http404 from None
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("List “%(name)s” is back.") % {"name": back.name})
    return _home(request)


@require_POST
@needs(Can.TRIAGE)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up."""
    try:
        saved_filters.move_up(number=pk, by=person_of(request))
    except SavedFilter.DoesNotExist:
        raise Http404 from None
    return _home(request)


for route, staff_view, name in (
    ("tri/listes/", save, "sort_list_save"),
    ("tri/listes/<int:pk>/retirer/", delete, "sort_list_delete"),
    ("tri/listes/<int:pk>/remettre/", restore, "sort_list_restore"),
    ("tri/listes/<int:pk>/monter/", move, "sort_list_move"),
):
    client_site.mount(route, staff_view, name)
