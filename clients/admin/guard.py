"""Who may act on our own staff pages, and how they are shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from agency import clock
from agency.admin.sites import client_site


def shown(request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """One of our own pages, with what the admin site knows of the person."""
    base = {**client_site.each_context(request), "title": title, "now": clock.now()}
    return render(request, f"clients/{template}.html", {**base, **context}, status=status)


def in_room(request: HttpRequest, room: str) -> dict[str, Any]:
    """The header's rooms with the one marked that the page belongs to (its URL's name), where no address says so."""
    home = reverse(f"client_admin:{room}")
    sections = client_site.each_context(request)["sections"]
    return {"sections": [{**one, "is_current": one["url"] == home} for one in sections]}


def back_to(request: HttpRequest, otherwise: str, said_in: str = "next") -> str:
    """Where the form said to go back to, when that is a page of this host."""
    wanted = request.POST.get(said_in, "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if is_ours else otherwise
