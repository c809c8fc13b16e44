"""Who may act on a report's page, and how a refusal is shown."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from agency.models import Client, User
from agency.roles import Can, can
from incidents.services.refusals import Refused
from reports.models import Report

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def client_of(request: HttpRequest) -> Client:
    tenant = request.tenant  # type: ignore[attr-defined]
    if not isinstance(tenant, Client):
        raise PermissionDenied
    return tenant


def person_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def needs(permission: Can) -> Callable[[View[P]], View[P]]:
    """403 for a person who may not do that for this client (the site already refused who may not see it)."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not can(request.user, client_of(request), permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def report_or_404(pk: int) -> Report:
    return get_object_or_404(Report.objects.select_related("incident__brand", "published_by", "edited_by"), pk=pk)


def page_of(report: Report) -> str:
    return reverse("client_admin:report", args=[report.pk])


def done(request: HttpRequest, report: Report, words: str) -> HttpResponse:
    """Back to the report's page, with what was done said."""
    messages.success(request, words)
    return redirect(page_of(report))


def refused(request: HttpRequest, report: Report, refusal: Refused) -> HttpResponse:
    """Back to the report's page, with why not."""
    messages.error(request, refusal.words)
    return redirect(page_of(report))
