"""Who may act on our own staff pages, and how they are shown."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from agency import clock
from agency.admin.sites import client_site


def shown(request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """One of our own pages, with what the admin site knows of the person."""
    base = {**client_site.each_context(request), "title": title, "now": clock.now()}
    return render(request, f"clients/{template}.html", {**base, **context}, status=status)


def back_to(request: HttpRequest, otherwise: str) -> str:
    """Where the form said to go back to, when that is a page of this host."""
    wanted = request.POST.get("next", "")
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, {request.get_host()})
    return wanted if is_ours else otherwise
