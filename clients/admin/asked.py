"""Which mentions an act from the list to sort is about, and how old the page is that it comes from."""

from dataclasses import dataclass

from django.http import HttpRequest

from agency.numbers import whole_number, whole_numbers
from clients.admin.knowing import views_of
from clients.admin.narrowing import narrowed_by
from clients.selectors import mentions

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Asked:
    """The numbers, five hundred at most, and the last act that the page knew of (None: it does not say)."""

    ids: list[int]
    seen: int | None


def asked_of(request: HttpRequest) -> Asked:
    """The mentions ticked, or with `whole` those of the view from the page on, or else the one shown (`current`)."""
    if "whole" in request.POST:
        return Asked(_whole(request), _number(request, "seen"))
    ticked = whole_numbers(request.POST.getlist("mention"))[:MOST_AT_ONCE]
    if ticked:
        return Asked(ticked, _number(request, "seen"))
    current = _number(request, "seen_current")
    return Asked(whole_numbers(request.POST.getlist("current"))[:1], current)


def _number(request: HttpRequest, name: str) -> int | None:
    return whole_number(request.POST.get(name, ""))


def _whole(request: HttpRequest) -> list[int]:
    """What the view held when the page was made: what came since was seen by nobody."""
    view = views_of(request).get(request.POST.get("vue", ""))
    upto = _number(request, "upto")
    if view is None or upto is None:
        return []
    after = mentions.Place.read(request.POST.get("apres", ""))
    found = mentions.page(view, after, narrowed_by(request.POST), size=MOST_AT_ONCE)
    return [row.pk for row in found.rows if row.pk <= upto]
