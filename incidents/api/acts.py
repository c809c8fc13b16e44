"""What an integration does to an incident: each act is a line of its log, which names the integration."""

from collections.abc import Callable
from typing import Any, cast

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from agency import clock
from agency.access import here, staff_of
from agency.api.documented import IF_MATCH, cases
from agency.api.idempotency import once
from agency.api.problems import Problem
from agency.choices import Scope
from agency.models import ApiKey, User
from agency.roles import Integration, integration_of
from clients.choices import Duty
from clients.services import kept_answers
from incidents.api.bodies import HolderIn, LineIn, TransitionIn
from incidents.api.refusals import told
from incidents.api.serializers import DutyOut, IncidentInFull, LineOut
from incidents.api.versions import check_match, in_full
from incidents.choices import IncidentState
from incidents.models import Incident, TimelineEntry
from incidents.selectors import duties as read_duties
from incidents.selectors import incidents as read
from incidents.services import duties, incidents, timeline
from incidents.services.integrations import signed

_DUTY = OpenApiParameter("duty", str, OpenApiParameter.PATH, enum=Duty.values, description="Part in the team.")
_ANSWERED = {200: IncidentInFull, **cases(400, 412, 415, 422, 428)}


def actor(request: Request) -> Integration:
    """The integration that asks."""
    return integration_of(cast(ApiKey, request.auth))  # KeyHasScope let it in


def incident_of(number: int) -> Incident:
    """The incident of that number, as the API shows them. Raises Http404."""
    found = read.confirmed().filter(number=number).first()
    if found is None:
        raise Http404
    return found


def held_of(number: int) -> Incident:
    """The same, held until the end of the transaction. Raises Http404, also when it was restricted while we waited."""
    incident = timeline.held(incident_of(number))
    if incident.is_restricted:
        raise Http404
    return incident


def still_shown(_said: Any, number: int) -> None:
    """The gate of an answer given again. Raises Http404 when the incident was restricted since."""
    incident_of(number)


def person_at(address: str) -> User | None:
    """Somebody of the client's team by mail address; everybody else is unknown here, whoever they are."""
    return staff_of(here()).filter(email__iexact=address).first()


class LogList(GenericAPIView[TimelineEntry]):
    """`POST` adds a line; the log is read with its incident."""

    scopes = {"POST": Scope.INCIDENTS_WRITE}
    serializer_class = LineOut
    queryset = TimelineEntry.objects.none()

    @extend_schema(
        tags=["incidents"],
        operation_id="append_to_log",
        summary="Add a line to an incident's log",
        description="The line ends with the name of the key. Nothing is changed or removed: a line that was wrong is "
        "struck by another one (`corrects`).",
        request=LineIn,
        responses={201: LineOut, **cases(400, 415, 422)},
    )
    @once(kept_answers, still_shown)
    def post(self, request: Request, number: int) -> Response:
        line = LineIn(data=request.data)
        line.is_valid(raise_exception=True)
        with transaction.atomic():
            incident = held_of(number)
            with told(incident):
                entry = _append(incident, line.validated_data, actor(request))
        return Response(LineOut(entry).data, status=201)


def _append(incident: Incident, line: dict[str, Any], by: Integration) -> TimelineEntry:
    now, struck = clock.now(), None
    if "corrects" in line:
        struck = TimelineEntry.objects.filter(incident=incident, number=line["corrects"]).first()
        if struck is None:
            raise Problem(422, "no_line", _("There is no line of that number in this log."))
    text, at = line["text"].strip(), line.get("happened_at", now)
    return timeline.log(
        incident=incident, kind=line["kind"], text=signed(text, by), happened_at=at, by=None, now=now, corrects=struck
    )


