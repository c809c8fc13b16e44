"""Incidents over REST: only those that a person, or a program that may, has confirmed."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from agency import clock
from agency.api.documented import NOT_SHOWN_ANY_MORE, cases
from agency.api.idempotency import once
from agency.api.problems import Problem
from agency.choices import Scope
from agency.roles import Integration
from clients.models import Brand, Mention
from clients.services import kept_answers
from incidents.api.acts import actor, person_at, still_shown
from incidents.api.bodies import IncidentIn
from incidents.api.refusals import told
from incidents.api.serializers import IncidentInFull, IncidentOut
from incidents.api.versions import in_full
from incidents.models import Incident
from incidents.selectors import incidents as read
from incidents.services import attachments, incidents
from incidents.services.nature import Nature

_CLOCKS_MAY_DIFFER = timedelta(minutes=2)


class IncidentList(GenericAPIView[Incident]):
    """`GET` lists confirmed incidents by seq, `POST` opens one."""

    serializer_class = IncidentOut
    scopes = {"GET": Scope.INCIDENTS_READ, "POST": Scope.INCIDENTS_WRITE}
    queryset = Incident.objects.none()

    def get_queryset(self) -> QuerySet[Incident]:
        return read.confirmed()

    @extend_schema(
        tags=["incidents"],
        operation_id="read_incidents",
        summary="List incidents",
        responses={200: IncidentOut(many=True)},
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)

    @extend_schema(
        tags=["incidents"],
        operation_id="open_incident",
        summary="Open an incident",
        description="It is open at once, with the lead that you name, and the client's ladder of calls begins as its "
        "escalation policy says. Its log says which key opened it. Nobody is taken to have seen it: milestones that "
        "are people's stay theirs.",
        request=IncidentIn,
        responses={201: IncidentInFull, **cases(400, 415, 422), **cases(404, words=NOT_SHOWN_ANY_MORE)},
    )
    @once(kept_answers, lambda said: still_shown(said, said["number"]))
    def post(self, request: Request) -> Response:
        said = IncidentIn(data=request.data)
        said.is_valid(raise_exception=True)
        with told():
            opened = _opened(said.validated_data, actor(request))
        answer = in_full(opened.number, status=201)
        answer["Location"] = f"/api/v1/incidents/{opened.number}"
        return answer


class IncidentDetail(GenericAPIView[Incident]):
    """One confirmed incident, with every line of its log."""

    serializer_class = IncidentInFull
    scopes = {"GET": Scope.INCIDENTS_READ}
    queryset = Incident.objects.none()

    @extend_schema(
        tags=["incidents"],
        operation_id="read_incident",
        summary="Read an incident with its log",
        description="Its ETag is what `If-Match` asks for when you change it.",
    )
    def get(self, request: Request, number: int) -> Response:
        try:
            return in_full(number)
        except Incident.DoesNotExist:
            raise Http404 from None


@transaction.atomic
def _opened(said: dict[str, Any], by: Integration) -> Incident:
    """The incident, open, with its mentions. Raises Refused, and Problem (422) for what is not there."""
    now = clock.now()
    brand, mentions = _brand(said["brand"]), _mentions(said["mentions"])
    started_at = said.get("started_at", now)
    if started_at > now + _CLOCKS_MAY_DIFFER:
        raise Problem(422, "in_the_future", _("This has not happened yet: check the time."))
    opened = incidents.open_by_hand(
        brand=brand, title=said["title"], started_at=started_at, lead=person_at(said["lead"]), answers=said["answers"],
        nature=Nature(said["type"], said["family"], said["exit_criteria"]), by=by, now=now,
    )  # fmt: skip
    if mentions:
        attachments.attach_for_a_program(incident=opened, mention_ids=mentions, now=now)
    return opened


def _brand(name: str) -> Brand:
    brands = Brand.objects.filter(name=name) if name else Brand.objects.order_by("pk")
    found = brands.first()
    if found is None:
        raise Problem(422, "no_brand", _("There is no brand of that name."))
    return found


def _mentions(numbers: list[int]) -> list[int]:
    known = set(Mention.objects.filter(pk__in=numbers).values_list("pk", flat=True))
    unknown = [one for one in numbers if one not in known]
    if unknown:
        errors = [{"field": "mentions", "code": "no_mention", "message": str(one)} for one in unknown[:100]]
        raise Problem(422, "no_mention", _("There is no mention of that number."), errors=errors)
    return numbers