class Transitions(GenericAPIView[Incident]):
    """`POST` moves the incident along its life."""

    scopes = {"POST": Scope.INCIDENTS_CLOSE}
    serializer_class = IncidentInFull
    queryset = Incident.objects.none()

    @extend_schema(
        tags=["incidents"],
        operation_id="move_incident",
        summary="Close an incident, or open it again",
        description="From open to closed, from closed to open. A grave incident (severity 1 or 2) closes once people "
        "have planned its hot debrief. What is proposed is confirmed or set aside by people, and not shown here.",
        parameters=[IF_MATCH],
        request=TransitionIn,
        responses={**_ANSWERED, **cases(409)},
    )
    @once(kept_answers, still_shown)
    def post(self, request: Request, number: int) -> Response:
        said = TransitionIn(data=request.data)
        said.is_valid(raise_exception=True)
        return _changed(request, number, lambda incident: _move(incident, said.validated_data, actor(request)))


def _move(incident: Incident, said: dict[str, str], by: Integration) -> None:
    now = clock.now()
    if said["to"] == IncidentState.CLOSED:
        incidents.close(incident=incident, note=said["why"], unmet=said["unmet"], by=by, now=now)
    elif said["to"] == IncidentState.OPEN:
        incidents.reopen(incident=incident, reason=said["why"], by=by, now=now)
    else:
        incidents.refuse_move(incident=incident, to=said["to"])


class DutyList(GenericAPIView[Incident]):
    """`GET` reads who has which part."""

    scopes = {"GET": Scope.INCIDENTS_READ}
    serializer_class = IncidentInFull
    queryset = Incident.objects.none()
    pagination_class = None

    @extend_schema(
        tags=["incidents"],
        operation_id="read_duties",
        summary="List the parts of an incident's team",
        responses={200: DutyOut(many=True)},
    )
    def get(self, request: Request, number: int) -> Response:
        return Response(DutyOut(read_duties.duties(incident_of(number)), many=True).data)  # type: ignore[arg-type]


class DutyDetail(GenericAPIView[Incident]):
    """`PUT` gives a part, the lead's included; `DELETE` gives it back to the lead."""

    scopes = {"PUT": Scope.INCIDENTS_WRITE, "DELETE": Scope.INCIDENTS_WRITE}
    serializer_class = IncidentInFull
    queryset = Incident.objects.none()

    @extend_schema(
        tags=["incidents"],
        operation_id="give_duty",
        summary="Give a part of the team to somebody",
        parameters=[IF_MATCH, _DUTY],
        request=HolderIn,
        responses=_ANSWERED,
    )
    def put(self, request: Request, number: int, duty: str) -> Response:
        said = HolderIn(data=request.data)
        said.is_valid(raise_exception=True)
        person = person_at(said.validated_data["holder"])
        return _changed(request, number, lambda incident: _give(incident, duty, person, actor(request)))

    @extend_schema(
        tags=["incidents"],
        operation_id="take_duty_back",
        summary="Give a part of the team back to the lead",
        parameters=[IF_MATCH, _DUTY],
        request=None,
        responses=_ANSWERED,
    )
    def delete(self, request: Request, number: int, duty: str) -> Response:
        by = actor(request)
        return _changed(
            request,
            number,
            lambda incident: duties.take_back(incident=incident, duty=duty, by=by, now=clock.now()),
        )


def _give(incident: Incident, duty: str, person: User | None, by: Integration) -> None:
    if person is None:
        raise Problem(422, "no_such_person", _("Nobody of this client's team has that address."))
    if duty == Duty.LEAD:
        incidents.hand_lead(incident=incident, lead=person, by=by, now=clock.now())
    else:
        duties.give(incident=incident, duty=duty, person=person, by=by, now=clock.now())


def _changed(request: Request, number: int, act: Callable[[Incident], object]) -> Response:
    """Does the act to the incident as the caller read it, while nobody else may change it; answers the whole of it."""
    with transaction.atomic():
        incident = held_of(number)
        check_match(request, incident)
        with told(incident):
            act(incident)
        return in_full(number)
